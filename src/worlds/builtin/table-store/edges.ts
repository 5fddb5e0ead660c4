import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('table-store');

const DATABASE = [out('find_database', '/database_id')];
const TABLE = [out('create_table', '/table_id'), out('list_tables', '/tables/*/table_id')];
const COLUMN = [out('add_column', '/column_id'), out('describe_table', '/columns/*/column_id'), out('list_tables', '/tables/*/key_column')];
const NEEDS_DATABASE = ['list_tables', 'create_table', 'storage_usage'];
const NEEDS_TABLE = ['describe_table', 'add_column', 'publish_table', 'load_batch', 'take_snapshot'];
const NEEDS_CURSOR = ['fetch_page', 'export_result'];
const NEEDS_SESSION = ['find_database', 'build_index', 'run_query', 'download_export', 'link_tables', 'restore_snapshot', ...NEEDS_DATABASE, ...NEEDS_TABLE, ...NEEDS_CURSOR];

/** The table store's dependencies as its author knows them: the oracle that exploration is tested against. */
export const TABLE_STORE_EDGES: readonly TrueGroup[] = [
  ...NEEDS_DATABASE.map((tool) => data(tool, '/database_id', DATABASE)),
  ...NEEDS_TABLE.map((tool) => data(tool, '/table_id', TABLE)),
  data('build_index', '/column_id', COLUMN),
  data('link_tables', '/from_column', COLUMN),
  data('link_tables', '/to_column', COLUMN),
  data('run_query', '/index_id', [out('build_index', '/index_id'), out('describe_table', '/indexes/*/index_id')]),
  ...NEEDS_CURSOR.map((tool) => data(tool, '/cursor_id', [out('run_query', '/cursor_id')])),
  data('download_export', '/export_id', [out('export_result', '/export_id')]),
  data('restore_snapshot', '/snapshot_id', [out('take_snapshot', '/snapshot_id')]),
  ...NEEDS_SESSION.map((tool) => state(tool, 'open_session')),
  // A table differs from its snapshot only after a batch was loaded into it.
  state('restore_snapshot', 'load_batch'),
];
