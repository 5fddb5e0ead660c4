import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('rail');

const STATION = [out('find_station', '/station_code'), out('nearest_station', '/station_code')];
const BOOKING = [out('book_trip', '/booking_ref'), out('list_bookings', '/bookings/*/booking_ref')];
const NEEDS_BOOKING = ['seat_map', 'add_luggage', 'pay_booking', 'cancel_journey'];
const NEEDS_SIGN_IN = ['book_trip', 'list_bookings', 'points_balance', 'redeem_points', 'choose_seat', 'check_in', 'request_refund', ...NEEDS_BOOKING];

/**
 * The rail world's dependencies as its author knows them: the oracle that exploration is tested against. Only tests
 * may read it; discovery that did would prove nothing. Sign-in is listed for every tool that checks it, though most
 * have it already by way of a booking reference: compare transitive closures. Payment before a refund or a check-in is
 * not here, since a seed has a paid booking from the start.
 */
export const RAIL_EDGES: readonly TrueGroup[] = [
  data('search_connections', '/from_station', STATION),
  data('search_connections', '/to_station', STATION),
  data('disruption_notice', '/station_code', STATION),
  data('report_lost_item', '/station_code', STATION),
  data('connection_details', '/connection_id', [out('search_connections', '/connections/*/connection_id')]),
  data('quote_fare', '/connection_id', [out('search_connections', '/connections/*/connection_id')]),
  data('apply_voucher', '/quote_id', [out('quote_fare', '/quote_id')]),
  data('book_trip', '/quote_id', [out('quote_fare', '/quote_id')]),
  ...NEEDS_BOOKING.map((tool) => data(tool, '/booking_ref', BOOKING)),
  data('choose_seat', '/seat_id', [out('seat_map', '/seats/*/seat_id')]),
  data('check_in', '/reservation_id', [out('choose_seat', '/reservation_id')]),
  data('request_refund', '/cancellation_id', [out('cancel_journey', '/cancellation_id')]),
  data('lost_item_status', '/report_id', [out('report_lost_item', '/report_id')]),
  ...NEEDS_SIGN_IN.map((tool) => state(tool, 'sign_in')),
  // What a user can state as well as look up: true, and not needed for legality.
  data('apply_voucher', '/voucher_code', [out('redeem_points', '/voucher_code')], 'optional'),
  data('search_connections', '/date', [out('list_bookings', '/bookings/*/travel_date')], 'optional'),
  data('find_station', '/city', [out('list_bookings', '/bookings/*/from_city'), out('list_bookings', '/bookings/*/to_city')], 'optional'),
];
