import { z } from 'zod';
import { createRng } from '../../../core/random';
import { addDays, weekdayOf } from '../calendar';
import { sumOf } from '../combinators';
import { hiddenCode } from '../domain';
import { seeding } from '../seeding';

export const SECTORS = ['energy', 'optics', 'shipping', 'foods'] as const;
export const SIDES = ['buy', 'sell'] as const;
export const ORDER_STATUSES = ['open', 'filled', 'cancelled'] as const;

const security = z.strictObject({ company: z.string(), sector: z.enum(SECTORS), exchange: z.string(), baseCents: z.int().min(1) });
const quote = z.strictObject({ symbol: z.string(), on: z.iso.date(), bidCents: z.int(), askCents: z.int() });

const disclosure = z.strictObject({ quote: z.string(), side: z.enum(SIDES), quantity: z.int().min(1), used: z.boolean() });

const order = z.strictObject({
  symbol: z.string(),
  side: z.enum(SIDES),
  quantity: z.int().min(1),
  /** Cash kept back for an open buy order, with a margin for a rising price. */
  reserveCents: z.int().min(0),
  placedOn: z.iso.date(),
  status: z.enum(ORDER_STATUSES),
  trade: z.string().nullable(),
});

const trade = z.strictObject({
  order: z.string(),
  symbol: z.string(),
  side: z.enum(SIDES),
  quantity: z.int().min(1),
  priceCents: z.int().min(1),
  /** Cost of a buy and proceeds of a sale, commission included. */
  totalCents: z.int(),
  settlesOn: z.iso.date(),
  settled: z.boolean(),
});

/** A broker as one client sees it, in a market that only moves when a session is run to its close. */
export const brokerageStateSchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  client: z.strictObject({ number: z.string(), passphrase: z.string(), name: z.string() }),
  session: z.strictObject({ signedIn: z.boolean() }),
  securities: z.record(z.string(), security),
  quotes: z.record(z.string(), quote),
  disclosures: z.record(z.string(), disclosure),
  orders: z.record(z.string(), order),
  trades: z.record(z.string(), trade),
  /** Shares by symbol: owned and sellable, or bought and not settled yet. */
  positions: z.record(z.string(), z.strictObject({ shares: z.int(), unsettled: z.int(), costCents: z.int() })),
  cash: z.strictObject({ openingCents: z.int(), settledCents: z.int(), unsettledCents: z.int() }),
  payoutAccounts: z.record(z.string(), z.strictObject({ label: z.string(), days: z.int() })),
  withdrawals: z.record(z.string(), z.strictObject({ account: z.string(), cents: z.int().min(1) })),
});

export type BrokerageState = z.output<typeof brokerageStateSchema>;

const COMPANIES = [
  'Tessaline Optics', 'Norrbank Energy', 'Quayhaven Shipping', 'Millet & Rye Foods', 'Glasswing Lenses', 'Ebbtide Power', 'Farrowmere Lines', 'Copper Kettle Foods',
];
const EXCHANGES = ['Marlin Exchange', 'Saltgate Exchange', 'Northern Bourse'];
const PAYOUT_LABELS = ['wages account', 'joint account', 'house account', 'holiday account'];

/** The next day on which the market is open. */
export function nextTradingDay(date: string): string {
  const next = addDays(date, 1);
  return ['Saturday', 'Sunday'].includes(weekdayOf(next)) ? nextTradingDay(next) : next;
}

/** The closing price of a day stays within three percent of the base, so a reserve of eight percent always covers a fill. */
export const closeCents = (state: Pick<BrokerageState, 'salt' | 'securities'>, symbol: string, date: string): number =>
  Math.round((state.securities[symbol]?.baseCents ?? 0) * (0.97 + 0.06 * createRng(`${state.salt}/close/${symbol}/${date}`).float()));

/** 4.90 euros and a thousandth of the amount. */
export const commissionCents = (amountCents: number): number => 490 + Math.round(amountCents / 1000);

/** A client with three positions, an order that is open, a sale that settles today and a purchase that settles in the next session. */
export function initBrokerage(seed: number): BrokerageState {
  const { salt, today: drawn, rng, faker, some, code, table } = seeding('brokerage', seed);
  const today = nextTradingDay(drawn);
  const securities: BrokerageState['securities'] = Object.fromEntries(COMPANIES.map((company, at) => [
    `${hiddenCode(salt, `symbol/${at}`, 4)}.${hiddenCode(salt, `market/${at}`, 2)}`,
    { company, sector: (['optics', 'energy', 'shipping', 'foods'] as const)[at % 4] as (typeof SECTORS)[number], exchange: rng.pick(EXCHANGES), baseCents: rng.int(1200, 9800) },
  ]));
  const owned = some(Object.keys(securities), 4);
  const [first, second] = owned as [string, string];
  const base = (symbol: string): number => securities[symbol]?.baseCents as number;
  const quantity = rng.int(4, 15);
  const saleCents = base(first) * quantity;
  const past = (symbol: string, side: 'buy' | 'sell', totalCents: number, settlesOn: string, key: string) => ({
    order: { symbol, side, quantity, reserveCents: 0, placedOn: addDays(today, -5), status: 'filled' as const, trade: code('TD', key) },
    trade: { order: code('OR', key), symbol, side, quantity, priceCents: base(symbol), totalCents, settlesOn, settled: false },
    key,
  });
  const done = [past(first, 'sell', saleCents - commissionCents(saleCents), today, 'sale'), past(second, 'buy', base(second) * quantity + commissionCents(base(second) * quantity), nextTradingDay(today), 'purchase')];
  const waiting = { symbol: owned[2] as string, side: 'sell' as const, quantity: 2, reserveCents: 0, placedOn: addDays(today, -1), status: 'open' as const, trade: null };
  const settledCents = rng.int(900, 2600) * 100;
  return {
    salt, today, securities,
    client: { number: `MB${rng.int(400_000, 989_999)}`, passphrase: `${faker.word.adjective()}-${faker.word.noun()}-${rng.int(10, 99)}`, name: faker.person.fullName() },
    session: { signedIn: false },
    quotes: {},
    disclosures: {},
    orders: { ...Object.fromEntries(done.map(({ key, order: one }) => [code('OR', key), one])), [code('OR', 'waiting')]: waiting },
    trades: Object.fromEntries(done.map(({ key, trade: one }) => [code('TD', key), one])),
    positions: Object.fromEntries(owned.map((symbol) => [symbol, { shares: rng.int(8, 40), unsettled: symbol === second ? quantity : 0, costCents: base(symbol) - rng.int(-300, 600) }])),
    cash: { openingCents: settledCents, settledCents, unsettledCents: done[0]?.trade.totalCents as number },
    payoutAccounts: table('PA', some(PAYOUT_LABELS, 2), (label) => ({ label, days: rng.int(1, 4) })),
    withdrawals: {},
  };
}

/** Cash that neither open orders nor anything else claims. */
export const freeCents = ({ cash, orders }: BrokerageState): number => cash.settledCents - sumOf(Object.values(orders).filter((one) => one.status === 'open'), (one) => one.reserveCents);

/** Shares of a symbol that no open order sells. */
export const freeShares = ({ positions, orders }: BrokerageState, symbol: string): number =>
  (positions[symbol]?.shares ?? 0) - sumOf(Object.values(orders).filter((one) => one.status === 'open' && one.side === 'sell' && one.symbol === symbol), (one) => one.quantity);

export const BROKERAGE_INVARIANTS: { [rule: string]: (state: BrokerageState) => boolean } = {
  'open orders are covered by cash and by shares': (state) => freeCents(state) >= 0 && Object.keys(state.securities).every((symbol) => freeShares(state, symbol) >= 0),
  'cash that has not settled is what sales will bring': ({ cash, trades }) => cash.unsettledCents === sumOf(Object.values(trades).filter((one) => one.side === 'sell' && !one.settled), (one) => one.totalCents),
  'shares that have not settled are what was bought': ({ positions, trades }) =>
    Object.entries(positions).every(([symbol, { unsettled }]) => unsettled === sumOf(Object.values(trades).filter((one) => one.side === 'buy' && one.symbol === symbol && !one.settled), (one) => one.quantity)),
  'no trade settles before its day': ({ trades, today }) => Object.values(trades).every(({ settled, settlesOn }) => !settled || settlesOn <= today),
  'a filled order has its trade': ({ orders, trades }) => Object.values(orders).every(({ status, trade: id }) => (status === 'filled') === (id !== null && trades[id] !== undefined)),
};
