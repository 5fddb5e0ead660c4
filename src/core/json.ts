/** A JSON value: the only kind of data that crosses a workflow, a world or a record. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** A JSON Schema 2020-12 object as tools publish it. Property schemas may carry our `entity` keyword. */
export type JsonSchema = { [keyword: string]: Json };

/** A leaf (scalar) of a JSON value with its RFC 6901 pointer. */
export interface Leaf {
  pointer: string;
  value: null | boolean | number | string;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One text per value: keys sorted, no spaces, 3.0 as 3. Equal values have equal texts, whatever their key order. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (isObject(value)) return canonicalObject(value, canonicalJson);
  return JSON.stringify(value);
}

/** The canonical text of an object, by that of its values: for who has them already. */
export function canonicalObject(value: JsonObject, textOf: (item: Json) => string): string {
  const keys = Object.keys(value).sort().filter((key) => value[key] !== undefined);
  return `{${keys.map((key) => `${JSON.stringify(key)}:${textOf(value[key] as Json)}`).join(',')}}`;
}

/** Whether two values have the same canonical text, without making it. Loops, as worlds ask this of every row after every call. */
export function jsonEqual(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, index) => jsonEqual(item, b[index] as Json));
  let unmatched = 0;
  for (const key in b) if (b[key] !== undefined) unmatched++;
  for (const key in a) {
    if (a[key] === undefined) continue;
    if (b[key] === undefined || !jsonEqual(a[key], b[key])) return false;
    unmatched--;
  }
  return unmatched === 0;
}

const escapeToken = (token: string): string => token.replace(/~/g, '~0').replace(/\//g, '~1');
const unescapeToken = (token: string): string => token.replace(/~1/g, '/').replace(/~0/g, '~');

/** `['a', 0]` → `/a/0`; the empty path is `''`, the whole value. */
export function toPointer(path: readonly (string | number)[]): string {
  return path.map((token) => `/${escapeToken(String(token))}`).join('');
}

export function pointerTokens(pointer: string): string[] {
  const tokens = pointer === '' ? [] : pointer.slice(1).split('/');
  return pointer.includes('~') ? tokens.map(unescapeToken) : tokens;
}

/** The value a pointer names, `undefined` when the path is not there. */
export function getAt(value: Json | undefined, pointer: string): Json | undefined {
  let here: Json | undefined = value;
  for (const token of pointerTokens(pointer)) {
    if (Array.isArray(here)) here = here[Number(token)];
    else if (isObject(here)) here = here[token];
    else return undefined;
  }
  return here;
}

/** A copy of `value` with `next` at `pointer`; missing objects and arrays on the way are made. */
export function setAt(value: Json, pointer: string, next: Json): Json {
  const [token, ...rest] = pointerTokens(pointer);
  if (token === undefined) return next;
  const inner = toPointer(rest);
  if (Array.isArray(value)) {
    const copy = [...value];
    copy[Number(token)] = setAt(copy[Number(token)] ?? emptyFor(rest[0]), inner, next);
    return copy;
  }
  const object = isObject(value) ? value : {};
  return { ...object, [token]: setAt(object[token] ?? emptyFor(rest[0]), inner, next) };
}

const emptyFor = (nextToken: string | undefined): Json => (nextToken !== undefined && /^\d+$/.test(nextToken) ? [] : {});

/** Every scalar in the value, in document order. */
export function leavesOf(value: Json): Leaf[] {
  const leaves: Leaf[] = [];
  gatherLeaves(value, '', leaves);
  return leaves;
}

function gatherLeaves(value: Json, pointer: string, leaves: Leaf[]): void {
  if (Array.isArray(value)) value.forEach((item, index) => gatherLeaves(item, `${pointer}/${index}`, leaves));
  else if (isObject(value)) for (const key of Object.keys(value)) gatherLeaves(value[key] as Json, `${pointer}/${escapeToken(key)}`, leaves);
  else leaves.push({ pointer, value });
}

// `/trains/0/id` → `/trains/*/id`: the place in the shape, whatever the position in its list.
export function wildcard(pointer: string): string {
  return pointer.replace(/\/\d+(?=\/|$)/g, '/*');
}

export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}

/** Freezes a value with all it holds, and gives it back; what is frozen already is taken to be so throughout. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const item of Object.values(value)) deepFreeze(item);
  }
  return value;
}
