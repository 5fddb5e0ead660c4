import { z } from 'zod';
import { createRng } from '../../../core/random';
import { addDays } from '../calendar';
import { rowOf } from '../combinators';
import { hiddenCode } from '../domain';
import { seeding, type Seeding } from '../seeding';

export const COLUMN_TYPES = ['text', 'number', 'date', 'json'] as const;

const table = z.strictObject({
  database: z.string(),
  title: z.string(),
  status: z.enum(['draft', 'published']),
  /** Names of the loaded batches, in order of loading. */
  batches: z.array(z.string()),
});
const column = z.strictObject({ table: z.string(), title: z.string(), type: z.enum(COLUMN_TYPES) });
const cursor = z.strictObject({
  index: z.string(),
  rows: z.array(z.strictObject({ key: z.string(), value: z.string() })),
  /** Rows handed out so far. */
  at: z.int().min(0),
  closed: z.boolean(),
});

/** Everything in the store. Cells are not stored: `sortedRows` derives them from batch, row and column. */
export const tableStoreSchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  workspace: z.strictObject({ name: z.string(), phrase: z.string() }),
  session: z.strictObject({ signedIn: z.boolean() }),
  databases: z.record(z.string(), z.strictObject({ team: z.string(), region: z.string() })),
  batches: z.record(z.string(), z.strictObject({ rows: z.int().min(1), rejected: z.int().min(0) })),
  tables: z.record(z.string(), table),
  columns: z.record(z.string(), column),
  indexes: z.record(z.string(), z.strictObject({ column: z.string() })),
  links: z.record(z.string(), z.strictObject({ from: z.string(), to: z.string() })),
  cursors: z.record(z.string(), cursor),
  exports: z.record(z.string(), z.strictObject({ cursor: z.string(), format: z.string(), downloaded: z.boolean() })),
  snapshots: z.record(z.string(), z.strictObject({ table: z.string(), batches: z.array(z.string()) })),
});

export type TableStoreState = z.output<typeof tableStoreSchema>;

const TEAMS = ['Harbour Analytics', 'Orchard Pricing', 'Lantern Support', 'Quarry Logistics', 'Meadow Billing', 'Signal Research'];
const REGIONS = ['north shelf', 'river delta', 'high plateau', 'west fjord'];
const TITLES = ['kiln_orders', 'ferry_tickets', 'greenhouse_yields', 'repair_visits', 'tannery_stock', 'lighthouse_logs', 'apiary_checks', 'canal_tolls'];
const BATCHES = ['autumn_intake', 'counter_backlog', 'field_notes', 'partner_feed', 'second_audit', 'late_corrections'];
const COLUMNS = [{ title: 'reference', type: 'text' }, { title: 'amount', type: 'number' }, { title: 'entered_on', type: 'date' }, { title: 'payload', type: 'json' }] as const;

/** The initial state of a seed: three teams' databases, each with a published table (loaded, two indexes) and a draft. */
export function initTableStore(seed: number): TableStoreState {
  const seeded = seeding('table-store', seed);
  const { rng, salt, today, faker, some, table: tableOf } = seeded;
  const databases = tableOf('DB', some(TEAMS, 3), (team) => ({ team, region: rng.pick(REGIONS) }));
  const batches = Object.fromEntries(some(BATCHES, 5).map((name) => [name, { rows: 4 * rng.int(4, 12), rejected: rng.int(0, 7) }]));
  return {
    salt, today, databases, batches,
    workspace: { name: `${faker.word.noun()}-${rng.int(10, 99)}`, phrase: `${faker.word.adjective()} ${faker.word.noun()} ${rng.int(100, 999)}` },
    session: { signedIn: false },
    ...initTables(seeded, Object.keys(databases), Object.keys(batches)),
    links: {}, cursors: {}, exports: {}, snapshots: {},
  };
}

function initTables({ code, some }: Seeding, databases: string[], batches: string[]): Pick<TableStoreState, 'tables' | 'columns' | 'indexes'> {
  const made: Pick<TableStoreState, 'tables' | 'columns' | 'indexes'> = { tables: {}, columns: {}, indexes: {} };
  const titles = some(TITLES, 2 * databases.length);
  databases.forEach((database, at) => {
    const published = code('T', `published/${at}`);
    const draft = code('T', `draft/${at}`);
    made.tables[published] = { database, title: titles[2 * at] as string, status: 'published', batches: [batches[at] as string] };
    made.tables[draft] = { database, title: titles[2 * at + 1] as string, status: 'draft', batches: [] };
    for (const { title, type } of COLUMNS) {
      const id = code('C', `${published}/${title}`);
      made.columns[id] = { table: published, title, type };
      if (title === 'reference' || title === 'entered_on') made.indexes[code('IX', id)] = { column: id };
    }
    made.columns[code('C', `${draft}/reference`)] = { table: draft, title: 'reference', type: 'text' };
  });
  return made;
}

const WORDS = ['alder', 'basalt', 'cobalt', 'dune', 'ember', 'flint', 'garnet', 'heath', 'indigo', 'juniper', 'kelp', 'larch'];

function cell(state: TableStoreState, row: string, column: TableStoreState['columns'][string]): string {
  const rng = createRng(`${state.salt}/cell/${row}/${column.title}`);
  if (column.type === 'number') return String(rng.int(1000, 9999));
  if (column.type === 'date') return addDays(state.today, -rng.int(1, 400));
  return `${rng.pick(WORDS)}-${rng.int(100, 999)}`;
}

/** All rows of the index's table in the order of its column, smallest first. */
export function sortedRows(state: TableStoreState, index: string): { key: string; value: string }[] {
  const column = rowOf(state.columns, rowOf(state.indexes, index).column);
  const { batches } = rowOf(state.tables, column.table);
  const names = batches.flatMap((batch) => Array.from({ length: rowOf(state.batches, batch).rows }, (_, row) => `${column.table}/${batch}/${row}`));
  return names
    .map((name) => ({ key: hiddenCode(state.salt, `row/${name}`, 7), value: cell(state, name, column) }))
    .sort((a, b) => (`${a.value} ${a.key}` < `${b.value} ${b.key}` ? -1 : 1));
}

export const rowCount = (state: TableStoreState, batches: readonly string[]): number => batches.reduce((sum, batch) => sum + rowOf(state.batches, batch).rows, 0);

export const tableStoreInvariants = {
  'an index lies on a column of a published table that is not JSON': (state: TableStoreState): boolean =>
    Object.values(state.indexes).every(({ column }) => state.columns[column]?.type !== 'json' && state.tables[state.columns[column]?.table ?? '']?.status === 'published'),
  'a table holds a batch at most once, a draft none': (state: TableStoreState): boolean =>
    Object.values(state.tables).every(({ status, batches }) => new Set(batches).size === batches.length && (status === 'published' || batches.length === 0)),
  'a link joins two columns of one type in different tables': (state: TableStoreState): boolean =>
    Object.values(state.links).every(({ from, to }) => state.columns[from]?.type === state.columns[to]?.type && state.columns[from]?.table !== state.columns[to]?.table),
  'a cursor is exported at most once and closed by it': (state: TableStoreState): boolean => {
    const cursors = Object.values(state.exports).map(({ cursor: id }) => id);
    return new Set(cursors).size === cursors.length && cursors.every((id) => state.cursors[id]?.closed === true);
  },
};
