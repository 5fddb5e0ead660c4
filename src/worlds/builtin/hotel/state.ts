import { z } from 'zod';
import { addDays, daysBetween } from '../calendar';
import { seeding } from '../seeding';

const hotel = z.strictObject({ city: z.string(), name: z.string(), district: z.string(), stars: z.int(), landmark: z.string(), walkMinutes: z.int() });
const roomType = z.strictObject({ hotel: z.string(), name: z.string(), sleeps: z.int(), nightlyCents: z.int(), rooms: z.array(z.string()) });

const nights = { roomType: z.string(), arrival: z.iso.date(), nights: z.int().min(1), guests: z.int().min(1), priceCents: z.int().min(0) };
const hold = z.strictObject({ ...nights, confirmed: z.boolean() });

export const RESERVATION_STATUSES = ['confirmed', 'checked_in', 'checked_out', 'cancelled'] as const;

const reservation = z.strictObject({
  ...nights,
  guestName: z.string(),
  status: z.enum(RESERVATION_STATUSES),
  /** What was added before or during the stay, in cents by its name. */
  extras: z.record(z.string(), z.int()),
  /** From check-in on. */
  stay: z.strictObject({ id: z.string(), room: z.string(), ordersCents: z.int().min(0) }).nullable(),
});

/** A small hotel group as one member of its guest club sees it. */
export const hotelStateSchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  guest: z.strictObject({ clubNumber: z.string(), lastName: z.string(), name: z.string(), companion: z.string(), points: z.int() }),
  session: z.strictObject({ signedIn: z.boolean() }),
  cities: z.record(z.string(), z.strictObject({ name: z.string(), taxCents: z.int() })),
  hotels: z.record(z.string(), hotel),
  roomTypes: z.record(z.string(), roomType),
  holds: z.record(z.string(), hold),
  reservations: z.record(z.string(), reservation),
});

export type HotelState = z.output<typeof hotelStateSchema>;
export type Nights = Pick<HotelState['reservations'][string], 'roomType' | 'arrival' | 'nights'>;

const CITIES = ['Salterne', 'Vikmouth', 'Orrinholt', 'Castelbrae', 'Dunlossie', 'Marivento', 'Pellworth', 'Quenby Sound'];
const HOTELS = ['The Gilded Otter', 'Hotel Marrow Lane', 'Harbourmaster House', 'The Juniper Court', 'Hotel Three Lindens', 'Signal Hill Lodge', 'The Paper Mill', 'Hotel Amberline', 'Cloister Inn', 'The Blue Tram'];
const DISTRICTS = ['Old Harbour', 'Cathedral Quarter', 'Station Side', 'Upper Town', 'Mill Bank', 'Botanic Hill', 'Fish Market', 'Theatre Row', 'Canal Bend'];
const LANDMARKS = ['Sundial Tower', 'Puppet Museum', 'Floating Opera', 'Ironbridge Baths', 'Winter Palm House', 'Mapmakers Hall', 'Regatta Pier', 'Observatory Steps', 'Tapestry Gallery'];
const ROOM_TYPES = [{ name: 'Cabin single', sleeps: 1, cents: 6400 }, { name: 'Garden double', sleeps: 2, cents: 9800 }, { name: 'Corner family room', sleeps: 4, cents: 14_200 }] as const;

/** Three cities with two or three hotels each; reservations that begin today (two of them) and later, and a stay under way. */
export function initHotel(seed: number): HotelState {
  const { salt, today, rng, faker, some, code, table } = seeding('hotel', seed);
  const cities = table('CT', some(CITIES, 3), (name) => ({ name, taxCents: rng.int(12, 48) * 10 }));
  const districts = some(DISTRICTS, 7);
  const landmarks = some(LANDMARKS, 7);
  const hotels = table('HT', some(HOTELS, 7), (name, at) => ({
    city: Object.keys(cities)[at % 3] as string, name, district: districts[at] as string, stars: rng.int(2, 5), landmark: landmarks[at] as string, walkMinutes: rng.int(3, 24),
  }));
  const offers = Object.keys(hotels).flatMap((hotel) => ROOM_TYPES.map((type) => ({ hotel, ...type })));
  const roomTypes = table('RT', offers, ({ hotel, name, sleeps, cents }, at) => ({
    hotel, name, sleeps, nightlyCents: cents + 50 * rng.int(0, 70), rooms: Array.from({ length: rng.int(2, 3) }, (_, room) => String(100 * (1 + (at % 3)) + 7 * room + rng.int(1, 6))),
  }));
  const lastName = faker.person.lastName();
  const name = `${faker.person.firstName()} ${lastName}`;
  const kinds = [{ arrivesIn: 0, status: 'confirmed' }, { arrivesIn: 0, status: 'confirmed' }, { arrivesIn: rng.int(2, 6), status: 'confirmed' }, { arrivesIn: rng.int(20, 40), status: 'confirmed' }, { arrivesIn: -1, status: 'checked_in' }] as const;
  const types = some(Object.keys(roomTypes), kinds.length);
  const reservations = table('RV', kinds, ({ arrivesIn, status }, at) => {
    const type = types[at] as string;
    const { nightlyCents, rooms } = roomTypes[type] as HotelState['roomTypes'][string];
    const count = rng.int(2, 4);
    const stay = status === 'checked_in' ? { id: code('ST', `stay/${at}`), room: rooms[0] as string, ordersCents: rng.int(0, 9) * 250 } : null;
    return { roomType: type, arrival: addDays(today, arrivesIn), nights: count, guests: 1, priceCents: nightlyCents * count, guestName: name, status, extras: {}, stay };
  });
  return {
    salt, today, cities, hotels, roomTypes, reservations,
    guest: { clubNumber: `LG-${rng.int(300_000, 989_999)}`, lastName, name, companion: faker.person.fullName(), points: rng.int(40, 900) * 10 },
    session: { signedIn: false },
    holds: {},
  };
}

/** Rooms of the type that nobody has on the worst night of the given ones; `leavingOut` is a reservation that would move. */
export function roomsFree(state: HotelState, wanted: Nights, leavingOut?: string): number {
  const active = Object.entries(state.reservations).filter(([id, { status }]) => id !== leavingOut && (status === 'confirmed' || status === 'checked_in')).map(([, one]) => one);
  const taken: Nights[] = [...active, ...Object.values(state.holds).filter((one) => !one.confirmed)].filter((one) => one.roomType === wanted.roomType);
  const busiest = Array.from({ length: wanted.nights }, (_, night) => taken.filter((one) => coversNight(one, addDays(wanted.arrival, night))).length);
  return (state.roomTypes[wanted.roomType]?.rooms.length ?? 0) - Math.max(...busiest);
}

function coversNight({ arrival, nights: count }: Nights, night: string): boolean {
  const at = daysBetween(arrival, night);
  return at >= 0 && at < count;
}

export const HOTEL_INVARIANTS: { [rule: string]: (state: HotelState) => boolean } = {
  'no night has more guests than rooms of a type': (state) =>
    [...Object.values(state.reservations), ...Object.values(state.holds)].every((one) => roomsFree(state, one) >= 0),
  'no room has two guests': ({ reservations, roomTypes }) => {
    const rooms = Object.values(reservations).filter(({ status }) => status === 'checked_in').map(({ roomType: type, stay }) => `${roomTypes[type]?.hotel} ${type} ${stay?.room}`);
    return new Set(rooms).size === rooms.length;
  },
  'a stay has a room and has begun': ({ reservations, today }) =>
    Object.values(reservations).every(({ status, stay, arrival }) => (stay !== null) === (status === 'checked_in' || status === 'checked_out') && (stay === null || arrival <= today)),
  'no room has more guests than it sleeps': ({ reservations, roomTypes }) => Object.values(reservations).every(({ guests, roomType: type }) => guests <= (roomTypes[type]?.sleeps ?? 0)),
};
