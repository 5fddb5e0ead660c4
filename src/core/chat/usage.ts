import type { ChatReply, ChatRequest, Usage } from './chat';

/** Four characters a token is every provider's rule of thumb. */
export const roughTokens = (value: unknown): number => Math.ceil(JSON.stringify(value).length / 4);

/** Of a server that reports no usage it is estimated: a budget has to hold there, too. A refused prompt has none. */
export function usageOf({ usage, reply }: { usage: Usage; reply: ChatReply }, request: ChatRequest): Usage {
  const reported = usage.inputTokens > 0 || usage.outputTokens > 0 || reply.finishReason === 'content_filter';
  return reported ? usage : { inputTokens: roughTokens(request), outputTokens: roughTokens([reply.content, reply.reasoning, reply.toolCalls]) };
}
