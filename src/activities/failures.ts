import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { APIConnectionError, APIError, APIUserAbortError } from 'openai';

/** Types a workflow acts on; the retry table of DESIGN §3. */
export type FailureType =
  | 'LlmRateLimit' | 'LlmConnection' | 'LlmTimeout' | 'LlmServer' | 'LlmUnknown'
  | 'LlmContextLength' | 'LlmBadRequest'
  | 'OperatorActionRequired' | 'BudgetExhausted'
  | 'WorldUnavailable' | 'GraphUnavailable' | 'GraphInvalid' | 'StoreUnavailable';

export interface Classified {
  type: FailureType;
  retryable: boolean;
  /** From Retry-After, before clamp and jitter. */
  retryAfterMs?: number;
}

const OPERATOR_CODES = new Set(['insufficient_quota', 'billing_hard_limit_reached', 'billing_not_active', 'account_deactivated', 'model_not_found', 'invalid_api_key']);
const CONTEXT_CODES = new Set(['context_length_exceeded', 'string_above_max_length']);

/**
 * What to do about a model endpoint's error. Cancellation is handled before this. Unlike the official integration,
 * a connection error is retried and an exhausted quota is not.
 */
export function classifyModelError(error: unknown): Classified {
  // Our own deadline: before the headers the client wraps it, in the body it is a DOMException, told by its name.
  if (error instanceof APIUserAbortError || nameOf(error) === 'AbortError' || nameOf(error) === 'TimeoutError') return { type: 'LlmTimeout', retryable: true };
  if (error instanceof APIConnectionError) return { type: 'LlmConnection', retryable: true };
  if (!(error instanceof APIError)) return { type: 'LlmUnknown', retryable: true };
  const status = typeof error.status === 'number' ? error.status : 0;
  const code = typeof error.code === 'string' ? error.code : '';
  if (OPERATOR_CODES.has(code) || status === 401 || status === 402 || status === 403 || status === 404) return { type: 'OperatorActionRequired', retryable: false };
  if (error.headers?.get('x-should-retry') === 'false') return { type: 'LlmBadRequest', retryable: false };
  const retryAfterMs = readRetryAfter(error.headers);
  if (status === 429) return { type: 'LlmRateLimit', retryable: true, retryAfterMs };
  if (status === 408 || status === 409 || status >= 500) return { type: 'LlmServer', retryable: true, retryAfterMs };
  return { type: CONTEXT_CODES.has(code) || /context length|too many tokens/i.test(error.message) ? 'LlmContextLength' : 'LlmBadRequest', retryable: false };
}

const nameOf = (error: unknown): string => (typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : '');

/** `retry-after-ms`, then `retry-after` in seconds or as an HTTP date. */
export function readRetryAfter(headers: Headers | undefined): number | undefined {
  const milliseconds = Number(headers?.get('retry-after-ms') ?? NaN);
  if (Number.isFinite(milliseconds)) return milliseconds;
  const text = headers?.get('retry-after');
  if (!text) return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return seconds * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

const MIN_DELAY_MS = 1_000;
const MAX_DELAY_MS = 300_000;

/** An ApplicationFailure as the workflows know them. Messages are cut at 1 KB: failures are payloads and land in history. */
export function failure(input: { type: FailureType; message: string; retryable: boolean; retryAfterMs?: number; attempt?: number }): ApplicationFailure {
  return ApplicationFailure.create({
    type: input.type,
    message: input.message.slice(0, 1024),
    nonRetryable: !input.retryable,
    ...(input.retryable ? { nextRetryDelay: retryDelay(input.attempt ?? 1, input.retryAfterMs) } : {}),
    ...(input.type === 'LlmRateLimit' ? { category: ApplicationFailureCategory.BENIGN } : {}),
  });
}

/** Retry-After clamped to 1 s – 5 min, else 2 s × 2^n up to 2 min; × 1.0–1.3, since the server adds no jitter of its own. */
export function retryDelay(attempt: number, retryAfterMs?: number): number {
  const base = retryAfterMs ?? Math.min(2_000 * 2 ** (attempt - 1), 120_000);
  return Math.round(Math.min(Math.max(base, MIN_DELAY_MS), MAX_DELAY_MS) * (1 + Math.random() * 0.3));
}

/** Disk trouble waits for a person or for space; nothing is lost meanwhile. */
export function isStoreError(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return ['ENOSPC', 'EIO', 'EROFS', 'EDQUOT', 'EMFILE', 'ENFILE', 'EACCES'].includes(code);
}
