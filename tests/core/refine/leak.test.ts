import { readBlock, renderTemplate } from '../../../src/core/prompt/template';
import { toolsOf, trainingMessages } from '../../../src/core/refine/conversation';
import { checkRewrite, hiddenValues, lintReasoning, rewriterBlocks } from '../../../src/core/refine/leak';
import { parseRewrite } from '../../../src/core/refine/leak.schema';
import { callOf, calls, reply, spec, template, tools } from './journey';

const visible = ['Two seats from Arden to Belmo on 3 May.', '{"station":"ST-03"}', 'find_station: Station of a town.'];
const hidden = { values: ['ST-17', 'K7-Q2X', '12.5', '25', '2', 'open'], advancedTool: 'book_town_trip' };
const lint = (reasoning: string, more: string[] = []): string[] => lintReasoning({ reasoning, visible: [...visible, ...more], hidden });

describe('reasoning is leaky when it', () => {
  test.each([
    ['speaks of the hint', 'The hint says that I can book by town.'],
    ['speaks of the advanced tool', 'The advanced tool does not exist, so I look up stations.'],
    ['names the advanced tool', 'I have to imitate book_town_trip.'],
    ['names it in words', 'To book town trip I need stations.'],
    ['speaks of feedback', 'Based on the feedback I look up the station first.'],
    ['speaks of an earlier attempt', 'In my previous attempt I gave a town.'],
    ['owns up to a mistake', 'I made a mistake with the order.'],
    ['speaks of the ground truth', 'The ground truth wants a station.'],
    ['speaks of the verifier', 'The verifier says it is wrong.'],
    ['says it was corrected', 'As corrected, I look up the station.'],
    ['names an error kind', 'This was a missing_dependency.'],
    ['states a value nothing shows yet', 'Belmo is ST-17.'],
    ['states a number nothing shows yet', 'It will cost 12.50.'],
  ])('%s', (_what, reasoning) => {
    expect(lint(reasoning)).toHaveLength(1);
  });
});

describe('reasoning is clean when it', () => {
  test.each([
    ['plans', 'The user wants two seats. My first call should be find_station for Belmo, then I search and book.'],
    ['uses what is visible', 'Arden is ST-03, as find_station told me; my previous call returned it.'],
    ['attempts something in the ordinary sense', 'I will attempt to find the station, which is open to all.'],
    ['says a small number or a common word of a later result', 'I need 2 seats and an open train.'],
  ])('%s', (_what, reasoning) => {
    expect(lint(reasoning)).toEqual([]);
  });
  test('uses a suspicious word that the conversation uses', () => {
    const conversation = ['Please send feedback form F-2 and retry the payment.'];
    expect(lint('The user wants to send a feedback form and to retry the payment.', conversation)).toEqual([]);
    expect(lint('The user wants to send a feedback form.')).toHaveLength(1);
    expect(lint('Based on the feedback I received, I look again.', conversation)).toHaveLength(1);
  });
  test('states a hidden value once it is shown', () => {
    expect(lint('Belmo is ST-17.', ['{"station":"ST-17"}'])).toEqual([]);
  });
});

test('hidden are the results of unanswered calls and the arguments they feed', () => {
  expect(hiddenValues(calls, new Set(['c1', 'c2']))).toEqual(['K7-Q2X', '12.5', 'BK-1029', '25']);
  expect(hiddenValues(calls, new Set(['c1']))).toContain('ST-17');
});

describe('a rewrite', () => {
  const rewrite = { reasoning: 'I need the station of Belmo first.', calls: [callOf('c2')] };
  const check = (more: object): string[] => checkRewrite({ rewrite: { ...rewrite, ...more }, calls: [callOf('c2')], tools, visible, hidden });
  test('stands when it repeats the calls and is clean', () => {
    expect(check({})).toEqual([]);
  });
  test('falls when a call differs, is missing or is added', () => {
    expect(check({ calls: [callOf('c1')] })).toHaveLength(1);
    expect(check({ calls: [] })).toHaveLength(1);
    expect(check({ calls: [callOf('c2'), callOf('c2')] })).toHaveLength(1);
  });
  test('falls when it leaks', () => {
    expect(check({ reasoning: 'Following the hint, I look it up.' })).toHaveLength(1);
  });
  test('is read from JSON with reasoning and calls', () => {
    expect(parseRewrite(reply('{"reasoning":"R.","calls":[{"name":"a","arguments":{"x":1}}]}'))).toMatchObject({ ok: true, value: { reasoning: 'R.', calls: [{ tool: 'a', args: { x: 1 } }] } });
    expect(parseRewrite(reply('{"reasoning":"","calls":[]}')).ok).toBe(false);
    expect(parseRewrite(reply('{"reasoning":"R."}')).ok).toBe(false);
  });
});

test('the Rewriter sees the training view and the accepted calls', () => {
  const conversation = trainingMessages({ system: 'Be brief.', turns: [{ query: 'Two seats please.', hint: 'Books by town.', steps: [] }] });
  const blocks = rewriterBlocks({ conversation, calls: [callOf('c2')], tools: toolsOf(spec.tools, tools) });
  const prompt = renderTemplate(template('rewriter'), blocks).map((message) => message.content).join('\n');
  expect(readBlock(prompt, 'conversation')).toBe('system: Be brief.\n\nuser: Two seats please.');
  expect(JSON.parse(readBlock(prompt, 'calls') ?? '')).toEqual({ calls: [{ name: 'find_station', arguments: { town: 'Belmo' } }] });
  expect(prompt).not.toMatch(/Books by town/);
});
