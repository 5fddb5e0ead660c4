import fc from 'fast-check';
import type { Json } from '../../../src/core/json';
import { readMentions, states } from '../../../src/core/refine/values';

test.each<[Json, string]>([
  [12.5, 'It costs 12.5.'], [12.5, 'It costs 12.50 in all'], [12.5, '€12.50'], [12.5, 'EUR 12,50'], [1200, '1,200 people'], [1200, '1 200 km'], [1200.5, '1.200,50'],
  [2, 'two seats'], [-3, 'it is -3 degrees'], [0.15, 'a discount of 15 %'], [90, 'takes 90min'], [2, 'a 2-hour trip'], [33.333333, 'about 33.33'], [2000000, '2 million'], [75, 'it takes 1 hour and 15 minutes'], [75, '1h 15min'], [2, '2 hours'],
  ['K7-Q2X', 'train k7-q2x'], ['FIRST_CLASS', 'in first class'], ['on_time', 'It is on time.'], ['Arden', 'from **arden** today'],
  ['2026-05-03', 'on 2026-05-03'], ['2026-05-03', 'on 3 May 2026'], ['2026-05-03', 'on May 3rd'], ['2026-05-03', 'the 3rd of May'], ['2026-05-03', '03/05/2026'], ['2026-05-03', 'Sunday, May 3, 2026'],
  ['09:40', 'at 9:40'], ['21:40', 'at 9:40 pm'], ['21:00', 'at 9pm'], ['12:00', 'at noon'], ['2026-05-03T09:40:00Z', '3 May at 9:40 am'],
  [true, 'Yes, it is.'], [true, 'true'], [false, 'No, sorry.'], [null, 'There is none.'], [['a1', 'b2'], 'We have a1 and b2.'],
])('%j is stated by “%s”', (value, text) => {
  expect(states(text, value)).toBe(true);
});

test.each<[Json, string]>([
  [12.5, 'It costs 112.5'], [12.5, '12.55'], [25, 'BK-25'], [3, 'on 2026-05-03'], [1.2, '1,200'], [1, '1. Train K7'], [12.3456, '12.35'],
  ['K7', 'K77'], ['K7', 'K7-Q2X'], ['Q2X', 'K7-Q2X'], ['A', 'a train'], ['2026-05-03', 'on 4 May 2026'], ['2026-05-03', '3 May 2027'], ['21:40', 'at 9:40 am'], ['09:40', 'at 10:40'],
  [true, 'No, it is not.'], [false, 'Yes.'], [['a1', 'b2'], 'We have a1.'], ['Arden', 'Ardennes'],
])('%j is not stated by “%s”', (value, text) => {
  expect(states(text, value)).toBe(false);
});

test('a sentence about the thing states a Boolean without yes or no', () => {
  expect(states('Your ticket is refundable. There is no fee.', true, 'refundable')).toBe(true);
  expect(states('Your ticket is not refundable.', false, 'refundable')).toBe(true);
  expect(states('The fare is non-refundable.', false, 'refundable')).toBe(true);
  expect(states('The train has no Wi-Fi but step-free access.', false, 'wifi')).toBe(true);
  expect(states('The train has no Wi-Fi but step-free access.', true, 'step_free_access')).toBe(true);
  expect(states('Step-free access is not available.', true, 'step_free_access')).toBe(false);
  expect(states('Your ticket is not refundable.', true, 'refundable')).toBe(false);
  expect(states('Your ticket is refundable.', false, 'refundable')).toBe(false);
});

test('a text mentions its numbers, dates, times and identifiers once each', () => {
  const read = readMentions('1. Train K7-Q2X leaves on 3 May at 9:40, 2 seats at €12.50, receipt BK-1029');
  expect(read.ids).toEqual(['K7-Q2X', 'BK-1029']);
  expect(read.dates.map((date) => date.text)).toEqual(['3 May']);
  expect(read.times.map((time) => time.minutes)).toEqual([580]);
  expect(read.numbers.map((number) => number.readings)).toEqual([[2], [12.5]]);
});

test('every value is stated by a sentence that writes it out, and every number by its usual formats', () => {
  const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{1,8}(?:[-_ ][A-Za-z0-9]{1,6}){0,2}$/);
  fc.assert(fc.property(word, (value) => states(`It is "${value}".`, value)), { numRuns: 300 });
  fc.assert(fc.property(fc.integer({ min: 0, max: 9_999_999 }), (cents) => {
    const value = cents / 100;
    const grouped = value.toLocaleString('en-US', { minimumFractionDigits: 2 });
    return [String(value), value.toFixed(2), `€${grouped}`, `${value.toFixed(2)} EUR`].every((text) => states(`It costs ${text}, all in.`, value));
  }), { numRuns: 300 });
  fc.assert(fc.property(fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }), (date) => {
    const value = date.toISOString();
    const said = date.toLocaleString('en-US', { timeZone: 'UTC', dateStyle: 'long', timeStyle: 'short' });
    return states(`It starts ${said}.`, value) && states(`It starts on ${value.slice(0, 10)} at ${value.slice(11, 16)}.`, value);
  }), { numRuns: 300 });
});
