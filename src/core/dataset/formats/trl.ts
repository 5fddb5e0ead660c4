import type { RowMessage } from '../row';
import { jsonLines, type Format } from '../format';

/**
 * TRL's conversational form with tools: arguments as objects, `content` always text (templates concatenate it), tool
 * messages with a name. JSON Lines and not Parquet: Arrow gives every object the keys of all others, filled with null.
 */
export const trl: Format = {
  name: 'trl',
  about: 'TRL SFT: {messages, tools}, arguments as objects',
  loading: [
    'Load with JSON features, or Arrow pads every argument object with the keys of all others (datasets 4.7 or newer):',
    '',
    '```python',
    'from datasets import Features, Json, List, Value, load_dataset',
    '',
    'features = Features({',
    '    "messages": List({"role": Value("string"), "content": Value("string"), "reasoning_content": Value("string"),',
    '                      "tool_calls": List(Json()), "tool_call_id": Value("string"), "name": Value("string")}),',
    '    "tools": List(Json()),',
    '})',
    'train = load_dataset("json", data_files="train.jsonl", features=features, split="train")',
    '```',
  ].join('\n'),
  files: (rows) => [{ path: 'train.jsonl', content: jsonLines(rows.map((row) => ({ messages: row.messages.map(trlMessage), tools: row.tools }))), rows: rows.length }],
};

/** Keys in the order in which TRL's own examples have them; nothing is left out. */
function trlMessage(message: RowMessage): object {
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.tool_call_id, name: message.name, content: message.content };
  if (message.role !== 'assistant') return { role: message.role, content: message.content };
  const { content, reasoning_content, tool_calls } = message;
  return { role: 'assistant', content, ...(reasoning_content === undefined ? {} : { reasoning_content }), ...(tool_calls === undefined ? {} : { tool_calls }) };
}
