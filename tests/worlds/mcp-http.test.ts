import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mcpBlockSchema } from '../../src/core/campaign/campaign.schema';
import type { JsonObject } from '../../src/core/json';
import type { Call } from '../../src/core/tool';
import { createMcpWorld } from '../../src/worlds/mcp';
import { proposeVolatile } from '../../src/worlds/propose-volatile';
import { noticesOf } from '../../src/worlds/notices';
import { createReplayer } from '../../src/worlds/replay';
import { WorldUnavailable, type World } from '../../src/worlds/world';
import { startHttpServer, type HttpServer } from '../fixtures/mcp-http';

// Processes and connections on a busy machine.
jest.setTimeout(30_000);

let root: string;
const servers: HttpServer[] = [];
const worlds: World[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mcp-http-'));
});
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()));
  await Promise.all(servers.splice(0).map((server) => server.close()));
  rmSync(root, { recursive: true, force: true });
});

async function serverOf(options: Parameters<typeof startHttpServer>[0] = {}): Promise<HttpServer> {
  const server = await startHttpServer(options);
  servers.push(server);
  return server;
}

async function worldOf(url: string, change: JsonObject = {}): Promise<World> {
  const world = await createMcpWorld(mcpBlockSchema.parse({ name: 'notes', url, ...change }), { baseDir: root, cacheDir: join(root, 'cache'), scratchDir: join(root, 'scratch'), startTimeoutMs: 3_000 });
  worlds.push(world);
  return world;
}

const SESSION = { isolation: 'session', probe: [{ tool: 'list_notes' }], rebind: ['/id', '/notes/*/id'] };

describe('a session of its own for every instance', () => {
  test('what one writes the other does not see, and a closed one is ended at the server', async () => {
    const server = await serverOf();
    const world = await worldOf(server.url, SESSION);
    const [one, two] = [await world.open(0), await world.open(0)];
    await one.call({ tool: 'add_note', args: { text: 'mine' } });
    expect(await one.call({ tool: 'list_notes', args: {} })).toMatchObject({ value: { notes: [{ text: 'mine' }] } });
    expect(await two.call({ tool: 'list_notes', args: {} })).toEqual({ ok: true, value: { notes: [] } });
    await one.close();
    await two.close();
    await world.close();
    expect(server.open.size).toBe(0);
  });

  test('a list of tools that changes while the session lasts ends it within a minute, with what changed', async () => {
    const tools = ['list_notes', 'add_note', 'get_note'];
    const instance = await (await worldOf((await serverOf({ tools })).url, SESSION)).open(0);
    tools.push('whoami');
    expect(await instance.call({ tool: 'add_note', args: { text: 'mine' } })).toMatchObject({ ok: true });
    const now = performance.now.bind(performance);
    const later = jest.spyOn(performance, 'now').mockImplementation(() => now() + 61_000);
    try {
      await expect(instance.call({ tool: 'add_note', args: { text: 'mine' } })).rejects.toThrow('Expected world `notes` to offer the same tools at every start, got added: whoami; a server that changes cannot be replayed');
    } finally {
      later.mockRestore();
    }
  });

  test('replays agree on results and digests although every id is random', async () => {
    const server = await serverOf();
    const calls: Call[] = [{ tool: 'add_note', args: { text: 'a' } }, { tool: 'add_note', args: { text: 'b' } }, { tool: 'list_notes', args: {} }];
    const runs = await Promise.all([1, 2].map(async () => {
      const replayer = createReplayer([await worldOf(server.url, SESSION)]);
      return replayer.execute('notes')(0, calls);
    }));
    expect(runs[0]).toEqual(runs[1]);
    expect(new Set(runs[0]?.digests).size).toBe(3);
  });

  test('a call with an id\'s lasting name reaches the thing that the id stands for, in texts too', async () => {
    const instance = await (await worldOf((await serverOf()).url, SESSION)).open(0);
    const added = await instance.call({ tool: 'add_note', args: { text: 'hello' } });
    const { id } = (added as unknown as { value: { id: string } }).value;
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(await instance.call({ tool: 'get_note', args: { id } })).toEqual({ ok: true, value: { text: `note ${id} says hello` } });
    expect(await instance.call({ tool: 'get_note', args: { id: 'another' } })).toEqual({ ok: false, fault: 'not_found', message: 'Note another not found' });
  });
});

test('looking at ids makes no other state, and writing does', async () => {
  const instance = await (await worldOf((await serverOf()).url, { ...SESSION, rebind: ['/notes/*/id'] })).open(0);
  await instance.call({ tool: 'add_note', args: { text: 'hello' } });
  const before = await instance.digest();
  await instance.call({ tool: 'list_notes', args: {} });
  expect(await instance.digest()).toBe(before);
  await instance.call({ tool: 'add_note', args: { text: 'again' } });
  expect(await instance.digest()).not.toBe(before);
});

test('two runs propose what to do about random ids', async () => {
  writeFileSync(join(root, 'known.yaml'), 'all: [{ name: words, value: buy milk, about: what to note, params: [add_note.text] }]');
  const change = { isolation: 'session', tools: ['add_note', 'list_notes', 'get_note'], known: './known.yaml' };
  const world = await worldOf((await serverOf()).url, change);
  expect(await proposeVolatile(world, { pauseMs: 0 })).toEqual({ volatile: [], rebind: expect.arrayContaining(['/id', '/notes/*/id', 'uuid']), open: [] });
  const named = await worldOf((await serverOf()).url, { ...change, rebind: ['/id', '/notes/*/id'] });
  expect(await proposeVolatile(named, { pauseMs: 0 })).toEqual({ volatile: [], rebind: [], open: [] });
});

describe('a tape', () => {
  const calls: Call[] = [{ tool: 'add_note', args: { text: 'a' } }, { tool: 'get_note', args: { id: 'wrong' } }, { tool: 'list_notes', args: {} }];

  test('answers without the server as the server did: results, digests, document and facts', async () => {
    const server = await serverOf();
    writeFileSync(join(root, 'known.yaml'), 'all: [{ name: words, value: milk, about: what to note, params: [add_note.text] }]');
    const recorded = await worldOf(server.url, { ...SESSION, known: './known.yaml', tape: { record: 'tapes/notes.jsonl' } });
    const live = await createReplayer([recorded]).execute('notes')(0, calls);
    await server.close();
    rmSync(join(root, 'known.yaml'));
    const replayed = await worldOf(server.url, { ...SESSION, known: './known.yaml', tape: { replay: 'tapes/notes.jsonl' } });
    expect(await createReplayer([replayed]).execute('notes')(0, calls)).toEqual(live);
    expect(replayed.doc).toEqual(recorded.doc);
    expect(replayed.known(0)).toEqual(recorded.known(0));
  });

  test('does not answer what was not recorded, and says which tape and call', async () => {
    const server = await serverOf();
    const recorder = createReplayer([await worldOf(server.url, { ...SESSION, tape: { record: 'notes.jsonl' } })]);
    await recorder.execute('notes')(0, calls);
    const replay = createReplayer([await worldOf(server.url, { ...SESSION, tape: { replay: 'notes.jsonl' } })]).execute('notes');
    await expect(replay(0, [{ tool: 'add_note', args: { text: 'b' } }])).rejects.toThrow(/The call add_note \{"text":"b"\} at this place of seed 0 is not on the tape .*notes\.jsonl/);
    await expect(replay(0, [{ tool: 'add_note', args: { text: 'b' } }])).rejects.toThrow(WorldUnavailable);
    await expect(replay(0, [calls[2] as Call])).rejects.toThrow('is not on the tape');
  });

  test('of another version is not continued, one of the same is, and a missing one is named', async () => {
    const server = await serverOf();
    const change = { ...SESSION, tape: { record: 'notes.jsonl' } };
    const record = async (more: Call[], block: JsonObject = change): Promise<unknown> => createReplayer([await worldOf(server.url, block)]).execute('notes')(0, more);
    await record(calls);
    const lines = (): number => readFileSync(join(root, 'notes.jsonl'), 'utf8').split('\n').length;
    const before = lines();
    await record(calls);
    expect(lines()).toBe(before);
    await record([...calls, { tool: 'add_note', args: { text: 'c' } }]);
    expect(lines()).toBe(before + 2);
    await expect(record(calls, { ...change, tools: ['add_note', 'list_notes'] })).rejects.toThrow(/Expected a tape of notes@notes@2\.0\.0#\w+ at .* got one of notes@/);
    await expect(worldOf(server.url, { ...SESSION, tape: { replay: 'none.jsonl' } })).rejects.toThrow('Expected a recorded tape at');
  });
});

describe('a shared server', () => {
  test('is only read: what is not marked is not offered and never called, whatever its annotations say', async () => {
    const server = await serverOf();
    const world = await worldOf(server.url, { readOnly: ['board', 'whoami'] });
    expect(world.doc.tools.map(({ name }) => name)).toEqual(['board', 'whoami']);
    const instance = await world.open(0);
    expect(await instance.call({ tool: 'list_notes', args: {} })).toMatchObject({ ok: false, fault: 'unknown_tool' });
    expect(await instance.call({ tool: 'post', args: { text: 'x' } })).toMatchObject({ ok: false, fault: 'unknown_tool' });
    expect(await instance.call({ tool: 'board', args: {} })).toEqual({ ok: true, value: { everyone: [] } });
    expect(server.calls.map(({ tool }) => tool)).toEqual(['board']);
    expect(server.open.size).toBe(1);
  });

  test('with nothing marked is refused, naming what the server claims to be reading', async () => {
    await expect(worldOf((await serverOf()).url)).rejects.toThrow(/^Expected world `notes` to have a reset or tools marked `readOnly`, got neither.*calls these reading: \[list_notes, get_note, board, flood, whoami\]/);
    await expect(worldOf((await serverOf()).url, { readOnly: ['nothing'] })).rejects.toThrow('Expected mcp.readOnly of world `notes` to name tools of the server, got [nothing]');
    await expect(worldOf((await serverOf()).url, { readOnly: ['board'], probe: [{ tool: 'post', args: { text: 'seen' } }, { tool: 'board' }] })).rejects.toThrow('Expected mcp.probe of world `notes` to call tools marked `readOnly`, since nothing puts back what they change, got [post]');
  });

  test('says what is lost, one sentence per missing trait', async () => {
    const world = await worldOf((await serverOf()).url, { readOnly: ['board'] });
    expect(noticesOf([world])).toEqual([
      'World `notes` has one seed: data edges rest on mutate and swap alone, and every sample starts from the same state.',
      'World `notes` has no known facts: a user could state nothing, so arguments come from schemas and earlier results alone.',
      'World `notes` has no reset: 1 tool marked read-only is offered, the other 7 of the server never called, and no state edges are learnt.',
    ]);
  });

  test('with reset calls serves one instance at a time, each from the state it began with', async () => {
    const server = await serverOf();
    const world = await worldOf(server.url, { isolation: 'shared', reset: [{ tool: 'wipe' }], probe: [{ tool: 'board' }], tools: ['post', 'board'] });
    expect(world.maxOpen).toBe(1);
    for (let round = 0; round < 2; round++) {
      const instance = await world.open(0);
      expect(await instance.call({ tool: 'board', args: {} })).toEqual({ ok: true, value: { everyone: [] } });
      expect(await instance.call({ tool: 'post', args: { text: 'left' } })).toEqual({ ok: true, value: { posted: 1 } });
      await instance.close();
    }
    expect(server.open.size).toBe(1);
  });

  test('with reset calls is used by two campaigns in turns, each from the state it began with', async () => {
    const server = await serverOf();
    const same: JsonObject = { isolation: 'shared', reset: [{ tool: 'wipe' }], probe: [{ tool: 'board' }], tools: ['post', 'board'] };
    const replayers = await Promise.all([0, 1].map(async () => createReplayer([await worldOf(server.url, same)])));
    const runs = await Promise.all(replayers.flatMap((replayer, at) => [0, 1].map((nth) => replayer.execute('notes')(0, [{ tool: 'post', args: { text: `by ${at}${nth}` } }, { tool: 'board', args: {} }]))));
    expect(runs.map(({ results }) => results[1])).toEqual(['00', '01', '10', '11'].map((who) => ({ ok: true, value: { everyone: [`by ${who}`] } })));
    await Promise.all(replayers.map((replayer) => replayer.close()));
  });
});

describe('secrets', () => {
  const TOKEN = 'tok-1234567890';
  beforeEach(() => void (process.env['NOTES_TEST_AUTH'] = `Bearer ${TOKEN}`));
  afterEach(() => void delete process.env['NOTES_TEST_AUTH']);

  test('a header comes from a named variable and is shown neither in results nor in files', async () => {
    const server = await serverOf({ token: TOKEN });
    const world = await worldOf(server.url, { readOnly: ['*'], headersEnv: { Authorization: 'NOTES_TEST_AUTH' }, tape: { record: 'calls.jsonl' } });
    const instance = await world.open(0);
    expect(await instance.call({ tool: 'whoami', args: {} })).toEqual({ ok: true, value: { token: '[NOTES_TEST_AUTH]' } });
    expect(server.calls[0]?.authorization).toBe(`Bearer ${TOKEN}`);
    expect(JSON.stringify(world.doc)).not.toContain(TOKEN);
    for (const file of readdirSync(root, { recursive: true, withFileTypes: true })) if (file.isFile()) expect(readFileSync(join(file.parentPath, file.name), 'utf8')).not.toContain(TOKEN);
  });

  test('an endpoint that does not accept them says so without them', async () => {
    const server = await serverOf({ token: 'another' });
    const attempt = worldOf(server.url, { readOnly: ['*'], headersEnv: { Authorization: 'NOTES_TEST_AUTH' } });
    await expect(attempt).rejects.toThrow(WorldUnavailable);
    await expect(attempt).rejects.toThrow(`Expected an MCP server at ${server.url}, got: HTTP 401, which means that it does not accept who asks; check headersEnv and the variables it names`);
    await attempt.catch((error: Error) => expect(`${error.stack} ${String(error.cause)}`).not.toContain(TOKEN));
  });

  test('a variable that is not set is named', async () => {
    await expect(worldOf((await serverOf()).url, { headersEnv: { Authorization: 'NOTES_TEST_NOT_SET' } })).rejects.toThrow('Expected the environment variable `NOTES_TEST_NOT_SET` to be set (mcp.headersEnv.Authorization)');
  });

  test('of an mcpServers file are read when the world is opened', async () => {
    const server = await serverOf({ token: TOKEN });
    writeFileSync(join(root, 'mcp.json'), JSON.stringify({ mcpServers: { notes: { url: server.url, headers: { Authorization: '${NOTES_TEST_AUTH}' } } } }));
    const instance = await (await worldOf(server.url, { readOnly: ['*'], mcpServer: { file: './mcp.json', server: 'notes' } })).open(0);
    expect(await instance.call({ tool: 'board', args: {} })).toMatchObject({ ok: true });
    await expect(worldOf(server.url, { readOnly: ['*'], mcpServer: { file: './mcp.json', server: 'other' } })).rejects.toThrow(/Expected the server `other` in .*mcp\.json .* got \[notes\]/);
  });
});

describe('a server that breaks', () => {
  test('that is not there, is no MCP server, or forgets the session is unavailable', async () => {
    const server = await serverOf();
    await expect(worldOf('http://127.0.0.1:9/mcp', SESSION)).rejects.toThrow(/^Expected an MCP server at http:\/\/127\.0\.0\.1:9\/mcp, got: fetch failed/);
    await expect(worldOf('http://127.0.0.1:9/mcp', SESSION)).rejects.toThrow(WorldUnavailable);
    const instance = await (await worldOf(server.url, SESSION)).open(0);
    await instance.digest();
    server.forget();
    expect(await instance.call({ tool: 'board', args: {} })).toMatchObject({ ok: false, fault: 'unavailable', message: expect.stringContaining('HTTP 404') });
    await expect(instance.digest()).rejects.toThrow(WorldUnavailable);
  });

  test('that floods is cut off at the limit, and a new session works', async () => {
    const world = await worldOf((await serverOf()).url, { ...SESSION, maxOutputBytes: 50_000 });
    const began = process.memoryUsage().rss;
    expect(await (await world.open(0)).call({ tool: 'flood', args: {} })).toMatchObject({ ok: false, fault: 'unavailable', message: expect.stringContaining('the reply has more than') });
    expect(process.memoryUsage().rss - began).toBeLessThan(400e6);
    expect(await (await world.open(0)).call({ tool: 'board', args: {} })).toMatchObject({ ok: true });
  });
});
