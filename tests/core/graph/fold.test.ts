import * as fc from 'fast-check';
import { foldEvidence } from '../../../src/core/graph/fold';
import type { CallEvidence, EdgeEvidence, EdgeTest, Evidence, GraphSnapshot, GraphTool, PrereqGroup } from '../../../src/core/graph/graph';
import { reachableTools } from '../../../src/core/graph/legality';
import { emptySnapshot } from '../../../src/core/graph/merge';
import type { JsonObject } from '../../../src/core/json';
import type { CallResult } from '../../../src/core/tool';
import { graphOf } from './random-graph';

const empty = emptySnapshot('g', ['w::a', 'w::b', 'w::c']);
const OK: CallResult = { ok: true, value: null };
const FAULT: CallResult = { ok: false, fault: 'precondition', message: 'no' };

let serial = 0;
function call(tool: string, args: JsonObject = {}, result = OK, changedState = false): CallEvidence {
  return { kind: 'call', callId: `call/${serial++}`, origin: 'explore', item: -1, tool: `w::${tool}`, seed: 0, args, result, changedState, prefix: [] };
}

/** `test('a -> b', 'omit')`: a passed omit test of the state edge from a to b; `'!omit'` failed. With `param` it is a data edge. */
function tested(edge: string, test: EdgeTest | `!${EdgeTest}`, more: { param?: string; group?: string; optional?: boolean; item?: number } = {}): EdgeEvidence {
  const [from = '', to = ''] = edge.split(' -> ');
  const { param, group = param ?? `state|${from}`, optional, item = -1 } = more;
  return {
    kind: 'edge', callId: `edge/${serial++}`, origin: 'explore', item, tool: `w::${to}`, seed: 0,
    edge: {
      kind: param === undefined ? 'state' : 'data', ...(param === undefined ? {} : { param }), ...(optional ? { optional } : {}),
      member: { tool: `w::${from}`, ...(param === undefined ? {} : { outPath: '/id' }) }, groupId: `w::${to}|${group}`,
    },
    test: test.replace('!', '') as EdgeTest, passed: !test.startsWith('!'),
  };
}
const toolOf = (snapshot: GraphSnapshot, name: string): GraphTool | undefined => snapshot.tools.find((tool) => tool.key === `w::${name}`);
const groupsOf = (snapshot: GraphSnapshot, name: string): PrereqGroup[] => toolOf(snapshot, name)?.groups ?? [];
const fold = (evidence: Evidence[], options?: Parameters<typeof foldEvidence>[2]): GraphSnapshot => foldEvidence(empty, evidence, options).snapshot;
const needs = (snapshot: GraphSnapshot, name: string): string[][] =>
  groupsOf(snapshot, name).map((group) => group.members.map((member) => member.tool.slice(3)));

describe('counts and effect', () => {
  test('calls and successes are counted, an infrastructure fault is not a call', () => {
    const broken: CallResult = { ok: false, fault: 'unavailable', message: 'server died' };
    const graph = fold([call('a'), call('a', {}, FAULT), call('a', { x: 1 }, broken)]);
    expect(toolOf(graph, 'a')).toMatchObject({ calls: 2, ok: 1, params: [] });
  });

  test('effect is unknown until a success, read while the state stayed, write for good once it changed', () => {
    expect(toolOf(fold([call('a', {}, FAULT)]), 'a')?.effect).toBe('unknown');
    expect(toolOf(fold([call('a')]), 'a')?.effect).toBe('read');
    expect(toolOf(fold([call('a', {}, OK, true), call('a')]), 'a')?.effect).toBe('write');
  });

  test('a callId counts once', () => {
    const row = call('a');
    expect(toolOf(fold([row, row, { ...row }]), 'a')?.calls).toBe(1);
  });

  test('a tool that only evidence names joins the graph', () => {
    const { snapshot, changes } = foldEvidence(empty, [call('z')]);
    expect(snapshot.tools.map((tool) => tool.key)).toEqual(['w::a', 'w::b', 'w::c', 'w::z']);
    expect(changes).toEqual([{ op: 'add-tool', tool: 'w::z', data: {} }]);
  });
});

describe('parameters P', () => {
  test('types, range and seen values come from successful calls only', () => {
    const graph = fold([call('a', { n: 3 }), call('a', { n: 1.5 }), call('a', { n: 900 }, FAULT), call('a', { n: null })]);
    expect(toolOf(graph, 'a')?.params).toEqual([
      { pointer: '/n', types: ['integer', 'null', 'number'], min: 1.5, max: 3, seen: ['1.5', '3', 'null'], ok: 3, fail: 1 },
    ]);
  });

  test('elements of a list are one parameter, counted once per call', () => {
    const graph = fold([call('a', { stops: [{ id: 'p' }, { id: 'q' }] })]);
    expect(toolOf(graph, 'a')?.params).toEqual([{ pointer: '/stops/*/id', types: ['string'], seen: ['"p"', '"q"'], ok: 1, fail: 0 }]);
  });

  test('at most 24 values are kept', () => {
    const graph = fold(Array.from({ length: 40 }, (_, index) => call('a', { n: index })));
    expect(toolOf(graph, 'a')?.params[0]?.seen).toHaveLength(24);
    expect(toolOf(graph, 'a')?.params[0]).toMatchObject({ min: 0, max: 39, ok: 40 });
  });
});

describe('a state edge', () => {
  test.each<[string, Parameters<typeof tested>[1][], boolean]>([
    ['two passed omits confirm it', ['omit', 'omit'], true],
    ['an omit and an insert confirm it', ['omit', 'insert'], true],
    ['one pass is not enough', ['omit'], false],
    ['inserts alone are not enough', ['insert', 'insert'], false],
    ['a failed omit outweighs any number of passes', ['omit', 'omit', 'omit', '!omit'], false],
    ['insert must have passed when it was tried', ['omit', 'omit', '!insert'], false],
    ['one passed insert is enough when others failed', ['omit', '!insert', 'insert'], true],
  ])('%s', (_, tests, accepted) => {
    expect(needs(fold(tests.map((test) => tested('a -> b', test))), 'b')).toEqual(accepted ? [['a']] : []);
  });
});

describe('a data edge', () => {
  test.each<[string, Parameters<typeof tested>[1][], boolean, boolean]>([
    ['mutate and reseed confirm it', ['mutate', 'reseed'], true, true],
    ['swap and reseed confirm it', ['swap', 'reseed'], true, true],
    ['without reseed it is not confirmed', ['mutate', 'swap'], true, false],
    ['a world that is the same for every seed needs no reseed', ['mutate', 'swap'], false, true],
    ['reseed alone is not enough', ['reseed', 'reseed'], true, false],
    ['a failed mutate outweighs', ['mutate', 'swap', 'reseed', '!mutate'], true, false],
    ['a failed reseed outweighs', ['mutate', 'swap', 'reseed', '!reseed'], true, false],
    ['a failed omit says nothing: the literal is still there', ['mutate', 'reseed', '!omit'], true, true],
  ])('%s', (_, tests, reseedable, accepted) => {
    const graph = fold(tests.map((test) => tested('a -> b', test, { param: '/id' })), { reseedable: () => reseedable });
    expect(groupsOf(graph, 'b')).toEqual(
      accepted ? [{ id: 'w::b|/id', kind: 'data', param: '/id', members: [{ tool: 'w::a', outPath: '/id' }] }] : [],
    );
  });

  test('is optional once any test found so', () => {
    const graph = fold([tested('a -> b', 'mutate', { param: '/id' }), tested('a -> b', 'reseed', { param: '/id', optional: true }), tested('a -> b', 'swap', { param: '/id' })]);
    expect(groupsOf(graph, 'b')[0]?.optional).toBe(true);
  });
});

describe('groups', () => {
  test('members of one group id are alternatives, group ids are conjuncts', () => {
    const graph = fold([
      ...['a', 'b'].flatMap((name) => [tested(`${name} -> c`, 'omit', { group: 'one' }), tested(`${name} -> c`, 'omit', { group: 'one' })]),
      tested('a -> c', 'omit', { group: 'two' }), tested('a -> c', 'omit', { group: 'two' }),
    ]);
    expect(needs(graph, 'c')).toEqual([['a', 'b'], ['a']]);
  });

  test('alternative tests carry a member into a group that has a confirmed one, and only there', () => {
    const alternatives = [tested('b -> c', 'alternative', { group: 'one' }), tested('b -> c', 'alternative', { group: 'one' })];
    const confirmed = [tested('a -> c', 'omit', { group: 'one' }), tested('a -> c', 'omit', { group: 'one' })];
    expect(needs(fold(alternatives), 'c')).toEqual([]);
    expect(needs(fold([...alternatives, ...confirmed]), 'c')).toEqual([['a', 'b']]);
  });

  test('a later contradiction drops the member, and the change log says so', () => {
    const first = foldEvidence(empty, [tested('a -> b', 'omit'), tested('a -> b', 'omit')]);
    expect(first.changes.map((change) => change.op)).toEqual(['add-group', 'add-member']);
    const second = foldEvidence(first.snapshot, [tested('a -> b', '!omit')]);
    expect(needs(second.snapshot, 'b')).toEqual([]);
    expect(second.changes).toEqual([{ op: 'drop-member', tool: 'w::b', data: { group: 'w::b|state|a', member: { tool: 'w::a' } } }]);
  });

  test('members that nobody tested stay', () => {
    const { snapshot } = foldEvidence(graphOf({ a: [], b: [['a']] }), [call('b')]);
    expect(needs(snapshot, 'b')).toEqual([['a']]);
  });
});

describe('cycles', () => {
  const twice = (edge: string, more = {}): EdgeEvidence[] => [tested(edge, 'omit', more), tested(edge, 'omit', more)];

  test('the weakest edge of a cycle is refused, edges that lead away from it stay', () => {
    const graph = fold([...twice('a -> b'), tested('a -> b', 'omit'), ...twice('b -> a'), ...twice('b -> c')]);
    expect([needs(graph, 'a'), needs(graph, 'b'), needs(graph, 'c')]).toEqual([[], [['a']], [['b']]]);
  });

  test('an edge that stood before is never the one refused', () => {
    const before = fold(twice('a -> b'));
    const strong = [...twice('b -> a'), ...twice('b -> a')];
    expect(needs(foldEvidence(before, strong).snapshot, 'a')).toEqual([]);
    expect(needs(foldEvidence(before, strong).snapshot, 'b')).toEqual([['a']]);
  });

  test('a cycle with another way in is no reason to refuse', () => {
    const graph = fold([...twice('a -> b'), ...twice('b -> a', { group: 'one' }), ...twice('c -> a', { group: 'one' })]);
    expect([needs(graph, 'a'), needs(graph, 'b')]).toEqual([[['b', 'c']], [['a']]]);
  });

  test('a tool never needs itself', () => {
    expect(needs(fold(twice('a -> a')), 'a')).toEqual([]);
  });

  test('an optional cycle is allowed: it binds nobody', () => {
    const graph = fold([...twice('a -> b', { optional: true }), ...twice('b -> a')]);
    expect([needs(graph, 'a'), needs(graph, 'b')]).toEqual([[['b']], [['a']]]);
  });
});

describe('versions', () => {
  test('a fold adds 1 to the version, also when nothing changed, and nothing when told not to', () => {
    expect(fold([]).version).toBe(1);
    expect(fold([], { bump: false })).toEqual(empty);
  });

  test('the snapshot is plain JSON and its parts are sorted', () => {
    const graph = fold([tested('a -> b', 'mutate', { param: '/id' }), call('b', { z: 1, id: 'q' }), tested('a -> b', 'reseed', { param: '/id' })]);
    expect(JSON.parse(JSON.stringify(graph))).toStrictEqual(graph);
    expect(toolOf(graph, 'b')?.params.map((param) => param.pointer)).toEqual(['/id', '/z']);
  });
});

const letters = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const anyCall = fc
  .record({ tool: letters, n: fc.integer({ min: 0, max: 60 }), ok: fc.boolean(), changed: fc.boolean() })
  .map(({ tool, n, ok, changed }) => call(tool, { n }, ok ? OK : FAULT, ok && changed));
const anyTest = fc
  .record({ from: letters, to: letters, group: fc.constantFrom('x', 'y'), kind: fc.constantFrom<EdgeTest | '!omit'>('omit', 'omit', 'omit', 'insert', 'alternative', '!omit'), optional: fc.boolean() })
  .map(({ from, to, group, kind, optional }) => tested(`${from} -> ${to}`, kind, { group, optional: optional && from === 'e' }));
const anyEvidence = fc.array(fc.oneof({ arbitrary: anyCall, weight: 1 }, { arbitrary: anyTest, weight: 4 }), { maxLength: 60 });

describe('on random evidence', () => {
  test('the order of evidence with equal sort keys does not matter, nor do repeats', () => {
    fc.assert(
      fc.property(anyEvidence.chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray([...rows, ...rows], { minLength: rows.length * 2, maxLength: rows.length * 2 }))), ([rows, shuffled]) => {
        expect(foldEvidence(empty, shuffled)).toEqual(foldEvidence(empty, rows));
      }),
    );
  });

  test('no tool becomes unreachable', () => {
    fc.assert(
      fc.property(anyEvidence, anyEvidence, (first, second) => {
        const one = foldEvidence(empty, first).snapshot;
        const two = foldEvidence(one, second).snapshot;
        expect(reachableTools(one).size).toBe(one.tools.length);
        expect(reachableTools(two).size).toBe(two.tools.length);
      }),
    );
  });

  test('folding in two rounds counts and, without cycles, accepts what folding at once does', () => {
    const forward = anyTest.filter((row) => row.edge.member.tool < row.tool);
    fc.assert(
      fc.property(fc.array(fc.oneof(anyCall, forward), { maxLength: 60 }), fc.nat(60), (rows, cut) => {
        const halfway = foldEvidence(empty, rows.slice(0, cut), { bump: false }).snapshot;
        expect(foldEvidence(halfway, rows.slice(cut)).snapshot).toEqual(foldEvidence(empty, rows).snapshot);
      }),
    );
  });

  test('replaying the change log over the old groups gives the new ones', () => {
    fc.assert(
      fc.property(anyEvidence, anyEvidence, (first, second) => {
        const old = foldEvidence(empty, first).snapshot;
        const { snapshot, changes } = foldEvidence(old, second);
        const members = memberSet(old);
        for (const { op, tool, data } of changes) {
          const { group, member } = data as { group: string; member?: { tool: string } };
          if (op === 'add-member') members.add(`${tool} ${group} ${member?.tool}`);
          if (op === 'drop-member') members.delete(`${tool} ${group} ${member?.tool}`);
        }
        expect([...members].sort()).toEqual([...memberSet(snapshot)].sort());
      }),
    );
  });
});

function memberSet(snapshot: GraphSnapshot): Set<string> {
  return new Set(snapshot.tools.flatMap((tool) => tool.groups.flatMap((group) => group.members.map((member) => `${tool.key} ${group.id} ${member.tool}`))));
}
