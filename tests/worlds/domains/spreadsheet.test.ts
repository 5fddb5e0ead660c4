import { createSpreadsheetWorld } from '../../../src/worlds/builtin/spreadsheet';
import { rowWith, talkTo, type Talk } from '../../fixtures/talk';

const world = createSpreadsheetWorld();

async function held(): Promise<Talk & { workbook_id: string }> {
  const talk = await talkTo(world);
  const workbook_id = await talk.get('find_workbook', 'workbook_id', { workbook_name: talk.say.workbook_1 as string });
  await talk.ask('check_out_workbook', { workbook_id });
  return { ...talk, workbook_id };
}

test('a file becomes columns, ranges, two formulas that are compared, and a chart', async () => {
  const { ask, get, say, workbook_id } = await held();
  const sheet_id = await get('add_sheet', 'sheet_id', { workbook_id, title: say.sheet_title as string });
  const { rows_imported } = await ask('import_file', { sheet_id, file_name: say.file_1 as string });
  const headers = await ask('read_headers', { sheet_id });
  const column = (kind: string): string => rowWith(headers, 'columns', { kind, cells: rows_imported as number }).column_id as string;
  const values = await get('define_range', 'range_id', { column_id: column('number'), label: say.range_label as string });
  const labels = await get('define_range', 'range_id', { column_id: column('text'), label: say.other_range_label as string });
  const sum = await ask('set_formula', { range_id: values, use: 'sum' });
  const average = await ask('set_formula', { range_id: values, use: 'average' });
  expect(sum.value as number).toBeCloseTo((average.value as number) * (rows_imported as number), -1);
  const compared = await ask('compare_formulas', { first_formula: sum.formula_id as string, second_formula: average.formula_id as string });
  expect(compared.difference).toBeCloseTo((sum.value as number) - (average.value as number), 2);
  const chart = await ask('build_chart', { label_range: labels, value_range: values, kind: 'bars' });
  expect(chart).toMatchObject({ points: rows_imported, highest_value: (await ask('set_formula', { range_id: values, use: 'largest' })).value });
  expect(await get('export_chart', 'picture_name', { chart_id: chart.chart_id as string, format: 'svg' })).toMatch(new RegExp(`^${say.range_label}_bars_\\d+\\.svg$`));
});

test('a workbook is changed and saved only by who holds it', async () => {
  const { attempt, get, say, workbook_id } = await held();
  expect(await attempt('check_out_workbook', { workbook_id })).toMatchObject({ fault: 'conflict', message: expect.stringContaining('the user') });
  const theirs = await get('find_workbook', 'workbook_id', { workbook_name: say.workbook_4 as string });
  expect(await attempt('save_version', { workbook_id: theirs })).toMatchObject({ fault: 'precondition' });
  expect(await attempt('check_out_workbook', { workbook_id: theirs })).toMatchObject({ fault: 'conflict', message: expect.stringContaining('a colleague') });
});

test('a column of a protected sheet becomes a range after the sheet was opened with the key of its note', async () => {
  const { ask, attempt, get, say, workbook_id } = await held();
  const sheets = await ask('list_sheets', { workbook_id });
  const keyOf = async (sheet_id: string): Promise<string> => get('sheet_note', 'sheet_key', { sheet_id });
  const [open, locked] = [false, true].map((isLocked) => rowWith(sheets, 'sheets', { protected: isLocked }).sheet_id as string) as [string, string];
  const column_id = rowWith(await ask('read_headers', { sheet_id: locked }), 'columns', { kind: 'number' }).column_id as string;
  expect(await attempt('define_range', { column_id, label: say.range_label as string })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('protected') });
  expect(await attempt('unprotect_sheet', { sheet_key: await keyOf(open) })).toMatchObject({ fault: 'conflict' });
  await ask('unprotect_sheet', { sheet_key: await keyOf(locked) });
  expect((await attempt('define_range', { column_id, label: say.range_label as string })).ok).toBe(true);
});

test('words are neither summed nor charted, and a label is given once', async () => {
  const { ask, attempt, workbook_id } = await held();
  const ranges = await ask('list_ranges', { workbook_id });
  const range = (holds: string): { range_id: string; label: string } => rowWith(ranges, 'ranges', { holds }) as { range_id: string; label: string };
  const sheet_id = rowWith(await ask('list_sheets', { workbook_id }), 'sheets', { protected: false }).sheet_id as string;
  expect(await attempt('set_formula', { range_id: range('text').range_id, use: 'sum' })).toMatchObject({ fault: 'precondition' });
  expect(await attempt('build_chart', { label_range: range('text').range_id, value_range: range('text').range_id, kind: 'pie' })).toMatchObject({ fault: 'precondition' });
  const column_id = rowWith(await ask('read_headers', { sheet_id }), 'columns', { kind: 'number' }).column_id as string;
  expect(await attempt('define_range', { column_id, label: range('text').label })).toMatchObject({ fault: 'conflict' });
});
