import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('car');

const PLACE = [out('find_place', '/place_id')];
const FINDING = [out('diagnose_system', '/finding_code'), out('identify_driver', '/finding_code')];
const NEEDS_DRIVER = ['power_up', 'start_guidance', 'buy_fuel', 'diagnose_system', 'book_workshop_visit', 'call_off_appointment'];

/** The car's dependencies as its author knows them. Fuel for short routes is in the tank from the start, so buying it is not listed. */
export const CAR_EDGES: readonly TrueGroup[] = [
  data('plan_route', '/from_place', PLACE),
  data('plan_route', '/to_place', PLACE),
  ...['list_stations', 'list_appointments'].map((tool) => data(tool, '/place_id', PLACE)),
  data('start_guidance', '/route_id', [out('plan_route', '/route_id')]),
  data('buy_fuel', '/station_id', [out('list_stations', '/stations/*/station_id')]),
  ...['list_appointments', 'book_workshop_visit'].map((tool) => data(tool, '/finding_code', FINDING)),
  data('book_workshop_visit', '/appointment_id', [out('list_appointments', '/appointments/*/appointment_id')]),
  data('call_off_appointment', '/booking_number', [out('book_workshop_visit', '/booking_number')]),
  ...NEEDS_DRIVER.map((tool) => state(tool, 'identify_driver')),
  ...['power_down', 'choose_gear'].map((tool) => data(tool, '/trip_id', [out('power_up', '/trip_id')])),
  ...['release_doors', 'power_up'].map((tool) => state(tool, 'secure_doors')),
  state('choose_gear', 'hold_brake'),
  ...['hold_speed', 'halt_car'].map((tool) => data(tool, '/stretch_id', [out('choose_gear', '/stretch_id')])),
  state('halt_car', 'hold_speed'),
];
