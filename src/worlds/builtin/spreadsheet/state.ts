import { z } from 'zod';
import { createRng } from '../../../core/random';
import { hiddenCode } from '../domain';
import { seeding } from '../seeding';

export const FUNCTIONS = ['sum', 'average', 'largest', 'smallest'] as const;

const column = z.strictObject({ sheet: z.string(), header: z.string(), kind: z.enum(['text', 'number']), cells: z.int().min(1) });
const formula = z.strictObject({ range: z.string(), use: z.enum(FUNCTIONS), value: z.number() });

/** All workbooks; cells are not stored: `cellsOf` derives the numbers of a column from its id. */
export const spreadsheetSchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  colleagues: z.array(z.string()),
  files: z.record(z.string(), z.strictObject({ rows: z.int().min(1) })),
  workbooks: z.record(z.string(), z.strictObject({ name: z.string(), owner: z.string(), heldBy: z.enum(['nobody', 'user', 'colleague']), version: z.int() })),
  sheets: z.record(z.string(), z.strictObject({ workbook: z.string(), title: z.string(), locked: z.boolean(), file: z.string().nullable() })),
  columns: z.record(z.string(), column),
  ranges: z.record(z.string(), z.strictObject({ column: z.string(), label: z.string() })),
  formulas: z.record(z.string(), formula),
  comparisons: z.record(z.string(), z.strictObject({ first: z.string(), second: z.string() })),
  charts: z.record(z.string(), z.strictObject({ labels: z.string(), values: z.string(), kind: z.string() })),
  shares: z.record(z.string(), z.strictObject({ workbook: z.string(), colleague: z.string(), role: z.string() })),
});

export type SpreadsheetState = z.output<typeof spreadsheetSchema>;

export const CHARTS_PER_SHEET = 3;

const NAMES = ['Orchard Costs', 'Ferry Season', 'Theatre Props', 'Bakery Ledger', 'Museum Visits', 'Canal Works', 'Choir Accounts'];
const SHEETS = ['Overview', 'First half', 'Second half', 'Reserves', 'Suppliers', 'Details'];
const FILES = ['march_invoices.csv', 'ticket_sales.csv', 'paint_orders.csv', 'flour_deliveries.csv', 'guest_counts.csv'];
const LABELS = ['places', 'item_names', 'partner_list', 'room_names', 'group_names', 'street_list'];
const VALUES = ['net_amounts', 'gross_hours', 'unit_counts', 'visit_totals', 'fee_amounts', 'mileage'];
const HEADERS = { text: ['Supplier', 'District', 'Item', 'Contact'], number: ['Amount', 'Hours', 'Pieces', 'Fee'] } as const;

/** A text column and two number columns; what a sheet or an imported file holds. */
export function columnsFor(salt: string, sheet: string, cells: number): SpreadsheetState['columns'] {
  const rng = createRng(`${salt}/columns/${sheet}`);
  const numbers = rng.shuffle(HEADERS.number);
  const headers = [[rng.pick(HEADERS.text), 'text'], [numbers[0] as string, 'number'], [numbers[1] as string, 'number']] as const;
  return Object.fromEntries(headers.map(([header, kind]) => [`COL-${hiddenCode(salt, `column/${sheet}/${header}`, 6)}`, { sheet, header, kind, cells }]));
}

/** The initial state of a seed: four workbooks, one held by a colleague; each with an open and a protected sheet and two ranges. */
export function initSpreadsheet(seed: number): SpreadsheetState {
  const { salt, today, rng, faker, some, code, table } = seeding('spreadsheet', seed);
  const workbooks = table('WB', some(NAMES, 4), (name, at) => ({ name, owner: faker.person.fullName(), heldBy: at === 3 ? 'colleague' as const : 'nobody' as const, version: rng.int(11, 40) }));
  const state: SpreadsheetState = {
    salt, today, workbooks,
    colleagues: [faker.person.fullName(), faker.person.fullName()],
    files: Object.fromEntries(some(FILES, 3).map((file) => [file, { rows: rng.int(12, 60) }])),
    sheets: {}, columns: {}, ranges: {}, formulas: {}, comparisons: {}, charts: {}, shares: {},
  };
  const [labels, values] = [some(LABELS, 4), some(VALUES, 4)];
  Object.keys(workbooks).forEach((workbook, at) => {
    some(SHEETS, 2).forEach((title, nth) => {
      const sheet = code('SH', `${at}/${nth}`);
      state.sheets[sheet] = { workbook, title, locked: nth === 1, file: null };
      Object.assign(state.columns, columnsFor(salt, sheet, rng.int(14, 50)));
      if (nth === 1) return;
      const [text, number] = Object.entries(state.columns).filter(([, one]) => one.sheet === sheet).map(([id]) => id) as [string, string];
      state.ranges[code('NR', `${at}/labels`)] = { column: text, label: labels[at] as string };
      state.ranges[code('NR', `${at}/values`)] = { column: number, label: values[at] as string };
    });
  });
  return state;
}

/** The numbers of a column, with two decimals. */
export function cellsOf(state: SpreadsheetState, columnId: string): number[] {
  const rng = createRng(`${state.salt}/cells/${columnId}`);
  return Array.from({ length: state.columns[columnId]?.cells ?? 0 }, () => rng.int(500, 98_000) / 100);
}

/** The key that the note on a protected sheet gives away. */
export const keyOfSheet = (state: SpreadsheetState, sheet: string): string => `KEY-${hiddenCode(state.salt, `key/${sheet}`, 5)}`;

const sheetOfRange = (state: SpreadsheetState, range: string): string | undefined => state.columns[state.ranges[range]?.column ?? '']?.sheet;
const kindOfRange = (state: SpreadsheetState, range: string): string | undefined => state.columns[state.ranges[range]?.column ?? '']?.kind;

export const spreadsheetInvariants = {
  'a range has a label of its own in its workbook': (state: SpreadsheetState): boolean => {
    const labels = Object.entries(state.ranges).map(([id, range]) => `${state.sheets[sheetOfRange(state, id) ?? '']?.workbook}/${range.label.toLowerCase()}`);
    return new Set(labels).size === labels.length;
  },
  'a formula reckons over numbers': (state: SpreadsheetState): boolean => Object.values(state.formulas).every(({ range }) => kindOfRange(state, range) === 'number'),
  'a chart sets numbers against texts of one sheet, three charts a sheet': (state: SpreadsheetState): boolean => {
    const charts = Object.values(state.charts);
    const perSheet = charts.map((chart) => charts.filter((other) => sheetOfRange(state, other.labels) === sheetOfRange(state, chart.labels)).length);
    return perSheet.every((count) => count <= CHARTS_PER_SHEET)
      && charts.every(({ labels, values }) => kindOfRange(state, labels) === 'text' && kindOfRange(state, values) === 'number' && sheetOfRange(state, labels) === sheetOfRange(state, values));
  },
};
