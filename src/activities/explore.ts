import type { CampaignFile } from '../core/campaign/campaign.schema';
import { exploreWorld as explore } from '../core/explore/explore';
import { foldEvidence } from '../core/graph/fold';
import type { GraphSnapshot } from '../core/graph/graph';
import { emptySnapshot, mergeSnapshots } from '../core/graph/merge';
import { createRng } from '../core/random';
import { toolKey } from '../core/tool';
import type { Replayer } from '../worlds/replay';
import type { CampaignContext } from './context';
import type { Deps, GraphStore } from './deps';

export interface ExploreInput {
  /** Name of the base graph; explored only when no version of it is stored. */
  graph: string;
  world: string;
  exploration: CampaignFile['exploration'];
  onProgress?: (done: number, total: number) => void;
}

/**
 * Phase 0 of one world: random walks, then counterfactual replays; D and P as the first version of its base graph.
 * A pure function of world version and budget, so a stored one is the answer and nothing is executed.
 */
export async function buildBaseGraph(deps: { graph: GraphStore }, replayer: Replayer, input: ExploreInput): Promise<{ graph: GraphSnapshot; reused: boolean }> {
  await deps.graph.prepare();
  const stored = await readLatest(deps.graph, input.graph);
  if (stored) return { graph: stored, reused: true };
  const world = replayer.world(input.world);
  const { walks, callsPerWalk, confirmations } = input.exploration;
  const evidence = await explore({
    world: world.doc, facts: (seed) => world.known(seed), execute: replayer.execute(input.world), rng: createRng(`explore/${input.graph}`),
    budget: { walks, callsPerWalk, confirmations }, ...(input.onProgress ? { onProgress: input.onProgress } : {}),
  });
  await deps.graph.appendEvidence(input.graph, evidence);
  const empty = emptySnapshot(input.graph, world.doc.tools.map((tool) => toolKey(input.world, tool.name)));
  const folded = foldEvidence(empty, evidence, { reseedable: () => world.doc.reseedable });
  return { graph: await deps.graph.saveVersion(folded), reused: false };
}

async function readLatest(graph: GraphStore, name: string): Promise<GraphSnapshot | undefined> {
  const version = await graph.latestVersion(name);
  return version === undefined ? undefined : graph.readVersion(name, version);
}

/** The graph that probes sample on: every world's base graph in one, before T is known. */
export const probeGraph = (campaign: string): string => `${campaign}/base`;

export async function openGraph(deps: Deps, context: CampaignContext): Promise<void> {
  const bases = await Promise.all(context.manifest.worlds.map((world) => readLatest(deps.graph, world.baseGraph)));
  const missing = context.manifest.worlds.find((_world, index) => !bases[index]);
  if (missing) throw new Error(`Expected base graph ${missing.baseGraph} to be stored before the campaign's graph is opened`);
  await deps.graph.saveVersion({ snapshot: mergeSnapshots(probeGraph(context.manifest.id), bases as GraphSnapshot[]), changes: [] });
}
