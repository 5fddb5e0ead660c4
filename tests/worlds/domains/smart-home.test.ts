import { createSmartHomeWorld } from '../../../src/worlds/builtin/smart-home';
import { rowsIn, rowWith, talkTo } from '../../fixtures/talk';

/** A house whose hub is awake, and the room in which nothing stands in the way of a new scene. */
async function awake() {
  const talk = await talkTo(createSmartHomeWorld());
  await talk.ask('wake_hub', { house_pin: talk.say.house_pin as string });
  const room_id = await talk.get('find_room', 'room_id', { room_name: talk.say.busy_room as string });
  const kind = async (wanted: string): Promise<string> => rowWith(await talk.ask('list_devices', { room_id }), 'devices', { kind: wanted }).device_id as string;
  return { ...talk, room_id, kind };
}

test('a device is paired by its sticker, placed, added to a scene that is scheduled, run and paused', async () => {
  const { ask, get, attempt, say, room_id } = await awake();
  const pairing_token = await get('read_sticker', 'pairing_token', { sticker_code: say.first_sticker as string });
  const device_id = await get('pair_device', 'device_id', { pairing_token, label: say.first_label as string });
  const scene_id = await get('create_scene', 'scene_id', { room_id, scene_name: say.morning_scene as string });
  expect(await attempt('add_to_scene', { scene_id, device_id, level: 7 })).toMatchObject({ fault: 'precondition' });
  await ask('place_device', { device_id, room_id });
  expect(await attempt('activate_scene', { scene_id })).toMatchObject({ fault: 'precondition' });
  await ask('add_to_scene', { scene_id, device_id, level: 7 });
  await ask('activate_scene', { scene_id });
  expect(rowWith(await ask('list_devices', { room_id }), 'devices', { device_id })).toMatchObject({ level: 7, label: say.first_label });
  const schedule_id = await get('schedule_scene', 'schedule_id', { scene_id, weekday: 'Tuesday', at: '18:40' });
  expect(await attempt('schedule_scene', { scene_id, weekday: 'Tuesday', at: '18:50' })).toMatchObject({ fault: 'conflict' });
  await ask('schedule_scene', { scene_id, weekday: 'Tuesday', at: '18:55' });
  await ask('pause_schedule', { schedule_id, until: say.holiday_end as string });
  expect(await attempt('pause_schedule', { schedule_id, until: say.holiday_end as string })).toMatchObject({ fault: 'conflict' });
});

test('devices are out of reach while the hub sleeps', async () => {
  const { ask, attempt, get, say } = await talkTo(createSmartHomeWorld());
  const room_id = await get('find_room', 'room_id', { room_name: say.favourite_room as string });
  expect(await attempt('wake_hub', { house_pin: '000000' })).toMatchObject({ fault: 'precondition' });
  expect(await attempt('list_devices', { room_id })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('asleep') });
  await ask('wake_hub', { house_pin: say.house_pin as string });
  await ask('list_devices', { room_id });
});

test('a circuit does not carry two heaters at full level', async () => {
  const { ask, get, attempt, kind, say, room_id } = await awake();
  await ask('set_level', { device_id: await kind('heater'), level: 10 });
  const offers = rowsIn(await ask('scan_for_devices'), 'in_reach');
  const token = offers.find((one) => String(one.model).includes('heater'))?.pairing_token as string;
  const device_id = await get('pair_device', 'device_id', { pairing_token: token, label: say.second_label as string });
  await ask('place_device', { device_id, room_id });
  expect(await attempt('set_level', { device_id, level: 10 })).toMatchObject({ fault: 'conflict', message: expect.stringContaining('watts') });
});

test('a device in a scene is taken out before it is unpaired', async () => {
  const { ask, get, attempt, kind, say, room_id } = await awake();
  const device_id = await kind('lamp');
  const scene_id = await get('create_scene', 'scene_id', { room_id, scene_name: say.evening_scene as string });
  await ask('add_to_scene', { scene_id, device_id, level: 3 });
  expect(await attempt('unpair_device', { device_id })).toMatchObject({ fault: 'conflict' });
  expect(await ask('take_out_of_scene', { scene_id, device_id })).toEqual({ scene_draw: 0, level_before: 3 });
  await ask('unpair_device', { device_id });
  expect(await attempt('set_level', { device_id, level: 1 })).toMatchObject({ fault: 'not_found' });
});

test('only locks take guest keys and only sensors trigger', async () => {
  const { ask, attempt, kind, say } = await awake();
  const [lock, sensor, lamp] = [await kind('lock'), await kind('sensor'), await kind('lamp')] as const;
  const key = { guest_name: say.guest as string, last_day: say.departure_day as string };
  expect(await attempt('give_guest_key', { ...key, lock_id: lamp })).toMatchObject({ fault: 'precondition' });
  expect((await ask('give_guest_key', { ...key, lock_id: lock })).door_code).toMatch(/^\d{5}$/);
  expect(await attempt('give_guest_key', { ...key, lock_id: lock })).toMatchObject({ fault: 'conflict' });
  expect(await attempt('link_sensor', { sensor_id: lamp, target_id: sensor })).toMatchObject({ fault: 'precondition' });
  expect(await ask('link_sensor', { sensor_id: sensor, target_id: lamp })).toMatchObject({ triggers_of_sensor: 1 });
});
