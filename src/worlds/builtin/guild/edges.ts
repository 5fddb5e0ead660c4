import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('guild');

const POST = [out('find_post', '/post_id')];
const CARAVAN = [out('find_caravan', '/caravan_id')];
const QUOTE = [out('open_haggle', '/quote_id')];
const BEHIND_MARK = [
  'find_caravan', 'open_haggle', 'press_merchant', 'strike_deal', 'list_cargo', 'send_caravan', 'meet_caravan', 'read_notice_board', 'fill_order',
  'enter_seal', 'show_standing',
];

/** What the game's tools need of each other. Where a caravan has to stand is left out: a seed has caravans at three posts. */
export const GUILD_EDGES: readonly TrueGroup[] = [
  data('find_roads', '/from_post', POST),
  data('find_roads', '/to_post', POST),
  ...['list_merchants', 'ask_going_rate', 'read_notice_board'].map((tool) => data(tool, '/post_id', POST)),
  data('open_haggle', '/merchant_id', [out('list_merchants', '/merchants/*/merchant_id')]),
  data('press_merchant', '/quote_id', QUOTE),
  data('strike_deal', '/quote_id', QUOTE),
  ...['strike_deal', 'list_cargo', 'send_caravan'].map((tool) => data(tool, '/caravan_id', CARAVAN)),
  data('send_caravan', '/road_id', [out('find_roads', '/roads/*/road_id')]),
  data('meet_caravan', '/journey_id', [out('send_caravan', '/journey_id')]),
  data('fill_order', '/cargo_id', [out('strike_deal', '/cargo_id'), out('list_cargo', '/cargoes/*/cargo_id')]),
  data('fill_order', '/order_id', [out('read_notice_board', '/orders/*/order_id')]),
  data('enter_seal', '/delivery_seal', [out('fill_order', '/delivery_seal')]),
  ...BEHIND_MARK.map((tool) => state(tool, 'show_guild_mark')),
  data('find_post', '/post_name', [out('meet_caravan', '/stands_at')], 'optional'),
  data('ask_going_rate', '/ware_name', [
    out('list_merchants', '/merchants/*/ware_name'), out('list_cargo', '/cargoes/*/ware_name'), out('read_notice_board', '/orders/*/ware_name'),
  ], 'optional'),
];
