import * as fc from 'fast-check';
import { closureOf, distancesTo } from '../../../src/core/graph/distance';
import type { GraphSnapshot } from '../../../src/core/graph/graph';
import { isReachable, legalTools, reachableTools } from '../../../src/core/graph/legality';
import { acyclicGraph, anyGraph, graphOf } from './random-graph';

describe('dist of Eq. 2', () => {
  test('counts arrows on the shortest way, 0 at the target, absent without a path', () => {
    const graph = graphOf({ a: [], b: [['a']], c: [['b'], ['a']], d: [['c']], e: [] });
    expect([...distancesTo(graph, 'w::d')]).toEqual([['w::d', 0], ['w::c', 1], ['w::b', 2], ['w::a', 2]]);
  });

  test('goes along optional groups too, since they carry values', () => {
    expect(distancesTo(graphOf({ a: [], b: [['?', 'a']] }), 'w::b').get('w::a')).toBe(1);
  });

  test('an unknown target has no distances', () => {
    expect(distancesTo(graphOf({ a: [] }), 'w::z').size).toBe(0);
  });

  test('equals relaxation to a fixpoint on random graphs', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const target = graph.tools.at(-1)?.key ?? '';
        expect(Object.fromEntries(distancesTo(graph, target))).toEqual(relax(graph, target));
      }),
    );
  });

  test('the greedy argmin over uncalled legal tools makes every reachable target legal', () => {
    fc.assert(
      fc.property(fc.oneof(acyclicGraph, anyGraph), (graph) => {
        for (const target of reachableTools(graph)) expect(greedy(graph, target)).toBe(true);
      }),
    );
  });
});

describe('closure of a target', () => {
  test('lists what must be called before it, in a legal order, without the target', () => {
    expect(closureOf(graphOf({ a: [], b: [['a']], c: [['b']] }), 'w::c')).toEqual(['w::a', 'w::b']);
  });

  test('takes the alternative that shares calls', () => {
    const graph = graphOf({ a: [], b: [], c: [['a'], ['a', 'b']], d: [['c'], ['b', 'a']] });
    expect(closureOf(graph, 'w::d')).toEqual(['w::a', 'w::c']);
  });

  test('is empty for a tool without prerequisites and undefined for an unreachable one', () => {
    expect(closureOf(graphOf({ a: [['?', 'b']], b: [] }), 'w::a')).toEqual([]);
    expect(closureOf(graphOf({ a: [['a']] }), 'w::a')).toBeUndefined();
    expect(closureOf(graphOf({ a: [] }), 'w::z')).toBeUndefined();
  });

  test('exists exactly for reachable targets, is callable in its order, and none of it can be spared', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        for (const { key } of graph.tools) {
          const closure = closureOf(graph, key);
          expect(closure !== undefined).toBe(isReachable(graph, key));
          if (closure === undefined) continue;
          closure.forEach((call, index) => expect(legalTools(graph, new Set(closure.slice(0, index)))).toContain(call));
          expect(legalTools(graph, new Set(closure))).toContain(key);
          for (const spared of closure) {
            const rest = new Set([...closure, key].filter((other) => other !== spared));
            expect(reachableTools(graph, rest).has(key)).toBe(false);
          }
        }
      }),
    );
  });
});

function relax(graph: GraphSnapshot, target: string): { [key: string]: number } {
  const distance: { [key: string]: number } = { [target]: 0 };
  for (let round = 0; round < graph.tools.length; round++) {
    for (const tool of graph.tools) {
      for (const member of tool.groups.flatMap((group) => group.members)) {
        const through = (distance[tool.key] ?? Infinity) + 1;
        if (through < (distance[member.tool] ?? Infinity)) distance[member.tool] = through;
      }
    }
  }
  return distance;
}

function greedy(graph: GraphSnapshot, target: string): boolean {
  const distance = distancesTo(graph, target);
  const called = new Set<string>();
  for (;;) {
    const choices = legalTools(graph, called).filter((key) => !called.has(key) && distance.has(key));
    if (choices.includes(target)) return true;
    const next = choices.sort((a, b) => (distance.get(a) ?? 0) - (distance.get(b) ?? 0))[0];
    if (next === undefined) return false;
    called.add(next);
  }
}
