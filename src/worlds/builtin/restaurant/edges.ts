import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('restaurant');

const DISH = [out('find_dish', '/dish_id'), out('menu_of_course', '/dishes/*/dish_id')];
const TAB = [out('seat_party', '/tab_id'), out('open_takeaway', '/tab_id'), out('list_tabs', '/tabs/*/tab_id')];
const BILL = [out('make_bill', '/bill_id')];
const NEEDS_SHIFT = ['find_reservation', 'list_tables', 'seat_party', 'open_takeaway', 'list_tabs', 'add_to_tab', 'send_to_kitchen', 'serve_ticket', 'make_bill', 'apply_gift_card', 'pay_bill'];

/**
 * The restaurant's dependencies as its author knows them. Only tests may read them. That dishes are added, sent and
 * served before a bill is not here, since a seed has a tab at each of these points from the start.
 */
export const RESTAURANT_EDGES: readonly TrueGroup[] = [
  data('dish_facts', '/dish_id', DISH),
  data('pairing_note', '/dish_id', DISH),
  data('pairing_note', '/drink_id', DISH),
  data('seat_party', '/reservation_id', [out('find_reservation', '/reservation_id')]),
  data('seat_party', '/table_id', [out('list_tables', '/tables/*/table_id')]),
  data('add_to_tab', '/tab_id', TAB),
  data('add_to_tab', '/dish_id', DISH),
  data('send_to_kitchen', '/tab_id', TAB),
  data('serve_ticket', '/ticket_id', [out('send_to_kitchen', '/ticket_id')]),
  data('make_bill', '/tab_id', TAB),
  data('apply_gift_card', '/bill_id', BILL),
  data('pay_bill', '/bill_id', BILL),
  ...NEEDS_SHIFT.map((tool) => state(tool, 'clock_in')),
  // What the menu and the tabs tell, a waiter mostly knows.
  data('find_dish', '/dish_name', [out('menu_of_course', '/dishes/*/name')], 'optional'),
];
