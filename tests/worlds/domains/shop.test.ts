import { createShopWorld } from '../../../src/worlds/builtin/shop';
import { rowsIn, rowWith, talkTo, type Talk } from '../../fixtures/talk';

const world = createShopWorld();

async function signedIn(): Promise<Talk> {
  const chat = await talkTo(world);
  await chat.ask('sign_in', { email: chat.say.email as string, passphrase: chat.say.passphrase as string });
  return chat;
}

/** A basket of the user's own with two pieces of something that is in stock. */
async function filled() {
  const chat = await signedIn();
  const [product] = rowsIn(await chat.ask('search_catalogue', { product_type: chat.say.wanted_type_1 as string }), 'products');
  const variants = rowsIn(await chat.ask('list_variants', { product_id: product?.product_id as string }), 'variants');
  const variant = variants.find((one) => (one.in_stock as number) >= 2) as (typeof variants)[number];
  const basket_id = await chat.get('open_basket', 'basket_id', { recipient: chat.say.own_name as string });
  await chat.ask('add_to_basket', { basket_id, variant_id: variant.variant_id as string, quantity: 2 });
  return { ...chat, variant, basket_id };
}

describe('from a search to an order', () => {
  test('a basket is quoted to a pick-up point, ordered from store credit, and paid back when it is cancelled', async () => {
    const { ask, get, say, basket_id, variant } = await filled();
    const destination_id = await get('find_pickup_point', 'destination_id', { district: say.district_2 as string });
    const quote = await ask('quote_delivery', { basket_id, destination_id, speed: 'express' });
    expect(quote.total_price).toBeCloseTo(2 * (variant.price as number) + (quote.delivery_price as number), 2);
    const order = await ask('check_out', { delivery_quote_id: quote.delivery_quote_id as string, payment: 'store_credit' });
    expect(order.amount_paid).toBe(quote.total_price);
    const order_number = order.order_number as string;
    expect(rowWith(await ask('list_orders'), 'orders', { order_number })).toMatchObject({ status: 'processing', total: quote.total_price });
    expect(rowsIn(await ask('order_contents', { order_number }), 'items')).toMatchObject([{ quantity: 2, colour: variant.colour }]);
    expect((await ask('call_off_order', { order_number })).store_credit).toBeCloseTo((order.store_credit_left as number) + (order.amount_paid as number), 2);
  });

  test('a quote is worth nothing once its basket has changed', async () => {
    const { ask, get, attempt, say, basket_id } = await filled();
    const destination_id = await get('save_address', 'destination_id', { street: say.street as string, postcode: say.postcode as string });
    const delivery_quote_id = await get('quote_delivery', 'delivery_quote_id', { basket_id, destination_id });
    await ask('apply_voucher', { basket_id, voucher_code: say.voucher_code as string });
    expect(await attempt('check_out', { delivery_quote_id, payment: 'card' })).toMatchObject({ fault: 'conflict', message: expect.stringContaining('new delivery quote') });
  });

  test('a basket takes one voucher, and a recipient has one open basket', async () => {
    const { ask, attempt, say, basket_id } = await filled();
    expect(await attempt('open_basket', { recipient: say.own_name as string })).toMatchObject({ fault: 'conflict' });
    await ask('apply_voucher', { basket_id, voucher_code: say.voucher_code as string });
    expect(await attempt('apply_voucher', { basket_id, voucher_code: say.voucher_code as string })).toMatchObject({ fault: 'conflict' });
  });

  test('a basket holds no more of a variant than is in stock', async () => {
    const { ask, attempt, basket_id, variant } = await filled();
    const more = (variant.in_stock as number) - 2;
    if (more > 0) await ask('add_to_basket', { basket_id, variant_id: variant.variant_id as string, quantity: Math.min(6, more) });
    expect(await attempt('add_to_basket', { basket_id, variant_id: variant.variant_id as string, quantity: 6 })).toMatchObject({ fault: 'conflict' });
  });
});

describe('returns', () => {
  test('an item delivered lately is returned once and collected once, an old one not at all', async () => {
    const { ask, get, attempt, say } = await signedIn();
    const delivered = rowsIn(await ask('list_orders'), 'orders').filter((one) => one.status === 'delivered');
    const [late, old] = await Promise.all(delivered.map(async (one) => rowsIn(await ask('order_contents', { order_number: one.order_number as string }), 'items')[0]?.item_id as string));
    const return_number = await get('start_return', 'return_number', { item_id: late as string, reason: 'faulty' });
    expect(await attempt('start_return', { item_id: late as string, reason: 'faulty' })).toMatchObject({ fault: 'conflict' });
    expect(await attempt('start_return', { item_id: old as string, reason: 'faulty' })).toMatchObject({ fault: 'precondition' });
    await ask('book_return_collection', { return_number, date: say.collection_date as string });
    expect(await attempt('book_return_collection', { return_number, date: say.other_collection_date as string })).toMatchObject({ fault: 'conflict' });
  });

  test('what is being processed has no parcel to track, what is shipped cannot be cancelled', async () => {
    const { ask, attempt } = await signedIn();
    const orders = await ask('list_orders');
    expect(await attempt('track_order', { order_number: rowWith(orders, 'orders', { status: 'processing' }).order_number as string })).toMatchObject({ fault: 'precondition' });
    expect(await attempt('call_off_order', { order_number: rowWith(orders, 'orders', { status: 'shipped' }).order_number as string })).toMatchObject({ fault: 'conflict' });
  });
});
