import * as fc from 'fast-check';
import type { GraphSnapshot } from '../../../src/core/graph/graph';
import { isReachable, legalTools, reachableTools } from '../../../src/core/graph/legality';
import { anyGraph, graphOf } from './random-graph';

const rail = graphOf({ sign_in: [], code: [], near: [], search: [['code', 'near']], book: [['search'], ['sign_in']], price: [['?', 'search']] });
const called = (...names: string[]): Set<string> => new Set(names.map((name) => `w::${name}`));

describe('Eq. 1', () => {
  test('a tool without prerequisites is legal from the start', () => {
    expect(legalTools(rail, called())).toEqual(['w::code', 'w::near', 'w::price', 'w::sign_in']);
  });

  test('one called member satisfies an OR group', () => {
    expect(legalTools(rail, called('near'))).toContain('w::search');
    expect(legalTools(rail, called('code'))).toContain('w::search');
  });

  test('every AND group must be satisfied', () => {
    expect(legalTools(rail, called('code', 'search'))).not.toContain('w::book');
    expect(legalTools(rail, called('code', 'search', 'sign_in'))).toContain('w::book');
  });

  test('an optional group does not restrict legality', () => {
    expect(legalTools(rail, called())).toContain('w::price');
  });

  test('a world restricts the answer to its own tools', () => {
    expect(legalTools(rail, called(), 'w')).toHaveLength(4);
    expect(legalTools(rail, called(), 'other')).toEqual([]);
  });

  test('the legal set equals brute force over group tables on random graphs', () => {
    fc.assert(
      fc.property(anyGraph, fc.integer({ min: 0, max: 511 }), (graph, bits) => {
        const done = new Set(graph.tools.filter((_, index) => (bits >> index) & 1).map((tool) => tool.key));
        expect(legalTools(graph, done)).toEqual(bruteForce(graph, done));
      }),
    );
  });
});

describe('reachability', () => {
  test('tools on a cycle without a way in are unreachable, and so is what needs them', () => {
    const graph = graphOf({ a: [['b']], b: [['a']], c: [['b']], d: [] });
    expect([...reachableTools(graph)]).toEqual(['w::d']);
    expect(isReachable(graph, 'w::c')).toBe(false);
  });

  test('a cycle with another way in is reachable', () => {
    expect(isReachable(graphOf({ a: [['b', 'd']], b: [['a']], d: [] }), 'w::b')).toBe(true);
  });

  test('the order given is one in which each tool is legal when it is called', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const done = new Set<string>();
        for (const key of reachableTools(graph)) {
          expect(legalTools(graph, done)).toContain(key);
          done.add(key);
        }
      }),
    );
  });
});

// The definition written the other way round: a tool is illegal iff the called set misses all members of some required group.
function bruteForce(graph: GraphSnapshot, done: ReadonlySet<string>): string[] {
  const illegal = new Set<string>();
  for (const tool of graph.tools) {
    for (const group of tool.groups) {
      let hits = 0;
      for (const member of group.members) if (done.has(member.tool)) hits += 1;
      if (hits === 0 && !group.optional) illegal.add(tool.key);
    }
  }
  return graph.tools.map((tool) => tool.key).filter((key) => !illegal.has(key));
}
