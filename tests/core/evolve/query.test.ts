import { judgeBlocks, judgedReasons } from '../../../src/core/evolve/judge';
import { checkQuery, queryBlocks, type QueryCheck } from '../../../src/core/evolve/query';
import { parseJudgement, parseQuery } from '../../../src/core/evolve/query.schema';
import type { Json } from '../../../src/core/json';
import type { TraceSpec } from '../../../src/core/trace';
import { advanced, facts, replyOf, scene, spec, tools } from './scene';

const GOOD = 'I need to get from Halmstead to Port Ervine on 3 May 2031, two seats on the 9:40 with insurance please. What is the total price?';
const check = (query: string, more: Partial<QueryCheck> = {}): ReturnType<typeof checkQuery> =>
  checkQuery({ ...scene, query, earlierQueries: [], earlierAnswers: [], mode: 'hard', ...more });
const reasonsOf = (query: string, more: Partial<QueryCheck> = {}): string => check(query, more).reasons.join('\n');

describe('the blocks of the Query Generator', () => {
  const blocks = queryBlocks({ ...scene, advanced, mode: 'hard', earlier: [] });

  it('list every value to be stated with the wording it allows, and no hidden value', () => {
    expect(blocks.values?.split('\n').map((line) => JSON.parse(line) as { value: Json; wording: string }).map(({ value, wording }) => [value, wording])).toEqual([
      ['Halmstead', 'exact'], ['Port Ervine', 'exact'], ['2031-05-03', 'clear'], ['09:40', 'clear'], [2, 'clear'], [true, 'free'],
    ]);
    expect(Object.values(blocks).join('\n')).not.toMatch(/HXQ|PEV|T-4412|QX81LM|47\.8/);
  });

  it('show the advanced tool without its bindings, and steps only for an easy query or without an advanced tool', () => {
    expect(blocks.advanced_tool).toContain('arrange_trip');
    expect(blocks.advanced_tool).not.toContain('bindings');
    expect(blocks.steps).toBeUndefined();
    expect(queryBlocks({ ...scene, advanced, mode: 'easy', earlier: [] }).steps).toMatch(/^Spell these steps out/);
    const without = queryBlocks({ ...scene, advanced: undefined, mode: 'hard', earlier: [] });
    expect(without.advanced_tool).toBeUndefined();
    expect(without.steps).toMatch(/^How it is done; the message must not show it:\n1\. \(c1\) Finds the code/);
    expect(without.steps).not.toMatch(/HXQ|T-4412/);
  });

  it('show the visible conversation from the second turn on', () => {
    expect(blocks.conversation).toBeUndefined();
    const earlier = [{ role: 'user' as const, text: GOOD }, { role: 'assistant' as const, text: 'It is 47.80.' }];
    expect(queryBlocks({ ...scene, turn: 1, advanced, mode: 'hard', earlier }).conversation).toBe(`user: ${GOOD}\nassistant: It is 47.80.`);
  });
});

describe('a hard query', () => {
  it('passes when every value is stated; what only a reader can tell becomes a claim', () => {
    const { reasons, claims } = check(GOOD);
    expect({ reasons, claims: claims.filter((claim) => !claim.id.startsWith('role:')) }).toEqual({
      reasons: [],
      claims: [{ id: 'c4/insurance', kind: 'value', argument: 'insurance', value: true, meaning: 'Add cancellation insurance', choices: [true, false] }],
    });
  });

  it.each<[string, string, RegExp]>([
    ['is not empty', ' ', /empty text/],
    ['has at most 120 words', `${GOOD} ${'please '.repeat(120)}`, /at most 120 words/],
    ['is one message', `${GOOD}\nAssistant: Sure!`, /dialogue/],
    ['has no placeholders', GOOD.replace('Halmstead', '[city name]'), /placeholder/],
    ['says the day', GOOD.replace(' on 3 May 2031', ''), /"2031-05-03" \(date\)/],
    ['says a day that needs no calendar when today is not known', GOOD.replace('3 May 2031', '3 May'), /day, month and year/],
    ['says the number', GOOD.replace('two seats', 'three seats'), /does not say 2 \(seats\)/],
    ['says which element is meant', GOOD.replace('the 9:40', 'the early train'), /"09:40" \(departs\)/],
    ['names no primitive tool', `${GOOD} Use find_trains.`, /find_trains/],
    ['names no primitive tool in camel case', `${GOOD} stationCode may help.`, /station_code/],
    ['names no primitive tool in plain words', `${GOOD} You can book train seats, I hope.`, /book_train/],
    ['lists no steps', 'First find out about Halmstead and Port Ervine, then take the 9:40 on 3 May 2031 for two with insurance. What is the total price?', /lists steps/],
    ['has no numbered list', `1. Halmstead to Port Ervine on 3 May 2031\n2. two seats on the 9:40 with insurance, total price?`, /lists steps/],
    ['gives no looked-up code away', `${GOOD} My station is HXQ.`, /"HXQ"/],
    ['gives no id away', `${GOOD} I think it is T-4412.`, /"T-4412"/],
    ['gives no answer away', `${GOOD} It should be €47.80.`, /47.8/],
    ['does not speak of tools', `${GOOD} Use any tool you like.`, /"tool"/],
    ['does not speak of an API', `${GOOD} The API knows.`, /"API"/],
    ['does not speak of hints', `${GOOD} Here is a hint.`, /"hint"/],
  ])('%s', (_rule, query, reason) => {
    expect(reasonsOf(query)).toMatch(reason);
  });

  it.each([
    ['the first class reunion', `${GOOD} It is for my first class reunion, and then a holiday.`],
    ['a booking that is cancelled in other words', `${GOOD} I might cancel my booking later.`],
    ['a small number that some result has too', `${GOOD} We have been there 4 times.`],
  ])('may speak of %s', (_what, query) => {
    expect(reasonsOf(query)).toBe('');
  });

  it('has a reader decide which of two cities is which, since swapped ones would stand there just as well', () => {
    const from = 'from (Station code), in: Lists trains between two stations on a day.';
    expect(check(GOOD).claims.filter((claim) => claim.id.startsWith('role:'))).toEqual([
      { id: 'role:c1/city', kind: 'value', argument: from, value: 'Halmstead', meaning: 'the city the user lives in', choices: ['Halmstead', 'Port Ervine'] },
      { id: 'role:c2/city', kind: 'value', argument: from.replace('from', 'to'), value: 'Port Ervine', meaning: 'the city the user visits', choices: ['Port Ervine', 'Halmstead'] },
    ]);
  });

  it('may leave the year out when today fixes it', () => {
    expect(reasonsOf(GOOD.replace('3 May 2031', '3 May'), { today: '2031-04-20' })).toBe('');
    expect(reasonsOf(GOOD.replace('3 May 2031', '3 May'), { today: '2031-05-20' })).toMatch(/2031-05-03/);
  });

  it('hands a listed city in other words to the judge, but not another free text', () => {
    expect(check(GOOD.replace('Halmstead', 'my home town')).claims.map((claim) => claim.id)).toContain('c1/city');
    expect(reasonsOf('Please cancel it, my sister fell ill. What is the refund?', { turn: 1 })).toMatch(/"my sister is ill" \(reason\)/);
  });

  it('asks for every output, or the judge decides whether it does', () => {
    const claims = check(GOOD.replace(' What is the total price?', '')).claims;
    expect(claims.find((claim) => claim.kind === 'ask')).toMatchObject({ id: 'ask:c4/total', argument: 'total price (in euros)' });
  });

  it('lets steps and tool names in plain words stand in the easy mode, but never a hidden value', () => {
    const easy = 'First get the station code of Halmstead and of Port Ervine, then find trains on 3 May 2031 and take the 9:40 for two with insurance. What is the total price?';
    expect(reasonsOf(easy, { mode: 'easy' })).toBe('');
    expect(reasonsOf(`${easy} (T-4412)`, { mode: 'easy' })).toMatch(/T-4412/);
    expect(reasonsOf(`${easy} Use find_trains.`, { mode: 'easy' })).toMatch(/find_trains/);
  });
});

describe('a query of a later turn', () => {
  const later = { turn: 1, earlierQueries: [GOOD], earlierAnswers: ['Booked under QX81LM for 47.80 euros.'] };

  it('may refer back, and may use what the conversation shows', () => {
    expect(reasonsOf('Sorry, my sister is ill. Please cancel the booking QX81LM, what refund do I get?', later)).toBe('');
    expect(reasonsOf('Sorry, my sister is ill. Please cancel the booking QX81LM, what refund do I get?', { turn: 1 })).toMatch(/QX81LM/);
  });

  it('has a fact that an earlier query stated', () => {
    expect(reasonsOf('Cancel that trip again please. What refund do I get?', { ...later, earlierQueries: [`${GOOD} If my sister is ill I will not go.`] })).toBe('');
  });

  // Turn 2 books two bags; turn 1 said "two seats".
  const withBags = (name: 'seats' | 'bags'): TraceSpec => ({
    ...spec,
    calls: spec.calls.map((call) => (call.id === 'c5'
      ? { ...call, tool: 'book_train', args: { train_id: 'T-4412', [name]: 2 }, sources: [{ kind: 'output', pointer: '/train_id', call: 'c3', path: '/trains/1/id' }, { kind: 'sample', pointer: `/${name}` }] }
      : call)),
  });

  it('takes a small number from an earlier query only for the same parameter', () => {
    expect(reasonsOf('The same again, what refund do I get?', { ...later, spec: withBags('seats') })).toBe('');
    expect(reasonsOf('Bags too, what refund do I get?', { ...later, spec: withBags('bags') })).toMatch(/does not say 2 \(bags\)/);
  });

  it('takes a pick from an answer only when that names one element of the list', () => {
    const again: TraceSpec = {
      ...spec,
      calls: spec.calls.map((call) => (call.id === 'c5'
        ? { ...call, tool: 'book_train', args: { train_id: 'T-4410' }, sources: [{ kind: 'output', pointer: '/train_id', call: 'c3', path: '/trains/0/id', pick: { path: '/trains/0/departs', value: '07:15' } }] }
        : call)),
    };
    const ask = 'Book that one as well, what refund do I get?';
    expect(reasonsOf(ask, { ...later, spec: again, earlierAnswers: ['There is one at 07:15.'] })).toBe('');
    expect(reasonsOf(ask, { ...later, spec: again, earlierAnswers: ['There is one at 07:15 and one at 09:40.'] })).toMatch(/"07:15"/);
  });
});

describe('numbers of equal value', () => {
  const both: TraceSpec = {
    ...spec,
    calls: spec.calls.map((call) => (call.id === 'c4' ? { ...call, args: { ...call.args, bags: 2 }, sources: [...call.sources, { kind: 'sample', pointer: '/bags' }] } : call)),
  };

  it('are said once for each parameter', () => {
    expect(reasonsOf(GOOD, { spec: both })).toMatch(/seats and bags are both 2/);
    expect(reasonsOf(GOOD.replace('with insurance', 'with two bags and insurance'), { spec: both })).toBe('');
  });
});

describe('case', () => {
  const one: QueryCheck['facts'] = facts.filter((fact) => fact.name !== 'away' || fact.entity === undefined);
  const lower = GOOD.replace('Halmstead', 'halmstead');

  it('may differ for a free string only where the caller says so', () => {
    expect(reasonsOf(lower, { facts: [...one, { name: 'away', value: 'Port Ervine', about: 'the other city' }] })).toMatch(/"Halmstead"/);
    expect(reasonsOf(lower, { facts: [...one, { name: 'away', value: 'Port Ervine', about: 'the other city' }], caseInsensitive: ['c1/city'] })).toBe('');
  });
});

describe('an output inside a list', () => {
  const label = 'price (in euros) of the one whose departs is 07:15';
  const inList: TraceSpec = { ...spec, turns: [{ ...(spec.turns[0] as TraceSpec['turns'][number]), asks: [{ call: 'c3', path: '/trains/0/price', value: 18.4, label }] }, ...spec.turns.slice(1)] };

  it('is asked for together with the element it belongs to', () => {
    expect(reasonsOf(GOOD, { spec: inList })).toMatch(/which one is meant by: price/);
    expect(check(`${GOOD} And what is the price of the one at quarter past seven?`, { spec: inList })).toMatchObject({ reasons: [], claims: [{ id: 'c4/insurance' }, { id: 'role:c1/city' }, { id: 'role:c2/city' }] });
  });
});

describe('the paraphrase judge', () => {
  const claims = check(GOOD.replace(' What is the total price?', '')).claims.filter((claim) => !claim.id.startsWith('role:'));

  it('sees one claim per line with its alternatives', () => {
    const blocks = judgeBlocks({ query: GOOD, claims, earlier: [] });
    expect(blocks.claims?.split('\n').map((line) => JSON.parse(line) as Json)).toEqual([
      { id: 'c4/insurance', claim: 'insurance is true', meaning: 'Add cancellation insurance', instead_of: [false] },
      { id: 'ask:c4/total', claim: 'the user wants to be told: total price (in euros)' },
    ]);
  });

  it('must give one verdict per claim; what it turns down or leaves out is a reason', () => {
    const verdicts = [{ id: 'c4/insurance', conveyed: true }, { id: 'ask:c4/total', conveyed: false }];
    expect(parseJudgement(replyOf({ verdicts }), claims)).toMatchObject({ ok: true, value: { verdicts } });
    expect(parseJudgement(replyOf({ verdicts: verdicts.slice(1) }), claims)).toMatchObject({ ok: false });
    expect(parseJudgement(replyOf({ verdicts: [...verdicts, { id: 'c9/x', conveyed: true }] }), claims)).toMatchObject({ ok: false });
    expect(judgedReasons(claims, { verdicts })).toEqual(['the message does not ask for: total price (in euros)']);
    expect(judgedReasons(claims, { verdicts: [] })).toHaveLength(2);
  });
});

describe('a reply of the Query Generator', () => {
  it('holds a query, or is malformed', () => {
    expect(parseQuery(replyOf({ query: ' Hello ' }))).toMatchObject({ ok: true, value: { query: 'Hello' } });
    expect(parseQuery(replyOf({ message: 'Hello' }))).toMatchObject({ ok: false });
    expect(parseQuery(replyOf('Hello'))).toMatchObject({ ok: false });
  });
});

it('tools of the scene are all shown', () => {
  expect(spec.tools).toEqual(tools.map((tool) => tool.name));
});
