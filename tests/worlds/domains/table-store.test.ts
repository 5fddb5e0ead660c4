import { createTableStoreWorld } from '../../../src/worlds/builtin/table-store';
import { rowsIn, rowWith, talkTo, type Talk } from '../../fixtures/talk';

const world = createTableStoreWorld();

async function inDatabase(): Promise<Talk & { database_id: string }> {
  const talk = await talkTo(world);
  await talk.ask('open_session', { workspace: talk.say.workspace as string, access_phrase: talk.say.access_phrase as string });
  return { ...talk, database_id: await talk.get('find_database', 'database_id', { team: talk.say.team_1 as string }) };
}

async function newTable(): Promise<Talk & { table_id: string; column_id: string }> {
  const talk = await inDatabase();
  const table_id = await talk.get('create_table', 'table_id', { database_id: talk.database_id, title: talk.say.table_title as string });
  return { ...talk, table_id, column_id: await talk.get('add_column', 'column_id', { table_id, title: 'quantity', type: 'number' }) };
}

test('a new table goes from draft to a downloaded export, in the order of its index', async () => {
  const { ask, get, say, table_id, column_id } = await newTable();
  await ask('publish_table', { table_id });
  const { rows_loaded } = await ask('load_batch', { table_id, batch_name: say.batch_1 as string });
  const index_id = await get('build_index', 'index_id', { column_id });
  const query = await ask('run_query', { index_id, order: 'descending', pages: 2 });
  expect(query).toMatchObject({ matching_rows: rows_loaded, kept_rows: 8 });
  const cursor_id = query.cursor_id as string;
  const page = rowsIn(await ask('fetch_page', { cursor_id }), 'rows').map((row) => Number(row.value));
  expect(page).toEqual([...page].sort((a, b) => b - a));
  expect(String(page[0])).toBe(query.first_value);
  const written = await ask('export_result', { cursor_id, format: 'csv' });
  expect(written.rows_exported).toBe(8);
  expect(await get('download_export', 'file_name', { export_id: written.export_id as string })).toBe(`${say.table_title}.csv`);
});

test('nothing opens without a session', async () => {
  const { attempt, say } = await talkTo(world);
  expect(await attempt('find_database', { team: say.team_1 as string })).toMatchObject({ fault: 'precondition' });
  expect(await attempt('open_session', { workspace: say.workspace as string, access_phrase: 'open up' })).toMatchObject({ fault: 'precondition' });
});

test('a draft takes no batch and no index, a published table no column', async () => {
  const { ask, attempt, say, table_id, column_id } = await newTable();
  expect(await attempt('load_batch', { table_id, batch_name: say.batch_1 as string })).toMatchObject({ fault: 'precondition' });
  expect(await attempt('build_index', { column_id })).toMatchObject({ fault: 'precondition' });
  await ask('publish_table', { table_id });
  expect(await attempt('add_column', { table_id, title: 'district', type: 'text' })).toMatchObject({ fault: 'conflict' });
});

test('an export closes its cursor, and its link is issued once', async () => {
  const { ask, attempt, get, database_id } = await inDatabase();
  const { table_id } = rowWith(await ask('list_tables', { database_id }), 'tables', { status: 'published' });
  const { index_id } = rowWith(await ask('describe_table', { table_id: table_id as string }), 'indexes', { column_title: 'entered_on' });
  const cursor_id = await get('run_query', 'cursor_id', { index_id: index_id as string });
  const export_id = await get('export_result', 'export_id', { cursor_id, format: 'parquet' });
  expect(await attempt('fetch_page', { cursor_id })).toMatchObject({ fault: 'conflict' });
  await ask('download_export', { export_id });
  expect(await attempt('download_export', { export_id })).toMatchObject({ fault: 'conflict' });
});

test('a link points to an indexed column of the same type in another table', async () => {
  const { ask, attempt, get, say, database_id } = await inDatabase();
  const { table_id } = rowWith(await ask('list_tables', { database_id }), 'tables', { status: 'published' });
  const columns = await ask('describe_table', { table_id: table_id as string });
  const idOf = (column_title: string): string => rowWith(columns, 'columns', { column_title }).column_id as string;
  expect(await attempt('link_tables', { from_column: idOf('reference'), to_column: idOf('entered_on') })).toMatchObject({ fault: 'precondition' });
  const draft = await get('create_table', 'table_id', { database_id, title: say.other_table_title as string });
  const label = await get('add_column', 'column_id', { table_id: draft, title: 'label', type: 'text' });
  expect(await attempt('link_tables', { from_column: label, to_column: idOf('amount') })).toMatchObject({ fault: 'precondition' });
  expect((await ask('link_tables', { from_column: label, to_column: idOf('reference') })).matched_percent).toBeGreaterThan(40);
});

test('a snapshot takes later batches out again', async () => {
  const { ask, attempt, get, say, table_id } = await newTable();
  await ask('publish_table', { table_id });
  const { rows_now } = await ask('load_batch', { table_id, batch_name: say.batch_1 as string });
  const snapshot_id = await get('take_snapshot', 'snapshot_id', { table_id });
  expect(await attempt('restore_snapshot', { snapshot_id })).toMatchObject({ fault: 'conflict' });
  await ask('load_batch', { table_id, batch_name: say.batch_2 as string });
  expect((await ask('restore_snapshot', { snapshot_id })).rows_now).toBe(rows_now);
});
