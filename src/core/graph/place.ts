import { memberKey, passes, untestedMembers } from './edges';
import type { EdgeTally, GraphTool, GroupMember, PrereqGroup } from './graph';
import { reachableTools } from './legality';

type Placed = { tool: GraphTool; group: PrereqGroup; strength: number };

/**
 * The tools with their groups rebuilt from what was there and from accepted tallies: members of one group id are ORed, each id is one conjunct.
 * A tested member that is not accepted goes; one that nobody tested stays (it came with an imported graph).
 * A group that would make some tool illegal for ever is refused. It can only do so by closing a cycle, and then the group
 * with the fewest passed tests loses; unchanged groups never do.
 */
export function placeGroups(tools: readonly GraphTool[], acceptedOf: (tool: GraphTool) => EdgeTally[]): GraphTool[] {
  const wanted = tools.map((tool) => ({ tool, groups: wantedGroups(tool, acceptedOf(tool)) }));
  const all = wanted.map(({ tool, groups }) => ({ ...tool, groups: groups.map(({ group }) => group) }));
  const standing = wanted.map(({ tool, groups }) => withGroups(tool, groups.filter((placed) => !tightens(placed)).map(({ group }) => group)));
  if (countReachable(all) === countReachable(standing)) return all;
  const newcomers = wanted.flatMap(({ groups }) => groups.filter(tightens)).sort(strongestFirst);
  return newcomers.reduce(addUnlessCycle, standing);
}

function wantedGroups(tool: GraphTool, accepted: readonly EdgeTally[]): Placed[] {
  const ids = new Set([...tool.groups.map((group) => group.id), ...accepted.map((tally) => tally.groupId)]);
  return [...ids].sort().flatMap((id) => {
    const old = tool.groups.find((group) => group.id === id);
    const tallies = accepted.filter((tally) => tally.groupId === id);
    const members = membersOf(old === undefined ? [] : untestedMembers(tool, old), tallies);
    const first = old ?? tallies[0];
    if (first === undefined || members.length === 0) return [];
    const optional = old?.optional === true || tallies.some((tally) => tally.optional === true);
    const group: PrereqGroup = {
      id,
      kind: first.kind,
      ...(first.param === undefined ? {} : { param: first.param }),
      members,
      ...(optional ? { optional: true } : {}),
    };
    return [{ tool, group, strength: Math.max(0, ...tallies.map(passes)) }];
  });
}

function membersOf(untested: readonly GroupMember[], tallies: readonly EdgeTally[]): GroupMember[] {
  const members = [...untested, ...tallies.map((tally) => tally.member)];
  return members.sort((a, b) => (memberKey(a) < memberKey(b) ? -1 : 1));
}

/** True when the group asks for more than the graph did before: it is new, became required, or lost a member. */
function tightens({ tool, group }: Placed): boolean {
  const old = tool.groups.find((other) => other.id === group.id);
  if (old === undefined) return true;
  const now = new Set(group.members.map(memberKey));
  return old.members.some((member) => !now.has(memberKey(member)));
}

function strongestFirst(a: Placed, b: Placed): number {
  return b.strength - a.strength || (a.group.id < b.group.id ? -1 : a.group.id > b.group.id ? 1 : 0);
}

function addUnlessCycle(tools: GraphTool[], { tool, group }: Placed): GraphTool[] {
  const next = tools.map((other) => (other.key === tool.key ? withGroups(other, [...other.groups, group]) : other));
  return countReachable(next) === countReachable(tools) ? next : tools;
}

const withGroups = (tool: GraphTool, groups: readonly PrereqGroup[]): GraphTool => ({
  ...tool,
  groups: [...groups].sort((a, b) => (a.id < b.id ? -1 : 1)),
});

const countReachable = (tools: GraphTool[]): number => reachableTools({ graph: '', version: 0, tools, failureTools: [] }).size;
