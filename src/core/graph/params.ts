import { canonicalJson, leavesOf, wildcard, type JsonObject, type Leaf } from '../json';
import type { ParamConstraint } from './graph';

/** Most distinct values kept per parameter; the smallest texts win, so that the order of calls does not matter. */
export const SEEN_LIMIT = 24;

/**
 * P after one call: each parameter of the call counts it once, under its wildcard pointer (`/stops/*` for every element of a list).
 * Types, range and seen values are learnt from successful calls only.
 */
export function addCallToParams(params: readonly ParamConstraint[], args: JsonObject, ok: boolean): ParamConstraint[] {
  const byPointer = new Map(params.map((param) => [param.pointer, param]));
  for (const [pointer, leaves] of leavesByParameter(args)) {
    const param = byPointer.get(pointer) ?? { pointer, types: [], seen: [], ok: 0, fail: 0 };
    byPointer.set(
      pointer,
      ok ? leaves.reduce(learnValue, { ...param, ok: param.ok + 1 }) : { ...param, fail: param.fail + 1 },
    );
  }
  return [...byPointer.values()].sort((a, b) => (a.pointer < b.pointer ? -1 : 1));
}

/** The leaves of an arguments object under their wildcard pointers: what P and data groups call a parameter. */
export function leavesByParameter(args: JsonObject): ReadonlyMap<string, Leaf[]> {
  const leaves = new Map<string, Leaf[]>();
  for (const leaf of leavesOf(args)) {
    const pointer = wildcard(leaf.pointer);
    leaves.set(pointer, [...(leaves.get(pointer) ?? []), leaf]);
  }
  return leaves;
}

function learnValue(param: ParamConstraint, { value }: Leaf): ParamConstraint {
  const range =
    typeof value === 'number' ? { min: Math.min(param.min ?? value, value), max: Math.max(param.max ?? value, value) } : {};
  return {
    ...param,
    types: distinct([...param.types, typeOf(value)]),
    ...range,
    seen: distinct([...param.seen, canonicalJson(value)]).slice(0, SEEN_LIMIT),
  };
}

/** JSON Schema's names; a whole number is an `integer`. */
function typeOf(value: Leaf['value']): string {
  if (value === null) return 'null';
  return typeof value === 'number' && Number.isInteger(value) ? 'integer' : typeof value;
}

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)].sort();
