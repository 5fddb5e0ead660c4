import { createRng } from '../../../src/core/random';
import { needsOf, without } from '../../../src/core/sample/need';
import { orderOf } from '../../../src/core/sample/order';
import { chooseAsks } from '../../../src/core/sample/asks';
import type { Ground, WalkCall } from '../../../src/core/sample/walk';
import type { JsonObject } from '../../../src/core/json';
import type { ArgSource } from '../../../src/core/trace';
import { execute, ticketsFacts, ticketsGraph, ticketsWorld } from './tickets';

const ground: Ground = { world: ticketsWorld, seed: 3, item: 0, graph: ticketsGraph(), facts: ticketsFacts, execute, rng: createRng('order'), evidencePrefix: 't' };

/** Gold calls of one turn: `tool` or `[tool, args, {pointer: [call, path]}]`. */
async function traceOf(...steps: (string | [string, JsonObject, { [pointer: string]: [string, string] }?])[]): Promise<WalkCall[]> {
  const calls = steps.map((step) => (typeof step === 'string' ? { tool: step, args: {}, from: {} } : { tool: step[0], args: step[1], from: step[2] ?? {} }));
  const filled: { tool: string; args: JsonObject; sources: ArgSource[] }[] = [];
  for (const call of calls) {
    const sofar = await execute(ground.seed, filled);
    const fed = Object.entries(call.from).map(([pointer, [id, path]]) => {
      const result = sofar.results[Number(id.slice(1)) - 1];
      return { pointer, id, path, value: result?.ok ? (result.value as JsonObject)[path.slice(1)] ?? null : null };
    });
    const facts = Object.keys(call.args).map((name): ArgSource => ({ kind: 'fact', pointer: `/${name}`, fact: ticketsFacts.find((fact) => fact.value === call.args[name])?.name ?? '' }));
    filled.push({ tool: call.tool, args: { ...call.args, ...Object.fromEntries(fed.map(({ pointer, value }) => [pointer.slice(1), value])) }, sources: [...facts, ...fed.map(({ pointer, id, path }): ArgSource => ({ kind: 'output', pointer, call: id, path }))] });
  }
  const run = await execute(ground.seed, filled);
  return filled.map((call, at) => {
    const result = run.results[at];
    if (!result?.ok) throw new Error(`call ${at} failed`);
    return { ...call, id: `c${at + 1}`, turn: 0, result: result.value, digest: run.digests[at + 1] as string, callId: '', changedState: run.digests[at] !== run.digests[at + 1] };
  });
}

const ZIP_A: [string, JsonObject] = ['get_zipcode', { city: 'Rivermist' }];
const ZIP_B: [string, JsonObject] = ['get_zipcode', { city: 'Stonebrook' }];
const BUY: [string, JsonObject, { [pointer: string]: [string, string] }] = ['buy_tickets', {}, { '/zipcodeA': ['c1', '/zipcode'], '/zipcodeB': ['c2', '/zipcode'] }];

describe('the partial order', () => {
  const orderOfCalls = async (...steps: Parameters<typeof traceOf>): Promise<[string, string][]> => (await orderOf(ground, await traceOf(...steps))).order;

  test('two writes that do not commute are ordered, two that do are not', async () => {
    expect(await orderOfCalls('double', 'add')).toEqual([['c1', 'c2']]);
    expect(await orderOfCalls('double', 'walk')).toEqual([]);
  });

  test('a read between two writes has its place between them', async () => {
    expect(await orderOfCalls('add', 'show', 'add')).toEqual([['c1', 'c2'], ['c2', 'c3']]);
  });

  test('writes that are not neighbours are ordered too', async () => {
    expect(await orderOfCalls('double', 'walk', 'add')).toEqual([['c1', 'c3']]);
  });

  test('a read that a write does not touch may be anywhere', async () => {
    expect(await orderOfCalls('add', ['get_weather', { city: 'Ashford' }], 'show')).toEqual([['c1', 'c3']]);
  });

  test('a state prerequisite comes before what it makes possible', async () => {
    expect(await orderOfCalls(['open_locker', { city: 'Ashford' }], 'store_bag')).toEqual([['c1', 'c2']]);
  });

  test('look-ups of one purchase commute, and their outputs are data edges', async () => {
    expect(await orderOf(ground, await traceOf(ZIP_A, ZIP_B, BUY))).toEqual({ data: [['c1', 'c3'], ['c2', 'c3']], order: [] });
  });

  test('two purchases whose ids count up are ordered, their look-ups are not', async () => {
    const again: typeof BUY = ['buy_tickets', {}, { '/zipcodeA': ['c2', '/zipcode'], '/zipcodeB': ['c1', '/zipcode'] }];
    expect(await orderOfCalls(ZIP_A, ZIP_B, BUY, again)).toEqual([['c3', 'c4']]);
  });

  test('calls of different turns need no order edge', async () => {
    const calls = (await traceOf('double', 'add')).map((call, turn) => ({ ...call, turn }));
    expect((await orderOf(ground, calls)).order).toEqual([]);
  });
});

describe('every gold call is needed', () => {
  const reasonsOf = async (calls: WalkCall[]): Promise<string[][]> => (await needsOf(ground, calls)).map((need) => need.reasons);
  const asksOf = async (calls: WalkCall[]): Promise<ReturnType<typeof chooseAsks>> => {
    const needed = new Set((await needsOf(ground, calls)).filter((need) => need.reasons.length > 0).map((need) => need.call));
    return chooseAsks({ world: ticketsWorld, facts: ticketsFacts, calls, needed });
  };

  test('a look-up feeds a later call, a write changes the end, an opener makes a later call possible', async () => {
    expect(await reasonsOf(await traceOf(ZIP_A, ZIP_B, BUY))).toEqual([['later-call'], ['later-call'], ['end-state']]);
    expect(await reasonsOf(await traceOf(['open_locker', { city: 'Ashford' }], 'store_bag'))).toEqual([['later-call'], ['end-state']]);
  });

  test('a planted read that feeds nothing is asked for', async () => {
    const calls = await traceOf(ZIP_A, ZIP_B, BUY, ['get_weather', { city: 'Ashford' }]);
    expect(await reasonsOf(calls)).toEqual([['later-call'], ['later-call'], ['end-state'], []]);
    expect(await asksOf(calls)).toMatchObject({ asks: [[{ call: 'c4', path: '/temperature', label: 'temperature (degrees)' }]], superfluous: [] });
  });

  test('a planted call with nothing to ask for is superfluous, and the trace stands without it', async () => {
    const calls = await traceOf('ping', ZIP_A, ZIP_B, ['buy_tickets', {}, { '/zipcodeA': ['c2', '/zipcode'], '/zipcodeB': ['c3', '/zipcode'] }]);
    expect((await asksOf(calls)).superfluous).toEqual(['c1']);
    const rest = await without(ground, calls, 'c1');
    expect(rest?.map((call) => [call.id, call.tool])).toEqual([['c1', 'get_zipcode'], ['c2', 'get_zipcode'], ['c3', 'buy_tickets']]);
    expect(rest?.[2]?.sources.map((source) => source.kind === 'output' && source.call)).toEqual(['c1', 'c2']);
  });

  test('a call cannot be taken out from under one that uses its output', async () => {
    expect(await without(ground, await traceOf(ZIP_A, ZIP_B, BUY), 'c1')).toBeUndefined();
  });

  test('asking twice for one value makes the second call superfluous', async () => {
    const twice = await traceOf('show', 'show');
    expect((await asksOf(twice)).superfluous).toEqual(['c1', 'c2']);
    expect((await asksOf(await traceOf('show'))).superfluous).toEqual([]);
  });

  test('what the user stated is no answer', async () => {
    const echo: WalkCall = { id: 'c1', turn: 0, tool: 'get_zipcode', args: { city: 'Rivermist' }, sources: [], result: { city: 'Rivermist', near: 'stonebrook' }, digest: '', callId: '', changedState: false };
    expect(chooseAsks({ world: ticketsWorld, facts: ticketsFacts, calls: [echo], needed: new Set() })).toEqual({ asks: [[]], superfluous: ['c1'] });
  });

  test('hashes and long texts are passed over while something better exists, and list elements are named by what sets them apart', async () => {
    const call = (result: WalkCall['result']): WalkCall => ({ id: 'c1', turn: 0, tool: 'list_trips', args: {}, sources: [], result, digest: '', callId: '', changedState: false });
    const first = (result: WalkCall['result']): unknown => chooseAsks({ world: ticketsWorld, facts: [], calls: [call(result)], needed: new Set() }).asks[0]?.[0]?.label;
    expect(first({ sha: 'a94a8fe5ccb19ba61c4c0873d391e987982fbbd3', note: 'x'.repeat(200), platform: 7 })).toBe('platform');
    expect(first({ trips: [{ id: 't1', departs: '09:40', seats: 12 }, { id: 't2', departs: '11:10', seats: 31 }] })).toMatch(/^seats of the one whose \w+ is /);
  });
});
