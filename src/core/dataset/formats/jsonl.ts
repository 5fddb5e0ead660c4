import { canonicalJson, type Json } from '../../json';
import type { Format } from '../format';

/** The rows as they are: everything that is needed to verify them again, offline. */
export const jsonl: Format = {
  name: 'jsonl',
  about: 'rows with gold calls, order and labels, as stored',
  loading: 'Each line of `rows.jsonl` is one row (`hardgen/row@1`). A receipt per row, keyed by the row\'s id, lies in `receipts.jsonl`.',
  // Canonical, so that the id can be checked with a line's own text.
  files: (rows) => [{ path: 'rows.jsonl', content: rows.map((row) => `${canonicalJson(row as unknown as Json)}\n`).join(''), rows: rows.length }],
};
