import { parseRecord } from '../clients/record-store';
import type { RecordLine } from '../activities/deps';
import { CURE, cut, type Finding } from './finding';

/** A record file as it lies on disk, told line by line. */
export interface RecordFile {
  lines: RecordLine[];
  /** Line number of each key in the file, counted from 1. */
  places: ReadonlyMap<string, number>;
  /** Lines that a crash cut off; they harm nothing, since what they held was written again. */
  torn: number;
  /** Lines that somebody changed. */
  findings: Finding[];
}

/** Reads every line on its own: whole and unchanged, torn by a crash, or edited. */
export function readRecordFile(text: string, file: string): RecordFile {
  const lines: RecordLine[] = [];
  const places = new Map<string, number>();
  const findings: Finding[] = [];
  let torn = 0;
  text.split('\n').forEach((raw, index) => {
    if (raw === '') return;
    const [line] = parseRecord(raw);
    if (line) {
      // The first complete line of a key is the truth.
      if (places.has(line.key)) return;
      places.set(line.key, index + 1);
      lines.push(line);
    } else if (isTorn(raw)) {
      torn += 1;
    } else {
      findings.push({ file, at: String(index + 1), expected: `a line that matches its checksum${keyIn(raw)}`, got: 'one whose content was changed', cure: CURE.record });
    }
  });
  return { lines, places, torn, findings };
}

const START = '{"sum":"';

/** A line is written in one piece from its start, so what a crash leaves is a beginning that ends too early. */
function isTorn(raw: string): boolean {
  if (!(raw.startsWith(START) || START.startsWith(raw)) || raw.endsWith('}}')) return false;
  try {
    JSON.parse(raw);
    return false;
  } catch {
    return true;
  }
}

const keyIn = (raw: string): string => {
  const key = /"key":"([^"]*)","kind":"/.exec(raw)?.[1];
  return key === undefined ? '' : ` (${cut(key)})`;
};
