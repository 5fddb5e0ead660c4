import type { EdgeEvidence, EdgeTally, EdgeTest, GraphTool, GroupMember, PrereqGroup } from './graph';

/** Tests that must speak for an edge, over all its tests, before it is believed (environments of two seeds give two). */
export const MIN_PASSES = 2;

/** The tallies with one more test result. `optional` sticks once any test found it. */
export function addTest(tallies: readonly EdgeTally[], { edge, test, passed }: EdgeEvidence): EdgeTally[] {
  const key = tallyKey(edge);
  const old = tallies.find((tally) => tallyKey(tally) === key) ?? newTally(edge);
  const side = passed ? 'passed' : 'failed';
  const next: EdgeTally = {
    ...old,
    ...(edge.optional === true ? { optional: true } : {}),
    [side]: { ...old[side], [test]: (old[side][test] ?? 0) + 1 },
  };
  return [...tallies.filter((tally) => tally !== old), next].sort((a, b) => (tallyKey(a) < tallyKey(b) ? -1 : 1));
}

/**
 * Members whose tests confirm them. A member needs `MIN_PASSES` passes and no contradiction, and
 * - data: a passed mutate or swap (the parameter refers to something), and in a reseedable world a passed reseed (this producer has it);
 * - state: a passed omit, and a passed insert where insert was tried;
 * - any other way into a group that has such a member: more passed than failed `alternative` tests.
 */
export function acceptedTallies(tool: GraphTool, reseedable: boolean): EdgeTally[] {
  const sound = (tool.tallies ?? []).filter((tally) => passes(tally) >= MIN_PASSES && !isContradicted(tally, reseedable));
  const proven = sound.filter((tally) => isProven(tally, reseedable));
  const founded = new Set(proven.map((tally) => tally.groupId));
  for (const group of tool.groups) if (untestedMembers(tool, group).length > 0) founded.add(group.id);
  return sound.filter((tally) => proven.includes(tally) || (founded.has(tally.groupId) && isAlternative(tally)));
}

/** Members that no test of this graph has looked at: they came with an imported one. */
export function untestedMembers(tool: GraphTool, group: PrereqGroup): GroupMember[] {
  const tested = new Set((tool.tallies ?? []).filter((tally) => tally.groupId === group.id).map((tally) => memberKey(tally.member)));
  return group.members.filter((member) => !tested.has(memberKey(member)));
}

/**
 * A failed omit (state), mutate (data) or, in a reseedable world, reseed (data) outweighs every pass.
 * A failed omit says nothing about a data edge: leaving the look-up out does not take away its literal.
 */
export function isContradicted(tally: EdgeTally, reseedable: boolean): boolean {
  if (tally.kind === 'state') return count(tally.failed, 'omit') > 0;
  return count(tally.failed, 'mutate') > 0 || (reseedable && count(tally.failed, 'reseed') > 0);
}

function isProven(tally: EdgeTally, reseedable: boolean): boolean {
  const passed = (test: EdgeTest): boolean => count(tally.passed, test) > 0;
  if (tally.kind === 'data') return (passed('mutate') || passed('swap')) && (!reseedable || passed('reseed'));
  const insertTried = passed('insert') || count(tally.failed, 'insert') > 0;
  return passed('omit') && (!insertTried || passed('insert'));
}

const isAlternative = (tally: EdgeTally): boolean => count(tally.passed, 'alternative') > count(tally.failed, 'alternative');

/** Passed tests of all kinds: how strong an edge is when two cannot both stand. */
export const passes = (tally: EdgeTally): number => Object.values(tally.passed).reduce((sum, n) => sum + n, 0);

const count = (tests: EdgeTally['passed'], test: EdgeTest): number => tests[test] ?? 0;

/** Identity of a member in its graph tool: tool and output path. */
export const memberKey = (member: GroupMember): string => `${member.tool} ${member.outPath ?? ''}`;

const tallyKey = (edge: { groupId: string; member: GroupMember }): string => `${edge.groupId} ${memberKey(edge.member)}`;

function newTally(edge: EdgeEvidence['edge']): EdgeTally {
  const { groupId, kind, param, member } = edge;
  return { groupId, kind, ...(param === undefined ? {} : { param }), member, passed: {}, failed: {} };
}
