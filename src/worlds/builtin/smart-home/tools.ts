import { z } from 'zod';
import { createRng } from '../../../core/random';
import { addDays, daysBetween, WEEKDAYS, weekdayOf } from '../calendar';
import { clock, findId, notPast, rowOf, rowsOf, sameName, sortedBy } from '../combinators';
import { day, exists, must, ref, toolsOn, type DomainTool, type Need } from '../domain';
import { clashesWith, DEVICE_KINDS, loadOf, MINUTES_APART, type Device, type Scene, type SmartHomeState } from './state';

const tool = toolsOn<SmartHomeState>();

// ---- fields that several tools share ----

const roomId = ref('room_id', 'Identifier of a room, as given by find_room');
const deviceId = (what: string): z.ZodString => ref('device_id', `Identifier of ${what}`);
const sceneId = ref('scene_id', 'Identifier of a scene');
const pairingToken = ref('pairing_token', 'Token by which a device in reach is paired');
const level = (what: string): z.ZodInt => z.int().min(0).max(10).describe(`${what}, from 0 (off) to 10`);
const watts = (what: string): z.ZodInt => z.int().describe(`${what}, in watts`);
const kind = z.enum(DEVICE_KINDS).describe('What kind of device it is');

// ---- needs ----

type OfDevice = { device_id: string };
type OfScene = { scene_id: string };

const awake: Need<SmartHomeState, unknown> = must('precondition', (state) => state.hub.awake, () => 'The hub is asleep. Wake it first.');
const roomExists = exists<SmartHomeState, { room_id: string }>('room', (state) => state.rooms, (args) => args.room_id);
const sceneExists = exists<SmartHomeState, OfScene>('scene', (state) => state.scenes, (args) => args.scene_id);
const deviceExists = exists<SmartHomeState, OfDevice>('device', (state) => state.devices, (args) => args.device_id);
const deviceOf = (state: SmartHomeState, args: OfDevice): Device => rowOf(state.devices, args.device_id);
const sceneOf = (state: SmartHomeState, args: OfScene): Scene => rowOf(state.scenes, args.scene_id);

const hasLevel = (device: Device): boolean => device.kind !== 'sensor' && device.kind !== 'lock';
const levelled = must<SmartHomeState, OfDevice>('precondition', (state, args) => hasLevel(deviceOf(state, args)), (args, state) => `\`${args.device_id}\` is a ${deviceOf(state, args).kind}, which has no level.`);
const inNoScene = must<SmartHomeState, OfDevice>('conflict', (state, args) => findId(state.scenes, (row) => args.device_id in row.levels) === undefined, (args) => `Device \`${args.device_id}\` is part of a scene. Take it out first.`);
const filled = must<SmartHomeState, OfScene>('precondition', (state, args) => Object.keys(sceneOf(state, args).levels).length > 0, (args) => `Scene \`${args.scene_id}\` holds no device yet.`);

/** The circuit of a room carries what its devices draw with these levels. */
const circuitCarries = <A>(room: (state: SmartHomeState, args: A) => string, levels: (state: SmartHomeState, args: A) => { [device: string]: number }): Need<SmartHomeState, A> =>
  must(
    'conflict',
    (state, args) => loadOf(state, room(state, args), levels(state, args)) <= rowOf(state.rooms, room(state, args)).circuitWatts,
    (args, state) => `This takes ${loadOf(state, room(state, args), levels(state, args))} watts; the circuit of the room carries ${rowOf(state.rooms, room(state, args)).circuitWatts}.`,
  );

// ---- hub and rooms ----

const wakeHub = tool({
  name: 'wake_hub',
  about: 'Wake the hub of the house with its PIN. Devices can only be reached while the hub is awake.',
  in: z.strictObject({ house_pin: ref('house_pin', 'Six-digit PIN of the house') }),
  out: z.object({
    software: z.string().describe('Version of the software of the hub'),
    messages_waiting: z.int().describe('Messages of devices that came while the hub slept'),
  }),
  writes: ['hub'],
  needs: [must('precondition', (state, args) => state.hub.pin === args.house_pin, () => 'This is not the PIN of the house.')],
  run: ({ state }) => {
    state.hub.awake = true;
    const rng = createRng(`${state.salt}/hub`);
    return { software: `${rng.int(3, 6)}.${rng.int(11, 58)}`, messages_waiting: rng.int(11, 70) };
  },
});

const findRoom = tool({
  name: 'find_room',
  about: 'Find a room by its name. Devices and scenes go by the identifier of their room, never by its name.',
  in: z.strictObject({ room_name: ref('room_name', 'Name of the room') }),
  out: z.object({
    room_id: roomId,
    degrees: z.number().describe('Temperature in the room, in degrees Celsius'),
    circuit_limit: watts('What the circuit of the room carries'),
  }),
  needs: [must('not_found', (state, args) => findId(state.rooms, (row) => sameName(row.name, args.room_name)) !== undefined, (args) => `There is no room called \`${args.room_name}\`.`)],
  run: ({ state }, args) => {
    const [room_id, row] = rowsOf(state.rooms, (one) => sameName(one.name, args.room_name))[0] as [string, SmartHomeState['rooms'][string]];
    return { room_id, degrees: createRng(`${state.salt}/degrees/${room_id}`).int(160, 245) / 10, circuit_limit: row.circuitWatts };
  },
});

// ---- devices ----

const listDevices = tool({
  name: 'list_devices',
  about: 'List the devices of a room with their levels.',
  in: z.strictObject({ room_id: roomId }),
  out: z.object({
    devices: z.array(z.object({
      device_id: deviceId('the device'),
      label: z.string().describe('What the people of the house call it'),
      kind,
      level: level('Present level'),
    })).describe('The devices in the order of their labels'),
    drawn_now: watts('What all of them draw now'),
  }),
  needs: [awake, roomExists],
  run: ({ state }, args) => ({
    devices: sortedBy(rowsOf(state.devices, (row) => row.room === args.room_id), ([, row]) => row.label).map(([device_id, row]) => ({ device_id, label: row.label, kind: row.kind, level: row.level })),
    drawn_now: loadOf(state, args.room_id),
  }),
});

const scanForDevices = tool({
  name: 'scan_for_devices',
  about: 'Scan the house for devices that could be paired, with the token that pairs each.',
  in: z.strictObject({}),
  out: z.object({
    in_reach: z.array(z.object({
      pairing_token: pairingToken,
      model: z.string().describe('Maker and model'),
      signal_percent: z.int().describe('Strength of its signal, in percent'),
    })).describe('The devices in reach that are not paired, in the order of their models'),
    scan_seconds: z.int().describe('How long the scan took, in seconds'),
  }),
  needs: [awake],
  run: ({ state }) => ({
    in_reach: sortedBy(rowsOf(state.offers, (row) => row.pairedAs === null), ([, row]) => row.model)
      .map(([pairing_token, row]) => ({ pairing_token, model: row.model, signal_percent: createRng(`${state.salt}/signal/${pairing_token}`).int(31, 98) })),
    scan_seconds: createRng(`${state.salt}/scan`).int(12, 55),
  }),
});

const readSticker = tool({
  name: 'read_sticker',
  about: 'Look up the code printed on the sticker of a new device: what it is, how long its warranty lasts and the token that pairs it.',
  in: z.strictObject({ sticker_code: ref('sticker_code', 'Code on the sticker, as 0000-0000') }),
  out: z.object({
    pairing_token: pairingToken,
    model: z.string().describe('Maker and model'),
    warranty_until: z.iso.date().describe('Last day of the warranty'),
  }),
  needs: [must('not_found', (state, args) => findId(state.offers, (row) => row.sticker === args.sticker_code) !== undefined, (args) => `No device has the sticker code \`${args.sticker_code}\`.`)],
  run: ({ state }, args) => {
    const [pairing_token, row] = rowsOf(state.offers, (one) => one.sticker === args.sticker_code)[0] as [string, SmartHomeState['offers'][string]];
    return { pairing_token, model: row.model, warranty_until: addDays(state.today, createRng(`${state.salt}/warranty/${pairing_token}`).int(400, 1100)) };
  },
});

const pairDevice = tool({
  name: 'pair_device',
  about: 'Pair a device in reach with the hub. It belongs to no room until it is placed in one.',
  in: z.strictObject({ pairing_token: pairingToken, label: ref('device_label', 'What the device shall be called') }),
  out: z.object({
    device_id: deviceId('the paired device'),
    kind,
    full_draw: watts('What it draws at full level'),
    channel: z.int().describe('Radio channel it was given'),
  }),
  writes: ['devices', 'offers'],
  needs: [
    awake,
    exists('pairing token', (state) => state.offers, (args) => args.pairing_token),
    must('conflict', (state, args) => rowOf(state.offers, args.pairing_token).pairedAs === null, (args) => `The device of \`${args.pairing_token}\` is paired already.`),
    must('conflict', (state, args) => findId(state.devices, (row) => sameName(row.label, args.label)) === undefined, (args) => `Another device is called \`${args.label}\`.`),
  ],
  run: ({ state, id }, args) => {
    const offer = rowOf(state.offers, args.pairing_token);
    const device_id = id('DEV', args.pairing_token, state.devices);
    state.devices[device_id] = { label: args.label, kind: offer.kind, room: null, level: 0, watts: offer.watts };
    offer.pairedAs = device_id;
    return { device_id, kind: offer.kind, full_draw: offer.watts, channel: createRng(`${state.salt}/channel/${args.pairing_token}`).int(11, 26) };
  },
});

const placeDevice = tool({
  name: 'place_device',
  about: 'Put a paired device into a room, or move it to another one. A move switches it off.',
  in: z.strictObject({ device_id: deviceId('the device'), room_id: roomId }),
  out: z.object({
    devices_in_room: z.int().describe('Devices that the room now has'),
    signal_percent: z.int().describe('Strength of its signal there, in percent'),
  }),
  writes: ['devices'],
  needs: [
    awake,
    deviceExists,
    roomExists,
    must('conflict', (state, args) => deviceOf(state, args).room !== args.room_id, (args) => `Device \`${args.device_id}\` is in this room already.`),
    inNoScene,
  ],
  run: ({ state }, args) => {
    Object.assign(deviceOf(state, args), { room: args.room_id, level: 0 });
    return { devices_in_room: rowsOf(state.devices, (row) => row.room === args.room_id).length, signal_percent: createRng(`${state.salt}/signal/${args.device_id}/${args.room_id}`).int(31, 98) };
  },
});

const unpairDevice = tool({
  name: 'unpair_device',
  about: 'Unpair a device that is part of no scene. Its keys and triggers go with it.',
  in: z.strictObject({ device_id: deviceId('the device') }),
  out: z.object({
    freed_label: z.string().describe('What it was called'),
    hours_on: z.int().describe('Hours for which it was on since it was paired'),
  }),
  writes: ['devices', 'offers', 'triggers', 'keys'],
  needs: [awake, deviceExists, inNoScene],
  run: ({ state }, args) => {
    const { label } = deviceOf(state, args);
    delete state.devices[args.device_id];
    for (const [id] of rowsOf(state.offers, (row) => row.pairedAs === args.device_id)) rowOf(state.offers, id).pairedAs = null;
    for (const [id] of rowsOf(state.triggers, (row) => row.sensor === args.device_id || row.target === args.device_id)) delete state.triggers[id];
    for (const [id] of rowsOf(state.keys, (row) => row.lock === args.device_id)) delete state.keys[id];
    return { freed_label: label, hours_on: createRng(`${state.salt}/hours/${args.device_id}`).int(14, 4200) };
  },
});

const setLevel = tool({
  name: 'set_level',
  about: 'Set a placed lamp, heater or blind to a level now.',
  in: z.strictObject({ device_id: deviceId('the device'), level: level('The level to set') }),
  out: z.object({
    room_draw: watts('What all devices of the room draw afterwards'),
    spare_watts: watts('What the circuit of the room could still carry'),
  }),
  writes: ['devices'],
  needs: [
    awake,
    deviceExists,
    levelled,
    must('precondition', (state, args) => deviceOf(state, args).room !== null, (args) => `Device \`${args.device_id}\` is in no room yet.`),
    circuitCarries((state, args) => deviceOf(state, args).room as string, (_state, args) => ({ [args.device_id]: args.level })),
  ],
  run: ({ state }, args) => {
    const device = deviceOf(state, args);
    device.level = args.level;
    const room = device.room as string;
    return { room_draw: loadOf(state, room), spare_watts: rowOf(state.rooms, room).circuitWatts - loadOf(state, room) };
  },
});

const linkSensor = tool({
  name: 'link_sensor',
  about: 'Let a sensor trigger a lamp, heater or blind.',
  in: z.strictObject({ sensor_id: deviceId('the sensor'), target_id: deviceId('the device that it triggers') }),
  out: z.object({
    delay_seconds: z.int().describe('Seconds from the signal to the reaction'),
    triggers_of_sensor: z.int().describe('Devices that the sensor now triggers'),
  }),
  writes: ['triggers'],
  needs: [
    awake,
    exists('device', (state) => state.devices, (args) => args.sensor_id),
    exists('device', (state) => state.devices, (args) => args.target_id),
    must('precondition', (state, args) => rowOf(state.devices, args.sensor_id).kind === 'sensor', (args) => `\`${args.sensor_id}\` is no sensor.`),
    must('precondition', (state, args) => hasLevel(rowOf(state.devices, args.target_id)), (args) => `\`${args.target_id}\` has no level that a sensor could change.`),
    must('conflict', (state, args) => findId(state.triggers, (row) => row.target === args.target_id) === undefined, (args) => `\`${args.target_id}\` is triggered by a sensor already.`),
  ],
  run: ({ state, id }, args) => {
    state.triggers[id('TRG', `${args.sensor_id}/${args.target_id}`, state.triggers)] = { sensor: args.sensor_id, target: args.target_id };
    return { delay_seconds: createRng(`${state.salt}/delay/${args.sensor_id}/${args.target_id}`).int(11, 45), triggers_of_sensor: rowsOf(state.triggers, (row) => row.sensor === args.sensor_id).length };
  },
});

const giveGuestKey = tool({
  name: 'give_guest_key',
  about: 'Make a door code for a guest, which opens one lock until a last day, at most 60 days from today.',
  in: z.strictObject({
    lock_id: deviceId('the lock'),
    guest_name: ref('guest_name', 'First name of the guest'),
    last_day: day('Last day on which the code opens the lock'),
  }),
  out: z.object({
    door_code: z.string().describe('Code to type at the lock'),
    nights: z.int().describe('Nights until the last day'),
  }),
  writes: ['keys'],
  needs: [
    awake,
    exists('device', (state) => state.devices, (args) => args.lock_id),
    must('precondition', (state, args) => rowOf(state.devices, args.lock_id).kind === 'lock', (args) => `\`${args.lock_id}\` is no lock.`),
    notPast((args) => args.last_day, 60),
    must('conflict', (state, args) => findId(state.keys, (row) => row.lock === args.lock_id && sameName(row.guest, args.guest_name)) === undefined, (args) => `${args.guest_name} has a code for this lock already.`),
  ],
  run: ({ state, id }, args) => {
    const key = id('KEY', `${args.lock_id}/${args.guest_name}`, state.keys);
    state.keys[key] = { lock: args.lock_id, guest: args.guest_name, lastDay: args.last_day };
    return { door_code: String(createRng(`${state.salt}/door/${key}`).int(10000, 99999)), nights: daysBetween(state.today, args.last_day) };
  },
});

// ---- scenes and schedules ----

const listScenes = tool({
  name: 'list_scenes',
  about: 'List the scenes of a room and the weekly schedules by which they run.',
  in: z.strictObject({ room_id: roomId }),
  out: z.object({
    scenes: z.array(z.object({
      scene_id: sceneId,
      name: z.string().describe('Name of the scene'),
      draw: watts('What its devices draw at its levels'),
    })).describe('The scenes in the order of their names'),
    schedules: z.array(z.object({
      schedule_id: ref('schedule_id', 'Identifier of the schedule'),
      scene_name: z.string().describe('Name of the scene that runs'),
      runs: z.string().describe('Weekday and time'),
    })).describe('The schedules in the order of their times'),
  }),
  needs: [roomExists],
  run: ({ state }, args) => {
    const scenes = rowsOf(state.scenes, (row) => row.room === args.room_id);
    const schedules = rowsOf(state.schedules, (row) => rowOf(state.scenes, row.scene).room === args.room_id);
    return {
      scenes: sortedBy(scenes, ([, row]) => row.name).map(([scene_id, row]) => ({ scene_id, name: row.name, draw: sceneDraw(state, row) })),
      schedules: sortedBy(schedules, ([, row]) => `${row.at} ${row.weekday}`).map(([schedule_id, row]) => ({ schedule_id, scene_name: rowOf(state.scenes, row.scene).name, runs: `${row.weekday} ${row.at}` })),
    };
  },
});

const sceneDraw = (state: SmartHomeState, scene: Scene): number => Object.entries(scene.levels).reduce((sum, [id, at]) => sum + Math.round((rowOf(state.devices, id).watts * at) / 10), 0);

const createScene = tool({
  name: 'create_scene',
  about: 'Make an empty scene for a room, to which devices are added afterwards.',
  in: z.strictObject({ room_id: roomId, scene_name: ref('scene_name', 'Name of the scene') }),
  out: z.object({
    scene_id: sceneId,
    voice_phrase: z.string().describe('What to say to start it'),
  }),
  writes: ['scenes'],
  needs: [
    awake,
    roomExists,
    must('conflict', (state, args) => findId(state.scenes, (row) => row.room === args.room_id && sameName(row.name, args.scene_name)) === undefined, (args) => `The room has a scene \`${args.scene_name}\` already.`),
  ],
  run: ({ state, id }, args) => {
    const scene_id = id('SCN', `${args.room_id}/${args.scene_name}`, state.scenes);
    state.scenes[scene_id] = { name: args.scene_name, room: args.room_id, levels: {} };
    return { scene_id, voice_phrase: `${createRng(`${state.salt}/voice/${scene_id}`).pick(['Amber', 'Birch', 'Cedar', 'Dune', 'Ember', 'Fjord'])}, ${args.scene_name}` };
  },
});

const addToScene = tool({
  name: 'add_to_scene',
  about: 'Add a lamp, heater or blind to a scene of its room, with the level it takes there. A level given before is replaced.',
  in: z.strictObject({ scene_id: sceneId, device_id: deviceId('the device'), level: level('Level of the device in the scene') }),
  out: z.object({
    scene_draw: watts('What the devices of the scene draw at its levels'),
    devices_in_scene: z.int().describe('Devices that the scene now holds'),
  }),
  writes: ['scenes'],
  needs: [
    awake,
    sceneExists,
    deviceExists,
    levelled,
    must('precondition', (state, args) => deviceOf(state, args).room === sceneOf(state, args).room, (args) => `Device \`${args.device_id}\` is not in the room of the scene.`),
  ],
  run: ({ state }, args) => {
    const scene = sceneOf(state, args);
    scene.levels[args.device_id] = args.level;
    return { scene_draw: sceneDraw(state, scene), devices_in_scene: Object.keys(scene.levels).length };
  },
});

const takeOutOfScene = tool({
  name: 'take_out_of_scene',
  about: 'Take a device out of a scene, so that it can be moved or unpaired.',
  in: z.strictObject({ scene_id: sceneId, device_id: deviceId('the device') }),
  out: z.object({
    scene_draw: watts('What the remaining devices draw at the levels of the scene'),
    level_before: level('Level that the device had in the scene'),
  }),
  writes: ['scenes'],
  needs: [
    awake,
    sceneExists,
    deviceExists,
    must('precondition', (state, args) => args.device_id in sceneOf(state, args).levels, (args) => `Device \`${args.device_id}\` is not part of this scene.`),
  ],
  run: ({ state }, args) => {
    const scene = sceneOf(state, args);
    const level_before = scene.levels[args.device_id] as number;
    delete scene.levels[args.device_id];
    return { scene_draw: sceneDraw(state, scene), level_before };
  },
});

const activateScene = tool({
  name: 'activate_scene',
  about: 'Set all devices of a scene to its levels now.',
  in: z.strictObject({ scene_id: sceneId }),
  out: z.object({
    room_draw: watts('What all devices of the room draw afterwards'),
    ready_in_seconds: z.int().describe('Seconds until the last device is there'),
  }),
  writes: ['devices'],
  needs: [awake, sceneExists, filled, circuitCarries((state, args) => sceneOf(state, args).room, (state, args) => sceneOf(state, args).levels)],
  run: ({ state }, args) => {
    const scene = sceneOf(state, args);
    for (const [id, at] of Object.entries(scene.levels)) rowOf(state.devices, id).level = at;
    return { room_draw: loadOf(state, scene.room), ready_in_seconds: createRng(`${state.salt}/ready/${args.scene_id}`).int(11, 48) };
  },
});

const scheduleScene = tool({
  name: 'schedule_scene',
  about: `Run a scene every week. Schedules of one room lie at least ${MINUTES_APART} minutes apart.`,
  in: z.strictObject({
    scene_id: sceneId,
    weekday: z.enum(WEEKDAYS).describe('Day of the week'),
    at: clock('When it runs'),
  }),
  out: z.object({
    schedule_id: ref('schedule_id', 'Identifier of the schedule'),
    first_run: z.iso.date().describe('Day on which it runs first'),
    draw: watts('What its devices draw while it runs'),
  }),
  writes: ['schedules'],
  needs: [
    awake,
    sceneExists,
    filled,
    must('conflict', (state, args) => clashesWith(state, sceneOf(state, args).room, args.weekday, args.at).length === 0, (args) => `Another schedule of the room lies within ${MINUTES_APART} minutes of ${args.weekday} ${args.at}.`),
  ],
  run: ({ state, id }, args) => {
    const schedule_id = id('RUN', `${args.scene_id}/${args.weekday}/${args.at}`, state.schedules);
    state.schedules[schedule_id] = { scene: args.scene_id, weekday: args.weekday, at: args.at, pausedUntil: null };
    const ahead = [1, 2, 3, 4, 5, 6, 7].find((days) => weekdayOf(addDays(state.today, days)) === args.weekday) as number;
    return { schedule_id, first_run: addDays(state.today, ahead), draw: sceneDraw(state, sceneOf(state, args)) };
  },
});

const pauseSchedule = tool({
  name: 'pause_schedule',
  about: 'Pause a weekly schedule up to a day. A paused schedule cannot be paused again.',
  in: z.strictObject({
    schedule_id: ref('schedule_id', 'Identifier of the schedule'),
    until: day('Last day of the pause, as YYYY-MM-DD'),
  }),
  out: z.object({
    runs_left_out: z.int().describe('Runs that are left out'),
    resumes_on: z.iso.date().describe('Day of the first run after the pause'),
  }),
  writes: ['schedules'],
  needs: [
    awake,
    exists('schedule', (state) => state.schedules, (args) => args.schedule_id),
    notPast((args) => args.until),
    must('conflict', (state, args) => rowOf(state.schedules, args.schedule_id).pausedUntil === null, (args) => `Schedule \`${args.schedule_id}\` is paused already.`),
  ],
  run: ({ state }, args) => {
    const row = rowOf(state.schedules, args.schedule_id);
    row.pausedUntil = args.until;
    const first = [1, 2, 3, 4, 5, 6, 7].find((days) => weekdayOf(addDays(state.today, days)) === row.weekday) as number;
    const left = Math.max(0, Math.ceil((daysBetween(state.today, args.until) - first + 1) / 7));
    return { runs_left_out: left, resumes_on: addDays(state.today, first + 7 * left) };
  },
});

/** The tools of the house, as the assistant of the hub's maker would be given them. */
export const smartHomeTools: readonly DomainTool<SmartHomeState>[] = [
  wakeHub, findRoom,
  listDevices, scanForDevices, readSticker, pairDevice, placeDevice, unpairDevice, setLevel, linkSensor, giveGuestKey,
  listScenes, createScene, addToScene, takeOutOfScene, activateScene, scheduleScene, pauseSchedule,
];
