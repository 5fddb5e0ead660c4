import { closureOf } from '../graph/distance';
import type { GraphSnapshot } from '../graph/graph';
import { legalTools, requiredGroups } from '../graph/legality';
import { toolKey, toolOfKey, type ToolKey } from '../tool';
import { producersOf } from './order';
import { calledTools, graphTool, propose, tryCall, type Ground, type Proposal, type Walk } from './walk';

/** Candidates executed before a position counts as having no follow-on. */
const TRIES = 5;

/**
 * Eq. 2's first branch: random legal tools until the walk holds `end` calls or nothing new succeeds. Chance decides, but
 * calls that take earlier outputs, change the state or are new come more often: the others tend to be trimmed. With
 * `lean`, calls that need an earlier turn come first until there is one.
 */
export async function addFollowOns(ground: Ground, walk: Walk, input: { end: number; lean: boolean }): Promise<void> {
  while (walk.calls.length < input.end) {
    const lean = input.lean && !leansOnEarlierTurn(ground, walk);
    if (!(await addOne(ground, walk, lean))) return;
  }
}

async function addOne(ground: Ground, walk: Walk, lean: boolean): Promise<boolean> {
  const candidates = legalTools(ground.graph, calledTools(ground, walk), ground.world.id).flatMap((key) => {
    const proposal = (graphTool(ground.graph, key)?.ok ?? 0) > 0 ? propose(ground, walk, toolOfKey(key)) : undefined;
    return proposal === undefined || 'missing' in proposal ? [] : [{ tool: toolOfKey(key), proposal, weight: appeal(ground, walk, key, proposal, lean) + 3 * ground.rng.float() }];
  });
  candidates.sort((a, b) => b.weight - a.weight);
  for (const { tool, proposal } of candidates.slice(0, TRIES)) if (await tryCall(ground, walk, tool, proposal)) return true;
  return false;
}

/** Weights of ours, against a random number up to 3. */
function appeal(ground: Ground, walk: Walk, key: ToolKey, proposal: Proposal, lean: boolean): number {
  const usesOutput = producersOf(proposal).length > 0;
  const isNew = !calledTools(ground, walk).has(key);
  const writes = graphTool(ground.graph, key)?.effect === 'write';
  const leans = lean && needsEarlier(ground, walk, { tool: toolOfKey(key), sources: proposal.sources });
  return (usesOutput ? 2 : 0) + (writes ? 1.5 : 0) + (isNew ? 1 : 0) + (leans ? 6 : 0);
}

/** True when a call of the current turn takes an earlier turn's output or stands on a state that only earlier turns made. */
export function leansOnEarlierTurn(ground: Ground, walk: Walk): boolean {
  return walk.calls.some((call) => call.turn === walk.turn && needsEarlier(ground, walk, call));
}

function needsEarlier(ground: Ground, walk: Walk, call: { tool: string; sources: Proposal['sources'] }): boolean {
  const earlier = walk.calls.filter((other) => other.turn < walk.turn);
  if (producersOf(call).some((producer) => earlier.some((other) => other.id === producer))) return true;
  const tool = graphTool(ground.graph, toolKey(ground.world.id, call.tool));
  const keysOf = (calls: readonly { tool: string }[]): string[] => calls.map((other) => toolKey(ground.world.id, other.tool));
  const [before, now] = [keysOf(earlier), keysOf(walk.calls.filter((other) => other.turn === walk.turn))];
  const states = tool === undefined ? [] : requiredGroups(tool).filter((group) => group.kind === 'state').map((group) => group.members.map((member) => member.tool));
  return states.some((members) => members.some((key) => before.includes(key)) && !members.some((key) => now.includes(key)));
}

/**
 * Calls that reaching a target will take: its closure without what was called, producers once per parameter they feed,
 * and itself. An estimate (the walk holds the limit); `undefined` when there is no legal way.
 */
export function callsNeeded(graph: GraphSnapshot, target: ToolKey, called: ReadonlySet<ToolKey>): number | undefined {
  const closure = closureOf(graph, target);
  const tool = graphTool(graph, target);
  if (closure === undefined || tool === undefined) return undefined;
  const feeding = requiredGroups(tool).filter((group) => group.kind === 'data').map((group) => group.members.map((member) => `${member.tool} ${member.outPath ?? ''}`).sort().join('|'));
  const repeats = feeding.length - new Set(feeding).size;
  return closure.filter((key) => !called.has(key)).length + repeats + 1;
}
