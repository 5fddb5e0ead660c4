import type { Format } from '../format';
import { jsonl } from './jsonl';
import { trl } from './trl';

/** Every export format; commands, cards and the contract suite are made from this list. */
export const FORMATS: readonly Format[] = [jsonl, trl];

export const formatNamed = (name: string): Format | undefined => FORMATS.find((format) => format.name === name);
