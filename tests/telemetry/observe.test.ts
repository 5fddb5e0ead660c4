import { MockActivityEnvironment } from '@temporalio/testing';
import type { Deps, ModelTarget, RecordLine } from '../../src/activities/deps';
import { observeDeps, type Observed } from '../../src/telemetry/observe';

const target: ModelTarget = {
  endpointName: 'house', model: 'm', sampling: {}, simulated: false,
  endpoint: { baseURL: 'http://127.0.0.1:1/v1', concurrency: 1, timeoutSeconds: 1, price: { input: 2, output: 10 }, headers: {}, extraBody: {} },
};
const input = { target, request: { messages: [{ role: 'user' as const, content: 'secret wish' }] }, lookup: { stage: 'reasoner' }, signal: new AbortController().signal };
const inItem = new MockActivityEnvironment({ workflowExecution: { workflowId: 'small-1/t-00003', runId: 'r' } });

function observed(chat: Deps['chat']): { deps: Deps; seen: Observed[] } {
  const seen: Observed[] = [];
  const append = ({ line }: { line: RecordLine }): Promise<RecordLine> => Promise.resolve(line);
  return { deps: observeDeps({ chat, records: { append } } as unknown as Deps, (event) => void seen.push(event)), seen };
}

describe('what is told of a model call', () => {
  it('is whose it was, what it cost and the hash of its prompt, not the prompt', async () => {
    const reply = { reply: { content: '', reasoning: '', toolCalls: [], finishReason: 'stop' }, usage: { inputTokens: 100, outputTokens: 20 }, model: 'm', latencyMs: 40 };
    const { deps, seen } = observed({ complete: () => Promise.resolve(reply) });
    await inItem.run(() => deps.chat.complete(input));
    expect(seen).toEqual([{ kind: 'call', campaign: 'small-1', item: 't-00003', stage: 'reasoner', endpoint: 'house', model: 'm', promptHash: expect.stringMatching(/^[0-9a-f]{64}$/), latencyMs: 40, inputTokens: 100, outputTokens: 20, costMicroUsd: 400 }]);
    expect(JSON.stringify(seen)).not.toContain('secret wish');
  });

  it('is the failure\'s type when it failed, and the caller gets the same error', async () => {
    const error = Object.assign(new Error('late'), { name: 'TimeoutError' });
    const { deps, seen } = observed({ complete: () => Promise.reject(error) });
    await inItem.run(() => expect(deps.chat.complete(input)).rejects.toBe(error));
    expect(seen).toMatchObject([{ kind: 'call-failed', item: 't-00003', type: 'LlmTimeout', message: 'late' }]);
  });
});

it('an item is told by its outcome line; a probe\'s last line is none', async () => {
  const { deps, seen } = observed({ complete: () => Promise.reject(new Error('unused')) });
  await deps.records.append({ campaign: 'small-1', record: 't-00003', line: { key: 'outcome', kind: 'outcome', value: { outcome: { kind: 'verified' } } } });
  await deps.records.append({ campaign: 'small-1', record: 'p-00001', line: { key: 'outcome', kind: 'outcome', value: { tool: 'a::b', failed: true } } });
  expect(seen).toEqual([{ kind: 'item', campaign: 'small-1', item: 't-00003', outcome: { kind: 'verified' } }]);
});
