import type { GoldCall } from '../trace';
import { producersOf, stable } from './order';
import { replaySteps, type Ground, type WalkCall } from './walk';
import { rebindAndRun } from '../explore/rebind';

/** Why a call may not be dropped, apart from what the query asks for. */
export interface Need {
  call: string;
  reasons: Exclude<GoldCall['neededFor'][number], 'asked-output'>[];
  /** Ids of later calls that take its output or fail without it. */
  enables: string[];
}

/**
 * What each call of a trace is needed for, by leaving it out: the calls that take its output go with it,
 * the rest is replayed with re-bound arguments. A later call that then fails needs it; a call that nothing takes from
 * and without which the state ends otherwise is needed for the end state.
 */
export async function needsOf(ground: Ground, calls: readonly WalkCall[]): Promise<Need[]> {
  const needs: Need[] = [];
  for (const call of calls) needs.push(await needOf(ground, calls, call));
  return needs;
}

async function needOf(ground: Ground, calls: readonly WalkCall[], call: WalkCall): Promise<Need> {
  const lost = downstreamOf(calls, call.id);
  const rest = calls.filter((other) => !lost.has(other.id));
  const replay = await rebindAndRun({ execute: ground.execute, seed: ground.seed, calls: rest });
  const broken = rest.filter((_, position) => position >= calls.indexOf(call) && replay.execution.results[position]?.ok !== true).map((other) => other.id);
  const enables = [...calls.filter((other) => producersOf(other).includes(call.id)).map((other) => other.id), ...broken];
  const changesEnd = lost.size === 1 && broken.length === 0 && replay.execution.digests.at(-1) !== calls.at(-1)?.digest;
  return { call: call.id, enables, reasons: [...(enables.length > 0 ? ['later-call' as const] : []), ...(changesEnd ? ['end-state' as const] : [])] };
}

/** The call and everything that takes an output of it, directly or through others. */
function downstreamOf(calls: readonly WalkCall[], id: string): Set<string> {
  const lost = new Set([id]);
  for (const call of calls) if (producersOf(call).some((producer) => lost.has(producer))) lost.add(call.id);
  return lost;
}

/** The trace without one call, run afresh and renumbered; `undefined` when the rest does not stand without it. */
export async function without(ground: Ground, calls: readonly WalkCall[], dropped: string): Promise<WalkCall[] | undefined> {
  const rest = calls.filter((call) => call.id !== dropped);
  if (rest.some((call) => producersOf(call).includes(dropped))) return undefined;
  const replay = await replaySteps(ground, rest);
  if (replay === undefined) return undefined;
  const names = new Map(rest.map((call, position) => [call.id, `c${position + 1}`]));
  return rest.map((call, position) => {
    const result = replay.execution.results[position];
    const digest = replay.execution.digests[position + 1] as string;
    return {
      ...call, digest, id: names.get(call.id) as string, args: replay.args[position] ?? call.args, result: result?.ok ? result.value : call.result,
      changedState: digest !== replay.execution.digests[position],
      sources: call.sources.map((source) => (source.kind === 'output' ? { ...source, call: names.get(source.call) as string } : source)),
    };
  });
}

/** True when the calls, run in a fresh world, give exactly what the trace recorded. */
export async function isReproducible(ground: Ground, calls: readonly WalkCall[]): Promise<boolean> {
  const replay = await replaySteps(ground, calls);
  if (replay === undefined) return false;
  return calls.every((call, position) => {
    const result = replay.execution.results[position];
    return result?.ok === true && stable(result.value, ground.world.volatile) === stable(call.result, ground.world.volatile) && replay.execution.digests[position + 1] === call.digest;
  });
}
