import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { processesOf } from '../../src/process-identity';
import { campaignSchema, type McpBlock } from '../../src/core/campaign/campaign.schema';
import type { JsonObject } from '../../src/core/json';
import type { CallResult } from '../../src/core/tool';
import { createMcpWorld } from '../../src/worlds/mcp';
import { WorldUnavailable, type World } from '../../src/worlds/world';

const FIXTURE = resolve(__dirname, '../fixtures/mcp/server.cjs');
const CAMPAIGN = { name: 'x', target: { verified: 1, maxItems: 1 }, models: { roles: { toolMaker: 'sim', queryGenerator: 'sim', reasoner: 'sim', verifier: 'sim' }, targets: ['sim'] } };

let root: string;
const worlds: World[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mcp-test-'));
});
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()));
  rmSync(root, { recursive: true, force: true });
});

function block(change: JsonObject = {}): McpBlock {
  const mcp = { name: 'fixture', command: process.execPath, args: [FIXTURE], callTimeoutMs: 3_000, ...change };
  return (campaignSchema.parse({ ...CAMPAIGN, worlds: [{ mcp }] }).worlds[0] as { mcp: McpBlock }).mcp;
}

async function worldOf(change: JsonObject = {}, baseDir = root): Promise<World> {
  const world = await createMcpWorld(block(change), { baseDir, cacheDir: join(root, 'cache'), scratchDir: join(root, 'scratch'), startTimeoutMs: 5_000 });
  worlds.push(world);
  return world;
}

const inMode = (mode: string): JsonObject => ({ args: [FIXTURE, mode] });

async function callOnce(tool: string, args: JsonObject = {}, change: JsonObject = {}): Promise<CallResult> {
  const instance = await (await worldOf(change)).open(0);
  return instance.call({ tool, args });
}

const runs = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    // A zombie is a process that has ended.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

describe('starting a server', () => {
  test('a missing command is a world that is not available, in one sentence', async () => {
    const attempt = worldOf({ command: 'no-such-program-here', args: ['--flag'] });
    await expect(attempt).rejects.toThrow(WorldUnavailable);
    await expect(attempt).rejects.toThrow(/^Expected `no-such-program-here --flag` to start as an MCP server, got: .*(ENOENT|No such file)/);
  });

  test('a server that dies at its start is reported with its code and its last words', async () => {
    await expect(worldOf(inMode('dies-at-start'))).rejects.toThrow(/to start as an MCP server, got: the process ended with code 3; its last words: no licence found$/);
  });

  test('a server that never shakes hands is ended after the time limit and leaves no folder', async () => {
    const attempt = createMcpWorld(block(inMode('hangs-at-start')), { baseDir: root, cacheDir: join(root, 'cache'), scratchDir: join(root, 'scratch'), startTimeoutMs: 300 });
    await expect(attempt).rejects.toThrow(WorldUnavailable);
    expect(readdirSync(join(root, 'scratch'))).toEqual([]);
  });

  test('npx without an exact version is refused', async () => {
    await expect(worldOf({ command: 'npx', args: ['-y', '@example/server@latest'] })).rejects.toThrow('Expected `npx -y package@1.2.3` with an exact version, got `@example/server@latest`');
    await expect(worldOf({ command: 'npx', args: ['-y', 'server@^1.0.0'] })).rejects.toThrow('exact version');
  });

  test('a server that fills its stderr does not stall', async () => {
    expect(await callOnce('words', {}, inMode('chatty'))).toEqual({ ok: true, value: 'just words' });
  });
});

describe('confinement', () => {
  test('the environment holds PATH, HOME, TMPDIR, TZ, LANG and what the block names, nothing of ours', async () => {
    process.env['MCP_TEST_SECRET'] = 'leak';
    process.env['MCP_TEST_HANDED_ON'] = 'meant';
    const result = await callOnce('env', {}, { env: { NAMED: 'a', TAKEN: '$MCP_TEST_HANDED_ON', ROOT: '/workspace/sub' } });
    expect(result).toEqual({ ok: true, value: { PATH: process.env['PATH'], HOME: '/home/user', TMPDIR: '/tmp', TZ: 'UTC', LANG: 'C', NAMED: 'a', TAKEN: 'meant', ROOT: '/workspace/sub', cwd: '/workspace' } });
  });

  test('a variable that is not set is named in the error', async () => {
    await expect(worldOf({ env: { TOKEN: '$MCP_TEST_NOT_SET' } })).rejects.toThrow('Expected the environment variable `MCP_TEST_NOT_SET` to be set (mcp.env.TOKEN is `$MCP_TEST_NOT_SET`)');
  });

  test('close ends the whole process group, also one that ignores SIGTERM', async () => {
    for (const mode of ['has-children', 'stubborn']) {
      const world = await worldOf(inMode(mode));
      const instance = await world.open(0);
      const child = mode === 'has-children' ? Number(((await instance.call({ tool: 'read', args: {} })) as { value: JsonObject }).value['child.pid']) : 0;
      if (child !== 0) expect(runs(child)).toBe(true);
      await instance.close();
      await world.close();
      if (child !== 0) expect(runs(child)).toBe(false);
      expect(readdirSync(join(root, 'scratch'))).toEqual([]);
    }
  });

  // Where the kernel can be told so: without it a killed command leaves servers that do not end with their input.
  (process.platform === 'linux' ? test : test.skip)('a server ends with the process that started it, also when that was killed', async () => {
    const script = join(root, 'opens.cjs');
    writeFileSync(script, `
      const { createMcpWorld } = require(${JSON.stringify(resolve(__dirname, '../../dist/worlds/mcp'))});
      createMcpWorld(${JSON.stringify(block(inMode('lasting')))}, { baseDir: ${JSON.stringify(root)}, cacheDir: ${JSON.stringify(join(root, 'cache'))}, scratchDir: ${JSON.stringify(join(root, 'scratch'))} })
        .then((world) => world.open(0)).then(() => console.log('open'));
    `);
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    expect(processesOf(root).length).toBeGreaterThan(1);
    child.kill('SIGKILL');
    await once(child, 'exit');
    for (let look = 0; look < 20 && processesOf(root).length > 0; look++) await new Promise((wait) => setTimeout(wait, 100));
    expect(processesOf(root)).toEqual([]);
  });

  test('the temporary folder is /workspace in calls and results, in every form', async () => {
    expect(await callOnce('echo', { path: '/workspace/repo/../.' })).toMatchObject({ ok: true, value: { path: '/workspace/repo/../.', uri: 'file:///workspace/repo/../.', '/workspace/repo/../.': 'as a key', encoded: '%2Fworkspace%2Frepo%2F..%2F.' } });
    expect(await callOnce('echo', { path: '/workspace' })).toMatchObject({ value: { exists: true } });
    expect(await callOnce('echo', { path: 'as in /workspaces/x' })).toMatchObject({ value: { path: 'as in /workspaces/x' } });
  });
});

test('a path out of /workspace never reaches the server; other texts with slashes and dots do', async () => {
  const instance = await (await worldOf()).open(0);
  for (const path of ['/etc/passwd', '/workspace/../etc', '/workspaces', '../../up', 'a/../../../up', 'file:///etc/passwd', '~/x', '~root/x']) {
    expect([path, await instance.call({ tool: 'echo', args: { path } })]).toEqual([path, { ok: false, fault: 'not_found', message: `There is nothing at \`${path}\`: every file lies under /workspace` }]);
  }
  for (const path of ['/workspace', 'file:///workspace/a', '../sibling', 'https://example.org/a/../..', 'main..feature', 'HEAD~3', 'and/or, either way ...']) {
    expect([path, await instance.call({ tool: 'echo', args: { path } })]).toEqual([path, expect.objectContaining({ ok: true })]);
  }
});

describe('results', () => {
  const faults: [string, string, string][] = [
    ['lies', 'not_found', 'Order 7 not found'],
    ['error_field', 'conflict', 'already exists'],
    ['rpc_error', 'invalid_args', 'expected a number, got a string'],
  ];
  test.each(faults)('%s is a fault of kind %s', async (tool, fault, message) => {
    expect(await callOnce(tool)).toEqual({ ok: false, fault, message });
  });

  test('a tool outside the allow-list does not exist', async () => {
    expect(await callOnce('echo', {}, { tools: ['words'] })).toEqual({ ok: false, fault: 'unknown_tool', message: 'There is no tool `echo`' });
    await expect(worldOf({ tools: ['nothing'] })).rejects.toThrow('Expected mcp.tools to name tools of the server, got [nothing]');
  });

  test('JSON in the text is a value, volatile pointers are gone, other text is a string', async () => {
    expect(await callOnce('json_text', {}, { volatile: ['/rows/*/took_ms'] })).toEqual({ ok: true, value: { rows: [{ id: 1 }] } });
    expect(await callOnce('words')).toEqual({ ok: true, value: 'just words' });
  });

  test('values are taken out of a text by name, and an answer that the block calls a failure is one', async () => {
    expect(await callOnce('words', {}, { extract: { words: { word: '\\b(\\w+)\\b' } } })).toEqual({ ok: true, value: { text: 'just words', word: ['just', 'words'] } });
    // Places are those of the extracted answer.
    expect(await callOnce('words', {}, { extract: { words: { word: '\\b(\\w+)\\b' } }, volatile: ['/text'] })).toEqual({ ok: true, value: { word: ['just', 'words'] } });
    expect(await callOnce('words', {}, { extract: { words: { word: '\\b(words)\\b' } }, rebind: ['/word/*'] })).toEqual({ ok: true, value: { text: 'just words', word: [expect.stringMatching(/^[0-9a-z]{12}$/)] } });
    expect(await callOnce('words', {}, { faultWhen: ['^just'] })).toEqual({ ok: false, fault: 'precondition', message: 'just words' });
  });

  test('escape sequences and control characters are stripped', async () => {
    expect(await callOnce('colours')).toEqual({ ok: true, value: 'red bell tab\there' });
  });

  test('a reply past the limit is a fault, and the server goes on', async () => {
    const instance = await (await worldOf({ maxOutputBytes: 50_000 })).open(0);
    expect(await instance.call({ tool: 'flood', args: {} })).toMatchObject({ ok: false, fault: 'precondition', message: expect.stringContaining('more than the 50000') });
    expect(await instance.call({ tool: 'words', args: {} })).toMatchObject({ ok: true });
  });
});

describe('a server that breaks in mid-call is unavailable, and its instance is not used again', () => {
  test.each(['hang', 'exit', 'endless'])('%s', async (tool) => {
    const world = await worldOf({ callTimeoutMs: 500 });
    const instance = await world.open(0);
    expect(await instance.call({ tool, args: {} })).toMatchObject({ ok: false, fault: 'unavailable' });
    expect(await instance.call({ tool: 'words', args: {} })).toMatchObject({ ok: false, fault: 'unavailable' });
    await expect(instance.digest()).rejects.toThrow(WorldUnavailable);
    await instance.close();
    expect(await (await world.open(0)).call({ tool: 'words', args: {} })).toMatchObject({ ok: true });
  });
});

describe('state', () => {
  test('a failed call that left something behind is undone', async () => {
    const instance = await (await worldOf()).open(0);
    await instance.call({ tool: 'write', args: { name: 'kept', text: 'a' } });
    const before = await instance.digest();
    expect(await instance.call({ tool: 'write_then_fail', args: {} })).toEqual({ ok: false, fault: 'precondition', message: 'the disk is full' });
    expect(await instance.digest()).toBe(before);
    expect(await instance.call({ tool: 'read', args: {} })).toEqual({ ok: true, value: { kept: 'a' } });
  });

  test('what only the process remembers counts in the digest when a probe shows it', async () => {
    for (const [probe, changes] of [[[], false], [[{ tool: 'recall' }], true]] as const) {
      const instance = await (await worldOf({ probe: [...probe] })).open(0);
      const before = await instance.digest();
      await instance.call({ tool: 'remember', args: {} });
      expect((await instance.digest()) !== before).toBe(changes);
    }
  });

  test('a probe that gets no answer is no state: the digest rejects', async () => {
    await expect((await worldOf({ probe: [{ tool: 'hang' }], callTimeoutMs: 300 })).open(0).then((instance) => instance.digest())).rejects.toThrow(WorldUnavailable);
  });

  test('without reset every instance is a new process; with reset the old one comes back', async () => {
    const withReset: JsonObject = { probe: [{ tool: 'recall' }], reset: [{ tool: 'forget' }] };
    for (const [change, sameProcess] of [[{}, false], [withReset, true]] as const) {
      const world = await worldOf({ ...change, tools: ['remember', 'env', 'write', 'read'], env: {} });
      const folders: string[] = [];
      for (let round = 0; round < 3; round++) {
        const instance = await world.open(0);
        expect(await instance.call({ tool: 'remember', args: {} })).toEqual({ ok: true, value: { remembered: 1 } });
        expect(await instance.call({ tool: 'read', args: {} })).toEqual({ ok: true, value: {} });
        await instance.call({ tool: 'write', args: { name: 'left', text: 'over' } });
        folders.push(readdirSync(join(root, 'scratch')).join());
        await instance.close();
      }
      expect(new Set(folders).size).toBe(sameProcess ? 1 : 3);
      await world.close();
    }
  });

  test('a process whose reset does not bring the state back is thrown away', async () => {
    const world = await worldOf({ ...inMode('forgetful-not'), probe: [{ tool: 'recall' }], reset: [{ tool: 'forget' }] });
    for (let round = 0; round < 3; round++) {
      const instance = await world.open(0);
      expect(await instance.call({ tool: 'remember', args: {} })).toEqual({ ok: true, value: { remembered: 1 } });
      await instance.close();
    }
  });

  test('a shared server serves all instances from one process', async () => {
    const world = await worldOf({ isolation: 'shared', readOnly: ['*'] });
    const [one, two] = [await world.open(0), await world.open(0)];
    await one.call({ tool: 'remember', args: {} });
    expect(await two.call({ tool: 'remember', args: {} })).toEqual({ ok: true, value: { remembered: 2 } });
  });
});

describe('the document', () => {
  test('schemas keep what says something about values, references are written out', async () => {
    const { doc } = await worldOf({ tools: ['echo'], entities: { 'echo.name': 'name' }, parameters: { 'echo.path': 'required', 'echo.text': 'hidden' } });
    expect(doc.tools).toEqual([{ name: 'echo', description: 'Does echo.', input: { type: 'object', properties: { path: { type: 'string', description: 'A path' }, name: { type: 'string', entity: 'name' } }, required: ['path'] } }]);
    expect(doc).toMatchObject({ id: 'fixture', seeds: 1, reseedable: false });
  });

  test('a server with other tools, or other seeds, is another version', async () => {
    const version = async (change: JsonObject): Promise<string> => (await worldOf(change)).doc.version;
    const plain = await version(inMode('plain'));
    expect(plain).toMatch(/^fixture@1\.0\.0#[0-9a-f]{8}$/);
    expect(await version(inMode('plain'))).toBe(plain);
    expect(await version(inMode('changed'))).not.toBe(plain);
    expect(await version({ ...inMode('plain'), seeds: ['printf x > y'] })).not.toBe(plain);
  });

  test('a hidden parameter cannot be used', async () => {
    expect(await callOnce('echo', { path: '/workspace', text: 'a' }, { parameters: { 'echo.text': 'hidden' } })).toEqual({ ok: false, fault: 'invalid_args', message: 'echo has no parameter `text`' });
  });

  test('a parameter or value that is not there cannot be hidden or tagged', async () => {
    await expect(worldOf({ parameters: { 'echo.nope': 'hidden' } })).rejects.toThrow('got `echo.nope`');
    await expect(worldOf({ entities: { 'nothing/out': 'x' } })).rejects.toThrow('got `nothing/out`');
    await expect(worldOf({ schemas: { 'echo.nope': {} } })).rejects.toThrow('got `echo.nope`');
    await expect(worldOf({ faultWhen: ['fine', 'a\\-b'] })).rejects.toThrow('Expected a regular expression at mcp.faultWhen.1 of world');
    await expect(worldOf({ probe: [{ tool: 'recal' }] })).rejects.toThrow(/Expected mcp\.probe of world `.*` to name tools of the server, got \[recal\]; it has \[/);
    await expect(worldOf({ extract: { words: { word: '(' } } })).rejects.toThrow('Expected a regular expression at mcp.extract.words.word, got `(`');
  });

  test('a tool without an output schema has the places that the block tags; a parameter may be given a schema', async () => {
    const { doc } = await worldOf({ tools: ['json_text', 'echo'], entities: { 'json_text/rows/*/id': 'row' }, schemas: { 'echo.name': { type: 'string', enum: ['a'] } } });
    expect(doc.tools.find(({ name }) => name === 'json_text')?.output).toEqual({ type: 'object', properties: { rows: { type: 'array', items: { type: 'object', properties: { id: { entity: 'row' } } } } } });
    expect(doc.tools.find(({ name }) => name === 'echo')?.input.properties).toMatchObject({ name: { type: 'string', enum: ['a'] } });
  });
});

describe('seeds and known facts', () => {
  const folderSeed = (name: string, setup: string): void => {
    mkdirSync(join(root, name), { recursive: true });
    writeFileSync(join(root, name, 'plain.txt'), name);
    symlinkSync('plain.txt', join(root, name, 'link'));
    writeFileSync(join(root, name, 'setup.sh'), `#!/bin/sh\nset -e\n${setup}\n`);
    chmodSync(join(root, name, 'setup.sh'), 0o755);
  };

  test('a command that takes a file of the campaign\'s folder makes another seed when the file, or the folder, is another', async () => {
    const read = async (folder: string): Promise<unknown> => {
      const world = await worldOf({ seeds: ['cp "$CAMPAIGN_DIR/start.txt" .'] }, join(root, folder));
      return ((await (await world.open(0)).call({ tool: 'read', args: {} })) as { value: unknown }).value;
    };
    for (const folder of ['here', 'there']) mkdirSync(join(root, folder));
    writeFileSync(join(root, 'here/start.txt'), 'willow');
    writeFileSync(join(root, 'there/start.txt'), 'heron');
    expect(await read('here')).toEqual({ 'start.txt': 'willow' });
    expect(await read('there')).toEqual({ 'start.txt': 'heron' });
    writeFileSync(join(root, 'here/start.txt'), 'alder');
    expect(await read('here')).toEqual({ 'start.txt': 'alder' });
  });

  test('a folder is copied and its set-up run once, confined, and removed; a command fills an empty folder', async () => {
    folderSeed('one', `printf "$WHO" > made.txt; echo run >> ${'"$LOG"'}`);
    const log = join(root, 'runs.log');
    const change = { seeds: ['./one', 'printf by-command > made.txt', 'empty'], env: { WHO: 'setup', LOG: log } };
    const contents = async (world: World): Promise<unknown[]> => {
      const found: unknown[] = [];
      for (const seed of [0, 1, 2]) found.push(((await (await world.open(seed)).call({ tool: 'read', args: {} })) as { value: unknown }).value);
      return found;
    };
    const expected = [{ 'plain.txt': 'one', link: 'one', 'made.txt': 'setup' }, { 'made.txt': 'by-command' }, {}];
    expect(await contents(await worldOf(change))).toEqual(expected);
    expect(await contents(await worldOf(change))).toEqual(expected);
    expect(readFileSync(log, 'utf8')).toBe('run\n');
  });

  test('a set-up that fails, and a seed folder that is not there, are named', async () => {
    folderSeed('bad', 'echo "no paint left" >&2; exit 4');
    await expect(worldOf({ seeds: ['./bad'] })).rejects.toThrow(/set-up `.*bad\/setup\.sh` to succeed, got: no paint left/);
    await expect(worldOf({ seeds: ['./missing'] })).rejects.toThrow('Expected the seed `./missing` to be a folder');
    expect(existsSync(join(root, 'cache/seeds')) ? readdirSync(join(root, 'cache/seeds')).filter((name) => name.startsWith('making')) : []).toEqual([]);
  });

  test('facts belong to a seed by index or name, or to all', async () => {
    folderSeed('one', ':');
    writeFileSync(join(root, 'known.yaml'), 'one: [{ name: path, value: /workspace/a, about: a path, params: [echo.path] }]\n1: []\nall: [{ name: who, value: Ada, about: the user }]\n');
    const world = await worldOf({ seeds: ['./one', 'empty'], known: './known.yaml' });
    expect(world.known(0)).toEqual([{ name: 'path', value: '/workspace/a', about: 'a path', params: ['echo.path'] }, { name: 'who', value: 'Ada', about: 'the user' }]);
    expect(world.known(1)).toEqual([{ name: 'who', value: 'Ada', about: 'the user' }]);
    expect(() => world.known(2)).toThrow('Expected a seed from 0 to 1, got `2`');
    expect(world.doc.reseedable).toBe(true);
  });

  test('a wrong facts file is refused with the place', async () => {
    writeFileSync(join(root, 'known.yaml'), 'all: [{ name: a, value: 1 }]');
    await expect(worldOf({ known: './known.yaml' })).rejects.toThrow(/known\.yaml, all\.0\.about\)/);
    writeFileSync(join(root, 'known.yaml'), 'other: []');
    await expect(worldOf({ known: './known.yaml' })).rejects.toThrow('Expected a seed\'s index or name, or `all`, got `other`');
    writeFileSync(join(root, 'known.yaml'), 'all: [{ name: a, value: 1, about: x }, { name: a, value: 2, about: y }]');
    await expect(worldOf({ known: './known.yaml' })).rejects.toThrow('got `a` twice');
  });
});

