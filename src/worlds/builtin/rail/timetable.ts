import { createRng, hash32 } from '../../../core/random';
import { hiddenCode } from '../domain';
import { addDays } from '../calendar';
import { connectionIndex, connectionKey, PLACES, SLOTS, TIMETABLE_DAYS, type Booking, type RailState } from './state';

/** One train on one day. Times are local, `HH:MM`; every train arrives on the day it leaves. */
export interface Connection {
  id: string;
  index: number;
  from: RailState['places'][number];
  to: RailState['places'][number];
  date: string;
  train: string;
  departs: string;
  arrives: string;
  minutes: number;
  changes: number;
  platform: number;
  wifi: boolean;
  bicycleSpaces: number;
  baseCents: number;
}

const TRAIN_NAMES = ['Heron', 'Lapwing', 'Merlin', 'Curlew', 'Sandpiper', 'Goshawk'];
// One train in each part of the day, so that departure times are unique in a list and can be named.
const FIRST_MINUTES = [6 * 60, 9 * 60 + 30, 13 * 60, 16 * 60 + 30];

/** The train with this index, all of it derived from salt and coordinates. */
export function connectionAt(state: RailState, index: number): Connection {
  const { from, to, daysAhead, slot } = connectionKey(index);
  const rng = createRng(`${state.salt}/connection/${index}`);
  const start = (FIRST_MINUTES[slot] as number) + 5 * rng.int(0, 36);
  const minutes = 45 + 20 * Math.abs(from - to) + rng.int(0, 55);
  return {
    id: connectionId(state, index),
    index,
    from: state.places[from] as Connection['from'],
    to: state.places[to] as Connection['to'],
    date: addDays(state.today, daysAhead),
    train: `${rng.pick(TRAIN_NAMES)} ${slot * 200 + rng.int(101, 299)}`,
    departs: clock(start),
    arrives: clock(start + minutes),
    minutes,
    changes: rng.int(0, 2),
    platform: rng.int(1, 12),
    wifi: rng.float() < 0.6,
    bicycleSpaces: rng.int(0, 6),
    baseCents: 5 * (180 + minutes * 4 + rng.int(0, 400)),
  };
}

/** The day's trains between two stations in order of departure; `from` and `to` are indices of places. */
export function connectionsOn(state: RailState, from: number, to: number, daysAhead: number): Connection[] {
  return Array.from({ length: SLOTS }, (_, slot) => connectionAt(state, connectionIndex({ from, to, daysAhead, slot })));
}

// Ids are index times a seeded odd factor modulo a power of two: one to one, so an id is read back without storing any.
const ID_SPACE = 2 ** 20;

export function connectionId(state: RailState, index: number): string {
  const { factor, offset } = scrambling(state);
  const scrambled = (Math.imul(index, factor) + offset) & (ID_SPACE - 1);
  return `T-${scrambled.toString(36).toUpperCase().padStart(4, '0')}`;
}

/** The index behind an id, `undefined` when no train has it. */
export function connectionOfId(state: RailState, id: string): number | undefined {
  if (!/^T-[0-9A-Z]{4}$/.test(id)) return undefined;
  const scrambled = parseInt(id.slice(2), 36);
  const { inverse, offset } = scrambling(state);
  const index = Math.imul(scrambled - offset, inverse) & (ID_SPACE - 1);
  if (scrambled >= ID_SPACE || index >= PLACES * PLACES * TIMETABLE_DAYS * SLOTS) return undefined;
  const { from, to } = connectionKey(index);
  return from === to ? undefined : index;
}

function scrambling(state: RailState): { factor: number; inverse: number; offset: number } {
  const factor = hash32(`${state.salt}/connection-factor`) | 1;
  // Newton's iteration doubles the correct low bits: five rounds from 3 cover 32.
  let inverse = factor;
  for (let round = 0; round < 5; round++) inverse = Math.imul(inverse, 2 - Math.imul(factor, inverse));
  return { factor, inverse, offset: hash32(`${state.salt}/connection-offset`) };
}

/** A seat on offer for one booking; `place` is unique in its list. */
export interface Seat {
  id: string;
  coach: string;
  number: string;
  place: string;
  free: boolean;
}

const SEAT_PLACES = ['window, facing forward', 'aisle, facing forward', 'window, facing backward', 'aisle, facing backward', 'at a table', 'quiet area'];

/** The six seats that a booking is offered; one is taken by a stranger, others by the member's bookings of the same train and class. */
export function seatsFor(state: RailState, bookingRef: string): Seat[] {
  const booking = state.bookings[bookingRef] as Booking;
  const rng = createRng(`${state.salt}/seats/${booking.connection}/${booking.travelClass}`);
  const coach = booking.travelClass === 'first' ? 'A' : rng.pick(['C', 'D', 'E', 'F']);
  const firstRow = rng.int(11, 40);
  const stranger = rng.int(0, SEAT_PLACES.length - 1);
  const ours = Object.values(state.bookings)
    .filter((other) => other.connection === booking.connection && other.travelClass === booking.travelClass && other.status !== 'cancelled')
    .map((other) => other.seat?.place);
  return SEAT_PLACES.map((place, at) => ({
    id: `S-${hiddenCode(state.salt, `seat/${bookingRef}/${place}`, 6)}`,
    coach,
    number: `${firstRow + 3 * at}${rng.pick(['K', 'M', 'P', 'R'])}`,
    place,
    free: at !== stranger && !ours.includes(place),
  }));
}

function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
