import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('spreadsheet');

const WORKBOOK = [out('find_workbook', '/workbook_id')];
const SHEET = [out('list_sheets', '/sheets/*/sheet_id'), out('add_sheet', '/sheet_id')];
const RANGE = [out('list_ranges', '/ranges/*/range_id'), out('define_range', '/range_id')];
const FORMULA = [out('set_formula', '/formula_id')];
const NEEDS_WORKBOOK = ['workbook_activity', 'check_out_workbook', 'list_sheets', 'add_sheet', 'list_ranges', 'share_workbook', 'save_version'];
const NEEDS_SHEET = ['import_file', 'read_headers', 'sheet_note'];
const NEEDS_CHECK_OUT = ['add_sheet', 'import_file', 'unprotect_sheet', 'define_range', 'set_formula', 'compare_formulas', 'build_chart', 'save_version'];

/** The dependencies of the workbooks as their author knows them: the oracle that exploration is tested against. */
export const SPREADSHEET_EDGES: readonly TrueGroup[] = [
  ...NEEDS_WORKBOOK.map((tool) => data(tool, '/workbook_id', WORKBOOK)),
  ...NEEDS_SHEET.map((tool) => data(tool, '/sheet_id', SHEET)),
  data('unprotect_sheet', '/sheet_key', [out('sheet_note', '/sheet_key')]),
  data('define_range', '/column_id', [out('read_headers', '/columns/*/column_id')]),
  data('set_formula', '/range_id', RANGE),
  data('compare_formulas', '/first_formula', FORMULA),
  data('compare_formulas', '/second_formula', FORMULA),
  data('build_chart', '/label_range', RANGE),
  data('build_chart', '/value_range', RANGE),
  data('export_chart', '/chart_id', [out('build_chart', '/chart_id')]),
  ...NEEDS_CHECK_OUT.map((tool) => state(tool, 'check_out_workbook')),
  // Only a sheet that was added is empty.
  state('import_file', 'add_sheet'),
];
