import { pointerTokens } from '../json';

const GENERIC = new Set(['id', 'ids', 'name', 'value', 'code', 'key', 'number', 'ref', 'reference', 'title', 'type', 'status', 'token']);
const VERBS = new Set(['get', 'list', 'find', 'search', 'create', 'make', 'add', 'set', 'update', 'delete', 'remove', 'show', 'read', 'write', 'look', 'lookup', 'up']);

/** Words of a name: split at capitals, `_`, `-`, digits kept, lower case, a plural `s` cut off. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => (word.length > 3 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word));
}

/**
 * Words of the property a pointer names. A bare `id`, `name` … says nothing alone, so it takes the words of its parent
 * property, or of the tool at the top level: `/orders/0/id` is *order id*, `/id` of `create_order` too.
 */
export function wordsAt(pointer: string, tool: string): string[] {
  const key = `${tool} ${pointer}`;
  const known = spelled.get(key);
  if (known !== undefined) return known;
  const words = spellOut(pointer, tool);
  // Names are few and asked for at every step of every walk.
  if (spelled.size < 20_000) spelled.set(key, words);
  return words;
}

const spelled = new Map<string, string[]>();

function spellOut(pointer: string, tool: string): string[] {
  const properties = pointerTokens(pointer).filter((token) => !/^(\d+|\*)$/.test(token));
  const own = wordsOf(properties.at(-1) ?? '');
  if (own.some((word) => !GENERIC.has(word))) return own;
  const parent = properties.at(-2) ?? tool;
  return [...wordsOf(parent).filter((word) => !VERBS.has(word)), ...own];
}

/** Dice overlap of two word lists, 0 … 1; 1 = the same words. */
export function wordOverlap(a: readonly string[], b: readonly string[]): number {
  const isFirst = (word: string, index: number, words: readonly string[]): boolean => words.indexOf(word) === index;
  const left = a.filter(isFirst);
  const right = b.filter(isFirst);
  if (left.length + right.length === 0) return 0;
  return (2 * left.filter((word) => right.includes(word)).length) / (left.length + right.length);
}
