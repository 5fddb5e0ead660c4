import type { KnownFact } from '../../../core/tool';
import { createRng } from '../../../core/random';
import type { SpreadsheetState } from './state';

const WORKBOOKS_ABOUT = ['the workbook the user keeps', 'the workbook the user has to check', 'the workbook of the other department', "the workbook the user's chief asks about"];
const FILES_ABOUT = ['the file the user wants to bring in', 'the file that arrived today', 'the file from last month'];
const TITLES = ['Storm Damage', 'Guest Rooms', 'Winter Plan', 'Open Points', 'Raw Counts', 'Travel Costs'];
const LABELS = ['checked_fees', 'spring_total', 'night_hours', 'paid_items', 'late_entries', 'core_figures'];

/** What a user of this seed could state; ids of workbooks, sheets, columns, ranges, formulas and keys are never among it. */
export function knownSpreadsheet(state: SpreadsheetState): KnownFact[] {
  const rng = createRng(`${state.salt}/known`);
  const [title, otherTitle] = rng.shuffle(TITLES) as [string, string];
  const [label, otherLabel] = rng.shuffle(LABELS) as [string, string];
  const [partner, reader] = state.colleagues as [string, string];
  return [
    ...Object.values(state.workbooks).map(({ name }, at) => ({ name: `workbook_${at + 1}`, value: name, about: WORKBOOKS_ABOUT[at] as string, entity: 'workbook_name' })),
    ...Object.keys(state.files).map((file, at) => ({ name: `file_${at + 1}`, value: file, about: FILES_ABOUT[at] as string, entity: 'file_name' })),
    { name: 'sheet_title', value: title, about: 'the title of a sheet the user wants to add', params: ['add_sheet.title'] },
    { name: 'other_sheet_title', value: otherTitle, about: 'the title of a second sheet the user wants to add', params: ['add_sheet.title'] },
    { name: 'range_label', value: label, about: 'the label the user wants to give a range', params: ['define_range.label'] },
    { name: 'other_range_label', value: otherLabel, about: 'the label the user wants to give another range', params: ['define_range.label'] },
    { name: 'partner', value: partner, about: 'the colleague the user works with', entity: 'colleague' },
    { name: 'reader', value: reader, about: 'the colleague who wants to read along', entity: 'colleague' },
  ];
}
