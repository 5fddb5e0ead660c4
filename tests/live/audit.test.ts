import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { auditCampaign, type AuditReport } from '../../src/audit/campaign';
import { offlineDeps } from '../../src/audit/offline';
import { explainItem } from '../../src/audit/explain';
import { findingLine } from '../../src/audit/finding';
import { rebuildCampaign } from '../../src/audit/rebuild';
import { runTask, tasksOf } from '../../src/audit/tasks';
import { createContexts } from '../../src/activities/context';
import type { RecordLine } from '../../src/activities/deps';
import { createRecordStore, formatLine, parseRecord } from '../../src/clients/record-store';
import { loadConfig, type Config } from '../../src/config';
import { openCampaign } from '../../src/cli/campaign-folder';
import { exportDataset } from '../../src/cli/export-dataset';
import type { Progress } from '../../src/core/campaign/progress';
import type { ItemRef } from '../../src/core/campaign/refs';
import { FORMATS } from '../../src/core/dataset/formats';
import { createRig, railCampaign, type Rig } from '../fixtures/rig';

/** One small campaign; every test damages a copy of what it left. Nothing of Temporal, Neo4j or the simulator is asked. */
const id = `audited-${process.pid}`;
let rig: Rig;
const copies: string[] = [];
let names: { verified: string; other: string };

const offline = (home: string): Config => ({ ...loadConfig({ PATH: process.env.PATH, HOME: process.env.HOME }), home });
const audit = (home: string, item?: string): Promise<AuditReport> => auditCampaign({ config: offline(home), campaign: id, ...(item === undefined ? {} : { item }) });

beforeAll(async () => {
  rig = await createRig('audited');
  await rig.startWorker();
  await rig.start(id, railCampaign({ target: { verified: 6, maxItems: 24 }, round: 6 }));
  await rig.result(id);
  const folder = openCampaign(offline(rig.home), id);
  for (const format of FORMATS) await exportDataset(folder, format, join(folder.path, 'dataset', format.name));
  const { items } = JSON.parse(readFileSync(join(folder.path, 'dataset/index.json'), 'utf8')) as { items: number[] };
  const [verified = '', other = ''] = items.map((item) => `t-${String(item).padStart(5, '0')}`);
  names = { verified, other };
}, 240_000);

afterAll(async () => {
  for (const home of copies) rmSync(home, { recursive: true, force: true });
  await rig?.close();
}, 60_000);

/** A copy of the whole home, to be damaged. */
function copy(): { home: string; path: (file: string) => string; text: (file: string) => string; write: (file: string, content: string | Uint8Array) => void; lines: (item: string) => RecordLine[]; record: (item: string, lines: readonly RecordLine[]) => void } {
  const home = mkdtempSync(join(tmpdir(), 'hardgen-damaged-'));
  copies.push(home);
  for (const part of ['campaigns', 'specs']) cpSync(join(rig.home, part), join(home, part), { recursive: true });
  const path = (file: string): string => join(home, 'campaigns', id, file);
  const text = (file: string): string => readFileSync(path(file), 'utf8');
  const write = (file: string, content: string | Uint8Array): void => writeFileSync(path(file), content);
  return {
    home, path, text, write,
    lines: (item) => parseRecord(text(`records/${item}.jsonl`)),
    // Whoever writes lines anew gives them right checksums: what is left to catch them is what they say.
    record: (item, lines) => write(`records/${item}.jsonl`, lines.map(formatLine).join('')),
  };
}

/** Findings as lines, of one item or of the campaign. */
async function findings(home: string): Promise<string[]> {
  return (await audit(home)).findings.map(findingLine);
}

it('an undisturbed campaign has no finding', async () => {
  const report = await audit(rig.home);
  expect(report.findings).toEqual([]);
  expect(report).toMatchObject({ campaign: id, torn: 0, files: 2 * (FORMATS.length + 1) });
  expect(report.rows).toBeGreaterThanOrEqual(4);
  expect(report.histories).toBe(report.items);
}, 60_000);

it('one item is audited alone', async () => {
  expect(await audit(rig.home, names.verified)).toMatchObject({ items: 1, rows: 1, histories: 1, findings: [] });
}, 60_000);

it('an activity that is run again after its decision was stored asks what it asked then, so nobody is asked', async () => {
  const deps = offlineDeps(offline(copy().home));
  const contexts = createContexts(deps);
  try {
    const context = await contexts.of(id);
    const again: string[] = [];
    for (const record of await deps.records.listRecords(id)) {
      const ref: ItemRef = { campaign: id, purpose: record.startsWith('p-') ? 'probe' : 'trajectory', item: Number(record.slice(2)) };
      const lines = await deps.records.read(id, record);
      for (const task of lines.some(({ key }) => key.startsWith('call/')) ? tasksOf(lines) : []) {
        // Throws for a request without a stored reply.
        await runTask(deps, context, ref, task);
        again.push(task.activity);
      }
      expect(await deps.records.read(id, record)).toEqual(lines);
    }
    expect(new Set(again)).toEqual(new Set(['makeTool', 'generateQuery', 'judgeParaphrase', 'reason', 'verify', 'rewrite', 'tryTarget']));
  } finally {
    await contexts.close();
  }
}, 60_000);

describe('the audit names', () => {
  it('a byte of a record line', async () => {
    const damaged = copy();
    const file = `records/${names.verified}.jsonl`;
    const lines = damaged.text(file).split('\n');
    const at = lines.findIndex((line) => line.includes('"kind":"call"') && line.includes('"latencyMs":'));
    damaged.write(file, lines.map((line, index) => (index === at ? line.replace('"latencyMs":', '"latencyMS":') : line)).join('\n'));
    expect(await findings(damaged.home)).toEqual([expect.stringMatching(new RegExp(`^${names.verified}  ${file}:${at + 1}  expected a line that matches its checksum \\(call/`))]);
  }, 60_000);

  it('a reply swapped with that of another call', async () => {
    const damaged = copy();
    const lines = damaged.lines(names.verified);
    const [first, second] = lines.filter((line) => line.key.startsWith('call/reasoner/0/'));
    const swap = (line: RecordLine): RecordLine => {
      const from = line === first ? second : line === second ? first : undefined;
      return from ? { ...line, value: { ...(line.value as object), reply: (from.value as { reply: object }).reply } as never } : line;
    };
    damaged.record(names.verified, lines.map(swap));
    const found = await findings(damaged.home);
    expect(found[0]).toMatch(new RegExp(`^${names.verified}  records/.*turn/0/step/0/attempt/1\\)  expected .*as follows from the recorded reply`));
    expect(found.every((line) => line.startsWith(names.verified))).toBe(true);
  }, 60_000);

  it('a call line that is missing', async () => {
    const damaged = copy();
    const lines = damaged.lines(names.verified);
    const gone = lines.find((line) => line.kind === 'call');
    damaged.record(names.verified, lines.filter((line) => line !== gone));
    expect((await findings(damaged.home))[0]).toContain(`expected the paid reply ${gone?.key}`);
  }, 60_000);

  it('an outcome line that is missing, from what the history tells', async () => {
    const damaged = copy();
    damaged.record(names.verified, damaged.lines(names.verified).filter((line) => line.kind !== 'outcome'));
    expect((await findings(damaged.home)).join('\n')).toMatch(new RegExp(`${names.verified}  records/${names.verified}.jsonl:outcome  expected the outcome line \\(verified\\)`));
  }, 60_000);

  it.each<[string, object]>([
    ['a higher price', { costMicroUsd: 700 }], ['fewer tokens', { usage: { inputTokens: 1, outputTokens: 1 } }],
  ])('a reply with %s than was paid', async (_what, change) => {
    const damaged = copy();
    const lines = damaged.lines(names.verified);
    const paid = lines.find((line) => line.kind === 'call');
    damaged.record(names.verified, lines.map((line) => (line === paid ? { ...line, value: { ...(line.value as object), ...change } as never } : line)));
    expect((await findings(damaged.home))[0]).toMatch(/\(outcome\) {2}expected a spend of .*, the sum of its paid replies, got /);
  }, 60_000);

  it('other attempts than were made', async () => {
    const damaged = copy();
    damaged.record(names.verified, damaged.lines(names.verified).map((line) => (line.kind === 'outcome' ? { ...line, value: { ...(line.value as object), attempts: [9] } as never } : line)));
    expect((await findings(damaged.home))[0]).toMatch(/\(outcome\) {2}expected attempts \[.*\], got \[9\]/);
  }, 60_000);

  it('the record of another item', async () => {
    const damaged = copy();
    damaged.write(`records/${names.verified}.jsonl`, damaged.text(`records/${names.other}.jsonl`));
    expect((await findings(damaged.home)).join('\n')).toContain(`expected the trace of ${names.verified}, got the one of ${names.other}: the record of another item`);
  }, 60_000);

  it('an edited row, with the place', async () => {
    const damaged = copy();
    const file = `rows/${names.verified}.json`;
    damaged.write(file, damaged.text(file).replace('"end_digest":"', '"end_digest":"0'));
    expect(await findings(damaged.home)).toEqual([expect.stringContaining(`${names.verified}  ${file}:/row/gold/end_digest  expected `)]);
  }, 60_000);

  it('an edited receipt', async () => {
    const damaged = copy();
    const file = `rows/${names.verified}.json`;
    const row = JSON.parse(damaged.text(file)) as { receipt: { cost_usd: number } };
    row.receipt.cost_usd = 12;
    damaged.write(file, `${JSON.stringify(row)}\n`);
    expect(await findings(damaged.home)).toEqual([expect.stringContaining(`${file}:/receipt/cost_usd  expected 0, as follows from the record, got 12`)]);
  }, 60_000);

  it('a row that is gone', async () => {
    const damaged = copy();
    rmSync(damaged.path(`rows/${names.verified}.json`));
    expect(await findings(damaged.home)).toEqual([expect.stringContaining(`rows/${names.verified}.json  expected the row of a verified item, got no file`)]);
  }, 60_000);

  it('a history of another item, of another run, and one that was cut short', async () => {
    const damaged = copy();
    const [a, b] = [`histories/${names.verified}.json.gz`, `histories/${names.other}.json.gz`];
    const history = JSON.parse(gunzipSync(readFileSync(damaged.path(b))).toString()) as { events: { workflowExecutionStartedEventAttributes?: { parentWorkflowExecution: { runId: string } } }[] };
    damaged.write(a, readFileSync(damaged.path(b)));
    damaged.write(b, gzipSync(JSON.stringify({ events: history.events.slice(0, -3) })));
    const found = (await findings(damaged.home)).join('\n');
    expect(found).toContain(`${a}:event 1  expected the history of workflow ${id}/${names.verified}, got the one of ${id}/${names.other}`);
    expect(found).toContain('expected an event that ends the workflow, got a history cut short');

    const started = history.events[0]?.workflowExecutionStartedEventAttributes;
    if (started) started.parentWorkflowExecution.runId = 'another-run';
    const run = copy();
    run.write(b, gzipSync(JSON.stringify(history)));
    expect((await findings(run.home)).join('\n')).toContain('got one of run another-run: the history of another run');
  }, 60_000);

  it('an exported file that was edited, and a row that is listed twice', async () => {
    const damaged = copy();
    const [format] = readdirSync(damaged.path('dataset'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const file = `dataset/${format?.name}/receipts.jsonl`;
    damaged.write(file, damaged.text(file).replace('"campaign"', '"Campaign"'));
    const index = JSON.parse(damaged.text('dataset/index.json')) as { items: number[] };
    damaged.write('dataset/index.json', JSON.stringify({ items: [...index.items, index.items[0]] }));
    const found = await findings(damaged.home);
    expect(found).toEqual([expect.stringContaining('dataset/index.json:item '), expect.stringMatching(new RegExp(`^${file}:line 1  expected sha256 `))]);
  }, 60_000);
});

it('money, tokens and calls of the summary are those of the records', async () => {
  const damaged = copy();
  const summary = JSON.parse(damaged.text('summary.json')) as Progress;
  damaged.write('summary.json', JSON.stringify({ ...summary, tokens: { ...summary.tokens, output: 7 } }));
  const { accepted } = summary.calls;
  expect(await findings(damaged.home)).toEqual([`summary.json:calls, tokens, costUsd  expected ${accepted} calls, ${summary.tokens.input} + ${summary.tokens.output} tokens, 0 µ$, the sum of the records, got ${accepted} calls, ${summary.tokens.input} + 7 tokens, 0 µ$; restore the file from a copy; rows and records do not rest on it`]);
}, 60_000);

it('a probe of which nothing is left is missed, as the manifest names it', async () => {
  const damaged = copy();
  for (const file of ['records/p-00001.jsonl', 'histories/p-00001.json.gz']) rmSync(damaged.path(file));
  expect(await findings(damaged.home)).toEqual([expect.stringMatching(/^p-00001 {2}records\/p-00001\.jsonl {2}expected the record of an item that has begun, got no file; /)]);
}, 60_000);

it('what a round sampled is what its items have, and a round that later ones rest on is there', async () => {
  const damaged = copy();
  const rounds = readdirSync(damaged.path('rounds'));
  expect(rounds.length).toBeGreaterThan(0);
  const { signatures } = JSON.parse(damaged.text('rounds/0000.json')) as { signatures: string[] };
  damaged.write('rounds/0000.json', JSON.stringify({ signatures: signatures.slice(1) }));
  expect(await findings(damaged.home)).toEqual([`rounds/0000.json  expected the calls of the ${signatures.length} traces that items 0 to 5 sampled, got others; restore the file from a copy; rows and records do not rest on it`]);
}, 60_000);

it('rows and dataset are made again byte for byte when both folders are gone', async () => {
  const damaged = copy();
  for (const part of ['rows', 'dataset']) rmSync(damaged.path(part), { recursive: true });
  const rebuilt = await rebuildCampaign({ config: offline(damaged.home), campaign: id });
  expect(rebuilt.lost).toEqual([]);
  const folder = join(rig.home, 'campaigns', id);
  const original = (readdirSync(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).filter((file) => /^(rows|dataset)\//.test(file));
  expect(rebuilt.files.sort()).toEqual(original.sort());
  for (const file of original) expect(damaged.text(file)).toBe(readFileSync(join(folder, file), 'utf8'));
}, 60_000);

it('a rebuild that would lose a row writes nothing over what there is, and elsewhere what it can', async () => {
  const damaged = copy();
  damaged.record(names.verified, damaged.lines(names.verified).filter((line) => line.kind !== 'outcome'));
  const index = damaged.text('dataset/index.json');
  expect(await rebuildCampaign({ config: offline(damaged.home), campaign: id })).toMatchObject({ lost: [{ item: names.verified, reason: 'its record tells of no end, or is gone' }], files: [] });
  expect(damaged.text('dataset/index.json')).toBe(index);
  const out = join(damaged.home, 'elsewhere');
  expect((await rebuildCampaign({ config: offline(damaged.home), campaign: id, out })).files.length).toBeGreaterThan(3);
  expect(readdirSync(join(out, 'rows'))).not.toContain(`${names.verified}.json`);
}, 60_000);

it('an item is explained: trace with sources, query, attempts and cost', async () => {
  const story = await explainItem(createRecordStore(rig.home), id, names.verified);
  expect(story).toMatchObject({ item: names.verified, outcome: { kind: 'verified' } });
  if (!story || 'why' in story) throw new Error('Expected a story');
  expect(story.turns[0]?.calls[0]?.neededFor.length).toBeGreaterThan(0);
  expect(story.turns.every((turn) => turn.queryTries.at(-1)?.ok && turn.steps.every((step) => step.attempts.at(-1)?.right))).toBe(true);
  expect(story.cost.accepted).toBe((await createRecordStore(rig.home).read(id, names.verified)).filter((line) => line.kind === 'call').length);
}, 60_000);
