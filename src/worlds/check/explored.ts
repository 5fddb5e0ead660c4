import { exploreWorld, type ExploreBudget } from '../../core/explore/explore';
import { foldEvidence } from '../../core/graph/fold';
import type { CallEvidence, Evidence, GraphSnapshot } from '../../core/graph/graph';
import { emptySnapshot } from '../../core/graph/merge';
import { createRng } from '../../core/random';
import { toolKey, toolOfKey, type Call, type CallResult, type Execute } from '../../core/tool';
import type { World } from '../world';

/** A call after the calls that led to it, as exploration made it. */
export interface Chain {
  seed: number;
  before: Call[];
  call: Call;
  result: CallResult;
}

/** What exploration learnt. */
export interface Explored {
  graph: GraphSnapshot;
  walks: number;
  /** Per tool, the success with the fewest calls before it. */
  successes: ReadonlyMap<string, Chain>;
  /** Per tool, a refusal: one of the trade before one of the arguments' form, then the one with the fewest calls before it. */
  refusals: ReadonlyMap<string, Chain>;
}

/** How thoroughly a world is explored: edges tested as campaigns do it, with fewer walks, or not at all. */
export type Depth = 'whole' | 'thrifty' | 'walks';

/** The first is a campaign's default; the others are for worlds of which it leaves tools unreached. */
const BUDGETS: { readonly [depth in Depth]: readonly ExploreBudget[] } = {
  whole: [24, 48, 96].map((walks) => ({ walks, callsPerWalk: walks === 24 ? 16 : 24, confirmations: 6 })),
  thrifty: [10, 24].map((walks) => ({ walks, callsPerWalk: 12, confirmations: 2 })),
  walks: [8, 24, 48].map((walks) => ({ walks, callsPerWalk: 16, confirmations: 0 })),
};

/** Explores until every tool succeeded once, each time anew with more walks; then gives up. */
export async function exploreAll(input: { world: World; execute: Execute; depth: Depth; onProgress: ((doing: string) => void) | undefined }): Promise<Explored> {
  const { world, execute, depth } = input;
  let explored: Explored | undefined;
  for (const budget of BUDGETS[depth]) {
    input.onProgress?.(`${budget.walks} walks`);
    explored = await exploreOnce(world, execute, budget);
    if (world.doc.tools.every((tool) => explored?.successes.has(tool.name))) break;
  }
  return explored as Explored;
}

async function exploreOnce(world: World, execute: Execute, budget: ExploreBudget): Promise<Explored> {
  const { doc } = world;
  const evidence = await exploreWorld({ world: doc, facts: (seed) => world.known(seed), execute, rng: createRng(`check/${doc.id}/${budget.walks}`), budget });
  const empty = emptySnapshot(doc.id, doc.tools.map((tool) => toolKey(doc.id, tool.name)));
  const { snapshot } = foldEvidence(empty, evidence, { reseedable: () => doc.reseedable });
  const chains = chainsOf(evidence);
  return {
    graph: snapshot,
    walks: budget.walks,
    successes: firstPerTool(chains.filter(({ result }) => result.ok), (chain) => chain.before.length),
    refusals: firstPerTool(chains.filter(isRefusal), (chain) => chain.before.length + (chain.result.ok || chain.result.fault !== 'invalid_args' ? 0 : 1_000)),
  };
}

const isRefusal = ({ result }: Chain): boolean => !result.ok && result.fault !== 'unavailable' && result.fault !== 'unknown_tool';

function chainsOf(evidence: readonly Evidence[]): Chain[] {
  const calls = evidence.filter((row): row is CallEvidence => row.kind === 'call');
  const byId = new Map(calls.map((row) => [row.callId, row]));
  const callOf = (row: CallEvidence): Call => ({ tool: toolOfKey(row.tool), args: row.args });
  return calls.map((row) => ({ seed: row.seed, before: row.prefix.map((id) => callOf(byId.get(id) as CallEvidence)), call: callOf(row), result: row.result }));
}

function firstPerTool(chains: readonly Chain[], rank: (chain: Chain) => number): Map<string, Chain> {
  const best = new Map<string, Chain>();
  for (const chain of chains) {
    const known = best.get(chain.call.tool);
    if (known === undefined || rank(chain) < rank(known)) best.set(chain.call.tool, chain);
  }
  return best;
}
