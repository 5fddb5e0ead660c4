import { canonicalJson, getAt, leavesOf, pointerTokens, toPointer, wildcard, type Json, type Leaf } from '../json';
import type { Pick } from '../trace';

/**
 * How a user can single out the list element that `path` lies in: `none` = not in a list of several, nothing to say;
 * `undefined` = no attribute tells it apart. The attribute's value is unique among all elements of the list, and the
 * most sayable one wins: texts and times, then numbers. Ids and hashes, which no user knows, only where `codes` are welcome.
 */
export function pickFor(output: Json, path: string, codes: 'codes' | 'no-codes' = 'no-codes'): Pick | 'none' | undefined {
  const { picks } = indexOf(output);
  const key = `${codes} ${path}`;
  if (!picks.has(key)) picks.set(key, findPick(output, path, codes));
  return picks.get(key);
}

function findPick(output: Json, path: string, codes: 'codes' | 'no-codes'): Pick | 'none' | undefined {
  const element = elementOf(path);
  if (element === undefined || countElements(output, element) <= 1) return 'none';
  const siblings = leavesOf(getAt(output, element) as Json).map((leaf) => ({ ...leaf, pointer: element + leaf.pointer }));
  const choices = siblings.filter((leaf) => leaf.pointer !== path && sayability(leaf) >= (codes === 'codes' ? 0 : 1) && isUnique(output, leaf));
  const best = choices.reduce<Leaf | undefined>((top, leaf) => (top && sayability(top) >= sayability(leaf) ? top : leaf), undefined);
  return best && { path: best.pointer, value: best.value };
}

/** Where `path` is in another output whose list may be ordered or numbered differently: the element with the pick's value; `undefined` when none or several have it. */
export function followPick(output: Json, path: string, pick: Pick): string | undefined {
  const shape = wildcard(pick.path);
  const hits = leavesOf(output).filter((leaf) => wildcard(leaf.pointer) === shape && leaf.value === pick.value);
  const element = elementOf(path);
  if (hits.length !== 1 || element === undefined) return undefined;
  const depth = pointerTokens(element).length;
  const there = pointerTokens((hits[0] as Leaf).pointer).slice(0, depth);
  return toPointer([...there, ...pointerTokens(path).slice(depth)]);
}

/** Pointer of the innermost list element around a place, `undefined` outside lists. */
function elementOf(path: string): string | undefined {
  const tokens = pointerTokens(path);
  const at = tokens.findLastIndex((token) => /^\d+$/.test(token));
  return at < 0 ? undefined : toPointer(tokens.slice(0, at + 1));
}

function countElements(output: Json, element: string): number {
  const shape = wildcard(element);
  const index = indexOf(output);
  const known = index.elements.get(shape);
  if (known !== undefined) return known;
  const depth = pointerTokens(element).length;
  const elements = leavesOf(output).map((leaf) => toPointer(pointerTokens(leaf.pointer).slice(0, depth)));
  const count = new Set(elements.filter((pointer) => wildcard(pointer) === shape)).size;
  index.elements.set(shape, count);
  return count;
}

/** What is asked of an output for every one of its leaves, walk after walk: how often a value stands at a shape, how many elements a list has, what singles a place out. */
interface Index {
  holders: ReadonlyMap<string, number>;
  elements: Map<string, number>;
  picks: Map<string, Pick | 'none' | undefined>;
}

// Long lists are asked leaf by leaf; the index hangs on the output, which nobody changes, and lives as long as it does.
const indexes = new WeakMap<object, Index>();

const holderKey = (pointer: string, value: Json): string => `${wildcard(pointer)} ${canonicalJson(value)}`;

function indexOf(output: Json): Index {
  const known = typeof output === 'object' && output !== null ? indexes.get(output) : undefined;
  if (known !== undefined) return known;
  const holders = new Map<string, number>();
  for (const { pointer, value } of leavesOf(output)) holders.set(holderKey(pointer, value), (holders.get(holderKey(pointer, value)) ?? 0) + 1);
  const index: Index = { holders, elements: new Map(), picks: new Map() };
  if (typeof output === 'object' && output !== null) indexes.set(output, index);
  return index;
}

function isUnique(output: Json, { pointer, value }: Leaf): boolean {
  return indexOf(output).holders.get(holderKey(pointer, value)) === 1;
}

const CODE_NAME = /(^|_)(id|ids|code|ref|reference|hash|sha|token|key|uuid)$/i;
const CODE_VALUE = /^[0-9a-f]{7,}$|^(?=.*\d)(?=.*[A-Z])[A-Z0-9-]{5,}$/;

function sayability({ pointer, value }: Leaf): number {
  const name = (pointerTokens(pointer).at(-1) ?? '').replace(/([a-z])([A-Z])/g, '$1_$2');
  if (typeof value === 'boolean') return 1;
  if (typeof value === 'number') return CODE_NAME.test(name) ? 0 : 3;
  if (typeof value !== 'string' || value.trim() === '') return -1;
  if (CODE_NAME.test(name) || CODE_VALUE.test(value)) return 0;
  return value.length > 80 || value.includes('\n') ? 2 : 4;
}
