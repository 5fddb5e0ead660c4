import { factValueAt } from '../sample/candidates';
import { followPick } from '../sample/pick';
import { getAt, setAt, type Json, type JsonObject } from '../json';
import type { Call, Execute, Execution, KnownFact } from '../tool';
import type { ArgSource } from '../trace';

/** A call whose arguments are known by where they come from, so that it can be made again where ids are other ones. */
export interface SymbolicCall {
  id: string;
  tool: string;
  args: JsonObject;
  sources: ArgSource[];
}

export interface RebindInput {
  execute: Execute;
  seed: number;
  calls: readonly SymbolicCall[];
  /** Facts of `seed` when it is another seed than the calls were made in: facts are looked up by name, and a list element that has no counterpart by its pick is taken by position. */
  facts?: readonly KnownFact[];
}

export interface Rebound {
  /** One result per call that could be resolved: it ends before the first unresolved one. */
  execution: Execution;
  /** The arguments as re-bound, one per result. */
  args: JsonObject[];
  /** `<call id><pointer>` of the first argument whose source gave nothing: its call is gone, failed, or lacks the place. */
  unresolved?: string;
}

/**
 * Replays calls from the seed with every output-sourced argument taken anew from this run, so that a dropped, added or
 * moved call may renumber what others refer to (environments.md §5.3). Failing calls are results, not errors.
 */
export async function rebindAndRun(input: RebindInput): Promise<Rebound> {
  const { execute, seed, calls, facts } = input;
  const bound: Call[] = [];
  let execution = await execute(seed, []);
  for (const [index, call] of calls.entries()) {
    if (!isAnswered(call, calls.slice(0, index), execution.results.length)) execution = await execute(seed, bound);
    const resolved = resolveArguments(call, outputsOf(calls, execution), facts);
    if ('unresolved' in resolved) {
      if (execution.results.length < bound.length) execution = await execute(seed, bound);
      return { execution, args: bound.map((done) => done.args), unresolved: resolved.unresolved };
    }
    bound.push({ tool: call.tool, args: resolved.args });
  }
  if (execution.results.length < bound.length) execution = await execute(seed, bound);
  return { execution, args: bound.map((call) => call.args) };
}

// Calls that need nothing from a call still to be run are sent together: one replay instead of one each.
function isAnswered(call: SymbolicCall, earlier: readonly SymbolicCall[], executed: number): boolean {
  const waiting = new Set(earlier.slice(executed).map((other) => other.id));
  return !call.sources.some((source) => source.kind === 'output' && waiting.has(source.call));
}

function outputsOf(calls: readonly SymbolicCall[], execution: Execution): ReadonlyMap<string, Json> {
  const outputs = new Map<string, Json>();
  execution.results.forEach((result, index) => {
    const call = calls[index];
    if (call !== undefined && result.ok) outputs.set(call.id, result.value);
  });
  return outputs;
}

/** The call's arguments in a run that gave these outputs by call id; literals stay. `facts` as in `RebindInput`. */
export function resolveArguments(
  call: SymbolicCall,
  outputs: ReadonlyMap<string, Json>,
  facts?: readonly KnownFact[],
): { args: JsonObject } | { unresolved: string } {
  let args = call.args;
  for (const source of call.sources) {
    // Left out in the call: the tool fills it.
    if (source.kind === 'default') continue;
    const value = resolveSource(source, getAt(call.args, source.pointer), outputs, facts);
    if (value === undefined) return { unresolved: `${call.id}${source.pointer}` };
    args = setAt(args, source.pointer, value) as JsonObject;
  }
  return { args };
}

function resolveSource(
  source: ArgSource,
  literal: Json | undefined,
  outputs: ReadonlyMap<string, Json>,
  facts: readonly KnownFact[] | undefined,
): Json | undefined {
  if (source.kind === 'fact' && facts !== undefined) {
    const fact = facts.find((candidate) => candidate.name === source.fact);
    return fact && factValueAt(fact, source.pointer);
  }
  if (source.kind !== 'output') return literal;
  const output = outputs.get(source.call);
  if (output === undefined) return undefined;
  const followed = source.pick === undefined ? source.path : followPick(output, source.path, source.pick);
  const path = followed ?? (facts === undefined ? undefined : source.path);
  const value = path === undefined ? undefined : getAt(output, path);
  return value === null || typeof value === 'object' ? undefined : value;
}
