import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { classifyModelError } from '../../src/activities/failures';
import type { ModelReply, ModelTarget } from '../../src/activities/deps';
import { createChatModel } from '../../src/clients/chat-model';
import { unusable } from '../../src/core/chat/parse';

/** A real endpoint that answers as the test says, one request each. */
let server: Server;
let answer: (response: ServerResponse) => void;
let baseURL: string;

beforeAll(async () => {
  server = createServer((request, response) => request.resume().on('end', () => answer(response)));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});
afterAll(() => new Promise<void>((done) => {
  server.close(() => done());
  server.closeAllConnections();
}));

const json = (status: number, body: unknown, headers: Record<string, string> = {}) => (response: ServerResponse): void => void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
const completion = (message: object, finish = 'stop'): object => ({ id: 'x', object: 'chat.completion', created: 0, model: 'm', choices: [{ index: 0, finish_reason: finish, message: { role: 'assistant', ...message } }], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } });

async function ask(says: (response: ServerResponse) => void, signal: AbortSignal = new AbortController().signal): Promise<ModelReply> {
  answer = says;
  const target = { endpointName: 'local', model: 'm', simulated: false, sampling: {}, endpoint: { baseURL, concurrency: 1, timeoutSeconds: 1, price: { input: 0, output: 0 }, headers: {}, extraBody: {} } } as ModelTarget;
  return createChatModel(() => '').complete({ target, request: { messages: [{ role: 'user', content: 'hi' }] }, lookup: null, signal });
}

const typeOf = async (says: (response: ServerResponse) => void): Promise<string> => ask(says).then(() => 'a reply', (error: unknown) => classifyModelError(error).type);

describe('trouble of the line is an error, and never a model\'s reply', () => {
  it.each<[string, (response: ServerResponse) => void, string]>([
    ['a body that stalls, at our own deadline', (response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{"id":'), 'LlmTimeout'],
    ['headers that never come, at our own deadline', () => undefined, 'LlmTimeout'],
    ['a connection cut before the headers', (response) => void response.socket?.destroy(), 'LlmConnection'],
    ['a connection cut in mid-body', (response) => { response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' }).write('{"id":'); setTimeout(() => response.socket?.destroy(), 50); }, 'LlmConnection'],
    ['a body that ends too early', (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{"id": "x", "choi'), 'LlmServer'],
    ['a web page', (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Welcome</title>'), 'LlmServer'],
    ['a web page that calls itself JSON', (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('<html>'), 'LlmServer'],
    ['nothing at all', (response) => void response.writeHead(200, { 'content-type': 'application/json', 'content-length': '0' }).end(), 'LlmServer'],
    ['JSON of another kind', json(200, { status: 'ok' }), 'LlmServer'],
    ['an error with status 200', json(200, { error: { message: 'upstream broke', code: 502 } }), 'LlmServer'],
    ['an exhausted quota with status 200', json(200, { error: { message: 'no credit', code: 'insufficient_quota' } }), 'OperatorActionRequired'],
    ['a choice whose server failed half-way', json(200, { ...completion({ content: 'half' }, 'error') }), 'LlmServer'],
    ['a gateway\'s page for 502', (response) => void response.writeHead(502, { 'content-type': 'text/html' }).end('<html>Bad Gateway'), 'LlmServer'],
    ['an overload (529)', json(529, { error: { type: 'overloaded_error', message: 'Overloaded' } }), 'LlmServer'],
  ])('%s', async (_what, says, type) => {
    expect(await typeOf(says)).toBe(type);
  });
});

describe('a refusal is understood however its body is shaped', () => {
  it.each<[string, number, unknown, string, string]>([
    ['a list of one error (Gemini)', 400, [{ error: { code: 400, message: 'API key not valid. Please pass a valid API key.', status: 'INVALID_ARGUMENT' } }], 'OperatorActionRequired', 'API key not valid'],
    ['a quota by the minute, in the words of one that is used up (Gemini)', 429, [{ error: { code: 429, message: 'You exceeded your current quota, please check your plan. Please retry in 38.5s.', status: 'RESOURCE_EXHAUSTED' } }], 'LlmRateLimit', 'retry in 38.5s'],
    ['the error itself (SGLang, older vLLM)', 400, { object: 'error', message: 'This model\'s maximum context length is 4096 tokens.', type: 'BadRequestError', code: 400 }, 'LlmContextLength', 'maximum context length'],
    ['a model that is not there, said so at the top', 404, { object: 'error', message: 'The model `m` does not exist.', type: 'NotFoundError', code: 404 }, 'OperatorActionRequired', 'does not exist'],
    ['a text alone', 401, { error: 'Unauthorized' }, 'OperatorActionRequired', 'Unauthorized'],
    ['a detail (FastAPI)', 422, { detail: [{ loc: ['body'], msg: 'field required' }] }, 'LlmBadRequest', 'field required'],
    ['no JSON', 400, 'plain words', 'LlmBadRequest', 'plain words'],
  ])('%s', async (_what, status, body, type, says) => {
    const error = await ask(json(status, body)).then(() => undefined, (thrown: unknown) => thrown as Error);
    expect(classifyModelError(error)).toMatchObject({ type, ...(type === 'LlmRateLimit' ? { retryAfterMs: 38_500 } : {}) });
    expect(error?.message).toContain(says);
  });
});

it('keeps its deadline when memory is collected meanwhile', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const collecting = setInterval(collect, 100);
  try {
    expect(await typeOf((response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{"id":'))).toBe('LlmTimeout');
  } finally {
    clearInterval(collecting);
  }
});

it('ends a call at once when its caller no longer wants it', async () => {
  const caller = new AbortController();
  const asked = ask(() => caller.abort(), caller.signal);
  await expect(asked).rejects.toMatchObject({ message: expect.stringMatching(/abort/i) as string });
});

describe('what a model said badly is a reply, which uses up an attempt', () => {
  it.each<[string, (response: ServerResponse) => void, string | undefined, object]>([
    ['cut off at its token limit', json(200, completion({ content: '{"name":' }, 'length')), 'truncated', { content: '{"name":' }],
    ['filtered on its way out', json(200, completion({ content: '' }, 'content_filter')), 'filtered', {}],
    ['refused', json(200, completion({ content: null, refusal: 'I cannot' })), 'refused', { refusal: 'I cannot' }],
    ['filtered before it was read', json(400, { error: { message: 'The prompt was flagged', code: 'content_filter' } }), 'refused', { finishReason: 'content_filter' }],
    ['moderated by a gateway', json(403, { error: { message: 'flagged', code: 403, metadata: { flagged_input: 'hi', reasons: ['x'] } } }), 'refused', { finishReason: 'content_filter' }],
    ['no choice at all', json(200, { ...completion({}), choices: [] }), undefined, { content: '', finishReason: 'none' }],
    ['a choice without a message', json(200, { ...completion({}), choices: [{ index: 0, finish_reason: 'stop' }] }), undefined, { content: '' }],
    ['content in parts and arguments that are no text', json(200, completion({ content: [{ type: 'text', text: 'hi' }], tool_calls: [{ id: '1', type: 'function', function: { name: 'f', arguments: { a: 1 } } }, { id: '2', type: 'function' }] })), undefined, { toolCalls: [{ name: 'f', arguments: '{"a":1}' }] }],
  ])('%s', async (_what, says, why, reply) => {
    const answered = await ask(says);
    expect(unusable(answered.reply)).toBe(why);
    expect(answered.reply).toMatchObject(reply);
  });
});
