import colours from 'picocolors';
import type { RowMessage } from '../core/dataset/row';

/** A conversation as a person reads it: thinking dim, results shortened to one line unless `whole`. */
export function conversationLines(messages: readonly RowMessage[], options: { system?: boolean; whole?: boolean } = {}): string[] {
  return messages.flatMap((message): string[] => {
    if (message.role === 'tool') return [`${colours.green('result')}     ${cut(message.content, options.whole)}`];
    if (message.role !== 'assistant') return spokenLines(message, options.system);
    return [
      ...(message.reasoning_content ? [colours.dim(`thinks     ${indent(message.reasoning_content)}`)] : []),
      ...(message.tool_calls ?? []).map((call) => `${colours.yellow('calls')}      ${call.function.name} ${JSON.stringify(call.function.arguments)}`),
      ...(message.content === '' ? [] : [`${colours.bold('assistant')}  ${indent(message.content)}`]),
    ];
  });
}

function spokenLines({ role, content }: { role: string; content: string }, system = false): string[] {
  if (role === 'user') return ['', `${colours.bold(colours.cyan('user'))}       ${indent(content)}`];
  return system ? [`${colours.bold('system')}     ${indent(content)}`] : [];
}

const RESULT_WIDTH = 160;
const cut = (text: string, whole = false): string => (whole || text.length <= RESULT_WIDTH ? indent(text) : `${text.slice(0, RESULT_WIDTH).replace(/\s+/g, ' ')} … (${text.length} characters)`);
const indent = (text: string): string => text.replace(/\n/g, '\n           ');
