import type { ToolKey } from '../tool';
import type { GraphChange, GraphSnapshot, GraphTool } from './graph';

/** A tool that nothing is known about: no prerequisites, so legal. */
export const emptyTool = (key: ToolKey): GraphTool => ({ key, effect: 'unknown', calls: 0, ok: 0, groups: [], params: [] });

/** Version 0 of a graph whose tools were never called; repeated keys count once. */
export function emptySnapshot(graph: string, keys: readonly ToolKey[]): GraphSnapshot {
  return { graph, version: 0, tools: [...new Set(keys)].sort().map(emptyTool), failureTools: [] };
}

/**
 * Version 0 of a campaign's graph from the base graphs of its worlds. T starts empty: it belongs to the campaign's target models.
 * Throws when two parts hold the same tool, since their counts would be taken twice.
 */
export function mergeSnapshots(graph: string, parts: readonly GraphSnapshot[]): GraphSnapshot {
  const tools = parts.flatMap((part) => part.tools).sort(byKey);
  const twice = tools.find((tool, index) => tool.key === tools[index + 1]?.key);
  if (twice !== undefined) {
    throw new Error(
      `Expected every tool in one base graph, got \`${twice.key}\` in two of ${parts.map((part) => part.graph).join(', ')} (graph ${graph}): give each world its own name`,
    );
  }
  return { graph, version: 0, tools, failureTools: [] };
}

/** The same graph, same version, with failure set T; `changes` is empty when T was so already. Throws on a tool that the graph does not have. */
export function withFailureTools(
  snapshot: GraphSnapshot,
  failureTools: readonly ToolKey[],
): { snapshot: GraphSnapshot; changes: GraphChange[] } {
  const known = new Set(snapshot.tools.map((tool) => tool.key));
  const next = [...new Set(failureTools)].sort();
  const stranger = next.find((key) => !known.has(key));
  if (stranger !== undefined) throw new Error(`Expected failure tools to be tools of graph ${snapshot.graph}, got \`${stranger}\``);
  const before = new Set(snapshot.failureTools);
  const after = new Set(next);
  const changed = [...new Set([...before, ...after])].filter((key) => before.has(key) !== after.has(key)).sort();
  const changes = changed.map((tool): GraphChange => ({ op: 'failure-set', tool, data: { failed: after.has(tool) } }));
  return { snapshot: { ...snapshot, failureTools: next }, changes };
}

export const byKey = (a: { key: ToolKey }, b: { key: ToolKey }): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
