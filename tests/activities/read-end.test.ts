import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Deps, RecordLine } from '../../src/activities/deps';
import { readEnd } from '../../src/activities/finish';
import { createRecordStore } from '../../src/clients/record-store';
import type { ItemRef } from '../../src/core/campaign/refs';

const home = mkdtempSync(join(tmpdir(), 'hardgen-read-end-'));
afterAll(() => rmSync(home, { recursive: true }));

const records = createRecordStore(home);
const deps = { home, records } as unknown as Deps;
const ref: ItemRef = { campaign: 'cut', purpose: 'trajectory', item: 3 };
const append = (line: RecordLine): Promise<RecordLine> => records.append({ campaign: 'cut', record: 't-00003', line });
const sent = (n: number): RecordLine => ({ key: `sent/reasoner/0/0/1/1/${n}`, kind: 'sent', value: { key: 'reasoner/0/0/1/1' } });

describe('an item whose workflow was cut off', () => {
  it('has cost nothing when it has no record', async () => {
    expect(await readEnd(deps, { ...ref, item: 9 })).toEqual({ spend: { accepted: 0, attempts: 0, inputTokens: 0, outputTokens: 0, costMicroUsd: 0 } });
  });

  it('has cost what its record says, with requests that nobody answered, and has no end while none is noted', async () => {
    const reply = { content: 'Done.', reasoning: '', toolCalls: [], finishReason: 'stop' };
    await append({ key: 'spec', kind: 'spec', value: { ok: true, turns: 1, signature: 'abc', hash: 'h' } });
    await append(sent(1));
    await append({ key: 'call/reasoner/0/0/1/1/x', kind: 'call', value: { key: 'reasoner/0/0/1/1', stage: 'reasoner', model: 'm', reply, usage: { inputTokens: 10, outputTokens: 2 }, costMicroUsd: 14 } });
    await append(sent(2));
    expect(await readEnd(deps, ref)).toEqual({ spend: { accepted: 1, attempts: 2, inputTokens: 10, outputTokens: 2, costMicroUsd: 14 } });
  });

  it('ended as its record says, once that was noted', async () => {
    await append({ key: 'outcome', kind: 'outcome', value: { outcome: { kind: 'verified' }, attempts: [1, 2] } });
    expect(await readEnd(deps, ref)).toMatchObject({ spend: { costMicroUsd: 14 }, ended: { outcome: { kind: 'verified' }, attempts: [1, 2], signature: 'abc' } });
  });
});
