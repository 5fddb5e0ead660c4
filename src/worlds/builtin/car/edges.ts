import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('car');

const PLACE = [out('find_place', '/place_id')];
const FINDING = [out('diagnose_system', '/finding_code'), out('identify_driver', '/finding_code')];
const NEEDS_DRIVER = ['power_up', 'power_down', 'choose_gear', 'hold_speed', 'halt_car', 'start_guidance', 'buy_fuel', 'diagnose_system', 'book_appointment', 'call_off_appointment'];

/** The car's dependencies as its author knows them. Fuel for short routes is in the tank from the start, so buying it is not listed. */
export const CAR_EDGES: readonly TrueGroup[] = [
  data('plan_route', '/from_place', PLACE),
  data('plan_route', '/to_place', PLACE),
  ...['list_stations', 'list_appointments'].map((tool) => data(tool, '/place_id', PLACE)),
  data('start_guidance', '/route_id', [out('plan_route', '/route_id')]),
  data('buy_fuel', '/station_id', [out('list_stations', '/stations/*/station_id')]),
  ...['list_appointments', 'book_appointment'].map((tool) => data(tool, '/finding_code', FINDING)),
  data('book_appointment', '/appointment_id', [out('list_appointments', '/appointments/*/appointment_id')]),
  data('call_off_appointment', '/booking_number', [out('book_appointment', '/booking_number')]),
  ...NEEDS_DRIVER.map((tool) => state(tool, 'identify_driver')),
  ...['release_doors', 'power_up'].map((tool) => state(tool, 'secure_doors')),
  ...['power_up', 'choose_gear'].map((tool) => state(tool, 'hold_brake')),
  ...['power_down', 'choose_gear', 'diagnose_system'].map((tool) => state(tool, 'power_up')),
  state('hold_speed', 'choose_gear'),
  state('halt_car', 'hold_speed'),
];
