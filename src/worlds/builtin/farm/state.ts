import { z } from 'zod';
import { seeding } from '../seeding';

export const SOILS = ['sandy', 'loam', 'clay'] as const;

const plot = z.strictObject({ name: z.string(), soil: z.enum(SOILS), beds: z.int().min(1), ploughed: z.boolean() });
const planting = z.strictObject({
  plot: z.string(),
  crop: z.string(),
  packets: z.int().min(1),
  ripeOn: z.int(),
  wateredOn: z.array(z.int()),
  /** Gone from the plot: harvested, or ploughed under. */
  cleared: z.boolean(),
});
const crate = z.strictObject({ crop: z.string(), kilos: z.int().min(1), planting: z.string().nullable(), soldFor: z.int().nullable() });

/** A saved game. Days are numbers from 1 on and only `let_days_pass` moves them; weather and prices follow from salt and day. */
export const farmStateSchema = z.strictObject({
  salt: z.string(),
  player: z.strictObject({ farm: z.string(), saveWord: z.string() }),
  session: z.strictObject({ signedIn: z.boolean() }),
  clock: z.strictObject({ day: z.int().min(1) }),
  purse: z.strictObject({ coins: z.int(), openedWith: z.int(), spent: z.int().min(0) }),
  plots: z.record(z.string(), plot),
  villages: z.record(z.string(), z.strictObject({ name: z.string(), hoursAway: z.int(), elder: z.string() })),
  lots: z.record(z.string(), z.strictObject({ village: z.string(), crop: z.string(), price: z.int().min(1), stocked: z.int(), left: z.int() })),
  bags: z.record(z.string(), z.strictObject({ crop: z.string(), lot: z.string().nullable(), bought: z.int(), packets: z.int() })),
  plantings: z.record(z.string(), planting),
  crates: z.record(z.string(), crate),
  offers: z.record(z.string(), z.strictObject({ crate: z.string(), village: z.string(), day: z.int(), coins: z.int() })),
});

export type FarmState = z.output<typeof farmStateSchema>;
export type Planting = z.output<typeof planting>;

/** Days after which a ripe planting withers. */
export const WITHERS_AFTER = 14;

/** Invented crops: how long they take, what a kilo is worth, and the soils they like. */
export const CROPS: { readonly [crop: string]: { days: number; worth: number; kilosPerBed: number; soils: readonly FarmState['plots'][string]['soil'][] } } = {
  'amber maize': { days: 8, worth: 4, kilosPerBed: 14, soils: ['loam', 'clay'] },
  'frost kale': { days: 5, worth: 5, kilosPerBed: 8, soils: ['loam', 'sandy'] },
  'pepper squash': { days: 9, worth: 6, kilosPerBed: 11, soils: ['clay', 'loam'] },
  'honey beet': { days: 6, worth: 4, kilosPerBed: 12, soils: ['sandy', 'loam'] },
  'thistle barley': { days: 7, worth: 3, kilosPerBed: 17, soils: ['clay', 'sandy'] },
  'ruby radish': { days: 3, worth: 7, kilosPerBed: 5, soils: ['sandy', 'clay'] },
};

const FARMS = ['Hollowmere Farm', 'Three Larches', 'Wrenfield', 'Old Ferry Farm', 'Gooseberry Hill', 'Saltwind Acres'];
const PLOTS = ['Stonewall Field', 'Pond Corner', 'Long Strip', 'Orchard Edge', 'Mill Piece', 'Hare Meadow', 'Lower Terrace'];
const VILLAGES = ['Thornwick', 'Applegarth', 'Nettlebridge', 'Cranmoor', 'Dovelow', 'Pebbleford'];
const SAVE_WORDS = ['lantern', 'wheelbarrow', 'dragonfly', 'haystack', 'weathercock', 'buttermilk'];

/** A farm with four plots (fallow, ploughed, ripe, growing), two bags of seed, two crates, and three villages that sell four kinds of seed each. */
export function initFarm(seed: number): FarmState {
  const s = seeding('farm', seed);
  const villages = s.table('VL', s.some(VILLAGES, 3), (name) => ({ name, hoursAway: s.rng.int(1, 5), elder: s.faker.person.fullName() }));
  const crops = Object.keys(CROPS);
  const stock = Object.keys(villages).flatMap((village) => s.some(crops, 4).map((crop) => ({ village, crop })));
  const day = s.rng.int(11, 60);
  const plots = s.table('PT', s.some(PLOTS, 4), (name, at) => ({ name, soil: s.rng.pick(SOILS), beds: s.rng.int(2, 3), ploughed: at === 1 }));
  const coins = s.rng.int(16, 40) * 10;
  const ids = Object.keys(plots);
  const grows = (at: number, ripeOn: number): Planting => {
    const row = plots[ids[at] as string] as FarmState['plots'][string];
    return { plot: ids[at] as string, crop: s.rng.pick(crops.filter((crop) => CROPS[crop]?.soils.includes(row.soil))), packets: row.beds, ripeOn, wateredOn: [], cleared: false };
  };
  return {
    salt: s.salt, villages, plots,
    player: { farm: s.rng.pick(FARMS), saveWord: `${s.rng.pick(SAVE_WORDS)}-${s.rng.int(10, 99)}` },
    session: { signedIn: false },
    clock: { day },
    purse: { coins, openedWith: coins, spent: 0 },
    lots: s.table('LT', stock, (row) => {
      const stocked = s.rng.int(9, 18);
      return { ...row, price: s.rng.int(3, 12), stocked, left: stocked };
    }),
    bags: s.table('BG', s.some(crops, 2), (crop) => {
      const packets = s.rng.int(3, 6);
      return { crop, lot: null, bought: packets, packets };
    }),
    plantings: s.table('PL', [2, 3], (at) => grows(at, at === 2 ? day - s.rng.int(0, 2) : day + s.rng.int(2, 4))),
    crates: s.table('CR', s.some(crops, 2), (crop) => ({ crop, kilos: s.rng.int(18, 44), planting: null, soldFor: null })),
    offers: {},
  };
}

const values = <T>(table: { [id: string]: T }): T[] => Object.values(table);

export const farmInvariants: { [rule: string]: (state: FarmState) => boolean } = {
  'the purse is what it opened with, less what was spent, and what crates were sold for': ({ purse, crates }) =>
    purse.coins >= 0 && purse.coins === purse.openedWith - purse.spent + values(crates).reduce((sum, { soldFor }) => sum + (soldFor ?? 0), 0),
  'seed that left a lot is seed that was bought': ({ lots, bags }) =>
    Object.entries(lots).every(([id, { stocked, left }]) => left >= 0 && stocked - left === values(bags).filter(({ lot }) => lot === id).reduce((sum, { bought }) => sum + bought, 0)),
  'no bag holds more than was bought or less than nothing': ({ bags }) => values(bags).every(({ packets, bought }) => packets >= 0 && packets <= bought),
  'a plot bears one planting at a time, on soil that suits it': ({ plots, plantings }) =>
    Object.entries(plots).every(([id, { soil }]) => {
      const here = values(plantings).filter((row) => row.plot === id && !row.cleared);
      return here.length <= 1 && here.every(({ crop }) => CROPS[crop]?.soils.includes(soil));
    }),
  'what was harvested is gone from its plot, once': ({ crates, plantings }) => {
    const harvested = values(crates).flatMap(({ planting: id }) => (id === null ? [] : [id]));
    return new Set(harvested).size === harvested.length && harvested.every((id) => plantings[id]?.cleared === true);
  },
};
