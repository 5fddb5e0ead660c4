import type { ChatRequest } from './chat';

/** In our prompts such a line is what a tool returned; what instructs or describes is shorter. */
const LONG_LINE = 2_000;
const KEPT_BEFORE = 1_200;
const KEPT_AFTER = 400;

/**
 * The request with the middle of every long line left out, for a model that could not hold the whole; the very same
 * request where no line is long. Only what is asked gets shorter: rows are made from results as they were.
 */
export function shortened(request: ChatRequest): ChatRequest {
  const messages = request.messages.map((message) => (typeof message.content === 'string' ? { ...message, content: message.content.split('\n').map(cut).join('\n') } : message));
  return messages.some((message, at) => message.content !== request.messages[at]?.content) ? { ...request, messages } : request;
}

function cut(line: string): string {
  if (line.length <= LONG_LINE) return line;
  return `${line.slice(0, KEPT_BEFORE)} … (${line.length - KEPT_BEFORE - KEPT_AFTER} characters left out) … ${line.slice(-KEPT_AFTER)}`;
}
