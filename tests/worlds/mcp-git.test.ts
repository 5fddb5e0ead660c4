import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { campaignSchema, type McpBlock } from '../../src/core/campaign/campaign.schema';
import { isObject, leavesOf, type Json, type JsonObject } from '../../src/core/json';
import type { CallResult } from '../../src/core/tool';
import { createMcpWorld } from '../../src/worlds/mcp';
import type { World, WorldInstance } from '../../src/worlds/world';

/** The shipped example over the real git MCP server; the first run installs it by npm. */
const PROJECT = resolve(__dirname, '../..');
const CAMPAIGN = { name: 'x', target: { verified: 1, maxItems: 1 }, models: { roles: { toolMaker: 'sim', queryGenerator: 'sim', reasoner: 'sim', verifier: 'sim' }, targets: ['sim'] } };

let root: string;
let world: World;
// A cherry-pick that fails leaves more behind than any other call, and a status tells most: the tests keep both although the block does not.
const shipped = (): McpBlock => {
  const block = (campaignSchema.parse({ ...CAMPAIGN, worlds: [parse(readFileSync(join(PROJECT, 'worlds/git/block.yaml'), 'utf8'))] }).worlds[0] as { mcp: McpBlock }).mcp;
  return { ...block, tools: [...(block.tools ?? []), 'git_cherry_pick', 'git_status'] };
};
const open = (change: Partial<McpBlock> = {}): Promise<World> =>
  createMcpWorld({ ...shipped(), ...change }, { baseDir: join(PROJECT, 'worlds/git'), cacheDir: join(PROJECT, '.hardgen/cache'), scratchDir: join(root, 'scratch') });

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'mcp-git-'));
  world = await open();
}, 180_000);
afterAll(async () => {
  await world.close();
  rmSync(root, { recursive: true, force: true });
});

const fact = (seed: number, name: string): string => world.known(seed).find((known) => known.name === name)?.value as string;

interface Step {
  tool: string;
  args: JsonObject;
  result: CallResult;
  digest: string;
}

/** Works through a repository as a user would: look up, branch, stage, commit, merge, tag, stash, err on the way. */
async function longTrace(instance: WorldInstance, seed: number): Promise<Step[]> {
  const steps: Step[] = [];
  const call = async (tool: string, args: JsonObject = {}): Promise<JsonObject> => {
    const result = await instance.call({ tool, args });
    steps.push({ tool, args, result, digest: await instance.digest() });
    return result.ok && isObject(result.value) ? result.value : {};
  };
  const first = (value: Json | undefined, key: string): string => ((value as JsonObject[])[0] as JsonObject)[key] as string;
  await call('git_status');
  await call('git_set_working_dir', { path: fact(seed, 'repository') });
  const status = await call('git_status');
  const log = await call('git_log');
  const { branches } = await call('git_branch');
  const others = (branches as JsonObject[]).filter((branch) => branch['current'] === false);
  await call('git_blame', { filePath: fact(seed, 'file_1') });
  await call('git_add', { paths: status['untrackedFiles'] as Json });
  await call('git_commit', { message: fact(seed, 'commit_message_1') });
  await call('git_commit', { message: fact(seed, 'commit_message_2') });
  await call('git_show', { object: first(log['commits'], 'hash') });
  await call('git_branch', { mode: 'create', branchName: fact(seed, 'new_branch') });
  await call('git_branch', { mode: 'create', branchName: fact(seed, 'new_branch') });
  await call('git_checkout', { target: 'no-such-branch' });
  await call('git_stash', { message: fact(seed, 'stash_note') });
  await call('git_checkout', { target: first(others, 'name') });
  await call('git_merge', { branch: fact(seed, 'new_branch'), message: fact(seed, 'merge_message') });
  await call('git_tag', { mode: 'create', tagName: fact(seed, 'tag_name_1'), message: fact(seed, 'tag_message') });
  await call('git_tag');
  await call('git_diff', { target: fact(seed, 'new_branch') });
  await call('git_stash', { mode: 'pop' });
  await call('git_reset', { mode: 'soft', target: first(log['commits'], 'hash') });
  await call('git_cherry_pick', { commits: [first(log['commits'], 'hash')] });
  await call('git_remote', { mode: 'add', name: fact(seed, 'remote_name'), url: fact(seed, 'remote_url') });
  await call('git_init', { path: fact(seed, 'new_repository') });
  await call('git_set_working_dir', { path: fact(seed, 'new_repository') });
  await call('git_status');
  return steps;
}

const walk = async (of: World, seed: number): Promise<Step[]> => {
  const instance = await of.open(seed);
  const steps = await longTrace(instance, seed);
  await instance.close();
  return steps;
};

test('a package is installed once, also when two start at the same moment', async () => {
  const cacheDir = join(root, 'cache');
  const start = (): Promise<World> => createMcpWorld(shipped(), { baseDir: join(PROJECT, 'worlds/git'), cacheDir, scratchDir: join(root, 'scratch-two') });
  const both = await Promise.all([start(), start()]);
  expect(readdirSync(join(cacheDir, 'mcp'))).toEqual(['@cyanheads+git-mcp-server@2.15.3']);
  expect(both[0]!.doc).toEqual(both[1]!.doc);
  expect(both[0]!.doc).toEqual(world.doc);
  await Promise.all(both.map((one) => one.close()));
  expect(readdirSync(join(root, 'scratch-two'))).toEqual([]);
}, 180_000);

describe('the git world', () => {
  test('a process that was put back gives the results and digests of a new one, on every seed', async () => {
    const fresh = await open({ reset: undefined });
    for (let seed = 0; seed < world.doc.seeds!; seed++) {
      const expected = await walk(fresh, seed);
      const first = await world.open(seed);
      await first.call({ tool: 'git_set_working_dir', args: { path: fact(seed, 'repository') } });
      await first.close();
      const processes = readdirSync(join(root, 'scratch'));
      expect(await walk(world, seed)).toEqual(expected);
      expect(readdirSync(join(root, 'scratch'))).toEqual(processes);
      expect(expected.filter((step) => step.result.ok).length).toBeGreaterThanOrEqual(18);
      expect(JSON.stringify(expected)).not.toContain(root);
    }
    await fresh.close();
  }, 120_000);

  test('reading leaves the digest as it is, and every successful write moves it', async () => {
    const instance = await world.open(0);
    await instance.call({ tool: 'git_set_working_dir', args: { path: fact(0, 'repository') } });
    const steps: [string, JsonObject, boolean][] = [
      ['git_status', {}, false], ['git_log', {}, false], ['git_branch', {}, false], ['git_diff', {}, false], ['git_tag', {}, false],
      ['git_add', { paths: ['src/alarm.conf'] }, true], ['git_commit', { message: 'm' }, true], ['git_tag', { mode: 'create', tagName: 't' }, true],
      ['git_branch', { mode: 'create', branchName: 'b' }, true], ['git_checkout', { target: 'b' }, true], ['git_remote', { mode: 'add', name: 'r', url: 'https://example.org/r' }, true],
    ];
    for (const [tool, args, moves] of steps) {
      const before = await instance.digest();
      expect(await instance.call({ tool, args })).toMatchObject({ ok: true });
      expect([tool, (await instance.digest()) !== before]).toEqual([tool, moves]);
    }
    await instance.close();
  }, 30_000);

  test('a failed call changes nothing, though git leaves a half-done cherry-pick behind', async () => {
    const instance = await world.open(0);
    await instance.call({ tool: 'git_set_working_dir', args: { path: fact(0, 'repository') } });
    const log = (await instance.call({ tool: 'git_log', args: {} })) as unknown as { value: { commits: { hash: string }[] } };
    const before = await instance.digest();
    expect(await instance.call({ tool: 'git_cherry_pick', args: { commits: [log.value.commits[0]!.hash] } })).toMatchObject({ ok: false });
    expect(await instance.digest()).toBe(before);
    await instance.close();
  }, 30_000);

  test('nothing outside /workspace can be read or made', async () => {
    const instance = await world.open(0);
    const outside = join(root, 'outside');
    execFileSync('git', ['init', '--quiet', outside]);
    writeFileSync(join(outside, 'secret.txt'), 'x');
    for (const [tool, args] of [['git_set_working_dir', { path: outside }], ['git_init', { path: join(root, 'made') }], ['git_init', { path: '/workspace/../../made' }]] as const) {
      expect([tool, await instance.call({ tool, args })]).toEqual([tool, expect.objectContaining({ ok: false })]);
    }
    expect(existsSync(join(root, 'made'))).toBe(false);
    await instance.close();
  }, 30_000);

  test('every fact fills a parameter that exists, and names, files and messages differ between seeds', () => {
    const parameters = new Set(world.doc.tools.flatMap((tool) => Object.keys(tool.input['properties'] as JsonObject).map((name) => `${tool.name}.${name}`)));
    const values = new Map<string, number>();
    for (let seed = 0; seed < world.doc.seeds!; seed++) {
      for (const known of world.known(seed)) {
        expect(known.params!.filter((param) => !parameters.has(param))).toEqual([]);
        values.set(String(known.value), (values.get(String(known.value)) ?? 0) + 1);
      }
    }
    expect([...values].filter(([, count]) => count > 1)).toEqual([]);
    expect(values.size).toBeGreaterThanOrEqual(90);
  });

  test('commits, branches and changed files are hidden: no fact states one that exists', async () => {
    for (let seed = 0; seed < world.doc.seeds!; seed++) {
      const instance = await world.open(seed);
      await instance.call({ tool: 'git_set_working_dir', args: { path: fact(seed, 'repository') } });
      const stated = world.known(seed).map((known) => known.value);
      for (const tool of ['git_log', 'git_branch', 'git_stash', 'git_status']) {
        const result = (await instance.call({ tool, args: tool === 'git_stash' ? { mode: 'list' } : {} })) as { value: Json };
        const hidden = leavesOf(result.value).filter((leaf) => /hash|parents|\/name$|\/ref$|untracked|modified/.test(leaf.pointer)).map((leaf) => leaf.value);
        expect(hidden.filter((value) => stated.includes(value))).toEqual([]);
      }
      await instance.close();
    }
  }, 60_000);
});
