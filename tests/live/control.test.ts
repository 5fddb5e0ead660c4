import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { historyFile } from '../../src/activities/finish';
import { auditCampaign } from '../../src/audit/campaign';
import type { ItemResult, Progress } from '../../src/core/campaign/progress';
import { workflowIdOf, type ItemRef } from '../../src/core/campaign/refs';
import type { Outcome } from '../../src/core/outcome';
import { openCampaign } from '../../src/cli/campaign-folder';
import { exportDataset } from '../../src/cli/export-dataset';
import { FORMATS } from '../../src/core/dataset/formats';
import { loadConfig, type Config } from '../../src/config';
import { createRig, datasetBytes, railCampaign, root, until, type Rig } from '../fixtures/rig';

/**
 * One campaign undisturbed, and the same one with a limit on its calls, paused, given another window and raised by signals
 * alone: files, seed and model are equal. A third one is stopped on its way. A fourth has 64 items open, pays for its
 * calls and is steered by the commands of a person: paused, limited in calls, limited in money, stopped.
 */
const WINDOW = 64;
/** Requests in flight at once with that window: some items are between two calls. */
const MANY = 50;
const FIRST_LIMIT = 60;
const calmId = `calm-${process.pid}`;
const steeredId = `steered-${process.pid}`;
const stoppedId = `stopped-${process.pid}`;
const wideId = `wide-${process.pid}`;
const file = { target: { verified: 12, maxItems: 72 }, simulator: { latencyMs: 300 } };
/** Tell their requests from those of the other campaigns of their simulator. */
const WIDE_LATENCY_MS = 2_000;
const STOPPED_LATENCY_MS = 250;
/** USD per million tokens. */
const PRICE = { input: 1, output: 2 };

interface Request {
  time: string;
  lookup: Record<string, unknown>;
}

let calm: Rig;
let steered: Rig;
const seen: { limited?: Progress; servedAtLimit?: number; paused?: Progress; ended?: Progress; stopped?: Progress; terminated?: number; servedAtStop?: number[] } = {};
/** Numbers of requests are of the campaign's own; what counts as in flight had reached the simulator and was not answered. */
const wide: {
  paused?: Progress; inFlightAtPause?: number; lastLeftAfterMs?: number;
  byCalls?: Progress; callLimit?: number; servedWhenKnown?: number; servedAtCallLimit?: number; refusedByCalls?: number;
  byMoney?: Progress; usdLimit?: number; paidAtUsdLimit?: number; dearest?: number;
  said: string[]; ended?: Progress;
} = { said: [] };

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const requestsOf = (rig: Rig): Request[] => rig.served() as unknown as Request[];
const requestsOfWide = (): Request[] => requestsOf(calm).filter(({ lookup }) => lookup.latencyMs === WIDE_LATENCY_MS);
const requestsOfStopped = (): Request[] => requestsOf(calm).filter(({ lookup }) => lookup.latencyMs === STOPPED_LATENCY_MS);
const configOf = (rig: Rig): Config => ({ ...loadConfig(), home: rig.home });

async function undisturbedThenStopped(): Promise<void> {
  // Until then the other campaign's requests are counted as the simulator has them open.
  await until(() => wide.lastLeftAfterMs !== undefined, 150_000);
  await calm.start(calmId, railCampaign(file));
  await calm.result(calmId);
  await calm.start(stoppedId, railCampaign({ ...file, target: { verified: 60, maxItems: 240 }, simulator: { latencyMs: STOPPED_LATENCY_MS }, models: priced(16) }));
  await until(async () => ((await calm.progress(stoppedId))?.verified ?? 0) >= 3, 120_000);
  seen.terminated = await terminateOne();
  await calm.client.workflow.getHandle(stoppedId).signal('stop');
  seen.stopped = await calm.result(stoppedId);
  const served = requestsOfStopped().length;
  await sleep(3_000);
  seen.servedAtStop = [served, requestsOfStopped().length];
}

async function steeredBySignals(): Promise<void> {
  await steered.start(steeredId, railCampaign({ ...file, budget: { calls: FIRST_LIMIT } }));
  const handle = steered.client.workflow.getHandle(steeredId);
  await until(async () => (await steered.progress(steeredId))?.pausedBy === 'budget', 120_000);
  // What was in flight when the limit was reached comes back.
  await sleep(2_000);
  seen.limited = await steered.progress(steeredId);
  seen.servedAtLimit = requestsOf(steered).length;
  await handle.signal('set', { window: WINDOW, budget: { calls: null } });

  await until(async () => (await steered.progress(steeredId))?.phase === 'generate', 120_000);
  const before = requestsOf(steered).length;
  await until(() => requestsOf(steered).length > before + 20, 60_000);
  await handle.signal('pause', { reason: 'lunch' });
  await sleep(1_000);
  seen.paused = await steered.progress(steeredId);
  await handle.signal('resume');
  seen.ended = await steered.result(steeredId);
}

const isLimitedTo = (limit: string) => async (): Promise<boolean> => (await calm.progress(wideId))?.note?.startsWith(`budget of ${limit} reached`) === true;
const paidCalls = (): number[] => Object.values(calm.records(wideId)).flat().flatMap((line) => (line.kind === 'call' ? [(line.value as unknown as { costMicroUsd: number }).costMicroUsd] : []));
const inTotal = (costs: readonly number[]): number => costs.reduce((sum, cost) => sum + cost, 0);
/** Items open that asked for leave after the limit, by the failures of their activities. */
async function refusedForBudget(): Promise<number> {
  let refused = 0;
  for (let item = 0; item < WINDOW; item++) {
    const { events } = await calm.client.workflow.getHandle(`${wideId}/t-${String(item).padStart(5, '0')}`).fetchHistory();
    if (events?.some((event) => event.activityTaskFailedEventAttributes?.failure?.applicationFailureInfo?.type === 'BudgetExhausted')) refused += 1;
  }
  return refused;
}

function priced(concurrency: number): object {
  const house = { endpoint: 'house', model: 'sim' };
  return {
    endpoints: { house: { baseURL: calm.simulatorUrl, concurrency, price: PRICE } },
    roles: { toolMaker: house, queryGenerator: house, reasoner: house, verifier: house }, targets: [{ ...house, model: 'sim-a' }, { ...house, model: 'sim-b' }],
  };
}

/** An operator's `temporal workflow terminate` of an item that has calls to its name. */
async function terminateOne(): Promise<number> {
  const open = calm.client.workflow.list({ query: `WorkflowType = 'trajectory' AND ExecutionStatus = 'Running'` });
  for await (const { workflowId } of open) {
    const [campaign, name = ''] = workflowId.split('/');
    if (campaign !== stoppedId || !(calm.records(stoppedId)[name] ?? []).some(({ kind }) => kind === 'call')) continue;
    await calm.client.workflow.getHandle(workflowId).terminate('by hand');
    return Number(name.slice(2));
  }
  throw new Error('Expected an open item with a call, got none');
}

/** An outcome that was noted before the termination came is the item's. */
function terminatedEnd(): Outcome | undefined {
  const lines = calm.records(stoppedId)[`t-${String(seen.terminated).padStart(5, '0')}`] ?? [];
  return (lines.find(({ kind }) => kind === 'outcome')?.value as { outcome: Outcome } | undefined)?.outcome;
}

/** What the workers wrote down as it was paid. */
function ledgerOf(campaign: string): { microUsd: number; tokens: number; calls: number } {
  const folder = join(calm.home, 'campaigns', campaign, 'ledger');
  const lines = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean));
  const entries = lines.map((line) => JSON.parse(line) as { microUsd?: number; tokens?: number; calls?: number });
  const sum = (unit: 'microUsd' | 'tokens' | 'calls'): number => inTotal(entries.map((entry) => entry[unit] ?? 0));
  return { microUsd: sum('microUsd'), tokens: sum('tokens'), calls: sum('calls') };
}

async function wideByCommands(): Promise<void> {
  await calm.start(wideId, railCampaign({
    target: { verified: 200, maxItems: 400 }, window: WINDOW, round: 100, simulator: { latencyMs: WIDE_LATENCY_MS }, shape: { calls: { '1': 1, '2': 2 }, turns: { single: 1 } },
    // Tools of few steps, for a short way to the items.
    selfEvaluation: { failWhen: 'any', tools: ['rail::nearest_station', 'rail::connection_details'] },
    models: priced(WINDOW),
  }));
  await until(async () => (wide.inFlightAtPause = await calm.open()) >= MANY, 120_000);
  wide.said.push(await calm.hardgen('campaign', 'pause', wideId, '--reason', 'lunch'));
  const paused = Date.now();
  await sleep(6_500);
  wide.paused = await calm.progress(wideId);
  wide.lastLeftAfterMs = Math.max(...requestsOfWide().map(({ time }) => Date.parse(time) - paused));
  const answered = requestsOfWide().length;
  wide.said.push(await calm.hardgen('campaign', 'resume', wideId));
  await until(() => requestsOfWide().length > answered + WINDOW / 2, 60_000);

  // Soon after what has left: 64 items are in the middle of their calls, so only the leave that each asks for can hold them.
  wide.callLimit = requestsOfWide().length + WINDOW + WINDOW / 2;
  wide.said.push(await calm.hardgen('campaign', 'set', wideId, '--calls', String(wide.callLimit)));
  const control = join(calm.home, 'campaigns', wideId, 'control.json');
  await until(() => readFileSync(control, 'utf8').includes(`"calls":${wide.callLimit}`), 60_000);
  // A command takes its time on a busy machine, and calls go on meanwhile.
  wide.servedWhenKnown = requestsOfWide().length;
  await until(isLimitedTo(`${wide.callLimit} calls`), 60_000);
  await sleep(3_500);
  wide.byCalls = await calm.progress(wideId);
  wide.servedAtCallLimit = requestsOfWide().length;
  wide.refusedByCalls = await refusedForBudget();

  const paid = paidCalls();
  wide.usdLimit = Number(((inTotal(paid) + 40 * (inTotal(paid) / paid.length)) / 1e6).toFixed(4));
  wide.said.push(await calm.hardgen('campaign', 'set', wideId, '--calls', 'none', '--budget', String(wide.usdLimit)));
  await until(async () => (await calm.progress(wideId))?.pausedBy === 'budget' && (await calm.progress(wideId))?.note?.includes(' USD reached') === true, 60_000);
  await sleep(3_500);
  wide.byMoney = await calm.progress(wideId);
  wide.paidAtUsdLimit = inTotal(paidCalls()) / 1e6;
  wide.dearest = Math.max(...paidCalls()) / 1e6;

  const held = requestsOfWide().length;
  wide.said.push(await calm.hardgen('campaign', 'set', wideId, '--budget', 'none'));
  await until(() => requestsOfWide().length > held, 60_000);
  wide.said.push(await calm.hardgen('campaign', 'stop', wideId, '--finish'));
  wide.ended = await calm.result(wideId);
}

beforeAll(async () => {
  calm = await createRig('calm');
  steered = await createRig('steered');
  // Endpoints of a file get the look-up header too: one of them is the simulator, with a price.
  const env = { NODE_OPTIONS: `--require ${join(root, 'tests/fixtures/send-lookup.cjs')}` };
  await Promise.all([calm.startWorker(env), steered.startWorker()]);
  await Promise.all([undisturbedThenStopped(), steeredBySignals(), wideByCommands()]);
}, 400_000);

afterAll(async () => {
  await Promise.all([calm?.close(), steered?.close()]);
}, 60_000);

describe('a limit of the budget', () => {
  it('pauses the campaign with a sentence that says what was spent and how to go on', () => {
    expect(seen.limited).toMatchObject({ paused: true, pausedBy: 'budget', failed: 0, blocked: 0, budget: { calls: FIRST_LIMIT } });
    expect(seen.limited?.note).toMatch(new RegExp(`^budget of ${FIRST_LIMIT} calls reached: \\d+ calls spent.*; 0 verified; \`npx hardgen campaign set ${steeredId} --calls ${FIRST_LIMIT * 2}\` goes on$`));
  });

  it('is overshot by no more than the calls in flight', () => {
    expect(seen.servedAtLimit).toBeLessThanOrEqual(FIRST_LIMIT + 2 * 6);
  });

  it('that is taken away by `set` lets the campaign go on by itself', () => {
    expect(seen.paused?.calls.attempts).toBeGreaterThan(FIRST_LIMIT);
  });
});

describe('a campaign with 64 items open', () => {
  it('lets no request leave five seconds after a pause', () => {
    expect(wide.paused).toMatchObject({ paused: true, pausedBy: 'operator', note: 'lunch', window: WINDOW });
    expect(wide.inFlightAtPause).toBeGreaterThanOrEqual(MANY);
    expect(wide.lastLeftAfterMs).toBeLessThan(5_000);
  });

  it('overshoots a limit on calls by no more than the calls in flight, which is what each call is refused for', () => {
    expect(wide.byCalls).toMatchObject({ paused: true, pausedBy: 'budget', failed: 0, blocked: 0, budget: { calls: wide.callLimit } });
    expect(wide.byCalls?.note).toMatch(new RegExp(`^budget of ${wide.callLimit} calls reached: \\d+ calls spent; \\d+ verified; `));
    expect(wide.refusedByCalls).toBeGreaterThan(0);
    expect(wide.servedAtCallLimit).toBeGreaterThanOrEqual(wide.callLimit ?? Infinity);
    expect(wide.servedAtCallLimit).toBeLessThanOrEqual(Math.max(wide.callLimit ?? 0, wide.servedWhenKnown ?? 0) + WINDOW);
  });

  it('overshoots a limit on money by no more than what the calls in flight cost', () => {
    expect(wide.byMoney).toMatchObject({ paused: true, pausedBy: 'budget', failed: 0, budget: { usd: wide.usdLimit } });
    expect(wide.paidAtUsdLimit).toBeGreaterThanOrEqual(wide.usdLimit ?? Infinity);
    expect(wide.paidAtUsdLimit).toBeLessThanOrEqual((wide.usdLimit ?? 0) + WINDOW * (wide.dearest ?? 0));
  });

  it('ends by `campaign stop --finish` with its open items brought to their end, all by commands', () => {
    expect(wide.said).toEqual([expect.stringMatching(/^Paused/), expect.stringMatching(/^Resumed/), expect.stringMatching(/^Set for/), expect.stringMatching(/^Set for/), expect.stringMatching(/^Set for/), expect.stringMatching(/^Stopping/)]);
    expect(wide.ended).toMatchObject({ phase: 'stopped', running: 0, failed: 0, blocked: 0, rejected: expect.not.objectContaining({ surplus: expect.anything() }) });
    const results = JSON.parse(readFileSync(join(calm.home, 'campaigns', wideId, 'results.json'), 'utf8')) as { outcome: Outcome }[];
    expect(results.length).toBeGreaterThanOrEqual(WINDOW);
    expect(results.filter(({ outcome }) => outcome.kind !== 'verified' && outcome.kind !== 'rejected')).toEqual([]);
  });

  it('paid for no reply twice, through a pause, two limits and a stop', () => {
    const keys = requestsOfWide().map(({ lookup }) => JSON.stringify(lookup));
    expect(keys.length).toBe(new Set(keys).size);
  });

  it('costs what its calls cost', () => {
    expect(wide.ended?.costUsd).toBeCloseTo(inTotal(paidCalls()) / 1e6, 6);
    expect(wide.ended?.cost?.perVerifiedUsd).toBeGreaterThan(0);
  });
});

describe('what was limited, paused, given another window and raised', () => {
  it('ends with the undisturbed dataset, byte for byte', () => {
    expect(seen.ended).toMatchObject({ phase: 'done', failed: 0, blocked: 0, paused: false });
    expect(datasetBytes(steered.home, steeredId)).toBe(datasetBytes(calm.home, calmId));
  });

  it('paid for no reply twice', () => {
    const keys = steered.served().map(({ lookup }) => JSON.stringify(lookup));
    expect(keys.length).toBe(new Set(keys).size);
  });

  it('puts every call at the reason it was made for', () => {
    const { cost, calls } = seen.ended ?? {};
    expect(Object.values(cost?.byReason ?? {}).reduce((sum, entry) => sum + entry.calls, 0)).toBe(calls?.attempts);
    expect(cost?.byReason.verified?.items).toBeGreaterThanOrEqual(seen.ended?.verified ?? 0);
  });
});

describe('a stop', () => {
  it('ends the campaign as stopped, with what was verified, and lets no request leave afterwards', () => {
    expect(seen.stopped).toMatchObject({ phase: 'stopped', note: expect.stringContaining('stopped by an operator'), running: 0, failed: terminatedEnd() === undefined ? 1 : 0 });
    expect(seen.stopped?.verified).toBeGreaterThanOrEqual(3);
    expect(seen.stopped?.rejected.surplus ?? 0).toBe(0);
    expect(seen.servedAtStop?.[1]).toBe(seen.servedAtStop?.[0]);
  });

  it('leaves rows that can be exported', async () => {
    const folder = openCampaign(configOf(calm), stoppedId);
    expect(await folder.summary()).toMatchObject({ phase: 'stopped', verified: seen.stopped?.verified });
    for (const format of FORMATS) expect((await exportDataset(folder, format, join(calm.home, `out-${format.name}`))).rows).toBe(seen.stopped?.verified);
  });

  it('leaves the history of every item that was begun, also of those it cut short', () => {
    const place = join(calm.home, 'campaigns', stoppedId);
    const results = JSON.parse(readFileSync(join(place, 'results.json'), 'utf8')) as { item: number; outcome: Outcome }[];
    const histories = readdirSync(join(place, 'histories')).filter((name) => name.startsWith('t-'));
    expect(histories.length).toBe(results.length);
    expect(results.filter(({ outcome }) => outcome.kind === 'blocked').length).toBeGreaterThan(0);
    expect(results.find(({ item }) => item === seen.terminated)?.outcome).toMatchObject(terminatedEnd() ?? { kind: 'failed' });
    expect(results.filter(({ item, outcome }) => outcome.kind === 'failed' && item !== seen.terminated)).toEqual([]);
  });

  it('counts what was paid for and cut off, also by a termination: status says what the ledger does', () => {
    const results = JSON.parse(readFileSync(join(calm.home, 'campaigns', stoppedId, 'results.json'), 'utf8')) as ItemResult[];
    const cut = results.filter(({ outcome }) => outcome.kind === 'blocked');
    expect(cut.some(({ spend }) => spend.accepted > 0)).toBe(true);
    expect(results.find(({ item }) => item === seen.terminated)?.spend.accepted).toBeGreaterThan(0);
    const { costUsd = 0, tokens, calls } = seen.stopped ?? {};
    expect({ microUsd: Math.round(costUsd * 1e6), tokens: (tokens?.input ?? 0) + (tokens?.output ?? 0), calls: calls?.attempts }).toEqual(ledgerOf(stoppedId));
  });
});

it('an audit of the stopped campaign finds nothing, also in what was cut short', async () => {
  expect((await auditCampaign({ config: configOf(calm), campaign: stoppedId })).findings).toEqual([]);
}, 60_000);

it('an audit misses no record of an item that was stopped before its first step', async () => {
  const ref: ItemRef = { campaign: stoppedId, purpose: 'trajectory', item: 239 };
  // Its workflow begins when it is cancelled already.
  const handle = await calm.client.workflow.start('trajectory', { workflowId: workflowIdOf(ref), taskQueue: calm.taskQueue, startDelay: '1s', args: [{ ref, settings: {}, epoch: 0, countsCut: true }] });
  await handle.cancel();
  expect(await handle.result()).toMatchObject({ outcome: { kind: 'rejected', reason: 'surplus' }, attempts: [] });
  // What is asked of a worker waits for one as long as a machine may be away.
  const asked = ((await handle.fetchHistory()).events ?? []).flatMap(({ activityTaskScheduledEventAttributes: attributes }) => (attributes ? [Number(attributes.scheduleToCloseTimeout?.seconds ?? 0)] : []));
  expect(asked.length).toBeGreaterThan(0);
  expect(Math.min(...asked)).toBeGreaterThan(30 * 86_400);
  const place = join(calm.home, 'campaigns', stoppedId);
  writeFileSync(join(place, historyFile(ref)), gzipSync(historyToJSON(await handle.fetchHistory())));
  expect(existsSync(join(place, 'records/t-00239.jsonl'))).toBe(false);
  expect(await auditCampaign({ config: configOf(calm), campaign: stoppedId, item: 't-00239' })).toMatchObject({ items: 1, histories: 1, findings: [] });
}, 60_000);
