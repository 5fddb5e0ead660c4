import type { EdgeEvidence } from '../graph/graph';
import { reduce, requiredSets, type Reduced } from './necessity';
import { otherSeeds, stepOf, tryConsumer, type Lab, type Step, type Success } from './observation';

/** A passed or failed test of "`tool` makes the consumer possible", as one way into the conjunct `first`. */
export interface StateTest {
  tool: string;
  /** First tool of the conjunct: names its group. */
  first: string;
  test: EdgeEvidence['test'];
  passed: boolean;
  seed: number;
}

/**
 * State prerequisites of one consumer from its successes (T1, T5, T6 of environments.md §5.2), at most `depth` of them
 * reduced: first the shortest, then always one that lacks a tool believed necessary, so that an alternative shows
 * itself. `reduceMemo` is the caller's memory of reductions.
 */
export async function testStates(lab: Lab, successes: readonly Success[], depth: number, reduceMemo: (success: Success) => Promise<Reduced | undefined>): Promise<StateTest[]> {
  const waiting = [...successes].sort((a, b) => a.at - b.at);
  const reduced: Reduced[] = [];
  for (let next = waiting[0], tries = 0; next !== undefined && tries < depth; next = challenger(waiting, reduced), tries++) {
    waiting.splice(waiting.indexOf(next), 1);
    const minimal = await reduceMemo(next);
    if (minimal !== undefined) reduced.push(minimal);
  }
  const sets = requiredSets(reduced.map((minimal) => ({ tools: minimal.tools, direct: directTools(minimal) })));
  const tests: StateTest[] = [];
  for (const set of sets.filter((tools) => !tools.includes(reduced[0]?.consumer.tool ?? ''))) tests.push(...(await testSet(lab, set, reduced)));
  return tests;
}

/** A success without some tool that all so far needed; else one of a seed not seen yet. */
function challenger(waiting: readonly Success[], reduced: readonly Reduced[]): Success | undefined {
  const needed = requiredSets(reduced.map((minimal) => ({ tools: minimal.tools, direct: directTools(minimal) })));
  const before = (success: Success): Set<string> => new Set(success.walk.steps.slice(0, success.at).map((step) => step.tool));
  const lacking = waiting.find((success) => needed.some((set) => !set.some((tool) => before(success).has(tool))));
  const seeds = new Set(reduced.map((minimal) => minimal.success.walk.seed));
  return lacking ?? (seeds.size < 2 ? waiting.find((success) => !seeds.has(success.walk.seed)) : undefined);
}

const directTools = (reduced: Reduced): Set<string> =>
  new Set(reduced.calls.filter((step) => reduced.direct.includes(step.id)).map((step) => step.tool));

async function testSet(lab: Lab, set: readonly string[], reduced: readonly Reduced[]): Promise<StateTest[]> {
  const seen = (tool: string): Reduced[] => reduced.filter((minimal) => directTools(minimal).has(tool));
  const first = [...set].sort((a, b) => seen(b).length - seen(a).length || (a < b ? -1 : 1))[0] as string;
  const tests: StateTest[] = [];
  for (const tool of set) {
    for (const minimal of seen(tool)) tests.push({ tool, first, test: 'omit', passed: true, seed: minimal.success.walk.seed });
    // Its success without the first tool is what makes it an alternative.
    for (const minimal of tool === first ? [] : seen(tool).filter((other) => !other.tools.has(first))) {
      tests.push({ tool, first, test: 'alternative', passed: true, seed: minimal.success.walk.seed });
    }
    const shortest = seen(tool)[0];
    if (shortest === undefined) continue;
    tests.push(...(await insertTest(lab, shortest, tool, first)), ...(await omitElsewhere(lab, shortest, tool, first)));
  }
  return tests;
}

const gateOf = (reduced: Reduced, tool: string): Step => reduced.calls.find((step) => step.tool === tool && reduced.direct.includes(step.id)) as Step;

/** T5: the consumer faults without the gate and succeeds when the gate is called just before it ("T_j activates T_i"). */
async function insertTest(lab: Lab, reduced: Reduced, tool: string, first: string): Promise<StateTest[]> {
  const { seed } = reduced.success.walk;
  const gate = gateOf(reduced, tool);
  const without = reduced.calls.filter((step) => step !== gate);
  const closed = await tryConsumer(lab, { seed, calls: without, consumer: reduced.consumer });
  if (!closed.othersOk || closed.result?.ok !== false) return [];
  const open = await tryConsumer(lab, { seed, calls: [...without, gate], consumer: reduced.consumer });
  return [{ tool, first, test: 'insert', passed: open.othersOk && open.result?.ok === true, seed }];
}

/** T1 once more on another seed. */
async function omitElsewhere(lab: Lab, reduced: Reduced, tool: string, first: string): Promise<StateTest[]> {
  const { calls, consumer } = reduced;
  for (const seed of otherSeeds(lab.world, reduced.success.walk.seed, 3)) {
    const all = await tryConsumer(lab, { seed, calls, consumer, reseeded: true });
    if (!all.othersOk || all.result?.ok !== true) continue;
    const gate = gateOf(reduced, tool);
    const without = await tryConsumer(lab, { seed, calls: calls.filter((step) => step !== gate), consumer, reseeded: true });
    // Another survivor's fault, or an argument that is gone, is not the consumer's own need.
    if (!without.othersOk || without.result === undefined) continue;
    return [{ tool, first, test: 'omit', passed: !without.result.ok, seed }];
  }
  return [];
}

/** Reductions by success: data and state tests look at the same ones. */
export function rememberReductions(lab: Lab): (success: Success) => Promise<Reduced | undefined> {
  const known = new Map<string, Promise<Reduced | undefined>>();
  return (success) => {
    const key = stepOf(success).id;
    const reduction = known.get(key) ?? reduce(lab, success);
    known.set(key, reduction);
    return reduction;
  };
}
