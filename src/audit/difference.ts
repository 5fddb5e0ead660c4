import { canonicalJson, isObject, type Json } from '../core/json';

/** The first place where two values differ, depth first in key order; `undefined` when they are equal. */
export function firstDifference(expected: Json | undefined, got: Json | undefined, pointer = ''): { pointer: string; expected: Json | undefined; got: Json | undefined } | undefined {
  if (textOf(expected) === textOf(got)) return undefined;
  for (const key of commonKeys(expected, got)) {
    const inside = firstDifference(childOf(expected, key), childOf(got, key), `${pointer}/${key}`);
    if (inside) return inside;
  }
  return { pointer, expected, got };
}

const textOf = (value: Json | undefined): string => (value === undefined ? '' : canonicalJson(value));

function commonKeys(a: Json | undefined, b: Json | undefined): string[] {
  if (Array.isArray(a) && Array.isArray(b)) return Array.from({ length: Math.max(a.length, b.length) }, (_unused, index) => String(index));
  if (isObject(a) && isObject(b)) return [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return [];
}

const childOf = (value: Json | undefined, key: string): Json | undefined =>
  Array.isArray(value) ? value[Number(key)] : isObject(value) ? value[key] : undefined;
