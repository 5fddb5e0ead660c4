import { z } from 'zod';
import { addDays, weekdayOf } from '../calendar';
import { sumOf } from '../combinators';
import { seeding } from '../seeding';

const place = z.strictObject({ address: z.string(), company: z.string().nullable(), zone: z.int().min(1), depot: z.string() });

/** Speeds with their price per kilogram and zone crossed, and the days they take. */
export const SERVICES = { economy: { cents: 95, days: 4 }, standard: { cents: 140, days: 2 }, overnight: { cents: 310, days: 1 } } as const;
export const SERVICE_NAMES = ['economy', 'standard', 'overnight'] as const;

const quote = z.strictObject({ from: z.string(), to: z.string(), kilograms: z.int().min(1), service: z.enum(SERVICE_NAMES), priceCents: z.int().min(1), used: z.boolean() });

export const PARCEL_STATUSES = ['labelled', 'pickup_booked', 'in_transit', 'delivered', 'cancelled'] as const;

const parcel = z.strictObject({
  from: z.string(),
  to: z.string(),
  recipient: z.string(),
  service: z.enum(SERVICE_NAMES),
  tracking: z.string(),
  status: z.enum(PARCEL_STATUSES),
  dueOn: z.iso.date(),
  /** All that was paid for the parcel and not given back. */
  paidCents: z.int().min(0),
  declared: z.int().min(0).nullable(),
  inquiry: z.string().nullable(),
});

const pickup = z.strictObject({ parcel: z.string(), window: z.string(), cancelled: z.boolean() });

/** A parcel service as one registered sender sees it. */
export const parcelsStateSchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  sender: z.strictObject({ number: z.string(), pin: z.string(), openingCents: z.int(), creditCents: z.int() }),
  session: z.strictObject({ signedIn: z.boolean() }),
  /** By postcode. */
  places: z.record(z.string(), place),
  shops: z.record(z.string(), z.strictObject({ name: z.string(), zone: z.int() })),
  quotes: z.record(z.string(), quote),
  parcels: z.record(z.string(), parcel),
  pickups: z.record(z.string(), pickup),
});

export type ParcelsState = z.output<typeof parcelsStateSchema>;

/** The first places are addresses that the user names, the last ones companies. */
export const PLACES = { known: 4, companies: 3, all: 9 } as const;
const ZONES = 3;

const STREETS = ['Saltcote Lane', 'Weir Road', 'Plover Street', 'Tannery Yard', 'Old Ferry Row', 'Mossgate', 'Cooper Hill', 'Linden Crescent', 'Beacon Walk', 'Quarry Rise', 'Larch Avenue'];
const TOWNS = ['Brinmouth', 'Ashcombe Vale', 'Torrin', 'Wexley', 'Great Harland', 'Norsted'];
const COMPANIES = ['Pinnock Violins', 'Oakhurst Lamps', 'Halden Bicycle Works', 'Sable & Finch Framers', 'Trelawn Tea Merchants', 'Copperleaf Toys'];
const DEPOTS = ['Millwater depot', 'Eastfield depot', 'Canal Wharf depot', 'Airfield depot'];
const SHOPS = ['Corner News', 'Bluebell Pharmacy', 'Station Kiosk', 'Greengrocer Lotte', 'Hobbs Hardware'];

/** The first day from `date` on that is no Sunday: nobody collects or delivers then. */
export const workingDay = (date: string): string => (weekdayOf(date) === 'Sunday' ? addDays(date, 1) : date);

/** A sender with credit and five parcels: two not yet handed over, two under way, one delivered. */
export function initParcels(seed: number): ParcelsState {
  const { salt, today, rng, faker, some, code, table } = seeding('parcels', seed);
  const streets = some(STREETS, PLACES.all);
  const companies = some(COMPANIES, PLACES.companies);
  const depots = some(DEPOTS, ZONES);
  const places = table('PC', streets, (street, at) => ({
    address: `${rng.int(2, 97)} ${street}, ${TOWNS[at % TOWNS.length]}`,
    company: companies[at - (PLACES.all - PLACES.companies)] ?? null,
    zone: 1 + (at % ZONES),
    depot: depots[at % ZONES] as string,
  }));
  const postcodes = Object.keys(places);
  const kinds = rng.shuffle(['labelled', 'labelled', 'in_transit', 'in_transit', 'delivered'] as const);
  const parcels = table('PL', kinds, (status, at) => ({
    from: postcodes[0] as string, to: postcodes[1 + at] as string, recipient: faker.person.fullName(), service: rng.pick(SERVICE_NAMES), tracking: code('TN', `parcel/${at}`, 9), status,
    dueOn: workingDay(addDays(today, status === 'delivered' ? -rng.int(2, 6) : rng.int(1, 4))), paidCents: rng.int(12, 60) * 25, declared: null, inquiry: null,
  }));
  const creditCents = rng.int(160, 320) * 100;
  const paidCents = sumOf(Object.values(parcels), (one) => one.paidCents);
  return {
    salt, today, places, parcels,
    sender: { number: `SN-${rng.int(10_000, 98_999)}`, pin: String(rng.int(10_000, 99_999)), openingCents: creditCents + paidCents, creditCents },
    session: { signedIn: false },
    shops: table('SH', some(SHOPS, ZONES), (name, at) => ({ name, zone: at + 1 })),
    quotes: {},
    pickups: {},
  };
}

export const PARCELS_INVARIANTS: { [rule: string]: (state: ParcelsState) => boolean } = {
  'credit and what parcels cost make up the opening credit': ({ sender, parcels }) =>
    sender.openingCents === sender.creditCents + sumOf(Object.values(parcels), (one) => one.paidCents),
  'credit never runs below zero': ({ sender }) => sender.creditCents >= 0,
  'a parcel waits for a pickup exactly when one is booked': ({ parcels, pickups }) =>
    Object.entries(parcels).every(([id, { status }]) => (status === 'pickup_booked') === (Object.values(pickups).filter((one) => one.parcel === id && !one.cancelled).length === 1)),
  'only delivered parcels have an inquiry': ({ parcels }) => Object.values(parcels).every(({ status, inquiry }) => inquiry === null || status === 'delivered'),
};
