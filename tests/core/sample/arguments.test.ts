import * as fc from 'fast-check';
import type { GraphTool, PrereqGroup } from '../../../src/core/graph/graph';
import { canonicalJson, getAt, leavesOf, type Json, type JsonSchema } from '../../../src/core/json';
import { createRng } from '../../../src/core/random';
import { proposeArguments, type Answered, type ProposalInput } from '../../../src/core/sample/arguments';
import { pickFor, followPick } from '../../../src/core/sample/pick';
import type { KnownFact, ToolDoc } from '../../../src/core/tool';
import { TOY_WORLD, toyFacts } from '../../fixtures/toy-world';

const toyTool = (name: string): ToolDoc => TOY_WORLD.tools.find((tool) => tool.name === name) as ToolDoc;
const taking = (properties: { [name: string]: JsonSchema }, required = Object.keys(properties)): ToolDoc => ({ name: 'act', description: '', input: { type: 'object', properties, required } });
const group = (param: string, tool: string, outPath: string, optional = false): PrereqGroup => ({ id: `g${param}`, kind: 'data', param, members: [{ tool, outPath }], ...(optional ? { optional } : {}) });
const known = (key: string, groups: PrereqGroup[], params: GraphTool['params'] = []): GraphTool => ({ key, effect: 'read', calls: 1, ok: 1, groups, params });
const QUOTE = known('toy::quote', [group('/from', 'toy::port_code', '/port'), group('/to', 'toy::port_code', '/port')]);
const lookUp = (id: string, city: string, port: string): Answered => ({ id, tool: 'port_code', args: { city }, value: { port } });

const propose = (input: Partial<ProposalInput> & { tool: ToolDoc }, seed = 's') =>
  proposeArguments({ world: 'toy', facts: [], answered: [], rng: createRng(seed), mode: 'sample', tools: TOY_WORLD.tools, ...input });
const over = <T>(seeds: number, run: (seed: string) => T): T[] => Array.from({ length: seeds }, (_, index) => run(`s${index}`));

describe('values that D feeds', () => {
  test('two parameters of one kind need two look-ups: one look-up leaves one pointer missing (Figure 7)', () => {
    expect(propose({ tool: toyTool('quote'), graphTool: QUOTE, answered: [lookUp('c1', 'Aldmoor', 'P1')] })).toEqual({ missing: ['/to'] });
    const both = propose({ tool: toyTool('quote'), graphTool: QUOTE, answered: [lookUp('c1', 'Aldmoor', 'P1'), lookUp('c2', 'Corlune', 'P2')] });
    expect('args' in both && Object.values(both.args).sort()).toEqual(['P1', 'P2']);
    expect('sources' in both && both.sources.map((source) => source.kind === 'output' && `${source.call}${source.path}`).sort()).toEqual(['c1/port', 'c2/port']);
  });
  test('the same look-up made twice is still one value', () => {
    expect(propose({ tool: toyTool('quote'), graphTool: QUOTE, answered: [lookUp('c1', 'Aldmoor', 'P1'), lookUp('c2', 'Aldmoor', 'P1')] })).toEqual({ missing: ['/to'] });
  });
  test('in sampling they never come from a fact, unless the edge is optional', () => {
    const facts: KnownFact[] = [{ name: 'port', value: 'P9', about: 'a port', entity: 'port' }];
    const tool = toyTool('sailings');
    expect(propose({ tool, facts, graphTool: known('toy::sailings', [group('/port', 'toy::port_code', '/port')]) })).toEqual({ missing: ['/port'] });
    expect(propose({ tool, facts, graphTool: known('toy::sailings', [group('/port', 'toy::port_code', '/port', true)]) })).toEqual({
      args: { port: 'P9' }, sources: [{ kind: 'fact', pointer: '/port', fact: 'port' }],
    });
  });
  test('a parameter that the tool cannot do without is filled although its schema calls it optional', () => {
    const tool = taking({ port: { type: 'string' } }, []);
    const graphTool = known('toy::act', [group('/port', 'toy::port_code', '/port')]);
    expect(over(20, (seed) => propose({ tool, graphTool }, seed))).toEqual(Array(20).fill({ missing: ['/port'] }));
  });
  test('values not given to this tool before come first', () => {
    const answered: Answered[] = [lookUp('c1', 'Aldmoor', 'P1'), lookUp('c2', 'Corlune', 'P2'), { id: 'c3', tool: 'sailings', args: { port: 'P2' }, value: {} }];
    const picked = over(60, (seed) => propose({ tool: toyTool('sailings'), graphTool: known('toy::sailings', [group('/port', 'toy::port_code', '/port')]), answered }, seed));
    expect(picked.filter((proposal) => 'args' in proposal && proposal.args.port === 'P1').length).toBeGreaterThan(35);
  });
});

describe('values that the user or the schema has', () => {
  test('a fact fills parameters of its entity, and parameters it lists by name or as tool.name', () => {
    expect(propose({ tool: toyTool('sign_in'), facts: toyFacts(0) })).toMatchObject({ sources: [{ kind: 'fact', fact: 'member' }] });
    expect(propose({ tool: toyTool('add_note'), facts: toyFacts(0) })).toMatchObject({ args: { text: 'window seats please' } });
    expect(propose({ tool: { ...toyTool('add_note'), name: 'other' }, facts: toyFacts(0) })).toEqual({ missing: ['/text'] });
  });
  test('a list fact fills a list parameter item by item', () => {
    const tool = taking({ files: { type: 'array', minItems: 2, items: { type: 'string' } } });
    const facts: KnownFact[] = [{ name: 'files', value: ['a.txt', 'b.txt'], about: 'two files', params: ['files'] }];
    expect(propose({ tool, facts })).toEqual({
      args: { files: ['a.txt', 'b.txt'] },
      sources: [{ kind: 'fact', pointer: '/files/0', fact: 'files' }, { kind: 'fact', pointer: '/files/1', fact: 'files' }],
    });
  });
  test('text without a source is missing, never invented', () => {
    expect(propose({ tool: taking({ message: { type: 'string' } }), mode: 'explore' })).toEqual({ missing: ['/message'] });
  });
  test('choices are enumeration members, Booleans, and small integers in the schema\'s range', () => {
    const tool = taking({ way: { type: 'string', enum: ['a', 'b'] }, on: { type: 'boolean' }, count: { type: 'integer', minimum: 2, maximum: 3 } });
    for (const proposal of over(30, (seed) => propose({ tool }, seed))) {
      expect('args' in proposal && ['a', 'b'].includes(String(proposal.args.way)) && typeof proposal.args.on === 'boolean' && [2, 3].includes(Number(proposal.args.count))).toBe(true);
    }
  });
  test('numbers stay in the range that P has seen to succeed', () => {
    const graphTool = known('toy::act', [], [{ pointer: '/count', types: ['integer'], min: 7, max: 8, seen: ['7', '8'], ok: 3, fail: 0 }]);
    const counts = over(20, (seed) => propose({ tool: taking({ count: { type: 'integer' } }), graphTool }, seed)).map((proposal) => 'args' in proposal && proposal.args.count);
    expect([...new Set(counts)].sort()).toEqual([7, 8]);
  });
  test('an optional parameter without anything to say is left out; one with a choice is given now and then', () => {
    const silent = taking({ hint: { type: 'string' } }, []);
    expect(over(10, (seed) => propose({ tool: silent }, seed))).toEqual(Array(10).fill({ args: {}, sources: [] }));
    const choice = taking({ size: { type: 'string', enum: ['s', 'm'], default: 's' } }, []);
    const given = over(200, (seed) => propose({ tool: choice }, seed)).filter((proposal) => 'args' in proposal && proposal.args.size !== undefined).length;
    expect(given).toBeGreaterThan(40);
    expect(given).toBeLessThan(110);
  });
  test('a required parameter with nothing but a default takes it', () => {
    expect(propose({ tool: taking({ note: { type: 'string', default: 'none' } }) })).toEqual({ args: { note: 'none' }, sources: [{ kind: 'default', pointer: '/note' }] });
  });
  test('objects are built leaf by leaf', () => {
    const tool = taking({ trip: { type: 'object', properties: { city: { type: 'string', entity: 'city' }, fast: { type: 'boolean' } }, required: ['city', 'fast'] } });
    const proposal = propose({ tool, facts: toyFacts(0) });
    expect('sources' in proposal && proposal.sources.map((source) => source.pointer)).toEqual(['/trip/city', '/trip/fast']);
  });
});

describe('guesses', () => {
  test('an equal tag feeds a parameter whatever its name, a fact\'s value is never taken from an output that repeats it', () => {
    const answered = [lookUp('c1', 'Aldmoor', 'P1')];
    expect(propose({ tool: toyTool('sailings'), mode: 'explore', answered })).toMatchObject({ args: { port: 'P1' }, sources: [{ kind: 'output', call: 'c1', path: '/port' }] });
    const facts: KnownFact[] = [{ name: 'x', value: 'P1', about: 'a port known otherwise' }];
    expect(propose({ tool: toyTool('sailings'), mode: 'explore', answered, facts })).toEqual({ missing: ['/port'] });
  });
  test('without tags the same words do, generic names by their owner: `id` of create_order is an order id', () => {
    const tool = taking({ order_id: { type: 'string' } });
    const answered: Answered[] = [{ id: 'c1', tool: 'create_user', args: {}, value: { id: 'u-11' } }, { id: 'c2', tool: 'create_order', args: {}, value: { id: 'o-77' } }];
    expect(over(20, (seed) => propose({ tool, answered }, seed)).every((proposal) => 'args' in proposal && proposal.args.order_id === 'o-77')).toBe(true);
  });
  test('an output that repeats its own argument is no source', () => {
    const answered: Answered[] = [{ id: 'c1', tool: 'pay', args: { booking: 'B1' }, value: { booking: 'B1' } }];
    expect(propose({ tool: toyTool('cancel_trip'), mode: 'explore', answered })).toEqual({ missing: ['/booking'] });
  });
});

describe('draws', () => {
  test('`missing` is empty when everything was tried', () => {
    expect(propose({ tool: toyTool('sign_in'), facts: toyFacts(0), exclude: [canonicalJson({ member: toyFacts(0).find((fact) => fact.name === 'member')?.value as Json })] })).toEqual({ missing: [] });
  });
  test('the same generator gives the same proposal; every leaf has one source that holds its value', () => {
    const answered: Answered[] = [lookUp('c1', 'Aldmoor', 'P1'), lookUp('c2', 'Corlune', 'P2'), { id: 'c3', tool: 'sailings', args: { port: 'P1' }, value: { sailings: [{ sailing: 'S1', departs: '07:20' }, { sailing: 'S2', departs: '11:20' }] } }];
    fc.assert(fc.property(fc.string(), fc.constantFrom(...TOY_WORLD.tools), fc.constantFrom('explore' as const, 'sample' as const), (seed, tool, mode) => {
      const input = { tool, mode, facts: toyFacts(1), answered };
      const proposal = propose(input, seed);
      expect(propose(input, seed)).toEqual(proposal);
      if ('missing' in proposal) return;
      expect(proposal.sources.map((source) => source.pointer).sort()).toEqual(leavesOf(proposal.args).map((leaf) => leaf.pointer).sort());
      for (const source of proposal.sources) {
        if (source.kind !== 'output') continue;
        expect(getAt(answered.find((call) => call.id === source.call)?.value, source.path)).toBe(getAt(proposal.args, source.pointer));
      }
    }));
  });
});

describe('picks', () => {
  const list = { trains: [{ id: 'X-91', departs: '09:40', class: 'a' }, { id: 'X-92', departs: '11:05', class: 'a' }] };
  test('an element is told apart by an attribute that is unique in its list and that people say', () => {
    expect(pickFor(list, '/trains/1/id')).toEqual({ path: '/trains/1/departs', value: '11:05' });
  });
  test('a list of one and a place outside lists need no pick; elements without a difference have none', () => {
    expect(pickFor({ trains: [{ id: 'X-91' }] }, '/trains/0/id')).toBe('none');
    expect(pickFor({ id: 'X-91' }, '/id')).toBe('none');
    expect(pickFor({ trains: [{ id: 'X-91', class: 'a' }, { id: 'X-92', class: 'a' }] }, '/trains/0/id')).toBeUndefined();
  });
  test('an id or hash tells elements apart for replays, never for a user', () => {
    const branches = { branches: [{ name: 'a', commitHash: '9979d9e4' }, { name: 'b', commitHash: 'bdb0d34c' }] };
    expect(pickFor(branches, '/branches/0/name')).toBeUndefined();
    expect(pickFor(branches, '/branches/0/name', 'codes')).toEqual({ path: '/branches/0/commitHash', value: '9979d9e4' });
  });
  test('in nested lists the attribute is unique over all of them', () => {
    const days = { days: [{ slots: [{ id: 'a1', at: '09:00' }] }, { slots: [{ id: 'b1', at: '09:00' }] }] };
    expect(pickFor(days, '/days/1/slots/0/id')).toBeUndefined();
  });
  test('sampling takes no element that cannot be told apart', () => {
    const tool = toyTool('sailing_info');
    const answered: Answered[] = [{ id: 'c1', tool: 'sailings', args: { port: 'P1' }, value: { sailings: [{ sailing: 'S1' }, { sailing: 'S2' }] } }];
    expect(propose({ tool, answered })).toEqual({ missing: ['/sailing'] });
    expect(propose({ tool, answered, mode: 'explore' })).toMatchObject({ sources: [{ kind: 'output', call: 'c1' }] });
  });
  test('a pick is followed to wherever the element stands now', () => {
    const moved = { trains: [{ id: 'Y-5', departs: '08:00' }, { id: 'Y-6', departs: '11:05' }, { id: 'Y-7', departs: '12:00' }] };
    expect(followPick(moved, '/trains/0/id', { path: '/trains/0/departs', value: '11:05' })).toBe('/trains/1/id');
    expect(followPick({ trains: [] }, '/trains/0/id', { path: '/trains/0/departs', value: '11:05' })).toBeUndefined();
  });
});
