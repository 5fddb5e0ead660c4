import { createGuildWorld } from '../../../src/worlds/builtin/guild';
import { rowsIn, rowWith, talkTo } from '../../fixtures/talk';

async function inGuild() {
  const talk = await talkTo(createGuildWorld());
  const { say, ask, get } = talk;
  await ask('show_guild_mark', { member_name: say.member_name as string, guild_mark: say.guild_mark as string });
  const post = (fact: string): Promise<string> => get('find_post', 'post_id', { post_name: say[fact] as string });
  const caravan = (fact: string): Promise<string> => get('find_caravan', 'caravan_id', { caravan_name: say[fact] as string });
  return { ...talk, home: await post('home_post'), post, caravan };
}

test('a price is haggled down, the deal loaded on the caravan at that post, and the caravan travels', async () => {
  const { ask, get, attempt, say, home, post, caravan } = await inGuild();
  const merchant_id = rowsIn(await ask('list_merchants', { post_id: home }), 'merchants')[0]?.merchant_id as string;
  const first = await ask('open_haggle', { merchant_id, sacks: say.sacks_wanted as string });
  const quote_id = first.quote_id as string;
  const lower = await ask('press_merchant', { quote_id });
  expect(lower.total).toBeLessThan(first.total as number);
  for (const _ of [1, 2]) await attempt('press_merchant', { quote_id });
  expect(await attempt('press_merchant', { quote_id })).toMatchObject({ fault: 'conflict' });
  expect(await attempt('strike_deal', { quote_id, caravan_id: await caravan('second_caravan') })).toMatchObject({ fault: 'precondition' });
  const caravan_id = await caravan('first_caravan');
  const cargo_id = await get('strike_deal', 'cargo_id', { quote_id, caravan_id });
  expect(await attempt('strike_deal', { quote_id, caravan_id })).toMatchObject({ fault: 'conflict' });
  expect(rowWith(await ask('list_cargo', { caravan_id }), 'cargoes', { cargo_id })).toMatchObject({ sacks: say.sacks_wanted });
  const roads = await ask('find_roads', { from_post: home, to_post: await post('far_post') });
  const road_id = rowsIn(roads, 'roads')[0]?.road_id as string;
  const journey_id = await get('send_caravan', 'journey_id', { caravan_id, road_id });
  expect(await attempt('send_caravan', { caravan_id, road_id })).toMatchObject({ fault: 'conflict' });
  expect(await ask('meet_caravan', { journey_id })).toMatchObject({ stands_at: say.far_post });
});

test('an order is filled from a cargo that was brought to its post, once, and its seal makes reputation', async () => {
  const { ask, get, attempt, home, post, caravan } = await inGuild();
  const caravan_id = await caravan('third_caravan');
  const cargo = rowsIn(await ask('list_cargo', { caravan_id }), 'cargoes')[0] as { cargo_id: string; ware_name: string; sacks: number };
  const { order_id, sacks, reward } = rowWith(await ask('read_notice_board', { post_id: home }), 'orders', { ware_name: cargo.ware_name }) as { order_id: string; sacks: number; reward: number };
  const delivery = { cargo_id: cargo.cargo_id, order_id };
  expect(await attempt('fill_order', delivery)).toMatchObject({ fault: 'precondition', message: expect.stringContaining('stands at') });
  const roads = await ask('find_roads', { from_post: await post('third_post'), to_post: home });
  const journey_id = await get('send_caravan', 'journey_id', { caravan_id, road_id: rowsIn(roads, 'roads')[0]?.road_id as string });
  await ask('meet_caravan', { journey_id });
  const filled = await ask('fill_order', delivery);
  expect(filled).toMatchObject({ reward, sacks_left: cargo.sacks - sacks });
  expect(await attempt('fill_order', delivery)).toMatchObject({ fault: 'conflict' });
  const before = await ask('show_standing');
  const entered = await ask('enter_seal', { delivery_seal: filled.delivery_seal as string });
  expect(entered.reputation).toBe((before.reputation as number) + (entered.points_gained as number));
  expect(await attempt('enter_seal', { delivery_seal: filled.delivery_seal as string })).toMatchObject({ fault: 'conflict' });
});

test('the wrong ware fills no order, and strangers see no notice board', async () => {
  const { ask, attempt, caravan, home } = await inGuild();
  const cargo = rowsIn(await ask('list_cargo', { caravan_id: await caravan('third_caravan') }), 'cargoes')[0] as { cargo_id: string; ware_name: string };
  const other = rowsIn(await ask('read_notice_board', { post_id: home }), 'orders').find((row) => row.ware_name !== cargo.ware_name);
  expect(await attempt('fill_order', { cargo_id: cargo.cargo_id, order_id: other?.order_id as string })).toMatchObject({ fault: 'conflict' });
  const stranger = await talkTo(createGuildWorld());
  expect(await stranger.attempt('read_notice_board', { post_id: home })).toMatchObject({ fault: 'precondition' });
});
