import type { Json } from '../json';
import type { CallResult, Execute, KnownFact, WorldDoc } from '../tool';
import type { Answered } from '../sample/candidates';
import { rebindAndRun, type Rebound, type SymbolicCall } from './rebind';

/** A successful call of a walk. */
export interface Step extends SymbolicCall {
  value: Json;
  /** The state digest differed after it. */
  changedState: boolean;
}

/** Successful calls of one seed, in order: each was made in the state that the earlier ones left. */
export interface Walk {
  seed: number;
  steps: Step[];
}

/** One success of a tool: `walk.steps[at]` after everything before it. */
export interface Success {
  walk: Walk;
  at: number;
}

/** The world under exploration and its replays. */
export interface Lab {
  world: WorldDoc;
  facts: (seed: number) => KnownFact[];
  execute: Execute;
}

export const stepOf = ({ walk, at }: Success): Step => walk.steps[at] as Step;

export const answeredBy = (steps: readonly Step[]): Answered[] => steps.map(({ id, tool, args, value }) => ({ id, tool, args, value }));

/** Calls whose output this call's arguments were taken from. */
export function producersOf(call: SymbolicCall): Set<string> {
  return new Set(call.sources.flatMap((source) => (source.kind === 'output' ? [source.call] : [])));
}

/** The calls without those named and without everything that took values from a left-out one. */
export function withoutDependents<C extends SymbolicCall>(calls: readonly C[], dropped: string): C[] {
  const gone = new Set([dropped]);
  return calls.filter((call) => {
    if (!gone.has(call.id) && ![...producersOf(call)].some((id) => gone.has(id))) return true;
    gone.add(call.id);
    return false;
  });
}

/** A run of some calls and then the consumer. */
export interface Trial extends Rebound {
  /** The consumer's result; `undefined` when it could not be made. */
  result?: CallResult;
  /** All calls before the consumer succeeded. */
  othersOk: boolean;
}

export async function tryConsumer(lab: Lab, input: { seed: number; calls: readonly SymbolicCall[]; consumer: SymbolicCall; reseeded?: boolean }): Promise<Trial> {
  const { seed, calls, consumer, reseeded } = input;
  const run = await rebindAndRun({
    execute: lab.execute,
    seed,
    calls: [...calls, consumer],
    ...(reseeded === true ? { facts: lab.facts(seed) } : {}),
  });
  const { results } = run.execution;
  const result = results.length > calls.length ? results[calls.length] : undefined;
  return { ...run, ...(result === undefined ? {} : { result }), othersOk: results.length >= calls.length && results.slice(0, calls.length).every((other) => other.ok) };
}

/** Other seeds for a test, nearest first, at most `count`; none where a world has one seed or does not change with it. */
export function otherSeeds(world: WorldDoc, seed: number, count: number): number[] {
  if (!world.reseedable) return [];
  const all = world.seeds ?? Infinity;
  const seeds: number[] = [];
  for (let step = 1; step < all && seeds.length < count; step++) seeds.push(all === Infinity ? seed + step : (seed + step) % all);
  return seeds;
}
