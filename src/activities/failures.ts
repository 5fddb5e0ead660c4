import { ApplicationFailure, ApplicationFailureCategory, CancelledFailure } from '@temporalio/common';
import { APIConnectionError, APIError, APIUserAbortError } from 'openai';
import { GraphInvalid, GraphUnavailable } from '../core/graph/store-errors';
import { WorldUnavailable } from '../worlds/world';
import type { ModelTarget } from './deps';

/** Types a workflow acts on. */
export type FailureType =
  | 'LlmRateLimit' | 'LlmConnection' | 'LlmTimeout' | 'LlmServer' | 'LlmUnknown'
  | 'LlmContextLength' | 'LlmBadRequest'
  | 'OperatorActionRequired' | 'BudgetExhausted'
  | 'WorldUnavailable' | 'GraphUnavailable' | 'GraphInvalid' | 'StoreUnavailable';

/** What an operator has to put right at an endpoint. */
export type EndpointTrouble = 'key' | 'access' | 'model' | 'path' | 'quota' | 'certificate' | 'limit' | 'silence' | 'not-a-completion';

export interface Classified {
  type: FailureType;
  retryable: boolean;
  /** From Retry-After, before clamp and jitter. */
  retryAfterMs?: number;
  /** What to advise; always there with `OperatorActionRequired`. */
  trouble?: EndpointTrouble;
}

/**
 * Words by which providers say "no money left", as code or as type: OpenAI and Azure, Moonshot, Anthropic, DashScope,
 * Zhipu (1113), OpenRouter and gateways. They come with 400, 402, 403 or 429, so the status alone cannot tell.
 */
const QUOTA_CODES = new Set(['insufficient_quota', 'billing_hard_limit_reached', 'billing_not_active', 'account_deactivated', 'exceeded_current_quota_error', 'billing_error', 'arrearage', '1113', 'insufficient_credits', 'insufficient_balance', 'payment_required', 'quota_exceeded']);
const QUOTA_TEXT = /credit balance is too low|insufficient (balance|credits?|funds)|exceeded your current quota|out of credits|used all available credits|in arrears|account.{0,20}suspended/i;
/** A quota by the minute is spoken of in the same words, with the time it takes (Gemini). */
const SOON_TEXT = /retry (?:in|after) ([\d.]+) ?s/i;
const KEY_CODES = new Set(['invalid_api_key', 'authentication_error', 'invalid_authentication']);
const KEY_TEXT = /(invalid|incorrect|missing|expired) api.?key|api.?key (is )?(not valid|invalid|expired|missing)/i;
const MODEL_CODES = new Set(['model_not_found', 'deploymentnotfound', 'invalid_model', 'unknown_model', 'model_not_available']);
const MODEL_TEXT = /(model|deployment)\b.*(not exist|not found|not available|unknown|not supported)|(unknown|invalid|no such|unsupported) (model|deployment)/i;
const CONTEXT_CODES = new Set(['context_length_exceeded', 'string_above_max_length', 'exceed_context_size_error', 'request_too_large']);
const CONTEXT_TEXT = /context (length|window|size)|too many (input )?tokens|(prompt|input|request) is too (long|large)|exceeds? the (maximum|max|limit).{0,30}tokens/i;
/** Node's names for a certificate that it does not trust. */
const CERTIFICATE_CODE = /^(CERT_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_CERT|UNABLE_TO_(GET_ISSUER|VERIFY_LEAF)|ERR_TLS_CERT)/;
/** A connection lost after the headers reaches us raw: undici says `terminated`, with the socket's error as its cause. */
const LOST_CODE = /^(UND_ERR_|ECONN|EPIPE$|ETIMEDOUT$|EHOSTUNREACH$|ENETUNREACH$|ENOTFOUND$|EAI_AGAIN$)/;

/**
 * What to do about a model endpoint's error. Cancellation is handled before this. Unlike the official integration,
 * a connection error is retried and an exhausted quota is not.
 */
export function classifyModelError(error: unknown): Classified {
  // Our own deadline: before the headers the client wraps it, in the body it is a DOMException, told by its name.
  if (error instanceof APIUserAbortError || nameOf(error) === 'AbortError' || nameOf(error) === 'TimeoutError') return { type: 'LlmTimeout', retryable: true };
  if (nameOf(error) === 'ConfigError') return operator('key');
  if (nameOf(error) === 'NotACompletion') return { type: 'LlmServer', retryable: true, trouble: 'not-a-completion' };
  if (causeCodes(error).some((code) => CERTIFICATE_CODE.test(code))) return operator('certificate');
  if (error instanceof APIConnectionError || messageOf(error) === 'terminated' || causeCodes(error).some((code) => LOST_CODE.test(code))) return { type: 'LlmConnection', retryable: true };
  return error instanceof APIError ? classifyAnswer(error) : { type: 'LlmUnknown', retryable: true };
}

const operator = (trouble: EndpointTrouble): Classified => ({ type: 'OperatorActionRequired', retryable: false, trouble });

/** An answer of the endpoint, by what it says first and by its status then. */
function classifyAnswer(error: APIError): Classified {
  const status = statusOf(error);
  const trouble = operatorTrouble(error, status);
  if (trouble) return operator(trouble);
  const retryAfterMs = readRetryAfter(error.headers) ?? soonIn(error.message);
  const said = error.headers?.get('x-should-retry');
  // A limit that waiting does not lift is one that somebody set.
  if (said === 'false') return status === 429 ? operator('limit') : { type: 'LlmBadRequest', retryable: false };
  if (status === 429) return { type: 'LlmRateLimit', retryable: true, retryAfterMs };
  if (said === 'true' || status === 408 || status === 409 || status === 425 || status >= 500) return { type: 'LlmServer', retryable: true, retryAfterMs };
  const tooLong = status === 413 || codesOf(error).some((code) => CONTEXT_CODES.has(code)) || CONTEXT_TEXT.test(error.message);
  return { type: tooLong ? 'LlmContextLength' : 'LlmBadRequest', retryable: false };
}

function operatorTrouble(error: APIError, status: number): EndpointTrouble | undefined {
  const codes = codesOf(error);
  const isOne = (known: ReadonlySet<string>): boolean => codes.some((code) => known.has(code));
  // The words of an error by which a server says it is overloaded are no account's trouble.
  const refusal = status >= 400 && status < 500;
  if (status === 402 || isOne(QUOTA_CODES) || (refusal && QUOTA_TEXT.test(error.message) && !SOON_TEXT.test(error.message))) return 'quota';
  if (status === 401 || isOne(KEY_CODES) || (status === 400 && KEY_TEXT.test(error.message))) return 'key';
  if (isOne(MODEL_CODES) || ((status === 404 || status === 400) && MODEL_TEXT.test(error.message))) return 'model';
  if (status === 403) return 'access';
  if (status === 404 || status === 405) return 'path';
  // A model that was taken out of service.
  if (status === 410) return 'model';
  return undefined;
}

/** Some gateways answer 200 and put the status into the error's `code`. */
function statusOf(error: APIError): number {
  const status = typeof error.status === 'number' ? error.status : 0;
  if (status !== 200) return status;
  const code = Number(error.code);
  return code >= 400 && code < 600 ? code : 500;
}

/** `code` and `type` as lower-case texts: providers disagree which of the two says it, and some send numbers. */
const codesOf = (error: APIError): string[] => [error.code, error.type].flatMap((code) => (code === undefined || code === null ? [] : [String(code).toLowerCase()]));

const nameOf = (error: unknown): string => (typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : '');
const messageOf = (error: unknown): string => (typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error));

/** The codes along the chain of causes; fetch hides the socket's error two deep. */
function causeCodes(error: unknown): string[] {
  const codes: string[] = [];
  for (let at = error, depth = 0; typeof at === 'object' && at !== null && depth < 5; depth++) {
    if (!(at instanceof APIError) && 'code' in at && typeof at.code === 'string') codes.push(at.code);
    at = 'cause' in at ? at.cause : undefined;
  }
  return codes;
}

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

function soonIn(message: string): number | undefined {
  const seconds = SOON_TEXT.exec(message)?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

/** Attempts before trouble that may pass is put before an operator: a quarter to half a minute of waiting. */
const PATIENCE = 5;
/** A graph store that is away is mostly one that starts again: it is waited for three to seven minutes, then the campaign parks. */
const GRAPH_PATIENCE = 20;

/** A failed model call as workflows know it, with a message that an operator can act on. */
export function modelFailure(error: unknown, at: { target: ModelTarget; campaign: string; attempt: number; timeouts?: number }): { classified: Classified; message: string; thrown: ApplicationFailure } {
  const classified = putBefore(classifyModelError(error), at);
  const where = classified.type === 'LlmConnection' ? ` at ${at.target.endpoint.baseURL}` : '';
  const what = `${at.target.endpointName}/${at.target.model}${where}: ${messageOf(error)}${networkCause(error)}`;
  const message = classified.type === 'OperatorActionRequired' ? `${what.slice(0, 600)}; ${adviceFor(classified.trouble, at)}` : what;
  const givenUp = classified.type === 'LlmUnknown' && at.attempt >= PATIENCE;
  const { type, retryable, retryAfterMs } = classified;
  return { classified, message, thrown: failure({ type, message, retryable: retryable && !givenUp, attempt: at.attempt, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }) };
}

/** The provider's own name of the request, by which its support finds it. */
export const requestIdOf = (error: unknown): string => (error instanceof APIError ? (error.requestID ?? '') : '');

/**
 * What is no completion for the fifth time is a wrong address, not a proxy's bad minute. A request that ran out of time may
 * have been paid for, which no reply tells us: every fifth of one call is put before whoever pays. `timeouts`: earlier ones.
 */
function putBefore(classified: Classified, { attempt, timeouts = 0 }: { attempt: number; timeouts?: number }): Classified {
  if (classified.trouble === 'not-a-completion' && attempt >= PATIENCE) return operator('not-a-completion');
  return classified.type === 'LlmTimeout' && (timeouts + 1) % PATIENCE === 0 ? operator('silence') : classified;
}

/** "Connection error." alone helps nobody. */
function networkCause(error: unknown): string {
  const codes = causeCodes(error);
  return codes.length > 0 ? ` (${[...new Set(codes)].join(', ')})` : '';
}

function adviceFor(trouble: EndpointTrouble | undefined, { target, campaign }: { target: ModelTarget; campaign: string }): string {
  const { baseURL, apiKeyEnv } = target.endpoint;
  const resume = `then \`npx hardgen campaign resume ${campaign}\``;
  const variable = apiKeyEnv ? `$${apiKeyEnv}` : 'the variable that `apiKeyEnv` of the endpoint names';
  switch (trouble) {
    case 'key': return `put the right key into ${variable} where the worker runs and start the worker again, ${resume}`;
    case 'access': return `let the account use this model, or put a key that may into ${variable} and start the worker again, ${resume}`;
    case 'model': return `serve \`${target.model}\` at ${baseURL}, ${resume}; where the name is wrong, stop this campaign and start the corrected file with \`reuse: [${campaign}]\`, which pays for no reply again`;
    case 'quota': return `top up the account or raise its limit, ${resume}`;
    case 'certificate': return `trust the certificate of ${baseURL} (NODE_EXTRA_CA_CERTS where the worker runs) and start the worker again, ${resume}`;
    case 'silence': return `${PATIENCE} requests of one call got no complete reply in ${target.endpoint.timeoutSeconds} s, and the provider may count them: see to the endpoint, or give it fewer at once (\`npx hardgen campaign set ${campaign} --window N\`), ${resume}`;
    case 'limit': return `waiting does not lift this limit: raise it with the provider, ${resume}`;
    default: return `see what answers at ${baseURL}: it usually ends in /v1; correct it in campaigns/${campaign}/manifest.json of the workers' home and start the workers again, ${resume}`;
  }
}

/** Whatever an activity threw, as the failure that workflows know; cancellation and failures pass as they are. */
export function asFailure(error: unknown, at: { attempt: number; campaign: string }): unknown {
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure) return error;
  const { attempt } = at;
  const message = messageOf(error);
  const resume = `, then \`npx hardgen campaign resume ${at.campaign}\``;
  const again = attempt < PATIENCE;
  if (error instanceof WorldUnavailable) return failure({ type: again ? 'WorldUnavailable' : 'OperatorActionRequired', retryable: again, attempt, message: again ? message : `${message}; put it right${resume}` });
  if (error instanceof GraphUnavailable) return failure({ type: 'GraphUnavailable', retryable: attempt < GRAPH_PATIENCE, attempt, message: `${message.slice(0, 600)}; start it (\`npx hardgen up\`)${resume}` });
  if (error instanceof GraphInvalid) return isLogin(error) ? failure({ type: 'OperatorActionRequired', retryable: false, message: `${message.slice(0, 600)}; start the worker again with the right ones${resume}` }) : failure({ type: 'GraphInvalid', retryable: false, message });
  const disk = storeTrouble(error);
  if (disk) return failure({ type: 'StoreUnavailable', retryable: disk.passes && again, attempt, message: `${message.slice(0, 600)}; ${disk.cure}${resume}` });
  // A bug or something unforeseen: tried a few times, then it ends this item alone, with its message.
  return ApplicationFailure.create({ message, type: 'Unexpected', nonRetryable: attempt >= PATIENCE, cause: error instanceof Error ? error : undefined });
}

/** What Temporal waits at most where a failure does not say how long (workflows/proxies). */
const LONGEST_PAUSE_MS = 120_000;
/** A next attempt that begins so late could not end any more. */
const MARGIN_MS = 10_000;
/** How long an outage is waited for; with the longest pauses it is at least so many tries, and fewer say that we were away ourselves. */
const LONG_OUTAGE_MS = 12 * 3_600_000;
const TRIES_OF_A_LONG_OUTAGE = 100;

interface Tried {
  campaign: string;
  attempt: number;
  sinceMs: number;
}

const isLong = ({ attempt, sinceMs }: Tried): boolean => attempt >= TRIES_OF_A_LONG_OUTAGE && Date.now() - sinceMs >= LONG_OUTAGE_MS;

/** For an activity that is cut off by its time limit again and again, and so never fails by itself; asked before each attempt. */
export function neverEnds(step: string, at: Tried): ApplicationFailure | undefined {
  if (!isLong(at)) return undefined;
  return failure({ type: 'OperatorActionRequired', retryable: false, message: `${step} was begun ${at.attempt} times in ${Math.round((Date.now() - at.sinceMs) / 3_600_000)} hours and did not come to an end: see the worker's log, then \`npx hardgen campaign resume ${at.campaign}\`` });
}

/**
 * A failure of an outage that has been long, or whose next attempt would come after the activity's schedule-to-close limit:
 * Temporal would not make it, and end the activity with the failure itself, as if it said something about the item.
 * `sinceMs`: when the activity was first scheduled; `attempt`: how often it was tried since.
 */
export function atTheEnd(failed: unknown, at: Tried & { deadlineMs: number }): unknown {
  if (!(failed instanceof ApplicationFailure) || failed.nonRetryable === true) return failed;
  const pauseMs = failed.nextRetryDelay === undefined || failed.nextRetryDelay === null ? LONGEST_PAUSE_MS : Number(failed.nextRetryDelay);
  if (!isLong(at) && Date.now() + pauseMs + MARGIN_MS < at.deadlineMs) return failed;
  return failure({ type: 'OperatorActionRequired', retryable: false, message: `${failed.message.slice(0, 600)}; it has been tried for hours: see to it, then \`npx hardgen campaign resume ${at.campaign}\`` });
}

const isLogin = (error: GraphInvalid): boolean => causeCodes(error).some((code) => code.startsWith('Neo.ClientError.Security'));

const DISK: { [code: string]: { cure: string; passes: boolean } } = {
  ENOSPC: { cure: 'free space on that disk', passes: false },
  EDQUOT: { cure: 'free space, or raise the quota of the user that the worker runs as', passes: false },
  EFBIG: { cure: 'raise the file size limit (ulimit -f) of the user that the worker runs as', passes: false },
  EROFS: { cure: 'make that disk writable again', passes: false },
  EACCES: { cure: 'let the user that the worker runs as write there', passes: false },
  EPERM: { cure: 'let the user that the worker runs as write there', passes: false },
  EIO: { cure: 'see to that disk', passes: true },
  EMFILE: { cure: 'raise the limit of open files (ulimit -n) of the user that the worker runs as', passes: true },
  ENFILE: { cure: 'raise the limit of open files of the system', passes: true },
};

/** Disk trouble waits for a person or for space; nothing is lost meanwhile. `passes`: it may go away by itself. */
export function storeTrouble(error: unknown): { cure: string; passes: boolean } | undefined {
  return DISK[typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''];
}

const MIN_DELAY_MS = 1_000;
const MAX_DELAY_MS = 300_000;

/** An ApplicationFailure as the workflows know them. Messages are cut at 1 KB: failures are payloads and land in history. */
export function failure(input: { type: FailureType; message: string; retryable: boolean; retryAfterMs?: number; attempt?: number }): ApplicationFailure {
  const ours = input.type === 'GraphUnavailable' || input.type === 'StoreUnavailable' || input.type === 'WorldUnavailable';
  return ApplicationFailure.create({
    type: input.type,
    message: input.message.slice(0, 1024),
    nonRetryable: !input.retryable,
    ...(input.retryable ? { nextRetryDelay: (ours ? serviceDelay : retryDelay)(input.attempt ?? 1, input.retryAfterMs) } : {}),
    ...(input.type === 'LlmRateLimit' ? { category: ApplicationFailureCategory.BENIGN } : {}),
  });
}

/** Retry-After clamped to 1 s – 5 min, else 2 s × 2^n up to 2 min; × 1.0–1.3, since the server adds no jitter of its own. */
export function retryDelay(attempt: number, retryAfterMs?: number): number {
  const base = retryAfterMs ?? Math.min(2_000 * 2 ** (attempt - 1), 120_000);
  return jittered(Math.min(Math.max(base, MIN_DELAY_MS), MAX_DELAY_MS));
}

/** 1 s × 2^n up to 8 s: services of ours cost nothing to ask, and everything waits for them. */
const serviceDelay = (attempt: number): number => jittered(Math.min(1_000 * 2 ** (attempt - 1), 8_000));

const jittered = (ms: number): number => Math.round(ms * (1 + Math.random() * 0.3));
