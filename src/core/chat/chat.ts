import type { JsonSchema } from '../json';

/** A message as OpenAI-compatible endpoints take it. `reasoning_content` is only ever kept in our own views. */
export type ChatMessage =
  | { role: 'system' | 'user'; content: string }
  | { role: 'assistant'; content: string | null; reasoning_content?: string; tool_calls?: ChatToolCall[] }
  | { role: 'tool'; tool_call_id: string; name?: string; content: string };

/** A call in a message. `arguments` is JSON text, as models write it. */
export interface ChatToolCall {
  id: string;
  type: 'function';
  function: { name: string; arguments: string };
}

export interface ChatTool {
  type: 'function';
  function: { name: string; description: string; parameters: JsonSchema };
}

/** What a role sends; the endpoint's own settings (model, sampling) are added by the client. */
export interface ChatRequest {
  messages: ChatMessage[];
  tools?: ChatTool[];
}

/** What came back, before any judgement. `reasoning` is the provider's separate field (`reasoning_content` or `reasoning`). */
export interface ChatReply {
  content: string;
  reasoning: string;
  toolCalls: { name: string; arguments: string }[];
  finishReason: string;
  refusal?: string;
}

export interface Usage {
  inputTokens: number;
  outputTokens: number;
}
