import type { GraphSnapshot, GraphTool } from '../../../src/core/graph/graph';
import { createRng } from '../../../src/core/random';
import { chooseNext } from '../../../src/core/sample/walk';

/** `needs`: AND over the lists, OR inside one. */
const tool = (name: string, ...needs: string[][]): GraphTool => ({
  key: `w::${name}`, effect: 'read', calls: 1, ok: 1, params: [],
  groups: needs.map((members, at) => ({ id: `${name}${at}`, kind: 'state', members: members.map((member) => ({ tool: `w::${member}` })) })),
});
const graph = (...tools: GraphTool[]): GraphSnapshot => ({ graph: 'g', version: 0, tools, failureTools: [] });
const choose = (snapshot: GraphSnapshot, target: string, called: string[], seed = 'a'): ReturnType<typeof chooseNext> =>
  chooseNext({ graph: snapshot, world: 'w', target: `w::${target}`, called: new Set(called.map((name) => `w::${name}`)), rng: createRng(seed) });

describe('Eq. 2', () => {
  const chain = graph(tool('a'), tool('b', ['a']), tool('t', ['b']), tool('far'));

  test('a legal target that was not called is chosen', () => {
    expect(choose(chain, 't', ['a', 'b'])).toEqual({ kind: 'target' });
  });

  test('else the nearest uncalled legal tool on the way to it', () => {
    expect(choose(chain, 't', [])).toEqual({ kind: 'prerequisite', tools: ['w::a'] });
    expect(choose(chain, 't', ['a'])).toEqual({ kind: 'prerequisite', tools: ['w::b'] });
  });

  test('once the target was called, any legal tool, in random order', () => {
    const next = choose(chain, 't', ['a', 'b', 't']);
    expect(next.kind === 'random' && [...next.tools].sort()).toEqual(['w::a', 'w::b', 'w::far', 'w::t']);
    expect(new Set(['1', '2', '3', '4', '5', '6'].map((seed) => JSON.stringify(choose(chain, 't', ['a', 'b', 't'], seed)))).size).toBeGreaterThan(1);
  });

  test('of two tools at the same distance chance chooses', () => {
    const either = graph(tool('a'), tool('b'), tool('t', ['a', 'b']));
    const firsts = ['1', '2', '3', '4', '5', '6', '7', '8'].map((seed) => choose(either, 't', [], seed)).map((next) => (next.kind === 'prerequisite' ? next.tools[0] : undefined));
    expect(new Set(firsts)).toEqual(new Set(['w::a', 'w::b']));
  });

  test('an alternative in a group that is satisfied already is no way to the target', () => {
    const both = graph(tool('a'), tool('b'), tool('c'), tool('d', ['c']), tool('t', ['a', 'b'], ['d']));
    expect(choose(both, 't', ['a'])).toEqual({ kind: 'prerequisite', tools: ['w::c'] });
  });

  test('a target without a legal way is unreachable', () => {
    expect(choose(graph(tool('a', ['b']), tool('b', ['a']), tool('t', ['a'])), 't', [])).toEqual({ kind: 'unreachable' });
    expect(choose(chain, 'gone', [])).toEqual({ kind: 'unreachable' });
  });
});
