import { MockActivityEnvironment } from '@temporalio/testing';
import type { Deps, ModelTarget } from '../../src/activities/deps';
import type { Outcome } from '../../src/core/outcome';
import { itemSinks, observeDeps, type Observed } from '../../src/telemetry/observe';

const target: ModelTarget = {
  endpointName: 'house', model: 'm', sampling: {}, simulated: false,
  endpoint: { baseURL: 'http://127.0.0.1:1/v1', concurrency: 1, timeoutSeconds: 1, price: { input: 2, output: 10 }, headers: {}, extraBody: {} },
};
const input = { target, request: { messages: [{ role: 'user' as const, content: 'secret wish' }] }, lookup: { stage: 'reasoner' }, signal: new AbortController().signal };
const inItem = new MockActivityEnvironment({ workflowExecution: { workflowId: 'small-1/t-00003', runId: 'r' } });

function observed(chat: Deps['chat']): { deps: Deps; seen: Observed[] } {
  const seen: Observed[] = [];
  return { deps: observeDeps({ chat } as unknown as Deps, (event) => void seen.push(event)), seen };
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

it.each<Outcome>([{ kind: 'verified' }, { kind: 'rejected', reason: 'surplus' }, { kind: 'blocked', reason: 'stopped by an operator' }, { kind: 'failed', reason: 'a bug' }])('an item that ended as %j is told with what its workflow said', async (outcome) => {
  const seen: Observed[] = [];
  await itemSinks((event) => void seen.push(event)).items.ended.fn({} as never, { campaign: 'small-1', item: 't-00003', outcome });
  expect(seen).toEqual([{ kind: 'item', campaign: 'small-1', item: 't-00003', outcome }]);
});
