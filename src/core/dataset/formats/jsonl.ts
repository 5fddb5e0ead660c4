import { canonicalJson, type Json } from '../../json';
import type { Format } from '../format';

// Canonical, so that the id can be checked with a line's own text.
const canonicalLines = (values: readonly unknown[]): string => values.map((value) => `${canonicalJson(value as Json)}\n`).join('');

/** The rows as they are: everything that is needed to verify them again, offline. */
export const jsonl: Format = {
  name: 'jsonl',
  about: 'rows with gold calls, order and labels, as stored',
  loading: 'Each line of `rows.jsonl` is one row (`hardgen/row@1`). A receipt per row, keyed by the row\'s id, lies in `receipts.jsonl`.',
  files: (rows) => [{ path: 'rows.jsonl', content: canonicalLines(rows), rows: rows.length }],
  byResponse: {
    loading: 'Each line of `responses.jsonl` is one assistant response (`hardgen/response@1`): train on `response`, given `history` and `tools`. Receipts are per conversation, keyed by `row_id`. Keep all lines of one `row_id` on the same side of a train/test split.',
    files: (rows) => [{ path: 'responses.jsonl', content: canonicalLines(rows), rows: rows.length }],
  },
};
