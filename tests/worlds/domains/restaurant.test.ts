import { createRestaurantWorld } from '../../../src/worlds/builtin/restaurant';
import { rowsIn, rowWith, talkTo, type Talk } from '../../fixtures/talk';

const world = createRestaurantWorld();

async function clockedIn(): Promise<Talk> {
  const chat = await talkTo(world);
  await chat.ask('clock_in', { staff_code: chat.say.staff_code as string, pin: chat.say.staff_pin as string });
  return chat;
}

const tableFor = async ({ ask }: Talk, party: number): Promise<string> =>
  rowsIn(await ask('list_tables'), 'tables').find((one) => one.free === true && (one.seats as number) >= party)?.table_id as string;

describe('an evening', () => {
  test('a party is seated, orders, is served, gets a bill, and leaves its table free', async () => {
    const chat = await clockedIn();
    const { ask, get, attempt, say } = chat;
    const { reservation_id, party } = await ask('find_reservation', { guest_name: say.guest_1 as string });
    const table_id = await tableFor(chat, party as number);
    const seat = { reservation_id: reservation_id as string, table_id };
    const tab_id = await get('seat_party', 'tab_id', seat);
    expect(await attempt('seat_party', seat)).toMatchObject({ fault: 'conflict' });

    expect(await attempt('make_bill', { tab_id })).toMatchObject({ fault: 'precondition' });
    const dish_id = await get('find_dish', 'dish_id', { dish_name: say.wanted_main as string });
    const { tab_total } = await ask('add_to_tab', { tab_id, dish_id, portions: 2 });
    expect(await attempt('make_bill', { tab_id })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('served') });
    const ticket_id = await get('send_to_kitchen', 'ticket_id', { tab_id });
    expect(await attempt('send_to_kitchen', { tab_id })).toMatchObject({ fault: 'precondition' });
    await ask('serve_ticket', { ticket_id });

    const bill = await ask('make_bill', { tab_id });
    expect(bill.total).toBeCloseTo((tab_total as number) * 1.1, 1);
    expect(await attempt('add_to_tab', { tab_id, dish_id })).toMatchObject({ fault: 'conflict' });
    const bill_id = bill.bill_id as string;
    const off = await ask('apply_gift_card', { bill_id, gift_card_code: say.gift_card as string });
    expect((off.taken_off as number) + (off.left_to_pay as number)).toBeCloseTo(bill.total as number, 2);
    expect(rowWith(await ask('list_tables'), 'tables', { table_id }).free).toBe(false);
    expect((await ask('pay_bill', { bill_id, method: 'cash' })).amount_paid).toBe(off.left_to_pay);
    expect(await attempt('pay_bill', { bill_id, method: 'cash' })).toMatchObject({ fault: 'conflict' });
    expect(rowWith(await ask('list_tables'), 'tables', { table_id }).free).toBe(true);
  });

  test('nobody is seated a day early, at a taken table or at one that is too small', async () => {
    const chat = await clockedIn();
    const { ask, get, attempt, say } = chat;
    const tomorrow = await get('find_reservation', 'reservation_id', { guest_name: say.guest_3 as string });
    expect(await attempt('seat_party', { reservation_id: tomorrow, table_id: await tableFor(chat, 8) })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('today is') });
    const { reservation_id } = await ask('find_reservation', { guest_name: say.guest_2 as string });
    const tables = rowsIn(await ask('list_tables'), 'tables');
    const [taken, small] = [tables.find((one) => one.free === false), tables.find((one) => one.free === true && one.seats === 2)];
    expect(await attempt('seat_party', { reservation_id: reservation_id as string, table_id: taken?.table_id as string })).toMatchObject({ fault: 'conflict' });
    expect(await attempt('seat_party', { reservation_id: reservation_id as string, table_id: small?.table_id as string })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('seats') });
  });

  test('a guest has one takeaway at a time, and the kitchen no more than it has', async () => {
    const { ask, get, attempt, say } = await clockedIn();
    const takeaway = { guest_name: say.guest_2 as string, collected_at: say.collection_time as string };
    const tab_id = await get('open_takeaway', 'tab_id', takeaway);
    expect(await attempt('open_takeaway', takeaway)).toMatchObject({ fault: 'conflict' });
    expect(await attempt('open_takeaway', { guest_name: say.guest_1 as string, collected_at: '23:10' })).toMatchObject({ fault: 'precondition' });
    const { dish_id, portions_left } = await ask('find_dish', { dish_name: say.wanted_drink as string });
    const order = { tab_id, dish_id: dish_id as string };
    for (let left = portions_left as number; left > 0; left -= Math.min(6, left)) await ask('add_to_tab', { ...order, portions: Math.min(6, left) });
    expect(await attempt('add_to_tab', order)).toMatchObject({ fault: 'conflict' });
  });

  test('a drink goes with a dish, not with another drink', async () => {
    const { ask, get, attempt, say } = await clockedIn();
    const [dish_id, drink_id] = [await get('find_dish', 'dish_id', { dish_name: say.wanted_starter as string }), await get('find_dish', 'dish_id', { dish_name: say.wanted_drink as string })];
    await ask('pairing_note', { dish_id, drink_id });
    expect(await attempt('pairing_note', { dish_id: drink_id, drink_id: dish_id })).toMatchObject({ fault: 'precondition' });
  });
});
