import type { Evidence, GraphSnapshot } from '../graph/graph';
import { canonicalJson } from '../json';
import type { Rng } from '../random';
import { toolOfKey, worldOfKey, type Execute, type KnownFact, type ToolKey, type WorldDoc } from '../tool';
import { bandOf, callSignature, cellId, type Ask, type Cell, type GoldCall, type TraceSpec, type TurnSpec } from '../trace';
import { chooseAsks } from './asks';
import { PAPER_CALLS } from './cells';
import { addFollowOns, callsNeeded, leansOnEarlierTurn } from './follow-on';
import { isReproducible, needsOf, without, type Need } from './need';
import { orderOf, producersOf } from './order';
import { drawShape } from './shape';
import { chooseTools } from './tool-list';
import { newWalk, reach, takeBack, type Ground, type Walk, type WalkCall } from './walk';

export interface SampleInput {
  /** Item index, or the probed tool's index. */
  item: number;
  purpose: 'trajectory' | 'probe';
  world: WorldDoc;
  seed: number;
  /** What the trace has to fit. A probe is as long as its closure; its spec carries the cell it turned out to be. */
  cell: Cell;
  /** Failure tools to aim at, in any order; for a probe the one tool. */
  targets: readonly ToolKey[];
  graph: GraphSnapshot;
  facts: readonly KnownFact[];
  execute: Execute;
  /** Seeded for this item alone: same input, same spec. */
  rng: Rng;
  shape: {
    distractors: number;
    /** Share of later turns that must need an earlier turn's output or state. */
    earlierTurnShare: number;
    redraws: number;
    /** Weights of the numbers of calls inside a band; the paper's by default. */
    callWeights?: { readonly [calls: number]: number };
  };
  /** Canonical `callSignature`s of specs that must not be repeated. */
  taken?: Pick<ReadonlySet<string>, 'has'>;
}

export type SampleResult =
  | { ok: true; spec: TraceSpec; evidence: Evidence[] }
  | { ok: false; reason: 'shape' | 'unreachable'; detail: string; evidence: Evidence[] };

/** A probe walks as far as its tool's prerequisites ask, up to here. */
const PROBE_CALLS = 12;
/** Targets tried for one turn after the first. */
const LATER_TARGETS = 3;

/**
 * Samples the hard trace Γ of one item: all turns at once, executed, every call needed, with its partial order (paper
 * §3.2, Eq. 1 and 2). A draw that misses its cell is drawn again, `redraws` times, then the item is
 * `shape`; `unreachable` when no draw reached a target. The evidence of every executed call comes back in either case.
 */
export async function sampleTrace(input: SampleInput): Promise<SampleResult> {
  const evidence: Evidence[] = [];
  const misses: Miss[] = [];
  for (let redraw = 0, retargets = 0; redraw <= input.shape.redraws; redraw++) {
    const draw = await drawTrace(input, redraw);
    evidence.push(...draw.evidence);
    retargets += draw.retargets;
    if (draw.kind === 'trace') return { ok: true, spec: { ...draw.spec, retargets, redraws: redraw }, evidence };
    misses.push(draw.miss);
    if (draw.miss.final) break;
  }
  const reason = misses.every((miss) => miss.reason === 'unreachable') ? 'unreachable' : 'shape';
  return { ok: false, reason, detail: summary(input, misses), evidence };
}

interface Miss {
  reason: 'shape' | 'unreachable';
  detail: string;
  /** Drawing again cannot help. */
  final?: boolean;
}

type Draw = { evidence: Evidence[]; retargets: number } & ({ kind: 'trace'; spec: TraceSpec } | { kind: 'miss'; miss: Miss });

function summary(input: SampleInput, misses: readonly Miss[]): string {
  const counts = new Map<string, number>();
  for (const { detail } of misses) counts.set(detail, (counts.get(detail) ?? 0) + 1);
  const reasons = [...counts].sort((a, b) => b[1] - a[1]).map(([detail, count]) => `${count} × ${detail}`);
  return `Expected a trace for ${input.purpose === 'probe' ? `probe of ${input.targets.join(', ')}` : cellId(input.cell)}, got none in ${misses.length} draws: ${reasons.join('; ')}`;
}

async function drawTrace(input: SampleInput, redraw: number): Promise<Draw> {
  const ground: Ground = {
    world: input.world, seed: input.seed, item: input.item, graph: input.graph, facts: input.facts, execute: input.execute,
    rng: input.rng.fork(`redraw/${redraw}`), evidencePrefix: `sample/${input.purpose}/${input.item}/${redraw}`,
  };
  const walk = newWalk();
  const route = input.purpose === 'probe' ? await walkProbe(ground, walk, input) : await walkTurns(ground, walk, input);
  const finished = 'miss' in route ? route : await finish(ground, walk, input, { ...route, lenient: redraw * 2 >= input.shape.redraws });
  const common = { evidence: walk.evidence, retargets: route.retargets };
  return 'miss' in finished ? { ...common, kind: 'miss', miss: finished.miss } : { ...common, kind: 'trace', spec: finished.spec };
}

/** Where a walk went: the target it reached and how many later turns were meant to need an earlier one. */
interface Route {
  target: ToolKey;
  retargets: number;
  leaning: number;
}

type Missed = { miss: Miss; retargets: number };

async function walkProbe(ground: Ground, walk: Walk, input: SampleInput): Promise<Route | Missed> {
  const target = input.targets[0];
  if (target === undefined) throw new Error('Expected a probe to name its tool in `targets`, got an empty list');
  if (callsNeeded(ground.graph, target, new Set()) === undefined) return { retargets: 0, miss: { reason: 'unreachable', detail: `no legal way to ${target} in graph version ${ground.graph.version}`, final: true } };
  const reached = await reach(ground, walk, target, PROBE_CALLS);
  return reached === 'called' ? { target, retargets: 0, leaning: 0 } : { retargets: 0, miss: { reason: 'unreachable', detail: `${target} was not reached` } };
}

async function walkTurns(ground: Ground, walk: Walk, input: SampleInput): Promise<Route | Missed> {
  const shape = drawShape(input.cell, ground.rng, input.shape.callWeights ?? PAPER_CALLS);
  const last = shape.perTurn.length - 1;
  const first = await reachOne(ground, walk, input.targets, shape.calls - last);
  if ('miss' in first) return first;
  let leaning = 0;
  for (const [turn, share] of shape.perTurn.entries()) {
    const start = turn === 0 ? 0 : walk.calls.length;
    const end = turn === last ? shape.calls : Math.min(shape.calls - (last - turn), start + share);
    walk.turn = turn;
    const lean = turn > 0 && ground.rng.float() < input.shape.earlierTurnShare;
    leaning += Number(lean);
    if (turn > 0) await reachAnother(ground, walk, { targets: input.targets, end, lean });
    await addFollowOns(ground, walk, { end, lean });
    if (walk.calls.length === start) return { retargets: first.retargets, miss: { reason: 'shape', detail: `nothing to call in turn ${turn + 1}` } };
  }
  return { ...first, leaning };
}

/** The first turn's T_a: targets in random order until one is reached within `limit` calls. */
async function reachOne(ground: Ground, walk: Walk, targets: readonly ToolKey[], limit: number): Promise<Route | Missed> {
  const own = ground.rng.shuffle(targets.filter((key) => worldOfKey(key) === ground.world.id));
  const needs = new Map(own.map((key) => [key, callsNeeded(ground.graph, key, new Set())]));
  if (own.every((key) => needs.get(key) === undefined)) {
    return { retargets: 0, miss: { reason: 'unreachable', detail: own.length === 0 ? `no failure tool in world ${ground.world.id}` : `no legal way to any of ${own.length} failure tools in graph version ${ground.graph.version}`, final: true } };
  }
  let retargets = 0;
  for (const target of own) {
    if ((needs.get(target) ?? Infinity) > limit) continue;
    if ((await reach(ground, walk, target, limit)) === 'called') return { target, retargets, leaning: 0 };
    takeBack(walk, 0);
    retargets++;
  }
  return { retargets, miss: retargets === 0 ? { reason: 'shape', detail: 'no failure tool short enough' } : { reason: 'unreachable', detail: 'no failure tool was reached' } };
}

/** A later turn's own T_a, where one fits; else the turn goes on with follow-on calls alone. */
async function reachAnother(ground: Ground, walk: Walk, input: { targets: readonly ToolKey[]; end: number; lean: boolean }): Promise<void> {
  const start = walk.calls.length;
  const called = new Set(walk.calls.map((call) => call.tool));
  const fresh = ground.rng.shuffle(input.targets.filter((key) => worldOfKey(key) === ground.world.id && !called.has(toolOfKey(key))));
  const keys = new Set(walk.calls.map((call) => `${ground.world.id}::${call.tool}`));
  const fitting = fresh.filter((key) => start + (callsNeeded(ground.graph, key, keys) ?? Infinity) <= input.end);
  for (const target of fitting.slice(0, LATER_TARGETS)) {
    const reached = await reach(ground, walk, target, input.end);
    if (reached === 'called' && (!input.lean || leansOnEarlierTurn(ground, walk))) return;
    takeBack(walk, start);
  }
}

async function finish(ground: Ground, walk: Walk, input: SampleInput, route: Route & { lenient: boolean }): Promise<{ spec: TraceSpec } | Missed> {
  const missed = (detail: string): Missed => ({ retargets: route.retargets, miss: { reason: 'shape', detail } });
  if (!(await isReproducible(ground, walk.calls))) return missed('re-bound replay differs from the walk');
  const kept = await keepNeeded(ground, walk.calls);
  if (kept === undefined) return missed('a superfluous call could not be taken out');
  const { calls, needs, asks } = kept;
  const turns = asks.length;
  if (input.purpose === 'trajectory' && (bandOf(calls.length) !== input.cell.calls || (turns > 1 ? 'multi' : 'single') !== input.cell.turns)) return missed(`${calls.length} needed calls in ${turns} turns`);
  if (!calls.some((call) => call.tool === toolOfKey(route.target))) return missed('the target itself is not needed');
  const turnSpecs = asks.map((ofTurn, turn) => turnOf({ turn, calls, needs, asks: ofTurn }));
  if (!route.lenient && turnSpecs.filter((turn) => turn.needsEarlierTurn).length < route.leaning) return missed('too few turns need an earlier one');
  const gold = calls.map((call) => goldOf(call, needs, asks.flat()));
  if (input.taken?.has(canonicalJson(callSignature({ world: input.world.id, calls: gold })))) return missed('another item makes the same calls');
  const spec: TraceSpec = {
    item: input.item, purpose: input.purpose, world: input.world.id, worldVersion: input.world.version, seed: input.seed,
    cell: input.purpose === 'probe' ? { world: input.world.id, calls: bandOf(calls.length), turns: 'single' } : input.cell,
    graphVersion: input.graph.version, target: route.target,
    calls: gold, turns: turnSpecs, order: await orderOf(ground, calls), endDigest: calls.at(-1)?.digest ?? '',
    tools: chooseTools({ world: input.world, graph: input.graph, gold: calls.map((call) => call.tool), asks: asks.flat(), count: input.shape.distractors, rng: ground.rng.fork('tools') }),
    retargets: 0, redraws: 0,
  };
  return { spec };
}

interface Kept {
  calls: WalkCall[];
  needs: Need[];
  asks: Ask[][];
}

/** Takes calls out, last first, until every one is needed or asked for; turns that lost all their calls close up. */
async function keepNeeded(ground: Ground, walked: readonly WalkCall[]): Promise<Kept | undefined> {
  for (let calls: WalkCall[] | undefined = [...walked]; calls !== undefined && calls.length > 0; ) {
    calls = closeUp(calls);
    const needs = await needsOf(ground, calls);
    const needed = new Set(needs.filter((need) => need.reasons.length > 0).map((need) => need.call));
    const { asks, superfluous } = chooseAsks({ world: ground.world, facts: ground.facts, calls, needed });
    const last = superfluous.at(-1);
    if (last === undefined) return { calls, needs, asks };
    calls = await without(ground, calls, last);
  }
  return undefined;
}

function closeUp(calls: readonly WalkCall[]): WalkCall[] {
  const turns = [...new Set(calls.map((call) => call.turn))];
  return calls.map((call) => ({ ...call, turn: turns.indexOf(call.turn) }));
}

function turnOf(input: { turn: number; calls: readonly WalkCall[]; needs: readonly Need[]; asks: Ask[] }): TurnSpec {
  const own = input.calls.filter((call) => call.turn === input.turn);
  const ids = own.map((call) => call.id);
  const earlier = new Set(input.calls.filter((call) => call.turn < input.turn).map((call) => call.id));
  const bridging = own.filter((call) => input.calls.some((other) => producersOf(other).includes(call.id))).length;
  const needsEarlierTurn = input.needs.some((need) => earlier.has(need.call) && need.enables.some((id) => ids.includes(id)));
  return { calls: ids, asks: input.asks, bridging, easy: bridging === 0, needsEarlierTurn };
}

function goldOf(call: WalkCall, needs: readonly Need[], asks: readonly Ask[]): GoldCall {
  const reasons = needs.find((need) => need.call === call.id)?.reasons ?? [];
  const neededFor: GoldCall['neededFor'] = [...reasons, ...(asks.some((ask) => ask.call === call.id) ? ['asked-output' as const] : [])];
  return { id: call.id, tool: call.tool, args: call.args, sources: call.sources, result: call.result, digest: call.digest, neededFor };
}
