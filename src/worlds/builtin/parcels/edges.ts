import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('parcels');

const POSTCODE = [out('find_postcode', '/postcode'), out('find_business', '/postcode')];
const PARCEL = [out('buy_label', '/parcel_id'), out('list_parcels', '/parcels/*/parcel_id')];
const TRACKING = [out('buy_label', '/tracking_number'), out('list_parcels', '/parcels/*/tracking_number')];
const OF_PARCEL = ['insure_parcel', 'cancel_label', 'pickup_windows', 'book_pickup', 'drop_off_parcel', 'redirect_parcel'];

/** What the parcel tools need of each other. Parcels in every status exist from the start, so no order of handing over is among it. */
export const PARCELS_EDGES: readonly TrueGroup[] = [
  data('nearest_parcel_shop', '/postcode', POSTCODE),
  data('quote_rate', '/from_postcode', POSTCODE),
  data('quote_rate', '/to_postcode', POSTCODE),
  data('redirect_parcel', '/new_postcode', POSTCODE),
  data('buy_label', '/quote_id', [out('quote_rate', '/quote_id')]),
  ...OF_PARCEL.map((tool) => data(tool, '/parcel_id', PARCEL)),
  data('book_pickup', '/window_id', [out('pickup_windows', '/windows/*/window_id')]),
  data('cancel_pickup', '/pickup_id', [out('book_pickup', '/pickup_id')]),
  data('drop_off_parcel', '/shop_id', [out('nearest_parcel_shop', '/shop_id')]),
  data('track_parcel', '/tracking_number', TRACKING),
  // A parcel labelled today is not delivered today.
  data('open_inquiry', '/tracking_number', [out('list_parcels', '/parcels/*/tracking_number')]),
  ...['list_parcels', 'buy_label', 'cancel_pickup', 'open_inquiry', ...OF_PARCEL].map((tool) => state(tool, 'log_in_sender')),
];
