import { z } from 'zod';
import { addDays } from '../calendar';
import { sum } from '../combinators';
import { seeding, type Seeding } from '../seeding';

const article = z.strictObject({
  name: z.string(),
  grams: z.int(),
  hazardous: z.boolean(),
  /** Pieces that ever came in and that left; the difference is somewhere in the house. */
  cameIn: z.int().min(0),
  left: z.int().min(0),
});
const bin = z.strictObject({ aisle: z.string(), zone: z.enum(['hall', 'bunker']), capacity: z.int(), pieces: z.record(z.string(), z.int().min(1)) });
const line = z.strictObject({ sku: z.string(), ordered: z.int(), received: z.int().min(0) });

export const PALLET_STATUSES = ['at_dock', 'released', 'quarantined', 'stored', 'sent_back'] as const;
const pallet = z.strictObject({ line: z.string(), sku: z.string(), quantity: z.int().min(1), dock: z.string(), status: z.enum(PALLET_STATUSES) });

export const ORDER_STATUSES = ['open', 'picking', 'packed', 'collected'] as const;
const customerOrder = z.strictObject({ customer: z.string(), dueOn: z.iso.date(), status: z.enum(ORDER_STATUSES), wants: z.record(z.string(), z.int().min(1)) });
const pick = z.strictObject({ order: z.string(), sku: z.string(), bin: z.string(), quantity: z.int().min(1), done: z.boolean() });

/** Everything there is in the warehouse. */
export const warehouseStateSchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  lead: z.strictObject({ badge: z.string(), pin: z.string(), name: z.string() }),
  session: z.strictObject({ signedIn: z.boolean() }),
  articles: z.record(z.string(), article),
  bins: z.record(z.string(), bin),
  purchaseOrders: z.record(z.string(), z.strictObject({ supplier: z.string(), arrivesOn: z.iso.date(), lines: z.record(z.string(), line) })),
  pallets: z.record(z.string(), pallet),
  orders: z.record(z.string(), customerOrder),
  picks: z.record(z.string(), pick),
  cartons: z.record(z.string(), z.strictObject({ order: z.string(), grams: z.int(), collectionOn: z.iso.date().nullable() })),
});

export type WarehouseState = z.output<typeof warehouseStateSchema>;

const ARTICLES = ['brass hinge set', 'oak drawer runner', 'linen sack', 'copper kettle', 'cork floor tile', 'felt roll', 'preserving jar', 'rope coil', 'enamel basin', 'slate coaster'];
const HAZARDOUS = ['lamp paraffin', 'wood varnish', 'linseed thinner', 'beeswax spray'];
const SUPPLIERS = ['Brandt & Ovesen', 'Tolworth Mills', 'Casimir Forge', 'Nordlicht Hardware', 'Penhale Brothers', 'Vireo Imports'];
const CUSTOMERS = ['Hattersley Homewares', 'The Blue Pantry', 'Quillon Interiors', 'Marsh & Daughter', 'Osier Stores', 'Redfern Kitchens'];

/** A seed's warehouse: five articles in eight bins, deliveries at the gate and on their way, four orders, three pallets at the dock. */
export function initWarehouse(seed: number): WarehouseState {
  const make = seeding('warehouse', seed);
  const { rng, faker, some, table, today } = make;
  const names = [...some(ARTICLES, 4), ...some(HAZARDOUS, 1)];
  const articles = table('SKU', names, (name) => ({ name, grams: rng.int(9, 120) * 20, hazardous: HAZARDOUS.includes(name), cameIn: 0, left: 0 }));
  const skus = Object.keys(articles);
  const aisles = some([11, 12, 14, 15, 17, 18, 21, 22, 24, 26], 8);
  const bins = table('BIN', aisles, (aisle, at): WarehouseState['bins'][string] => ({
    aisle: `${aisle}-${rng.pick(['low', 'middle', 'high'])}`,
    zone: at < 6 ? 'hall' : 'bunker',
    capacity: rng.int(24, 60),
    // Two bins are empty, and one of the bunker.
    pieces: at === 4 || at === 5 || at === 7 ? {} : { [(at === 6 ? skus[4] : skus[at]) as string]: rng.int(9, 20) },
  }));
  const state: WarehouseState = {
    salt: make.salt,
    today,
    lead: { badge: `PD-${rng.int(10_000, 99_999)}`, pin: String(rng.int(1000, 9999)), name: faker.person.fullName() },
    session: { signedIn: false },
    articles,
    bins,
    purchaseOrders: initPurchases(make, skus),
    pallets: {},
    orders: {},
    picks: {},
    cartons: {},
  };
  const whole = { ...state, pallets: initPallets(make, state), ...initOrders(make, state) };
  for (const [sku, one] of Object.entries(articles)) one.cameIn = inHouse(whole, sku);
  return whole;
}

/** Every supplier has a delivery at the gate; the second has one still on its way. */
function initPurchases({ rng, today, some, code }: Seeding, skus: string[]): WarehouseState['purchaseOrders'] {
  const suppliers = some(SUPPLIERS, 3);
  const orders = [{ by: 0, days: 0 }, { by: 1, days: -1 }, { by: 2, days: 0 }, { by: 1, days: rng.int(3, 8) }];
  return Object.fromEntries(orders.map(({ by, days }, at) => {
    // The first article is on the first order: a customer waits for it.
    const chosen = at === 0 ? [skus[0] as string, ...some(skus.slice(1), 1)] : some(skus, 2);
    const lines = Object.fromEntries(chosen.map((sku) => [code('LN', `${at}/${sku}`), { sku, ordered: rng.int(12, 24), received: 0 }]));
    return [code('PO', at), { supplier: suppliers[by] as string, arrivesOn: addDays(today, days), lines }];
  }));
}

/** A pallet that nobody has looked at, one in quarantine and one that is released, of lines of deliveries that are here. */
function initPallets({ rng, code }: Seeding, state: WarehouseState): WarehouseState['pallets'] {
  const from = Object.values(state.purchaseOrders).slice(0, 3).map((order) => Object.entries(order.lines)[1] as [string, z.output<typeof line>]);
  const statuses = ['at_dock', 'quarantined', 'released'] as const;
  return Object.fromEntries(from.map(([id, one], at) => {
    const quantity = rng.int(3, 6);
    one.received = quantity;
    return [code('PL', at), { line: id, sku: one.sku, quantity, dock: `Gate ${rng.int(3, 9)}`, status: statuses[at] as (typeof statuses)[number] }];
  }));
}

/** Two orders that can be picked, one that lacks two pieces, and one whose only pick lies on a trolley. */
function initOrders({ rng, today, some, code }: Seeding, state: WarehouseState): Pick<WarehouseState, 'orders' | 'picks'> {
  const skus = Object.keys(state.articles) as [string, string, string, string, string];
  const wants = [
    { [skus[1]]: rng.int(2, 4), [skus[2]]: rng.int(1, 3) },
    { [skus[0]]: stored(state, skus[0]) + 2 },
    { [skus[3]]: rng.int(2, 5), [skus[4]]: rng.int(1, 3) },
    { [skus[2]]: rng.int(3, 7) },
  ];
  const customers = some(CUSTOMERS, wants.length);
  const orders = wants.map((one, at): [string, WarehouseState['orders'][string]] => [
    code('CO', at),
    { customer: customers[at] as string, dueOn: addDays(today, rng.int(2, 9)), status: at === 3 ? 'picking' : 'open', wants: one },
  ]);
  const [picked, { wants: taken }] = orders[3] as (typeof orders)[number];
  const bin = Object.keys(state.bins).find((id) => (state.bins[id]?.pieces[skus[2]] ?? 0) > 0) as string;
  return { orders: Object.fromEntries(orders), picks: { [code('PK', 0)]: { order: picked, sku: skus[2], bin, quantity: taken[skus[2]] as number, done: true } } };
}


/** Pieces of an article in all bins. */
export const stored = (state: WarehouseState, sku: string): number => sum(Object.values(state.bins).map((one) => one.pieces[sku] ?? 0));

/** Pieces in a bin, of whatever article. */
export const filled = (state: WarehouseState, bin: string): number => sum(Object.values(state.bins[bin]?.pieces ?? {}));

/** Pieces of an article in a bin that no pick has set aside. */
export const unreserved = (state: WarehouseState, bin: string, sku: string): number =>
  (state.bins[bin]?.pieces[sku] ?? 0) - sum(Object.values(state.picks).filter((one) => one.bin === bin && one.sku === sku && !one.done).map((one) => one.quantity));

/** Pieces in bins, on pallets and in the hands of pickers. */
const inHouse = (state: WarehouseState, sku: string): number =>
  stored(state, sku)
  + sum(Object.values(state.pallets).filter((one) => one.sku === sku && one.status !== 'stored' && one.status !== 'sent_back').map((one) => one.quantity))
  + sum(Object.values(state.picks).filter((one) => one.sku === sku && one.done && state.orders[one.order]?.status === 'picking').map((one) => one.quantity));

/** What no sequence of calls may break. */
export const WAREHOUSE_INVARIANTS: { [rule: string]: (state: WarehouseState) => boolean } = {
  'what came in and has not left is in the house': (state) => Object.entries(state.articles).every(([sku, one]) => one.cameIn - one.left === inHouse(state, sku)),
  'no bin is overfull': (state) => Object.entries(state.bins).every(([id, one]) => filled(state, id) <= one.capacity),
  'hazardous articles are in the bunker': (state) => Object.values(state.bins).every((one) => one.zone === 'bunker' || Object.keys(one.pieces).every((sku) => !state.articles[sku]?.hazardous)),
  'no more is received than was ordered': (state) => Object.values(state.purchaseOrders).every((one) => Object.values(one.lines).every((row) => row.received <= row.ordered)),
  'what is set aside is there': (state) => Object.values(state.picks).every((one) => one.done || unreserved(state, one.bin, one.sku) >= 0),
};
