import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordLine } from '../../src/activities/deps';
import { auditReused, type ReusedAudit } from '../../src/audit/reused';
import { createRecordStore } from '../../src/clients/record-store';
import type { JsonObject } from '../../src/core/json';

const home = mkdtempSync(join(tmpdir(), 'hardgen-reused-'));
const records = createRecordStore(home);
afterAll(() => rmSync(home, { recursive: true, force: true }));

const KEY = 'call/reasoner/0/0/1/1/h1';
const line = (change: JsonObject = {}): RecordLine => ({
  key: KEY, kind: 'call',
  value: { key: 'reasoner/0/0/1/1', stage: 'reasoner', endpoint: 'house', requestHash: 'h1', reply: { content: 'yes' }, usage: { inputTokens: 3, outputTokens: 1 }, costMicroUsd: 9, ...change },
});
const reused = (reusedFrom: string, change: JsonObject = {}): RecordLine => line({ endpoint: 'other', costMicroUsd: 0, reusedFrom, ...change });

const audit = (...lines: RecordLine[]): Promise<ReusedAudit> => auditReused({ home, lines, file: 'records/t-00000.jsonl', at: (key) => key });
const said = async (...lines: RecordLine[]): Promise<string[]> => (await audit(...lines)).findings.map(({ expected, got }) => `expected ${expected}, got ${got}`);

beforeAll(async () => {
  await records.append({ campaign: 'paid', record: 't-00002', line: line() });
  await records.append({ campaign: 'again', record: 't-00002', line: reused(`paid/t-00002/${KEY}`) });
  await records.append({ campaign: 'retried', record: 't-00002', line: line() });
  renameSync(join(home, 'campaigns/retried/records/t-00002.jsonl'), join(home, 'campaigns/retried/records/t-00002.1.jsonl'));
  await records.append({ campaign: 'retried', record: 't-00002', line: line({ reply: { content: 'asked anew' } }) });
});

describe('a reply that another campaign paid for', () => {
  it('is the one that its reference leads to, also in the record of before a retry', async () => {
    expect(await audit(reused(`paid/t-00002/${KEY}`), reused(`retried/t-00002/${KEY}`), line())).toEqual({ findings: [], notFollowed: [] });
  });

  it('is a finding when it says something else than the one that was paid for', async () => {
    expect(await said(reused(`paid/t-00002/${KEY}`, { reply: { content: 'no' } }))).toEqual([`expected /reply/content = yes, as paid/t-00002/${KEY} has it, got no`]);
    expect(await said(reused(`paid/t-00002/${KEY}`, { usage: { inputTokens: 4, outputTokens: 1 } }))).toHaveLength(1);
  });

  it('is a finding when its reference leads nowhere, to a reply that was itself taken over, or is none', async () => {
    expect(await said(reused(`paid/t-00009/${KEY}`))).toEqual([`expected a reply that was paid for as paid/t-00009/${KEY}, got no such line there`]);
    expect(await said(reused(`again/t-00002/${KEY}`))).toHaveLength(1);
    expect(await said(reused('../paid/t-00002/x'))).toEqual(['expected a reference of campaign, item and call, got ../paid/t-00002/x']);
  });

  it('is not followed, and no finding, when the other campaign is not in this home', async () => {
    expect(await audit(reused(`gone/t-00002/${KEY}`))).toEqual({ findings: [], notFollowed: ['gone'] });
  });
});
