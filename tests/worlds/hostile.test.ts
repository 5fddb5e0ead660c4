import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { asFailure } from '../../src/activities/failures';
import { processesOf } from '../../src/process-identity';
import { mcpBlockSchema } from '../../src/core/campaign/campaign.schema';
import type { JsonObject } from '../../src/core/json';
import type { CallResult } from '../../src/core/tool';
import { createMcpWorld } from '../../src/worlds/mcp';
import { canConfine } from '../../src/worlds/mcp/confine';
import { createReplayer } from '../../src/worlds/replay';
import { WorldUnavailable, type World } from '../../src/worlds/world';

/** Servers that mean no good (tests/fixtures/mcp/hostile.cjs): contained, one sentence each, no process left. */
const FIXTURE = resolve(__dirname, '../fixtures/mcp/hostile.cjs');

// Processes and connections on a busy machine.
jest.setTimeout(30_000);

let root: string;
const worlds: World[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hostile-'));
});
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()));
  // Two looks: a killed process may take a moment to be gone.
  if (processesOf(root).length > 0) await new Promise((wait) => setTimeout(wait, 300));
  expect(processesOf(root)).toEqual([]);
  rmSync(root, { recursive: true, force: true });
});

async function worldOf(mode: string, change: JsonObject = {}, marker = 'none'): Promise<World> {
  const block = mcpBlockSchema.parse({ name: 'hostile', command: process.execPath, args: [FIXTURE, mode, marker], callTimeoutMs: 700, maxOutputBytes: 100_000, ...change });
  const world = await createMcpWorld(block, { baseDir: root, cacheDir: join(root, 'cache'), scratchDir: join(root, 'scratch'), startTimeoutMs: 5_000 });
  worlds.push(world);
  return world;
}

const call = async (world: World, tool: string, args: JsonObject = {}): Promise<CallResult> => (await world.open(0)).call({ tool, args });
const oneSentence = (result: CallResult): string => {
  const message = result.ok ? '' : result.message;
  expect(message).not.toMatch(/\n|\u001b/);
  expect(message.length).toBeLessThan(700);
  return message;
};

describe('a call that breaks its server is infrastructure, never an answer', () => {
  test.each([
    ['hang', /^The server gave no answer to hang: Request timed out/],
    ['flood', /^The server gave no answer to flood: /],
    ['dribble', /^The server gave no answer to dribble: /],
    ['exit', /^The server gave no answer to exit: /],
    ['garbage', /^The server gave no answer to garbage: Request timed out/],
    ['bad_result', /^The server gave no answer to bad_result: /],
  ])('%s', async (tool, sentence) => {
    const world = await worldOf('plain');
    const before = process.memoryUsage().rss;
    const result = await call(world, tool);
    expect(result).toMatchObject({ ok: false, fault: 'unavailable' });
    expect(oneSentence(result)).toMatch(sentence);
    expect(process.memoryUsage().rss - before).toBeLessThan(300e6);
    expect(await call(world, 'fine')).toEqual({ ok: true, value: { fine: true } });
  });

  test('is a fault of the call when it breaks two fresh servers, and what stands before and behind it is as without it', async () => {
    const execute = createReplayer([await worldOf('plain')]).execute('hostile');
    const fine = { tool: 'fine', args: {} };
    const without = await execute(0, [fine, fine]);
    const { results, digests } = await execute(0, [fine, { tool: 'exit', args: {} }, fine]);
    expect(results).toEqual([without.results[0], { ok: false, fault: 'precondition', message: 'exit gives no answer: it breaks what serves it' }, without.results[1]]);
    expect(digests).toEqual([without.digests[0], without.digests[1], without.digests[1], without.digests[2]]);
  });

  test('of a server that others could have broken parks after its retries: first it is tried again, then an operator is asked', async () => {
    const replay = createReplayer([{ ...(await worldOf('plain')), selfContained: false }]).execute('hostile')(0, [{ tool: 'exit', args: {} }]);
    const error = await replay.then(() => undefined, (reason: unknown) => reason);
    expect(error).toBeInstanceOf(WorldUnavailable);
    expect(asFailure(error, { attempt: 1, campaign: 'c' })).toMatchObject({ type: 'WorldUnavailable', nonRetryable: false });
    expect(asFailure(error, { attempt: 99, campaign: 'c' })).toMatchObject({ type: 'OperatorActionRequired', nonRetryable: true });
  });
});

describe('lies about schemas', () => {
  test('what was sent counts, and the broken promise is told once', async () => {
    const world = await worldOf('plain');
    for (let round = 0; round < 2; round++) expect(await call(world, 'lie')).toEqual({ ok: true, value: { count: 'many', extra: true } });
    expect(await call(world, 'silent_lie')).toEqual({ ok: true, value: 'plain' });
    expect(world.notices?.().filter((notice) => /promise|schema/.test(notice))).toEqual([
      'World `hostile`: tool `lie` does not keep to its own output schema: /count must be integer; what it sent counts.',
      'World `hostile`: tool `silent_lie` promises structured output and sent none; what it sent counts.',
    ]);
  });

  test('a tool without a usable name or schema is not offered, and the others are', async () => {
    const world = await worldOf('odd');
    const names = world.doc.tools.map(({ name }) => name);
    expect(names).toContain('fine');
    expect(names).not.toContain('no_schema');
    expect(world.doc.tools.find(({ name }) => name === 'painted')?.description).toBe('Painted words');
    expect(JSON.stringify(world.notices?.())).toMatch(/tool `with space ` is not offered: endpoints take names.*tool `no_schema` is not offered: its input schema is no JSON Schema/);
  });
});

describe('a list of tools', () => {
  test('with two of a name offers neither, says so, and refuses a block that asks for it', async () => {
    const world = await worldOf('twins');
    expect(world.doc.tools.map(({ name }) => name)).not.toContain('fine');
    expect(world.notices?.()).toContain('World `hostile`: tool `fine` is not offered: the server has several of that name, and a call could not say which it means.');
    await expect(worldOf('twins', { tools: ['fine'] })).rejects.toThrow(/Expected mcp\.tools to name tools of the server, got \[fine\].*several of that name/);
  });

  test('of 300 is offered whole, with a sentence on what that costs', async () => {
    const world = await worldOf('many');
    expect(world.doc.tools).toHaveLength(300);
    expect(world.notices?.()).toContain('World `hostile` offers 300 tools, each of which every target is probed on; choose some with `tools`.');
  });

  test('without an end is refused', async () => {
    const attempt = worldOf('endless');
    await expect(attempt).rejects.toThrow('Expected the server of world `hostile` to list its tools, got: a list of more than 1000 tools');
    await expect(attempt).rejects.toThrow(WorldUnavailable);
  });

  test('that changes in mid-session ends the instance at the next call, with what changed', async () => {
    const instance = await (await worldOf('plain')).open(0);
    expect(await instance.call({ tool: 'change_list', args: {} })).toMatchObject({ ok: true });
    expect(await instance.call({ tool: 'fine', args: {} })).toEqual({ ok: false, fault: 'unavailable', message: 'Expected world `hostile` to offer the same tools at every start, got added: new_one; a server that changes cannot be replayed' });
  });

  test('that differs at the next start refuses the instance', async () => {
    const marker = join(root, 'started');
    const world = await worldOf('restless', {}, marker);
    writeFileSync(marker, '');
    await (await world.open(0)).call({ tool: 'change_list', args: {} });
    await expect(world.open(0)).rejects.toThrow('to offer the same tools at every start, got removed: fine');
  });

  test('that differs from its first use is refused with a diff until the block accepts it', async () => {
    const marker = join(root, 'started');
    await worldOf('restless', {}, marker);
    writeFileSync(marker, '');
    const attempt = worldOf('restless', {}, marker);
    await expect(attempt).rejects.toThrow(/^Expected the tool list of world `hostile` to be the one of its first use, got removed: fine; look at the change, then accept it by `toolsHash: "\w{16}"` in the block$/);
    const hash = /toolsHash: "(\w+)"/.exec(await attempt.catch((error: Error) => error.message) as string)?.[1] as string;
    expect((await worldOf('restless', { toolsHash: hash }, marker)).doc.tools).toHaveLength(15);
    await expect(worldOf('restless', { toolsHash: '0123456789abcdef' }, marker)).rejects.toThrow('to be the one with mcp.toolsHash `0123456789abcdef`');
  });
});

describe('confinement', () => {
  test('escape codes reach neither values, keys nor messages', async () => {
    expect(await call(await worldOf('plain'), 'colours')).toEqual({ ok: true, value: { key: 'ab' } });
  });

  test('paths out of the folder do not reach the server, plain or by a link that it laid', async () => {
    const world = await worldOf('links');
    for (const path of ['/etc/hostname', '/workspace/out/hostname', 'out/hostname', 'out']) {
      expect(await call(world, 'read', { path })).toEqual({ ok: false, fault: 'not_found', message: `There is nothing at \`${path}\`: every file lies under /workspace` });
    }
  });

  test('files that nobody named are not there for the server itself either, where the platform allows it, else a notice says so', async () => {
    const folder = join(root, 'ours');
    mkdirSync(folder);
    writeFileSync(join(folder, 'secret'), 'do not read');
    const hidden = (await canConfine()) === 'files';
    const world = await worldOf('plain', {}, Buffer.from(folder).toString('base64'));
    const seen = await call(world, 'trespass');
    if (hidden) expect(seen).toEqual({ ok: true, value: { read: 'ENOENT', write: 'ENOENT', program: 'EROFS' } });
    expect(existsSync(join(folder, 'written'))).toBe(!hidden);
    expect(world.notices?.().some((notice) => notice.includes('sees the files of this machine'))).toBe(!hidden);
  });

  test('files that the block names can be read, and changed where it says so', async () => {
    const folder = join(root, 'ours');
    mkdirSync(folder);
    writeFileSync(join(folder, 'secret'), 'for you');
    const marker = Buffer.from(folder).toString('base64');
    const hidden = (await canConfine()) === 'files';
    expect(await call(await worldOf('plain', { files: ['./ours'] }, marker), 'trespass')).toMatchObject({ ok: true, value: { read: 'for you', write: hidden ? 'EROFS' : 'done' } });
    expect(await call(await worldOf('plain', { writable: ['./ours'], reset: [] }, marker), 'trespass')).toMatchObject({ ok: true, value: { read: 'for you', write: 'done' } });
  });

  test('what outlasts a process is touched by tools alone that its user marked read-only', async () => {
    mkdirSync(join(root, 'ours'));
    for (const change of [{ network: true }, { writable: ['./ours'] }] as JsonObject[]) {
      await expect(worldOf('plain', change)).rejects.toThrow(/to have a reset or tools marked `readOnly`, got neither/);
      const world = await worldOf('plain', { ...change, readOnly: ['fine'] });
      expect(world.doc.tools.map(({ name }) => name)).toEqual(['fine']);
      expect(world.notices?.().join()).toMatch(/outlasts every trajectory, so 1 tool marked read-only is offered/);
    }
  });

  test('a server that is one part of a workspace sees the whole of it', async () => {
    const part = join(root, 'workspace/packages/part');
    mkdirSync(part, { recursive: true });
    mkdirSync(join(root, 'workspace/lib'));
    copyFileSync(FIXTURE, join(root, 'workspace/lib/hostile.cjs'));
    for (const folder of [part, join(root, 'workspace')]) writeFileSync(join(folder, 'package.json'), '{}');
    writeFileSync(join(part, 'server.cjs'), "require('../../lib/hostile.cjs');\n");
    expect(await call(await worldOf('plain', { args: [join(part, 'server.cjs'), 'plain', 'none'] }), 'fine')).toEqual({ ok: true, value: { fine: true } });
  });

  test('what a server starts in a group of its own ends with it', async () => {
    if ((await canConfine()) === 'nothing') return;
    const world = await worldOf('plain');
    expect(await call(world, 'detach')).toEqual({ ok: true, value: { started: true } });
    const running = (): string[] => processesOf('sleep\x006123');
    expect(running()).toHaveLength(1);
    await world.close();
    expect(running()).toEqual([]);
  });

  test('nothing of our environment is there to be read, not even through our process', async () => {
    process.env['HOSTILE_TEST_SECRET'] = 'do not read';
    const isolated = (await canConfine()) !== 'nothing';
    expect(await call(await worldOf('plain'), 'snoop')).toEqual({ ok: true, value: { own: false, parent: isolated ? 'refused' : expect.anything(), home: [] } });
  });

  test('the network is out of reach where the platform allows it, else a notice says that it is not; `network: true` gives it back', async () => {
    const listener = createServer((socket) => socket.end());
    await new Promise<void>((listening) => listener.listen(0, '127.0.0.1', listening));
    const port = String((listener.address() as AddressInfo).port);
    const isolated = (await canConfine()) !== 'nothing';
    const world = await worldOf('plain', {}, port);
    expect((await call(world, 'phone_home')).ok).toBe(!isolated);
    expect(world.notices?.().some((notice) => notice.includes('keeps its network'))).toBe(!isolated);
    expect(await call(await worldOf('plain', { network: true, reset: [] }, port), 'phone_home')).toEqual({ ok: true, value: { reached: true } });
    listener.close();
  });
});
