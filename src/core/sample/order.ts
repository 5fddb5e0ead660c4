import { canonicalJson, leavesOf, setAt, wildcard, type Json } from '../json';
import type { Rng } from '../random';
import type { PartialOrder } from '../trace';
import { replaySteps, type Ground, type WalkCall } from './walk';

/**
 * The partial order of a trace from replay. *Data*: an argument comes from an earlier call's output.
 * *Order*: doing the later call first, with all that has to come before it, changes an output or the end state, or
 * fails; every pair of a turn is tried, not only neighbours. Calls of different turns need no order edge: the turns are
 * one. Two calls that leave the state alone commute and are not run. At last two other orders that the result permits
 * are replayed; if one of them differs (a conflict of three calls that no pair shows), the turn's state-changing calls
 * get the sampled order.
 */
export async function orderOf(ground: Ground, calls: readonly WalkCall[]): Promise<PartialOrder> {
  const data = dataEdges(calls);
  const order: [string, string][] = [];
  for (const later of calls) {
    for (const earlier of calls.slice(0, calls.indexOf(later)).reverse()) {
      if (earlier.turn !== later.turn || isBefore(earlier.id, later.id, [...data, ...order])) continue;
      const block = [...calls.filter((call) => call !== later && isBefore(call.id, later.id, [...data, ...order]) && calls.indexOf(call) > calls.indexOf(earlier)), later];
      if (isRead(ground, earlier) && block.every((call) => isRead(ground, call))) continue;
      const moved = [...calls.slice(0, calls.indexOf(earlier)), ...block, ...calls.slice(calls.indexOf(earlier)).filter((call) => !block.includes(call))];
      if (!(await givesSame(ground, calls, moved))) order.push([earlier.id, later.id]);
    }
  }
  const found = { data, order };
  for (const other of [lastFirst(calls, found), anyOrder(calls, found, ground.rng)]) {
    if (!(await givesSame(ground, calls, other))) return { data, order: inSampledOrder(ground, calls) };
  }
  return found;
}

/** Pairs [producer, consumer] of call ids, without repeats. */
export function dataEdges(calls: readonly Pick<WalkCall, 'id' | 'sources'>[]): [string, string][] {
  return calls.flatMap((call) => producersOf(call).map((producer): [string, string] => [producer, call.id]));
}

export const producersOf = (call: Pick<WalkCall, 'sources'>): string[] => [...new Set(call.sources.flatMap((source) => (source.kind === 'output' ? [source.call] : [])))];

/** True when a path of edges leads from `first` to `second`. */
export function isBefore(first: string, second: string, edges: readonly (readonly [string, string])[]): boolean {
  return edges.some(([from, to]) => from === first && (to === second || isBefore(to, second, edges)));
}

/** Measured by digest in this trace, and not known as a write elsewhere. */
function isRead(ground: Ground, call: WalkCall): boolean {
  const tool = ground.graph.tools.find((other) => other.key === `${ground.world.id}::${call.tool}`);
  return !call.changedState && tool?.effect !== 'write';
}

/** True when the calls in another order give each call the same result and the same state in the end. */
async function givesSame(ground: Ground, calls: readonly WalkCall[], reordered: readonly WalkCall[]): Promise<boolean> {
  if (reordered.every((call, position) => call === calls[position])) return true;
  const replay = await replaySteps(ground, reordered);
  if (replay === undefined || replay.execution.digests.at(-1) !== calls.at(-1)?.digest) return false;
  return reordered.every((call, position) => {
    const result = replay.execution.results[position];
    return result?.ok === true && stable(result.value, ground.world.volatile) === stable(call.result, ground.world.volatile);
  });
}

/** Canonical text of an output with its volatile places blanked (`WorldDoc.volatile`). */
export function stable(value: Json, volatile: readonly string[]): string {
  if (volatile.length === 0) return canonicalJson(value);
  const places = leavesOf(value).filter((leaf) => isVolatile(leaf.pointer, volatile));
  return canonicalJson(places.reduce((copy, leaf) => setAt(copy, leaf.pointer, null), value));
}

export const isVolatile = (pointer: string, volatile: readonly string[]): boolean => volatile.some((place) => wildcard(pointer) === place || wildcard(pointer).startsWith(`${place}/`));

const lastFirst = (calls: readonly WalkCall[], order: PartialOrder): WalkCall[] => linearise(calls, order, (ready) => ready.at(-1) as WalkCall);
const anyOrder = (calls: readonly WalkCall[], order: PartialOrder, rng: Rng): WalkCall[] => linearise(calls, order, (ready) => rng.pick(ready));

function linearise(calls: readonly WalkCall[], order: PartialOrder, choose: (ready: WalkCall[]) => WalkCall): WalkCall[] {
  const edges = [...order.data, ...order.order];
  const done: WalkCall[] = [];
  while (done.length < calls.length) {
    const left = calls.filter((call) => !done.includes(call));
    const turn = Math.min(...left.map((call) => call.turn));
    const ready = left.filter((call) => call.turn === turn && !edges.some(([from, to]) => to === call.id && left.some((other) => other.id === from)));
    done.push(choose(ready));
  }
  return done;
}

function inSampledOrder(ground: Ground, calls: readonly WalkCall[]): [string, string][] {
  return calls.flatMap((later, position) =>
    calls.slice(0, position).filter((earlier) => earlier.turn === later.turn && !(isRead(ground, earlier) && isRead(ground, later))).map((earlier): [string, string] => [earlier.id, later.id]),
  );
}
