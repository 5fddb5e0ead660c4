import { createFarmWorld } from '../../../src/worlds/builtin/farm';
import { rowsIn, talkTo } from '../../fixtures/talk';

async function onFarm() {
  const talk = await talkTo(createFarmWorld());
  const { say, ask, get } = talk;
  await ask('load_farm', { farm_name: say.farm_name as string, save_word: say.save_word as string });
  const plot = (fact: string): Promise<string> => get('find_plot', 'plot_id', { plot_name: say[fact] as string });
  const village_id = await get('find_village', 'village_id', { village_name: say.near_village as string });
  return { ...talk, plot, village_id };
}

/** A bag of seed that suits the soil of the plot the user wants to work next. */
async function withSeed() {
  const talk = await onFarm();
  const { say, ask, get, village_id, plot } = talk;
  const { soil, beds } = await ask('find_plot', { plot_name: say.fallow_plot as string });
  const lot = rowsIn(await ask('browse_seed_shop', { village_id }), 'lots').find((row) => (row.soils as string).includes(soil as string));
  const bag_id = await get('buy_seed', 'bag_id', { lot_id: lot?.lot_id as string, packets: beds as number });
  return { ...talk, lot, bag_id, plot_id: await plot('fallow_plot') };
}

test('seed is bought, a plot ploughed and sown, days pass, and the harvest is sold at the market of the day', async () => {
  const { ask, get, attempt, lot, bag_id, plot_id, village_id } = await withSeed();
  expect(await attempt('sow_plot', { plot_id, bag_id })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('Plough') });
  await ask('plough_plot', { plot_id });
  const planting_id = await get('sow_plot', 'planting_id', { plot_id, bag_id });
  const { expected_kilos } = await ask('water_planting', { planting_id });
  expect(await attempt('water_planting', { planting_id })).toMatchObject({ fault: 'conflict' });
  expect(await attempt('harvest_planting', { planting_id })).toMatchObject({ fault: 'precondition' });
  await ask('let_days_pass', { days: 4 });
  if ((lot?.ripens_in as number) > 4) await ask('let_days_pass', { days: (lot?.ripens_in as number) - 4 });
  const { crate_id, kilos } = await ask('harvest_planting', { planting_id });
  expect(kilos).toBe(expected_kilos);
  const stale = await get('request_offer', 'offer_id', { crate_id: crate_id as string, village_id });
  await ask('let_days_pass', { days: 1 });
  expect(await attempt('accept_offer', { offer_id: stale })).toMatchObject({ fault: 'conflict' });
  const offer = await ask('request_offer', { crate_id: crate_id as string, village_id });
  expect(offer.total).toBe((kilos as number) * (offer.price_per_kilo as number));
  await ask('accept_offer', { offer_id: offer.offer_id as string });
  expect(await attempt('accept_offer', { offer_id: offer.offer_id as string })).toMatchObject({ fault: 'conflict', message: expect.stringContaining('sold') });
});

test('what is left too long withers, and is ploughed under', async () => {
  const { ask, get, attempt, plot } = await onFarm();
  const plot_id = await plot('ripe_plot');
  const planting_id = await get('inspect_plot', 'planting_id', { plot_id });
  expect(await attempt('plough_plot', { plot_id })).toMatchObject({ fault: 'conflict' });
  for (const days of [7, 7, 1]) await ask('let_days_pass', { days });
  expect(await attempt('harvest_planting', { planting_id })).toMatchObject({ fault: 'conflict', message: expect.stringContaining('withered') });
  await ask('plough_plot', { plot_id });
  expect(await attempt('inspect_plot', { plot_id })).toMatchObject({ fault: 'precondition' });
});

test('the better of two markets pays what its offer says', async () => {
  const { ask, get, say, village_id } = await onFarm();
  const second = await get('find_village', 'village_id', { village_name: say.far_village as string });
  const crate = rowsIn(await ask('list_crates'), 'crates')[0];
  const { better_village, better_price } = await ask('compare_markets', { first_village: village_id, second_village: second, crop_name: crate?.crop_name as string });
  const best = better_village === say.near_village ? village_id : second;
  expect(await ask('request_offer', { crate_id: crate?.crate_id as string, village_id: best })).toMatchObject({ price_per_kilo: better_price });
});
