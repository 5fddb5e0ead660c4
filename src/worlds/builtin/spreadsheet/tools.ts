import { z } from 'zod';
import { addDays } from '../calendar';
import { derived, findId, rowOf, rowsOf, sameName, text } from '../combinators';
import { day, exists, must, ref, toolsOn, type DomainTool, type Need } from '../domain';
import { cellsOf, CHARTS_PER_SHEET, columnsFor, FUNCTIONS, keyOfSheet, type SpreadsheetState } from './state';

type S = SpreadsheetState;
const tool = toolsOn<S>();

// ---- fields ----

const workbookId = ref('workbook_id', 'Id of a workbook, as given by find_workbook');
const sheetId = ref('sheet_id', 'Id of a sheet');
const columnId = ref('column_id', 'Id of a column, as given by read_headers');
const rangeId = (description: string): z.ZodString => ref('range_id', description);
const formulaId = (description: string): z.ZodString => ref('formula_id', description);
const chartId = ref('chart_id', 'Id of a chart, as given by build_chart');

// ---- reading the state ----

const round = (value: number): number => Math.round(value * 100) / 100;
const sheetOfColumn = (state: S, column: string): string => rowOf(state.columns, column).sheet;
const columnOfRange = (state: S, range: string): S['columns'][string] => rowOf(state.columns, rowOf(state.ranges, range).column);
const sheetOfRange = (state: S, range: string): string => columnOfRange(state, range).sheet;
const workbookOf = (state: S, sheet: string): string => rowOf(state.sheets, sheet).workbook;
const columnsOf = (state: S, sheet: string): [string, S['columns'][string]][] => rowsOf(state.columns, (column) => column.sheet === sheet);
const rangesOf = (state: S, workbook: string): [string, S['ranges'][string]][] => rowsOf(state.ranges, (range) => workbookOf(state, sheetOfColumn(state, range.column)) === workbook);

// ---- needs ----

const workbookExists = exists<S, { workbook_id: string }>('workbook', (state) => state.workbooks, (args) => args.workbook_id);
const sheetExists = exists<S, { sheet_id: string }>('sheet', (state) => state.sheets, (args) => args.sheet_id);
const rangeExists = <A>(read: (args: A) => string): Need<S, A> => exists('range', (state) => state.ranges, read);
const formulaExists = <A>(read: (args: A) => string): Need<S, A> => exists('formula', (state) => state.formulas, read);
/** The user holds the workbook that the arguments lead to. */
const checkedOut = <A>(workbook: (args: A, state: S) => string): Need<S, A> =>
  must('precondition', (state, args) => rowOf(state.workbooks, workbook(args, state)).heldBy === 'user', (args, state) => `The workbook \`${workbook(args, state)}\` is not checked out. Check it out first.`);
const notLocked = <A>(sheet: (args: A, state: S) => string): Need<S, A> =>
  must('precondition', (state, args) => !rowOf(state.sheets, sheet(args, state)).locked, (args, state) => `The sheet \`${sheet(args, state)}\` is protected.`);
const rangeIs = <A>(kind: 'text' | 'number', read: (args: A) => string): Need<S, A> =>
  must('precondition', (state, args) => columnOfRange(state, read(args)).kind === kind, (args) => `Range \`${read(args)}\` does not hold ${kind}s.`);

// ---- workbooks ----

const findWorkbook = tool({
  name: 'find_workbook',
  about: 'Find a workbook by name and get its id and who owns it.',
  in: z.strictObject({ workbook_name: ref('workbook_name', 'Name of the workbook') }),
  out: z.object({ workbook_id: workbookId, owner: z.string().describe('Person who owns it'), version: z.int().describe('Number of the latest version') }),
  needs: [must('not_found', (state, args) => named(state, args.workbook_name) !== undefined, (args) => `No workbook is called \`${args.workbook_name}\`.`)],
  run: ({ state }, args) => {
    const workbook_id = named(state, args.workbook_name) as string;
    const { owner, version } = rowOf(state.workbooks, workbook_id);
    return { workbook_id, owner, version };
  },
});

const named = (state: S, name: string): string | undefined => findId(state.workbooks, (workbook) => sameName(workbook.name, name));

const workbookActivity = tool({
  name: 'workbook_activity',
  about: 'Show how much a workbook was used in the last month.',
  in: z.strictObject({ workbook_id: workbookId }),
  out: z.object({ edits: z.int().describe('Edits in the last month'), visitors: z.int().describe('People who opened it'), busiest_day: day('Day with the most edits') }),
  needs: [workbookExists],
  run: ({ state }, args) => {
    const rng = derived(state, `activity/${args.workbook_id}`);
    return { edits: rng.int(20, 900), visitors: rng.int(11, 70), busiest_day: addDays(state.today, -rng.int(1, 30)) };
  },
});

const checkOutWorkbook = tool({
  name: 'check_out_workbook',
  about: 'Check out a workbook so that the user alone may change it.',
  in: z.strictObject({ workbook_id: workbookId }),
  out: z.object({ held_until: day('Day until which the workbook is held'), draft_name: z.string().describe('Name of the working draft') }),
  writes: ['workbooks'],
  needs: [workbookExists, must('conflict', (state, args) => rowOf(state.workbooks, args.workbook_id).heldBy === 'nobody', (args, state) => `Workbook \`${args.workbook_id}\` is held by ${rowOf(state.workbooks, args.workbook_id).heldBy === 'user' ? 'the user already' : 'a colleague'}.`)],
  run: ({ state }, args) => {
    const workbook = rowOf(state.workbooks, args.workbook_id);
    workbook.heldBy = 'user';
    const rng = derived(state, `draft/${args.workbook_id}/${workbook.version}`);
    return { held_until: addDays(state.today, rng.int(2, 14)), draft_name: `${rng.pick(['teal', 'amber', 'coral', 'plum'])} draft ${rng.int(100, 999)}` };
  },
});

const saveVersion = tool({
  name: 'save_version',
  about: 'Save a checked-out workbook as a new version that everybody sees.',
  in: z.strictObject({ workbook_id: workbookId }),
  out: z.object({ version: z.int().describe('Number of the new version'), size_kb: z.int().describe('Size of the version, in kilobytes') }),
  writes: ['workbooks'],
  needs: [workbookExists, checkedOut((args) => args.workbook_id)],
  run: ({ state }, args) => {
    const workbook = rowOf(state.workbooks, args.workbook_id);
    workbook.version += 1;
    return { version: workbook.version, size_kb: derived(state, `size/${args.workbook_id}/${workbook.version}`).int(60, 900) };
  },
});

const shareWorkbook = tool({
  name: 'share_workbook',
  about: 'Share a workbook with a colleague, once for each colleague. It need not be checked out.',
  in: z.strictObject({ workbook_id: workbookId, colleague: ref('colleague', 'Full name of the colleague'), role: z.enum(['reader', 'commenter', 'editor']).describe('What the colleague may do') }),
  out: z.object({ entry_code: z.string().describe('Code with which the colleague opens the workbook'), valid_until: day('Last day of the access') }),
  writes: ['shares'],
  needs: [
    workbookExists,
    must('not_found', (state, args) => state.colleagues.some((name) => sameName(name, args.colleague)), (args) => `No colleague is called \`${args.colleague}\`.`),
    must('conflict', (state, args) => findId(state.shares, (share) => share.workbook === args.workbook_id && sameName(share.colleague, args.colleague)) === undefined, (args) => `The workbook is already shared with ${args.colleague}.`),
  ],
  run: ({ state, id }, args) => {
    const meaning = `${args.workbook_id}/${args.colleague.trim().toLowerCase()}`;
    const entry_code = id('EN', meaning, state.shares);
    state.shares[entry_code] = { workbook: args.workbook_id, colleague: args.colleague, role: args.role };
    return { entry_code, valid_until: addDays(state.today, derived(state, `share/${meaning}`).int(30, 200)) };
  },
});

// ---- sheets and columns ----

const listSheets = tool({
  name: 'list_sheets',
  about: 'List the sheets of a workbook.',
  in: z.strictObject({ workbook_id: workbookId }),
  out: z.object({
    sheets: z.array(z.object({ sheet_id: sheetId, title: z.string().describe('Title of the sheet'), protected: z.boolean().describe('Whether the sheet is protected'), columns: z.int().describe('Number of columns') })).describe('The sheets'),
  }),
  needs: [workbookExists],
  run: ({ state }, args) => ({
    sheets: rowsOf(state.sheets, (sheet) => sheet.workbook === args.workbook_id).map(([sheet_id, { title, locked }]) => ({ sheet_id, title, protected: locked, columns: columnsOf(state, sheet_id).length })),
  }),
});

const addSheet = tool({
  name: 'add_sheet',
  about: 'Add an empty sheet to a checked-out workbook. Titles are unique within a workbook.',
  in: z.strictObject({ workbook_id: workbookId, title: text('Title of the new sheet') }),
  out: z.object({ sheet_id: sheetId, tab_colour: z.string().describe('Colour of its tab'), sheets_now: z.int().describe('Sheets in the workbook now') }),
  writes: ['sheets'],
  needs: [
    workbookExists,
    checkedOut((args) => args.workbook_id),
    must('conflict', (state, args) => findId(state.sheets, (sheet) => sheet.workbook === args.workbook_id && sameName(sheet.title, args.title)) === undefined, (args) => `The workbook already has a sheet \`${args.title}\`.`),
  ],
  run: ({ state, id }, args) => {
    const sheet_id = id('SH', `${args.workbook_id}/${args.title}`, state.sheets);
    state.sheets[sheet_id] = { workbook: args.workbook_id, title: args.title, locked: false, file: null };
    const sheets_now = rowsOf(state.sheets, (sheet) => sheet.workbook === args.workbook_id).length;
    return { sheet_id, tab_colour: derived(state, `tab/${sheet_id}`).pick(['ochre', 'mint', 'rust', 'lilac', 'slate blue']), sheets_now };
  },
});

const importFile = tool({
  name: 'import_file',
  about: 'Bring an uploaded file into an empty sheet of a checked-out workbook.',
  in: z.strictObject({ sheet_id: sheetId, file_name: ref('file_name', 'Name of the uploaded file') }),
  out: z.object({ rows_imported: z.int().describe('Rows that were brought in'), first_header: z.string().describe('Header of the first column'), skipped_rows: z.int().describe('Rows that could not be read') }),
  writes: ['sheets', 'columns'],
  needs: [
    sheetExists,
    exists('file', (state) => state.files, (args) => args.file_name),
    checkedOut((args, state) => workbookOf(state, args.sheet_id)),
    must('conflict', (state, args) => columnsOf(state, args.sheet_id).length === 0, (args) => `The sheet \`${args.sheet_id}\` is not empty.`),
  ],
  run: ({ state }, args) => {
    const { rows } = rowOf(state.files, args.file_name);
    rowOf(state.sheets, args.sheet_id).file = args.file_name;
    const columns = columnsFor(state.salt, args.sheet_id, rows);
    Object.assign(state.columns, columns);
    return { rows_imported: rows, first_header: Object.values(columns)[0]?.header ?? 'none', skipped_rows: derived(state, `skipped/${args.file_name}`).int(0, 30) };
  },
});

const readHeaders = tool({
  name: 'read_headers',
  about: 'Show the columns of a sheet with their headers and what they hold.',
  in: z.strictObject({ sheet_id: sheetId }),
  out: z.object({
    sheet_title: z.string().describe('Title of the sheet'),
    columns: z.array(z.object({ column_id: columnId, header: z.string().describe('Header of the column'), kind: z.enum(['text', 'number']).describe('What the cells hold'), cells: z.int().describe('Number of filled cells') })).describe('The columns'),
  }),
  needs: [sheetExists],
  run: ({ state }, args) => ({
    sheet_title: rowOf(state.sheets, args.sheet_id).title,
    columns: columnsOf(state, args.sheet_id).map(([column_id, { header, kind, cells }]) => ({ column_id, header, kind, cells })),
  }),
});

const sheetNote = tool({
  name: 'sheet_note',
  about: 'Read the note that is pinned to a sheet. On a protected sheet it holds the key.',
  in: z.strictObject({ sheet_id: sheetId }),
  out: z.object({ written_by: z.string().describe('Person who wrote the note'), written_on: day('Day on which it was written'), sheet_key: ref('sheet_key', 'Key of the sheet') }),
  needs: [sheetExists, must('not_found', (state, args) => rowOf(state.sheets, args.sheet_id).file === null, (args) => `There is no note on the sheet \`${args.sheet_id}\`.`)],
  run: ({ state }, args) => ({
    written_by: rowOf(state.workbooks, workbookOf(state, args.sheet_id)).owner,
    written_on: addDays(state.today, -derived(state, `note/${args.sheet_id}`).int(3, 300)),
    sheet_key: keyOfSheet(state, args.sheet_id),
  }),
});

const unprotectSheet = tool({
  name: 'unprotect_sheet',
  about: 'Take the protection off a sheet of a checked-out workbook, by its key.',
  in: z.strictObject({ sheet_key: ref('sheet_key', 'Key of the sheet, as given by its note') }),
  out: z.object({ sheet_title: z.string().describe('Title of the sheet'), hidden_cells: z.int().describe('Hidden cells that can be seen now') }),
  writes: ['sheets'],
  needs: [
    must('not_found', (state, args) => sheetOfKey(state, args.sheet_key) !== undefined, (args) => `No sheet has the key \`${args.sheet_key}\`.`),
    checkedOut((args, state) => workbookOf(state, sheetOfKey(state, args.sheet_key) as string)),
    must('conflict', (state, args) => rowOf(state.sheets, sheetOfKey(state, args.sheet_key) as string).locked, (args) => `The sheet with the key \`${args.sheet_key}\` is not protected.`),
  ],
  run: ({ state }, args) => {
    const sheet = rowOf(state.sheets, sheetOfKey(state, args.sheet_key) as string);
    sheet.locked = false;
    return { sheet_title: sheet.title, hidden_cells: derived(state, `hidden/${args.sheet_key}`).int(11, 90) };
  },
});

const sheetOfKey = (state: S, key: string): string | undefined => rowsOf(state.sheets).find(([id]) => keyOfSheet(state, id) === key)?.[0];

// ---- ranges, formulas, charts ----

const defineRange = tool({
  name: 'define_range',
  about: 'Give a column of a checked-out workbook a label, as a named range for formulas and charts. Labels are unique within a workbook.',
  in: z.strictObject({ column_id: columnId, label: text('Label of the range') }),
  out: z.object({ range_id: rangeId('Id of the new range'), cells: z.int().describe('Cells in the range'), address: z.string().describe('Where the range lies in the sheet') }),
  writes: ['ranges'],
  needs: [
    exists('column', (state) => state.columns, (args) => args.column_id),
    checkedOut((args, state) => workbookOf(state, sheetOfColumn(state, args.column_id))),
    notLocked((args, state) => sheetOfColumn(state, args.column_id)),
    must(
      'conflict',
      (state, args) => !rangesOf(state, workbookOf(state, sheetOfColumn(state, args.column_id))).some(([, range]) => sameName(range.label, args.label)),
      (args) => `The workbook already has a range \`${args.label}\`.`,
    ),
  ],
  run: ({ state, id }, args) => {
    const range_id = id('NR', `${args.column_id}/${args.label}`, state.ranges);
    state.ranges[range_id] = { column: args.column_id, label: args.label };
    const { cells } = rowOf(state.columns, args.column_id);
    const letter = derived(state, `address/${args.column_id}`).pick(['C', 'F', 'H', 'K', 'M', 'Q']);
    return { range_id, cells, address: `${letter}2:${letter}${cells + 1}` };
  },
});

const listRanges = tool({
  name: 'list_ranges',
  about: 'List the named ranges of a workbook.',
  in: z.strictObject({ workbook_id: workbookId }),
  out: z.object({
    ranges: z.array(z.object({ range_id: rangeId('Id of the range'), label: z.string().describe('Label of the range'), holds: z.enum(['text', 'number']).describe('What the cells hold'), sheet_title: z.string().describe('Sheet in which it lies') })).describe('The named ranges'),
  }),
  needs: [workbookExists],
  run: ({ state }, args) => ({
    ranges: rangesOf(state, args.workbook_id).map(([range_id, { label }]) => ({ range_id, label, holds: columnOfRange(state, range_id).kind, sheet_title: rowOf(state.sheets, sheetOfRange(state, range_id)).title })),
  }),
});

function reckon(use: (typeof FUNCTIONS)[number], cells: readonly number[]): number {
  const sum = cells.reduce((total, cell) => total + cell, 0);
  return round({ sum, average: sum / cells.length, largest: Math.max(...cells), smallest: Math.min(...cells) }[use]);
}

const setFormula = tool({
  name: 'set_formula',
  about: 'Put a formula over a number range of a checked-out workbook, below the range.',
  in: z.strictObject({ range_id: rangeId('Id of the range to reckon over'), use: z.enum(FUNCTIONS).describe('What to reckon') }),
  out: z.object({ formula_id: formulaId('Id of the formula'), value: z.number().describe('Value of the formula'), cell: z.string().describe('Cell in which it stands') }),
  writes: ['formulas'],
  needs: [
    rangeExists((args) => args.range_id),
    checkedOut((args, state) => workbookOf(state, sheetOfRange(state, args.range_id))),
    rangeIs('number', (args) => args.range_id),
    must('conflict', (state, args) => findId(state.formulas, (one) => one.range === args.range_id && one.use === args.use) === undefined, () => 'The range already has this formula.'),
  ],
  run: ({ state, id }, args) => {
    const formula_id = id('FX', `${args.range_id}/${args.use}`, state.formulas);
    const value = reckon(args.use, cellsOf(state, rowOf(state.ranges, args.range_id).column));
    state.formulas[formula_id] = { range: args.range_id, use: args.use, value };
    const rng = derived(state, `cell/${formula_id}`);
    return { formula_id, value, cell: `${rng.pick(['S', 'T', 'V', 'W'])}${rng.int(11, 95)}` };
  },
});

const compareFormulas = tool({
  name: 'compare_formulas',
  about: 'Compare two formulas: their difference and the share of the first in the second. The workbook of the first has to be checked out.',
  in: z.strictObject({ first_formula: formulaId('Id of the formula to compare'), second_formula: formulaId('Id of the formula to compare it with') }),
  out: z.object({ difference: z.number().describe('First value minus second value'), percent: z.number().describe('First value as a share of the second, in percent'), cell: z.string().describe('Cell in which the comparison stands') }),
  writes: ['comparisons'],
  needs: [
    formulaExists((args) => args.first_formula),
    formulaExists((args) => args.second_formula),
    must('precondition', (_state, args) => args.first_formula !== args.second_formula, () => 'A comparison needs two different formulas.'),
    checkedOut((args, state) => workbookOfFormula(state, args.first_formula)),
  ],
  run: ({ state, id }, args) => {
    const [first, second] = [rowOf(state.formulas, args.first_formula).value, rowOf(state.formulas, args.second_formula).value];
    const meaning = `${args.first_formula}/${args.second_formula}`;
    state.comparisons[id('CMP', meaning, {})] = { first: args.first_formula, second: args.second_formula };
    const rng = derived(state, `comparison/${meaning}`);
    return { difference: round(first - second), percent: round((100 * first) / second), cell: `${rng.pick(['X', 'Y', 'Z'])}${rng.int(11, 95)}` };
  },
});

const workbookOfFormula = (state: S, formula: string): string => workbookOf(state, sheetOfRange(state, rowOf(state.formulas, formula).range));

const buildChart = tool({
  name: 'build_chart',
  about: `Build a chart of a number range against a text range of the same sheet, in a checked-out workbook. A sheet has room for ${CHARTS_PER_SHEET} charts.`,
  in: z.strictObject({ label_range: rangeId('Id of the text range with the labels'), value_range: rangeId('Id of the number range with the values'), kind: z.enum(['bars', 'line', 'pie']).describe('Kind of chart') }),
  out: z.object({ chart_id: chartId, points: z.int().describe('Points in the chart'), highest_value: z.number().describe('Highest value shown') }),
  writes: ['charts'],
  needs: [
    rangeExists((args) => args.label_range),
    rangeExists((args) => args.value_range),
    rangeIs('text', (args) => args.label_range),
    rangeIs('number', (args) => args.value_range),
    must('precondition', (state, args) => sheetOfRange(state, args.label_range) === sheetOfRange(state, args.value_range), () => 'The ranges lie in different sheets.'),
    checkedOut((args, state) => workbookOf(state, sheetOfRange(state, args.label_range))),
    must(
      'conflict',
      (state, args) => rowsOf(state.charts, (chart) => sheetOfRange(state, chart.labels) === sheetOfRange(state, args.label_range)).length < CHARTS_PER_SHEET,
      () => `The sheet already has ${CHARTS_PER_SHEET} charts.`,
    ),
  ],
  run: ({ state, id }, args) => {
    const chart_id = id('CH', `${args.label_range}/${args.value_range}/${args.kind}`, state.charts);
    state.charts[chart_id] = { labels: args.label_range, values: args.value_range, kind: args.kind };
    const cells = cellsOf(state, rowOf(state.ranges, args.value_range).column);
    return { chart_id, points: cells.length, highest_value: Math.max(...cells) };
  },
});

const exportChart = tool({
  name: 'export_chart',
  about: 'Export a chart as a picture.',
  in: z.strictObject({ chart_id: chartId, format: z.enum(['png', 'svg', 'pdf']).default('png').describe('Format of the picture') }),
  out: z.object({ picture_name: z.string().describe('Name of the picture file'), width_pixels: z.int().describe('Width of the picture, in pixels'), available_until: day('Day until which it can be fetched') }),
  needs: [exists('chart', (state) => state.charts, (args) => args.chart_id)],
  run: ({ state }, args) => {
    const rng = derived(state, `picture/${args.chart_id}`);
    const { values, kind } = rowOf(state.charts, args.chart_id);
    return { picture_name: `${rowOf(state.ranges, values).label}_${kind}_${rng.int(100, 999)}.${args.format}`, width_pixels: rng.int(60, 190) * 10, available_until: addDays(state.today, rng.int(3, 28)) };
  },
});

/** The tools of the spreadsheet company, as an office assistant would be given them. */
export const spreadsheetTools: readonly DomainTool<S>[] = [
  findWorkbook, workbookActivity, checkOutWorkbook, listSheets, addSheet, importFile, readHeaders, sheetNote, unprotectSheet,
  defineRange, listRanges, setFormula, compareFormulas, buildChart, exportChart, shareWorkbook, saveVersion,
];
