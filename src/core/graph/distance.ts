import type { ToolKey } from '../tool';
import type { GraphSnapshot, GraphTool } from './graph';
import { reachableTools, requiredGroups } from './legality';

/**
 * dist(T_k, T_a) of Eq. 2 for every T_k that has a path: arrows on the shortest way along prerequisites of any group, optional ones
 * included because they carry values. The target itself is at 0; a tool without a path is absent (the paper's infinity).
 */
export function distancesTo(snapshot: GraphSnapshot, target: ToolKey): ReadonlyMap<ToolKey, number> {
  const tools = toolsByKey(snapshot);
  const distances = new Map<ToolKey, number>(tools.has(target) ? [[target, 0]] : []);
  // A Map iterates over what is added on the way: it is the queue of the breadth-first search.
  for (const [key, distance] of distances) {
    for (const prerequisite of prerequisitesOf(tools.get(key))) {
      if (!distances.has(prerequisite)) distances.set(prerequisite, distance + 1);
    }
  }
  return distances;
}

/**
 * A small set of tools whose calls make `target` legal, in an order in which they can be called, without the target.
 * None of them can be spared; the set need not be the smallest of all (that is NP-hard with OR groups), shared prerequisites are preferred.
 * `undefined` when no legal sequence reaches the target.
 */
export function closureOf(snapshot: GraphSnapshot, target: ToolKey): ToolKey[] | undefined {
  const plan = plansFor(snapshot, target).get(target);
  if (plan === undefined) return undefined;
  const order = [...reachableTools(snapshot, spare(snapshot, plan, target))];
  return order.filter((key) => key !== target);
}

/** Smallest known callable set for each tool on the way to the target, improved until nothing gets smaller. */
function plansFor(snapshot: GraphSnapshot, target: ToolKey): Map<ToolKey, ReadonlySet<ToolKey>> {
  const onTheWay = distancesTo(snapshot, target);
  const tools = snapshot.tools.filter((tool) => onTheWay.has(tool.key));
  const plans = new Map<ToolKey, ReadonlySet<ToolKey>>();
  for (let improved = true; improved; ) {
    improved = false;
    for (const tool of tools) {
      const plan = planFrom(tool, plans);
      if (plan !== undefined && plan.size < (plans.get(tool.key)?.size ?? Infinity)) {
        plans.set(tool.key, plan);
        improved = true;
      }
    }
  }
  return plans;
}

/** Per required group the member whose own plan adds fewest calls; `undefined` while a group has no planned member. */
function planFrom(tool: GraphTool, plans: ReadonlyMap<ToolKey, ReadonlySet<ToolKey>>): Set<ToolKey> | undefined {
  const calls = new Set<ToolKey>([tool.key]);
  for (const group of requiredGroups(tool)) {
    const choices = group.members.flatMap((member) => plans.get(member.tool) ?? []);
    const added = choices.map((choice) => [...choice].filter((key) => !calls.has(key)));
    if (added.length === 0) return undefined;
    for (const key of added.reduce((best, next) => (next.length < best.length ? next : best))) calls.add(key);
  }
  return calls;
}

function spare(snapshot: GraphSnapshot, plan: ReadonlySet<ToolKey>, target: ToolKey): ReadonlySet<ToolKey> {
  let kept = new Set(plan);
  for (const key of plan) {
    const without = new Set([...kept].filter((other) => other !== key));
    const callable = reachableTools(snapshot, without);
    if (key !== target && callable.has(target)) kept = new Set(callable);
  }
  return kept;
}

const toolsByKey = (snapshot: GraphSnapshot): ReadonlyMap<ToolKey, GraphTool> =>
  new Map(snapshot.tools.map((tool) => [tool.key, tool]));

/** The tools of all its groups, optional ones included, repeats kept. */
export const prerequisitesOf = (tool: GraphTool | undefined): ToolKey[] =>
  (tool?.groups ?? []).flatMap((group) => group.members.map((member) => member.tool));
