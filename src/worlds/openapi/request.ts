import { isObject, type Json, type JsonObject } from '../../core/json';
import type { CallResult, Fault } from '../../core/tool';
import { WorldUnavailable } from '../world';
import { withoutSecrets, type Credentials } from './auth';
import type { Operation, Passing } from './operations';

/** Where and how a service is asked. */
export interface Service {
  world: string;
  /** Without a slash at its end. */
  baseURL: string;
  credentials: Credentials;
  timeoutMs: number;
  maxOutputBytes: number;
}

/** A call as a request, or the sentence that says which argument cannot travel. */
export function requestOf(service: Service, operation: Operation, args: JsonObject): { url: URL; init: RequestInit } | string {
  const path = filledPath(operation, args);
  if (path.trouble !== undefined) return path.trouble;
  const url = new URL(service.baseURL + path.text);
  for (const passing of operation.passing) if (passing.in === 'query' && args[passing.argument] !== undefined) addQuery(url.searchParams, passing, args[passing.argument] as Json);
  for (const [name, value] of Object.entries(service.credentials.query)) url.searchParams.set(name, value);
  const body = bodyOf(operation, args);
  return {
    url,
    init: {
      method: operation.method,
      redirect: 'manual',
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': operation.bodyType ?? 'application/json' }), ...service.credentials.headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    },
  };
}

function filledPath({ path, passing }: Operation, args: JsonObject): { text: string; trouble?: string } {
  let text = path;
  for (const { argument, name, in: place } of passing) {
    if (place !== 'path') continue;
    const value = args[argument];
    const plain = Array.isArray(value) ? value.map(String).join(',') : isObject(value) || value === undefined || value === null ? '' : String(value);
    // `.` and `..` would be resolved away and lead to another operation.
    if (plain === '' || plain === '.' || plain === '..') return { text, trouble: `\`${argument}\`: expected text that can stand in a path, got ${JSON.stringify(value ?? null)}` };
    text = text.split(`{${name}}`).join(encodeURIComponent(plain));
  }
  return { text };
}

const JOINTS = { comma: ',', space: ' ', pipe: '|' } as const;

function addQuery(query: URLSearchParams, { name, style }: Passing, value: Json): void {
  if (style === 'json') query.append(name, JSON.stringify(value));
  else if (Array.isArray(value)) {
    if (style === undefined || style === 'deepObject') for (const item of value) query.append(name, textOf(item));
    else query.append(name, value.map(textOf).join(JOINTS[style]));
  } else if (isObject(value)) {
    const entries = Object.entries(value);
    if (style === 'deepObject') for (const [key, item] of entries) query.append(`${name}[${key}]`, textOf(item));
    else if (style === undefined) for (const [key, item] of entries) query.append(key, textOf(item));
    else query.append(name, entries.flatMap(([key, item]) => [key, textOf(item)]).join(JOINTS[style]));
  } else query.append(name, textOf(value));
}

const textOf = (value: Json): string => (typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value));

function bodyOf({ passing, bodyType }: Operation, args: JsonObject): Json | undefined {
  if (bodyType === undefined) return undefined;
  const whole = passing.find(({ in: place }) => place === 'whole-body');
  if (whole) return args[whole.argument];
  return Object.fromEntries(passing.flatMap(({ argument, name, in: place }): [string, Json][] => (place === 'body' && args[argument] !== undefined ? [[name, args[argument] as Json]] : [])));
}

const MOST_REDIRECTS = 3;

/**
 * Sends a call and types the answer by its status. Trouble of the service or the way there is fault `unavailable`;
 * 401 and 403 are the operator's to mend and throw WorldUnavailable. No secret is in what comes back.
 */
export async function send(service: Service, operation: Operation, args: JsonObject): Promise<CallResult> {
  const request = requestOf(service, operation, args);
  if (typeof request === 'string') return { ok: false, fault: 'invalid_args', message: request };
  const result = await answered(service, operation, request);
  return withoutSecrets(result as unknown as Json, service.credentials.secrets) as unknown as CallResult;
}

async function answered(service: Service, operation: Operation, request: { url: URL; init: RequestInit }): Promise<CallResult> {
  const signal = AbortSignal.timeout(service.timeoutMs);
  try {
    const reply = await follow(request.url, { ...request.init, signal });
    const text = await readUpTo(reply, service.maxOutputBytes);
    return text === undefined ? tooLong(reply, service) : typed(service, operation, reply, text);
  } catch (error) {
    if (error instanceof WorldUnavailable) throw error;
    const why = signal.aborted ? `no answer within ${service.timeoutMs} ms` : reasonOf(error);
    return { ok: false, fault: 'unavailable', message: `${operation.method} ${operation.path} of world \`${service.world}\`: ${why}` };
  }
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  return cause instanceof Error ? cause.message || code || cause.name : String(cause);
}

/** Reading requests follow redirects under the same origin; a key is never carried to another. */
async function follow(url: URL, init: RequestInit, hops = 0): Promise<Response> {
  const reply = await fetch(url, init);
  const location = reply.headers.get('location');
  if (reply.status < 300 || reply.status >= 400 || location === null || init.method !== 'GET' || hops >= MOST_REDIRECTS) return reply;
  const next = new URL(location, url);
  if (next.origin !== url.origin) return reply;
  await reply.body?.cancel();
  return follow(next, init, hops + 1);
}

/** The body as text; `undefined`, and the connection given up, once it is longer. */
async function readUpTo(reply: Response, most: number): Promise<string | undefined> {
  if (reply.body === null) return '';
  const reader = reply.body.getReader();
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(parts).toString('utf8');
    bytes += value.byteLength;
    if (bytes > most) {
      await reader.cancel();
      return undefined;
    }
    parts.push(value);
  }
}

const tooLong = (reply: Response, { maxOutputBytes }: Service): CallResult => ({
  ok: false,
  fault: reply.ok ? 'precondition' : 'unavailable',
  message: `The output has more than the ${maxOutputBytes} bytes that are allowed; ask for less`,
});

function typed(service: Service, operation: Operation, reply: Response, text: string): CallResult {
  const value = valueOf(text);
  if (reply.ok) return { ok: true, value };
  const said = complaintIn(value) || reply.statusText || `status ${reply.status}`;
  if (reply.status === 401 || reply.status === 403) {
    const told = withoutSecrets(said, service.credentials.secrets) as string;
    throw new WorldUnavailable(`Expected the service of world \`${service.world}\` to let us call ${operation.method} ${operation.path}, got ${reply.status}: ${told}; check \`auth\` in its block and the variable it names`);
  }
  return { ok: false, fault: faultOf(reply.status), message: said };
}

/** A client's mistake is the call's, anything else the service's. */
function faultOf(status: number): Fault {
  if (status === 404 || status === 410) return 'not_found';
  if (status === 409) return 'conflict';
  if (status === 400 || status === 422) return 'invalid_args';
  // Too many requests, or too slow: the call itself may be right.
  return status === 408 || status === 429 || status >= 500 ? 'unavailable' : 'precondition';
}

function valueOf(text: string): Json {
  if (text.trim() === '') return null;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

const MESSAGE_KEYS = ['detail', 'message', 'error_description', 'error', 'title', 'description', 'reason', 'errors'];

/** What an error body says, in one line. */
function complaintIn(value: Json): string {
  if (typeof value === 'string') return value.replace(/<[^>]{0,400}>/g, ' ').replace(/[\u0000-\u001f\u007f]+/g, ' ').trim().slice(0, 400);
  if (Array.isArray(value)) return value.map(complaintIn).filter((text) => text !== '').join('; ').slice(0, 400);
  if (!isObject(value)) return '';
  const found = MESSAGE_KEYS.map((key) => complaintIn(value[key] ?? null)).find((text) => text !== '');
  return found ?? JSON.stringify(value).slice(0, 400);
}
