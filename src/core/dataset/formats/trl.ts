import type { RowMessage } from '../row';
import { jsonLines, type Format } from '../format';

/**
 * TRL's conversational form with tools: arguments as objects, `content` always text (templates concatenate it), tool
 * messages with a name. JSON Lines and not Parquet: Arrow gives every object the keys of all others, filled with null.
 */
export const trl: Format = {
  name: 'trl',
  about: 'TRL SFT: {messages, tools}, arguments as objects; by response {prompt, completion, tools}',
  loading: loadingSnippet(['messages']),
  files: (rows) => [{ path: 'train.jsonl', content: jsonLines(rows.map((row) => ({ messages: row.messages.map(trlMessage), tools: row.tools }))), rows: rows.length }],
  byResponse: {
    // The trainer reads the type of a dataset from its columns: with `prompt` and `completion` only the completion bears loss.
    loading: [
      loadingSnippet(['prompt', 'completion']),
      '',
      'With these columns `SFTTrainer` computes the loss on `completion` alone (`completion_only_loss`, its default here; TRL 0.24 or newer, which puts the generation prompt on the prompt\'s side).',
      'Leave `assistant_only_loss` off: it would also count the responses of the history, or nothing at all under a template without generation marks.',
      'A template that opens a thought in its generation prompt makes the trainer warn of a mismatch between prompt and prompt+completion; look at one rendered line before training.',
      'Lines of one conversation follow each other; make a train/test split by conversation (`row_id` of the jsonl export), not by line.',
    ].join('\n'),
    files: (rows) => [{
      path: 'train.jsonl', rows: rows.length,
      content: jsonLines(rows.map((row) => ({ prompt: row.history.map(trlMessage), completion: [trlMessage(row.response)], tools: row.tools }))),
    }],
  },
};

function loadingSnippet(columns: readonly string[]): string {
  return [
    'Load with JSON features, or Arrow pads every argument object with the keys of all others (datasets 4.7 or newer):',
    '',
    '```python',
    'from datasets import Features, Json, List, Value, load_dataset',
    '',
    'message = {"role": Value("string"), "content": Value("string"), "reasoning_content": Value("string"),',
    '           "tool_calls": List(Json()), "tool_call_id": Value("string"), "name": Value("string")}',
    `features = Features({${columns.map((column) => `"${column}": List(message)`).join(', ')}, "tools": List(Json())})`,
    'train = load_dataset("json", data_files="train.jsonl", features=features, split="train")',
    '```',
  ].join('\n');
}

/** Keys in the order in which TRL's own examples have them; nothing is left out. */
function trlMessage(message: RowMessage): object {
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.tool_call_id, name: message.name, content: message.content };
  if (message.role !== 'assistant') return { role: message.role, content: message.content };
  const { content, reasoning_content, tool_calls } = message;
  return { role: 'assistant', content, ...(reasoning_content === undefined ? {} : { reasoning_content }), ...(tool_calls === undefined ? {} : { tool_calls }) };
}
