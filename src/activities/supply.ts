import type { CampaignFile } from '../core/campaign/campaign.schema';
import type { CellQuota } from '../core/campaign/manifest';
import { cappedShares } from '../core/campaign/world-shares';
import type { GraphSnapshot } from '../core/graph/graph';
import { canonicalJson } from '../core/json';
import { createRng } from '../core/random';
import { planCells } from '../core/sample/cells';
import { sampleTrace } from '../core/sample/sampler';
import { supplyOf, type Supply } from '../core/sample/supply';
import { toolKey } from '../core/tool';
import { callSignature, cellId } from '../core/trace';
import type { CampaignContext } from './context';
import type { Deps } from './deps';
import { probeGraph } from './explore';

/** What one cell of a plan can give, beside what is asked of it. */
export interface CellSupply extends Supply {
  cell: string;
  quota: number;
}

/** Draws of all cells together: some seconds, since each is executed. */
const DRAWS = 320;
const MOST_DRAWS_PER_CELL = 40;

/**
 * Draws traces for every cell of `file` on the graph that the campaign `context` explored, aimed at every tool, since
 * which ones will fail is not known. No model is asked and nothing is stored.
 */
export async function drawSupply(deps: Deps, context: CampaignContext, file: CampaignFile): Promise<CellSupply[]> {
  const { manifest } = context;
  const graph = await deps.graph.readVersion(probeGraph(manifest.id), 0);
  if (!graph) throw new Error(`Expected the explored graph of ${manifest.id} to be stored`);
  const worlds = cappedShares(file).map((share, index) => ({ id: manifest.worlds[index]?.id ?? '', share }));
  const asked = planCells({ worlds, verified: file.target.verified, calls: file.shape.calls, turns: file.shape.turns }).filter(({ quota }) => quota > 0);
  const draws = Math.max(1, Math.min(MOST_DRAWS_PER_CELL, Math.floor(DRAWS / asked.length)));
  const supplies: CellSupply[] = [];
  for (const entry of asked) {
    const signatures: (string | undefined)[] = [];
    for (let draw = 0; draw < draws; draw++) signatures.push(await drawOne({ context, file, graph, entry, draw }));
    supplies.push({ cell: cellId(entry.cell), quota: entry.quota, ...supplyOf(signatures) });
  }
  return supplies;
}

async function drawOne(input: { context: CampaignContext; file: CampaignFile; graph: GraphSnapshot; entry: CellQuota; draw: number }): Promise<string | undefined> {
  const { context, file, entry } = input;
  const rng = createRng(`${file.seed}/supply/${cellId(entry.cell)}/${input.draw}`);
  const world = context.replayer.world(entry.cell.world);
  const start = rng.int(0, 2 ** 31 - 1);
  const seed = world.doc.seeds === null ? start : start % world.doc.seeds;
  const result = await sampleTrace({
    item: input.draw, purpose: 'trajectory', world: world.doc, seed, cell: entry.cell, targets: world.doc.tools.map((tool) => toolKey(world.doc.id, tool.name)),
    graph: input.graph, facts: world.known(seed), execute: context.replayer.execute(world.doc.id), rng,
    shape: { distractors: file.shape.distractors, earlierTurnShare: file.shape.earlierTurnShare, redraws: file.retries.redraws },
  });
  return result.ok ? canonicalJson(callSignature(result.spec)) : undefined;
}
