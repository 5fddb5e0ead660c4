import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { loadConfig } from '../../src/config';
import type { Progress } from '../../src/core/campaign/progress';
import type { JsonObject } from '../../src/core/json';
import type { NamedRow, Row } from '../../src/core/dataset/row';
import { parseRow } from '../../src/core/dataset/row.schema';
import { checkRow } from '../../src/core/dataset/row';
import { findProgram } from '../../src/services/programs';
import { TEMPORAL_VERSION } from '../../src/services/temporal';
import { openWorlds } from '../../src/worlds';
import { createReplayer, type Replayer } from '../../src/worlds/replay';
import { failsToReexecute, needlessCalls, scaffoldingOf, scaffoldingShown, underivableArguments } from '../fixtures/row-proofs';
import { failsToReplay } from '../fixtures/replay';
import { createRig, railCampaign, root, type Rig } from '../fixtures/rig';

/** One small campaign, started by `temporal` alone with what `hardgen campaign compile` prints; every test reads what it left. */
const id = `plain-${process.pid}`;
let rig: Rig;
let ended: Progress;
let rows: { record: string; row: NamedRow }[];
let replayer: Replayer;

const temporal = (...args: string[]): string =>
  execFileSync(temporalProgram(), ['workflow', ...args, '--address', process.env.TEMPORAL_ADDRESS ?? '', '--workflow-id', id], { encoding: 'utf8' });

function temporalProgram(): string {
  const { searchPath, cache } = loadConfig();
  const program = [findProgram(searchPath, 'temporal'), join(cache, `temporal-${TEMPORAL_VERSION}`, 'temporal')].find((path) => path !== null && existsSync(path));
  if (!program) throw new Error('Expected the `temporal` program on PATH or in our cache; `hardgen up` fetches it');
  return program;
}

beforeAll(async () => {
  rig = await createRig('plain');
  await rig.startWorker();
  const file = join(rig.home, 'campaign.json');
  writeFileSync(file, JSON.stringify(railCampaign({ target: { verified: 8, maxItems: 32 } }).campaign));
  const input = join(rig.home, 'input.json');
  writeFileSync(input, execFileSync(process.execPath, [join(root, 'dist/cli/index.js'), 'campaign', 'compile', file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  temporal('start', '--type', 'campaign', '--task-queue', rig.taskQueue, '--input-file', input);
  ended = await rig.result(id);
  const folder = join(rig.home, 'campaigns', id);
  const { items } = JSON.parse(readFileSync(join(folder, 'dataset/index.json'), 'utf8')) as { items: number[] };
  rows = items.map((item) => {
    const record = `t-${String(item).padStart(5, '0')}`;
    return { record, row: parseRow((JSON.parse(readFileSync(join(folder, `rows/${record}.json`), 'utf8')) as { row: unknown }).row, record) };
  });
  // A replayer of its own: nothing that the campaign remembered is used.
  replayer = createReplayer(await openWorlds([{ builtin: 'rail', share: 1 }], { baseDir: root, cacheDir: rig.home, scratchDir: rig.home }));
}, 240_000);

afterAll(async () => {
  await replayer?.close();
  await rig?.close();
}, 60_000);

const copyOf = (row: Row): Row => structuredClone(row);
const first = (fits: (row: Row) => boolean = () => true): Row => {
  const found = rows.find(({ row }) => fits(row));
  if (!found) throw new Error('Expected a row that fits');
  return copyOf(found.row);
};

describe('a campaign started by `temporal workflow start` alone', () => {
  it('ends with verified rows and nothing failed or blocked', () => {
    expect(ended).toMatchObject({ id, phase: 'done', failed: 0, blocked: 0, running: 0 });
    expect(rows.length).toBeGreaterThanOrEqual(6);
    expect(ended.verified).toBe(rows.length);
  });

  it('answers `temporal workflow query --type progress` with the same numbers', () => {
    const answer = JSON.parse(temporal('query', '--type', 'progress', '--output', 'json')) as { queryResult: Progress[] };
    expect(answer.queryResult[0]).toEqual(ended);
  });

  it('asked for every reply once', () => {
    const keys = rig.served().map(({ lookup }) => JSON.stringify(lookup));
    expect(keys.length).toBe(new Set(keys).size);
    expect(keys.length).toBe(ended.calls.attempts);
  });
});

describe('every exported row', () => {
  it('is a row of its schema and passes its own checks', () => {
    for (const { row } of rows) expect(checkRow(row, replayer.world(row.world).doc.tools)).toEqual([]);
  });

  it('re-executes in a new world to the recorded outputs and end state', async () => {
    for (const { row } of rows) expect(await failsToReexecute(row, replayer)).toEqual([]);
  });

  it('needs each of its gold calls', async () => {
    for (const { row } of rows) expect(await needlessCalls(row, replayer)).toEqual([]);
  });

  it('has every gold argument derivable from its own queries and what was said before', () => {
    const records = rig.records(id);
    for (const { row, record } of rows) expect(underivableArguments(row, replayer, records[record] ?? [])).toEqual([]);
  });

  it('shows no hint, no advanced tool and no feedback of its own generation', () => {
    const records = rig.records(id);
    for (const { row, record } of rows) {
      const scaffolding = scaffoldingOf(records[record] ?? []);
      expect(scaffolding.advancedTools.length).toBeGreaterThan(0);
      expect(scaffolding.sentences.length).toBeGreaterThan(0);
      expect(scaffoldingShown(row, scaffolding)).toEqual([]);
    }
  });
});

describe('the checks of a row find', () => {
  it('an output that was changed', async () => {
    const row = first();
    const call = row.gold.calls[0];
    if (call) call.result = { ...(call.result as JsonObject), forged: true };
    expect(await failsToReexecute(row, replayer)).toEqual([`${call?.id} gives another output than recorded`]);
  });

  it('an end state that was changed', async () => {
    const row = first();
    row.gold.end_digest = 'forged';
    expect(await failsToReexecute(row, replayer)).toEqual(['the calls end in another state than recorded']);
  });

  it('a call that is needed for nothing', async () => {
    const row = first();
    const landmark = replayer.world('rail').known(row.seed).find((fact) => fact.entity === 'landmark' || /landmark/.test(fact.name));
    const args = { landmark: landmark?.value ?? '' };
    const { results } = await replayer.execute('rail')(row.seed, [{ tool: 'nearest_station', args }]);
    expect(results[0]).toMatchObject({ ok: true });
    row.gold.calls.unshift({ id: 'c99', turn: 0, tool: 'nearest_station', args, sources: [{ kind: 'fact', pointer: '/landmark', fact: landmark?.name ?? '' }], result: results[0]?.ok ? results[0].value : null, needed_for: ['later-call'] });
    expect(await failsToReexecute(row, replayer)).toEqual([]);
    expect(await needlessCalls(row, replayer)).toEqual(['c99 (nearest_station) is needed for nothing']);
  });

  it('an argument that nobody gave', () => {
    const row = first((candidate) => candidate.labels.turns === 1 && candidate.gold.calls.some((call) => call.sources.some((source) => source.kind === 'fact')));
    for (const message of row.messages) if (message.role === 'user') message.content = 'Please take care of it for me.';
    const record = rows.find((other) => other.row.id === (row as NamedRow).id)?.record ?? '';
    expect(underivableArguments(row, replayer, rig.records(id)[record] ?? [])).not.toEqual([]);
  });

  it.each(['hint', 'advanced tool', 'feedback'])('a training view that shows the %s', (what) => {
    const records = rig.records(id);
    const repaired = rows.find(({ record }) => (records[record] ?? []).some((line) => line.key.includes('/feedback/')));
    const { row, record } = what === 'feedback' && repaired ? repaired : (rows[0] as { row: NamedRow; record: string });
    const lines = records[record] ?? [];
    const scaffolding = scaffoldingOf(what === 'feedback' ? lines.filter((line) => line.key.includes('/feedback/')) : lines.filter((line) => line.key.includes('/tool/')));
    const words = what === 'advanced tool' ? scaffolding.advancedTools[0] : scaffolding.sentences[0];
    if (words === undefined) throw new Error(`Expected the record of ${record} to hold a ${what}`);
    const planted = copyOf(row);
    const speaking = planted.messages.find((message) => message.role === 'assistant');
    if (speaking?.role === 'assistant') speaking.reasoning_content = `I was told: ${words}`;
    expect(scaffoldingShown(planted, scaffolding)).not.toEqual([]);
  });

  it('a value used before any message shows it', () => {
    const row = first((candidate) => candidate.gold.calls.some((call) => call.sources.some((source) => source.kind === 'output')));
    const made = row.messages.filter((message) => message.role === 'tool');
    for (const message of made) message.content = '{}';
    expect(checkRow(row).filter((reason) => /before any message shows it/.test(reason))).not.toEqual([]);
  });
});

describe('the history of every item', () => {
  const exported = (): { name: string; history: unknown }[] => {
    const folder = join(rig.home, 'campaigns', id, 'histories');
    return readdirSync(folder).map((file) => ({ name: file.replace('.json.gz', ''), history: JSON.parse(gunzipSync(readFileSync(join(folder, file))).toString()) as unknown }));
  };

  it('lies beside its record', () => {
    expect(exported().map(({ name }) => name).sort()).toEqual(Object.keys(rig.records(id)).sort());
  });

  it('replays on the current workflows', async () => {
    expect(await failsToReplay(exported().map(({ name, history }) => ({ workflowId: `${id}/${name}`, history })))).toEqual([]);
  }, 120_000);
});
