import { parseReasonerReply } from '../../../src/core/refine/reply';
import { reply } from './journey';

const native = (args: string): { toolCalls: { name: string; arguments: string }[] } => ({ toolCalls: [{ name: 'book', arguments: args }] });

test('native tool calls with object arguments are calls', () => {
  expect(parseReasonerReply(reply('', { ...native('{"seats":2}'), reasoning: 'Two seats.' }))).toEqual({ ok: true, value: { kind: 'calls', calls: [{ tool: 'book', args: { seats: 2 } }], content: '' }, reasoning: 'Two seats.' });
});
test('reasoning comes from the provider field, from <think>, or from the text beside the calls', () => {
  expect(parseReasonerReply(reply('<think>Two seats.</think>', native('{}'))).reasoning).toBe('Two seats.');
  expect(parseReasonerReply(reply('Two seats.', native('{}')))).toMatchObject({ reasoning: 'Two seats.', value: { content: '' } });
  expect(parseReasonerReply(reply('One moment.', { ...native('{}'), reasoning: 'Two seats.' }))).toMatchObject({ reasoning: 'Two seats.', value: { content: 'One moment.' } });
});
test('calls written as text count when no native call came', () => {
  const text = '<think>Both.</think><tool_call>{"name":"a","arguments":{"x":1}}</tool_call>\n<tool_call>\n{"name":"b","arguments":{}}\n</tool_call>';
  expect(parseReasonerReply(reply(text))).toMatchObject({ ok: true, reasoning: 'Both.', value: { kind: 'calls', calls: [{ tool: 'a', args: { x: 1 } }, { tool: 'b', args: {} }] } });
});
test('plain text is a final answer, without its thinking', () => {
  expect(parseReasonerReply(reply('<think>Done now.</think>It costs 25 euros.'))).toEqual({ ok: true, value: { kind: 'answer', text: 'It costs 25 euros.' }, reasoning: 'Done now.' });
});
test.each([
  ['neither calls nor text', reply('')],
  ['thinking that never ends', reply('<think>Let me see')],
  ['arguments that are not JSON', reply('', native('{"seats":'))],
  ['arguments that are empty', reply('', native(''))],
  ['arguments that are a list', reply('', native('[2]'))],
  ['a text call that is not closed', reply('<tool_call>{"name":"a","arguments":{}}')],
  ['a text call without a name', reply('<tool_call>{"arguments":{}}</tool_call>')],
  ['a text call whose arguments are text', reply('<tool_call>{"name":"a","arguments":"{}"}</tool_call>')],
  ['calls in two forms', reply('<tool_call>{"name":"a","arguments":{}}</tool_call>', native('{}'))],
  ['a reply that was cut off', reply('It costs', { finishReason: 'length' })],
  ['a refusal', reply('I cannot', { refusal: 'I cannot' })],
])('malformed, never guessed: %s', (_what, said) => {
  expect(parseReasonerReply(said).ok).toBe(false);
});
