import { buildRow, checkRow, type NamedRow, type RowMessage } from '../../../src/core/dataset/row';
import type { z } from 'zod';
import { checkRowSchema, parseRow, rowSchema } from '../../../src/core/dataset/row.schema';
import { buildReceipt } from '../../../src/core/dataset/receipt';
import { trainingMessages } from '../../../src/core/refine/conversation';
import { PARCEL_CHAT_TOOLS, PARCEL_SPEC, PARCEL_TOOLS, PARCEL_TURNS, parcelRow } from './parcel';

type Answer = Extract<RowMessage, { role: 'assistant' }>;

/** The row with one thing changed. */
function planted(change: (row: NamedRow) => void): string[] {
  const row = parcelRow();
  change(row);
  return checkRow(row, PARCEL_TOOLS);
}

const said = (row: NamedRow, index: number): Answer => row.messages[index] as Answer;
const callOf = (row: NamedRow, index: number, place = 0): NonNullable<Answer['tool_calls']>[number] => said(row, index).tool_calls?.[place] as NonNullable<Answer['tool_calls']>[number];

describe('a row', () => {
  it('is the training view: no hint, no attempt, no feedback', () => {
    const text = JSON.stringify(parcelRow());
    expect(parcelRow().messages.map((message) => message.role)).toEqual(['system', 'user', 'assistant', 'tool', 'tool', 'assistant', 'tool', 'assistant', 'user', 'assistant', 'tool', 'assistant']);
    expect(text).not.toContain('Prices a parcel between two places');
    expect(text).not.toContain('No idea');
    expect(text).not.toContain('Look again');
  });

  it('keeps arguments as an object and reasoning beside the calls', () => {
    expect(parcelRow().messages[2]).toEqual({
      role: 'assistant', content: 'I look up both depots.', reasoning_content: 'Both depots first.',
      tool_calls: [
        { id: 'call_t0_s0_0', type: 'function', function: { name: 'find_depot', arguments: { postcode: 'BS1 4DJ' } } },
        { id: 'call_t0_s0_1', type: 'function', function: { name: 'find_depot', arguments: { postcode: 'EH2 2BY' } } },
      ],
    });
  });

  it('shows tools without our entity keyword', () => {
    expect(JSON.stringify(parcelRow().tools)).not.toContain('entity');
  });

  it('tells in its labels what was hard: cell, bridging, easy turns, repeated look-ups', () => {
    expect(parcelRow().labels).toEqual({
      calls: 4, turns: 2, cell: 'parcels/3-4/multi', target_tool: 'book', bridging: [2, 0], easy: [false, true], earlier_turn: [false, true], repeated_lookup: true, alternative: false,
    });
  });

  it('says simulated when a simulator answered', () => {
    expect(buildRow({ spec: PARCEL_SPEC, tier: 'builtin', tools: PARCEL_CHAT_TOOLS, messages: trainingMessages({ system: 's', turns: PARCEL_TURNS }), simulated: true, alternatives: false }).simulated).toBe(true);
  });

  it('holds nothing that depends on the run', () => {
    expect(Object.keys(parcelRow()).sort()).toEqual(['gold', 'id', 'labels', 'messages', 'seed', 'simulated', 'tools', 'version', 'world', 'world_tier', 'world_version']);
  });

  it('refuses a conversation whose accepted call has arguments that are no object', () => {
    const messages = [{ role: 'assistant' as const, content: null, tool_calls: [{ id: 'x', type: 'function' as const, function: { name: 'book', arguments: '[1]' } }] }];
    expect(() => buildRow({ spec: PARCEL_SPEC, tier: 'builtin', tools: PARCEL_CHAT_TOOLS, messages, simulated: false, alternatives: false })).toThrow('Expected the arguments of an accepted call to be a JSON object, got [1]');
  });
});

describe('checkRow', () => {
  it('finds nothing in a clean row, escaped texts included', () => {
    expect(checkRow(parcelRow(), PARCEL_TOOLS)).toEqual([]);
  });

  it('takes the order of a response that the partial order allows', () => {
    const row = parcelRow();
    row.gold.order.order = [];
    said(row, 2).tool_calls?.reverse();
    expect(checkRow(row, PARCEL_TOOLS)).toEqual([]);
  });

  it('takes a default that was written out', () => {
    expect(planted((row) => (callOf(row, 5).function.arguments.fragile = false))).toEqual([]);
  });

  it.each<[string, (row: NamedRow) => void, string]>([
    ['a second system prompt', (row) => row.messages.splice(1, 0, { role: 'system', content: 'more' }), 'message 1 (system) may not follow system'],
    ['an assistant that speaks after its own answer', (row) => row.messages.splice(8, 0, { role: 'assistant', content: 'It costs 12.50 euros.' }), 'message 8 (answer) may not follow answer'],
    ['a conversation without an end', (row) => void row.messages.pop(), 'the conversation does not end with a final answer'],
    ['a turn that gold does not have', (row) => row.messages.push({ role: 'user', content: 'Thanks.' }, { role: 'assistant', content: 'You are welcome.' }), 'the conversation has 3 turns, gold has 2'],
    ['two calls of one id', (row) => (callOf(row, 2, 1).id = 'call_t0_s0_0'), 'two calls share an id'],
    ['a call without its result', (row) => void row.messages.splice(10, 1), 'call call_t1_s0_0 has no tool message'],
    ['a result without its call', (row) => row.messages.splice(3, 0, { role: 'tool', tool_call_id: 'ghost', name: 'book', content: '{}' }), 'tool message ghost answers no call'],
    ['a result under another tool\'s name', (row) => ((row.messages[10] as { name: string }).name = 'quote'), 'tool message call_t1_s0_0 has the name of another tool'],
    ['a tool that is not shown', (row) => (row.tools = row.tools.filter((tool) => tool.function.name !== 'book')), 'call call_t1_s0_0 is of book, which is not in the tool list'],
    ['a required argument left out', (row) => delete callOf(row, 9).function.arguments.quote_id, 'call call_t1_s0_0 lacks the required argument quote_id'],
    ['another argument than gold', (row) => (callOf(row, 5).function.arguments.weight_kg = 3), 'call call_t0_s1_0 (quote) is not a gold call of turn 1'],
    ['a number written as text', (row) => (callOf(row, 5).function.arguments.weight_kg = '2.5'), 'call call_t0_s1_0 (quote) is not a gold call of turn 1'],
    ['a call made twice', (row) => said(row, 5).tool_calls?.push({ id: 'again', type: 'function', function: { name: 'find_depot', arguments: { postcode: 'BS1 4DJ' } } }), 'call again (find_depot) is not a gold call of turn 1'],
    ['a gold call of another turn', (row) => ((row.gold.calls[3] as { turn: number }).turn = 0), 'call call_t1_s0_0 (book) is not a gold call of turn 2'],
    ['a gold call that was not made', (row) => void said(row, 2).tool_calls?.pop(), 'gold call c2 (find_depot) was not made'],
    ['a result that was not recorded', (row) => ((row.messages[6] as { content: string }).content = '{"quote_id":"Q \\"31\\"","price":9}'), 'the tool message of call_t0_s1_0 is not the recorded result of c3'],
    ['calls of one response in a forbidden order', (row) => void said(row, 2).tool_calls?.reverse(), 'c2 was called before c1'],
    ['a call in the response that should have waited', (row) => row.gold.order.data.push(['c1', 'c2']), 'c2 was called before the result of c1 was there'],
    ['a gold call that nothing needs', (row) => (row.gold.calls[0]?.needed_for.splice(0)), 'gold call c1 is needed for nothing'],
    ['an answer without what was asked', (row) => (said(row, 11).content = 'Done.'), 'the final answer of turn 2 does not state tracking number'],
    ['an answer of the first turn without what was asked', (row) => (said(row, 7).content = 'It costs 13 euros.'), 'the final answer of turn 1 does not state price (in euros)'],
    ['a value that no message shows', (row) => ((row.messages[3] as { content: string }).content = '{}'), 'call_t0_s1_0 uses /from before any message shows it'],
    ['a block of the generation prompts', (row) => (said(row, 9).reasoning_content = 'The <hint> says so.'), 'a message holds a labelled block of the generation prompts'],
  ])('finds %s', (_title, change, reason) => {
    expect(planted(change)).toContain(reason);
  });
});

/** Every key of a type, optional ones too, down to the leaves that are any JSON. */
type Keys<T, Path extends string = ''> = null extends T ? never : T extends readonly (infer Item)[] ? Keys<Item, `${Path}[]`> : T extends object ? (string extends keyof T ? never : { [K in keyof T & string]: `${Path}.${K}` | Keys<Exclude<T[K], undefined>, `${Path}.${K}`> }[keyof T & string]) : never;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

describe('the row schema', () => {
  it('knows exactly the keys of the type, or this file does not compile', () => {
    const same: Same<Keys<z.infer<typeof rowSchema>>, Keys<NamedRow>> = true;
    expect(same && rowSchema.shape.version.value).toBe('hardgen/row@1');
  });

  it('takes a clean row', () => {
    expect(checkRowSchema(parcelRow())).toEqual([]);
  });

  it.each<[string, (row: NamedRow) => void, string]>([
    ['a key that depends on the run', (row) => Object.assign(row, { created_at: 'today' }), 'created_at'],
    ['arguments as text', (row) => Object.assign(callOf(row, 2).function, { arguments: '{}' }), 'messages.2.tool_calls.0.function.arguments'],
    ['content that is null', (row) => Object.assign(said(row, 5), { content: null }), 'messages.5.content'],
    ['an id that is no sha256', (row) => (row.id = 'r1'), 'id'],
    ['an empty list of calls', (row) => (said(row, 2).tool_calls = []), 'messages.2.tool_calls'],
    ['a row of another version', (row) => Object.assign(row, { version: 'hardgen/row@0' }), 'version'],
  ])('refuses %s', (_title, change, place) => {
    const row = parcelRow();
    change(row);
    expect(checkRowSchema(row).join('\n')).toContain(place);
    expect(() => parseRow(row, 'rows/t-00003.json')).toThrow(/^Expected a row of version hardgen\/row@1, got one where .* \(rows\/t-00003\.json\)$/);
  });
});

describe('a receipt', () => {
  const call = (model: string, cost: number): Parameters<typeof buildReceipt>[0]['calls'][number] => ({ key: `reasoner/0/0/1/1`, requestHash: 'h', model, usage: { inputTokens: 10, outputTokens: 2 }, costMicroUsd: cost });

  it('sums what the row cost and names each model once, sorted', () => {
    const receipt = buildReceipt({ rowId: 'r', campaign: 'c', item: 3, workflowId: 'c/t-00003', attempts: [1, 2], opinions: { both: 2, rule_only: 0, effect_only: 0, neither: 1 }, spec: PARCEL_SPEC, specHash: 's', prompts: { reasoner: 'p' }, calls: [call('m2', 1500), call('m1', 500), call('m2', 0)] });
    expect(receipt).toMatchObject({ version: 'hardgen/receipt@1', row_id: 'r', models: ['m1', 'm2'], cost_usd: 0.002, attempts: [1, 2], redraws: 1, graph_version: 0 });
    expect(receipt.calls).toHaveLength(3);
  });
});
