import { rebindAndRun } from '../explore/rebind';
import { distancesTo } from '../graph/distance';
import { allAtEarliest } from './earliest';
import type { CallEvidence, Evidence, GraphSnapshot, GraphTool } from '../graph/graph';
import { isLegal, legalTools, requiredGroups } from '../graph/legality';
import { canonicalJson, wildcard, type Json, type JsonObject } from '../json';
import type { Rng } from '../random';
import { toolKey, toolNamed, toolOfKey, type Execute, type Execution, type KnownFact, type ToolKey, type WorldDoc } from '../tool';
import type { ArgSource } from '../trace';
import { proposeArguments } from './arguments';

/** A successful call of a walk. */
export interface WalkCall {
  id: string;
  /** From 0. */
  turn: number;
  tool: string;
  args: JsonObject;
  sources: ArgSource[];
  result: Json;
  /** State digest after the call. */
  digest: string;
  /** Id of its evidence. */
  callId: string;
  changedState: boolean;
}

/** What a walk may look at; fixed while it goes on. */
export interface Ground {
  world: WorldDoc;
  seed: number;
  item: number;
  graph: GraphSnapshot;
  facts: readonly KnownFact[];
  execute: Execute;
  rng: Rng;
  /** Prefix of every evidence id of this walk: `sample/<purpose>/<item>/<redraw>`. */
  evidencePrefix: string;
}

/** A walk under way. Failed calls leave evidence and a mark, never a call: Γ holds successes only. */
export interface Walk {
  calls: WalkCall[];
  turn: number;
  evidence: Evidence[];
  /**
   * Canonical arguments that failed, per tool, since a call last changed the state: they are not tried again before one
   * does, and a tool that failed three times rests until then.
   */
  refused: Map<string, string[]>;
}

export const newWalk = (): Walk => ({ calls: [], turn: 0, evidence: [], refused: new Map() });

/** Draws of arguments for one tool before another target is chosen. */
const ARGUMENT_DRAWS = 3;
/** Producers called again for one consumer's missing values. */
const REPEATS = 4;
/** Executed calls of one walk, failures included: a world that refuses everything ends here. */
const MAX_EXECUTED = 60;

export const calledTools = (ground: Ground, walk: Walk): Set<ToolKey> => new Set(walk.calls.map((call) => toolKey(ground.world.id, call.tool)));
export const graphTool = (graph: GraphSnapshot, key: ToolKey): GraphTool | undefined => graph.tools.find((tool) => tool.key === key);

/** What Eq. 2 chooses. Candidates stand in the order in which they are to be tried. */
export type Choice = { kind: 'target' } | { kind: 'prerequisite'; tools: ToolKey[] } | { kind: 'random'; tools: ToolKey[] } | { kind: 'unreachable' };

/**
 * Eq. 2 for one position. Departures from its letter: argmin runs over *uncalled* legal tools that lie on a way through
 * a group still unsatisfied (else the greedy choice circles around the target), equal distances are ordered by `rng`,
 * and a target without a way is `unreachable` instead of an argmin over infinities.
 */
export function chooseNext(input: { graph: GraphSnapshot; world: string; target: ToolKey; called: ReadonlySet<ToolKey>; rng: Rng }): Choice {
  const { graph, world, target, called, rng } = input;
  if (called.has(target)) return { kind: 'random', tools: rng.shuffle(legalTools(graph, called, world)) };
  const tool = graphTool(graph, target);
  if (tool === undefined) return { kind: 'unreachable' };
  if (isLegal(tool, called)) return { kind: 'target' };
  const wanted = openPrerequisites(graph, tool, called);
  const distances = distancesTo(graph, target);
  const tools = rng.shuffle(legalTools(graph, called, world).filter((key) => !called.has(key) && wanted.has(key)));
  const far = (key: ToolKey): number => distances.get(key) ?? Infinity;
  return tools.length === 0 ? { kind: 'unreachable' } : { kind: 'prerequisite', tools: tools.sort((a, b) => far(a) - far(b)) };
}

/** Tools on a way to the target that starts at a group no called tool satisfies. */
function openPrerequisites(graph: GraphSnapshot, target: GraphTool, called: ReadonlySet<ToolKey>): ReadonlySet<ToolKey> {
  const found = new Set<ToolKey>();
  const visit = (tool: GraphTool | undefined): void => {
    for (const group of tool === undefined ? [] : requiredGroups(tool)) {
      if (group.members.some((member) => called.has(member.tool))) continue;
      for (const member of group.members) {
        if (found.has(member.tool)) continue;
        found.add(member.tool);
        visit(graphTool(graph, member.tool));
      }
    }
  };
  visit(target);
  return found;
}

export type Reached = 'called' | 'stuck' | 'too-long';

/**
 * Walks to a tool and calls it: legal prerequisites first, then producers once more until every parameter that D feeds
 * has its own value (App. G, Figure 7), then the tool itself. Never more than `limit` calls in the walk; on anything but
 * `called` the caller takes the walk back.
 */
export async function reach(ground: Ground, walk: Walk, target: ToolKey, limit: number, depth = 0): Promise<Reached> {
  for (;;) {
    const called = calledTools(ground, walk);
    const tool = graphTool(ground.graph, target);
    if (tool === undefined) return 'stuck';
    if (isLegal(tool, called)) return callBound(ground, walk, target, limit, depth);
    if (walk.calls.length + 2 > limit) return 'too-long';
    const choice = chooseNext({ graph: ground.graph, world: ground.world.id, target, called, rng: ground.rng });
    if (choice.kind !== 'prerequisite' || !(await callFirst(ground, walk, choice.tools, limit - 1, depth))) return 'stuck';
  }
}

async function callFirst(ground: Ground, walk: Walk, tools: readonly ToolKey[], limit: number, depth: number): Promise<boolean> {
  for (const tool of tools) if ((await callBound(ground, walk, tool, limit, depth)) === 'called') return true;
  return false;
}

async function callBound(ground: Ground, walk: Walk, key: ToolKey, limit: number, depth: number): Promise<Reached> {
  for (let draws = 0, repeats = 0; draws < ARGUMENT_DRAWS; ) {
    if (walk.calls.length >= limit) return 'too-long';
    const proposal = propose(ground, walk, toolOfKey(key));
    if (proposal === undefined) return 'stuck';
    if ('missing' in proposal) {
      repeats++;
      if (depth > 2 || repeats > REPEATS) return 'stuck';
      const bound = await callProducer(ground, walk, key, proposal.missing, limit - 1, depth + 1);
      if (bound !== 'called') return bound;
      continue;
    }
    draws++;
    if (await tryCall(ground, walk, toolOfKey(key), proposal)) return 'called';
  }
  return 'stuck';
}

/** Calls, perhaps once more, a tool whose output feeds a parameter that has no value of its own yet. */
async function callProducer(ground: Ground, walk: Walk, consumer: ToolKey, missing: readonly string[], limit: number, depth: number): Promise<Reached> {
  const groups = (graphTool(ground.graph, consumer)?.groups ?? []).filter((group) => group.kind === 'data' && missing.some((pointer) => wildcard(pointer) === group.param));
  const members = [...new Set((groups[0]?.members ?? []).map((member) => member.tool))].filter((key) => key !== consumer);
  const called = calledTools(ground, walk);
  // A producer called before is known to work; among equals chance decides.
  const ordered = ground.rng.shuffle(members).sort((a, b) => Number(called.has(b)) - Number(called.has(a)));
  let outcome: Reached = 'stuck';
  for (const key of ordered) {
    const before = walk.calls.length;
    outcome = await reach(ground, walk, key, limit, depth);
    if (outcome === 'called') return outcome;
    takeBack(walk, before);
  }
  return outcome;
}

export interface Proposal {
  args: JsonObject;
  sources: ArgSource[];
}

/** Arguments for a tool at this point, `undefined` when nothing new is to be had. Never repeats a call of the walk. */
export function propose(ground: Ground, walk: Walk, name: string): Proposal | { missing: string[] } | undefined {
  const tool = toolNamed(ground.world.tools, name);
  const refused = walk.refused.get(name) ?? [];
  if (tool === undefined || refused.length >= ARGUMENT_DRAWS) return undefined;
  const exclude = [...walk.calls.filter((call) => call.tool === name).map((call) => canonicalJson(call.args)), ...refused];
  const known = graphTool(ground.graph, toolKey(ground.world.id, name));
  const proposal = proposeArguments({
    tool, world: ground.world.id, facts: ground.facts, rng: ground.rng, exclude, mode: 'sample', tools: ground.world.tools,
    answered: walk.calls.map((call) => ({ id: call.id, tool: call.tool, args: call.args, value: call.result })),
    ...(known === undefined ? {} : { graphTool: known }),
  });
  if ('missing' in proposal) return proposal.missing.length === 0 ? undefined : proposal;
  if (exclude.includes(canonicalJson(proposal.args))) return undefined;
  return { args: proposal.args, sources: allAtEarliest(proposal, walk.calls) };
}

/** Executes a call after those of the walk; true when it succeeded and is part of the walk now. */
export async function tryCall(ground: Ground, walk: Walk, tool: string, proposal: Proposal): Promise<boolean> {
  if (walk.evidence.length >= MAX_EXECUTED) return false;
  const execution = await ground.execute(ground.seed, [...walk.calls.map(({ tool: name, args }) => ({ tool: name, args })), { tool, args: proposal.args }]);
  const result = execution.results.at(-1);
  const [before, after] = [execution.digests.at(-2), execution.digests.at(-1)];
  if (result === undefined || after === undefined) throw new Error(`Expected a result and a digest per call of ${ground.world.id}, got ${execution.results.length} and ${execution.digests.length}`);
  const evidence: CallEvidence = {
    kind: 'call', callId: `${ground.evidencePrefix}/${walk.evidence.length}`, origin: 'sampling', item: ground.item, tool: toolKey(ground.world.id, tool), seed: ground.seed,
    args: proposal.args, result, changedState: before !== after, prefix: walk.calls.map((call) => call.callId),
  };
  walk.evidence.push(evidence);
  if (!result.ok) {
    walk.refused.set(tool, [...(walk.refused.get(tool) ?? []), canonicalJson(proposal.args)]);
    return false;
  }
  if (evidence.changedState) walk.refused = new Map();
  walk.calls.push({ id: `c${walk.calls.length + 1}`, turn: walk.turn, tool, ...proposal, result: result.value, digest: after, callId: evidence.callId, changedState: evidence.changedState });
  return true;
}

/** Takes the walk back to its first `length` calls; what it learnt stays in the evidence. */
export function takeBack(walk: Walk, length: number): void {
  if (walk.calls.length === length) return;
  walk.calls = walk.calls.slice(0, length);
  walk.refused = new Map();
}

/** A replay of some calls with their arguments re-bound; `undefined` when a source is gone or a call fails. */
export async function replaySteps(ground: Pick<Ground, 'execute' | 'seed'>, calls: readonly WalkCall[]): Promise<{ execution: Execution; args: JsonObject[] } | undefined> {
  const replay = await rebindAndRun({ execute: ground.execute, seed: ground.seed, calls });
  return replay.unresolved === undefined && replay.execution.results.length === calls.length && replay.execution.results.every((result) => result.ok) ? replay : undefined;
}
