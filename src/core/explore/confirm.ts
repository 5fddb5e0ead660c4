import type { CallEvidence, EdgeEvidence, GraphSnapshot, GraphTool } from '../graph/graph';
import type { Rng } from '../random';
import { toolKey, toolOfKey, type Execute, type KnownFact, type ToolKey, type WorldDoc } from '../tool';
import { newBench, testDataCandidate, testStateOf } from './edge-tests';
import { successesByTool } from './explore';
import type { Lab, Success, Walk } from './observation';
import { dataCandidates, traceSources, type DataCandidate } from './provenance';

export interface ConfirmInput {
  world: WorldDoc;
  facts: (seed: number) => KnownFact[];
  execute: Execute;
  /** The graph that the round was sampled on. */
  graph: GraphSnapshot;
  /** Sampling evidence of the round for this world, by item and call. */
  evidence: readonly CallEvidence[];
  /** Kept in the signature for orders that may once be drawn; today's order is fixed. */
  rng?: Rng;
  /** Candidates tested at most: data candidates by score, then consumers for state by name. */
  cap: number;
}

/** A tool that succeeded this often without a fault was looked at well enough in exploration. */
const WELL_KNOWN = 10;
const SUCCESSES_REDUCED = 6;

/**
 * Edges that sampling brought to light and the graph does not have (App. G: the graph is updated by execution
 * feedback), each tested as in exploration. Fixed order, so that a round's graph does not depend on when it is closed.
 */
export async function confirmNewEdges(input: ConfirmInput): Promise<EdgeEvidence[]> {
  const { world, facts, execute, evidence, cap } = input;
  const rows = evidence.filter((row) => toolKey(world.id, toolOfKey(row.tool)) === row.tool);
  if (rows.length === 0 || cap <= 0) return [];
  const lab: Lab = { world, facts, execute };
  const walks = walksOf(lab, rows);
  const consumers = successesByTool(walks);
  const bench = newBench({
    lab, origin: 'sampling', item: Math.max(...rows.map((row) => row.item)), idPrefix: `confirm/${world.id}/${rows[0]?.callId ?? ''}`,
    successes: consumers.flatMap(([, successes]) => successes), depth: SUCCESSES_REDUCED,
  });
  const fresh = dataCandidates(world, walks).filter((candidate) => !isKnown(input, candidate)).slice(0, cap);
  for (const candidate of fresh) await testDataCandidate(bench, candidate);
  const doubtful = consumers.filter(([tool, successes]) => isDoubtful(input, tool, successes, rows)).slice(0, cap - fresh.length);
  for (const [tool, successes] of doubtful) await testStateOf(bench, tool, successes);
  return bench.made.filter((row) => row.edge.kind === 'data' || !hasStateMember(input, row));
}

/** One walk per longest chain of evidence: a success stands in the walk of the calls before it. */
function walksOf(lab: Lab, rows: readonly CallEvidence[]): Walk[] {
  const byId = new Map(rows.map((row) => [row.callId, row]));
  const inner = new Set<string>();
  const chains = rows
    .filter((row) => row.result.ok)
    .map((row) => [...row.prefix, row.callId])
    .filter((chain) => chain.every((id) => byId.get(id)?.result.ok === true));
  for (const chain of chains) inner.add(chain.slice(0, -1).join('\n'));
  return chains.filter((chain) => !inner.has(chain.join('\n'))).map((chain) => walkOf(lab, chain.map((id) => byId.get(id) as CallEvidence)));
}

function walkOf({ world, facts }: Lab, chain: readonly CallEvidence[]): Walk {
  const seed = chain[0]?.seed ?? 0;
  const known = facts(seed);
  const walk: Walk = { seed, steps: [] };
  for (const { callId, tool: key, args, result, changedState } of chain) {
    if (!result.ok) continue;
    const tool = toolOfKey(key);
    const sources = traceSources({ world, tool, args, earlier: walk.steps, facts: known });
    walk.steps.push({ id: callId, tool, args, sources, value: result.value, changedState });
  }
  return walk;
}

/** The graph has the edge, or has tested it before. */
function isKnown({ graph, world }: ConfirmInput, candidate: DataCandidate): boolean {
  const tool = toolIn(graph, toolKey(world.id, candidate.consumer));
  const isIt = (group: { param?: string }, member: { tool: ToolKey; outPath?: string }): boolean =>
    group.param === candidate.param && member.tool === toolKey(world.id, candidate.producer) && member.outPath === candidate.outPath;
  return (
    tool?.groups.some((group) => group.members.some((member) => isIt(group, member))) === true ||
    tool?.tallies?.some((tally) => isIt(tally, tally.member)) === true
  );
}

/** Seldom successful so far, or refused for want of something in this very round: worth the replays of a state test. */
function isDoubtful({ graph, world }: ConfirmInput, tool: string, successes: readonly Success[], rows: readonly CallEvidence[]): boolean {
  const key = toolKey(world.id, tool);
  const refused = rows.some((row) => row.tool === key && !row.result.ok && row.result.fault === 'precondition');
  const afterWrites = successes.some(({ walk, at }) => walk.steps.slice(0, at).some((step) => step.changedState));
  return afterWrites && (refused || (toolIn(graph, key)?.ok ?? 0) < WELL_KNOWN);
}

function hasStateMember({ graph }: ConfirmInput, row: EdgeEvidence): boolean {
  const groups = toolIn(graph, row.tool)?.groups ?? [];
  return groups.some((group) => group.kind === 'state' && group.members.some((member) => member.tool === row.edge.member.tool));
}

const toolIn = (graph: GraphSnapshot, key: ToolKey): GraphTool | undefined => graph.tools.find((tool) => tool.key === key);
