import { derive, type Derivation, type StatedValue } from '../../../src/core/evolve/derivable';
import type { Json, JsonSchema } from '../../../src/core/json';
import corpus from './natural-queries.json';

interface CorpusArg {
  pointer: string;
  value: Json;
  kind: StatedValue['kind'];
  schema: JsonSchema;
  listed?: Json[];
}
interface CorpusQuery {
  id: string;
  query: string;
  earlier?: string[];
  today?: string;
  args: CorpusArg[];
  note: string;
}

const nameOf = (pointer: string): string => pointer.split('/').filter((token) => !/^\d+$/.test(token)).at(-1) as string;

function deriveArg(entry: CorpusQuery, arg: CorpusArg): Derivation {
  const beside = entry.args.filter((other) => other !== arg && nameOf(other.pointer) === nameOf(arg.pointer)).map((other) => other.value);
  return derive({ name: nameOf(arg.pointer), kind: arg.kind, value: arg.value, schema: arg.schema, listed: arg.listed, beside }, [entry.query, ...(entry.earlier ?? [])], entry.today);
}

const mayBeParaphrased = (arg: CorpusArg): boolean => typeof arg.value === 'boolean' || Array.isArray(arg.schema.enum) || arg.listed !== undefined;

describe('fifty natural queries', () => {
  const failures = (corpus.derivable as unknown as CorpusQuery[]).flatMap((entry) =>
    entry.args.filter((arg) => {
      const derivation = deriveArg(entry, arg);
      return derivation.kind === 'absent' || (derivation.kind === 'claim' && !mayBeParaphrased(arg));
    }).map((arg) => `${entry.id} ${arg.pointer} (${entry.note})`));

  it('are derivable, or go to the judge only where a paraphrase is allowed, at least 48 times of 50', () => {
    expect(failures).toEqual([]);
  });

  it('go to the judge only where the corpus expects it', () => {
    const judged = (corpus.derivable as unknown as (CorpusQuery & { expect: string })[])
      .filter((entry) => entry.expect === 'pass' && entry.args.some((arg) => deriveArg(entry, arg).kind === 'claim'))
      .map((entry) => entry.id);
    expect(judged).toEqual([]);
  });
});

describe('twelve queries that lack a value', () => {
  it.each(corpus.underivable as unknown as (CorpusQuery & { underivable: string; rejectedBy: string })[])('$id is not derivable: $note', (entry) => {
    const arg = entry.args.find((candidate) => candidate.pointer === entry.underivable) as CorpusArg;
    const expected = entry.rejectedBy === 'code' ? 'absent' : 'claim';
    expect(deriveArg(entry, arg).kind).toBe(expected);
  });
});

const says = (text: string, value: Json, schema: JsonSchema = {}, more: Partial<StatedValue> & { today?: string } = {}): Derivation['kind'] =>
  derive({ name: 'it', kind: 'fact', value, schema, ...more }, [text], more.today).kind;

describe('numbers', () => {
  it.each<[string, number]>([
    ['seventy-five', 75], ['two thousand five hundred', 2500], ['a hundred and five', 105], ['half a dozen rolls', 6], ['three dozen', 36], ['12 euros 50', 12.5], ["1'250.50", 1250.5],
    ['1 250 points', 1250], ['€12,50', 12.5], ['minus, well, -5 degrees', -5], ['on the third floor', 3], ['one hundred', 100], ['twelve fifty', 12.5], ['75% of it', 75],
  ])('%p says %p', (text, value) => expect(says(text, value)).toBe('stated'));

  it.each<[string, number]>([
    ['the 3rd of May', 3], ['at 14:05', 14], ['seat 14C', 14], ['hotfix-412', 412], ['v2.1', 2.1], ['the one I like', 1], ['a nice day', 1], ['first class', 1], ['twenty-five', 5], ['1,250', 250], ['0417', 17], ['one hundred', 1],
  ])('%p does not say %p', (text, value) => expect(says(text, value)).toBe('absent'));

  it('may be said in another unit than the one of the parameter', () => {
    const minutes = { description: 'Length in minutes' };
    expect(says('half an hour', 30, minutes)).toBe('stated');
    expect(says('1 hour and 20 minutes', 80, minutes)).toBe('stated');
    expect(says('for an hour', 30, minutes)).toBe('absent');
    expect(says('two hours', 2, minutes)).toBe('stated'); // literal: the number is there
    expect(says('$19.99', 1999, { description: 'Price in cents' })).toBe('stated');
  });
});

describe('days', () => {
  const today = '2031-05-14'; // a Wednesday
  it.each([
    ['on 2031-06-01', '2031-06-01'], ['June 1st', '2031-06-01'], ['1 jun', '2031-06-01'], ['the first of June', '2031-06-01'], ['13.6.2031', '2031-06-13'], ['on the 2nd', '2031-06-02'], ['on Friday', '2031-05-16'],
    ['last Monday', '2031-05-12'], ['I lost it on Monday', '2031-05-12'], ['ten days ago', '2031-05-04'], ['in two weeks', '2031-05-28'], ['May 14, 2032', '2032-05-14'], ["New Year's Eve", '2031-12-31'], ['29 February', '2032-02-29'],
  ])('%p is %s', (text, day) => expect(says(text, day, {}, { today })).toBe('stated'));

  it.each([
    ['03/06/2031', '2031-06-03'], ['next Friday', '2031-05-16'], ['next Friday', '2031-05-23'], ['at the weekend', '2031-05-17'], ['31 June', '2031-07-01'], ['you may 2 times', '2032-05-02'], ['Friday', '2031-05-23'],
  ])('%p is not surely %s', (text, day) => expect(says(text, day, {}, { today })).toBe('absent'));

  it('need their year when today is not known', () => {
    expect(says('3 May', '2031-05-03')).toBe('absent');
    expect(says('tomorrow', '2031-05-15')).toBe('absent');
    expect(says('3 May 2031', '2031-05-03')).toBe('stated');
  });
});

describe('times of day', () => {
  it.each([
    ['at 9:40', '09:40'], ['the 14h05', '14:05'], ['7.30 pm', '19:30'], ['at seven in the evening', '19:00'], ["eight o'clock in the morning", '08:00'], ['quarter past twelve in the afternoon', '12:15'], ['twenty to six', '05:40'],
    ['nine thirty', '09:30'], ['midnight', '00:00'], ['the evening train at half past nine', '21:30'], ['12:10 am', '00:10'],
  ])('%p is %s', (text, time) => expect(says(text, time)).toBe('stated'));

  it('mean twelve hours later only when the list has no earlier one', () => {
    expect(says('half past nine', '21:30')).toBe('absent');
    expect(says('half past nine', '21:30', {}, { kind: 'pick', listed: ['08:10', '21:30'] })).toBe('stated');
    expect(says('half past nine', '21:30', {}, { kind: 'pick', listed: ['09:30', '21:30'] })).toBe('absent');
    expect(says('at 09:30', '21:30', {}, { kind: 'pick', listed: ['08:10', '21:30'] })).toBe('absent');
  });

  it('tell the elements of one day apart without the day', () => {
    const listed = ['2031-05-03T08:10:00', '2031-05-03T09:40:00'];
    expect(says('the 9:40', listed[1] as string, {}, { kind: 'pick', listed })).toBe('stated');
    expect(says('the 9:40', listed[1] as string, {}, { kind: 'pick', listed: [...listed, '2031-05-04T09:40:00'] })).toBe('absent');
  });
});

describe('choices and names', () => {
  const schema = { enum: ['window', 'aisle'] };
  it('pass a choice by its own word; negated, beside another choice or in other words it goes to a reader', () => {
    expect(says('a window seat', 'window', schema)).toBe('stated');
    expect(says('not the window please', 'window', schema)).toBe('claim');
    expect(says('rather aisle than window', 'aisle', schema)).toBe('claim');
    expect(says('where I can look out', 'window', schema)).toBe('claim');
  });

  it('never paraphrase codes, digits or free text, not even listed ones', () => {
    expect(says('the login branch', 'feature/login-2', {}, { listed: ['feature/login-2', 'main'] })).toBe('absent');
    expect(says('the login branch', 'feature/login', {}, { listed: ['feature/login', 'main'] })).toBe('claim');
    expect(says('my PIN is 4170', '0417')).toBe('absent');
    expect(says('my number is 88412207 1', '8841220')).toBe('absent');
  });

  it('need no word for a schema default or null', () => {
    expect(says('hello', 'standard', {}, { kind: 'default' })).toBe('stated');
    expect(says('hello', null)).toBe('stated');
  });
});
