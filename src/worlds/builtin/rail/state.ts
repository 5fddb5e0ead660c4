import { z } from 'zod';
import { createRng, type Rng } from '../../../core/random';
import { addDays } from '../calendar';
import { hiddenCode } from '../domain';

const place = z.strictObject({
  city: z.string(),
  landmark: z.string(),
  stationName: z.string(),
  stationCode: z.string(),
});

const quote = z.strictObject({
  connection: z.int().min(0),
  travelClass: z.enum(['standard', 'first']),
  passengers: z.int().min(1),
  priceCents: z.int().min(0),
  voucher: z.string().nullable(),
});

const luggage = z.strictObject({ kind: z.enum(['suitcase', 'bicycle', 'skis']), pieces: z.int().min(1), priceCents: z.int() });

const booking = z.strictObject({
  connection: z.int().min(0),
  quote: z.string().nullable(),
  passengerName: z.string(),
  travelClass: z.enum(['standard', 'first']),
  passengers: z.int().min(1),
  /** Held → confirmed by payment; either → cancelled. */
  status: z.enum(['held', 'confirmed', 'cancelled']),
  totalCents: z.int().min(0),
  paidCents: z.int().min(0),
  /** The reserved seat by its place in the coach, unique among the seats of a train. */
  seat: z.strictObject({ reservation: z.string(), place: z.string() }).nullable(),
  checkedIn: z.boolean(),
  luggage: z.record(z.string(), luggage),
});

const cancellation = z.strictObject({ booking: z.string(), refundCents: z.int().min(0), refunded: z.boolean() });
const lostItem = z.strictObject({ station: z.string(), item: z.string() });

/** Everything there is in the rail world. The timetable is not stored: `timetable.ts` derives it from salt and places. */
export const railStateSchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  places: z.array(place),
  member: z.strictObject({ number: z.string(), pin: z.string(), name: z.string(), companion: z.string() }),
  session: z.strictObject({ signedIn: z.boolean() }),
  account: z.strictObject({ points: z.int().min(0) }),
  vouchers: z.record(z.string(), z.strictObject({ percentOff: z.int(), usedOn: z.string().nullable() })),
  quotes: z.record(z.string(), quote),
  bookings: z.record(z.string(), booking),
  cancellations: z.record(z.string(), cancellation),
  lostItems: z.record(z.string(), lostItem),
});

export type RailState = z.output<typeof railStateSchema>;
export type Booking = z.output<typeof booking>;
export type Quote = z.output<typeof quote>;

/** The six places of a seed. The user names the first four by city and the last two only by landmark. */
export const PLACES = 6;
export const CITIES_KNOWN = 4;

/** Days from today for which trains can be searched. */
export const TIMETABLE_DAYS = 28;

// All invented; none occurs in a public tool-use benchmark.
const CITIES = ['Aldermoor', 'Brackwell', 'Corvessa', 'Dunmere', 'Elverton', 'Fennick', 'Galdry', 'Hollinsby', 'Istermouth', 'Jarrowmere', 'Kestrelby', 'Lundhaven', 'Morvane', 'Nethercombe'];
const LANDMARKS = ['Copper Lighthouse', 'Glasswright Museum', 'Old Tide Mill', 'Lantern Theatre', 'Heron Gardens', 'Salt Exchange', 'Windrow Stadium', 'Bellfounders Hall', 'Orchard Planetarium', 'Ropewalk Market', 'Amber Baths', 'Clockmaker Bridge', 'Falconry Park', 'Weavers Arena'];
const STATION_NAMES = ['Quayside', 'Northgate', 'Millrace', 'Parade', 'Viaduct', 'Castle Road', 'Exchange', 'Riverhead', 'Junction', 'Abbey Fields'];
const FIRST_NAMES = ['Imre', 'Tamsin', 'Oskar', 'Leocadia', 'Rufus', 'Maelle', 'Dario', 'Signe', 'Anouk', 'Piers'];
const LAST_NAMES = ['Vandermolen', 'Achterberg', 'Quillfeather', 'Sorrenby', 'Halloway', 'Trevanion', 'Ostrowe', 'Lindqvarn', 'Mabeck', 'Fairbrass'];

/** The first day of all timetables; `today` lies up to four months later. */
const EPOCH = '2031-03-03';

/** The initial state of a seed: one member, not signed in, with two paid bookings, a held one and a voucher. */
export function initRail(seed: number): RailState {
  const rng = createRng(`rail/${seed}`);
  const salt = hiddenCode(`rail/${seed}`, 'salt', 12);
  const [first, second] = rng.shuffle(FIRST_NAMES) as [string, string];
  const lastName = rng.pick(LAST_NAMES);
  const state: RailState = {
    salt,
    today: addDays(EPOCH, rng.int(0, 120)),
    places: initPlaces(rng, salt),
    member: { number: `VR-${rng.int(200000, 899999)}`, pin: String(rng.int(1000, 9999)), name: `${first} ${lastName}`, companion: `${second} ${lastName}` },
    session: { signedIn: false },
    account: { points: rng.int(240, 980) * 5 },
    vouchers: { [`RAIL-${hiddenCode(salt, 'voucher', 5)}`]: { percentOff: rng.pick([10, 15, 20]), usedOn: null } },
    quotes: {},
    bookings: {},
    cancellations: {},
    lostItems: {},
  };
  return { ...state, bookings: initBookings(rng, state) };
}

function initPlaces(rng: Rng, salt: string): RailState['places'] {
  const cities = rng.shuffle(CITIES).slice(0, PLACES);
  const landmarks = rng.shuffle(LANDMARKS);
  const stations = rng.shuffle(STATION_NAMES);
  return cities.map((city, at) => ({
    city,
    landmark: landmarks[at] as string,
    stationName: stations[at] as string,
    stationCode: hiddenCode(salt, `station/${at}`, 5),
  }));
}

/** Bookings made before the conversation starts, on different days, so that a user can tell them apart. */
function initBookings(rng: Rng, state: RailState): RailState['bookings'] {
  const make = (daysAhead: number, status: 'held' | 'confirmed'): [string, Booking] => {
    const [from, to] = rng.shuffle([...Array(PLACES).keys()]) as [number, number];
    const connection = connectionIndex({ from, to, daysAhead, slot: rng.int(0, SLOTS - 1) });
    const totalCents = rng.int(60, 220) * 50;
    const blank = { quote: null, travelClass: 'standard', passengers: 1, seat: null, checkedIn: false, luggage: {} } as const;
    const paidCents = status === 'confirmed' ? totalCents : 0;
    return [`B-${hiddenCode(state.salt, `booking/${daysAhead}`, 6)}`, { ...blank, connection, passengerName: state.member.name, status, totalCents, paidCents }];
  };
  const statuses = rng.shuffle(['confirmed', 'confirmed', 'held'] as const);
  return Object.fromEntries(statuses.map((status, at) => make(rng.int(2, 7) + 8 * at, status)));
}

/** Trains per day from one station to another. */
export const SLOTS = 4;

/** A train of the timetable by its coordinates; `from` and `to` are indices of places. */
export interface ConnectionKey {
  from: number;
  to: number;
  daysAhead: number;
  slot: number;
}

/** The coordinates as one number from 0; `connectionKey` reads it back. */
export function connectionIndex({ from, to, daysAhead, slot }: ConnectionKey): number {
  return ((from * PLACES + to) * TIMETABLE_DAYS + daysAhead) * SLOTS + slot;
}

export function connectionKey(index: number): ConnectionKey {
  const slot = index % SLOTS;
  const dayAndPair = (index - slot) / SLOTS;
  const daysAhead = dayAndPair % TIMETABLE_DAYS;
  const pair = (dayAndPair - daysAhead) / TIMETABLE_DAYS;
  return { from: Math.floor(pair / PLACES), to: pair % PLACES, daysAhead, slot };
}
