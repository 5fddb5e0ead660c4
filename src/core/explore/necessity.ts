import type { ToolKey } from '../tool';
import { producersOf, stepOf, tryConsumer, type Lab, type Step, type Success } from './observation';

/** A success with everything left out that it can do without. */
export interface Reduced {
  success: Success;
  /** The calls that survived, in order, and the consumer. */
  calls: Step[];
  consumer: Step;
  /** Tools of the surviving calls. */
  tools: ReadonlySet<string>;
  /**
   * Ids of surviving calls that the consumer itself asks for: without one of them all others still succeed and the
   * consumer faults. One whose absence already breaks another survivor is that survivor's prerequisite.
   */
  direct: string[];
}

/**
 * T1 of environments.md §5.2: drops the earlier calls one at a time, newest first, with references re-bound, and keeps
 * a drop if everything left still succeeds. Reads that feed nothing go without a test and are tested together at the
 * end; if that fails (a read that is none) every call is tested. `undefined` when the success cannot be repeated.
 */
export async function reduce(lab: Lab, success: Success): Promise<Reduced | undefined> {
  return (await reduceOnce(lab, success, false)) ?? reduceOnce(lab, success, true);
}

async function reduceOnce(lab: Lab, success: Success, testReads: boolean): Promise<Reduced | undefined> {
  const consumer = stepOf(success);
  const { seed } = success.walk;
  let kept = success.walk.steps.slice(0, success.at);
  const direct: string[] = [];
  for (const step of [...kept].reverse()) {
    const left = kept.filter((other) => other !== step);
    if ([...left, consumer].some((other) => producersOf(other).has(step.id))) continue;
    if (!step.changedState && !testReads) {
      kept = left;
      continue;
    }
    const trial = await tryConsumer(lab, { seed, calls: left, consumer });
    if (trial.othersOk && trial.result?.ok === true) kept = left;
    else if (trial.othersOk && trial.result !== undefined) direct.push(step.id);
  }
  const proof = await tryConsumer(lab, { seed, calls: kept, consumer });
  if (!proof.othersOk || proof.result?.ok !== true) return undefined;
  return { success, calls: kept, consumer, tools: new Set(kept.map((step) => step.tool)), direct };
}

/**
 * What the minimal successes of one consumer say together: its conjuncts, each a set of tools of which every success
 * needs at least one (minimal hitting sets, up to three tools). `{sign_in}` and `{book}` are two prerequisites;
 * `{sign_in, guest_entry}` is one with an alternative. Only tools that were needed by the consumer itself count.
 */
export function requiredSets(successes: readonly { tools: ReadonlySet<string>; direct: ReadonlySet<string> }[]): ToolKey[][] {
  const direct = [...new Set(successes.flatMap((success) => [...success.direct]))].sort();
  const hits = (set: readonly string[]): boolean => successes.every(({ tools }) => set.some((tool) => tools.has(tool)));
  const found: string[][] = [];
  for (const set of subsets(direct, 3)) {
    if (hits(set) && !found.some((smaller) => smaller.every((tool) => set.includes(tool)))) found.push(set);
  }
  return found;
}

/** Non-empty subsets up to a size, small ones first. */
function subsets(items: readonly string[], size: number): string[][] {
  const bySize: string[][][] = [[[]]];
  for (let n = 1; n <= size; n++) {
    const smaller = bySize[n - 1] as string[][];
    bySize.push(smaller.flatMap((set) => items.filter((item) => set.length === 0 || item > (set.at(-1) as string)).map((item) => [...set, item])));
  }
  return bySize.slice(1).flat();
}
