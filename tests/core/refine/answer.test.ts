import { checkAnswer } from '../../../src/core/refine/answer';
import type { Ask } from '../../../src/core/trace';

const ask = (label: string, value: Ask['value']): Ask => ({ call: 'c3', path: '/x', value, label });
const visible = [
  'Two tickets from Arden to Belmo on 3 May please, I have 50 euros.',
  '{"from":"ST-03","to":"ST-17","date":"2026-05-03"}',
  '{"trains":[{"train":"K7-Q2X","departs":"09:40","arrives":"11:10","price":12.5,"fee":1.2},{"train":"B2-ZZ1","departs":"10:40","arrives":"12:30","price":18,"fee":2}]}',
  '{"commit":"9fceb02d0ae598e95dc970b74767f19372d61af8"}',
];
const check = (text: string, asks: Ask[] = []): string[] => checkAnswer({ text, asks, visible });

describe('every asked value is in the answer', () => {
  const asks = [ask('price (in euros)', 12.5), ask('departure', '09:40'), ask('train', 'K7-Q2X')];
  test('in any usual form', () => {
    expect(check('Train K7-Q2X leaves at 9:40 am and costs €12.50.', asks)).toEqual([]);
  });
  test('“Done.” verifies nothing', () => {
    expect(check('Done.', asks)).toHaveLength(3);
  });
  test('and one that is missing is named by its label, not by its value', () => {
    const reasons = check('Train K7-Q2X leaves at 9:40.', asks);
    expect(reasons).toEqual(['The final answer does not state what was asked for: price (in euros).']);
  });
  test('“Done.” is enough when nothing was asked for', () => {
    expect(check('Done.')).toEqual([]);
  });
});

describe('numbers, dates, times and identifiers come from the conversation', () => {
  test.each([
    ['a value that occurs', 'It costs 18.00 euros on May 3rd.'],
    ['a count', 'There are 2 trains.'],
    ['a sum of one field', 'Both together cost 30.50.'],
    ['a sum of equal terms', 'Two seats cost €25.'],
    ['a sum inside one object', 'With the fee it is 13.70.'],
    ['a difference', 'The second one is 5.50 dearer.'],
    ['a difference from what the user said', 'That leaves you 37.50 euros.'],
    ['an extreme', 'The cheapest is 12.50.'],
    ['the time between two times', 'It takes 1 hour and 30 minutes.'],
    ['a shortened commit hash', 'Committed as 9fceb02.'],
    ['list markers', '1. K7-Q2X\n2. B2-ZZ1\n3) that is all'],
    ['an identifier in another case', 'Train k7-q2x.'],
  ])('%s may be stated', (_what, text) => {
    expect(check(text)).toEqual([]);
  });
  test.each([
    ['a number', 'It costs 47.30.', '47.30'],
    ['an identifier', 'Your booking is BK-1029.', 'BK-1029'],
    ['a date', 'It leaves on 9 May.', '9 May'],
    ['a time', 'It leaves at 9:55.', '9:55'],
    ['an address', 'Write to help@rail.example.', 'help@rail.example'],
  ])('%s that nothing shows may not', (_what, text, value) => {
    expect(check(text)).toEqual([`The final answer states \`${value}\`, which the conversation does not show.`]);
  });
});
