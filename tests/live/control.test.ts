import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Progress } from '../../src/core/campaign/progress';
import type { Outcome } from '../../src/core/outcome';
import { openCampaign } from '../../src/cli/campaign-folder';
import { exportDataset } from '../../src/cli/export-dataset';
import { FORMATS } from '../../src/core/dataset/formats';
import { loadConfig } from '../../src/config';
import { createRig, datasetBytes, railCampaign, until, type Rig } from '../fixtures/rig';

/**
 * One campaign undisturbed, and the same one with a limit on its calls, paused at window 64 and raised by signals alone;
 * a third one stopped on its way. Files, seed and model are equal.
 */
const WINDOW = 64;
const FIRST_LIMIT = 60;
const calmId = `calm-${process.pid}`;
const steeredId = `steered-${process.pid}`;
const stoppedId = `stopped-${process.pid}`;
const file = { target: { verified: 16, maxItems: 96 }, simulator: { latencyMs: 400 } };

let calm: Rig;
let steered: Rig;
const seen: { limited?: Progress; servedAtLimit?: number; paused?: Progress; leftAfterMs?: number; servedWhilePaused?: number[]; ended?: Progress; stopped?: Progress; servedAtStop?: number[] } = {};

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const requestsOf = (rig: Rig): { time: string }[] => rig.served() as unknown as { time: string }[];

async function undisturbedThenStopped(): Promise<void> {
  await calm.startWorker();
  await calm.start(calmId, railCampaign(file));
  await calm.result(calmId);
  await calm.start(stoppedId, railCampaign({ ...file, target: { verified: 60, maxItems: 240 }, simulator: { latencyMs: 200 } }));
  await until(async () => ((await calm.progress(stoppedId))?.verified ?? 0) >= 3, 120_000);
  await calm.client.workflow.getHandle(stoppedId).signal('stop');
  seen.stopped = await calm.result(stoppedId);
  const served = requestsOf(calm).length;
  await sleep(3_000);
  seen.servedAtStop = [served, requestsOf(calm).length];
}

async function steeredBySignals(): Promise<void> {
  await steered.startWorker();
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
  const paused = Date.now();
  await handle.signal('pause', { reason: 'lunch' });
  await sleep(5_000);
  const afterFive = requestsOf(steered).length;
  seen.leftAfterMs = Math.max(0, ...requestsOf(steered).map(({ time }) => Date.parse(time) - paused));
  await sleep(2_500);
  seen.servedWhilePaused = [afterFive, requestsOf(steered).length];
  seen.paused = await steered.progress(steeredId);
  await handle.signal('resume');
  seen.ended = await steered.result(steeredId);
}

beforeAll(async () => {
  calm = await createRig('calm');
  steered = await createRig('steered');
  await Promise.all([undisturbedThenStopped(), steeredBySignals()]);
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

// The target keeps about 16 of the 64 places filled.
describe('a pause at a window raised to 64', () => {
  it('lets no request leave after five seconds', () => {
    expect(seen.paused).toMatchObject({ paused: true, pausedBy: 'operator', note: 'lunch', window: WINDOW, budget: {} });
    expect(seen.servedWhilePaused?.[1]).toBe(seen.servedWhilePaused?.[0]);
    expect(seen.leftAfterMs).toBeLessThan(5_000);
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
    expect(seen.stopped).toMatchObject({ phase: 'stopped', note: expect.stringContaining('stopped by an operator'), running: 0, failed: 0 });
    expect(seen.stopped?.verified).toBeGreaterThanOrEqual(3);
    expect(seen.stopped?.rejected.surplus ?? 0).toBe(0);
    expect(seen.servedAtStop?.[1]).toBe(seen.servedAtStop?.[0]);
  });

  it('leaves rows that can be exported', async () => {
    const folder = openCampaign({ ...loadConfig(), home: calm.home }, stoppedId);
    expect(await folder.summary()).toMatchObject({ phase: 'stopped', verified: seen.stopped?.verified });
    for (const format of FORMATS) expect((await exportDataset(folder, format, join(calm.home, `out-${format.name}`))).rows).toBe(seen.stopped?.verified);
  });

  it('leaves the history of every item that was begun, also of those it cut short', () => {
    const place = join(calm.home, 'campaigns', stoppedId);
    const results = JSON.parse(readFileSync(join(place, 'results.json'), 'utf8')) as { item: number; outcome: Outcome }[];
    const histories = readdirSync(join(place, 'histories')).filter((name) => name.startsWith('t-'));
    expect(histories.length).toBe(results.length);
    expect(results.filter(({ outcome }) => outcome.kind === 'blocked').length).toBeGreaterThan(0);
    expect(results.filter(({ outcome }) => outcome.kind === 'failed')).toEqual([]);
  });
});
