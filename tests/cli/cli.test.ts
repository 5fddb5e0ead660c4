import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../src/cli';
import { diskTrouble, EXIT, EXIT_TABLE, exitCodeOf, InputError } from '../../src/cli/exit-codes';
import { createRecordStore } from '../../src/clients/record-store';
import { ConfigError } from '../../src/config';
import { compileCampaign } from '../../src/cli/campaign-file';
import { parseRow } from '../../src/core/dataset/row.schema';
import { ServiceError } from '../../src/services';
import { assignItem, planCells } from '../../src/core/sample/cells';
import { cellId } from '../../src/core/trace';
import type { Manifest } from '../../src/core/campaign/manifest';
import type { Json } from '../../src/core/json';
import { parcelRow } from '../core/dataset/parcel';

let home: string;
const before = { ...process.env };

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'hardgen-cli-'));
  process.env.HARDGEN_HOME = home;
  process.env.HARDGEN_DOCKER = 'off';
  for (const name of ['TEMPORAL_ADDRESS', 'HARDGEN_NEO4J_URI', 'HARDGEN_SIMULATOR_URL']) delete process.env[name];
});
afterEach(() => {
  rmSync(home, { recursive: true });
  process.env = { ...before };
});

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await main(argv, { out: (text) => void out.push(text), err: (text) => void err.push(text), live: false });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

const ID = 'small-1';

/** A campaign of eight items on disk as activities leave it: items with an outcome have ended, `verified` ones have a row. */
async function storedCampaign(outcomes: { [item: number]: string }): Promise<Manifest> {
  const { campaign } = compileCampaign('examples/quickstart.yaml');
  const plan = planCells({ worlds: [{ id: 'parcels', share: 1 }], verified: 2, calls: { '1': 1 }, turns: { single: 1 } });
  const manifest: Manifest = {
    id: ID, createdBy: 'hardgen', campaign: { ...campaign, target: { verified: 2, maxItems: 8 } }, baseDir: home, plan,
    worlds: [{ id: 'parcels', version: '1', baseGraph: 'base', tools: ['book'] }], probes: ['parcels::book'], prompts: {}, simulated: true,
  };
  const records = createRecordStore(home);
  await records.writeArtifact(ID, 'manifest.json', JSON.stringify(manifest));
  for (const [item, kind] of Object.entries(outcomes)) {
    const index = Number(item);
    const record = `t-${String(index).padStart(5, '0')}`;
    const outcome = kind === 'verified' ? { kind } : { kind: 'rejected', reason: kind };
    await records.append({ campaign: ID, record, line: { key: 'outcome', kind: 'outcome', value: { outcome, attempts: [1] } as Json } });
    if (kind !== 'verified') continue;
    const stored = { index, cell: cellId(assignItem(plan, campaign.seed, index).cell), signature: `s${index}`, row: { ...parcelRow(), simulated: true }, receipt: { row_id: parcelRow().id } };
    await records.writeArtifact(ID, `rows/${record}.json`, JSON.stringify(stored));
  }
  return manifest;
}

const summary = { id: ID, phase: 'done', verified: 2, target: 2, rejected: { query: 1 }, blocked: 0, failed: 0, running: 0, calls: { accepted: 9, attempts: 10 }, tokens: { input: 1200, output: 30 }, costUsd: 0.5, paused: false, funnel: { tools: 1, probed: 1, failureTools: 1, brokenProbes: 0, traces: 3, queries: 2, verified: 2 } };

describe('exit codes', () => {
  it('are printed by --help, each once', async () => {
    const { code, out } = await run('--help');
    expect(code).toBe(EXIT.ok);
    for (const { code: exit, about } of EXIT_TABLE) expect(out).toContain(`${String(exit).padEnd(4)} ${about}`);
    expect(EXIT_TABLE.map((entry) => entry.code)).toEqual(Object.values(EXIT));
  });

  it.each([
    [new InputError('x'), EXIT.input], [new ConfigError('x'), EXIT.input], [new ServiceError('x'), EXIT.service],
    [Object.assign(new Error('x'), { name: 'WorldUnavailable' }), EXIT.service], [new TypeError('x'), EXIT.bug], ['text', EXIT.bug],
  ])('%p ends with %p', (error, code) => {
    expect(exitCodeOf(error)).toBe(code);
  });

  it('what a command cannot write is told in a sentence, also when it is the result itself', async () => {
    const denied = Object.assign(new Error('EACCES: permission denied, open \'x\''), { code: 'EACCES', syscall: 'open', errno: -13 });
    expect(exitCodeOf(denied)).toBe(EXIT.service);
    expect(diskTrouble(denied)).toBe("Expected to read and write the files of this command, got EACCES: permission denied, open 'x'; give this user the right to it, then give the command again");
    expect(diskTrouble(new Error('a bug'))).toBeUndefined();
    const full = openSync('/dev/full', 'w');
    const shown = spawnSync(process.execPath, [join(__dirname, '../../dist/cli/index.js'), '--help'], { stdio: ['ignore', full, 'pipe'], encoding: 'utf8' });
    closeSync(full);
    expect(shown.status).toBe(EXIT.service);
    expect(shown.stderr.trim()).toMatch(/^Expected to write to standard output, got ENOSPC: no space left on device, write$/);
  });

  it('progress that cannot be written ends no command', () => {
    const full = openSync('/dev/full', 'w');
    const { status, stdout } = spawnSync(process.execPath, [join(__dirname, '../../dist/cli/index.js'), 'campain'], { stdio: ['ignore', 'pipe', full], encoding: 'utf8' });
    closeSync(full);
    expect([status, stdout]).toEqual([EXIT.input, '']);
  });

  it.each<[string, string[], number, RegExp]>([
    ['an unknown command', ['campain'], EXIT.input, /unknown command 'campain'/],
    ['a missing argument', ['run'], EXIT.input, /missing required argument 'file'/],
    ['a campaign file that is not there', ['run', 'nowhere.yaml'], EXIT.input, /^Expected a campaign file at nowhere\.yaml, got nothing/],
    ['a world that cannot be made of its description', ['run', 'tests/fixtures/openapi/nothing.yaml'], EXIT.input, /^Expected a collection with items that can be simulated in \.\/empty\.json \(openapi block `empty`\), got none/],
    ['an unknown campaign', ['dataset', 'export', 'x', '--out', 'o'], EXIT.input, /^Expected the id of a campaign under .*, got `x`; there is none yet/],
    ['an id that would leave the folder', ['trajectory', 'list', '../x'], EXIT.input, /^Expected a campaign id of letters, digits, dots and dashes, got `\.\.\/x`/],
    ['an unknown format', ['dataset', 'export', 'x', '--out', 'o', '--format', 'csv'], EXIT.input, /Allowed choices are jsonl, trl/],
    ['a Temporal that does not run', ['campaign', 'start', 'examples/quickstart.yaml'], EXIT.service, /^Expected Temporal to be running, got no answer; npx hardgen up starts it$/],
    ['a Neo4j that does not run', ['graph', 'stats'], EXIT.service, /^Expected Temporal and Neo4j to be running/],
  ])('%s: a sentence on stderr, nothing on stdout, no stack', async (_title, argv, code, sentence) => {
    const ended = await run(...argv);
    expect(ended.err).toMatch(sentence);
    expect(ended).toMatchObject({ code, out: '' });
    expect(ended.err).not.toMatch(/\n\s+at /);
    // Programs are started, and addresses without an answer are waited for.
  }, 30_000);

  it('a setting of the environment that cannot be used is input', async () => {
    process.env.TEMPORAL_ADDRESS = 'nowhere';
    expect(await run('campaign', 'list')).toMatchObject({ code: EXIT.input, out: '' });
  });
});

describe('--json', () => {
  it.each<[string, string[]]>([
    ['campaign list', ['campaign', 'list']], ['campaign status', ['campaign', 'status', ID]], ['trajectory list', ['trajectory', 'list', ID]],
    ['trajectory show', ['trajectory', 'show', ID, '1']], ['world list', ['world', 'list']], ['dataset export', ['dataset', 'export', ID, '--out', 'DIR']],
  ])('%s prints one JSON document on stdout and nothing else', async (_title, argv) => {
    await storedCampaign({ 0: 'verified', 1: 'verified', 2: 'query' });
    await createRecordStore(home).writeArtifact(ID, 'summary.json', JSON.stringify(summary));
    const { code, out } = await run(...argv.map((word) => (word === 'DIR' ? join(home, 'out') : word)), '--json');
    expect(code).toBe(EXIT.ok);
    expect(typeof JSON.parse(out)).toBe('object');
  });

  it('campaign compile prints the input of the workflow, which compiles to itself', async () => {
    const { out } = await run('campaign', 'compile', 'examples/quickstart.yaml');
    expect(JSON.parse(out)).toEqual(JSON.parse(JSON.stringify(compileCampaign('examples/quickstart.yaml'))));
  });
});

describe('every output for people ends with the next command', () => {
  it.each<[string[]]>([[['campaign', 'list']], [['campaign', 'status', ID]], [['trajectory', 'list', ID]], [['trajectory', 'show', ID, 't-00001']], [['world', 'list']], [['dataset', 'export', ID, '--out', 'DIR']]])('%p', async (argv) => {
    await storedCampaign({ 0: 'verified', 1: 'verified' });
    await createRecordStore(home).writeArtifact(ID, 'summary.json', JSON.stringify(summary));
    const { out } = await run(...argv.map((word) => (word === 'DIR' ? join(home, 'out') : word)));
    expect(out.split('\n').at(-1)).toMatch(/Next: /);
  });
});

describe('campaign status', () => {
  it('reads the stored summary when workflow and services are gone', async () => {
    await storedCampaign({});
    await createRecordStore(home).writeArtifact(ID, 'summary.json', JSON.stringify(summary));
    expect(JSON.parse((await run('campaign', 'status', ID, '--json')).out)).toEqual(summary);
  });

  it('shows the funnel and why items were turned down', async () => {
    await storedCampaign({});
    await createRecordStore(home).writeArtifact(ID, 'summary.json', JSON.stringify(summary));
    const { out } = await run('campaign', 'status', ID);
    expect(out).toContain('1 tools probed → 1 in the failure set → 3 traces → 2 queries → 2 verified of 2');
    expect(out).toContain('rejected: query 1');
    expect(out).toContain('9 model calls (10 requests) · 1.2k tokens in, 30 out · $0.50');
  });
});

describe('campaign rebuild', () => {
  it('refuses a campaign that has not ended, so that no export takes rows for final that an open item may displace', async () => {
    await storedCampaign({ 5: 'verified' });
    expect(await run('campaign', 'rebuild', ID)).toMatchObject({ code: EXIT.input, err: expect.stringMatching(/^Expected campaign small-1 to have ended, got no summary.json in .*; let it end \(npx hardgen campaign status small-1\), or /) as string });
    expect(existsSync(join(home, 'campaigns', ID, 'dataset'))).toBe(false);
  });
});

describe('dataset export', () => {
  const exported = async (): Promise<{ rows: number; final: boolean; simulated: boolean }> => JSON.parse((await run('dataset', 'export', ID, '--out', join(home, 'out'), '--json')).out) as { rows: number; final: boolean; simulated: boolean };

  it('of a running campaign holds only rows that nothing can displace', async () => {
    await storedCampaign({ 0: 'verified', 2: 'verified', 3: 'verified' });
    // Item 1 still runs and may make the same calls as item 2, so only item 0 is certain.
    expect(await exported()).toMatchObject({ rows: 1, final: false });
  });

  it('of an ended campaign is what the campaign selected', async () => {
    await storedCampaign({ 0: 'verified', 1: 'query', 2: 'verified', 3: 'verified' });
    await createRecordStore(home).writeArtifact(ID, 'dataset/index.json', JSON.stringify({ items: [0, 2] }));
    expect(await exported()).toMatchObject({ rows: 2, final: true, simulated: true });
    const lines = readFileSync(join(home, 'out', 'rows.jsonl'), 'utf8').trim().split('\n');
    expect(lines.map((line) => parseRow(JSON.parse(line), 'line').simulated)).toEqual([true, true]);
    expect(readFileSync(join(home, 'out', 'README.md'), 'utf8').split('\n')[0]).toContain('simulated');
    expect(readFileSync(join(home, 'out', 'receipts.jsonl'), 'utf8').trim().split('\n')).toHaveLength(2);
  });

  it('refuses a stored row that is none', async () => {
    await storedCampaign({ 0: 'verified', 1: 'verified' });
    mkdirSync(join(home, 'campaigns', ID, 'dataset'), { recursive: true });
    writeFileSync(join(home, 'campaigns', ID, 'dataset', 'index.json'), '{"items":[0]}');
    writeFileSync(join(home, 'campaigns', ID, 'rows', 't-00000.json'), JSON.stringify({ row: { ...parcelRow(), version: 'x' } }));
    expect((await run('dataset', 'export', ID, '--out', join(home, 'out'))).err).toMatch(/Expected a row of version hardgen\/row@1/);
  });

  it('says which row is missing when a folder is incomplete', async () => {
    await storedCampaign({ 0: 'verified' });
    await createRecordStore(home).writeArtifact(ID, 'dataset/index.json', JSON.stringify({ items: [5] }));
    expect(await run('dataset', 'export', ID, '--out', join(home, 'out'))).toMatchObject({ code: EXIT.input, err: expect.stringContaining('Expected the row of item 5') as string });
  });
});

describe('trajectory', () => {
  it('list says how every item ended', async () => {
    await storedCampaign({ 0: 'verified', 2: 'query' });
    expect((await run('trajectory', 'list', ID)).out).toContain('t-00000  verified\nt-00002  rejected:query\n');
  });

  it('show prints the conversation: user, thinking, calls, results, answer; the system prompt only with --all', async () => {
    await storedCampaign({ 1: 'verified' });
    const { out } = await run('trajectory', 'show', ID, '1');
    for (const part of ['What does it cost to send', 'Both depots first.', 'find_depot {"postcode":"BS1 4DJ"}', '{"depot":"D-7"}', 'It costs 12.50 euros.']) expect(out).toContain(part);
    expect(out).not.toContain('You route parcels.');
    expect((await run('trajectory', 'show', ID, '1', '--all')).out).toContain('You route parcels.');
  });

  it.each([['99', /^Expected item t-00099 to have begun/], ['x', /^Expected an item like 12, t-00012 or p-00003, got `x`/]])('show %s is told what there is', async (item, sentence) => {
    await storedCampaign({ 1: 'verified' });
    expect(await run('trajectory', 'show', ID, item)).toMatchObject({ code: EXIT.input, err: expect.stringMatching(sentence) as string });
  });
});
