import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('smart-home');

const ROOM = [out('find_room', '/room_id')];
const DEVICE = [out('list_devices', '/devices/*/device_id'), out('pair_device', '/device_id')];
const SCENE = [out('list_scenes', '/scenes/*/scene_id'), out('create_scene', '/scene_id')];
const NEEDS_HUB = [
  'list_devices', 'scan_for_devices', 'pair_device', 'place_device', 'unpair_device', 'set_level', 'link_sensor', 'create_scene',
  'add_to_scene', 'take_out_of_scene', 'activate_scene', 'schedule_scene', 'pause_schedule', 'give_guest_key',
];

/** The house's dependencies as its author knows them. What a seed offers from the start (placed devices, filled scenes) is not listed. */
export const SMART_HOME_EDGES: readonly TrueGroup[] = [
  ...['list_devices', 'list_scenes', 'place_device', 'create_scene'].map((tool) => data(tool, '/room_id', ROOM)),
  data('pair_device', '/pairing_token', [out('scan_for_devices', '/in_reach/*/pairing_token'), out('read_sticker', '/pairing_token')]),
  ...['place_device', 'unpair_device', 'set_level', 'add_to_scene', 'take_out_of_scene'].map((tool) => data(tool, '/device_id', DEVICE)),
  data('give_guest_key', '/lock_id', DEVICE),
  data('link_sensor', '/sensor_id', DEVICE),
  data('link_sensor', '/target_id', DEVICE),
  ...['add_to_scene', 'take_out_of_scene', 'activate_scene', 'schedule_scene'].map((tool) => data(tool, '/scene_id', SCENE)),
  data('pause_schedule', '/schedule_id', [out('schedule_scene', '/schedule_id'), out('list_scenes', '/schedules/*/schedule_id')]),
  ...NEEDS_HUB.map((tool) => state(tool, 'wake_hub')),
];
