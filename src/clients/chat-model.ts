import OpenAI from 'openai';
import type { ChatCompletion, ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions';
import type { ChatReply } from '../core/chat/chat';
import type { ChatModel, ModelReply, ModelTarget } from '../activities/deps';
import type { Json } from '../core/json';

/** Sent to the simulator only, so that it knows which planned fault is due; never to a model of yours. */
export const LOOKUP_HEADER = 'x-hardgen-lookup';

/** `readKey` takes the name of a variable and gives its value; keys live nowhere else. */
export function createChatModel(readKey: (name: string) => string): ChatModel {
  const clients = new Map<string, OpenAI>();

  function clientOf(target: ModelTarget): OpenAI {
    const key = target.endpoint.apiKeyEnv ? readKey(target.endpoint.apiKeyEnv) : 'none';
    const id = `${target.endpointName} ${target.endpoint.baseURL} ${key}`;
    const known = clients.get(id);
    if (known) return known;
    // maxRetries 0: Temporal owns retries, durable and visible; the client would add two silent ones.
    const client = new OpenAI({ baseURL: target.endpoint.baseURL, apiKey: key, maxRetries: 0, timeout: target.endpoint.timeoutSeconds * 1000 });
    clients.set(id, client);
    return client;
  }

  return {
    complete: async ({ target, request, lookup, signal }) => {
      const body = { model: target.model, messages: request.messages, ...(request.tools?.length ? { tools: request.tools } : {}), ...target.sampling, ...target.endpoint.extraBody };
      const started = Date.now();
      // The client's own time limit ends at the response headers; this signal also cuts a stalled body.
      const limit = AbortSignal.any([signal, AbortSignal.timeout(target.endpoint.timeoutSeconds * 1000)]);
      const completion = await clientOf(target).chat.completions.create(body as ChatCompletionCreateParamsNonStreaming, {
        signal: limit,
        headers: { ...target.endpoint.headers, ...(target.simulated ? { [LOOKUP_HEADER]: encodeLookup(lookup) } : {}), ...(target.endpoint.apiKeyEnv ? {} : { Authorization: null }) },
      });
      return toReply(completion, Date.now() - started);
    },
  };
}

export const encodeLookup = (lookup: Json): string => Buffer.from(JSON.stringify(lookup)).toString('base64url');

function toReply(completion: ChatCompletion, latencyMs: number): ModelReply {
  const choice = completion.choices?.[0];
  const message = choice?.message as (ChatCompletion['choices'][number]['message'] & { reasoning_content?: string; reasoning?: string }) | undefined;
  const reply: ChatReply = {
    content: message?.content ?? '',
    reasoning: message?.reasoning_content ?? message?.reasoning ?? '',
    toolCalls: (message?.tool_calls ?? []).flatMap((call) => (call.type === 'function' ? [{ name: call.function.name, arguments: call.function.arguments }] : [])),
    finishReason: choice?.finish_reason ?? 'none',
    ...(message?.refusal ? { refusal: message.refusal } : {}),
  };
  return {
    reply,
    usage: { inputTokens: completion.usage?.prompt_tokens ?? 0, outputTokens: completion.usage?.completion_tokens ?? 0 },
    model: completion.model,
    ...requestIdOf(completion),
    latencyMs,
  };
}

/** The client hangs the provider's request id on the parsed body without typing it. */
function requestIdOf(completion: ChatCompletion & { _request_id?: string | null }): { requestId?: string } {
  return completion._request_id ? { requestId: completion._request_id } : {};
}
