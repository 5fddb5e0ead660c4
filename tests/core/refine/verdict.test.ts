import { readBlock, renderTemplate } from '../../../src/core/prompt/template';
import type { ErrorType } from '../../../src/core/refine/match';
import { ERROR_TYPES } from '../../../src/core/refine/match';
import type { Verdict } from '../../../src/core/refine/verdict';
import { answerFeedback, bareFeedback, checkFeedback, feedbackText, malformedFeedback, verifierBlocks } from '../../../src/core/refine/verdict';
import { parseVerdict } from '../../../src/core/refine/verdict.schema';
import { toolsOf } from '../../../src/core/refine/conversation';
import { callOf, calls, order, reply, spec, template, tools } from './journey';

const verdict = (correctiveHint: string, more: Partial<Verdict> = {}): Verdict => ({
  errorType: 'missing_dependency',
  errorLocation: 'call 1 (search_trains), argument /from',
  rootCause: 'A town was given where the tool wants a station.',
  correctiveHint,
  shouldReconsider: false,
  ...more,
});

const query = 'Two seats from Arden to Belmo on 3 May, with insurance please.';
const attempt = '{"reasoning":"","calls":[{"name":"search_trains","arguments":{"from":"Arden","to":"Belmo","date":"2026-05-03"}}]}';
const check = (hint: string, more: Partial<Verdict> = {}): string[] => checkFeedback({ verdict: verdict(hint, more), goldRemaining: calls.slice(0, 4), visible: [query], attempt });

describe('feedback passes when it', () => {
  test.each([
    ['points at the missing piece', 'Ask which tool turns a town into what the search needs.'],
    ['names a tool', 'Have a look at find_station before you search.'],
    ['names a tool as a function', 'find_station() may tell you more.'],
    ['repeats what the query says', 'The user did say Arden and 3 May.'],
    ['quotes the attempt', 'search_trains was given "Arden", which is a town.'],
    ['speaks of places by number', 'Look at call 2 again, and at step 2.'],
    ['uses common words', 'First find out what is missing; it is true that the date was right.'],
  ])('%s', (_what, hint) => {
    expect(check(hint)).toEqual([]);
  });
});

describe('feedback is rejected when it', () => {
  test.each([
    ['states a hidden gold value', 'The station you want is ST-03.'],
    ['states it with other separators', 'Use st03 as origin.'],
    ['states most of it', 'The train is one that starts with K7-Q2.'],
    ['states what a later call returns', 'The booking BK-1029 comes later.'],
    ['tells a Boolean by name', 'The insurance should be true.'],
    ['writes out a gold call', 'Make find_station(town="Arden") first.'],
    ['writes it out without names', 'Make find_station(Arden) first.'],
    ['writes it as JSON', 'Send {"name": "find_station", "arguments": {}}.'],
    ['describes it in prose', 'Start by asking find_station about Arden.'],
  ])('%s', (_what, hint) => {
    expect(check(hint).length).toBeGreaterThan(0);
  });
  test.each<[string, Partial<Verdict>]>([
    ['location', { errorLocation: 'ST-03 missing' }],
    ['root cause', { rootCause: 'It should be ST-03.' }],
    ['list of things to reconsider', { shouldReconsider: ['whether ST-03 is right'] }],
  ])('leaks in its %s', (_field, more) => {
    expect(check('Think again.', more).length).toBeGreaterThan(0);
  });
  test('its reasons do not repeat the value', () => {
    expect(check('The station you want is ST-03.').join()).not.toMatch(/ST-03/);
  });
});

test('a gold value may be named once the conversation shows it', () => {
  const passes = checkFeedback({ verdict: verdict('The origin is ST-03, as you were told.'), goldRemaining: calls.slice(2, 4), visible: [query, '{"station":"ST-03"}'], attempt });
  expect(passes).toEqual([]);
});

test('a number that only the gold call holds may not be named, in digits or words', () => {
  const gold = [{ ...calls[3]!, args: { train: 'K7-Q2X', seats: 4 } }];
  const about = (hint: string): string[] => checkFeedback({ verdict: verdict(hint), goldRemaining: gold, visible: ['A table for us.'], attempt: '{}' });
  expect(about('The number of seats should be 4.')).toHaveLength(1);
  expect(about('Set seats to four.')).toHaveLength(1);
  expect(about('Count the seats again; call 4 was right.')).toEqual([]);
});

describe('the feedback text', () => {
  test('names type and place first, then cause, advice and what to think over', () => {
    expect(feedbackText(verdict('Look it up.', { shouldReconsider: ['the plan'] }))).toBe(
      'Error type: missing_dependency\nWhere: call 1 (search_trains), argument /from\nCause: A town was given where the tool wants a station.\nAdvice: Look it up.\nThink again about: the plan');
  });
  test.each([...ERROR_TYPES])('bare feedback on %s holds type and place and passes the leak check', (type: ErrorType) => {
    const bare = bareFeedback({ type, location: 'call 1 (search_trains), argument /from' });
    expect(bare.split('\n').slice(0, 2)).toEqual([`Error type: ${type}`, 'Where: call 1 (search_trains), argument /from']);
    expect(check(bare)).toEqual([]);
  });
  test('on a turned-down answer gives the reasons, on a malformed reply what could not be read', () => {
    expect(answerFeedback(['The final answer does not state what was asked for: price.'])).toContain('price');
    expect(malformedFeedback('truncated')).toContain('truncated');
  });
});

describe('a verdict', () => {
  const json = { error_type: 'wrong_order', error_location: 'call 1', root_cause: 'r', corrective_hint: 'h', should_reconsider: ['p'] };
  const read = { errorType: 'wrong_order', errorLocation: 'call 1', rootCause: 'r', correctiveHint: 'h', shouldReconsider: ['p'] };
  test('is read from snake_case or camelCase JSON', () => {
    expect(parseVerdict(reply(JSON.stringify(json)))).toMatchObject({ ok: true, value: read });
    expect(parseVerdict(reply(JSON.stringify(read)))).toMatchObject({ ok: true, value: read });
  });
  test('may name the kind in the paper’s words', () => {
    expect(parseVerdict(reply(JSON.stringify({ ...json, error_type: 'Missing dependencies' })))).toMatchObject({ value: { errorType: 'missing_dependency' } });
  });
  test('is malformed with a seventh kind, without a hint, or as prose', () => {
    expect(parseVerdict(reply(JSON.stringify({ ...json, error_type: 'rudeness' }))).ok).toBe(false);
    expect(parseVerdict(reply(JSON.stringify({ ...json, corrective_hint: ' ' }))).ok).toBe(false);
    expect(parseVerdict(reply('The order was wrong.')).ok).toBe(false);
  });
});

test('the Verifier sees query, attempt, what it gave, and the gold calls with their order', () => {
  const blocks = verifierBlocks({
    query, conversation: [], attempt: { reasoning: 'I search.', content: '', calls: [callOf('c3', { from: 'Arden' })] },
    results: [{ ok: false, fault: 'not_found', message: 'no such station' }], goldRemaining: calls.slice(0, 4), order,
    errors: [{ type: 'missing_dependency', location: 'call 1 (search_trains), argument /from', detail: 'd' }], tools: toolsOf(spec.tools, tools),
  });
  const prompt = renderTemplate(template('verifier'), blocks).map((message) => message.content).join('\n');
  expect(readBlock(prompt, 'query')).toBe(query);
  expect(JSON.parse(readBlock(prompt, 'attempt') ?? '')).toMatchObject({ reasoning: 'I search.', calls: [{ name: 'search_trains' }] });
  expect(readBlock(prompt, 'execution_result')).toContain('no such station');
  const truth = JSON.parse(readBlock(prompt, 'ground_truth') ?? '') as { remaining: object[]; differences: object[] };
  expect(truth.remaining[2]).toEqual({ id: 'c3', name: 'search_trains', arguments: calls[2]!.args, needs_output_of: ['c1', 'c2'], after: [] });
  expect(truth.differences).toEqual([{ type: 'missing_dependency', location: 'call 1 (search_trains), argument /from', detail: 'd' }]);
  expect(readBlock(prompt, 'conversation')).toBeUndefined();
});
