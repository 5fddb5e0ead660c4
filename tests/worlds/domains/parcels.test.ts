import { createParcelsWorld } from '../../../src/worlds/builtin/parcels';
import { rowsIn, rowWith, talkTo, type Talk } from '../../fixtures/talk';

const world = createParcelsWorld();

async function loggedIn(): Promise<Talk> {
  const chat = await talkTo(world);
  await chat.ask('log_in_sender', { sender_number: chat.say.sender_number as string, pin: chat.say.pin as string });
  return chat;
}

/** A parcel from home to a company, labelled and not handed over. */
async function labelled() {
  const chat = await loggedIn();
  const { ask, get, say } = chat;
  const from_postcode = await get('find_postcode', 'postcode', { address: say.home_address as string });
  const to_postcode = await get('find_business', 'postcode', { company_name: say.repair_company as string });
  const quote = await ask('quote_rate', { from_postcode, to_postcode, kilograms: 3 });
  const label = await ask('buy_label', { quote_id: quote.quote_id as string, recipient_name: say.friend_name as string });
  return { ...chat, from_postcode, quote, label, parcel_id: label.parcel_id as string };
}

/** A window of the first days that still has a place. */
async function freeWindow({ ask, say }: Talk, parcel_id: string): Promise<string> {
  for (const date of [say.pickup_day, say.other_pickup_day] as string[]) {
    const free = rowsIn(await ask('pickup_windows', { parcel_id, date }), 'windows').find((one) => (one.places_left as number) > 0);
    if (free) return free.window_id as string;
  }
  throw new Error('Expected a free window on one of two days');
}

describe('parcels', () => {
  test('two postcodes make a quote, the quote a label, and a pickup fetches the parcel', async () => {
    const chat = await labelled();
    const { ask, label, parcel_id } = chat;
    const pickup = await ask('book_pickup', { parcel_id, window_id: await freeWindow(chat, parcel_id) });
    expect(await ask('track_parcel', { tracking_number: label.tracking_number as string })).toMatchObject({ status: 'pickup_booked' });
    expect(await ask('cancel_pickup', { pickup_id: pickup.pickup_id as string })).toMatchObject({ recipient: chat.say.friend_name });
    const shop_id = await chat.get('nearest_parcel_shop', 'shop_id', { postcode: chat.from_postcode });
    await ask('drop_off_parcel', { parcel_id, shop_id });
    expect(await ask('track_parcel', { tracking_number: label.tracking_number as string })).toMatchObject({ status: 'in_transit' });
  });

  test('a cancelled label gives back what it and its insurance cost', async () => {
    const { ask, say, quote, parcel_id } = await labelled();
    const { premium } = await ask('insure_parcel', { parcel_id, declared_value: say.present_value as string });
    const { given_back } = await ask('cancel_label', { parcel_id });
    expect(given_back).toBeCloseTo((quote.price as number) + (premium as number), 2);
  });

  test('a quote makes one label, and a booked pickup stands in the way of dropping off and cancelling', async () => {
    const chat = await labelled();
    const { ask, attempt, get, quote, parcel_id, say } = chat;
    expect(await attempt('buy_label', { quote_id: quote.quote_id as string, recipient_name: say.buyer_name as string })).toMatchObject({ fault: 'conflict' });
    await ask('book_pickup', { parcel_id, window_id: await freeWindow(chat, parcel_id) });
    const shop_id = await get('nearest_parcel_shop', 'shop_id', { postcode: chat.from_postcode });
    expect(await attempt('drop_off_parcel', { parcel_id, shop_id })).toMatchObject({ fault: 'conflict' });
    expect(await attempt('cancel_label', { parcel_id })).toMatchObject({ fault: 'conflict' });
  });

  test('only parcels under way are redirected, and only delivered ones inquired about', async () => {
    const { ask, attempt, get, say } = await loggedIn();
    const list = await ask('list_parcels');
    const underWay = rowWith(list, 'parcels', { status: 'in_transit' });
    const delivered = rowWith(list, 'parcels', { status: 'delivered' });
    const new_postcode = await get('find_business', 'postcode', { company_name: say.returns_company as string });
    expect(await attempt('redirect_parcel', { parcel_id: delivered.parcel_id as string, new_postcode })).toMatchObject({ fault: 'conflict' });
    await ask('redirect_parcel', { parcel_id: underWay.parcel_id as string, new_postcode });
    expect(await attempt('open_inquiry', { tracking_number: underWay.tracking_number as string, trouble: 'damaged' })).toMatchObject({ fault: 'precondition' });
    expect(await ask('open_inquiry', { tracking_number: delivered.tracking_number as string, trouble: 'damaged' })).toMatchObject({ covered_up_to: 50 });
  });
});
