import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('farm');

const PLOT = [out('find_plot', '/plot_id')];
const VILLAGE = [out('find_village', '/village_id')];
const PLANTING = [out('sow_plot', '/planting_id'), out('inspect_plot', '/planting_id')];
const BEHIND_LOADING = [
  'find_plot', 'buy_seed', 'open_seed_chest', 'plough_plot', 'sow_plot', 'inspect_plot', 'water_planting', 'let_days_pass', 'harvest_planting',
  'list_crates', 'request_offer', 'accept_offer',
];

/** What the game's tools need of each other. Ploughing and days that pass are left out: a seed has a ploughed plot and a ripe one. */
export const FARM_EDGES: readonly TrueGroup[] = [
  ...['plough_plot', 'sow_plot', 'inspect_plot'].map((tool) => data(tool, '/plot_id', PLOT)),
  ...['browse_seed_shop', 'request_offer'].map((tool) => data(tool, '/village_id', VILLAGE)),
  data('compare_markets', '/first_village', VILLAGE),
  data('compare_markets', '/second_village', VILLAGE),
  data('buy_seed', '/lot_id', [out('browse_seed_shop', '/lots/*/lot_id')]),
  data('sow_plot', '/bag_id', [out('buy_seed', '/bag_id'), out('open_seed_chest', '/bags/*/bag_id')]),
  data('water_planting', '/planting_id', PLANTING),
  data('harvest_planting', '/planting_id', PLANTING),
  data('request_offer', '/crate_id', [out('harvest_planting', '/crate_id'), out('list_crates', '/crates/*/crate_id')]),
  data('accept_offer', '/offer_id', [out('request_offer', '/offer_id')]),
  ...BEHIND_LOADING.map((tool) => state(tool, 'load_farm')),
  data('compare_markets', '/crop_name', [
    out('browse_seed_shop', '/lots/*/crop_name'), out('open_seed_chest', '/bags/*/crop_name'), out('inspect_plot', '/crop_name'), out('list_crates', '/crates/*/crop_name'),
  ], 'optional'),
];
