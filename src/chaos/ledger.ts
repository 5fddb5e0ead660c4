import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordLine } from '../activities/deps';
import { parseRecord } from '../clients/record-store';

/** What a campaign's records say of its model calls. */
export interface Ledger {
  /** Requests noted before they left. */
  sent: number;
  /** Replies written, and failures noted. */
  answered: number;
  /** Distinct calls whose reply is stored. */
  stored: number;
  /** Requests that a model may have answered: all but those that an endpoint refused. */
  paid: number;
  /** Of these, the second and later ones of one call. */
  paidTwice: number;
}

/** A reply may have been on its way; every other failure is the endpoint's word that it did not answer. */
const MAYBE_PAID = new Set(['LlmConnection', 'LlmTimeout', 'LlmUnknown']);

export function readLedger(campaignFolder: string): Ledger {
  const folder = join(campaignFolder, 'records');
  if (!existsSync(folder)) return sum([]);
  return sum(readdirSync(folder).filter((name) => name.endsWith('.jsonl')).map((name) => ledgerOf(readFileSync(join(folder, name), 'utf8'))));
}

/** The ledger of one item's record. */
export function ledgerOf(text: string): Ledger {
  const lines = parseRecord(text);
  const requests = new Map<string, { sent: number; refused: number }>();
  const of = (line: RecordLine): { sent: number; refused: number } => {
    const { key } = line.value as { key: string };
    const known = requests.get(key) ?? { sent: 0, refused: 0 };
    requests.set(key, known);
    return known;
  };
  for (const line of lines) {
    if (line.kind === 'sent') of(line).sent += 1;
    if (line.kind === 'failed' && !MAYBE_PAID.has((line.value as { type: string }).type)) of(line).refused += 1;
  }
  const count = (kind: RecordLine['kind']): number => lines.filter((line) => line.kind === kind).length;
  const paid = [...requests.values()].map(({ sent, refused }) => Math.max(0, sent - refused));
  return {
    sent: count('sent'), stored: count('call'), answered: writtenReplies(text) + count('failed'),
    paid: paid.reduce((total, one) => total + one, 0), paidTwice: paid.reduce((total, one) => total + Math.max(0, one - 1), 0),
  };
}

// A call that two attempts answered has two lines, of which readers see the first.
const writtenReplies = (text: string): number => text.split('\n').filter((line) => parseRecord(line)[0]?.kind === 'call').length;

const sum = (parts: readonly Ledger[]): Ledger => parts.reduce<Ledger>(
  (all, part) => ({ sent: all.sent + part.sent, answered: all.answered + part.answered, stored: all.stored + part.stored, paid: all.paid + part.paid, paidTwice: all.paidTwice + part.paidTwice }),
  { sent: 0, answered: 0, stored: 0, paid: 0, paidTwice: 0 },
);

/** Rows of a finished campaign in dataset order, each as its bytes; a row that the index names and nobody wrote is ''. */
export function readRows(campaignFolder: string): { id: string; bytes: string }[] {
  const index = join(campaignFolder, 'dataset', 'index.json');
  if (!existsSync(index)) return [];
  const { items } = JSON.parse(readFileSync(index, 'utf8')) as { items: number[] };
  return items.map((item) => {
    const file = join(campaignFolder, 'rows', `t-${String(item).padStart(5, '0')}.json`);
    if (!existsSync(file)) return { id: `item ${item}`, bytes: '' };
    const { row } = JSON.parse(readFileSync(file, 'utf8')) as { row: { id: string } };
    return { id: row.id, bytes: JSON.stringify(row) };
  });
}

export interface RowComparison {
  rows: number;
  /** Of the undisturbed rows those that are not there; without them, those that the index names and nobody wrote. */
  lost: string[];
  /** Ids that occur more than once. */
  doubled: string[];
  /** `null` when there is nothing to compare with. */
  identical: boolean | null;
}

export function compareRows(disturbed: readonly { id: string; bytes: string }[], undisturbed?: readonly { id: string; bytes: string }[]): RowComparison {
  const ids = disturbed.filter(({ bytes }) => bytes !== '').map(({ id }) => id);
  const there = new Set(ids);
  const expected = (undisturbed ?? disturbed).map(({ id }) => id);
  return {
    rows: disturbed.length,
    lost: expected.filter((id) => !there.has(id)),
    doubled: [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))],
    identical: undisturbed === undefined ? null : JSON.stringify(disturbed) === JSON.stringify(undisturbed),
  };
}
