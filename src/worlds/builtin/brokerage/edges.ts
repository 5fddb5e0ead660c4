import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('brokerage');

const SYMBOL = [out('find_security', '/symbol'), out('screen_sector', '/securities/*/symbol'), out('list_positions', '/positions/*/symbol')];
const ORDER = [out('enter_order', '/order_id'), out('list_orders', '/orders/*/order_id')];
const IN_SESSION = [
  'disclose_costs', 'enter_order', 'list_orders', 'withdraw_order', 'run_to_close', 'order_result', 'list_trades', 'settle_trade', 'list_positions', 'cash_overview', 'find_payout_account', 'withdraw_cash',
];

/** What the broker's tools need of each other. A seed has an open order, filled ones and a trade that is due, so no clock step is among it. */
export const BROKERAGE_EDGES: readonly TrueGroup[] = [
  data('price_history', '/symbol', SYMBOL),
  data('compare_securities', '/first_symbol', SYMBOL),
  data('compare_securities', '/second_symbol', SYMBOL),
  data('request_quote', '/symbol', SYMBOL),
  data('disclose_costs', '/quote_id', [out('request_quote', '/quote_id')]),
  data('enter_order', '/disclosure_id', [out('disclose_costs', '/disclosure_id')]),
  data('withdraw_order', '/order_id', ORDER),
  data('order_result', '/order_id', ORDER),
  data('settle_trade', '/trade_id', [out('order_result', '/trade_id')]),
  data('withdraw_cash', '/payout_account_id', [out('find_payout_account', '/payout_account_id')]),
  ...IN_SESSION.map((tool) => state(tool, 'open_client_session')),
];
