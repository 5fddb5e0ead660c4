import { auditCampaign } from '../../src/audit/campaign';
import { loadConfig } from '../../src/config';
import type { Progress } from '../../src/core/campaign/progress';
import { createDoor, type Door } from '../fixtures/door';
import { createRig, railCampaign, until, type Rig } from '../fixtures/rig';

/** An endpoint that refuses what it is sent, as one does that does not know a parameter: each refusal ends an item, and is no verdict. */
const id = `failing-${process.pid}`;
const refusal = { status: 400, error: { message: 'Unsupported parameter: \'max_tokens\'' } };
let rig: Rig;
let door: Door;
const seen: Progress[] = [];

beforeAll(async () => {
  rig = await createRig('failing');
  door = await createDoor(rig.simulatorUrl);
  await rig.startWorker({ HARDGEN_SIMULATOR_URL: door.url });
  const goOnAfterPause = async (): Promise<void> => {
    await until(async () => (await rig.progress(id))?.paused === true, 120_000);
    seen.push((await rig.progress(id)) as Progress);
    door.open();
    await rig.client.workflow.getHandle(id).signal('resume');
    await until(async () => (await rig.progress(id))?.paused === false);
  };
  door.closeAfter(0, refusal);
  await rig.start(id, railCampaign({ target: { verified: 8, maxItems: 60 }, window: 1, simulator: { latencyMs: 100 } }));
  await goOnAfterPause();
  await goOnAfterPause();
  await until(async () => ((await rig.progress(id))?.verified ?? 0) > 0, 120_000);
  door.closeAfter(0, refusal);
  await goOnAfterPause();
  seen.push(await rig.result(id));
}, 300_000);

afterAll(async () => {
  await Promise.all([rig?.close(), door?.close()]);
}, 60_000);

it('five probes that fail one after the other pause the campaign, with what the endpoint says', () => {
  expect(seen[0]).toMatchObject({ phase: 'self-evaluate', note: expect.stringMatching(/^5 items failed one after the other: LlmBadRequest: .*Unsupported parameter.*campaign resume failing-/) });
});

it('failed probes are tried once more before T is closed, and T is whole', () => {
  expect(seen[1]).toMatchObject({ phase: 'self-evaluate', note: expect.stringMatching(/^\d of 6 probes failed, so nothing is known of their tools: .*tries them once more$/) });
  expect(seen[3]?.funnel).toMatchObject({ probed: 6 });
  expect(seen[3]?.funnel.failureTools).toBeGreaterThan(3);
});

it('five items that fail one after the other pause it, too, and the others are not paid for', () => {
  expect(seen[2]).toMatchObject({ phase: 'generate', note: expect.stringMatching(/^5 items failed one after the other: .*trajectory retry/) });
  expect(seen[2]?.failed).toBeLessThanOrEqual(5);
});

it('ends with its rows, and an audit finds nothing', async () => {
  expect(seen[3]).toMatchObject({ phase: 'done', verified: 8 });
  expect((await auditCampaign({ config: { ...loadConfig(), home: rig.home }, campaign: id })).findings).toEqual([]);
}, 60_000);
