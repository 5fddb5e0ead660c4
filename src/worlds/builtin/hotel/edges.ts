import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('hotel');

const HOTEL = [out('hotels_in_city', '/hotels/*/hotel_id'), out('nearest_hotel', '/hotel_id')];
const ROOM_TYPE = [out('list_room_types', '/room_types/*/room_type_id')];
const RESERVATION = [out('confirm_hold', '/reservation_id'), out('list_reservations', '/reservations/*/reservation_id')];
const STAY = [out('check_in', '/stay_id')];
const OF_RESERVATION = ['add_extra', 'change_dates', 'call_off_stay', 'check_in'];

/** What the hotel tools need of each other. Reservations that begin today exist from the start, so a check-in needs no hold. */
export const HOTEL_EDGES: readonly TrueGroup[] = [
  data('hotels_in_city', '/city_code', [out('find_city', '/city_code')]),
  data('compare_hotels', '/first_hotel', HOTEL),
  data('compare_hotels', '/second_hotel', HOTEL),
  data('list_room_types', '/hotel_id', HOTEL),
  data('room_availability', '/room_type_id', ROOM_TYPE),
  data('hold_room', '/room_type_id', ROOM_TYPE),
  data('confirm_hold', '/hold_id', [out('hold_room', '/hold_id')]),
  ...OF_RESERVATION.map((tool) => data(tool, '/reservation_id', RESERVATION)),
  data('order_to_room', '/stay_id', STAY),
  data('check_out', '/stay_id', STAY),
  ...['hold_room', 'confirm_hold', 'list_reservations', 'order_to_room', 'check_out', ...OF_RESERVATION].map((tool) => state(tool, 'identify_member')),
  data('find_city', '/city', [out('list_reservations', '/reservations/*/city')], 'optional'),
];
