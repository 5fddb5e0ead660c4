import { join } from 'node:path';
import type { JsonObject } from '../../../src/core/json';
import type { Call, CallResult } from '../../../src/core/tool';
import { createOpenapiWorld } from '../../../src/worlds/openapi';
import { misfits } from '../../../src/worlds/arguments';
import { buildSimulatedApi } from '../../../src/worlds/openapi/simulated/build';
import { proven } from '../../../src/worlds/openapi/simulated/prove';
import { readSpec } from '../../../src/worlds/openapi/spec';
import type { World } from '../../../src/worlds/world';

const FIXTURES = join(__dirname, '../../fixtures/openapi');

let world: World;
beforeAll(async () => {
  world = await createOpenapiWorld({ name: 'pottery', spec: './pottery.yaml', mode: 'simulated' }, { baseDir: FIXTURES });
});

type Run = (tool: string, args?: JsonObject) => Promise<CallResult>;

async function at(seed: number): Promise<{ run: Run; value: (tool: string, args?: JsonObject) => Promise<JsonObject>; digest: () => Promise<string> }> {
  const instance = await world.open(seed);
  const run: Run = (tool, args = {}) => instance.call({ tool, args });
  const value = async (tool: string, args: JsonObject = {}): Promise<JsonObject> => {
    const result = await run(tool, args);
    if (!result.ok) throw new Error(`${tool}: ${result.fault} ${result.message}`);
    return result.value as JsonObject;
  };
  return { run, value, digest: () => instance.digest() };
}

const kilnsOf = (answer: JsonObject): JsonObject[] => answer.kilns as JsonObject[];

describe('a description played by the interpreter', () => {
  test('is labelled as simulated', () => {
    expect(world.doc).toMatchObject({ id: 'pottery', tier: 'simulated-from-spec', seeds: null, reseedable: true });
  });
  test('collections with items become tools, inputs without an effect are not offered', () => {
    expect(world.doc.tools.map(({ name }) => name)).toEqual(['list_kilns', 'create_kiln', 'get_kiln', 'update_kiln', 'delete_kiln', 'list_pieces', 'create_piece', 'get_piece', 'delete_piece', 'list_firings', 'schedule_firing', 'get_firing', 'update_firing', 'cancel_firing']);
    expect(Object.keys(world.doc.tools[0]?.input.properties as object)).toEqual(['zone', 'limit']);
  });
  test('lists give ids that no fact holds and that differ between seeds', async () => {
    const ids = await Promise.all([1, 2].map(async (seed) => kilnsOf(await (await at(seed)).value('list_kilns')).map(({ id }) => id)));
    expect(ids[0]?.length).toBeGreaterThanOrEqual(3);
    expect(ids[1]?.some((id) => ids[0]?.includes(id))).toBe(false);
    expect(JSON.stringify(world.known(1))).not.toContain(ids[0]?.[0]);
  });
  test('what is created can be read, listed, changed and deleted', async () => {
    const { run, value } = await at(1);
    const made = await value('create_kiln', { name: 'Long Tom', zone: 'yard' });
    expect(made).toMatchObject({ name: 'Long Tom', zone: 'yard', id: expect.any(String) as string });
    expect(await value('get_kiln', { kilnId: made.id as string })).toEqual(made);
    expect(kilnsOf(await value('list_kilns', { zone: 'yard' }))).toEqual([made]);
    expect(await value('update_kiln', { kilnId: made.id as string, zone: 'cellar' })).toEqual({ ...made, zone: 'cellar' });
    expect((await run('delete_kiln', { kilnId: made.id as string })).ok).toBe(true);
    expect(await run('get_kiln', { kilnId: made.id as string })).toEqual({ ok: false, fault: 'not_found', message: `There is no kiln \`${String(made.id)}\`.` });
  });
  test('lists are cut at the limit and say how many there are', async () => {
    const { value } = await at(1);
    const all = await value('list_kilns');
    const cut = await value('list_kilns', { limit: 1 });
    expect(kilnsOf(cut)).toEqual(kilnsOf(all).slice(0, 1));
    expect(cut.total).toBe(kilnsOf(all).length);
  });
  test('a child is found under its parent only, and needs one', async () => {
    const { run, value } = await at(1);
    const [first, second] = kilnsOf(await value('list_kilns'));
    const firing = await value('schedule_firing', { kilnId: first?.id as string, glaze: 'celadon', peak_celsius: 1240 });
    expect(firing.kiln_id).toBe(first?.id);
    expect(await run('get_firing', { kilnId: second?.id as string, firingId: firing.id as string })).toMatchObject({ ok: false, fault: 'not_found' });
    expect(await run('schedule_firing', { kilnId: 'none', glaze: 'celadon', peak_celsius: 1240 })).toMatchObject({ ok: false, fault: 'not_found', message: 'There is no kiln `none`.' });
  });
  test('what others lie under or refer to cannot be deleted', async () => {
    const { run, value } = await at(1);
    const kiln = await value('create_kiln', { name: 'Long Tom', zone: 'yard' });
    await value('create_piece', { title: 'Moon jar', kiln_id: kiln.id as string });
    expect(await run('delete_kiln', { kilnId: kiln.id as string })).toMatchObject({ ok: false, fault: 'conflict', message: expect.stringContaining('is still used by the piece') as string });
    const [first] = kilnsOf(await value('list_kilns'));
    expect(await run('delete_kiln', { kilnId: first?.id as string })).toMatchObject({ ok: false, fault: 'conflict', message: expect.stringContaining('still has a firing') as string });
  });
  test('a reference to something that is not there is not found; a name is taken once', async () => {
    const { run, value } = await at(1);
    expect(await run('create_piece', { title: 'Moon jar', kiln_id: 'none' })).toEqual({ ok: false, fault: 'not_found', message: 'There is no kiln `none` (`kiln_id`).' });
    await value('create_kiln', { name: 'Long Tom', zone: 'yard' });
    expect(await run('create_kiln', { name: 'Long Tom', zone: 'cellar' })).toEqual({ ok: false, fault: 'conflict', message: 'There is a kiln with the name `Long Tom` already.' });
  });
  test('a status moves on and never back', async () => {
    const { run, value } = await at(1);
    const [kiln] = kilnsOf(await value('list_kilns'));
    const path = { kilnId: kiln?.id as string, firingId: (await value('schedule_firing', { kilnId: kiln?.id as string, glaze: 'tenmoku', peak_celsius: 1280 })).id as string };
    expect((await value('get_firing', path)).status).toBe('scheduled');
    expect((await value('update_firing', { ...path, status: 'completed' })).status).toBe('completed');
    expect(await run('update_firing', { ...path, status: 'running' })).toEqual({ ok: false, fault: 'precondition', message: 'The firing is `completed` and cannot become `running` any more.' });
    expect(world.doc.policy).toContain('The status of a firing moves on and never back: scheduled, running, completed, cancelled.');
  });
  test('wrong arguments and unknown tools are results and change nothing', async () => {
    const { run, digest } = await at(1);
    const before = await digest();
    expect(await run('create_kiln', { name: 7 })).toEqual({ ok: false, fault: 'invalid_args', message: 'Wrong arguments for `create_kiln`: `zone` is missing; `name`: must be string, got 7.' });
    expect(await run('list_kilns', { colour: 'red' })).toEqual({ ok: false, fault: 'invalid_args', message: 'Wrong arguments for `list_kilns`: it takes no argument `colour`.' });
    expect(await run('fly')).toMatchObject({ ok: false, fault: 'unknown_tool' });
    expect(await digest()).toBe(before);
  });
  test('the same calls give the same answers and digests, whatever other instances do, and survive JSON', async () => {
    const calls: Call[] = [{ tool: 'create_kiln', args: { name: 'Long Tom', zone: 'yard' } }, { tool: 'list_kilns', args: {} }, { tool: 'list_pieces', args: {} }];
    const [one, other] = [await world.open(3), await world.open(3)];
    await (await world.open(3)).call({ tool: 'create_kiln', args: { name: 'Somebody else\'s', zone: 'yard' } });
    for (const call of calls) {
      const result = await one.call(call);
      expect(await other.call(call)).toEqual(result);
      expect(JSON.parse(JSON.stringify(result))).toEqual(result);
      expect(await one.digest()).toBe(await other.digest());
    }
  });
  test('every fact can fill an argument', () => {
    const tools = new Map(world.doc.tools.map((tool) => [tool.name, Object.keys(tool.input.properties as object)]));
    const facts = world.known(1);
    expect(facts.length).toBeGreaterThan(5);
    for (const { params, entity } of facts) expect(entity !== undefined || params?.some((param) => tools.get(param.split('.')[0] ?? '')?.includes(param.split('.')[1] ?? ''))).toBe(true);
  });
});

describe('proof of a simulation', () => {
  test('every tool that stays has succeeded with an answer that fits its schema, and failed with a type', async () => {
    const { api } = buildSimulatedApi(await readSpec('pottery.yaml', FIXTURES), { name: 'pottery' });
    expect(proven(api)).toMatchObject({ failed: [], api: { tools: { length: 14 } } });
  });
  test('an answer that does not fit its schema takes its tool away, and a list that does takes what hangs on it', async () => {
    const { api } = buildSimulatedApi(await readSpec('pottery.yaml', FIXTURES), { name: 'pottery' });
    const broken = { ...api, tools: api.tools.map((tool) => (['list_pieces', 'create_piece'].includes(tool.doc.name) ? { ...tool, doc: { ...tool.doc, output: { type: 'string' } } } : tool)) };
    const proof = proven(broken);
    expect(proof.api.tools.some((tool) => tool.resource === 'piece')).toBe(false);
    expect(Object.fromEntries(proof.failed.map(({ tool, why }) => [tool, why]))).toEqual({
      list_pieces: expect.stringContaining('its answer does not fit its schema: `value`: must be string, got {"data":[') as string,
      create_piece: expect.stringContaining('its answer does not fit its schema') as string,
      get_piece: 'the items it works on can no longer be found',
      delete_piece: 'the items it works on can no longer be found',
    });
  });
  test('outputs of every reading tool fit', async () => {
    const { value } = await at(5);
    const list = world.doc.tools.find(({ name }) => name === 'list_kilns');
    expect(misfits(list?.output ?? {}, await value('list_kilns'))).toEqual([]);
  });
});
