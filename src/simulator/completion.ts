import type { Json } from '../core/json';
import type { SimReply, SimRequest } from './request';

/** Nothing is billed: tokens are counted at about four characters each. */
const CHARACTERS_PER_TOKEN = 4;

/** The reply in OpenAI's shape. Ids come from the request's hash, so that the same request gives the same bytes. */
export function completionOf(request: SimRequest, reply: SimReply, hash: string): Json {
  const calls = (reply.toolCalls ?? []).map((call, index) => ({ id: `call_${hash.slice(0, 16)}_${index}`, type: 'function', function: { name: call.name, arguments: call.arguments } }));
  const input = tokens(JSON.stringify(request.messages)) + (request.tools.length > 0 ? tokens(JSON.stringify(request.tools)) : 0);
  const output = tokens(`${reply.content}${reply.reasoning ?? ''}${reply.refusal ?? ''}${calls.map((call) => call.function.name + call.function.arguments).join('')}`);
  return {
    id: `chatcmpl-${hash.slice(0, 24)}`,
    object: 'chat.completion',
    created: 0,
    model: request.model,
    choices: [{
      index: 0,
      message: {
        role: 'assistant',
        content: calls.length > 0 && reply.content === '' ? null : reply.content,
        refusal: reply.refusal ?? null,
        ...(reply.reasoning === undefined ? {} : { reasoning_content: reply.reasoning }),
        ...(calls.length === 0 ? {} : { tool_calls: calls }),
      },
      finish_reason: calls.length > 0 ? 'tool_calls' : 'stop',
    }],
    usage: { prompt_tokens: input, completion_tokens: output, total_tokens: input + output },
  };
}

const tokens = (text: string): number => Math.ceil(text.length / CHARACTERS_PER_TOKEN);
