import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { root } from '../fixtures/rig';

/** The real command as a person runs it, in a home of its own: one message, an exit code that is not 0, nothing half-written. */
let folder: string;
let home: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hardgen-failures-'));
  home = join(folder, 'home');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

function hardgen(args: string[], env: Record<string, string | undefined> = {}): Ended {
  const ended = spawnSync(process.execPath, [join(root, 'dist/cli/index.js'), ...args], {
    cwd: folder, encoding: 'utf8', timeout: 60_000, env: { ...process.env, HARDGEN_HOME: home, HARDGEN_DOCKER: 'off', ...env },
  });
  return { code: ended.status, out: ended.stdout, err: ended.stderr };
}

const valid = {
  name: 'failing', target: { verified: 2, maxItems: 4 }, worlds: [{ builtin: 'rail' }] as object[],
  models: { roles: { toolMaker: 'sim', queryGenerator: 'sim', reasoner: 'sim', verifier: 'sim' }, targets: ['sim-a'] },
};

function campaignFile(change: object): string {
  const file = join(folder, 'campaign.json');
  writeFileSync(file, JSON.stringify({ ...valid, ...change }));
  return file;
}

const written = (): string[] => (existsSync(home) ? readdirSync(home) : []);

const server = (mode: string): object => ({ mcp: { name: 'files', command: process.execPath, args: [join(root, 'tests/fixtures/mcp/server.cjs'), mode] } });

describe.each([['run'], ['campaign start']])('hardgen %s', (command) => {
  it.each<[string, object, RegExp]>([
    ['a value of the wrong type', { kMax: 'three' }, /Expected `kMax` to be .*got `three` \(.*campaign\.json/],
    ['a key that there is not', { knax: 3 }, /knax/],
    ['a range that cannot be', { target: { verified: 0, maxItems: 4 } }, /Expected `verified` to be .*got `0` \(.*target\.verified\)/],
    ['a world that there is not', { worlds: [{ builtin: 'raill' }] }, /raill.*rail/s],
    ['a model that there is not', { models: { ...valid.models, targets: ['gpt-99'] } }, /gpt-99/],
    ['an MCP server that is not installed', { worlds: [{ mcp: { name: 'files', command: 'no-such-program-here' } }] }, /Expected `no-such-program-here` to start as an MCP server, got: .*ENOENT/],
    ['an MCP server that dies at its start', { worlds: [server('dies-at-start')] }, /no licence found/],
  ])('says one clear thing of %s, ends with an error and writes nothing', (_what, change, says) => {
    const { code, out, err } = hardgen([...command.split(' '), campaignFile(change)]);
    expect(err).toMatch(says);
    expect(err).not.toMatch(/\n\s+at /);
    expect(err.trim().split('\n').length).toBeLessThanOrEqual(2);
    expect(out).toBe('');
    expect([2, 3]).toContain(code);
    expect(written()).toEqual([]);
  });
});

describe('a machine without Java', () => {
  it('is told so by `hardgen up`, with the cure, before anything is fetched or started', () => {
    // Everything on the PATH but java.
    const programs = join(folder, 'bin');
    mkdirSync(programs);
    const withoutJava = (process.env.PATH ?? '').split(delimiter).filter((path) => path !== '' && existsSync(path) && !existsSync(join(path, 'java')));
    for (const name of ['mvn', 'go', 'git', 'temporal']) {
      const found = (process.env.PATH ?? '').split(delimiter).map((path) => join(path, name)).find(existsSync);
      if (found) symlinkSync(found, join(programs, name));
    }
    const cache = join(folder, 'cache');
    const { code, out, err } = hardgen(['up'], {
      PATH: [programs, dirname(process.execPath), ...withoutJava].filter((path) => !existsSync(join(path, 'java'))).join(delimiter), JAVA_HOME: undefined, HARDGEN_CACHE: cache,
      TEMPORAL_ADDRESS: undefined, HARDGEN_NEO4J_URI: undefined,
    });
    expect(err).toMatch(/Expected Java 17.*on PATH.*got none.*install/s);
    expect(err).not.toMatch(/\n\s+at /);
    expect(out).toBe('');
    expect(code).toBe(3);
    expect(existsSync(cache)).toBe(false);
    expect(existsSync(join(home, 'neo4j')) || existsSync(join(home, 'temporal'))).toBe(false);
  });
});
