import { createWarehouseWorld } from '../../../src/worlds/builtin/warehouse';
import { rowsIn, rowWith, talkTo, type Talk } from '../../fixtures/talk';

const world = createWarehouseWorld();

async function onShift(): Promise<Talk> {
  const chat = await talkTo(world);
  await chat.ask('open_shift', { badge: chat.say.badge as string, pin: chat.say.pin as string });
  return chat;
}

const orderOf = async ({ ask, say }: Talk, customer: string): Promise<string> => rowsIn(await ask('find_customer_orders', { customer: say[customer] as string }), 'orders')[0]?.order_number as string;

describe('from the truck to the carton', () => {
  test('an order waits until what it lacks is received, inspected and put away; then it is picked, packed and collected', async () => {
    const chat = await onShift();
    const { ask, get, attempt, say } = chat;
    const order_number = await orderOf(chat, 'customer_2');
    const lacks = await attempt('start_picking', { order_number });
    expect(lacks).toMatchObject({ fault: 'precondition', message: expect.stringContaining('not enough pieces') });

    const delivery = rowsIn(await ask('find_purchase_orders', { supplier: say.supplier_1 as string }), 'purchase_orders')[0];
    const lines = rowsIn(await ask('purchase_order_lines', { po_number: delivery?.po_number as string }), 'lines');
    const line = lines.find((one) => JSON.stringify(lacks).includes(one.article as string));
    const pallet_id = await get('receive_pallet', 'pallet_id', { line_id: line?.line_id as string, quantity: 4 });
    expect(await attempt('propose_bins', { pallet_id })).toMatchObject({ fault: 'precondition' });
    await ask('inspect_pallet', { pallet_id, condition: 'sound' });
    const bin = rowsIn(await ask('propose_bins', { pallet_id }), 'bins')[0];
    await ask('put_away', { pallet_id, bin_id: bin?.bin_id as string });

    const picks = rowsIn(await ask('start_picking', { order_number }), 'picks');
    expect(await attempt('pack_order', { order_number, carton: 'large' })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('picks') });
    for (const pick of picks) await ask('confirm_pick', { pick_id: pick.pick_id as string });
    expect(await attempt('confirm_pick', { pick_id: picks[0]?.pick_id as string })).toMatchObject({ fault: 'conflict' });
    const carton_id = await get('pack_order', 'carton_id', { order_number, carton: 'large' });
    await ask('book_collection', { carton_id, date: say.collection_day as string });
    expect(rowWith(await ask('find_customer_orders', { customer: say.customer_2 as string }), 'orders', { order_number }).status).toBe('collected');
  });

  test('a truck that is still on its way is not unloaded, and no more is received than was ordered', async () => {
    const { ask, attempt, say } = await onShift();
    const [here, coming] = rowsIn(await ask('find_purchase_orders', { supplier: say.supplier_2 as string }), 'purchase_orders');
    const lineIn = async (order: typeof here) => rowsIn(await ask('purchase_order_lines', { po_number: order?.po_number as string }), 'lines')[0]?.line_id as string;
    expect(await attempt('receive_pallet', { line_id: await lineIn(coming), quantity: 1 })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('truck') });
    const line_id = await lineIn(here);
    const results = [];
    for (const quantity of [10, 10, 10]) results.push(await attempt('receive_pallet', { line_id, quantity }));
    expect(results[2]).toMatchObject({ fault: 'conflict' });
  });
});

describe('bins and pallets', () => {
  test('a quarantined pallet goes back to its supplier and into no bin', async () => {
    const { ask, attempt } = await onShift();
    const { pallet_id } = rowWith(await ask('dock_pallets'), 'pallets', { status: 'quarantined' });
    expect(await attempt('propose_bins', { pallet_id: pallet_id as string })).toMatchObject({ fault: 'conflict' });
    await ask('return_to_supplier', { pallet_id: pallet_id as string });
    expect(rowsIn(await ask('dock_pallets'), 'pallets').map((one) => one.pallet_id)).not.toContain(pallet_id);
  });

  test('what is set aside for picks is not moved', async () => {
    const chat = await onShift();
    const { ask, get, attempt, say } = chat;
    const sku = await get('find_article', 'sku', { article_name: say.article_1 as string });
    const bins = rowsIn(await ask('article_bins', { sku }), 'bins');
    const [full, empty] = [bins.find((one) => (one.pieces as number) > 0), bins.find((one) => one.pieces === 0)];
    const move = { sku, from_bin: full?.bin_id as string, to_bin: empty?.bin_id as string };
    await ask('start_picking', { order_number: await orderOf(chat, 'customer_1') });
    const free = rowWith(await ask('article_bins', { sku }), 'bins', { bin_id: full?.bin_id as string }).not_set_aside as number;
    expect(free).toBeLessThan(full?.pieces as number);
    for (let left = free; left > 0; left -= Math.min(12, left)) await ask('move_stock', { ...move, quantity: Math.min(12, left) });
    expect(await attempt('move_stock', { ...move, quantity: 1 })).toMatchObject({ fault: 'precondition' });
  });
});
