import { copyFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredCall } from '../../src/activities/model-call';
import { auditCampaign } from '../../src/audit/campaign';
import { loadConfig, type Config } from '../../src/config';
import type { Progress } from '../../src/core/campaign/progress';
import { createRig, datasetBytes, railCampaign, root, type Rig } from '../fixtures/rig';

/** One campaign paid for; the same file again; and again with another Verifier prompt. Files, seed and model are equal. */
const paidId = `paid-${process.pid}`;
const againId = `again-${process.pid}`;
const changedId = `changed-${process.pid}`;
const base = { target: { verified: 4, maxItems: 16 } };

let rig: Rig;
const served: { [id: string]: string[] } = {};
const ended: { [id: string]: Progress } = {};

/** The same prompts, the Verifier's with one more sentence. */
function promptsWithAnotherVerifier(): string {
  const folder = join(rig.home, 'prompts');
  mkdirSync(folder);
  const text = readFileSync(join(root, 'src/prompts/verifier.md'), 'utf8');
  copyFileSync(join(root, 'src/prompts/reasoner.md'), join(folder, 'reasoner.md'));
  writeFileSync(join(folder, 'verifier.md'), text.replace(/\n(?=\n)/, '\nTake care.\n'));
  return folder;
}

async function run(id: string, overrides: Record<string, unknown>): Promise<void> {
  const before = rig.served().length;
  await rig.start(id, railCampaign({ ...base, ...overrides }));
  ended[id] = await rig.result(id);
  served[id] = rig.served().slice(before).map(({ lookup }) => String(lookup.stage));
}

const calls = (id: string): StoredCall[] => Object.values(rig.records(id)).flat().flatMap((line) => (line.kind === 'call' ? [line.value as unknown as StoredCall] : []));

beforeAll(async () => {
  rig = await createRig('reuse');
  await rig.startWorker();
  await run(paidId, {});
  await run(againId, { reuse: [paidId] });
  await run(changedId, { reuse: [paidId], prompts: promptsWithAnotherVerifier() });
}, 180_000);

afterAll(async () => {
  await rig?.close();
}, 60_000);

describe('a second campaign with the same file that reuses the first', () => {
  it('asks no model, and ends with the same dataset, byte for byte', () => {
    expect(served[paidId]?.length).toBeGreaterThan(50);
    expect(served[againId]).toEqual([]);
    expect(datasetBytes(rig.home, againId)).toBe(datasetBytes(rig.home, paidId));
  });

  it('pays nothing, has no `sent` line, and says of every reply where it was paid for', () => {
    expect(ended[againId]).toMatchObject({ phase: 'done', calls: { accepted: 0, attempts: 0 }, tokens: { input: 0, output: 0 }, costUsd: 0 });
    expect(ended[againId]?.reused).toBe(calls(againId).length);
    expect(Object.values(rig.records(againId)).flat().filter((line) => line.kind === 'sent')).toEqual([]);
    expect(calls(againId).length).toBeGreaterThan(50);
    for (const call of calls(againId)) expect(call.reusedFrom).toContain(`${paidId}/`);
  });
});

describe('an audit of the second campaign', () => {
  const config = (): Config => ({ ...loadConfig({ PATH: process.env.PATH, HOME: process.env.HOME }), home: rig.home });
  const paidFolder = (): string => join(rig.home, 'campaigns', paidId);

  it('follows every reply to where it was paid for, and finds nothing', async () => {
    expect(await auditCampaign({ config: config(), campaign: againId })).toMatchObject({ findings: [], notFollowed: [], calls: calls(againId).length });
  }, 60_000);

  it('says how many it could not follow when the first campaign is not there', async () => {
    renameSync(paidFolder(), `${paidFolder()}-away`);
    try {
      expect(await auditCampaign({ config: config(), campaign: againId })).toMatchObject({ findings: [], notFollowed: [{ campaign: paidId, replies: calls(againId).length }] });
    } finally {
      renameSync(`${paidFolder()}-away`, paidFolder());
    }
  }, 60_000);
});

describe('a campaign with another Verifier prompt that reuses the first', () => {
  it('pays for the Verifier alone, since what follows it is asked in the same words', () => {
    expect(new Set(served[changedId])).toEqual(new Set(['verifier']));
    expect(served[changedId]?.length).toBe(calls(changedId).filter((call) => call.stage === 'verifier').length);
    expect(ended[changedId]?.reused).toBe(calls(changedId).filter((call) => call.stage !== 'verifier').length);
    expect(calls(changedId).every((call) => (call.reusedFrom === undefined) === (call.stage === 'verifier'))).toBe(true);
  });
});

it('a campaign that names an unknown one is refused with a sentence', async () => {
  const id = `lost-${process.pid}`;
  await rig.start(id, railCampaign({ ...base, reuse: ['nowhere'] }));
  const end = await rig.result(id).then(() => '', (error: Error & { cause?: Error & { cause?: Error } }) => error.cause?.cause?.message ?? error.cause?.message ?? '');
  expect(end).toMatch(/ids of campaigns of this home in `reuse`, got `nowhere`/);
});
