import type { GraphSnapshot, GraphTool, PrereqGroup } from './graph';
import { prerequisitesOf } from './distance';
import { toolOfKey, worldOfKey, type ToolKey } from '../tool';

/**
 * The graph as lines of text: a heading with its totals, then per tool its effect and counts, and one line per group
 * (`needs (a or b) for /param`; `may use` when the group is optional). Members are plain names within the tool's world.
 */
export function describeGraph(snapshot: GraphSnapshot): string[] {
  const failed = new Set(snapshot.failureTools);
  return [heading(snapshot), ...snapshot.tools.flatMap((tool) => describeTool(tool, failed.has(tool.key)))];
}

function heading({ graph, version, tools, failureTools }: GraphSnapshot): string {
  const groups = tools.flatMap((tool) => tool.groups);
  const edges = groups.reduce((sum, group) => sum + group.members.length, 0);
  return `graph ${graph}, version ${version}: ${tools.length} tools, ${groups.length} groups, ${edges} edges, ${failureTools.length} failure tools`;
}

function describeTool(tool: GraphTool, failed: boolean): string[] {
  const flag = failed ? '  FAILURE TOOL' : '';
  return [
    `${tool.key}  ${tool.effect}  ${tool.ok}/${tool.calls} calls succeeded${flag}`,
    ...tool.groups.map((group) => `  ${describeGroup(group, worldOfKey(tool.key))}`),
  ];
}

/** One conjunct of D in words. */
export function describeGroup(group: PrereqGroup, world: string): string {
  const names = [...new Set(group.members.map((member) => nameIn(member.tool, world)))];
  const verb = group.optional === true ? 'may use' : 'needs';
  const what = names.length === 1 ? names.join() : `(${names.join(' or ')})`;
  return `${verb} ${what}${group.param === undefined ? ' before it' : ` for ${group.param}`}`;
}

const nameIn = (key: ToolKey, world: string): string => (worldOfKey(key) === world ? toolOfKey(key) : key);

/**
 * The graph as a Mermaid flowchart: arrows run from prerequisite to consumer, solid for state, dashed for optional, labelled with the
 * parameter for data; members of an OR group share a label ending in `?`. Failure tools are coloured.
 */
export function graphToMermaid(snapshot: GraphSnapshot): string {
  const keys = new Set([...snapshot.tools.map((tool) => tool.key), ...snapshot.tools.flatMap(prerequisitesOf)]);
  const ids = new Map([...keys].map((key, index) => [key, `t${index}`]));
  const nodes = [...ids].map(([key, id]) => `  ${id}["${quoted(toolOfKey(key))}"]`);
  const arrows = snapshot.tools.flatMap((tool) =>
    tool.groups.flatMap((group) =>
      group.members.map((member) => `  ${ids.get(member.tool)} ${arrow(group)} ${ids.get(tool.key)}`),
    ),
  );
  const failed = snapshot.failureTools.map((key) => ids.get(key));
  const colours = failed.length === 0 ? [] : ['  classDef failure fill:#f8d7da,stroke:#b02a37', `  class ${failed.join(',')} failure`];
  return ['flowchart LR', ...nodes, ...new Set(arrows), ...colours].join('\n') + '\n';
}

function arrow(group: PrereqGroup): string {
  const line = group.optional === true ? '-.->' : '-->';
  const label = `${group.param ?? ''}${group.members.length > 1 ? '?' : ''}`;
  return label === '' ? line : `${line}|"${quoted(label)}"|`;
}

// Mermaid's own escape: a quote would end the label.
const quoted = (text: string): string => text.replace(/"/g, '#quot;');
