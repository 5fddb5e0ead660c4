import type { RecordLine } from '../../src/activities/deps';
import { storyOf } from '../../src/audit/explain';
import { storyLines } from '../../src/cli/explain';
import type { Json } from '../../src/core/json';
import type { TraceSpec } from '../../src/core/trace';

const spec = { world: 'rail', seed: 1, purpose: 'trajectory', item: 3, cell: { world: 'rail', calls: '1', turns: 'single' }, target: 'rail::sign_in', graphVersion: 2, calls: [], turns: [{ calls: [], asks: [] }] } as unknown as TraceSpec;
const call = (key: string, more: object = {}): RecordLine => ({
  key: `call/${key}/h`, kind: 'call', value: { key, stage: key.split('/')[0], usage: { inputTokens: 100, outputTokens: 10 }, costMicroUsd: 2_000, reply: {}, ...more } as unknown as Json,
});
const sent = (key: string, id: string): RecordLine => ({ key: `sent/${key}/${id}`, kind: 'sent', value: { key } });
const attempt = (number: number, right: boolean, opinion: object | null): RecordLine => ({
  key: `turn/0/step/0/attempt/${number}`, kind: 'decision',
  value: { right, final: false, leaks: [], ids: [], attempt: { reasoning: '', calls: null, answer: 'Done.' }, accepted: null, errors: [], result: null, opinion } as unknown as Json,
});
const told = (...lines: RecordLine[]): string => storyLines(storyOf({ item: 't-00003', lines, spec, specHash: 'h' })).join('\n');

describe('an item\'s story', () => {
  it('tells paid replies from those that another campaign paid for', () => {
    const story = told(sent('reasoner/0/0/1/1', 'a'), call('reasoner/0/0/1/1'), call('reasoner/0/1/1/1', { reusedFrom: 'first/t-00003/call/…', costMicroUsd: 0 }));
    expect(story).toContain('reasoner           1 reply of 1 requests, 100 + 10 tokens, $0.0020, 1 reused');
    expect(told(sent('reasoner/0/0/1/1', 'a'), call('reasoner/0/0/1/1'))).not.toContain('reused');
  });

  it('says from where it was tried again, and where the record of before lies', () => {
    expect(told({ key: 'retry/2', kind: 'decision', value: { from: 'reasoner' } })).toContain('Tried again from reasoner: what stood before it was kept, and records/t-00003.2.jsonl has it as it was.');
    expect(told()).not.toContain('Tried again');
  });

  it('shows the second opinion where it differs from the rule that decided, and only there', () => {
    const same = { sameState: true, sameOutputs: true };
    const other = { sameState: false, sameOutputs: true };
    expect(told(attempt(1, false, same))).toContain('by its effects alone (same state, same outputs) it would have counted');
    expect(told(attempt(1, true, other))).toContain('by its effects alone it would not have counted');
    for (const agreeing of [attempt(1, false, other), attempt(1, true, same), attempt(1, false, null)]) expect(told(agreeing)).not.toContain('effects alone');
  });
});
