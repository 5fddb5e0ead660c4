import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { classifyModelError, failure, readRetryAfter, retryDelay } from '../../src/activities/failures';

const http = (status: number, body: object = {}, headers: Record<string, string> = {}): unknown => APIError.generate(status, { error: body }, undefined, new Headers(headers));

describe('what to do about a model endpoint\'s error', () => {
  it.each([
    ['a wrong key', http(401), 'OperatorActionRequired', false],
    ['a forbidden model', http(403), 'OperatorActionRequired', false],
    ['a model that does not exist', http(404, { code: 'model_not_found' }), 'OperatorActionRequired', false],
    ['an exhausted quota, although it comes as 429', http(429, { code: 'insufficient_quota' }), 'OperatorActionRequired', false],
    ['a rate limit', http(429), 'LlmRateLimit', true],
    ['a server error', http(503), 'LlmServer', true],
    ['a conflict', http(409), 'LlmServer', true],
    ['a prompt that is too long', http(400, { code: 'context_length_exceeded' }), 'LlmContextLength', false],
    ['a bad request', http(400, { message: 'unknown field' }), 'LlmBadRequest', false],
    ['a lost connection', new APIConnectionError({ message: 'reset' }), 'LlmConnection', true],
    ['a client time limit', new APIConnectionTimeoutError(), 'LlmConnection', true],
    ['our deadline before the headers', new APIUserAbortError(), 'LlmTimeout', true],
    ['our deadline in the body', new DOMException('late', 'TimeoutError'), 'LlmTimeout', true],
    ['something nobody foresaw', new Error('odd'), 'LlmUnknown', true],
  ])('%s', (_name, error, type, retryable) => {
    expect(classifyModelError(error)).toMatchObject({ type, retryable });
  });

  it('does not retry what the server says not to', () => {
    expect(classifyModelError(http(500, {}, { 'x-should-retry': 'false' }))).toMatchObject({ retryable: false });
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
