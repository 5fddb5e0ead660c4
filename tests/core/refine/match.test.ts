import type { MatchInput, MatchMode, StepMatch } from '../../../src/core/refine/match';
import { matchFinal, matchResponse, sameCall } from '../../../src/core/refine/match';
import type { Call } from '../../../src/core/tool';
import { callOf, calls, gold, spec, tools, turn } from './journey';

function match(sent: Call[], more: Partial<MatchInput> = {}): StepMatch {
  return matchResponse({ spec, turn: 0, answered: [], calls: sent, tools, mode: 'partial-order', ...more });
}

const errorsOf = (found: StepMatch): string[] => (found.right ? [] : found.errors.map((error) => `${error.type} at ${error.location}`));

describe('a right response', () => {
  test('is one remaining gold call', () => {
    expect(match([callOf('c1')])).toEqual({ right: true, ids: ['c1'] });
  });
  test('may hold several calls in any order when none needs another', () => {
    expect(match([callOf('c2'), callOf('c1')])).toEqual({ right: true, ids: ['c2', 'c1'] });
  });
  test('may use what an earlier response has answered', () => {
    expect(match([callOf('c3')], { answered: ['c1', 'c2'] })).toEqual({ right: true, ids: ['c3'] });
  });
  test('counts the calls of earlier turns as answered', () => {
    expect(match([callOf('c5'), callOf('c6')], { turn: 1 })).toEqual({ right: true, ids: ['c5', 'c6'] });
  });
  test('may spell out a default and leave one out', () => {
    expect(match([callOf('c3', { sort: 'departure' })], { answered: ['c1', 'c2'] }).right).toBe(true);
    const plain = gold('x', 'book', { train: 'K7-Q2X', seats: 2, insurance: false }, {});
    expect(sameCall({ tool: 'book', args: { train: 'K7-Q2X', seats: 2 } }, plain, tools)).toBe(true);
  });
  test('may write 2 as 2.0 and its arguments in any key order', () => {
    const args = JSON.parse('{"insurance": true, "seats": 2.0, "train": "K7-Q2X"}') as Call['args'];
    expect(match([{ tool: 'book', args }], { answered: ['c1', 'c2', 'c3'] }).right).toBe(true);
  });
});

describe('a wrong response', () => {
  test('holds no call at all', () => {
    expect(errorsOf(match([]))).toEqual(['missing_call at the response']);
  });
  test('holds one wrong call among right ones: none of it counts', () => {
    expect(errorsOf(match([callOf('c1'), { tool: 'list_fares', args: {} }]))).toEqual(['wrong_tool at call 2 (list_fares)']);
  });
  test('uses an output of its own response, even with the right value', () => {
    expect(errorsOf(match([callOf('c1'), callOf('c2'), callOf('c3')]))).toEqual(['missing_dependency at call 3 (search_trains)']);
  });
  test('makes up a value that a look-up has to give', () => {
    expect(errorsOf(match([callOf('c3', { from: 'Arden' })], { answered: ['c2'] }))).toEqual(['missing_dependency at call 1 (search_trains), argument /from']);
  });
  test('writes two calls in an order that changes the outcome', () => {
    expect(errorsOf(match([callOf('c6'), callOf('c5')], { turn: 1 }))).toEqual(['wrong_order at call 1 (send_ticket)']);
  });
  test('skips a call that has to come first', () => {
    expect(errorsOf(match([callOf('c6')], { turn: 1 }))).toEqual(['missing_dependency at call 1 (send_ticket)']);
  });
  test('gives a number as text or a Boolean as text', () => {
    const answered = ['c1', 'c2', 'c3'];
    expect(errorsOf(match([callOf('c4', { seats: '2' })], { answered }))).toEqual(['type_mismatch at call 1 (book), argument /seats']);
    expect(errorsOf(match([callOf('c4', { insurance: 'true' })], { answered }))).toEqual(['type_mismatch at call 1 (book), argument /insurance']);
  });
  test('gives another value, leaves one out, or adds one', () => {
    const answered = ['c1', 'c2', 'c3'];
    expect(errorsOf(match([callOf('c4', { seats: 3 })], { answered }))).toEqual(['incorrect_parameter at call 1 (book), argument /seats']);
    expect(errorsOf(match([{ tool: 'book', args: { train: 'K7-Q2X', insurance: true } }], { answered }))).toEqual(['incorrect_parameter at call 1 (book), argument /seats']);
    expect(errorsOf(match([callOf('c4', { coach: [] })], { answered }))).toEqual(['incorrect_parameter at call 1 (book), argument /coach']);
  });
  test('repeats an answered call, or one of its own', () => {
    expect(errorsOf(match([callOf('c1')], { answered: ['c1'] }))).toEqual(['wrong_tool at call 1 (find_station)']);
    expect(errorsOf(match([callOf('c1'), callOf('c1')]))).toEqual(['wrong_tool at call 2 (find_station)']);
  });
  test('calls a tool that does not exist', () => {
    expect(errorsOf(match([{ tool: 'teleport', args: {} }]))).toEqual(['wrong_tool at call 1 (teleport)']);
  });
  test('calls a tool when only the final answer is left', () => {
    expect(errorsOf(match([callOf('c1')], { answered: ['c1', 'c2', 'c3', 'c4'] }))).toEqual(['wrong_tool at call 1 (find_station)']);
  });
  test('has an error whose place names only what the attempt wrote', () => {
    const found = match([callOf('c3', { from: 'Arden', to: 'Belmo' })]);
    expect(found.right ? '' : found.errors.map((error) => error.location).join()).not.toMatch(/ST-|find_station|c1/);
  });
});

describe('identical gold calls are interchangeable', () => {
  // Contact is set, a ticket sent, contact set again: the second c7 = c5 must come after c6.
  const twice = { ...spec, calls: [...calls, gold('c7', 'set_contact', { email: 'ann@example.org' }, { ok: true })], turns: [turn([]), turn(['c5', 'c6', 'c7'])], order: { data: [], order: [['c5', 'c6'], ['c6', 'c7']] as [string, string][] } };
  test('the first one due is taken', () => {
    expect(match([callOf('c5')], { spec: twice, turn: 1 })).toEqual({ right: true, ids: ['c5'] });
    expect(match([callOf('c5'), callOf('c6'), callOf('c5')], { spec: twice, turn: 1 })).toEqual({ right: true, ids: ['c5', 'c6', 'c7'] });
  });
  test('both at once are wrong where the order between them matters', () => {
    expect(errorsOf(match([callOf('c5'), callOf('c5')], { spec: twice, turn: 1 }))).toHaveLength(1);
  });
  test('the one that lets the rest of the list through is found', () => {
    const free = { ...twice, order: { data: [], order: [['c7', 'c6']] as [string, string][] } };
    expect(match([callOf('c5'), callOf('c6'), callOf('c5')], { spec: free, turn: 1 })).toEqual({ right: true, ids: ['c7', 'c6', 'c5'] });
  });
});

describe('a final answer', () => {
  test('is right when no gold call of the turn remains', () => {
    expect(matchFinal({ spec, turn: 0, answered: ['c1', 'c2', 'c3', 'c4'] })).toEqual({ right: true, ids: [] });
  });
  test('is a missing call before that', () => {
    expect(errorsOf(matchFinal({ spec, turn: 0, answered: ['c1', 'c2', 'c3'] }))).toEqual(['missing_call at the response']);
  });
});

describe('sequence mode takes the gold calls in sampled order', () => {
  const mode: MatchMode = 'sequence';
  test('one by one or the next ones at once', () => {
    expect(match([callOf('c1')], { mode })).toEqual({ right: true, ids: ['c1'] });
    expect(match([callOf('c1'), callOf('c2')], { mode })).toEqual({ right: true, ids: ['c1', 'c2'] });
  });
  test('never another way round, which the partial order allows', () => {
    expect(errorsOf(match([callOf('c2')], { mode }))).toEqual(['wrong_order at call 1 (find_station)']);
    expect(match([callOf('c2')]).right).toBe(true);
  });
  test('never with an output of the same response', () => {
    expect(match([callOf('c2'), callOf('c3')], { mode, answered: ['c1'] }).right).toBe(false);
  });
});
