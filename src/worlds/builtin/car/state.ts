import { z } from 'zod';
import { addDays, timeOf } from '../calendar';
import { seeding } from '../seeding';

export const GEARS = ['park', 'drive', 'climb'] as const;
export const SYSTEMS = ['braking', 'cooling', 'steering', 'lighting', 'charging'] as const;

/** What the car does now. `speed` is 0 while it stands. */
const motion = z.strictObject({
  doorsSecured: z.boolean(),
  brakeHeld: z.boolean(),
  powered: z.boolean(),
  /** The trip that began when the power came on. */
  trip: z.string().nullable(),
  /** The stretch that is driven in the present gear; a new gear begins a new one. */
  stretch: z.string().nullable(),
  gear: z.enum(GEARS),
  speed: z.int().min(0),
  route: z.string().nullable(),
});
const station = z.strictObject({ place: z.string(), name: z.string(), centsPerLitre: z.int().min(1) });
const slot = z.strictObject({ place: z.string(), workshop: z.string(), on: z.iso.date(), at: z.string(), booking: z.string().nullable() });

/** Everything there is about the car and around it. Findings are kept by their code, one for each system. */
export const carStateSchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  driver: z.strictObject({ code: z.string(), name: z.string(), identified: z.boolean() }),
  motion,
  tank: z.strictObject({ litres: z.number().min(0), capacity: z.int() }),
  places: z.record(z.string(), z.strictObject({ name: z.string() })),
  routes: z.record(z.string(), z.strictObject({ from: z.string(), to: z.string(), litres: z.number(), limit: z.int() })),
  stations: z.record(z.string(), station),
  findings: z.record(z.string(), z.strictObject({ system: z.enum(SYSTEMS), text: z.string(), severity: z.enum(['note', 'minor', 'serious']), cents: z.int() })),
  slots: z.record(z.string(), slot),
  bookings: z.record(z.string(), z.strictObject({ slot: z.string(), finding: z.string(), phone: z.string(), cents: z.int() })),
});

export type CarState = z.output<typeof carStateSchema>;

const PLACES = ['Hazel Weir', 'Corn Exchange', 'Upper Tannery', 'Gull Harbour', 'Foundry Square', 'Mossgate', 'Lime Terrace', 'Ferry Stairs'];
const STATIONS = ['Oriole', 'Juniper', 'Pole Star', 'Beacon', 'Amberline', 'Quickwell'];
const TEXTS: { [system in (typeof SYSTEMS)[number]]: readonly string[] } = {
  braking: ['pads worn on the left', 'fluid below the mark', 'disc slightly warped'],
  cooling: ['fan starts too late', 'hose is brittle', 'coolant is old'],
  steering: ['pulls to the right', 'play in the column', 'assist is weak'],
  lighting: ['near beam too low', 'rear lamp flickers', 'number plate lamp is out'],
  charging: ['belt is slack', 'battery at two thirds', 'alternator is noisy'],
};

/** The initial state of a seed: a parked car with open doors and little fuel, four places with stations and workshops. */
export function initCar(seed: number): CarState {
  const s = seeding('car', seed);
  const places = s.table('PL', s.some(PLACES, 4), (name) => ({ name }));
  const here = Object.keys(places);
  const workshops = s.faker.helpers.uniqueArray(() => s.faker.person.lastName(), 4);
  const visits = here.flatMap((place, at) => [3, 9, 16, 23].map((first) => ({ place, workshop: `${workshops[at]} & Daughters`, first })));
  return {
    salt: s.salt,
    today: s.today,
    driver: { code: String(s.rng.int(10000, 99999)), name: `${s.faker.person.firstName()} ${s.faker.person.lastName()}`, identified: false },
    motion: { doorsSecured: false, brakeHeld: false, powered: false, trip: null, stretch: null, gear: 'park', speed: 0, route: null },
    tank: { litres: s.rng.int(5, 11), capacity: s.rng.int(44, 60) },
    places,
    routes: {},
    stations: s.table('ST', s.some(STATIONS, 6), (name, at) => ({ place: here[at % 4] as string, name, centsPerLitre: s.rng.int(141, 189) })),
    findings: s.table('FC', SYSTEMS, (system) => ({ system, text: s.rng.pick(TEXTS[system]), severity: s.rng.pick(['note', 'minor', 'serious'] as const), cents: s.rng.int(30, 240) * 50 })),
    slots: s.table('AP', visits, ({ place, workshop, first }) => ({ place, workshop, on: addDays(s.today, first + s.rng.int(0, 4)), at: timeOf(s.rng.int(32, 66) * 15), booking: null })),
    bookings: {},
  };
}

export const carInvariants: { [rule: string]: (state: CarState) => boolean } = {
  'the car moves only in gear, with power': ({ motion: now }) => now.speed === 0 || (now.gear !== 'park' && now.powered),
  'power means secured doors and a trip, and a gear means power': ({ motion: now }) => (now.doorsSecured || !now.powered) && (now.powered || now.gear === 'park') && now.powered === (now.trip !== null),
  'the tank never holds more than it takes': ({ tank }) => tank.litres <= tank.capacity,
  'an appointment and its booking name each other': (state) =>
    Object.entries(state.bookings).every(([id, row]) => state.slots[row.slot]?.booking === id) && Object.values(state.slots).filter((row) => row.booking !== null).length === Object.keys(state.bookings).length,
  'a finding has one appointment at a time': (state) => new Set(Object.values(state.bookings).map((row) => row.finding)).size === Object.keys(state.bookings).length,
};
