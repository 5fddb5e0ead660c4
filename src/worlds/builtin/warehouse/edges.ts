import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('warehouse');

const SKU = [out('find_article', '/sku'), out('purchase_order_lines', '/lines/*/sku')];
const PALLET = [out('receive_pallet', '/pallet_id'), out('dock_pallets', '/pallets/*/pallet_id')];
const BIN = [out('propose_bins', '/bins/*/bin_id'), out('article_bins', '/bins/*/bin_id')];
const ORDER = [out('find_customer_orders', '/orders/*/order_number')];
const NEEDS_SHIFT = ['receive_pallet', 'dock_pallets', 'inspect_pallet', 'propose_bins', 'put_away', 'return_to_supplier', 'move_stock', 'find_customer_orders', 'start_picking', 'confirm_pick', 'pack_order', 'book_collection'];

/**
 * The warehouse's dependencies as its author knows them. Only tests may read them. That a pallet is put away or sent back only
 * after an inspection, and an order packed after its picks, is not here: a seed has one of each from the start.
 */
export const WAREHOUSE_EDGES: readonly TrueGroup[] = [
  data('article_bins', '/sku', SKU),
  data('move_stock', '/sku', SKU),
  data('move_stock', '/from_bin', BIN),
  data('move_stock', '/to_bin', BIN),
  data('count_bin', '/bin_id', BIN),
  data('purchase_order_lines', '/po_number', [out('find_purchase_orders', '/purchase_orders/*/po_number')]),
  data('receive_pallet', '/line_id', [out('purchase_order_lines', '/lines/*/line_id')]),
  ...['inspect_pallet', 'propose_bins', 'put_away', 'return_to_supplier'].map((tool) => data(tool, '/pallet_id', PALLET)),
  data('put_away', '/bin_id', BIN),
  data('start_picking', '/order_number', ORDER),
  data('pack_order', '/order_number', ORDER),
  data('confirm_pick', '/pick_id', [out('start_picking', '/picks/*/pick_id')]),
  data('book_collection', '/carton_id', [out('pack_order', '/carton_id')]),
  ...NEEDS_SHIFT.map((tool) => state(tool, 'open_shift')),
];
