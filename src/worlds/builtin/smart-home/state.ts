import { z } from 'zod';
import { minutesOf, WEEKDAYS } from '../calendar';
import { rowOf } from '../combinators';
import { seeding, type Seeding } from '../seeding';

export const DEVICE_KINDS = ['lamp', 'heater', 'blind', 'sensor', 'lock'] as const;

const device = z.strictObject({
  label: z.string(),
  kind: z.enum(DEVICE_KINDS),
  room: z.string().nullable(),
  level: z.int().min(0).max(10),
  /** What it draws at level 10. */
  watts: z.int().min(0),
});

const offer = z.strictObject({ sticker: z.string(), model: z.string(), kind: z.enum(DEVICE_KINDS), watts: z.int().min(0), pairedAs: z.string().nullable() });
const scene = z.strictObject({ name: z.string(), room: z.string(), levels: z.record(z.string(), z.int().min(0).max(10)) });
const schedule = z.strictObject({ scene: z.string(), weekday: z.enum(WEEKDAYS), at: z.string(), pausedUntil: z.iso.date().nullable() });

/** Everything there is in the house. `offers` are devices in reach by their pairing token. */
export const smartHomeStateSchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  hub: z.strictObject({ pin: z.string(), awake: z.boolean() }),
  rooms: z.record(z.string(), z.strictObject({ name: z.string(), circuitWatts: z.int().min(1) })),
  devices: z.record(z.string(), device),
  offers: z.record(z.string(), offer),
  scenes: z.record(z.string(), scene),
  schedules: z.record(z.string(), schedule),
  triggers: z.record(z.string(), z.strictObject({ sensor: z.string(), target: z.string() })),
  keys: z.record(z.string(), z.strictObject({ lock: z.string(), guest: z.string(), lastDay: z.iso.date() })),
});

export type SmartHomeState = z.output<typeof smartHomeStateSchema>;
export type Device = z.output<typeof device>;
export type Scene = z.output<typeof scene>;

/** Least minutes between two schedules of one room on one weekday. */
export const MINUTES_APART = 15;

const ROOM_NAMES = ['sunroom', 'pottery studio', 'attic library', 'music corner', 'boot room', 'reading nook', 'east bedroom', 'cellar workshop', 'garden kitchen'];
/** Rooms of a seed; the user names the first three. */
const ROOMS = 4;
const MAKERS = ['Ottelin', 'Brightmoor', 'Calder & Finch', 'Nuvallo', 'Pinegate', 'Rowanlight'];
const SCENES_MADE = ['quiet morning', 'long dinner', 'film night', 'away for the day'];

/** What a device of a kind draws at full level. */
const wattsOf = (s: Seeding, kind: Device['kind']): number => ({ lamp: s.rng.int(35, 90), heater: s.rng.int(850, 1300), blind: s.rng.int(60, 120), sensor: 0, lock: 0 })[kind];

/** The initial state of a seed: a sleeping hub, four rooms with devices, two scheduled scenes, three devices to pair. */
export function initSmartHome(seed: number): SmartHomeState {
  const s = seeding('smart-home', seed);
  const rooms = s.table('ROOM', s.some(ROOM_NAMES, ROOMS), (name) => ({ name, circuitWatts: s.rng.int(141, 169) * 10 }));
  const devices = initDevices(s, Object.entries(rooms));
  const scenes = initScenes(s, Object.keys(rooms), devices);
  const offers = s.table('TOK', ['lamp', 'heater', 'lock'] as const, (kind) => ({ sticker: `${s.rng.int(1000, 9999)}-${s.rng.int(1000, 9999)}`, model: `${s.rng.pick(MAKERS)} ${kind} ${s.rng.int(2, 9)}`, kind, watts: wattsOf(s, kind), pairedAs: null }));
  const schedules = s.table('RUN', Object.keys(scenes), (scene) => ({ scene, weekday: s.rng.pick(WEEKDAYS), at: s.rng.pick(['05:50', '06:10', '22:40', '23:20']), pausedUntil: null }));
  return { salt: s.salt, today: s.today, hub: { pin: String(s.rng.int(100000, 999999)), awake: false }, rooms, devices, offers, scenes, schedules, triggers: {}, keys: {} };
}

function initDevices(s: Seeding, rooms: [string, { name: string }][]): SmartHomeState['devices'] {
  const plan = rooms.flatMap(([room, { name }], at) => {
    const kinds: Device['kind'][] = ['lamp', 'heater', 'blind', 'sensor', at < 2 ? 'lock' : 'sensor'];
    return kinds.map((kind) => ({ label: `${s.faker.word.adjective()} ${kind} of the ${name}`, kind, room, level: kind === 'lamp' ? s.rng.int(2, 6) : 0, watts: wattsOf(s, kind) }));
  });
  return s.table('DEV', plan, (row) => row);
}

/** The first and third room have a scene; devices of the others can be moved at once. */
function initScenes(s: Seeding, rooms: string[], devices: SmartHomeState['devices']): SmartHomeState['scenes'] {
  const levelled = (room: string): [string, Device][] => Object.entries(devices).filter(([, row]) => row.room === room && (row.kind === 'lamp' || row.kind === 'blind'));
  return s.table('SCN', [rooms[0] as string, rooms[2] as string], (room, at) => ({ name: SCENES_MADE[at + 2 * s.rng.int(0, 1)] as string, room, levels: Object.fromEntries(levelled(room).map(([id]) => [id, s.rng.int(1, 9)])) }));
}

/** What the devices of a room draw, in watts; `levels` take the place of their present ones. */
export function loadOf(state: SmartHomeState, room: string, levels: { [device: string]: number } = {}): number {
  return Object.entries(state.devices).filter(([, row]) => row.room === room).reduce((sum, [id, row]) => sum + Math.round((row.watts * (levels[id] ?? row.level)) / 10), 0);
}

/** Ids of the schedules of a room that lie too close to a time of a weekday. */
export function clashesWith(state: SmartHomeState, room: string, weekday: string, at: string): string[] {
  return Object.entries(state.schedules)
    .filter(([, row]) => rowOf(state.scenes, row.scene).room === room && row.weekday === weekday && Math.abs(minutesOf(row.at) - minutesOf(at)) < MINUTES_APART)
    .map(([id]) => id);
}

export const smartHomeInvariants: { [rule: string]: (state: SmartHomeState) => boolean } = {
  'the devices of a room never draw more than its circuit carries': (state) => Object.entries(state.rooms).every(([id, room]) => loadOf(state, id) <= room.circuitWatts),
  'a scene holds devices of its own room': (state) => Object.values(state.scenes).every((row) => Object.keys(row.levels).every((id) => state.devices[id]?.room === row.room)),
  'schedules of a room lie apart': (state) =>
    Object.values(state.schedules).every((row) => clashesWith(state, rowOf(state.scenes, row.scene).room, row.weekday, row.at).length === 1),
  'sensors trigger and are not triggered': (state) =>
    Object.values(state.triggers).every(({ sensor, target }) => state.devices[sensor]?.kind === 'sensor' && !['sensor', 'lock', undefined].includes(state.devices[target]?.kind)),
  'keys open locks that are paired': (state) => Object.values(state.keys).every((key) => state.devices[key.lock]?.kind === 'lock'),
};
