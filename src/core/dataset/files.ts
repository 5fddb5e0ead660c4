import { addAgreement, NO_ATTEMPTS } from '../refine/opinion';
import { datasetCard } from './card';
import { jsonLines, type Format } from './format';
import type { Receipt } from './receipt';
import type { NamedRow } from './row';
import { splitByResponse, type Split } from './split';

export interface DatasetFile {
  /** Relative to the export's folder. */
  path: string;
  content: string;
  /** Lines that are data; `null` for the card and the receipts. */
  rows: number | null;
}

/** Every file of an export in one format: data, card and receipts. A pure function of the stored rows in dataset order. */
export function datasetFiles(input: { name: string; stored: readonly { row: NamedRow; receipt: Receipt }[]; format: Format; split?: Split }): DatasetFile[] {
  const { name, stored, format, split = 'conversation' } = input;
  const rows = stored.map((item) => item.row);
  const files = split === 'response' ? format.byResponse.files(rows.flatMap(splitByResponse)) : format.files(rows);
  const opinions = stored.reduce((sum, item) => addAgreement(sum, item.receipt.opinions ?? NO_ATTEMPTS), NO_ATTEMPTS);
  return [
    ...files,
    { path: 'README.md', content: datasetCard({ name, rows, format, split, opinions, files: files.map((file) => file.path) }), rows: null },
    { path: 'receipts.jsonl', content: jsonLines(stored.map((item) => item.receipt)), rows: null },
  ];
}
