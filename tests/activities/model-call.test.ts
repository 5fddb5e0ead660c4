import { createServer, type Server } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { CampaignContext } from '../../src/activities/context';
import type { Deps } from '../../src/activities/deps';
import { callModel, type FailedCall, type ModelCallInput } from '../../src/activities/model-call';
import { createChatModel } from '../../src/clients/chat-model';
import { createGate } from '../../src/clients/gate';
import { createLedger } from '../../src/clients/ledger';
import { createRecordStore } from '../../src/clients/record-store';
import type { ChatRequest } from '../../src/core/chat/chat';
import type { ModelStage } from '../../src/core/campaign/lookup';

/** What a model of 3,000 characters says to more. */
const TOO_LONG = { error: { message: 'This model\'s maximum context length is 750 tokens', type: 'invalid_request_error', code: 'context_length_exceeded' } };
const ANSWER = { id: 'r', object: 'chat.completion', created: 0, model: 'm', usage: { prompt_tokens: 10, completion_tokens: 2 }, choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Done.' } }] };

const home = mkdtempSync(join(tmpdir(), 'hardgen-model-call-'));
const asked: number[] = [];
let server: Server;
let deps: Deps;
let context: CampaignContext;

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { length } = (JSON.parse(body) as ChatRequest).messages.map(({ content }) => content ?? '').join('');
      asked.push(length);
      if (length < 100) return;
      response.writeHead(length > 3_000 ? 400 : 200, { 'content-type': 'application/json', 'x-request-id': 'req-7' }).end(JSON.stringify(length > 3_000 ? TOO_LONG : ANSWER));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  deps = { home, records: createRecordStore(home), ledger: createLedger(home), gate: createGate(), chat: createChatModel(() => 'none') } as unknown as Deps;
  const house = { baseURL, concurrency: 4, timeoutSeconds: 5, price: { input: 0, output: 0 }, headers: {}, extraBody: {} };
  // A prompt of a few words is never answered.
  const slow = { ...house, timeoutSeconds: 0.05 };
  context = { manifest: { campaign: { seed: 1, budget: {}, ablation: {}, simulator: { faults: {}, latencyMs: 0 }, models: { endpoints: { house, slow } } } } } as unknown as CampaignContext;
});
beforeEach(() => void (asked.length = 0));
afterAll(() => {
  server.close();
  rmSync(home, { recursive: true, force: true });
});

const messages = (result: string): ChatRequest => ({ messages: [{ role: 'system', content: 'You are an agent.' }, { role: 'user', content: 'Which train?' }, { role: 'tool', tool_call_id: 'c1', content: result }] });

function ask(item: number, request: ChatRequest, stage: ModelStage = 'reasoner', endpoint = 'house'): ReturnType<typeof callModel> {
  const input: ModelCallInput = { context, ref: { campaign: 'long', purpose: 'trajectory', item }, stage, use: { endpoint, model: 'm' }, request, turn: 0, specHash: '' };
  return new MockActivityEnvironment().run(() => callModel(deps, input)) as ReturnType<typeof callModel>;
}

const failedOf = async (item: string): Promise<FailedCall[]> =>
  (await deps.records.read('long', item)).filter((line) => line.kind === 'failed').map((line) => line.value as unknown as FailedCall);

it('a reply without usage is charged by its length, so that a budget holds', async () => {
  const without = createChatModel(() => 'none');
  const silent = { ...deps, chat: { complete: async (call: Parameters<typeof without.complete>[0]) => ({ ...(await without.complete(call)), usage: { inputTokens: 0, outputTokens: 0 } }) } } as unknown as Deps;
  const request = messages('z'.repeat(2_000));
  const { spend } = await (new MockActivityEnvironment().run(() => callModel(silent, { context, ref: { campaign: 'silent', purpose: 'trajectory', item: 0 }, stage: 'reasoner', use: { endpoint: 'house', model: 'm' }, request, turn: 0, specHash: '' })) as ReturnType<typeof callModel>);
  expect(spend.inputTokens).toBe(Math.ceil(JSON.stringify(request).length / 4));
  expect(spend.outputTokens).toBeGreaterThan(0);
});

describe('a prompt that the model cannot hold', () => {
  it('is asked once more in short, and paid for once', async () => {
    const { reply, spend } = await ask(0, messages('x'.repeat(20_000)));
    expect(reply.content).toBe('Done.');
    expect(spend).toMatchObject({ accepted: 1, attempts: 2, inputTokens: 10 });
    expect(asked).toEqual([20_029, expect.any(Number)]);
    expect(asked[1]).toBeLessThan(1_700);
  });

  it('is asked in short at once by whoever comes back, and finds the paid reply', async () => {
    await ask(1, messages('y'.repeat(20_000)));
    asked.length = 0;
    expect((await ask(1, messages('y'.repeat(20_000)))).reply.content).toBe('Done.');
    expect(asked).toEqual([]);
  });

  it('stays refused when it cannot be shortened, and the record holds what was asked, when and by what id', async () => {
    await expect(ask(2, messages('a short line\n'.repeat(1_000)))).rejects.toMatchObject({ type: 'LlmContextLength', nonRetryable: true });
    expect(asked).toHaveLength(1);
    const [failed] = await failedOf('t-00002');
    expect(failed).toMatchObject({ key: 'reasoner/0/0/1/1', type: 'LlmContextLength', requestId: 'req-7', request: { messages: [{ role: 'system' }, { role: 'user' }, { role: 'tool' }] } });
    expect(failed?.latencyMs).toBeGreaterThanOrEqual(0);
  });

  it('is not made easier for a target model, which is judged on the whole', async () => {
    await expect(ask(3, messages('z'.repeat(20_000)), 'target')).rejects.toMatchObject({ type: 'LlmContextLength' });
    expect(asked).toEqual([20_029]);
  });
});

describe('a model that gives no complete reply in time', () => {
  it('is asked again, and put before an operator the fifth time, since each request may have cost', async () => {
    const types: unknown[] = [];
    for (let request = 0; request < 6; request++) await ask(4, messages('quick?'), 'reasoner', 'slow').catch((error: { type: string }) => types.push(error.type));
    expect(types).toEqual(['LlmTimeout', 'LlmTimeout', 'LlmTimeout', 'LlmTimeout', 'OperatorActionRequired', 'LlmTimeout']);
    const failed = await failedOf('t-00004');
    expect(failed.map(({ type }) => type)).toEqual(Array(6).fill('LlmTimeout'));
    // For `trajectory retry --dry-run`; once is enough.
    expect(failed.map(({ request }) => request)).toEqual([messages('quick?'), ...Array(5).fill(undefined)]);
  });
});
