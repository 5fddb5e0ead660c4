import colours from 'picocolors';
import type { StoredCall } from '../activities/model-call';

/** One model call as it went over the wire, for reading a prompt the way a model does. */
export function promptLines(record: string, call: StoredCall): string[] {
  const rule = (text: string): string => colours.bold(`── ${text} ${'─'.repeat(Math.max(0, 96 - text.length))}`);
  return [
    '', rule(`${record}  ${call.key}  ${call.model}  ${call.usage.inputTokens}+${call.usage.outputTokens} tokens`),
    ...(call.request.tools ? [colours.dim(`[tools] ${call.request.tools.map((tool) => tool.function.name).join(', ')}`)] : []),
    ...call.request.messages.flatMap((message) => [
      colours.cyan(`[${message.role}]`), message.content ?? '',
      ...(message.role === 'assistant' ? (message.tool_calls ?? []).map((made) => `${made.function.name} ${made.function.arguments}`) : []),
    ]),
    colours.yellow('[reply]'),
    ...(call.reply.reasoning ? [colours.dim(call.reply.reasoning)] : []),
    ...(call.reply.content ? [call.reply.content] : []),
    ...call.reply.toolCalls.map((made) => `${made.name} ${made.arguments}`),
  ];
}
