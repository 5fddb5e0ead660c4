import * as fc from 'fast-check';
import type { GraphSnapshot, GraphTool, PrereqGroup } from '../../../src/core/graph/graph';

/** Tools by letter in world `w`; each group is a list of letters, `?` first makes it optional: `graphOf({ a: [], b: [['a']], c: [['a', 'b'], ['?', 'b']] })`. */
export function graphOf(shape: { [tool: string]: string[][] }): GraphSnapshot {
  const tools = Object.keys(shape).sort().map((name): GraphTool => ({
    key: `w::${name}`,
    effect: 'read',
    calls: 1,
    ok: 1,
    groups: (shape[name] ?? []).map((members, index) => groupOf(`w::${name}|${index}`, members)),
    params: [],
  }));
  return { graph: 'g', version: 0, tools, failureTools: [] };
}

function groupOf(id: string, members: string[]): PrereqGroup {
  const optional = members[0] === '?';
  const names = optional ? members.slice(1) : members;
  return { id, kind: 'state', members: names.map((name) => ({ tool: `w::${name}` })), ...(optional ? { optional: true } : {}) };
}

/** Random AND/OR graphs of up to 9 tools, cycles allowed. */
export const anyGraph: fc.Arbitrary<GraphSnapshot> = shapeOf(() => true).map(graphOf);

/** The same without cycles: members come earlier in the alphabet, so every tool is reachable. */
export const acyclicGraph: fc.Arbitrary<GraphSnapshot> = shapeOf((member, tool) => member < tool).map(graphOf);

function shapeOf(allowed: (member: string, tool: string) => boolean): fc.Arbitrary<{ [tool: string]: string[][] }> {
  return fc.integer({ min: 1, max: 9 }).chain((size) => {
    const names = [...'abcdefghi'].slice(0, size);
    const groups = (tool: string): fc.Arbitrary<string[][]> => {
      const choices = names.filter((name) => allowed(name, tool));
      if (choices.length === 0) return fc.constant([]);
      const members = fc.tuple(fc.integer({ min: 0, max: 5 }), fc.subarray(choices, { minLength: 1, maxLength: Math.min(3, choices.length) }));
      return fc.array(members.map(([optional, list]) => (optional === 0 ? ['?', ...list] : list)), { maxLength: 3 });
    };
    return fc.record(Object.fromEntries(names.map((name) => [name, groups(name)])));
  });
}
