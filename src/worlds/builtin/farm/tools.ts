import { z } from 'zod';
import { createRng } from '../../../core/random';
import { enough, findId, rowOf, rowsOf, sameName, signedIn, sortedBy } from '../combinators';
import { exists, must, ref, toolsOn, type DomainTool, type Need } from '../domain';
import { CROPS, SOILS, WITHERS_AFTER, type FarmState, type Planting } from './state';

const tool = toolsOn<FarmState>();

// ---- fields that several tools share ----

const plotId = ref('plot_id', 'Code of a plot of the farm, as given by find_plot');
const villageId = (description: string): z.ZodString => ref('village_id', description);
const lotId = ref('lot_id', 'Code of a lot of seed, as given by browse_seed_shop');
const bagId = ref('bag_id', 'Code of a bag of seed in the chest');
const plantingId = ref('planting_id', 'Code of what grows on a plot');
const crateId = ref('crate_id', 'Code of a crate in the barn');
const offerId = ref('offer_id', 'Code of an offer of a market, as given by request_offer');
const cropName = ref('crop_name', 'Name of the crop');
const coins = (description: string): z.ZodInt => z.int().min(0).describe(`${description}, in coins`);
const days = (description: string): z.ZodInt => z.int().describe(`${description}, in days`);

// ---- needs ----

type OfPlot = { plot_id: string };
type OfPlanting = { planting_id: string };

const loaded = signedIn<FarmState>();
const plotExists = exists<FarmState, OfPlot>('plot', (state) => state.plots, (args) => args.plot_id);
const villageExists = <A>(read: (args: A) => string): Need<FarmState, A> => exists('village', (state) => state.villages, read);
const plantingExists = exists<FarmState, OfPlanting>('planting', (state) => state.plantings, (args) => args.planting_id);
const stillThere = must<FarmState, OfPlanting>('conflict', (state, args) => !rowOf(state.plantings, args.planting_id).cleared, (args) => `Planting \`${args.planting_id}\` is no longer on its plot.`);
const unsold = must<FarmState, { crate_id: string }>('conflict', (state, args) => rowOf(state.crates, args.crate_id).soldFor === null, (args) => `Crate \`${args.crate_id}\` has been sold.`);

// ---- reading the state ----

const growthOf = (state: FarmState, { ripeOn }: Planting): 'growing' | 'ripe' | 'withered' =>
  state.clock.day < ripeOn ? 'growing' : state.clock.day <= ripeOn + WITHERS_AFTER ? 'ripe' : 'withered';
const plantingOn = (state: FarmState, plot: string): string | undefined => findId(state.plantings, (row) => row.plot === plot && !row.cleared);
const factsOf = (crop: string): (typeof CROPS)[string] => rowOf({ ...CROPS }, crop);

/** What a kilo brings in a village on the present day. */
const kiloPrice = (state: FarmState, village: string, crop: string): number =>
  factsOf(crop).worth + createRng(`${state.salt}/price/${village}/${crop}/${state.clock.day}`).int(-2, 4);

/** Millimetres of rain on a day. */
function rainOn(state: FarmState, day: number): number {
  const rng = createRng(`${state.salt}/rain/${day}`);
  return rng.float() < 0.5 ? 0 : rng.int(1, 24);
}

/** What a planting gives: more for each watering, and a little by luck. */
function kilosOf(state: FarmState, id: string): number {
  const { crop, packets, wateredOn } = rowOf(state.plantings, id);
  return packets * (factsOf(crop).kilosPerBed + createRng(`${state.salt}/yield/${id}`).int(-2, 3)) + wateredOn.length * 4;
}

// ---- the farm and its plots ----

const loadFarm = tool({
  name: 'load_farm',
  about: 'Load the saved game of a farm by its name and save word. Nothing on the farm can be seen or done before.',
  in: z.strictObject({ farm_name: ref('farm_name', 'Name of the farm'), save_word: ref('save_word', 'Word under which the game was saved') }),
  out: z.object({ day: z.int().describe('Day of the game'), coins: coins('What is in the purse') }),
  writes: ['session'],
  needs: [
    must('not_found', (state, args) => sameName(state.player.farm, args.farm_name), (args) => `No game is saved for \`${args.farm_name}\`.`),
    must('precondition', (state, args) => state.player.saveWord === args.save_word, () => 'The save word does not belong to this farm.'),
  ],
  run: ({ state }) => {
    state.session.signedIn = true;
    return { day: state.clock.day, coins: state.purse.coins };
  },
});

const plotNamed = (state: FarmState, name: string): string | undefined => findId(state.plots, (row) => sameName(row.name, name));

const findPlot = tool({
  name: 'find_plot',
  about: 'Find a plot of the farm by its name, with its code, soil and number of beds.',
  in: z.strictObject({ plot_name: ref('plot_name', 'Name of the plot') }),
  out: z.object({
    plot_id: plotId,
    soil: z.enum(SOILS).describe('Soil of the plot'),
    beds: z.int().describe('Beds of the plot; each takes a packet of seed'),
    use: z.enum(['fallow', 'ploughed', 'sown']).describe('What the plot is used for now'),
  }),
  needs: [loaded, must('not_found', (state, args) => plotNamed(state, args.plot_name) !== undefined, (args) => `The farm has no plot called \`${args.plot_name}\`.`)],
  run: ({ state }, args) => {
    const plot_id = plotNamed(state, args.plot_name) as string;
    const { soil, beds, ploughed } = rowOf(state.plots, plot_id);
    const use = plantingOn(state, plot_id) !== undefined ? 'sown' as const : ploughed ? 'ploughed' as const : 'fallow' as const;
    return { plot_id, soil, beds, use };
  },
});

const ploughPlot = tool({
  name: 'plough_plot',
  about: 'Plough a plot so that it can be sown. What has withered on it is ploughed under.',
  in: z.strictObject({ plot_id: plotId }),
  out: z.object({ hours_taken: z.int().describe('Hours of work'), found: z.string().describe('What the plough turned up') }),
  writes: ['plots', 'plantings'],
  needs: [
    loaded, plotExists,
    must('conflict', (state, args) => !rowOf(state.plots, args.plot_id).ploughed, (args) => `Plot \`${args.plot_id}\` is ploughed already.`),
    must('conflict', (state, args) => {
      const id = plantingOn(state, args.plot_id);
      return id === undefined || growthOf(state, rowOf(state.plantings, id)) === 'withered';
    }, (args) => `Something grows on plot \`${args.plot_id}\`. Harvest it first.`),
  ],
  run: ({ state }, args) => {
    const row = rowOf(state.plots, args.plot_id);
    row.ploughed = true;
    const withered = plantingOn(state, args.plot_id);
    if (withered !== undefined) rowOf(state.plantings, withered).cleared = true;
    const rng = createRng(`${state.salt}/plough/${args.plot_id}/${state.clock.day}`);
    return { hours_taken: row.beds * 2 + rng.int(1, 4), found: rng.pick(['an old horseshoe', 'a blue glass marble', 'half a clay pipe', 'a rusty bell', 'nothing but stones']) };
  },
});

const inspectPlot = tool({
  name: 'inspect_plot',
  about: 'Look at what grows on a plot: the crop, how far it has come, and when it is or was ripe.',
  in: z.strictObject({ plot_id: plotId }),
  out: z.object({
    planting_id: plantingId,
    crop_name: cropName,
    growth: z.enum(['growing', 'ripe', 'withered']).describe('How far the planting has come'),
    ripe_on_day: z.int().describe('Day of the game on which it is ripe'),
    times_watered: z.int().describe('How often it has been watered'),
  }),
  needs: [loaded, plotExists, must('precondition', (state, args) => plantingOn(state, args.plot_id) !== undefined, (args) => `Nothing grows on plot \`${args.plot_id}\`.`)],
  run: ({ state }, args) => {
    const planting_id = plantingOn(state, args.plot_id) as string;
    const row = rowOf(state.plantings, planting_id);
    return { planting_id, crop_name: row.crop, growth: growthOf(state, row), ripe_on_day: row.ripeOn, times_watered: row.wateredOn.length };
  },
});

// ---- villages and seed ----

const villageNamed = (state: FarmState, name: string): string | undefined => findId(state.villages, (row) => sameName(row.name, name));

const findVillage = tool({
  name: 'find_village',
  about: 'Find a village by its name. Its seed shop and its market go by its code.',
  in: z.strictObject({ village_name: ref('village_name', 'Name of the village') }),
  out: z.object({ village_id: villageId('Code of the village'), hours_away: z.int().describe('Hours on the cart to get there'), elder: z.string().describe('Name of the elder of the village') }),
  needs: [must('not_found', (state, args) => villageNamed(state, args.village_name) !== undefined, (args) => `There is no village called \`${args.village_name}\`.`)],
  run: ({ state }, args) => {
    const village_id = villageNamed(state, args.village_name) as string;
    const { hoursAway, elder } = rowOf(state.villages, village_id);
    return { village_id, hours_away: hoursAway, elder };
  },
});

const browseSeedShop = tool({
  name: 'browse_seed_shop',
  about: 'List the seed that the shop of a village sells: crop, price, and days from sowing until it is ripe.',
  in: z.strictObject({ village_id: villageId('Code of the village, as given by find_village') }),
  out: z.object({
    lots: z.array(z.object({
      lot_id: lotId,
      crop_name: cropName,
      packet_price: coins('Price of a packet'),
      packets_left: z.int().describe('Packets in the shop'),
      ripens_in: days('Time from sowing to harvest'),
      soils: z.string().describe('Soils that suit the crop'),
    })).describe('The seed, by crop'),
  }),
  needs: [villageExists((args) => args.village_id)],
  run: ({ state }, args) => ({
    lots: sortedBy(rowsOf(state.lots, (row) => row.village === args.village_id), ([, row]) => row.crop)
      .map(([lot_id, row]) => ({ lot_id, crop_name: row.crop, packet_price: row.price, packets_left: row.left, ripens_in: factsOf(row.crop).days, soils: factsOf(row.crop).soils.join(' and ') })),
  }),
});

const buySeed = tool({
  name: 'buy_seed',
  about: 'Buy packets of a lot of seed. They come home as one bag.',
  in: z.strictObject({ lot_id: lotId, packets: z.int().min(1).max(6).describe('Packets to buy') }),
  out: z.object({ bag_id: bagId, paid: coins('Price of the packets'), coins_left: coins('What is left in the purse') }),
  writes: ['lots', 'bags', 'purse'],
  needs: [
    loaded,
    exists('lot', (state) => state.lots, (args) => args.lot_id),
    enough('the shop', 'packets', (state, args) => rowOf(state.lots, args.lot_id).left, (args) => args.packets),
    enough('the purse', 'coins', (state) => state.purse.coins, (args, state) => args.packets * rowOf(state.lots, args.lot_id).price),
  ],
  run: ({ state, id }, args) => {
    const lot = rowOf(state.lots, args.lot_id);
    const paid = args.packets * lot.price;
    lot.left -= args.packets;
    state.purse.coins -= paid;
    state.purse.spent += paid;
    const bag_id = id('BG', `${args.lot_id}/${args.packets}`, state.bags);
    state.bags[bag_id] = { crop: lot.crop, lot: args.lot_id, bought: args.packets, packets: args.packets };
    return { bag_id, paid, coins_left: state.purse.coins };
  },
});

const CHEST_ROWS = 6;

const openSeedChest = tool({
  name: 'open_seed_chest',
  about: `List the bags of seed in the farm's chest that still hold packets, the ${CHEST_ROWS} fullest of them.`,
  in: z.strictObject({}),
  out: z.object({ bags: z.array(z.object({ bag_id: bagId, crop_name: cropName, packets: z.int().describe('Packets in the bag') })).describe('The bags, fullest first'), packets_in_all: z.int().describe('Packets in all bags') }),
  needs: [loaded],
  run: ({ state }) => {
    const bags = rowsOf(state.bags, (row) => row.packets > 0);
    return {
      bags: [...bags].sort(([, a], [, b]) => b.packets - a.packets).slice(0, CHEST_ROWS).map(([bag_id, { crop, packets }]) => ({ bag_id, crop_name: crop, packets })),
      packets_in_all: bags.reduce((sum, [, row]) => sum + row.packets, 0),
    };
  },
});

// ---- sowing, waiting, harvest ----

const sowPlot = tool({
  name: 'sow_plot',
  about: 'Sow a ploughed plot from a bag of seed, a packet for each bed. The soil must suit the crop.',
  in: z.strictObject({ plot_id: plotId, bag_id: bagId }),
  out: z.object({ planting_id: plantingId, ripe_on_day: z.int().describe('Day of the game on which it will be ripe'), packets_left: z.int().describe('Packets left in the bag') }),
  writes: ['plots', 'bags', 'plantings'],
  needs: [
    loaded, plotExists,
    exists('bag', (state) => state.bags, (args) => args.bag_id),
    must('precondition', (state, args) => rowOf(state.plots, args.plot_id).ploughed, (args) => `Plot \`${args.plot_id}\` is not ploughed. Plough it first.`),
    enough('the bag', 'packets', (state, args) => rowOf(state.bags, args.bag_id).packets, (args, state) => rowOf(state.plots, args.plot_id).beds),
    must('conflict', (state, args) => factsOf(rowOf(state.bags, args.bag_id).crop).soils.includes(rowOf(state.plots, args.plot_id).soil), (args, state) => `The soil of plot \`${args.plot_id}\` is ${rowOf(state.plots, args.plot_id).soil}, which does not suit ${rowOf(state.bags, args.bag_id).crop}.`),
  ],
  run: ({ state, id }, args) => {
    const plot = rowOf(state.plots, args.plot_id);
    const bag = rowOf(state.bags, args.bag_id);
    const ripeOn = state.clock.day + factsOf(bag.crop).days;
    const planting_id = id('PL', `${args.plot_id}/${args.bag_id}/${state.clock.day}`, state.plantings);
    plot.ploughed = false;
    bag.packets -= plot.beds;
    state.plantings[planting_id] = { plot: args.plot_id, crop: bag.crop, packets: plot.beds, ripeOn, wateredOn: [], cleared: false };
    return { planting_id, ripe_on_day: ripeOn, packets_left: bag.packets };
  },
});

const waterPlanting = tool({
  name: 'water_planting',
  about: 'Water what grows on a plot, at most once a day and only until it is ripe. The harvest gets larger.',
  in: z.strictObject({ planting_id: plantingId }),
  out: z.object({ litres_used: z.int().describe('Water used, in litres'), expected_kilos: z.int().describe('Harvest to expect, in kilos'), days_until_ripe: days('Time until it is ripe') }),
  writes: ['plantings'],
  needs: [
    loaded, plantingExists, stillThere,
    must('conflict', (state, args) => growthOf(state, rowOf(state.plantings, args.planting_id)) === 'growing', (args) => `Planting \`${args.planting_id}\` no longer grows.`),
    must('conflict', (state, args) => !rowOf(state.plantings, args.planting_id).wateredOn.includes(state.clock.day), (args) => `Planting \`${args.planting_id}\` has been watered today.`),
  ],
  run: ({ state }, args) => {
    const row = rowOf(state.plantings, args.planting_id);
    row.wateredOn.push(state.clock.day);
    return { litres_used: row.packets * createRng(`${state.salt}/water/${args.planting_id}/${state.clock.day}`).int(18, 34), expected_kilos: kilosOf(state, args.planting_id), days_until_ripe: row.ripeOn - state.clock.day };
  },
});

const letDaysPass = tool({
  name: 'let_days_pass',
  about: 'Let days pass on the farm. Plantings ripen, offers lapse, and markets have new prices.',
  in: z.strictObject({ days: z.int().min(1).max(7).describe('Days to let pass') }),
  out: z.object({ day: z.int().describe('Day of the game afterwards'), rain_mm: z.int().describe('Rain that fell meanwhile, in millimetres'), visitor: z.string().describe('Who came to the farm meanwhile') }),
  writes: ['clock'],
  needs: [loaded],
  run: ({ state }, args) => {
    const from = state.clock.day;
    state.clock.day += args.days;
    const rain = Array.from({ length: args.days }, (_, at) => rainOn(state, from + at + 1)).reduce((sum, mm) => sum + mm, 0);
    return { day: state.clock.day, rain_mm: rain, visitor: createRng(`${state.salt}/visitor/${state.clock.day}`).pick(['the miller', 'a tinker', 'the postwoman', 'a stray goose', 'the vet', 'nobody']) };
  },
});

const harvestPlanting = tool({
  name: 'harvest_planting',
  about: 'Harvest a ripe planting into a crate in the barn. The plot lies fallow afterwards.',
  in: z.strictObject({ planting_id: plantingId }),
  out: z.object({ crate_id: crateId, kilos: z.int().describe('Weight of the harvest, in kilos'), grade: z.enum(['plain', 'fine', 'prize']).describe('Grade of the harvest') }),
  writes: ['plantings', 'crates'],
  needs: [
    loaded, plantingExists, stillThere,
    must('precondition', (state, args) => growthOf(state, rowOf(state.plantings, args.planting_id)) !== 'growing', (args, state) => `Planting \`${args.planting_id}\` is ripe on day ${rowOf(state.plantings, args.planting_id).ripeOn}; today is day ${state.clock.day}.`),
    must('conflict', (state, args) => growthOf(state, rowOf(state.plantings, args.planting_id)) === 'ripe', (args) => `Planting \`${args.planting_id}\` has withered. Plough its plot.`),
  ],
  run: ({ state, id }, args) => {
    const row = rowOf(state.plantings, args.planting_id);
    const kilos = kilosOf(state, args.planting_id);
    row.cleared = true;
    const crate_id = id('CR', args.planting_id, state.crates);
    state.crates[crate_id] = { crop: row.crop, kilos, planting: args.planting_id, soldFor: null };
    return { crate_id, kilos, grade: createRng(`${state.salt}/grade/${args.planting_id}`).pick(['plain', 'fine', 'prize'] as const) };
  },
});

// ---- markets ----

const listCrates = tool({
  name: 'list_crates',
  about: 'List the crates in the barn that have not been sold, with crop and weight.',
  in: z.strictObject({}),
  out: z.object({ crates: z.array(z.object({ crate_id: crateId, crop_name: cropName, kilos: z.int().describe('Weight, in kilos') })).describe('The crates, by crop'), kilos_in_all: z.int().describe('Weight of all crates, in kilos') }),
  needs: [loaded],
  run: ({ state }) => {
    const rows = rowsOf(state.crates, (row) => row.soldFor === null);
    return { crates: sortedBy(rows, ([, row]) => row.crop).map(([crate_id, { crop, kilos }]) => ({ crate_id, crop_name: crop, kilos })), kilos_in_all: rows.reduce((sum, [, row]) => sum + row.kilos, 0) };
  },
});

const compareMarkets = tool({
  name: 'compare_markets',
  about: 'Compare what the markets of two villages pay for a kilo of a crop today.',
  in: z.strictObject({ first_village: villageId('One of the two villages'), second_village: villageId('The other of the two villages'), crop_name: cropName }),
  out: z.object({ better_village: z.string().describe('Name of the village that pays more, or the first when both pay the same'), better_price: coins('What it pays for a kilo'), difference: coins('How much less the other pays for a kilo') }),
  needs: [
    villageExists((args) => args.first_village),
    villageExists((args) => args.second_village),
    must('precondition', (_state, args) => args.first_village !== args.second_village, () => 'This takes two different villages.'),
    must('not_found', (_state, args) => Object.hasOwn(CROPS, args.crop_name), (args) => `No market trades \`${args.crop_name}\`.`),
  ],
  run: ({ state }, args) => {
    const first = kiloPrice(state, args.first_village, args.crop_name);
    const second = kiloPrice(state, args.second_village, args.crop_name);
    return { better_village: rowOf(state.villages, first >= second ? args.first_village : args.second_village).name, better_price: Math.max(first, second), difference: Math.abs(first - second) };
  },
});

const requestOffer = tool({
  name: 'request_offer',
  about: 'Ask the market of a village what it pays for a crate. The offer holds for the day.',
  in: z.strictObject({ crate_id: crateId, village_id: villageId('Code of the village whose market is asked') }),
  out: z.object({ offer_id: offerId, price_per_kilo: coins('Price of a kilo'), total: coins('Price of the crate') }),
  writes: ['offers'],
  needs: [loaded, exists('crate', (state) => state.crates, (args) => args.crate_id), villageExists((args) => args.village_id), unsold],
  run: ({ state, id }, args) => {
    const { crop, kilos } = rowOf(state.crates, args.crate_id);
    const price = kiloPrice(state, args.village_id, crop);
    const { day } = state.clock;
    const asked = findId(state.offers, (row) => row.crate === args.crate_id && row.village === args.village_id && row.day === day);
    const offer_id = asked ?? id('OF', `${args.crate_id}/${args.village_id}/${day}`, state.offers);
    state.offers[offer_id] = { crate: args.crate_id, village: args.village_id, day, coins: price * kilos };
    return { offer_id, price_per_kilo: price, total: price * kilos };
  },
});

const acceptOffer = tool({
  name: 'accept_offer',
  about: 'Accept the offer of a market on the day it was made. The crate is sold, and the coins go into the purse.',
  in: z.strictObject({ offer_id: offerId }),
  out: z.object({ coins_in_purse: coins('What is in the purse afterwards'), carter: z.string().describe('Who takes the crate away') }),
  writes: ['crates', 'purse'],
  needs: [
    loaded,
    exists('offer', (state) => state.offers, (args) => args.offer_id),
    (state, args) => unsold(state, { crate_id: rowOf(state.offers, args.offer_id).crate }),
    must('conflict', (state, args) => rowOf(state.offers, args.offer_id).day === state.clock.day, (args, state) => `Offer \`${args.offer_id}\` was for day ${rowOf(state.offers, args.offer_id).day}. Ask for a new one.`),
  ],
  run: ({ state }, args) => {
    const offer = rowOf(state.offers, args.offer_id);
    rowOf(state.crates, offer.crate).soldFor = offer.coins;
    state.purse.coins += offer.coins;
    return { coins_in_purse: state.purse.coins, carter: createRng(`${state.salt}/carter/${args.offer_id}`).pick(['Old Merrin', 'the Haddow twins', 'Bette Sparrow', 'Wim the carter']) };
  },
});

/** The tools of the farming game. */
export const farmTools: readonly DomainTool<FarmState>[] = [
  loadFarm, findPlot, ploughPlot, inspectPlot,
  findVillage, browseSeedShop, buySeed, openSeedChest,
  sowPlot, waterPlanting, letDaysPass, harvestPlanting,
  listCrates, compareMarkets, requestOffer, acceptOffer,
];
