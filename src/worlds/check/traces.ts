import { createRng } from '../../core/random';
import { sampleTrace } from '../../core/sample/sampler';
import { toolKey, toolOfKey, type Execute } from '../../core/tool';
import { cellId, type Cell } from '../../core/trace';
import type { World } from '../world';
import type { Explored } from './explored';

interface Ground {
  world: World;
  execute: Execute;
  explored: Explored;
  /** Also sample for tools that stand in a trace for another one already. */
  everyTarget: boolean;
}

const SHAPES: readonly Omit<Cell, 'world'>[] = [{ calls: '3-4', turns: 'single' }, { calls: '5-8', turns: 'single' }, { calls: '3-4', turns: 'multi' }, { calls: '5-8', turns: 'multi' }];
const SEEDS = 4;

/**
 * Samples a trace of three or more calls for every tool, by the campaigns' own sampler on the explored graph. A sentence
 * for each tool that stands in none of the traces.
 */
export async function findTraces(ground: Ground): Promise<Map<string, string>> {
  const standing = new Set<string>();
  const misses = new Map<string, string>();
  for (const { name } of ground.world.doc.tools) {
    if (!ground.explored.successes.has(name) || (standing.has(name) && !ground.everyTarget)) continue;
    const found = await traceFor(ground, name);
    if (Array.isArray(found)) for (const tool of found) standing.add(tool);
    // What nobody asks for by itself may still be needed for something else.
    else if (!standing.has(name) && (await standsFor(ground, name))) standing.add(name);
    else misses.set(name, found);
  }
  return new Map(ground.world.doc.tools.filter(({ name }) => !standing.has(name)).map(({ name }) => [name, misses.get(name) ?? 'it stands in no trace: no call of it succeeded']));
}

/** Whether a trace that aims at a tool it can feed holds this one. */
async function standsFor(ground: Ground, name: string): Promise<boolean> {
  const key = toolKey(ground.world.doc.id, name);
  const fed = ground.explored.graph.tools.filter((tool) => tool.groups.some((group) => group.members.some((member) => member.tool === key)));
  for (const { key: target } of fed) {
    const found = await traceFor(ground, toolOfKey(target), name);
    if (Array.isArray(found)) return true;
  }
  return false;
}

/** The tools of a trace that aims at this one (and holds the other), or why there is none. */
async function traceFor({ world, execute, explored }: Ground, tool: string, holding?: string): Promise<string[] | string> {
  const { doc } = world;
  const seeds = Array.from({ length: Math.min(SEEDS, doc.seeds ?? SEEDS) }, (_unused, seed) => seed);
  let detail = '';
  for (const shape of SHAPES) {
    for (const seed of seeds) {
      const cell: Cell = { world: doc.id, ...shape };
      const sampled = await sampleTrace({
        item: 0, purpose: 'trajectory', world: doc, seed, cell, targets: [toolKey(doc.id, tool)], graph: explored.graph, facts: world.known(seed), execute,
        rng: createRng(`check/${cellId(cell)}/${tool}/${seed}${holding === undefined ? '' : `/${holding}`}`), shape: { distractors: 4, earlierTurnShare: 0.5, redraws: 6 },
      });
      const tools = sampled.ok ? [...new Set(sampled.spec.calls.map((call) => call.tool))] : [];
      if (sampled.ok && (holding === undefined || tools.includes(holding))) return tools;
      detail = sampled.ok ? 'none holds it' : sampled.detail;
    }
  }
  return `it stands in no trace of three or more calls: ${detail.replace(/^Expected .*? draws: /, '')} (the last of ${SHAPES.length * seeds.length} tries)`;
}
