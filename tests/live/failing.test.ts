import { auditCampaign } from '../../src/audit/campaign';
import { loadConfig } from '../../src/config';
import type { ItemResult, Progress } from '../../src/core/campaign/progress';
import { createDoor, type Door } from '../fixtures/door';
import { runFailingCampaign } from '../fixtures/failing-campaign';
import { createRig, type Rig } from '../fixtures/rig';

/** An endpoint that refuses what it is sent. */
const id = `failing-${process.pid}`;
let rig: Rig;
let door: Door;
let seen: Progress[];

beforeAll(async () => {
  rig = await createRig('failing');
  door = await createDoor(rig.simulatorUrl);
  await rig.startWorker({ HARDGEN_SIMULATOR_URL: door.url });
  seen = await runFailingCampaign({ rig, door, id });
}, 300_000);

afterAll(async () => {
  await Promise.all([rig?.close(), door?.close()]);
}, 60_000);

it('five probes that fail one after the other pause the campaign, with what the endpoint says', () => {
  expect(seen[0]).toMatchObject({ phase: 'self-evaluate', note: expect.stringMatching(/^5 items failed one after the other: LlmBadRequest: .*Unsupported parameter.*campaign resume failing-/) });
});

it('failed probes are tried once more before T is closed, and T is whole', () => {
  expect(seen[1]).toMatchObject({ phase: 'self-evaluate', note: expect.stringMatching(new RegExp(`^\\d of 6 probes failed, so nothing is known of their tools: .*tries them once more\\. Where a setting of the file is refused, stop this campaign and start the corrected file with \`reuse: \\[${id}\\]\``)) });
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

it('what failed is listed with its reason, and goes on from where it failed', async () => {
  const listed = JSON.parse(await rig.hardgen('trajectory', 'list', id, '--json')) as { items: { name: string; outcome: string; detail?: string }[] };
  const failed = listed.items.filter(({ outcome }) => outcome === 'failed');
  expect(failed).toHaveLength(seen[3]?.failed ?? 0);
  expect(failed[0]?.detail).toContain('Unsupported parameter');
  const { result } = JSON.parse(await rig.hardgen('trajectory', 'retry', `${id}/${failed[0]?.name}`, '--from', 'finish', '--json')) as { result: ItemResult };
  expect(['verified', 'rejected']).toContain(result.outcome.kind);
  expect((await auditCampaign({ config: { ...loadConfig(), home: rig.home }, campaign: id })).findings).toEqual([]);
}, 120_000);
