import { z } from 'zod';
import { createRng } from '../../../core/random';
import { minutesOf, timeOf } from '../calendar';
import { clock, findId, fromCents, inStatus, money, rowOf, rowsOf, sameName, signedIn, sortedBy, sumOf } from '../combinators';
import { exists, must, ref, toolsOn, type DomainTool, type Need } from '../domain';
import { COURSES, TAB_STATUSES, tabAt, type RestaurantState } from './state';

const tool = toolsOn<RestaurantState>();
type Tab = RestaurantState['tabs'][string];
type Line = RestaurantState['lines'][string];

// ---- fields ----

const dishId = (description: string): z.ZodString => ref('dish_id', description);
const dishName = ref('dish_name', 'Name of the dish or drink');
const tableId = ref('table_id', 'Code of a table');
const reservationId = ref('reservation_id', 'Code of a reservation');
const guestName = ref('guest_name', 'Full name of the guest');
const tabId = ref('tab_id', 'Code of a tab');
const ticketId = ref('ticket_id', 'Code of a kitchen ticket');
const billId = ref('bill_id', 'Code of a bill');
const tabTotal = money('What is on the tab');

// ---- needs ----

const shift: Need<RestaurantState, unknown> = signedIn();
const dishExists = <A>(id: (args: A) => string): Need<RestaurantState, A> => exists('dish', (state) => state.dishes, id);
const tabOpen: Need<RestaurantState, { tab_id: string }>[] = [
  exists('tab', (state) => state.tabs, (args) => args.tab_id),
  inStatus({ kind: 'Tab', id: (args) => args.tab_id, status: (state, args) => tabOf(state, args).status, order: TAB_STATUSES, allowed: ['open'] }),
];
const billUnpaid: Need<RestaurantState, { bill_id: string }>[] = [
  exists('bill', (state) => state.bills, (args) => args.bill_id),
  must('conflict', (state, args) => !rowOf(state.bills, args.bill_id).paid, (args) => `Bill \`${args.bill_id}\` has been paid.`),
];

// ---- reading the state ----

const tabOf = (state: RestaurantState, args: { tab_id: string }): Tab => rowOf(state.tabs, args.tab_id);
const linesOf = (state: RestaurantState, tab: string): Line[] => rowsOf(state.lines, (one) => one.tab === tab).map(([, one]) => one);
const unsent = (state: RestaurantState, tab: string): [string, Line][] => rowsOf(state.lines, (one) => one.tab === tab && one.ticket === null);
const unserved = (state: RestaurantState, tab: string): Line[] => linesOf(state, tab).filter((one) => one.ticket === null || !rowOf(state.tickets, one.ticket).served);
const totalCents = (state: RestaurantState, tab: string): number => linesOf(state, tab).reduce((sum, one) => sum + rowOf(state.dishes, one.dish).priceCents * one.portions, 0);

// ---- the menu ----

const clockIn = tool({
  name: 'clock_in',
  about: 'Clock a waiter in by staff code and PIN. Reservations, tables, tabs, the kitchen and bills need a waiter who is clocked in.',
  in: z.strictObject({ staff_code: ref('staff_code', 'Staff code of the waiter'), pin: ref('staff_pin', 'PIN of the waiter') }),
  out: z.object({ waiter: z.string().describe('Name of the waiter'), section: z.string().describe('Part of the room that is theirs'), tips_yesterday: money('Tips of the evening before') }),
  writes: ['session'],
  needs: [
    must('not_found', (state, args) => state.waiter.code === args.staff_code, (args) => `There is no staff code \`${args.staff_code}\`.`),
    must('precondition', (state, args) => state.waiter.pin === args.pin, () => 'The PIN does not belong to this staff code.'),
  ],
  run: ({ state }) => {
    state.session.signedIn = true;
    const rng = createRng(`${state.salt}/section`);
    return { waiter: state.waiter.name, section: rng.pick(['garden side', 'harbour side', 'upper floor', 'vault']), tips_yesterday: fromCents(rng.int(240, 960) * 10) };
  },
});

const findDish = tool({
  name: 'find_dish',
  about: 'Find a dish or drink by its name, with price and portions left. Tabs and notes go by its code.',
  in: z.strictObject({ dish_name: dishName }),
  out: z.object({ dish_id: dishId('Code of the dish or drink'), price: money('Price of a portion'), portions_left: z.int().describe('Portions the kitchen has left'), minutes: z.int().describe('Minutes it takes') }),
  needs: [must('not_found', (state, args) => findId(state.dishes, (one) => sameName(one.name, args.dish_name)) !== undefined, (args) => `\`${args.dish_name}\` is not on the menu.`)],
  run: ({ state }, args) => {
    const dish_id = findId(state.dishes, (one) => sameName(one.name, args.dish_name)) as string;
    const { priceCents, left, minutes } = rowOf(state.dishes, dish_id);
    return { dish_id, price: fromCents(priceCents), portions_left: left, minutes };
  },
});

const menuOfCourse = tool({
  name: 'menu_of_course',
  about: 'List what is on the menu for a course, with prices.',
  in: z.strictObject({ course: z.enum(COURSES).describe('Course of the menu') }),
  out: z.object({ dishes: z.array(z.object({ dish_id: dishId('Code of the dish or drink'), name: dishName, price: money('Price of a portion') })).describe('Dishes or drinks, by name') }),
  run: ({ state }, args) => ({ dishes: sortedBy(rowsOf(state.dishes, (one) => one.course === args.course), ([, one]) => one.name).map(([dish_id, one]) => ({ dish_id, name: one.name, price: fromCents(one.priceCents) })) }),
});

const dishFacts = tool({
  name: 'dish_facts',
  about: 'Show what guests ask about a dish: the main allergen, energy and where it comes from.',
  in: z.strictObject({ dish_id: dishId('Code of the dish or drink') }),
  out: z.object({ allergen: z.string().describe('Main allergen, or `none`'), kilocalories: z.int().describe('Energy of a portion in kilocalories'), grower: z.string().describe('Farm or fishery it comes from') }),
  needs: [dishExists((args) => args.dish_id)],
  run: ({ state }, args) => {
    const rng = createRng(`${state.salt}/facts/${args.dish_id}`);
    return { allergen: rng.pick(['gluten', 'milk', 'celery', 'shellfish', 'nuts', 'mustard', 'none']), kilocalories: rng.int(90, 940), grower: rng.pick(['Long Acre Farm', 'Tidewrack Fishery', 'Bramble End', 'Three Wells Dairy', 'Hollow Oak Orchard']) };
  },
});

const pairingNote = tool({
  name: 'pairing_note',
  about: 'Read what the house says about a dish with a drink: how well they go together and how to serve the drink.',
  in: z.strictObject({ dish_id: dishId('Code of the dish'), drink_id: dishId('Code of the drink') }),
  out: z.object({ score: z.int().describe('How well they go together, up to 100'), serve_at_degrees: z.int().describe('Temperature at which to serve the drink, in degrees Celsius'), glass: z.string().describe('Glass to serve it in') }),
  needs: [
    dishExists((args) => args.dish_id),
    dishExists((args) => args.drink_id),
    must('precondition', (state, args) => rowOf(state.dishes, args.drink_id).course === 'drink', (args) => `\`${args.drink_id}\` is not a drink.`),
    must('precondition', (state, args) => rowOf(state.dishes, args.dish_id).course !== 'drink', (args) => `\`${args.dish_id}\` is a drink, not a dish.`),
  ],
  run: ({ state }, args) => {
    const rng = createRng(`${state.salt}/pairing/${args.dish_id}/${args.drink_id}`);
    return { score: rng.int(34, 98), serve_at_degrees: rng.int(4, 16), glass: rng.pick(['tumbler', 'flute', 'goblet', 'stoneware cup', 'highball']) };
  },
});

// ---- guests and tables ----

const findReservation = tool({
  name: 'find_reservation',
  about: 'Find the reservation of a guest, with day, time and party.',
  in: z.strictObject({ guest_name: guestName }),
  out: z.object({ reservation_id: reservationId, date: z.iso.date().describe('Day of the reservation'), time: clock('Time of the reservation'), party: z.int().describe('Number of guests') }),
  needs: [shift, must('not_found', (state, args) => findId(state.reservations, (one) => sameName(one.guest, args.guest_name)) !== undefined, (args) => `There is no reservation for \`${args.guest_name}\`.`)],
  run: ({ state }, args) => {
    const reservation_id = findId(state.reservations, (one) => sameName(one.guest, args.guest_name)) as string;
    const { date, time, party } = rowOf(state.reservations, reservation_id);
    return { reservation_id, date, time, party };
  },
});

const listTables = tool({
  name: 'list_tables',
  about: 'List the tables with spot and seats, and whether they are free.',
  in: z.strictObject({}),
  out: z.object({ tables: z.array(z.object({ table_id: tableId, spot: z.string().describe('Where the table is'), seats: z.int().describe('Seats at the table'), free: z.boolean().describe('Whether nobody sits there') })).describe('The tables, by spot') }),
  needs: [shift],
  run: ({ state }) => ({ tables: sortedBy(rowsOf(state.tables), ([, one]) => one.spot).map(([table_id, one]) => ({ table_id, spot: one.spot, seats: one.seats, free: tabAt(state, table_id) === undefined })) }),
});

const seatParty = tool({
  name: 'seat_party',
  about: "Seat the party of one of today's reservations at a free table that is large enough. That opens its tab.",
  in: z.strictObject({ reservation_id: reservationId, table_id: tableId }),
  out: z.object({ tab_id: tabId, greeting_drink: z.string().describe('Drink that comes with the compliments of the house'), table_until: clock('Time until which the table is theirs') }),
  writes: ['tabs', 'reservations'],
  needs: [
    shift,
    exists('reservation', (state) => state.reservations, (args) => args.reservation_id),
    exists('table', (state) => state.tables, (args) => args.table_id),
    must('conflict', (state, args) => !rowOf(state.reservations, args.reservation_id).seated, (args) => `The party of \`${args.reservation_id}\` has been seated.`),
    must('precondition', (state, args) => rowOf(state.reservations, args.reservation_id).date === state.today, (args, state) => `Reservation \`${args.reservation_id}\` is for ${rowOf(state.reservations, args.reservation_id).date}, today is ${state.today}.`),
    must('conflict', (state, args) => tabAt(state, args.table_id) === undefined, (args) => `Table \`${args.table_id}\` is taken.`),
    must('precondition', (state, args) => rowOf(state.tables, args.table_id).seats >= rowOf(state.reservations, args.reservation_id).party, (args, state) => `Table \`${args.table_id}\` has ${rowOf(state.tables, args.table_id).seats} seats for a party of ${rowOf(state.reservations, args.reservation_id).party}.`),
  ],
  run: ({ state, id }, args) => {
    const reservation = rowOf(state.reservations, args.reservation_id);
    reservation.seated = true;
    const tab_id = id('OT', args.reservation_id, state.tabs);
    state.tabs[tab_id] = { guest: reservation.guest, table: args.table_id, status: 'open' };
    const rng = createRng(`${state.salt}/seat/${args.reservation_id}`);
    return { tab_id, greeting_drink: rng.pick(['sloe spritz', 'iced verbena', 'warm apple must', 'sea buckthorn fizz']), table_until: timeOf(minutesOf(reservation.time) + rng.int(6, 9) * 15) };
  },
});

const openTakeaway = tool({
  name: 'open_takeaway',
  about: 'Open a takeaway tab for a guest, collected between 17:00 and 22:00. A guest has one open takeaway at a time.',
  in: z.strictObject({ guest_name: guestName, collected_at: clock('Time at which it is collected').default('19:00') }),
  out: z.object({ tab_id: tabId, hatch: z.string().describe('Hatch at which it is handed out'), order_by: clock('Time by which dishes can be added') }),
  writes: ['tabs'],
  needs: [
    shift,
    must('precondition', (_state, args) => args.collected_at >= '17:00' && args.collected_at <= '22:00', (args) => `Takeaway is handed out between 17:00 and 22:00, not at ${args.collected_at}.`),
    must('conflict', (state, args) => !Object.values(state.tabs).some((one) => one.table === null && one.status !== 'paid' && sameName(one.guest, args.guest_name)), (args) => `There is an open takeaway for \`${args.guest_name}\`.`),
  ],
  run: ({ state, id }, args) => {
    const tab_id = id('OT', `takeaway/${args.guest_name.toLowerCase()}`, state.tabs);
    state.tabs[tab_id] = { guest: args.guest_name, table: null, status: 'open' };
    const rng = createRng(`${state.salt}/hatch/${tab_id}`);
    return { tab_id, hatch: rng.pick(['blue hatch', 'courtyard hatch', 'side door', 'quay hatch']), order_by: timeOf(minutesOf(args.collected_at) - rng.int(5, 9) * 5) };
  },
});

// ---- tabs, the kitchen and bills ----

const listTabs = tool({
  name: 'list_tabs',
  about: 'List the tabs that are not paid: guest, table, total and what has not been served.',
  in: z.strictObject({}),
  out: z.object({
    tabs: z.array(z.object({
      tab_id: tabId,
      guest: z.string().describe('Name of the guest'),
      spot: z.string().describe('Spot of the table, or `takeaway`'),
      total: tabTotal,
      not_served: z.int().describe('Portions not served yet'),
      status: z.enum(TAB_STATUSES).describe('Status of the tab'),
    })).describe('The tabs, by guest'),
  }),
  needs: [shift],
  run: ({ state }) => ({
    tabs: sortedBy(rowsOf(state.tabs, (one) => one.status !== 'paid'), ([id, one]) => `${one.guest} ${id}`).map(([tab_id, one]) => ({
      tab_id,
      guest: one.guest,
      spot: one.table === null ? 'takeaway' : rowOf(state.tables, one.table).spot,
      total: fromCents(totalCents(state, tab_id)),
      not_served: unserved(state, tab_id).reduce((sum, line) => sum + line.portions, 0),
      status: one.status,
    })),
  }),
});

const addToTab = tool({
  name: 'add_to_tab',
  about: 'Put portions of a dish or drink on an open tab. They go to the kitchen when the tab is sent.',
  in: z.strictObject({ tab_id: tabId, dish_id: dishId('Code of the dish or drink'), portions: z.int().min(1).max(6).default(1).describe('Number of portions') }),
  out: z.object({ line_price: money('Price of these portions'), tab_total: tabTotal, portions_left: z.int().describe('Portions the kitchen has left') }),
  writes: ['lines', 'dishes'],
  needs: [
    shift,
    ...tabOpen,
    dishExists((args) => args.dish_id),
    must('conflict', (state, args) => rowOf(state.dishes, args.dish_id).left >= args.portions, (args, state) => `The kitchen has ${rowOf(state.dishes, args.dish_id).left} portions of ${rowOf(state.dishes, args.dish_id).name} left.`),
  ],
  run: ({ state, id }, args) => {
    const dish = rowOf(state.dishes, args.dish_id);
    dish.left -= args.portions;
    state.lines[id('LI', `${args.tab_id}/${args.dish_id}`, state.lines)] = { tab: args.tab_id, dish: args.dish_id, portions: args.portions, ticket: null };
    return { line_price: fromCents(dish.priceCents * args.portions), tab_total: fromCents(totalCents(state, args.tab_id)), portions_left: dish.left };
  },
});

const sendToKitchen = tool({
  name: 'send_to_kitchen',
  about: 'Send all portions of a tab that the kitchen does not have yet, on one ticket.',
  in: z.strictObject({ tab_id: tabId }),
  out: z.object({ ticket_id: ticketId, portions: z.int().describe('Portions on the ticket'), ready_in_minutes: z.int().describe('Minutes until all of it is ready'), cook: z.string().describe('Cook in charge of the ticket') }),
  writes: ['tickets', 'lines'],
  needs: [
    shift,
    ...tabOpen,
    must('precondition', (state, args) => unsent(state, args.tab_id).length > 0, (args) => `Tab \`${args.tab_id}\` has nothing that the kitchen does not have.`),
  ],
  run: ({ state, id }, args) => {
    const lines = unsent(state, args.tab_id);
    const ticket_id = id('KT', args.tab_id, state.tickets);
    state.tickets[ticket_id] = { tab: args.tab_id, served: false };
    for (const [line] of lines) rowOf(state.lines, line).ticket = ticket_id;
    const rng = createRng(`${state.salt}/ticket/${ticket_id}`);
    const slowest = Math.max(...lines.map(([, one]) => rowOf(state.dishes, one.dish).minutes));
    return { ticket_id, portions: sumOf(lines, ([, one]) => one.portions), ready_in_minutes: slowest + rng.int(8, 19), cook: rng.pick(['Anselm', 'Birgit', 'Chidi', 'Donata', 'Efrem']) };
  },
});

const serveTicket = tool({
  name: 'serve_ticket',
  about: 'Note that everything on a kitchen ticket has been served or handed out.',
  in: z.strictObject({ ticket_id: ticketId }),
  out: z.object({ guest: z.string().describe('Guest who was served'), pass_number: z.int().describe('Number of the pass it came from'), still_in_kitchen: z.int().describe('Portions of the tab that are still in the kitchen') }),
  writes: ['tickets'],
  needs: [
    shift,
    exists('ticket', (state) => state.tickets, (args) => args.ticket_id),
    must('conflict', (state, args) => !rowOf(state.tickets, args.ticket_id).served, (args) => `Ticket \`${args.ticket_id}\` has been served.`),
  ],
  run: ({ state }, args) => {
    const ticket = rowOf(state.tickets, args.ticket_id);
    ticket.served = true;
    return { guest: rowOf(state.tabs, ticket.tab).guest, pass_number: createRng(`${state.salt}/pass/${args.ticket_id}`).int(11, 49), still_in_kitchen: unserved(state, ticket.tab).filter((one) => one.ticket !== null).reduce((sum, one) => sum + one.portions, 0) };
  },
});

const makeBill = tool({
  name: 'make_bill',
  about: 'Make the bill of a tab on which everything has been served. Afterwards nothing can be added.',
  in: z.strictObject({ tab_id: tabId, service: z.enum(['included', 'not_included']).default('included').describe('Whether ten percent for service are added') }),
  out: z.object({ bill_id: billId, total: money('Total of the bill'), service_charge: money('Service charge in it'), bill_number: z.string().describe('Number printed on the bill') }),
  writes: ['tabs', 'bills'],
  needs: [
    shift,
    ...tabOpen,
    must('precondition', (state, args) => linesOf(state, args.tab_id).length > 0, (args) => `There is nothing on tab \`${args.tab_id}\`.`),
    must('precondition', (state, args) => unserved(state, args.tab_id).length === 0, (args) => `Not everything on tab \`${args.tab_id}\` has been served.`),
  ],
  run: ({ state, id }, args) => {
    const goods = totalCents(state, args.tab_id);
    const charge = args.service === 'included' ? Math.round(goods / 10) : 0;
    const bill_id = id('BL', args.tab_id, state.bills);
    tabOf(state, args).status = 'billed';
    state.bills[bill_id] = { tab: args.tab_id, totalCents: goods + charge, giftCard: null, dueCents: goods + charge, paid: false };
    return { bill_id, total: fromCents(goods + charge), service_charge: fromCents(charge), bill_number: String(createRng(`${state.salt}/bill/${args.tab_id}`).int(30_000, 99_999)) };
  },
});

const applyGiftCard = tool({
  name: 'apply_gift_card',
  about: 'Take a gift card off an unpaid bill, as much as is on it. A bill takes one gift card.',
  in: z.strictObject({ bill_id: billId, gift_card_code: ref('gift_card_code', 'Code on the gift card') }),
  out: z.object({ taken_off: money('Amount taken off the bill'), left_to_pay: money('Amount left to pay'), left_on_card: money('Amount left on the gift card') }),
  writes: ['bills', 'giftCards'],
  needs: [
    shift,
    ...billUnpaid,
    exists('gift card', (state) => state.giftCards, (args) => args.gift_card_code),
    must('conflict', (state, args) => rowOf(state.bills, args.bill_id).giftCard === null, (args) => `Bill \`${args.bill_id}\` has a gift card already.`),
    must('precondition', (state, args) => rowOf(state.giftCards, args.gift_card_code).leftCents > 0, () => 'Nothing is left on this gift card.'),
  ],
  run: ({ state }, args) => {
    const [bill, card] = [rowOf(state.bills, args.bill_id), rowOf(state.giftCards, args.gift_card_code)];
    const taken = Math.min(bill.dueCents, card.leftCents);
    bill.giftCard = args.gift_card_code;
    bill.dueCents -= taken;
    card.leftCents -= taken;
    return { taken_off: fromCents(taken), left_to_pay: fromCents(bill.dueCents), left_on_card: fromCents(card.leftCents) };
  },
});

const payBill = tool({
  name: 'pay_bill',
  about: 'Take the payment of a bill, with a tip. Its table is free again.',
  in: z.strictObject({ bill_id: billId, method: z.enum(['card', 'cash', 'staff_account']).describe('How it is paid'), tip_percent: z.int().min(0).max(15).default(0).describe('Tip, in percent of what is due') }),
  out: z.object({ amount_paid: money('Amount paid with the tip'), tip: money('Tip in it'), receipt_number: z.string().describe('Number of the receipt'), thank_you_sweet: z.string().describe('Sweet that goes with the receipt') }),
  writes: ['bills', 'tabs'],
  needs: [shift, ...billUnpaid],
  run: ({ state }, args) => {
    const bill = rowOf(state.bills, args.bill_id);
    bill.paid = true;
    rowOf(state.tabs, bill.tab).status = 'paid';
    const tip = Math.round((bill.dueCents * args.tip_percent) / 100);
    const rng = createRng(`${state.salt}/receipt/${args.bill_id}`);
    return { amount_paid: fromCents(bill.dueCents + tip), tip: fromCents(tip), receipt_number: String(rng.int(400_000, 999_999)), thank_you_sweet: rng.pick(['salted toffee', 'aniseed drop', 'candied peel', 'almond shard']) };
  },
});

/** The tools of the restaurant, as its floor assistant would be given them. */
export const restaurantTools: readonly DomainTool<RestaurantState>[] = [
  clockIn,
  findDish,
  menuOfCourse,
  dishFacts,
  pairingNote,
  findReservation,
  listTables,
  seatParty,
  openTakeaway,
  listTabs,
  addToTab,
  sendToKitchen,
  serveTicket,
  makeBill,
  applyGiftCard,
  payBill,
];
