import { z } from 'zod';
import { addDays } from '../calendar';
import { derived, findId, inStatus, rowOf, rowsOf, sameName, signedIn, text } from '../combinators';
import { day, exists, must, ref, toolsOn, type DomainTool, type Need } from '../domain';
import { COLUMN_TYPES, rowCount, sortedRows, type TableStoreState } from './state';

type S = TableStoreState;
const tool = toolsOn<S>();
const PAGE = 4;

// ---- fields ----

const databaseId = ref('database_id', "Id of a team's database, as given by find_database");
const tableId = ref('table_id', 'Id of a table');
const columnId = ref('column_id', 'Id of a column');
const indexId = ref('index_id', 'Id of an index');
const cursorId = ref('cursor_id', 'Id of a query cursor, as given by run_query');
const exportId = ref('export_id', 'Id of an export');
const snapshotId = ref('snapshot_id', 'Id of a snapshot');
const tableStatus = z.enum(['draft', 'published']).describe('Draft while its columns may change, published afterwards');
const columnType = z.enum(COLUMN_TYPES);

// ---- needs ----

const hasSession = signedIn<S>();
const databaseExists = exists<S, { database_id: string }>('database', (state) => state.databases, (args) => args.database_id);
const tableExists = exists<S, { table_id: string }>('table', (state) => state.tables, (args) => args.table_id);
const columnExists = <A>(read: (args: A) => string): Need<S, A> => exists('column', (state) => state.columns, read);
const cursorExists = exists<S, { cursor_id: string }>('cursor', (state) => state.cursors, (args) => args.cursor_id);
const cursorOpen = must<S, { cursor_id: string }>('conflict', (state, args) => !rowOf(state.cursors, args.cursor_id).closed, (args) => `Cursor \`${args.cursor_id}\` was closed by an export.`);
const tableIs = <A>(allowed: 'draft' | 'published', id: (args: A, state: S) => string): Need<S, A> =>
  inStatus({ kind: 'Table', id, status: (state, args) => rowOf(state.tables, id(args, state)).status, order: ['draft', 'published'], allowed: [allowed] });
const hasRows = must<S, { table_id: string }>('precondition', (state, args) => rowOf(state.tables, args.table_id).batches.length > 0, (args) => `Table \`${args.table_id}\` has no rows yet. Load a batch first.`);

// ---- reading the state ----

const columnsOf = (state: S, table: string): [string, S['columns'][string]][] => rowsOf(state.columns, (column) => column.table === table);
const indexOf = (state: S, column: string): string | undefined => findId(state.indexes, (index) => index.column === column);
const sameBatches = (one: readonly string[], other: readonly string[]): boolean => one.join() === other.join();
const nextPageSize = (cursor: S['cursors'][string]): number => Math.min(PAGE, cursor.rows.length - cursor.at);

// ---- workspace and tables ----

const openSession = tool({
  name: 'open_session',
  about: 'Open a session in a workspace. Databases, tables and queries are only open within a session.',
  in: z.strictObject({ workspace: ref('workspace', 'Name of the workspace'), access_phrase: ref('access_phrase', 'Access phrase of the workspace') }),
  out: z.object({ plan: z.string().describe('Plan the workspace is on'), query_quota: z.int().describe('Queries left this month') }),
  writes: ['session'],
  needs: [
    must('not_found', (state, args) => sameName(state.workspace.name, args.workspace), (args) => `There is no workspace \`${args.workspace}\`.`),
    must('precondition', (state, args) => state.workspace.phrase === args.access_phrase, () => 'The access phrase does not belong to this workspace.'),
  ],
  run: ({ state }) => {
    state.session.signedIn = true;
    const rng = derived(state, 'plan');
    return { plan: rng.pick(['Bench', 'Workshop', 'Foundry']), query_quota: rng.int(120, 980) };
  },
});

const findDatabase = tool({
  name: 'find_database',
  about: 'Find the database of a team and its id. Tables are kept per database.',
  in: z.strictObject({ team: ref('team', 'Name of the team') }),
  out: z.object({ database_id: databaseId, region: z.string().describe('Region that holds the data'), storage_limit_mb: z.int().describe('Storage limit, in megabytes') }),
  needs: [hasSession, must('not_found', (state, args) => databaseOf(state, args.team) !== undefined, (args) => `No team is called \`${args.team}\`.`)],
  run: ({ state }, args) => {
    const database_id = databaseOf(state, args.team) as string;
    return { database_id, region: rowOf(state.databases, database_id).region, storage_limit_mb: derived(state, `limit/${database_id}`).int(20, 90) * 25 };
  },
});

const databaseOf = (state: S, team: string): string | undefined => findId(state.databases, (database) => sameName(database.team, team));

const storageUsage = tool({
  name: 'storage_usage',
  about: 'Show how much storage a database uses and how its backups are kept.',
  in: z.strictObject({ database_id: databaseId }),
  out: z.object({ used_mb: z.int().describe('Storage in use, in megabytes'), backup_days: z.int().describe('Days for which backups are kept'), last_backup_on: day('Day of the last backup') }),
  needs: [hasSession, databaseExists],
  run: ({ state }, args) => {
    const rng = derived(state, `usage/${args.database_id}`);
    const rows = rowsOf(state.tables, (table) => table.database === args.database_id).reduce((sum, [, table]) => sum + rowCount(state, table.batches), 0);
    return { used_mb: rng.int(40, 300) + rows, backup_days: rng.pick([14, 30, 45, 90]), last_backup_on: addDays(state.today, -rng.int(1, 6)) };
  },
});

const listTables = tool({
  name: 'list_tables',
  about: 'List the tables of a database with status and number of rows.',
  in: z.strictObject({ database_id: databaseId }),
  out: z.object({
    tables: z.array(z.object({ table_id: tableId, title: z.string().describe('Title of the table'), status: tableStatus, rows: z.int().describe('Number of rows'), key_column: columnId.optional() })).describe('The tables, with the first column of those that have one'),
  }),
  needs: [hasSession, databaseExists],
  run: ({ state }, args) => ({
    tables: rowsOf(state.tables, (table) => table.database === args.database_id).map(([table_id, { title, status, batches }]) => ({ table_id, title, status, rows: rowCount(state, batches), ...keyColumn(state, table_id) })),
  }),
});

function keyColumn(state: S, table: string): { key_column?: string } {
  const first = Object.keys(state.columns).find((column) => rowOf(state.columns, column).table === table);
  return first === undefined ? {} : { key_column: first };
}

const describeTable = tool({
  name: 'describe_table',
  about: 'Show the columns and indexes of a table.',
  in: z.strictObject({ table_id: tableId }),
  out: z.object({
    owner: z.string().describe('Team that owns the table'),
    columns: z.array(z.object({ column_id: columnId, column_title: z.string().describe('Title of the column'), type: columnType.describe('Type of the values') })).describe('The columns'),
    indexes: z.array(z.object({ index_id: indexId, column_title: z.string().describe('Title of the indexed column') })).describe('The indexes'),
  }),
  needs: [hasSession, tableExists],
  run: ({ state }, args) => {
    const columns = columnsOf(state, args.table_id);
    return {
      owner: rowOf(state.databases, rowOf(state.tables, args.table_id).database).team,
      columns: columns.map(([column_id, { title, type }]) => ({ column_id, column_title: title, type })),
      indexes: rowsOf(state.indexes, (index) => columns.some(([id]) => id === index.column)).map(([index_id, index]) => ({ index_id, column_title: rowOf(state.columns, index.column).title })),
    };
  },
});

const createTable = tool({
  name: 'create_table',
  about: 'Create a table as a draft without columns. Titles are unique within a database.',
  in: z.strictObject({ database_id: databaseId, title: text('Title of the new table') }),
  out: z.object({ table_id: tableId, status: tableStatus, draft_kept_until: day('Day until which an unpublished draft is kept') }),
  writes: ['tables'],
  needs: [
    hasSession,
    databaseExists,
    must('conflict', (state, args) => findId(state.tables, (table) => table.database === args.database_id && sameName(table.title, args.title)) === undefined, (args) => `The database already has a table \`${args.title}\`.`),
  ],
  run: ({ state, id }, args) => {
    const table_id = id('T', `${args.database_id}/${args.title}`, state.tables);
    state.tables[table_id] = { database: args.database_id, title: args.title, status: 'draft', batches: [] };
    return { table_id, status: 'draft' as const, draft_kept_until: addDays(state.today, derived(state, `draft/${table_id}`).int(20, 60)) };
  },
});

const addColumn = tool({
  name: 'add_column',
  about: 'Add a column to a draft table. Once a table is published its columns are fixed.',
  in: z.strictObject({ table_id: tableId, title: text('Title of the new column'), type: columnType.describe('Type of the values') }),
  out: z.object({ column_id: columnId, columns_now: z.int().describe('Columns the table has now'), bytes_per_row: z.int().describe('Storage that the column takes per row, in bytes') }),
  writes: ['columns'],
  needs: [
    hasSession,
    tableExists,
    tableIs('draft', (args) => args.table_id),
    must('conflict', (state, args) => !columnsOf(state, args.table_id).some(([, column]) => sameName(column.title, args.title)), (args) => `The table already has a column \`${args.title}\`.`),
  ],
  run: ({ state, id }, args) => {
    const column_id = id('C', `${args.table_id}/${args.title}`, state.columns);
    state.columns[column_id] = { table: args.table_id, title: args.title, type: args.type };
    return { column_id, columns_now: columnsOf(state, args.table_id).length, bytes_per_row: derived(state, `bytes/${args.type}`).int(12, 64) };
  },
});

const publishTable = tool({
  name: 'publish_table',
  about: 'Publish a draft table that has at least one column, so that it can be loaded, indexed and queried.',
  in: z.strictObject({ table_id: tableId }),
  out: z.object({ schema_version: z.string().describe('Version label of the published schema'), row_limit: z.int().describe('Rows the table may hold') }),
  writes: ['tables'],
  needs: [
    hasSession,
    tableExists,
    tableIs('draft', (args) => args.table_id),
    must('precondition', (state, args) => columnsOf(state, args.table_id).length > 0, (args) => `Table \`${args.table_id}\` has no column yet. Add one first.`),
  ],
  run: ({ state }, args) => {
    rowOf(state.tables, args.table_id).status = 'published';
    const rng = derived(state, `publish/${args.table_id}`);
    return { schema_version: `${rng.pick(['amber', 'birch', 'coral', 'delft'])}-${rng.int(11, 99)}`, row_limit: rng.int(5, 40) * 1000 };
  },
});

// ---- rows and queries ----

const loadBatch = tool({
  name: 'load_batch',
  about: 'Load an uploaded batch of rows into a published table. A batch goes into a table once.',
  in: z.strictObject({ table_id: tableId, batch_name: ref('batch_name', 'Name of the uploaded batch') }),
  out: z.object({ rows_loaded: z.int().describe('Rows loaded'), rows_rejected: z.int().describe('Rows that did not fit the schema'), rows_now: z.int().describe('Rows the table has now') }),
  writes: ['tables'],
  needs: [
    hasSession,
    tableExists,
    exists('batch', (state) => state.batches, (args) => args.batch_name),
    tableIs('published', (args) => args.table_id),
    must('conflict', (state, args) => !rowOf(state.tables, args.table_id).batches.includes(args.batch_name), (args) => `Batch \`${args.batch_name}\` is already in the table.`),
  ],
  run: ({ state }, args) => {
    const table = rowOf(state.tables, args.table_id);
    const { rows, rejected } = rowOf(state.batches, args.batch_name);
    table.batches.push(args.batch_name);
    return { rows_loaded: rows, rows_rejected: rejected, rows_now: rowCount(state, table.batches) };
  },
});

const buildIndex = tool({
  name: 'build_index',
  about: 'Build an index on a column of a published table. JSON columns cannot be indexed; a column has at most one index.',
  in: z.strictObject({ column_id: columnId }),
  out: z.object({ index_id: indexId, build_seconds: z.int().describe('Time the build took, in seconds'), distinct_values: z.int().describe('Estimated number of distinct values in the column') }),
  writes: ['indexes'],
  needs: [
    hasSession,
    columnExists((args) => args.column_id),
    tableIs('published', (args, state) => rowOf(state.columns, args.column_id).table),
    must('precondition', (state, args) => rowOf(state.columns, args.column_id).type !== 'json', (args) => `Column \`${args.column_id}\` holds JSON and cannot be indexed.`),
    must('conflict', (state, args) => indexOf(state, args.column_id) === undefined, (args) => `Column \`${args.column_id}\` already has an index.`),
  ],
  run: ({ state, id }, args) => {
    const index_id = id('IX', args.column_id, state.indexes);
    state.indexes[index_id] = { column: args.column_id };
    const rng = derived(state, `build/${args.column_id}`);
    return { index_id, build_seconds: rng.int(11, 95), distinct_values: rng.int(120, 4800) };
  },
});

const tableOfIndex = (state: S, index: string): S['tables'][string] => rowOf(state.tables, rowOf(state.columns, rowOf(state.indexes, index).column).table);

const runQuery = tool({
  name: 'run_query',
  about: `Query a table along one of its indexes. The result is kept behind a cursor, which gives it in pages of ${PAGE} rows.`,
  in: z.strictObject({
    index_id: indexId,
    order: z.enum(['ascending', 'descending']).default('ascending').describe('Order of the rows along the index'),
    pages: z.int().min(1).max(5).default(3).describe(`Pages of ${PAGE} rows to keep at most`),
  }),
  out: z.object({ cursor_id: cursorId, matching_rows: z.int().describe('Rows in the table that match'), kept_rows: z.int().describe('Rows kept behind the cursor'), first_value: z.string().describe('Value of the indexed column in the first row') }),
  writes: ['cursors'],
  needs: [
    hasSession,
    exists('index', (state) => state.indexes, (args) => args.index_id),
    must('precondition', (state, args) => tableOfIndex(state, args.index_id).batches.length > 0, (args) => `The table of index \`${args.index_id}\` has no rows yet. Load a batch first.`),
  ],
  run: ({ state, id }, args) => {
    const sorted = sortedRows(state, args.index_id);
    const rows = (args.order === 'ascending' ? sorted : sorted.reverse()).slice(0, PAGE * args.pages);
    const cursor_id = id('CU', `${args.index_id}/${args.order}/${args.pages}`, state.cursors);
    state.cursors[cursor_id] = { index: args.index_id, rows, at: 0, closed: false };
    return { cursor_id, matching_rows: sorted.length, kept_rows: rows.length, first_value: rows[0]?.value ?? 'none' };
  },
});

const fetchPage = tool({
  name: 'fetch_page',
  about: 'Fetch the next page of rows of a cursor. Each page is given once.',
  in: z.strictObject({ cursor_id: cursorId }),
  out: z.object({
    rows: z.array(z.object({ row_key: z.string().describe('Key of the row'), value: z.string().describe('Value of the indexed column') })).describe('The rows of this page'),
    rows_left: z.int().describe('Rows left behind the cursor'),
  }),
  writes: ['cursors'],
  needs: [
    hasSession,
    cursorExists,
    cursorOpen,
    must('conflict', (state, args) => nextPageSize(rowOf(state.cursors, args.cursor_id)) > 0, (args) => `Cursor \`${args.cursor_id}\` has given all its rows.`),
  ],
  run: ({ state }, args) => {
    const cursor = rowOf(state.cursors, args.cursor_id);
    const rows = cursor.rows.slice(cursor.at, cursor.at + nextPageSize(cursor));
    cursor.at += rows.length;
    return { rows: rows.map(({ key, value }) => ({ row_key: key, value })), rows_left: cursor.rows.length - cursor.at };
  },
});

const exportResult = tool({
  name: 'export_result',
  about: 'Export all rows kept behind a cursor to a file. This closes the cursor.',
  in: z.strictObject({ cursor_id: cursorId, format: z.enum(['csv', 'parquet', 'json_lines']).describe('Format of the file') }),
  out: z.object({ export_id: exportId, rows_exported: z.int().describe('Rows in the file'), kept_until: day('Day until which the file is kept') }),
  writes: ['cursors', 'exports'],
  needs: [hasSession, cursorExists, cursorOpen],
  run: ({ state, id }, args) => {
    const cursor = rowOf(state.cursors, args.cursor_id);
    cursor.closed = true;
    const export_id = id('E', args.cursor_id, state.exports);
    state.exports[export_id] = { cursor: args.cursor_id, format: args.format, downloaded: false };
    return { export_id, rows_exported: cursor.rows.length, kept_until: addDays(state.today, derived(state, `kept/${args.format}`).int(5, 30)) };
  },
});

const downloadExport = tool({
  name: 'download_export',
  about: 'Issue the download link of an export. It is issued once.',
  in: z.strictObject({ export_id: exportId }),
  out: z.object({ file_name: z.string().describe('Name of the file'), size_kb: z.int().describe('Size of the file, in kilobytes'), unlock_code: z.string().describe('Code that opens the file') }),
  writes: ['exports'],
  needs: [
    hasSession,
    exists('export', (state) => state.exports, (args) => args.export_id),
    must('conflict', (state, args) => !rowOf(state.exports, args.export_id).downloaded, (args) => `The link of export \`${args.export_id}\` has been issued.`),
  ],
  run: ({ state, id }, args) => {
    const row = rowOf(state.exports, args.export_id);
    row.downloaded = true;
    const { index } = rowOf(state.cursors, row.cursor);
    const size_kb = derived(state, `size/${args.export_id}`).int(24, 900);
    return { file_name: `${tableOfIndex(state, index).title}.${row.format.replace('_lines', 'l')}`, size_kb, unlock_code: id('UN', args.export_id, {}) };
  },
});

// ---- links and snapshots ----

const linkTables = tool({
  name: 'link_tables',
  about: 'Link two tables: values of one column point to an indexed column of another table. Both columns must have the same type.',
  in: z.strictObject({ from_column: ref('column_id', 'Id of the column that points'), to_column: ref('column_id', 'Id of the indexed column that is pointed to') }),
  out: z.object({ link_label: z.string().describe('Label of the link'), matched_percent: z.int().describe('Share of values that find a partner, in percent') }),
  writes: ['links'],
  needs: [
    hasSession,
    columnExists((args) => args.from_column),
    columnExists((args) => args.to_column),
    must('precondition', (state, args) => rowOf(state.columns, args.from_column).table !== rowOf(state.columns, args.to_column).table, () => 'Both columns are in the same table.'),
    must('precondition', (state, args) => rowOf(state.columns, args.from_column).type === rowOf(state.columns, args.to_column).type, () => 'The columns have different types.'),
    must('precondition', (state, args) => indexOf(state, args.to_column) !== undefined, (args) => `Column \`${args.to_column}\` has no index.`),
    must('conflict', (state, args) => findId(state.links, (link) => link.from === args.from_column && link.to === args.to_column) === undefined, () => 'These columns are already linked.'),
  ],
  run: ({ state, id }, args) => {
    const meaning = `${args.from_column}/${args.to_column}`;
    const link_label = id('LN', meaning, state.links);
    state.links[link_label] = { from: args.from_column, to: args.to_column };
    return { link_label, matched_percent: derived(state, `match/${meaning}`).int(41, 99) };
  },
});

const takeSnapshot = tool({
  name: 'take_snapshot',
  about: 'Take a snapshot of the rows of a table, to which it can be restored later.',
  in: z.strictObject({ table_id: tableId }),
  out: z.object({ snapshot_id: snapshotId, rows_kept: z.int().describe('Rows in the snapshot'), kept_until: day('Day until which the snapshot is kept') }),
  writes: ['snapshots'],
  needs: [
    hasSession,
    tableExists,
    tableIs('published', (args) => args.table_id),
    hasRows,
    must(
      'conflict',
      (state, args) => findId(state.snapshots, (one) => one.table === args.table_id && sameBatches(one.batches, rowOf(state.tables, args.table_id).batches)) === undefined,
      (args) => `Table \`${args.table_id}\` has a snapshot of these rows.`,
    ),
  ],
  run: ({ state, id }, args) => {
    const { batches } = rowOf(state.tables, args.table_id);
    const snapshot_id = id('SN', `${args.table_id}/${batches.join()}`, state.snapshots);
    state.snapshots[snapshot_id] = { table: args.table_id, batches: [...batches] };
    return { snapshot_id, rows_kept: rowCount(state, batches), kept_until: addDays(state.today, derived(state, `snapshot/${args.table_id}`).int(30, 120)) };
  },
});

const tableOfSnapshot = (state: S, snapshot: string): S['tables'][string] => rowOf(state.tables, rowOf(state.snapshots, snapshot).table);

const restoreSnapshot = tool({
  name: 'restore_snapshot',
  about: 'Restore a table to a snapshot: batches loaded since then are taken out.',
  in: z.strictObject({ snapshot_id: snapshotId }),
  out: z.object({ table_title: z.string().describe('Title of the restored table'), rows_before: z.int().describe('Rows before the restore'), rows_now: z.int().describe('Rows after the restore') }),
  writes: ['tables'],
  needs: [
    hasSession,
    exists('snapshot', (state) => state.snapshots, (args) => args.snapshot_id),
    must('conflict', (state, args) => !sameBatches(tableOfSnapshot(state, args.snapshot_id).batches, rowOf(state.snapshots, args.snapshot_id).batches), () => 'The table has not changed since this snapshot.'),
  ],
  run: ({ state }, args) => {
    const table = tableOfSnapshot(state, args.snapshot_id);
    const rows_before = rowCount(state, table.batches);
    table.batches = [...rowOf(state.snapshots, args.snapshot_id).batches];
    return { table_title: table.title, rows_before, rows_now: rowCount(state, table.batches) };
  },
});

/** The tools of the table store, as a data team's assistant would be given them. */
export const tableStoreTools: readonly DomainTool<S>[] = [
  openSession, findDatabase, storageUsage, listTables, describeTable, createTable, addColumn, publishTable, loadBatch, buildIndex,
  runQuery, fetchPage, exportResult, downloadExport, linkTables, takeSnapshot, restoreSnapshot,
];
