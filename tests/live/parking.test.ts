import { join } from 'node:path';
import { createDoor, type Door } from '../fixtures/door';
import { createRig, datasetBytes, endGently, railCampaign, root, until, type Rig } from '../fixtures/rig';
import type { CampaignInput } from '../../src/core/campaign/manifest';
import type { Progress } from '../../src/core/campaign/progress';

/**
 * One campaign undisturbed, and the same one begun with a wrong key, paused by an operator and then refused by its endpoint;
 * but for the endpoint's address, files, seed and model are equal.
 */
const calmId = `unparked-${process.pid}`;
const heldId = `parked-${process.pid}`;
const RIGHT_KEY = 'right-key-of-the-house';
const WRONG_KEY = 'mistyped-key-of-the-house';
const WINDOW = 8;

function campaignAt(baseURL: string): CampaignInput {
  const house = { endpoint: 'house', model: 'sim' };
  return railCampaign({
    target: { verified: 8, maxItems: 32 }, window: WINDOW, simulator: { latencyMs: 300 },
    models: {
      endpoints: { house: { baseURL, apiKeyEnv: 'HOUSE_KEY', concurrency: 2 * WINDOW } },
      roles: { toolMaker: house, queryGenerator: house, reasoner: house, verifier: house }, targets: [{ ...house, model: 'sim-a' }, { ...house, model: 'sim-b' }],
    },
  });
}

/** Endpoints of a file get the look-up header too, so that the simulator can stand behind one. */
const withKey = (key: string): Record<string, string> => ({ HOUSE_KEY: key, NODE_OPTIONS: `--require ${join(root, 'tests/fixtures/send-lookup.cjs')}` });

let calm: Rig;
let held: Rig;
let door: Door;
/** What was seen on the way, for the tests to read. */
const wrongKey: { seconds?: number; paused?: Progress; refused?: number[]; served?: number; said?: string } = {};
const seen: { paused?: Progress; servedWhilePaused?: number[]; parked?: Progress; servedWhileParked?: number[]; refused?: number; ended?: Progress } = {};

const phaseIs = async (phase: Progress['phase']): Promise<boolean> => (await held.progress(heldId))?.phase === phase;
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Requests served now and a while later, once what was in flight has come back. */
async function servedOverTime(): Promise<number[]> {
  await pause(2_500);
  const before = held.served().length;
  await pause(2_500);
  return [before, held.served().length];
}

/** Begun with a mistyped key; then what the campaign's note says is done. */
async function beginWithWrongKey(): Promise<void> {
  const worker = await held.startWorker(withKey(WRONG_KEY));
  await held.start(heldId, campaignAt(door.url));
  await until(() => door.refused() > 0, 120_000);
  const since = Date.now();
  await until(async () => (await held.progress(heldId))?.paused === true);
  wrongKey.seconds = (Date.now() - since) / 1000;
  await pause(2_500);
  const refused = door.refused();
  await pause(2_500);
  wrongKey.refused = [refused, door.refused()];
  wrongKey.served = held.served().length;
  wrongKey.paused = await held.progress(heldId);
  await endGently(worker);
  await held.startWorker(withKey(RIGHT_KEY));
  wrongKey.said = await held.hardgen('campaign', 'resume', heldId);
}

beforeAll(async () => {
  calm = await createRig('unparked');
  held = await createRig('parked');
  door = await createDoor(held.simulatorUrl);
  door.demandKey(RIGHT_KEY);
  const undisturbed = async (): Promise<void> => {
    await calm.startWorker(withKey(RIGHT_KEY));
    await calm.start(calmId, campaignAt(calm.simulatorUrl));
    await calm.result(calmId);
  };
  const disturbed = async (): Promise<void> => {
    await beginWithWrongKey();
    const handle = held.client.workflow.getHandle(heldId);

    await until(() => phaseIs('generate'), 120_000);
    await handle.signal('pause', { reason: 'lunch' });
    await until(async () => (await held.progress(heldId))?.paused === true);
    seen.servedWhilePaused = await servedOverTime();
    seen.paused = await held.progress(heldId);
    await handle.signal('resume');

    door.closeAfter(12);
    await until(async () => ((await held.progress(heldId))?.blocked ?? 0) > 0, 120_000);
    seen.servedWhileParked = await servedOverTime();
    seen.parked = await held.progress(heldId);
    seen.refused = door.refused() - (wrongKey.refused?.[1] ?? Infinity);
    door.open();
    await handle.signal('resume');

    // Resumed at once, while refusals of before are still on their way: they must not pause it again.
    door.closeAfter(12);
    await until(async () => ((await held.progress(heldId))?.blocked ?? 0) > 0, 120_000);
    door.open();
    await handle.signal('resume');
    seen.ended = await held.result(heldId);
  };
  await Promise.all([undisturbed(), disturbed()]);
}, 400_000);

afterAll(async () => {
  await Promise.all([calm?.close(), held?.close(), door?.close()]);
}, 60_000);

describe('a campaign begun with a wrong key', () => {
  it('is paused within 15 s of the first refusal, with a sentence that says what to do', () => {
    expect(wrongKey.seconds).toBeLessThan(15);
    expect(wrongKey.paused).toMatchObject({ paused: true, failed: 0, verified: 0 });
    expect(wrongKey.paused?.note).toMatch(/house\/sim\S*: 401 .*; put the right key into \$HOUSE_KEY where the worker runs and start the worker again, then `npx hardgen campaign resume /);
    expect(wrongKey.paused?.note).not.toContain(WRONG_KEY);
  });

  it('asks at most once for each open item, and gets nothing', () => {
    expect(wrongKey.paused?.blocked).toBeGreaterThan(0);
    expect(wrongKey.refused?.[0]).toBeLessThanOrEqual(wrongKey.paused?.blocked ?? 0);
    expect(wrongKey.refused?.[1]).toBe(wrongKey.refused?.[0]);
    expect(wrongKey.served).toBe(0);
  });

  it('goes on by `campaign resume` with a worker that has the right key', () => {
    expect(wrongKey.said).toBe(`Resumed ${heldId}. Next: npx hardgen campaign status ${heldId}`);
    expect(seen.ended).toMatchObject({ phase: 'done', failed: 0, blocked: 0 });
  });
});

describe('a pause by signal', () => {
  it('says so, with the reason, and lets no new request leave', () => {
    expect(seen.paused).toMatchObject({ paused: true, note: 'lunch', failed: 0, blocked: 0 });
    expect(seen.servedWhilePaused?.[1]).toBe(seen.servedWhilePaused?.[0]);
  });
});

describe('an endpoint that refuses the key on the way', () => {
  it('pauses the campaign with a sentence, parks the items and fails none', () => {
    expect(seen.parked).toMatchObject({ paused: true, failed: 0, phase: 'generate' });
    expect(seen.parked?.blocked).toBeGreaterThan(0);
    expect(seen.parked?.note).toMatch(/house\/sim: 401 .*API key/);
  });

  it('is not asked again and again: each open item asks at most once', () => {
    expect(seen.servedWhileParked?.[1]).toBe(seen.servedWhileParked?.[0]);
    expect(seen.refused).toBeGreaterThan(0);
    expect(seen.refused).toBeLessThanOrEqual(WINDOW);
  });

  it('costs nothing once it is put right: after `resume` the campaign ends with the undisturbed dataset, byte for byte', () => {
    expect(seen.ended).toMatchObject({ phase: 'done', blocked: 0, failed: 0, paused: false });
    expect(seen.ended?.verified).toBeGreaterThanOrEqual(6);
    expect(datasetBytes(held.home, heldId)).toBe(datasetBytes(calm.home, calmId));
  });

  it('leads to no reply being paid twice', () => {
    const keys = held.served().map(({ lookup }) => JSON.stringify(lookup));
    expect(keys.length).toBe(new Set(keys).size);
  });
});
