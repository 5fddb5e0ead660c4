import { jsonEqual, type Json } from '../json';
import type { CallEvidence, EdgeEvidence, Evidence, GraphChange, GraphSnapshot, GraphTool } from './graph';
import { acceptedTallies, addTest } from './edges';
import { byKey, emptyTool } from './merge';
import { addCallToParams } from './params';
import { placeGroups } from './place';
import { worldOfKey, type ToolKey } from '../tool';

export interface FoldOptions {
  /** Whether worlds of this id change with their seed; data edges of those need a passed re-seed test. Default: all do. */
  reseedable?: (world: string) => boolean;
  /** Version of the result is one higher, also when nothing changed (a round's version is a number, not a hash). Default true. */
  bump?: boolean;
}

/**
 * The graph after the evidence, and what changed in its structure (App. G: update by execution feedback).
 * Evidence is taken by item, within an item in the order given; a callId counts once. Infrastructure faults (`unavailable`) teach nothing.
 * An edge member is accepted as `acceptedTallies` says and placed as `placeGroups` says; the result depends on nothing else and is sorted.
 * Evidence of an earlier fold must not be given again: the snapshot keeps counts, not ids.
 */
export function foldEvidence(
  snapshot: GraphSnapshot,
  evidence: readonly Evidence[],
  options: FoldOptions = {},
): { snapshot: GraphSnapshot; changes: GraphChange[] } {
  const { reseedable = () => true, bump = true } = options;
  const counted = countEvidence(snapshot.tools, inOrder(evidence));
  const tools = placeGroups(counted, (tool) => acceptedTallies(tool, reseedable(worldOfKey(tool.key))));
  const next = { ...snapshot, version: snapshot.version + (bump ? 1 : 0), tools };
  return { snapshot: next, changes: structuralChanges(snapshot.tools, tools) };
}

function inOrder(evidence: readonly Evidence[]): Evidence[] {
  const seen = new Set<string>();
  return [...evidence]
    .sort((a, b) => a.item - b.item)
    .filter((row) => !seen.has(row.callId) && seen.add(row.callId) !== undefined);
}

function countEvidence(before: readonly GraphTool[], evidence: readonly Evidence[]): GraphTool[] {
  const tools = new Map<ToolKey, GraphTool>(before.map((tool) => [tool.key, tool]));
  const toolAt = (key: ToolKey): GraphTool => tools.get(key) ?? emptyTool(key);
  for (const row of evidence) {
    if (isInfrastructure(row)) continue;
    tools.set(row.tool, row.kind === 'call' ? addCall(toolAt(row.tool), row) : addEdgeTest(toolAt(row.tool), row));
    if (row.kind === 'edge') tools.set(row.edge.member.tool, toolAt(row.edge.member.tool));
  }
  return [...tools.values()].sort(byKey);
}

const isInfrastructure = (row: Evidence): boolean =>
  row.kind === 'call' && !row.result.ok && row.result.fault === 'unavailable';

function addCall(tool: GraphTool, call: CallEvidence): GraphTool {
  const { ok } = call.result;
  return {
    ...tool,
    calls: tool.calls + 1,
    ok: tool.ok + (ok ? 1 : 0),
    effect: ok ? effectAfter(tool.effect, call.changedState) : tool.effect,
    params: addCallToParams(tool.params, call.args, ok),
  };
}

const effectAfter = (before: GraphTool['effect'], changedState: boolean): GraphTool['effect'] =>
  changedState || before === 'write' ? 'write' : 'read';

const addEdgeTest = (tool: GraphTool, row: EdgeEvidence): GraphTool => ({
  ...tool,
  tallies: addTest(tool.tallies ?? [], row),
});

/** The change log between two states of the tools: tools, groups and members that came, members that went. Counts are no structure. */
function structuralChanges(before: readonly GraphTool[], after: readonly GraphTool[]): GraphChange[] {
  const earlier = new Map(before.map((tool) => [tool.key, tool]));
  return after.flatMap((tool) => {
    const old = earlier.get(tool.key);
    const added: GraphChange[] = old === undefined ? [{ op: 'add-tool', tool: tool.key, data: {} }] : [];
    return [...added, ...groupChanges(old ?? emptyTool(tool.key), tool)];
  });
}

function groupChanges(old: GraphTool, now: GraphTool): GraphChange[] {
  const ids = [...new Set([...old.groups, ...now.groups].map((group) => group.id))].sort();
  return ids.flatMap((id) => {
    const before = old.groups.find((group) => group.id === id);
    const after = now.groups.find((group) => group.id === id);
    const has = (group: typeof after, member: Json): boolean =>
      group?.members.some((other) => jsonEqual({ ...other }, member)) === true;
    const change = (op: GraphChange['op'], data: { [key: string]: Json }): GraphChange => ({ op, tool: now.key, data: { group: id, ...data } });
    const dropped = (before?.members ?? []).filter((member) => !has(after, { ...member }));
    const added = (after?.members ?? []).filter((member) => !has(before, { ...member }));
    return [
      ...(after !== undefined && before === undefined
        ? [change('add-group', { kind: after.kind, ...(after.param === undefined ? {} : { param: after.param }) })]
        : []),
      ...dropped.map((member) => change('drop-member', { member: { ...member } })),
      ...added.map((member) => change('add-member', { member: { ...member } })),
    ];
  });
}
