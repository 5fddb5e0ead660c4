import { createDoor, type Door } from '../fixtures/door';
import { createRig, datasetBytes, railCampaign, until, type Rig } from '../fixtures/rig';
import type { Progress } from '../../src/core/campaign/progress';

/** One campaign undisturbed, and the same one paused by an operator and then stopped by a wrong key; files, seed and model are equal. */
const calmId = `unparked-${process.pid}`;
const heldId = `parked-${process.pid}`;
const input = railCampaign({ target: { verified: 8, maxItems: 32 }, simulator: { latencyMs: 300 } });

let calm: Rig;
let held: Rig;
let door: Door;
/** What was seen on the way, for the tests to read. */
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

beforeAll(async () => {
  calm = await createRig('unparked');
  held = await createRig('parked');
  door = await createDoor(held.simulatorUrl);
  const undisturbed = async (): Promise<void> => {
    await calm.startWorker();
    await calm.start(calmId, input);
    await calm.result(calmId);
  };
  const disturbed = async (): Promise<void> => {
    await held.startWorker({ HARDGEN_SIMULATOR_URL: door.url });
    await held.start(heldId, input);
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
    seen.refused = door.refused();
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

describe('a pause by signal', () => {
  it('says so, with the reason, and lets no new request leave', () => {
    expect(seen.paused).toMatchObject({ paused: true, note: 'lunch', failed: 0, blocked: 0 });
    expect(seen.servedWhilePaused?.[1]).toBe(seen.servedWhilePaused?.[0]);
  });
});

describe('an endpoint that refuses the key', () => {
  it('pauses the campaign with a sentence, parks the items and fails none', () => {
    expect(seen.parked).toMatchObject({ paused: true, failed: 0, phase: 'generate' });
    expect(seen.parked?.blocked).toBeGreaterThan(0);
    expect(seen.parked?.note).toMatch(/simulator\/sim: 401 .*API key/);
  });

  it('is not asked again and again: each open item asks at most once', () => {
    expect(seen.servedWhileParked?.[1]).toBe(seen.servedWhileParked?.[0]);
    expect(seen.refused).toBeGreaterThan(0);
    expect(seen.refused).toBeLessThanOrEqual(input.campaign.window);
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
