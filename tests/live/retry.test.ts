import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { auditCampaign, type AuditReport } from '../../src/audit/campaign';
import type { RecordLine } from '../../src/activities/deps';
import { openCampaign, type CampaignFolder, type StoredRow } from '../../src/cli/campaign-folder';
import { exportDataset } from '../../src/cli/export-dataset';
import { loadConfig, type Config } from '../../src/config';
import { FORMATS } from '../../src/core/dataset/formats';
import type { Progress } from '../../src/core/campaign/progress';
import type { Json } from '../../src/core/json';
import { createDoor, type Completion, type Door } from '../fixtures/door';
import { createRig, railCampaign, root, type Rig } from '../fixtures/rig';

/** One small campaign that has ended; then one of its verified items is tried again, first with a Reasoner that babbles, then with one that speaks otherwise. */
const id = `retried-${process.pid}`;
const REMARK = ' One thing after the other.';
const run = promisify(execFile);

let rig: Rig;
let door: Door;
let config: Config;
let folder: CampaignFolder;
/** A verified item of one turn, so that nothing before the Reasoner comes after it. */
let name: string;

interface Seen {
  said: { result: { outcome: Json }; rows: number };
  served: string[];
  lines: RecordLine[];
  history: string;
  row: StoredRow | undefined;
  others: string[];
  selected: number[];
  summary: Progress;
  exported: string[];
  audit: AuditReport;
  /** By `trajectory explain`. */
  told: string;
}
let first: Omit<Seen, 'said' | 'served' | 'audit' | 'told'>;
let dry: { command: string; reply: Completion; served: string[]; after: RecordLine[] };
let spoilt: Seen;
let mended: Seen;
/** What was said while the budget of the ended campaign stood in the way. */
const capped = { set: '', refused: '', raised: '' };
/** The second-last retry, which found the disk full when it closed, and what it came to when there was space again. */
let full: { refused: string; other: string; seen: Seen };

const recordOf = (): RecordLine[] => rig.records(id)[name] ?? [];
const item = (): number => Number(name.slice(2));
const text = (file: string): string => readFileSync(join(folder.path, file), 'utf8');

const historyText = (file: string): string => gunzipSync(readFileSync(join(folder.path, 'histories', file))).toString('utf8');

/** Whose disk is full while the file is there. */
const fullDisk = (): string => join(rig.home, 'full-disk');
const workers = (): Record<string, string> => ({ HARDGEN_SIMULATOR_URL: door.url, FULL_DISK: fullDisk(), NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --require ${join(root, 'tests/fixtures/full-disk.cjs')}` });

async function cli(...args: string[]): Promise<string> {
  const env = { ...process.env, ...workers(), HARDGEN_HOME: rig.home, HARDGEN_TASK_QUEUE: rig.taskQueue };
  return (await run(process.execPath, [join(root, 'dist/cli/index.js'), ...args], { env, timeout: 120_000, maxBuffer: 1e8 })).stdout;
}

async function look(): Promise<Omit<Seen, 'said' | 'served' | 'audit' | 'told'>> {
  const { items } = JSON.parse(text('dataset/index.json')) as { items: number[] };
  const others = items.filter((other) => other !== item());
  return {
    lines: recordOf(), history: historyText(`${name}.json.gz`), row: await folder.row(item()), selected: items, summary: (await folder.summary()) as Progress,
    others: others.map((other) => text(`rows/t-${String(other).padStart(5, '0')}.json`)), exported: FORMATS.map((format) => text(`dataset/${format.name}/receipts.jsonl`)),
  };
}

async function retryFromReasoner(): Promise<Seen> {
  const before = rig.served().length;
  const said = JSON.parse(await cli('trajectory', 'retry', `${id}/${name}`, '--from', 'reasoner', '--json')) as Seen['said'];
  const served = rig.served().slice(before).map(({ lookup }) => String(lookup.stage));
  return { ...(await look()), said, served, audit: await auditCampaign({ config, campaign: id }), told: await cli('trajectory', 'explain', `${id}/${name}`) };
}

async function dryRun(): Promise<typeof dry> {
  const { command } = JSON.parse(await cli('trajectory', 'retry', `${id}/${name}`, '--from', 'reasoner', '--dry-run', '--json')) as { command: string };
  const before = rig.served().length;
  const reply = JSON.parse((await run('sh', ['-c', command], { env: { PATH: process.env.PATH } })).stdout) as Completion;
  return { command, reply, served: rig.served().slice(before).map(({ lookup }) => String(lookup.stage)), after: recordOf() };
}

beforeAll(async () => {
  rig = await createRig('retried');
  door = await createDoor(rig.simulatorUrl);
  config = { ...loadConfig({ PATH: process.env.PATH, HOME: process.env.HOME }), home: rig.home };
  folder = openCampaign(config, id);
  await rig.startWorker(workers());
  await rig.start(id, railCampaign({ target: { verified: 4, maxItems: 16 } }));
  await rig.result(id);
  const { items } = JSON.parse(text('dataset/index.json')) as { items: number[] };
  const rows = await Promise.all(items.map((other) => folder.row(other)));
  const single = rows.find((row) => row?.row.labels.turns === 1);
  if (!single) throw new Error('Expected a verified item of one turn');
  name = `t-${String(single.index).padStart(5, '0')}`;
  for (const format of FORMATS) await exportDataset(folder, format, join(folder.path, 'dataset', format.name));
  first = await look();
  dry = await dryRun();

  door.change((reply, stage) => (stage === 'reasoner' ? { ...reply, choices: reply.choices.map((choice) => ({ ...choice, message: { ...choice.message, content: '<tool_call>', tool_calls: undefined } })) } : reply));
  spoilt = await retryFromReasoner();
  door.change((reply, stage) => (stage === 'reasoner' ? { ...reply, choices: reply.choices.map((choice) => ({ ...choice, message: { ...choice.message, reasoning_content: `${choice.message.reasoning_content ?? ''}${REMARK}` } })) } : reply));
  capped.set = await cli('campaign', 'set', id, '--calls', '1');
  capped.refused = await retryFromReasoner().then(() => '', (error: { stderr: string }) => error.stderr);
  capped.raised = await cli('campaign', 'set', id, '--calls', 'none');
  mended = await retryFromReasoner();

  const fromFinish = (from = 'finish'): Promise<string> => cli('trajectory', 'retry', `${id}/${name}`, '--from', from, '--json');
  writeFileSync(fullDisk(), 'results.json');
  const refused = await fromFinish().then(() => '', (error: { stderr: string }) => error.stderr);
  const other = await fromFinish('reasoner').then(() => '', (error: { stderr: string }) => error.stderr);
  rmSync(fullDisk());
  const before = rig.served().length;
  const said = JSON.parse(await fromFinish()) as Seen['said'];
  full = { refused, other, seen: { ...(await look()), said, served: rig.served().slice(before).map(({ lookup }) => String(lookup.stage)), audit: await auditCampaign({ config, campaign: id }), told: '' } };
}, 300_000);

afterAll(async () => {
  await Promise.all([rig?.close(), door?.close()]);
}, 60_000);

describe('`--dry-run`', () => {
  it('prints the request that was sent, as a command that any shell runs and the endpoint answers', () => {
    expect(dry.served).toEqual(['reasoner']);
    const call = first.lines.find((line) => line.key.startsWith('call/reasoner/'))?.value as { reply: { content: string; toolCalls: { name: string }[] } };
    expect(dry.reply.choices[0]?.message.content ?? '').toBe(call.reply.content);
    expect(call.reply.toolCalls.map((tool) => tool.name).every((tool) => JSON.stringify(dry.reply).includes(`"name":"${tool}"`))).toBe(true);
  });

  it('changes nothing', () => expect(dry.after).toEqual(first.lines));
});

it('an item tried again is held to the budget of its ended campaign, which `campaign set` changes: it waits, is told what to type, and goes on', () => {
  for (const said of [capped.set, capped.raised]) expect(said).toContain(`Campaign ${id} has ended: its budget now holds for \`trajectory retry\`.`);
  expect(capped.refused).toMatch(new RegExp(`${id}/${name} waits: budget of 1 calls reached: \\d+ calls spent\n\`npx hardgen campaign set ${id} --calls \\d\\d+\` raises it, then type the same command again\\.`));
});

it('a retry that finds the disk full waits, and the same command goes on with it, nothing paid again and nothing miscounted', () => {
  expect(full.refused).toMatch(new RegExp(`${id}/${name} waits: .*ENOSPC.*free space on that disk\nPut it right, then type the same command again\\.`));
  expect(full.other).toMatch(new RegExp(`Expected --from finish, by which a retry of ${id}/${name} waits already, got \`reasoner\``));
  expect(full.seen.said.result.outcome).toEqual(mended.said.result.outcome);
  expect(full.seen.served).toEqual([]);
  expect(full.seen.summary.tokens).toEqual(mended.summary.tokens);
  expect(full.seen.audit.findings).toEqual([]);
});

describe('an item tried again from the reasoner', () => {
  const paidBefore = (lines: readonly RecordLine[]): RecordLine[] => lines.filter(({ key }) => /^call\/(tool-maker|query-generator|paraphrase-judge)\//.test(key));

  it('pays for what depends on that stage alone; what stood before it is the same, reply by reply', () => {
    for (const { served, lines } of [spoilt, mended]) {
      expect(served.length).toBeGreaterThan(0);
      expect(served.filter((stage) => !['reasoner', 'verifier', 'rewriter'].includes(stage))).toEqual([]);
      expect(paidBefore(lines)).toEqual(paidBefore(first.lines));
    }
    expect(paidBefore(first.lines).length).toBeGreaterThanOrEqual(2);
  });

  it('leaves the dataset when it is verified no more, with its row, and the campaign counts it as rejected', () => {
    expect(spoilt.said.result.outcome).toMatchObject({ kind: 'rejected', reason: 'attempts' });
    expect(spoilt.row).toBeUndefined();
    expect(spoilt.selected).not.toContain(item());
    expect(spoilt.summary.rejected.attempts ?? 0).toBe((first.summary.rejected.attempts ?? 0) + 1);
  });

  it('is explained by `trajectory explain`: each wrong attempt with what it was told, and why it was not kept, or was', () => {
    const { detail } = spoilt.said.result.outcome as { detail: string };
    expect(spoilt.told.match(/step 1, attempt \d, wrong: /g)).toHaveLength(spoilt.served.filter((stage) => stage === 'reasoner').length);
    expect(spoilt.told).toContain('was told: The response could not be read: expected every <tool_call> to be closed, got a lone tag.');
    expect(spoilt.told).toContain(`Not kept, rejected:attempts: ${detail}\n`);
    expect(spoilt.told).not.toContain('right: ');
    expect(mended.told).toContain('Kept: every call of every turn was made and checked');
    expect(mended.told).not.toContain('Not kept');
  });

  it('comes back with the row of the new try in the place of the old one, and no other row changes', () => {
    expect(mended.said).toMatchObject({ result: { outcome: { kind: 'verified' } }, rows: first.selected.length });
    expect(mended.selected).toEqual(first.selected);
    expect(mended.others).toEqual(first.others);
    expect(JSON.stringify(first.row?.row)).not.toContain(REMARK);
    expect(JSON.stringify(mended.row?.row)).toContain(REMARK);
  });

  it('adds to the campaign what the tries cost, no more', () => {
    const paid = spoilt.served.length + mended.served.length;
    expect(mended.summary.calls.attempts).toBe(first.summary.calls.attempts + paid);
    expect(mended.summary).toMatchObject({ verified: first.summary.verified, rejected: first.summary.rejected, funnel: first.summary.funnel });
  });

  it('leaves a campaign without a finding after each try, its exports made anew', () => {
    for (const { audit, exported } of [spoilt, mended]) {
      expect(audit.findings).toEqual([]);
      expect(audit.files).toBeGreaterThan(0);
      expect(exported).not.toEqual(first.exported);
    }
  });

  it('keeps what stood there before each try', async () => {
    expect(await folder.records.read(id, `${name}.1`)).toEqual(first.lines);
    expect(await folder.records.read(id, `${name}.2`)).toEqual(spoilt.lines);
    expect([historyText(`${name}.1.json.gz`), historyText(`${name}.2.json.gz`)]).toEqual([first.history, spoilt.history]);
    expect(new Set([first.history, spoilt.history, mended.history]).size).toBe(3);
  });

  it('rests on the record kept aside: the audit names a paid reply that is not in it', async () => {
    const kept = await folder.records.read(id, `${name}.2`);
    const call = kept.find((line) => line.kind === 'call');
    await folder.records.replace(id, `${name}.2`, kept.filter((line) => line !== call));
    const { findings } = await auditCampaign({ config, campaign: id, item: name });
    // It was taken over from the try before, and by the one after.
    expect(findings.map(({ file }) => file)).toEqual([`records/${name}.2.jsonl`, `records/${name}.3.jsonl`]);
    expect(findings[1]?.got).toContain(call?.key);
  }, 60_000);
});
