import { toolKey, type ToolDoc, type WorldTier } from '../../core/tool';
import { createReplayer } from '../replay';
import type { World } from '../world';
import { exploreAll, type Explored } from './explored';
import { proveCalls, type CallProof } from './replays';
import { schemaTroubles } from './schemas';
import { findTraces } from './traces';

/** What was proved of one tool, by execution. */
export interface ToolCheck {
  tool: string;
  passed: boolean;
  /** It failed with a typed fault; a tool that takes no argument and needs no call before it cannot. */
  refused: boolean;
  /** A successful call changed the state. */
  stateful: boolean;
  /** Some dependency on another tool stood its tests; `null` where none were made. */
  hasEdge: boolean | null;
  /** The sampler made a trace of three or more calls in which it is needed; `null` where none were asked for. */
  inTrace: boolean | null;
  /** What failed, the call, what came: a sentence each, none for a tool that passed. */
  troubles: string[];
}

export interface WorldCheck {
  world: string;
  version: string;
  tier: WorldTier;
  /** Random walks it took until every tool had succeeded, or until it was given up. */
  walks: number;
  tools: ToolCheck[];
}

/**
 * Proves every tool of a world executable: its schemas compile; it succeeds from a reset world and fails with a typed
 * fault, found by exploration as campaigns do it; two fresh replays agree in results and digests, each begins at the same
 * digest, and a fault leaves it; it stands in a sampled trace of three or more calls (but for simulated worlds, whose
 * edges are not tested). Deterministic; closes nothing but what it opened. Rejects when the world cannot be had.
 */
export async function checkWorld(world: World, onProgress?: (doing: string) => void): Promise<WorldCheck> {
  const tier = world.doc.tier ?? 'builtin';
  const explored = await withReplays(world, (execute) => exploreAll({ world, execute, depth: depthOf(tier), onProgress }));
  const proofs: [string, CallProof][] = [];
  onProgress?.(`replays of ${world.doc.tools.length} tools`);
  for (const tool of world.doc.tools) {
    proofs.push([tool.name, await proveCalls(world, tool, explored)]);
  }
  onProgress?.('traces');
  const traces = tier === 'simulated-from-spec' ? null : await withReplays(world, (execute) => findTraces({ world, execute, explored, everyTarget: tier === 'builtin' }));
  const proofOf = new Map(proofs);
  const tools = world.doc.tools.map((tool) => summary(world, tool, { explored, proof: proofOf.get(tool.name) as CallProof, trouble: traces?.get(tool.name) ?? null, traced: traces !== null }));
  return { world: world.doc.id, version: world.doc.version, tier, walks: explored.walks, tools };
}

/** Where every world is a service's, fewer walks have to do; a simulated one has no edges worth testing. */
const depthOf = (tier: WorldTier): 'whole' | 'thrifty' | 'walks' => (tier === 'simulated-from-spec' ? 'walks' : tier === 'openapi' ? 'thrifty' : 'whole');

/** Instances are ended afterwards, so that what follows opens fresh ones; the world itself stays. */
async function withReplays<T>(world: World, work: (execute: ReturnType<ReturnType<typeof createReplayer>['execute']>) => Promise<T>): Promise<T> {
  const replayer = createReplayer([{ ...world, close: () => Promise.resolve() }]);
  try {
    return await work(replayer.execute(world.doc.id));
  } finally {
    await replayer.close();
  }
}

function summary(world: World, tool: ToolDoc, found: { explored: Explored; proof: CallProof; trouble: string | null; traced: boolean }): ToolCheck {
  const known = found.explored.graph.tools.find((one) => one.key === toolKey(world.doc.id, tool.name));
  const troubles = [...schemaTroubles(tool), ...found.proof.troubles, ...(found.trouble === null ? [] : [found.trouble])];
  return {
    tool: tool.name,
    passed: troubles.length === 0,
    refused: found.proof.refused,
    stateful: known?.effect === 'write',
    hasEdge: found.traced ? (known?.groups.length ?? 0) > 0 : null,
    inTrace: found.traced ? found.trouble === null : null,
    troubles,
  };
}
