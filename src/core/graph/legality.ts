import { worldOfKey, type ToolKey } from '../tool';
import type { GraphSnapshot, GraphTool, PrereqGroup } from './graph';

/** Groups that legality asks for: an optional one only feeds a binding. */
export const requiredGroups = (tool: GraphTool): PrereqGroup[] => tool.groups.filter((group) => group.optional !== true);

/** I(T, T_called) of Eq. 1: every required group has a called member. The paper's plain subset is the case of one member per group. */
export function isLegal(tool: GraphTool, called: ReadonlySet<ToolKey>): boolean {
  return requiredGroups(tool).every((group) => group.members.some((member) => called.has(member.tool)));
}

/** T_legal, sorted by key; called tools stay in it, as in the paper. With `world`, only that world's tools. */
export function legalTools(snapshot: GraphSnapshot, called: ReadonlySet<ToolKey>, world?: string): ToolKey[] {
  return snapshot.tools
    .filter((tool) => world === undefined || worldOfKey(tool.key) === world)
    .filter((tool) => isLegal(tool, called))
    .map((tool) => tool.key);
}

/**
 * Every tool that can become legal at all: the fixpoint of "call all that is legal", from nothing called.
 * The set's order is an order in which they can be called. With `among`, only those tools may be called.
 */
export function reachableTools(snapshot: GraphSnapshot, among?: ReadonlySet<ToolKey>): ReadonlySet<ToolKey> {
  const reached = new Set<ToolKey>();
  let waiting = snapshot.tools.filter((tool) => among === undefined || among.has(tool.key));
  for (let before = -1; before !== reached.size; ) {
    before = reached.size;
    waiting = waiting.filter((tool) => {
      if (!isLegal(tool, reached)) return true;
      reached.add(tool.key);
      return false;
    });
  }
  return reached;
}

/** True when some sequence of legal calls ends with `target`. */
export const isReachable = (snapshot: GraphSnapshot, target: ToolKey): boolean => reachableTools(snapshot).has(target);
