import { z } from 'zod';
import { createRng } from '../../../core/random';
import { addDays } from '../calendar';
import { dayShown, enough, findId, fromCents, inStatus, money, rowOf, rowsOf, sameName, signedIn, sortedBy, sumOf, toCents } from '../combinators';
import { exists, must, ref, toolsOn, type DomainTool, type Need, type Run } from '../domain';
import { closeCents, commissionCents, freeCents, freeShares, nextTradingDay, ORDER_STATUSES, SECTORS, SIDES, type BrokerageState } from './state';

const tool = toolsOn<BrokerageState>();

// ---- shared fields ----

const symbol = (description: string): z.ZodString => ref('symbol', description);
const quoteId = ref('quote_id', 'Identifier of a quote, as given by request_quote');
const disclosureId = ref('disclosure_id', 'Identifier of a cost disclosure, as given by disclose_costs');
const orderId = ref('order_id', "Identifier of one of the client's orders");
const tradeId = ref('trade_id', 'Identifier of a trade, as given by order_result');
const payoutAccountId = ref('payout_account_id', 'Identifier of a bank account for withdrawals, as given by find_payout_account');
const sector = z.enum(SECTORS).describe('Sector of the company');
const side = z.enum(SIDES).describe('Whether shares are bought or sold');
const companyName = z.string().describe('Name of the company');

// ---- needs ----

const inSession = signedIn<BrokerageState>();
const securityIs = <A>(read: (args: A) => string): Need<BrokerageState, A> => exists('security', (state) => state.securities, read);
const orderExists = exists<BrokerageState, { order_id: string }>('order', (state) => state.orders, (args) => args.order_id);
const orderIs = (...allowed: (typeof ORDER_STATUSES)[number][]): Need<BrokerageState, { order_id: string }> =>
  inStatus({ kind: 'Order', id: (args) => args.order_id, status: (state, args) => rowOf(state.orders, args.order_id).status, order: ORDER_STATUSES, allowed });

// ---- reading ----

const companyOf = (state: BrokerageState, of: string): string => rowOf(state.securities, of).company;
const lastClose = (state: BrokerageState, of: string): number => closeCents(state, of, addDays(state.today, -1));

type Disclosure = BrokerageState['disclosures'][string];

/** What a purchase keeps back: eight percent above the asking price, and the commission. A sale keeps back nothing. */
function reserveOf(state: BrokerageState, { quote, side: way, quantity }: Disclosure): number {
  if (way === 'sell') return 0;
  const cents = Math.round(rowOf(state.quotes, quote).askCents * quantity * 1.08);
  return cents + commissionCents(cents);
}

// ---- securities ----

const findSecurity = tool({
  name: 'find_security',
  about: 'Find the security of a company: its symbol, sector, exchange and last closing price.',
  in: z.strictObject({ company_name: ref('company_name', 'Name of the company') }),
  out: z.object({ symbol: symbol('Symbol of the security'), sector, exchange: z.string().describe('Exchange on which it is traded'), last_close: money('Last closing price') }),
  needs: [must('not_found', (state, args) => symbolOf(state, args.company_name) !== undefined, (args) => `No security of \`${args.company_name}\` is traded.`)],
  run: ({ state }, args) => {
    const found = symbolOf(state, args.company_name) as string;
    const security = rowOf(state.securities, found);
    return { symbol: found, sector: security.sector, exchange: security.exchange, last_close: fromCents(lastClose(state, found)) };
  },
});

const symbolOf = (state: BrokerageState, company: string): string | undefined => findId(state.securities, (one) => sameName(one.company, company));

const screenSector = tool({
  name: 'screen_sector',
  about: 'List the securities of a sector with their dividend yields.',
  in: z.strictObject({ sector }),
  out: z.object({
    securities: z.array(z.object({ symbol: symbol('Symbol of the security'), issuer: companyName, dividend_yield: z.number().describe('Dividend of the last year, in percent of the price') })).describe('The securities, by company'),
  }),
  run: ({ state }, args) => ({
    securities: sortedBy(rowsOf(state.securities, (one) => one.sector === args.sector), ([, one]) => one.company).map(([of, { company }]) => ({ symbol: of, issuer: company, dividend_yield: createRng(`${state.salt}/yield/${of}`).int(4, 78) / 10 })),
  }),
});

const HISTORY_DAYS = 10;

const priceHistory = tool({
  name: 'price_history',
  about: `Show how the price of a security moved in the last ${HISTORY_DAYS} days.`,
  in: z.strictObject({ symbol: symbol('Symbol of the security') }),
  out: z.object({ highest: money('Highest closing price'), lowest: money('Lowest closing price'), average: money('Average closing price'), highest_on: dayShown('Day of the highest price') }),
  needs: [securityIs((args) => args.symbol)],
  run: ({ state }, args) => {
    const closes = Array.from({ length: HISTORY_DAYS }, (_, at) => addDays(state.today, -1 - at)).map((date) => ({ date, cents: closeCents(state, args.symbol, date) }));
    const cents = closes.map((one) => one.cents);
    const highest = Math.max(...cents);
    return {
      highest: fromCents(highest), lowest: fromCents(Math.min(...cents)), average: fromCents(Math.round(sumOf(cents, (one) => one) / cents.length)),
      highest_on: closes.find((one) => one.cents === highest)?.date as string,
    };
  },
});

const compareSecurities = tool({
  name: 'compare_securities',
  about: 'Compare two securities: which has grown more in a year, and how closely their prices move together.',
  in: z.strictObject({ first_symbol: symbol('One of the securities'), second_symbol: symbol('The other security') }),
  out: z.object({ stronger_company: z.string().describe('Company whose shares have grown more'), lead_percent: z.number().describe('By how many percentage points'), correlation: z.number().describe('How closely the prices move together, from 0 to 1') }),
  needs: [
    securityIs((args) => args.first_symbol), securityIs((args) => args.second_symbol),
    must('invalid_args', (_state, args) => args.first_symbol !== args.second_symbol, () => 'The two securities are the same.'),
  ],
  run: ({ state }, args) => {
    const pair = [args.first_symbol, args.second_symbol].sort() as [string, string];
    const growth = (of: string): number => createRng(`${state.salt}/growth/${of}`).int(-180, 420);
    const [first, second] = pair.map(growth) as [number, number];
    return {
      stronger_company: companyOf(state, first >= second ? pair[0] : pair[1]), lead_percent: Math.abs(first - second) / 10,
      correlation: createRng(`${state.salt}/correlation/${pair.join('/')}`).int(5, 97) / 100,
    };
  },
});

const requestQuote = tool({
  name: 'request_quote',
  about: 'Get a quote for a security. It is good for orders of the same day.',
  in: z.strictObject({ symbol: symbol('Symbol of the security') }),
  out: z.object({ quote_id: quoteId, bid: money('Price at which shares can be sold'), ask: money('Price at which shares can be bought') }),
  writes: ['quotes'],
  needs: [securityIs((args) => args.symbol)],
  run: ({ state, id }, args) => {
    const close = lastClose(state, args.symbol);
    const spread = Math.max(1, Math.round(close / 500));
    const quote_id = id('QT', `${args.symbol}/${state.today}`, state.quotes);
    state.quotes[quote_id] = { symbol: args.symbol, on: state.today, bidCents: close - spread, askCents: close + spread };
    return { quote_id, bid: fromCents(close - spread), ask: fromCents(close + spread) };
  },
});

// ---- orders and the market ----

const openClientSession = tool({
  name: 'open_client_session',
  about: 'Open a session for a client with client number and passphrase. Orders, trades, positions and cash are closed before.',
  in: z.strictObject({ client_number: ref('client_number', "The client's number, as MB000000"), passphrase: ref('passphrase', "The client's passphrase") }),
  out: z.object({ client_name: z.string().describe('Name of the client'), market_day: dayShown('The trading day') }),
  writes: ['session'],
  needs: [
    must('not_found', (state, args) => state.client.number === args.client_number, (args) => `There is no client \`${args.client_number}\`.`),
    must('precondition', (state, args) => state.client.passphrase === args.passphrase, () => 'The passphrase does not belong to this client number.'),
  ],
  run: ({ state }) => {
    state.session.signedIn = true;
    return { client_name: state.client.name, market_day: state.today };
  },
});

/** The quote is of today: of one from another day nothing follows any more. */
const quoteOfToday = <A>(quote: (state: BrokerageState, args: A) => string): Need<BrokerageState, A> =>
  must('conflict', (state, args) => rowOf(state.quotes, quote(state, args)).on === state.today, (args, state) => `Quote \`${quote(state, args)}\` is of ${rowOf(state.quotes, quote(state, args)).on}; today is ${state.today}.`);

const discloseCosts = tool({
  name: 'disclose_costs',
  about: "Disclose what an order on today's quote would cost, which has to come before the order.",
  in: z.strictObject({ quote_id: quoteId, side, quantity: z.int().min(1).max(10).describe('Number of shares') }),
  out: z.object({ disclosure_id: disclosureId, commission: money('Commission at the quoted price'), expected_total: money('Cost or proceeds at the quoted price, commission included') }),
  writes: ['disclosures'],
  needs: [inSession, exists('quote', (state) => state.quotes, (args) => args.quote_id), quoteOfToday((_state, args) => args.quote_id)],
  run: ({ state, id }, args) => {
    const quote = rowOf(state.quotes, args.quote_id);
    const amount = (args.side === 'buy' ? quote.askCents : quote.bidCents) * args.quantity;
    const disclosure_id = id('DC', `${args.quote_id}/${args.side}/${args.quantity}`, state.disclosures);
    state.disclosures[disclosure_id] = { quote: args.quote_id, side: args.side, quantity: args.quantity, used: false };
    return { disclosure_id, commission: fromCents(commissionCents(amount)), expected_total: fromCents(args.side === 'buy' ? amount + commissionCents(amount) : amount - commissionCents(amount)) };
  },
});

const enterOrder = tool({
  name: 'enter_order',
  about: 'Place the order whose costs have been disclosed today. It stays open until the session is run to its close.',
  in: z.strictObject({ disclosure_id: disclosureId }),
  out: z.object({ order_id: orderId, kept_back: money('Cash kept back until the order is filled'), free_cash: money('Cash that is free afterwards') }),
  writes: ['orders', 'disclosures'],
  needs: [
    inSession,
    exists('disclosure', (state) => state.disclosures, (args) => args.disclosure_id),
    must('conflict', (state, args) => !rowOf(state.disclosures, args.disclosure_id).used, (args) => `Disclosure \`${args.disclosure_id}\` has served an order.`),
    quoteOfToday((state, args) => rowOf(state.disclosures, args.disclosure_id).quote),
    enough('the client', 'euros', (state) => fromCents(freeCents(state)), (args, state) => fromCents(reserveOf(state, rowOf(state.disclosures, args.disclosure_id)))),
    enough('the client', 'shares', (state, args) => freeShares(state, rowOf(state.quotes, rowOf(state.disclosures, args.disclosure_id).quote).symbol), (args, state) => sharesSold(rowOf(state.disclosures, args.disclosure_id))),
  ],
  run: ({ state, id }, args) => {
    const disclosure = rowOf(state.disclosures, args.disclosure_id);
    const order_id = id('OR', args.disclosure_id, state.orders);
    const reserveCents = reserveOf(state, disclosure);
    state.orders[order_id] = { symbol: rowOf(state.quotes, disclosure.quote).symbol, side: disclosure.side, quantity: disclosure.quantity, reserveCents, placedOn: state.today, status: 'open', trade: null };
    disclosure.used = true;
    return { order_id, kept_back: fromCents(reserveCents), free_cash: fromCents(freeCents(state)) };
  },
});

const sharesSold = ({ side: way, quantity }: Disclosure): number => (way === 'sell' ? quantity : 0);

const listOrders = tool({
  name: 'list_orders',
  about: "List the client's orders with company, side, number of shares and status.",
  in: z.strictObject({}),
  out: z.object({
    orders: z.array(z.object({ order_id: orderId, company: companyName, side, shares: z.int().describe('Number of shares'), placed_on: dayShown('Day on which the order was placed'), status: z.enum(ORDER_STATUSES).describe('Status of the order') })).describe('The orders, oldest first'),
  }),
  needs: [inSession],
  run: ({ state }) => ({
    orders: sortedBy(rowsOf(state.orders), ([id, one]) => `${one.placedOn} ${id}`).map(([order_id, one]) => ({ order_id, company: companyOf(state, one.symbol), side: one.side, shares: one.quantity, placed_on: one.placedOn, status: one.status })),
  }),
});

const withdrawOrder = tool({
  name: 'withdraw_order',
  about: 'Cancel an order that has not been filled. The cash it kept back is free again.',
  in: z.strictObject({ order_id: orderId }),
  out: z.object({ cancelled_company: companyName, free_cash: money('Cash that is free afterwards') }),
  writes: ['orders'],
  needs: [inSession, orderExists, orderIs('open')],
  run: ({ state }, args) => {
    const order = rowOf(state.orders, args.order_id);
    order.status = 'cancelled';
    return { cancelled_company: companyOf(state, order.symbol), free_cash: fromCents(freeCents(state)) };
  },
});

const runToClose = tool({
  name: 'run_to_close',
  about: 'Let the market session run to its close: every open order is filled at the closing price, and the next trading day begins.',
  in: z.strictObject({}),
  out: z.object({ orders_filled: z.int().describe('Orders filled at the close'), next_trading_day: dayShown('The trading day that begins'), index_close: z.number().describe('Closing level of the market index') }),
  writes: ['orders', 'trades', 'positions', 'cash', 'today'],
  needs: [inSession],
  run: (run) => {
    const { state } = run;
    const open = rowsOf(state.orders, (one) => one.status === 'open');
    for (const [order_id] of open) fill(run, order_id);
    const index_close = createRng(`${state.salt}/index/${state.today}`).int(310_000, 369_999) / 100;
    state.today = nextTradingDay(state.today);
    return { orders_filled: open.length, next_trading_day: state.today, index_close };
  },
});

/** Turns an open order into a trade at today's close. */
function fill({ state, id }: Run<BrokerageState>, order_id: string): void {
  const order = rowOf(state.orders, order_id);
  const priceCents = closeCents(state, order.symbol, state.today);
  const amount = priceCents * order.quantity;
  const isBuy = order.side === 'buy';
  const totalCents = isBuy ? amount + commissionCents(amount) : amount - commissionCents(amount);
  const trade_id = id('TD', order_id, state.trades);
  state.trades[trade_id] = { order: order_id, symbol: order.symbol, side: order.side, quantity: order.quantity, priceCents, totalCents, settlesOn: nextTradingDay(nextTradingDay(state.today)), settled: false };
  Object.assign(order, { status: 'filled', trade: trade_id, reserveCents: 0 });
  state.positions[order.symbol] ??= { shares: 0, unsettled: 0, costCents: priceCents };
  const position = rowOf(state.positions, order.symbol);
  if (isBuy) {
    state.cash.settledCents -= totalCents;
    position.unsettled += order.quantity;
  } else {
    state.cash.unsettledCents += totalCents;
    position.shares -= order.quantity;
  }
}

const orderResult = tool({
  name: 'order_result',
  about: 'Show at what price an order was filled and which trade came of it.',
  in: z.strictObject({ order_id: orderId }),
  out: z.object({ trade_id: tradeId, fill_price: money('Price of a share'), total: money('Cost or proceeds with the commission'), settles_on: dayShown('Day on which the trade settles') }),
  needs: [inSession, orderExists, orderIs('filled')],
  run: ({ state }, args) => {
    const trade_id = rowOf(state.orders, args.order_id).trade as string;
    const { priceCents, totalCents, settlesOn } = rowOf(state.trades, trade_id);
    return { trade_id, fill_price: fromCents(priceCents), total: fromCents(totalCents), settles_on: settlesOn };
  },
});

// ---- settlement, positions, cash ----

const listTrades = tool({
  name: 'list_trades',
  about: "List the client's trades with the day on which they settle.",
  in: z.strictObject({}),
  out: z.object({
    trades: z.array(z.object({ company: companyName, side, amount: money('Cost or proceeds with the commission'), settles_on: dayShown('Day on which the trade settles'), settled: z.boolean().describe('Whether it has been settled') })).describe('The trades, earliest settlement first'),
  }),
  needs: [inSession],
  run: ({ state }) => ({
    trades: sortedBy(rowsOf(state.trades), ([id, one]) => `${one.settlesOn} ${id}`).map(([, one]) => ({ company: companyOf(state, one.symbol), side: one.side, amount: fromCents(one.totalCents), settles_on: one.settlesOn, settled: one.settled })),
  }),
});

const settleTrade = tool({
  name: 'settle_trade',
  about: 'Settle a trade whose day has come: bought shares become sellable, the proceeds of a sale become cash that can be withdrawn.',
  in: z.strictObject({ trade_id: tradeId }),
  out: z.object({ settled_cash: money('Settled cash afterwards'), shares_held: z.int().describe('Settled shares of the company afterwards'), confirmation: z.string().describe('Number of the confirmation') }),
  writes: ['trades', 'positions', 'cash'],
  needs: [
    inSession,
    exists('trade', (state) => state.trades, (args) => args.trade_id),
    must('conflict', (state, args) => !rowOf(state.trades, args.trade_id).settled, (args) => `Trade \`${args.trade_id}\` has been settled.`),
    must('precondition', (state, args) => rowOf(state.trades, args.trade_id).settlesOn <= state.today, (args, state) => `Trade \`${args.trade_id}\` settles on ${rowOf(state.trades, args.trade_id).settlesOn}; today is ${state.today}.`),
  ],
  run: ({ state, id }, args) => {
    const trade = rowOf(state.trades, args.trade_id);
    const position = rowOf(state.positions, trade.symbol);
    trade.settled = true;
    if (trade.side === 'buy') {
      position.unsettled -= trade.quantity;
      position.shares += trade.quantity;
    } else {
      state.cash.unsettledCents -= trade.totalCents;
      state.cash.settledCents += trade.totalCents;
    }
    return { settled_cash: fromCents(state.cash.settledCents), shares_held: position.shares, confirmation: id('CF', args.trade_id, {}) };
  },
});

const listPositions = tool({
  name: 'list_positions',
  about: "List what the client owns: shares, what they cost and what they are worth at the last close.",
  in: z.strictObject({}),
  out: z.object({
    positions: z.array(z.object({ symbol: symbol('Symbol of the security'), holding: companyName, shares: z.int().describe('Settled shares'), value: money('Value at the last close'), cost_per_share: money('What a share cost') })).describe('The positions, by company'),
  }),
  needs: [inSession],
  run: ({ state }) => ({
    positions: sortedBy(rowsOf(state.positions), ([of]) => companyOf(state, of)).map(([of, { shares, costCents }]) => ({ symbol: of, holding: companyOf(state, of), shares, value: fromCents(shares * lastClose(state, of)), cost_per_share: fromCents(costCents) })),
  }),
});

const cashOverview = tool({
  name: 'cash_overview',
  about: "Show the client's cash: settled, free of open orders, and still to come from sales.",
  in: z.strictObject({}),
  out: z.object({ settled: money('Settled cash'), free: money('Settled cash that no open order keeps back'), to_come: money('Proceeds of sales that have not settled') }),
  needs: [inSession],
  run: ({ state }) => ({ settled: fromCents(state.cash.settledCents), free: fromCents(freeCents(state)), to_come: fromCents(state.cash.unsettledCents) }),
});

const findPayoutAccount = tool({
  name: 'find_payout_account',
  about: 'Find one of the bank accounts the client has registered for withdrawals, by what the client calls it.',
  in: z.strictObject({ label: ref('payout_label', 'What the client calls the account') }),
  out: z.object({ payout_account_id: payoutAccountId, bank_branch: z.string().describe('Branch of the bank that keeps it'), days_to_arrive: z.int().describe('Days until money arrives') }),
  needs: [inSession, must('not_found', (state, args) => payoutNamed(state, args.label) !== undefined, (args) => `The client has registered no account called \`${args.label}\`.`)],
  run: ({ state }, args) => {
    const payout_account_id = payoutNamed(state, args.label) as string;
    const branch = createRng(`${state.salt}/branch/${payout_account_id}`).pick(['Saltgate', 'Upper Weir', 'Tollcross', 'Millpond', 'St Brannock']);
    return { payout_account_id, bank_branch: branch, days_to_arrive: rowOf(state.payoutAccounts, payout_account_id).days };
  },
});

const payoutNamed = (state: BrokerageState, label: string): string | undefined => findId(state.payoutAccounts, (one) => sameName(one.label, label));

const withdrawCash = tool({
  name: 'withdraw_cash',
  about: 'Pay settled cash that no open order keeps back to a registered bank account.',
  in: z.strictObject({ payout_account_id: payoutAccountId, amount: z.number().min(10).max(2000).describe('Amount, in euros') }),
  out: z.object({ withdrawal_number: z.string().describe('Number of the withdrawal'), arrives_on: dayShown('Day on which the money arrives'), free_cash: money('Cash that is free afterwards') }),
  writes: ['cash', 'withdrawals'],
  needs: [
    inSession,
    exists('payout account', (state) => state.payoutAccounts, (args) => args.payout_account_id),
    enough('the client', 'euros', (state) => fromCents(freeCents(state)), (args) => args.amount),
  ],
  run: ({ state, id }, args) => {
    const cents = toCents(args.amount);
    const withdrawal_number = id('WD', `${args.payout_account_id}/${cents}`, state.withdrawals);
    state.withdrawals[withdrawal_number] = { account: args.payout_account_id, cents };
    state.cash.settledCents -= cents;
    return { withdrawal_number, arrives_on: addDays(state.today, rowOf(state.payoutAccounts, args.payout_account_id).days), free_cash: fromCents(freeCents(state)) };
  },
});

/** The tools of the broker, as its client desk would be given them. */
export const brokerageTools: readonly DomainTool<BrokerageState>[] = [
  openClientSession, findSecurity, screenSector, priceHistory, compareSecurities, requestQuote,
  discloseCosts, enterOrder, listOrders, withdrawOrder, runToClose, orderResult,
  listTrades, settleTrade, listPositions, cashOverview, findPayoutAccount, withdrawCash,
];
