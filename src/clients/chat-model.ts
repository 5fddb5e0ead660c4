import OpenAI, { APIError } from 'openai';
import { Agent, fetch, Response, type RequestInit } from 'undici';
import type { ChatCompletion, ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions';
import type { ChatReply, ChatRequest } from '../core/chat/chat';
import { NotACompletion } from '../core/chat/not-a-completion';
import type { ChatModel, ModelReply, ModelTarget } from '../activities/deps';
import type { Json } from '../core/json';

/** Sent to the simulator only, so that it knows which planned fault is due; never to a model of yours. */
export const LOOKUP_HEADER = 'x-hardgen-lookup';

/** Node's own fetch gives up after 300 s without headers, and a model that does not stream sends none before it has thought; our limit alone counts. */
const patient = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
const patiently = (async (url: string, init: RequestInit) => readable(await fetch(url, { ...init, dispatcher: patient }))) as unknown as typeof globalThis.fetch;

/**
 * A refusal as the client reads it, which is `{"error": {…}}` alone: Gemini sends a list of one, SGLang and older vLLM the
 * error itself, FastAPI `{"detail": …}`. What they say decides whether the campaign parks, so it must not be lost.
 */
async function readable(response: Response): Promise<Response> {
  if (response.ok) return response;
  const text = await response.text();
  const headers = [...response.headers].filter(([name]) => name !== 'content-encoding' && name !== 'content-length');
  return new Response(wrapped(text), { status: response.status, statusText: response.statusText, headers });
}

function wrapped(text: string): string {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return text;
  }
  const [first] = Array.isArray(body) ? (body as unknown[]) : [body];
  if (!isRecord(first)) return JSON.stringify({ error: { message: textOf(first) } });
  if (isRecord(first.error)) return JSON.stringify(first);
  const said = [first.error, first.message, first.detail].find((part) => part !== undefined && part !== null);
  return JSON.stringify({ error: { ...first, message: said === undefined ? text : textOf(said) } });
}

/** `readKey` takes the name of a variable and gives its value; keys live nowhere else. */
export function createChatModel(readKey: (name: string) => string): ChatModel {
  const clients = new Map<string, OpenAI>();

  function clientOf(target: ModelTarget): OpenAI {
    const key = target.endpoint.apiKeyEnv ? readKey(target.endpoint.apiKeyEnv) : 'none';
    const id = `${target.endpointName} ${target.endpoint.baseURL} ${key}`;
    const known = clients.get(id);
    if (known) return known;
    // maxRetries 0: Temporal owns retries, durable and visible; the client would add two silent ones.
    const client = new OpenAI({ baseURL: target.endpoint.baseURL, apiKey: key, maxRetries: 0, timeout: target.endpoint.timeoutSeconds * 1000, fetch: patiently });
    clients.set(id, client);
    return client;
  }

  return {
    complete: async ({ target, request, lookup, signal }) => {
      const body = requestBody(target, request);
      const started = Date.now();
      // The client's own time limit ends at the response headers; this one also cuts a stalled body.
      const limit = startLimit(signal, target.endpoint.timeoutSeconds * 1000);
      const headers = { ...target.endpoint.headers, ...(target.simulated ? { [LOOKUP_HEADER]: encodeLookup(lookup) } : {}), ...(target.endpoint.apiKeyEnv ? {} : { Authorization: null }) };
      try {
        const completion: unknown = await clientOf(target).chat.completions.create(body as ChatCompletionCreateParamsNonStreaming, { signal: limit.signal, headers });
        return toReply(readCompletion(completion, target.endpoint.baseURL), Date.now() - started);
      } catch (error) {
        if (isFiltered(error)) return filteredReply(error, { model: target.model, latencyMs: Date.now() - started });
        if (isRecord(error) && error.name === 'SyntaxError') throw new NotACompletion(`Expected a chat completion from ${target.endpoint.baseURL}, got JSON that ends too early or is none (${String(error.message)})`, { cause: error });
        throw error;
      } finally {
        limit.end();
      }
    },
  };
}

/**
 * Aborts with the caller's signal or after `ms`. Not by `AbortSignal.any` with `AbortSignal.timeout`: Node 20 may collect
 * those while the body is awaited, and the call then hangs for good (a test with a stalled body and `--expose-gc` shows it).
 */
function startLimit(caller: AbortSignal, ms: number): { signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const follow = (): void => controller.abort(caller.reason);
  const timer = setTimeout(() => controller.abort(new DOMException(`no complete reply within ${ms / 1000} s`, 'TimeoutError')), ms);
  if (caller.aborted) follow();
  else caller.addEventListener('abort', follow, { once: true });
  return {
    signal: controller.signal,
    end: () => {
      clearTimeout(timer);
      caller.removeEventListener('abort', follow);
    },
  };
}

/** The JSON that is sent, key for key. */
export const requestBody = (target: ModelTarget, request: ChatRequest): object =>
  ({ model: target.model, messages: request.messages, ...(request.tools?.length ? { tools: request.tools } : {}), ...target.sampling, ...target.endpoint.extraBody });

export const encodeLookup = (lookup: Json): string => Buffer.from(JSON.stringify(lookup)).toString('base64url');

/**
 * A completion, or what else came with status 200: the client hands over a web page as text and an error body as it is.
 * A completion without a choice is one: the model said nothing, which uses up an attempt.
 */
function readCompletion(completion: unknown, baseURL: string): ChatCompletion {
  if (isRecord(completion) && isRecord(completion.error)) throw APIError.generate(200, { error: completion.error }, undefined, new Headers());
  if (!isRecord(completion) || !Array.isArray(completion.choices)) {
    const text = typeof completion === 'string' ? completion : (JSON.stringify(completion) ?? 'nothing');
    throw new NotACompletion(`Expected a chat completion from ${baseURL}, got \`${text.trim().slice(0, 80)}\``);
  }
  const [choice] = completion.choices as unknown[];
  // A gateway's way to say that the model's server failed half-way.
  if (isRecord(choice) && (choice.finish_reason === 'error' || isRecord(choice.error))) throw APIError.generate(200, { error: isRecord(choice.error) ? choice.error : { message: 'finish_reason: error' } }, undefined, new Headers());
  return completion as unknown as ChatCompletion;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const FILTER_CODES = new Set(['content_filter', 'content_policy_violation', 'data_inspection_failed', 'responsibleaipolicyviolation', 'moderation_blocked']);

/** A prompt that the provider's filter refuses: no trouble of the line but the model's side saying no. */
function isFiltered(error: unknown): error is APIError {
  if (!(error instanceof APIError) || (error.status !== 400 && error.status !== 403)) return false;
  const body: unknown = error.error;
  const flagged = isRecord(body) && isRecord(body.metadata) && 'flagged_input' in body.metadata;
  return flagged || [error.code, error.type].some((code) => FILTER_CODES.has(String(code).toLowerCase()));
}

function filteredReply(error: APIError, { model, latencyMs }: { model: string; latencyMs: number }): ModelReply {
  return { reply: { content: '', reasoning: '', toolCalls: [], finishReason: 'content_filter', refusal: error.message.slice(0, 500) }, usage: { inputTokens: 0, outputTokens: 0 }, model, ...(error.requestID ? { requestId: error.requestID } : {}), latencyMs };
}

function toReply(completion: ChatCompletion, latencyMs: number): ModelReply {
  const choice = completion.choices?.[0];
  const message = choice?.message as (ChatCompletion['choices'][number]['message'] & { reasoning_content?: string; reasoning?: string }) | undefined;
  const reply: ChatReply = {
    content: textOf(message?.content),
    reasoning: textOf(message?.reasoning_content ?? message?.reasoning),
    toolCalls: (Array.isArray(message?.tool_calls) ? message.tool_calls : []).flatMap((call) => ('function' in call ? [{ name: textOf(call.function?.name), arguments: textOf(call.function?.arguments) }] : [])),
    finishReason: choice?.finish_reason ?? 'none',
    ...(message?.refusal ? { refusal: textOf(message.refusal) } : {}),
  };
  return {
    reply,
    usage: { inputTokens: completion.usage?.prompt_tokens ?? 0, outputTokens: completion.usage?.completion_tokens ?? 0 },
    model: completion.model ?? '',
    ...requestIdOf(completion),
    latencyMs,
  };
}

/** What should be a text and is not stays readable: judged as the malformed reply it may be, never a crash of ours. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value));

/** The client hangs the provider's request id on the parsed body without typing it. */
function requestIdOf(completion: ChatCompletion & { _request_id?: string | null }): { requestId?: string } {
  return completion._request_id ? { requestId: completion._request_id } : {};
}
