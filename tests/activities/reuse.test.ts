import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CampaignContext } from '../../src/activities/context';
import type { Deps, ModelTarget } from '../../src/activities/deps';
import type { StoredCall } from '../../src/activities/model-call';
import { reusableCall, sampleOf, type ReusableCall } from '../../src/activities/reuse';
import { createRecordStore } from '../../src/clients/record-store';
import type { Json } from '../../src/core/json';

const home = mkdtempSync(join(tmpdir(), 'hardgen-reuse-'));
const records = createRecordStore(home);
/** A worker of its own each: an index is read once per worker. */
const worker = (): Deps => ({ home, records }) as unknown as Deps;

const endpoint = (baseURL: string, extraBody = {}): ModelTarget['endpoint'] => ({ baseURL, extraBody, concurrency: 1, timeoutSeconds: 1, price: { input: 0, output: 0 }, headers: {} });
const target = (baseURL: string, extraBody = {}): ModelTarget => ({ endpointName: 'mine', endpoint: endpoint(baseURL, extraBody), model: 'm', sampling: {}, simulated: false });

async function paid(campaign: string, record: string, key: string, requestHash: string, reusedFrom?: string): Promise<void> {
  const value = { key, requestHash, endpoint: 'there', reply: { content: `${campaign} ${record} ${key}` }, ...(reusedFrom === undefined ? {} : { reusedFrom }) };
  await records.append({ campaign, record, line: { key: `call/${key}/${requestHash}`, kind: 'call', value: value as unknown as Json } });
}

beforeAll(async () => {
  for (const campaign of ['a', 'b']) await records.writeArtifact(campaign, 'manifest.json', JSON.stringify({ campaign: { models: { endpoints: { there: endpoint('http://x/v1') } } } }));
  await paid('a', 't-00002', 'reasoner/0/0/1/1', 'h1');
  await paid('a', 't-00005', 'reasoner/0/0/1/1', 'h1');
  await paid('a', 't-00005', 'reasoner/0/0/2/1', 'h1');
  await paid('a', 'p-00000', 'target/m1/0/0/1/1', 'h2');
  await paid('b', 't-00009', 'reasoner/0/0/1/1', 'h3');
  await paid('b', 't-00002', 'reasoner/0/0/1/1', 'h1', 'z/t-00001/call/…');
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const find = (reuse: string[], item: number, key: string, requestHash: string, at = target('http://x/v1')): Promise<ReusableCall | undefined> =>
  reusableCall(worker(), { manifest: { campaign: { reuse } } } as unknown as CampaignContext, { ref: { campaign: 'new', purpose: 'trajectory', item }, target: at, key, requestHash });

const said = (found: ReusableCall | undefined): string | undefined => (found?.call as StoredCall | undefined)?.reply.content;

describe('a call that another campaign paid for', () => {
  it('is found in the same item first, so that equal requests of two items keep two replies', async () => {
    expect(said(await find(['a'], 5, 'reasoner/0/0/1/1', 'h1'))).toBe('a t-00005 reasoner/0/0/1/1');
    expect(said(await find(['a'], 2, 'reasoner/0/0/1/1', 'h1'))).toBe('a t-00002 reasoner/0/0/1/1');
  });

  it('is found in any other item, in the order of the records', async () => {
    expect(said(await find(['a'], 7, 'reasoner/1/3/1/1', 'h1'))).toBe('a t-00002 reasoner/0/0/1/1');
  });

  it('is looked for in the campaigns in their order', async () => {
    expect(said(await find(['a', 'b'], 7, 'reasoner/0/0/1/1', 'h3'))).toBe('b t-00009 reasoner/0/0/1/1');
    expect(await find([], 5, 'reasoner/0/0/1/1', 'h1')).toBeUndefined();
  });

  it('is the same sample only when attempt, try and target are equal', async () => {
    expect(said(await find(['a'], 5, 'reasoner/0/0/2/1', 'h1'))).toBe('a t-00005 reasoner/0/0/2/1');
    expect(await find(['a'], 5, 'reasoner/0/0/3/1', 'h1')).toBeUndefined();
    expect(await find(['a'], 5, 'target/m0/0/0/1/1', 'h2')).toBeUndefined();
    expect(said(await find(['a'], 5, 'target/m1/0/2/1/1', 'h2'))).toBe('a p-00000 target/m1/0/0/1/1');
    expect(sampleOf('verifier/1/2/3/4')).toBe('3/4');
  });

  it('was asked at the same address with the same extra body', async () => {
    expect(await find(['a'], 5, 'reasoner/0/0/1/1', 'h1', target('http://y/v1'))).toBeUndefined();
    expect(await find(['a'], 5, 'reasoner/0/0/1/1', 'h1', target('http://x/v1', { think: false }))).toBeUndefined();
    expect(await find(['a'], 5, 'reasoner/0/0/1/1', 'h1', { ...target('http://x/v1'), simulated: true })).toBeUndefined();
  });

  it('is named by the line that was paid for, also when it was taken over before', async () => {
    expect((await find(['a'], 5, 'reasoner/0/0/1/1', 'h1'))?.from).toBe('a/t-00005/call/reasoner/0/0/1/1/h1');
    expect((await find(['b'], 2, 'reasoner/0/0/1/1', 'h1'))?.from).toBe('z/t-00001/call/…');
  });
});
