import { getAt, leavesOf, type Json } from '../json';
import type { ArgSource } from '../trace';
import { pickFor } from './pick';

/** Short texts and small numbers are equal by chance; these are not. */
const isSpecific = (value: Json | undefined): boolean => (typeof value === 'string' && value.length >= 4) || (typeof value === 'number' && Math.abs(value) >= 1_000);

/**
 * A source moved to the first result that shows its value. Whoever has seen it there needs no second look-up, so the
 * later one would be a gold call that nothing calls for. A list element that no user could name stays where it was.
 */
export function atEarliest(source: ArgSource, value: Json | undefined, calls: readonly { id: string; result: Json }[]): ArgSource {
  if (source.kind !== 'output' || !isSpecific(value)) return source;
  for (const call of calls) {
    if (call.id === source.call) return source;
    for (const leaf of leavesOf(call.result)) {
      if (leaf.value !== value) continue;
      const pick = pickFor(call.result, leaf.pointer);
      if (pick !== undefined) return { kind: 'output', pointer: source.pointer, call: call.id, path: leaf.pointer, ...(pick === 'none' ? {} : { pick }) };
    }
  }
  return source;
}

/** `atEarliest` for every source of a call. */
export const allAtEarliest = (input: { args: Json; sources: readonly ArgSource[] }, calls: readonly { id: string; result: Json }[]): ArgSource[] =>
  input.sources.map((source) => atEarliest(source, getAt(input.args, source.pointer), calls));
