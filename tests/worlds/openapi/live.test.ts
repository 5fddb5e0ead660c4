import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LiveApiBlock } from '../../../src/core/campaign/openapi.schema';
import type { Call } from '../../../src/core/tool';
import { withoutSecrets } from '../../../src/worlds/openapi/auth';
import { createOpenapiWorld } from '../../../src/worlds/openapi';
import { noticesOf } from '../../../src/worlds/notices';
import { createReplayer } from '../../../src/worlds/replay';
import { WorldUnavailable, type World, type WorldInstance } from '../../../src/worlds/world';
import { startPottery, type PotteryService } from '../../fixtures/openapi/pottery-service';

const FIXTURES = join(__dirname, '../../fixtures/openapi');
const KEY = 'k-93f1-very-secret';

let service: PotteryService;
beforeAll(async () => {
  service = await startPottery(KEY);
  process.env['POTTERY_KEY'] = KEY;
});
afterAll(async () => {
  delete process.env['POTTERY_KEY'];
  await service.close();
});
beforeEach(() => {
  service.seen.length = 0;
  for (const habit of Object.keys(service.habits)) delete service.habits[habit as keyof PotteryService['habits']];
});

const block = (change: Partial<LiveApiBlock> = {}): LiveApiBlock => ({
  name: 'pottery', spec: './pottery.yaml', mode: 'live', baseURL: service.baseURL, auth: { apiKeyEnv: 'POTTERY_KEY' }, reset: { request: 'POST /test/reset?seed={seed}' }, seeds: 3,
  volatile: [], descriptions: {}, parameters: {}, entities: {}, policy: '', callTimeoutMs: 2_000, maxOutputBytes: 20_000, ...change,
});
/** Closed after the test: an instance that is open keeps the service from others. */
const opened: WorldInstance[] = [];
afterEach(() => Promise.all(opened.splice(0).map((instance) => instance.close())));
const open = async (change: Partial<LiveApiBlock> = {}, baseDir = FIXTURES): Promise<World> => {
  const world = await createOpenapiWorld(block(change), { baseDir });
  return { ...world, open: async (seed) => {
    const instance = await world.open(seed);
    opened.push(instance);
    return instance;
  } };
};

describe('a running service', () => {
  test('answers calls from nothing but its description', async () => {
    const instance = await (await open()).open(1);
    expect(await instance.call({ tool: 'list_kilns', args: { zone: 'yard' } })).toEqual({ ok: true, value: { kilns: [{ id: 'k107a', name: 'Amber', zone: 'yard' }], total: 1 } });
    expect(await instance.call({ tool: 'get_kiln', args: { kilnId: 'k107a' } })).toMatchObject({ ok: true, value: { name: 'Amber' } });
    expect(service.seen.slice(-2)).toEqual(['GET /kilns?zone=yard', 'GET /kilns/k107a']);
  });
  test('without a reset only what reads is offered, and notices say what is lost', async () => {
    const world = await open({ reset: undefined, seeds: 1 });
    expect(world.doc.tools.map(({ name }) => name)).toEqual(['list_kilns', 'get_kiln', 'list_firings', 'get_firing', 'list_pieces', 'get_piece']);
    expect(world.doc).toMatchObject({ tier: 'openapi', reseedable: false });
    expect(noticesOf([world])[0]).toMatch(/has one seed/);
    expect(noticesOf([world]).at(-1)).toMatch(/has no `reset`: only operations that read are tools/);
  });
  test('an answer that its own description does not allow counts as sent, and a notice says so once', async () => {
    const world = await open();
    expect(noticesOf([world]).filter((notice) => notice.includes('output schema'))).toEqual([]);
    const instance = await world.open(1);
    expect(await instance.call({ tool: 'get_kiln', args: { kilnId: 'k107a' } })).toMatchObject({ ok: true });
    expect(noticesOf([world]).filter((notice) => notice.includes('output schema'))).toEqual([]);
    service.habits.lie = true;
    for (let time = 0; time < 2; time++) expect(await instance.call({ tool: 'get_kiln', args: { kilnId: 'k107a' } })).toMatchObject({ ok: true, value: { name: 7 } });
    expect(noticesOf([world]).filter((notice) => notice.includes('output schema'))).toEqual([expect.stringMatching(/^World `pottery`: tool `get_kiln` does not keep to its own output schema: .*name.*string.*; what it sent counts\.$/)]);
  });
  test('replays from a seed are equal in results and digests, a write changes the digest, a fault does not', async () => {
    const calls: Call[] = [{ tool: 'create_kiln', args: { name: 'Cinder', zone: 'yard' } }, { tool: 'create_kiln', args: { name: 'Cinder', zone: 'yard' } }, { tool: 'list_kilns', args: {} }];
    const runs = [];
    for (let run = 0; run < 2; run++) {
      const replayer = createReplayer([await open()]);
      runs.push(await replayer.execute('pottery')(2, calls));
      await replayer.close();
    }
    expect(runs[0]).toEqual(runs[1]);
    expect(runs[0]?.results[1]).toEqual({ ok: false, fault: 'conflict', message: 'there is a kiln Cinder' });
    const digests = runs[0]?.digests ?? [];
    expect([digests[1] === digests[0], digests[2] === digests[1]]).toEqual([false, true]);
  });
  test('two campaigns that name it take turns: neither sees what the other did, and an instance that stands unused gives way', async () => {
    const replayers = [createReplayer([await open()]), createReplayer([await open({ name: 'also-pottery' })])];
    const runs = await Promise.all(replayers.flatMap((replayer, at) => [0, 1, 2].map((nth) =>
      replayer.execute(at === 0 ? 'pottery' : 'also-pottery')(1, [{ tool: 'create_kiln', args: { name: `Cinder ${at}${nth}`, zone: 'yard' } }, { tool: 'list_kilns', args: { zone: 'yard' } }]))));
    expect(runs.map(({ results }) => (results[1] as unknown as { value: { kilns: { name: string }[] } }).value.kilns.map(({ name }) => name)))
      .toEqual([0, 1].flatMap((at) => [0, 1, 2].map((nth) => ['Amber', `Cinder ${at}${nth}`])));
    await Promise.all(replayers.map((replayer) => replayer.close()));
  });
  test('whose reset fails is left to the next', async () => {
    await expect((await open({ reset: { command: 'exit 3' } })).open(0)).rejects.toThrow(/^Expected the reset of world `pottery` to seed 0 to succeed, got: /);
    expect(await (await (await open()).open(0)).call({ tool: 'list_kilns', args: {} })).toMatchObject({ ok: true });
  });
  test('a reset carries the key where the service wants it, in the query too, and to no other origin', async () => {
    const asked: string[] = [];
    const other = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end('[]');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const auth = { apiKeyEnv: 'POTTERY_KEY', query: 'key' };
    try {
      for (const request of ['POST /test/reset?seed={seed}', `POST ${address.replace('127.0.0.1', 'localhost')}/else?seed={seed}`]) {
        const instance = await (await open({ baseURL: `${address}/own`, auth, probe: [], reset: { request } })).open(2);
        await instance.close();
      }
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
    expect(asked).toEqual([`/own/test/reset?seed=2&key=${KEY}`, '/else?seed=2']);
  });
  test('a key in the query is no parameter of a tool, though the description requires it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'openapi-keys-'));
    const parameter = (name: string): object => ({ name, in: 'query', required: true, schema: { type: 'string' } });
    const paths = { '/weather': { get: { operationId: 'getWeather', parameters: ['q', 'appid', 'license'].map(parameter), responses: { 200: { description: 'ok' } } } } };
    const components = { securitySchemes: { key: { type: 'apiKey', in: 'query', name: 'appid' } } };
    writeFileSync(join(folder, 'weather.json'), JSON.stringify({ openapi: '3.0.3', info: { title: 'Weather', version: '1' }, paths, components }));
    const asked: string[] = [];
    const weather = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
    await new Promise<void>((resolve) => weather.listen(0, '127.0.0.1', resolve));
    try {
      const world = await open({ spec: './weather.json', baseURL: `http://127.0.0.1:${(weather.address() as AddressInfo).port}`, auth: { apiKeyEnv: 'POTTERY_KEY', query: 'license' }, reset: undefined, probe: [] }, folder);
      expect(world.doc.tools.map(({ input }) => [Object.keys(input.properties as object), input.required])).toEqual([[['q'], ['q']]]);
      await (await world.open(0)).call({ tool: world.doc.tools[0]?.name ?? '', args: { q: 'Lisbon' } });
      expect(asked.at(-1)).toBe(`/weather?q=Lisbon&license=${KEY}`);
    } finally {
      await new Promise((resolve) => weather.close(resolve));
      rmSync(folder, { recursive: true });
    }
  });

  describe('what counts as state', () => {
    const answer = { 200: { description: 'ok', content: { 'application/json': { schema: { type: 'object' } } } } };
    const withLists = (count: number): Promise<World> => {
      const paths = Object.fromEntries([...Array.from({ length: count }, (_unused, at) => [`/shelf${at}`, { get: { operationId: `listShelf${at}`, responses: answer } }]), ['/kilns/{id}', { get: { operationId: 'getKiln', parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }], responses: answer } }]]);
      writeFileSync(join(folder, 'shelves.json'), JSON.stringify({ openapi: '3.0.3', info: { title: 'Shelves', version: '1' }, paths }));
      return open({ spec: './shelves.json', auth: { apiKeyEnv: 'POTTERY_KEY', header: 'x-studio-key' } }, folder);
    };
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'openapi-live-'))));
    afterEach(() => rmSync(folder, { recursive: true }));

    test.each([
      [0, 'has no `probe`, since every reading tool needs an input: what a call changes at the service cannot be seen, so state edges rest on leaving calls out alone.'],
      [10, undefined],
      [24, 'counts the answers of 10 of its 24 reading tools without inputs as state; name others with `probe`.'],
    ])('with %i reading tools without inputs', async (count, says) => {
      const world = await withLists(count);
      expect(world.notices?.()).toEqual(says === undefined ? [] : [`World \`pottery\` ${says}`]);
      const instance = await world.open(0);
      service.seen.length = 0;
      await instance.digest();
      expect(service.seen).toEqual(Array.from({ length: Math.min(count, 10) }, (_unused, at) => `GET /shelf${at}`));
    });
  });
  test.each([[404, 'not_found'], [410, 'not_found'], [409, 'conflict'], [400, 'invalid_args'], [422, 'invalid_args'], [402, 'precondition'], [429, 'unavailable'], [503, 'unavailable']])('status %i is fault %s', async (status, fault) => {
    const instance = await (await open({ reset: undefined })).open(0);
    service.habits.failWith = status;
    expect(await instance.call({ tool: 'list_kilns', args: {} })).toEqual({ ok: false, fault, message: 'cannot, sorry' });
  });
  test('a key that opens nothing is the operator\'s to mend, told when the world is opened, and shown nowhere', async () => {
    process.env['WRONG_KEY'] = 'wrong-1234';
    const failure = await open({ auth: { apiKeyEnv: 'WRONG_KEY' } }).then(() => undefined, (error: unknown) => error as Error);
    expect(failure).toBeInstanceOf(WorldUnavailable);
    expect(failure?.message).toBe('Expected the service of world `pottery` to let us call GET /kilns, got 401: no such key: ***; check `auth` in its block and the variable it names');
    await expect(open({ auth: { bearerEnv: 'NO_SUCH_VARIABLE' } })).rejects.toThrow('Expected a secret in the environment variable `NO_SUCH_VARIABLE` (openapi block, pottery.auth.bearerEnv), got nothing; set it where the worker runs');
  });
  test('secrets are in no doc, answer or error', async () => {
    service.habits.echoKey = true;
    const world = await open();
    const instance = await world.open(0);
    expect(await instance.call({ tool: 'list_kilns', args: {} })).toMatchObject({ ok: true, value: { note: 'called with ***' } });
    service.habits.failWith = 400;
    expect(await instance.call({ tool: 'get_kiln', args: { kilnId: 'k007a' } })).toMatchObject({ message: 'cannot, ***' });
    expect(JSON.stringify(world.doc)).not.toContain(KEY);
  });
  test('silence and floods are contained', async () => {
    const world = await open({ callTimeoutMs: 200, reset: undefined });
    service.habits.flood = true;
    expect(await (await world.open(0)).call({ tool: 'list_kilns', args: {} })).toEqual({ ok: false, fault: 'precondition', message: 'The output has more than the 20000 bytes that are allowed; ask for less' });
    service.habits.flood = false;
    service.habits.hang = true;
    expect(await (await world.open(0)).call({ tool: 'list_kilns', args: {} })).toEqual({ ok: false, fault: 'unavailable', message: 'GET /kilns of world `pottery`: no answer within 200 ms' });
  });
  test('a failed write that changed something all the same breaks the instance', async () => {
    const instance = await (await open({ probe: ['list_kilns'] })).open(0);
    await instance.digest();
    service.habits.halfDone = true;
    expect(await instance.call({ tool: 'create_kiln', args: { name: 'Amber', zone: 'yard' } })).toMatchObject({ ok: false, fault: 'unavailable', message: 'A failed create_kiln changed the state for good: there is a kiln Amber' });
    await expect(instance.digest()).rejects.toThrow(WorldUnavailable);
  });
  test('arguments that do not fit, unknown tools and paths that lead elsewhere are never sent', async () => {
    const instance = await (await open({ reset: undefined })).open(0);
    service.seen.length = 0;
    expect(await instance.call({ tool: 'get_kiln', args: {} })).toMatchObject({ ok: false, fault: 'invalid_args' });
    expect(await instance.call({ tool: 'get_kiln', args: { kilnId: '..' } })).toMatchObject({ ok: false, fault: 'invalid_args' });
    expect(await instance.call({ tool: 'create_kiln', args: { name: 'x', zone: 'y' } })).toMatchObject({ ok: false, fault: 'unknown_tool' });
    expect(service.seen).toEqual([]);
    await instance.call({ tool: 'get_kiln', args: { kilnId: '../test/reset' } });
    expect(service.seen).toEqual(['GET /kilns/..%2Ftest%2Freset']);
  });
  test('without an address of its own the block needs one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'openapi-address-'));
    writeFileSync(join(folder, 'api.json'), JSON.stringify({ openapi: '3.0.3', info: { title: 'A', version: '1' }, servers: [{ url: 'https://{region}.example' }], paths: { '/a': { get: { operationId: 'listA', responses: { 200: { description: 'ok' } } } } } }));
    await expect(open({ spec: './api.json', baseURL: undefined, auth: undefined }, folder)).rejects.toThrow('Expected `baseURL` in the openapi block `pottery` to be an http address, got none, and the spec\'s first server is `https://{region}.example`');
    rmSync(folder, { recursive: true });
  });
  test('an allow-list that names no operation is refused', async () => {
    await expect(open({ only: ['list_*', 'fire'] })).rejects.toThrow('Expected `only` to name operations (openapi block `pottery`), got `fire`, which is none that can be a tool');
    expect((await open({ only: ['listKilns'] })).doc.tools.map(({ name }) => name)).toEqual(['list_kilns']);
  });
});

test('a short secret of a test service is no reason to tear its words apart', () => {
  expect(withoutSecrets({ role: 'admin', sent: 'Basic YWRtaW46YWRtaW4=', pair: 'admin:admin' }, ['admin:admin', 'YWRtaW46YWRtaW4=', 'admin'])).toEqual({ role: 'admin', sent: 'Basic ***', pair: '***' });
});
