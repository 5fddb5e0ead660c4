import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('shop');

const PRODUCT = [out('search_catalogue', '/products/*/product_id')];
const VARIANT = [out('list_variants', '/variants/*/variant_id')];
const BASKET = [out('open_basket', '/basket_id')];
const ORDER = [out('list_orders', '/orders/*/order_number'), out('check_out', '/order_number')];
const NEEDS_ORDER = ['order_contents', 'track_order', 'call_off_order'];
const NEEDS_SIGN_IN = ['open_basket', 'add_to_basket', 'remove_from_basket', 'apply_voucher', 'quote_delivery', 'check_out', 'list_orders', 'start_return', 'book_return_collection', ...NEEDS_ORDER];

/** The shop's dependencies as its author knows them. Only tests may read them. */
export const SHOP_EDGES: readonly TrueGroup[] = [
  data('product_details', '/product_id', PRODUCT),
  data('list_variants', '/product_id', PRODUCT),
  data('compare_variants', '/first_variant', VARIANT),
  data('compare_variants', '/second_variant', VARIANT),
  data('add_to_basket', '/basket_id', BASKET),
  data('add_to_basket', '/variant_id', VARIANT),
  data('remove_from_basket', '/basket_id', BASKET),
  data('remove_from_basket', '/variant_id', VARIANT),
  data('apply_voucher', '/basket_id', BASKET),
  data('quote_delivery', '/basket_id', BASKET),
  data('quote_delivery', '/destination_id', [out('find_pickup_point', '/destination_id'), out('save_address', '/destination_id')]),
  data('check_out', '/delivery_quote_id', [out('quote_delivery', '/delivery_quote_id')]),
  ...NEEDS_ORDER.map((tool) => data(tool, '/order_number', ORDER)),
  data('start_return', '/item_id', [out('order_contents', '/items/*/item_id')]),
  data('book_return_collection', '/return_number', [out('start_return', '/return_number')]),
  ...NEEDS_SIGN_IN.map((tool) => state(tool, 'sign_in')),
  // A basket is open and empty at first.
  state('remove_from_basket', 'add_to_basket'),
  state('apply_voucher', 'add_to_basket'),
  state('quote_delivery', 'add_to_basket'),
];
