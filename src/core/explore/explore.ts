import type { Evidence } from '../graph/graph';
import type { Rng } from '../random';
import type { Execute, KnownFact, WorldDoc } from '../tool';
import { newBench, testAlternatives, testDataCandidate, testStateOf } from './edge-tests';
import { stepOf, type Lab, type Success, type Walk } from './observation';
import { dataCandidates, type DataCandidate } from './provenance';
import { noExperience, walkWorld } from './walk';

export interface ExploreBudget {
  walks: number;
  callsPerWalk: number;
  /** Producers tested per parameter, best score first, and successes looked at per tool in search of state prerequisites. */
  confirmations: number;
}

export interface ExploreInput {
  world: WorldDoc;
  facts: (seed: number) => KnownFact[];
  execute: Execute;
  rng: Rng;
  budget: ExploreBudget;
  /** Walk calls and candidates done, of those known so far: `total` may shrink or grow when the walks end. */
  onProgress?: (done: number, total: number) => void;
}

/** Seeds that the walks take turns with: enough to tell constants from ids, few enough that replays share prefixes. */
const SEEDS = 8;

/**
 * Phase 0 of one world: random walks over several seeds, then every believed edge put to the test by counterfactual
 * replays with re-bound references (environments.md §5.2). Call evidence first, in walk order, then edge evidence.
 * Deterministic in `rng` and `execute`; rejects only when `execute` does.
 */
export async function exploreWorld(input: ExploreInput): Promise<Evidence[]> {
  const { world, facts, execute, budget } = input;
  const lab: Lab = { world, facts, execute };
  const progress = { done: 0, total: budget.walks * budget.callsPerWalk };
  const tick = (): void => input.onProgress?.(++progress.done, Math.max(progress.done, progress.total));
  const { walks, evidence } = await walkAll(input, lab, tick);
  const candidates = bestPerParameter(dataCandidates(world, walks), budget.confirmations);
  const consumers = successesByTool(walks);
  progress.total = progress.done + candidates.length + consumers.length;
  const bench = newBench({ lab, origin: 'explore', item: -1, idPrefix: `explore/${world.id}`, successes: consumers.flatMap(([, successes]) => successes), depth: budget.confirmations });
  for (const candidate of candidates) {
    await testDataCandidate(bench, candidate);
    tick();
  }
  await testAlternatives(bench);
  for (const [tool, successes] of consumers) {
    await testStateOf(bench, tool, successes);
    tick();
  }
  return [...evidence, ...bench.made];
}

function bestPerParameter(candidates: readonly DataCandidate[], most: number): DataCandidate[] {
  const place = (candidate: DataCandidate): string => `${candidate.consumer} ${candidate.param}`;
  return candidates.filter((candidate, index) => candidates.slice(0, index).filter((better) => place(better) === place(candidate)).length < most);
}

async function walkAll(input: ExploreInput, lab: Lab, onCall: () => void): Promise<{ walks: Walk[]; evidence: Evidence[] }> {
  const experience = noExperience();
  const seeds = Math.min(SEEDS, input.world.seeds ?? SEEDS);
  const walks: Walk[] = [];
  const evidence: Evidence[] = [];
  for (let index = 0; index < input.budget.walks; index++) {
    const idPrefix = `explore/${input.world.id}/${index}`;
    const done = await walkWorld({ lab, rng: input.rng.fork(idPrefix), seed: index % seeds, calls: input.budget.callsPerWalk, idPrefix, experience, onCall });
    walks.push(done.walk);
    evidence.push(...done.evidence);
  }
  return { walks, evidence };
}

/** Every success by consumer, sorted by tool name, in the order of the walks. */
export function successesByTool(walks: readonly Walk[]): [string, Success[]][] {
  const successes = walks.flatMap((walk) => walk.steps.map((_step, at): Success => ({ walk, at })));
  const tools = [...new Set(successes.map((success) => stepOf(success).tool))].sort();
  return tools.map((tool) => [tool, successes.filter((success) => stepOf(success).tool === tool)]);
}
