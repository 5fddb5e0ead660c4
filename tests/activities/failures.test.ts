import { CancelledFailure } from '@temporalio/common';
import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import type { ApplicationFailure } from '@temporalio/common';
import { asFailure, atTheEnd, classifyModelError, failure, modelFailure, neverEnds, readRetryAfter, retryDelay } from '../../src/activities/failures';
import type { ModelTarget } from '../../src/activities/deps';
import { NotACompletion } from '../../src/core/chat/not-a-completion';
import { GraphInvalid, GraphUnavailable } from '../../src/core/graph/store-errors';
import { WorldUnavailable } from '../../src/worlds/world';

const http = (status: number, body: object = {}, headers: Record<string, string> = {}): unknown => APIError.generate(status, { error: body }, undefined, new Headers(headers));
const withCode = (message: string, code: string): Error => Object.assign(new Error(message), { code });

describe('what to do about a model endpoint\'s error', () => {
  it.each([
    ['a rate limit', http(429), 'LlmRateLimit', true],
    ['a rate limit that names its quota per minute', http(429, { code: 'RESOURCE_EXHAUSTED', message: 'Quota exceeded for requests per minute' }), 'LlmRateLimit', true],
    ['a server error', http(503), 'LlmServer', true],
    ['an overloaded server (529)', http(529, { type: 'overloaded_error' }), 'LlmServer', true],
    ['a request that took the server too long', http(408), 'LlmServer', true],
    ['a conflict', http(409), 'LlmServer', true],
    ['a server error with status 200', http(200, { code: 502, message: 'upstream' }), 'LlmServer', true],
    ['an error with status 200 and no code', http(200, { message: 'oops' }), 'LlmServer', true],
    ['a rate limit with status 200', http(200, { code: 429, message: 'slow down' }), 'LlmRateLimit', true],
    ['something with status 200 that is no completion', new NotACompletion('<html>'), 'LlmServer', true],
    ['a prompt that is too long', http(400, { code: 'context_length_exceeded' }), 'LlmContextLength', false],
    ['a prompt that is too long, in words', http(400, { message: 'This model\'s maximum context length is 8192 tokens' }), 'LlmContextLength', false],
    ['a prompt that is too long, as a status', http(413), 'LlmContextLength', false],
    ['a bad request', http(400, { message: 'unknown field' }), 'LlmBadRequest', false],
    ['a request that cannot be processed', http(422), 'LlmBadRequest', false],
    ['a lost connection', new APIConnectionError({ message: 'reset' }), 'LlmConnection', true],
    ['a client time limit', new APIConnectionTimeoutError(), 'LlmConnection', true],
    ['a connection cut in the body', Object.assign(new TypeError('terminated'), { cause: withCode('other side closed', 'UND_ERR_SOCKET') }), 'LlmConnection', true],
    ['our deadline before the headers', new APIUserAbortError(), 'LlmTimeout', true],
    ['our deadline in the body', new DOMException('late', 'TimeoutError'), 'LlmTimeout', true],
    ['something nobody foresaw', new Error('odd'), 'LlmUnknown', true],
  ])('%s', (_name, error, type, retryable) => {
    expect(classifyModelError(error)).toMatchObject({ type, retryable });
  });

  it.each<[string, unknown, string]>([
    ['a wrong key', http(401), 'key'],
    ['a wrong key that comes as 400', http(400, { message: 'API key not valid. Please pass a valid API key.' }), 'key'],
    ['a key that is not there', Object.assign(new Error('Expected an API key'), { name: 'ConfigError' }), 'key'],
    ['a forbidden model', http(403, { message: 'no access' }), 'access'],
    ['a model that does not exist', http(404, { code: 'model_not_found' }), 'model'],
    ['a model that vLLM does not serve', http(404, { message: 'The model `m` does not exist.', type: 'NotFoundError', code: 404 }), 'model'],
    ['a model that Ollama did not pull', http(404, { message: 'model "m" not found, try pulling it first' }), 'model'],
    ['a deployment that Azure does not know', http(404, { code: 'DeploymentNotFound' }), 'model'],
    ['a model that comes as a bad request', http(400, { message: 'Model Not Exist' }), 'model'],
    ['a wrong path', http(404), 'path'],
    ['a path that takes no POST', http(405), 'path'],
    ['an exhausted quota, although it comes as 429', http(429, { code: 'insufficient_quota' }), 'quota'],
    ['one that only its type tells', http(429, { type: 'insufficient_quota', code: null }), 'quota'],
    ['Moonshot\'s', http(429, { type: 'exceeded_current_quota_error' }), 'quota'],
    ['Anthropic\'s, a bad request', http(400, { type: 'invalid_request_error', message: 'Your credit balance is too low to access the API.' }), 'quota'],
    ['DashScope\'s', http(400, { code: 'Arrearage', message: 'Access denied' }), 'quota'],
    ['Zhipu\'s', http(429, { code: '1113', message: '…' }), 'quota'],
    ['DeepSeek\'s', http(402, { message: 'Insufficient Balance' }), 'quota'],
    ['a quota with status 200', http(200, { code: 402, message: 'no credits' }), 'quota'],
    ['a limit that the server says waiting does not lift', http(429, {}, { 'x-should-retry': 'false' }), 'limit'],
    ['a certificate nobody trusts', Object.assign(new APIConnectionError({ message: 'Connection error.' }), { cause: { cause: withCode('self-signed', 'DEPTH_ZERO_SELF_SIGNED_CERT') } }), 'certificate'],
  ])('an operator\'s: %s', (_name, error, trouble) => {
    expect(classifyModelError(error)).toEqual({ type: 'OperatorActionRequired', retryable: false, trouble });
  });

  it('retries or not as the server says in x-should-retry', () => {
    expect(classifyModelError(http(500, {}, { 'x-should-retry': 'false' }))).toMatchObject({ retryable: false });
    expect(classifyModelError(http(400, {}, { 'x-should-retry': 'true' }))).toMatchObject({ type: 'LlmServer', retryable: true });
  });

  it('reads Retry-After in milliseconds, in seconds and as a date', () => {
    expect(readRetryAfter(new Headers({ 'retry-after-ms': '250' }))).toBe(250);
    expect(readRetryAfter(new Headers({ 'retry-after': '3' }))).toBe(3000);
    const inTenSeconds = readRetryAfter(new Headers({ 'retry-after': new Date(Date.now() + 10_000).toUTCString() })) ?? 0;
    expect(inTenSeconds).toBeGreaterThan(8_000);
    expect(inTenSeconds).toBeLessThanOrEqual(10_000);
    expect(readRetryAfter(new Headers())).toBeUndefined();
  });

  it('waits at least a second, at most 6.5 minutes, and never in lockstep', () => {
    const delays = Array.from({ length: 50 }, () => retryDelay(1, 0));
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(1_000);
    expect(new Set(delays).size).toBeGreaterThan(10);
    expect(retryDelay(1, 86_400_000)).toBeLessThanOrEqual(390_000);
    expect(retryDelay(3)).toBeGreaterThanOrEqual(8_000);
  });

  it('keeps messages below what a history should hold', () => {
    expect(failure({ type: 'LlmBadRequest', retryable: false, message: 'x'.repeat(5_000) }).message).toHaveLength(1024);
  });
});

const target = { endpointName: 'cloud', model: 'm-1', simulated: false, sampling: {}, endpoint: { baseURL: 'https://models.example/v1', apiKeyEnv: 'CLOUD_KEY' } } as unknown as ModelTarget;
const told = (error: unknown, attempt = 1): string => modelFailure(error, { target, campaign: 'c1', attempt }).message;

describe('the sentence an operator gets', () => {
  it('says what came, what to put right and how to go on', () => {
    expect(told(http(401, { message: 'Incorrect API key provided' }))).toBe('cloud/m-1: 401 Incorrect API key provided; put the right key into $CLOUD_KEY where the worker runs and start the worker again, then `npx hardgen campaign resume c1`');
    expect(told(http(404, { code: 'model_not_found', message: 'The model does not exist' }))).toMatch(/serve `m-1` at https:\/\/models\.example\/v1, then .*resume c1`; where the name is wrong, .*`reuse: \[c1\]`/);
    expect(told(http(404))).toMatch(/see what answers at https:\/\/models\.example\/v1: it usually ends in \/v1/);
    expect(told(http(429, { code: 'insufficient_quota', message: 'no credit' }))).toMatch(/429 no credit; top up the account or raise its limit, then .*resume c1/);
  });

  it('comes for a page that is no completion only when it came five times', () => {
    expect(modelFailure(new NotACompletion('<html>'), { target, campaign: 'c1', attempt: 4 })).toMatchObject({ classified: { type: 'LlmServer' }, thrown: { nonRetryable: false } });
    expect(modelFailure(new NotACompletion('<html>'), { target, campaign: 'c1', attempt: 5 })).toMatchObject({ classified: { type: 'OperatorActionRequired' }, thrown: { nonRetryable: true } });
  });

  it('comes for every fifth request of a call that ran out of time, since each may have cost', () => {
    const late = (timeouts: number): unknown => modelFailure(new APIUserAbortError(), { target, campaign: 'c1', attempt: timeouts + 1, timeouts }).classified;
    for (const timeouts of [0, 3, 5, 8]) expect(late(timeouts)).toMatchObject({ type: 'LlmTimeout', retryable: true });
    for (const timeouts of [4, 9]) expect(late(timeouts)).toMatchObject({ type: 'OperatorActionRequired', trouble: 'silence' });
  });

  it('names the address and the socket\'s error behind "Connection error."', () => {
    expect(told(Object.assign(new APIConnectionError({ message: 'Connection error.' }), { cause: { cause: withCode('refused', 'ECONNREFUSED') } }))).toBe('cloud/m-1 at https://models.example/v1: Connection error. (ECONNREFUSED)');
  });

  it('is missing for what nobody foresaw, which ends after five attempts', () => {
    expect(modelFailure(new Error('odd'), { target, campaign: 'c1', attempt: 5 })).toMatchObject({ classified: { type: 'LlmUnknown' }, thrown: { nonRetryable: true } });
  });
});

const thrown = (error: unknown, attempt: number): ApplicationFailure => asFailure(error, { attempt, campaign: 'c1' }) as ApplicationFailure;

describe('what an activity threw, as the failure that workflows know', () => {
  it.each([['ENOSPC', /free space on that disk, then .*resume c1/], ['EDQUOT', /quota/], ['EROFS', /writable/], ['EACCES', /let the user/]])('%s parks at once, with what to do', (code, says) => {
    const failed = thrown(withCode('cannot write', code), 1);
    expect(failed).toMatchObject({ type: 'StoreUnavailable', nonRetryable: true });
    expect(failed.message).toMatch(says);
  });

  it.each<[string, Error, string]>([
    ['a disk error', withCode('i/o', 'EIO'), 'StoreUnavailable'],
    ['a world that does not start', new WorldUnavailable('Expected `x` to start'), 'OperatorActionRequired'],
  ])('%s is tried five times before it parks', (_what, error, type) => {
    expect(thrown(error, 4).nonRetryable).toBe(false);
    expect(thrown(error, 5)).toMatchObject({ type, nonRetryable: true });
    expect(thrown(error, 5).message).toMatch(/then `npx hardgen campaign resume c1`/);
  });

  it('a graph store that is away is waited for through an outage of two minutes, and then parks', () => {
    const attempts = Array.from({ length: 19 }, (_unused, before) => thrown(new GraphUnavailable('away'), before + 1));
    expect(attempts.every(({ nonRetryable }) => nonRetryable === false)).toBe(true);
    expect(attempts.reduce((sum, { nextRetryDelay }) => sum + Number(nextRetryDelay), 0)).toBeGreaterThan(120_000);
    expect(thrown(new GraphUnavailable('away'), 20)).toMatchObject({ type: 'GraphUnavailable', nonRetryable: true });
    expect(thrown(new GraphUnavailable('away'), 20).message).toMatch(/start it \(`npx hardgen up`\), then `npx hardgen campaign resume c1`/);
  });

  it('asks for a graph store about every 10 s, so that it is found soon after it is back', () => {
    for (const attempt of [1, 4, 19]) expect(Number(thrown(new GraphUnavailable('away'), attempt).nextRetryDelay)).toBeLessThanOrEqual(10_400);
  });

  it('parks for a wrong login of the graph store, and fails the item for a statement that it refuses', () => {
    const refused = (code: string): GraphInvalid => new GraphInvalid('Neo4j refused', { cause: withCode('no', code) });
    expect(thrown(refused('Neo.ClientError.Security.Unauthorized'), 1)).toMatchObject({ type: 'OperatorActionRequired', nonRetryable: true });
    expect(thrown(refused('Neo.ClientError.Statement.SyntaxError'), 1)).toMatchObject({ type: 'GraphInvalid', nonRetryable: true });
  });

  it('lets cancellation pass, and ends the item alone after five attempts at a bug', () => {
    const cancelled = new CancelledFailure('bye');
    expect(thrown(cancelled, 1)).toBe(cancelled);
    expect(thrown(new TypeError('x of undefined'), 1)).toMatchObject({ type: 'Unexpected', nonRetryable: false });
    expect(thrown(new TypeError('x of undefined'), 5)).toMatchObject({ type: 'Unexpected', nonRetryable: true });
  });

  it('a step that is cut off again and again for hours is put before an operator, and not one that waited for a worker', () => {
    const at = (attempt: number, hours: number): unknown => neverEnds('closeRound', { campaign: 'c1', attempt, sinceMs: Date.now() - hours * 3_600_000 });
    expect(at(144, 13)).toMatchObject({ type: 'OperatorActionRequired', nonRetryable: true, message: expect.stringMatching(/^closeRound was begun 144 times in 13 hours .*resume c1`$/) });
    expect(at(144, 11)).toBeUndefined();
    expect(at(2, 60)).toBeUndefined();
  });

  it('an outage that outlasts every retry is put before an operator, not taken for the item\'s end', () => {
    const away = failure({ type: 'LlmConnection', message: 'refused', retryable: true, attempt: 30 });
    const hours = (count: number): number => count * 3_600_000;
    const at = ({ attempt, triedMs, leftMs = hours(1_000) }: { attempt: number; triedMs: number; leftMs?: number }): unknown =>
      atTheEnd(away, { campaign: 'c1', attempt, sinceMs: Date.now() - triedMs, deadlineMs: Date.now() + leftMs });
    const put = { type: 'OperatorActionRequired', nonRetryable: true, message: expect.stringMatching(/^refused; it has been tried for hours: .*resume c1`$/) };
    expect(at({ attempt: 150, triedMs: hours(11) })).toBe(away);
    expect(at({ attempt: 150, triedMs: hours(13) })).toMatchObject(put);
    expect(at({ attempt: 2, triedMs: 0, leftMs: 100_000 })).toMatchObject(put);
    // A machine that was away for a weekend has tried twice.
    expect(at({ attempt: 2, triedMs: hours(60) })).toBe(away);
    const final = failure({ type: 'LlmBadRequest', message: 'no', retryable: false });
    expect(atTheEnd(final, { campaign: 'c1', attempt: 1, sinceMs: 0, deadlineMs: Date.now() })).toBe(final);
  });
});
