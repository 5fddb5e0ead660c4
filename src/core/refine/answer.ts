import type { Json } from '../json';
import { isObject, leavesOf, pointerTokens } from '../json';
import { tryJson } from '../chat/parse';
import type { Ask } from '../trace';
import type { StepError } from './match';
import type { DayDate, Mentions } from './values';
import { containsText, readMentions, sameDay, sameNumber, states } from './values';

/**
 * What is wrong with a final answer: asked values it does not state, and numbers, dates, times and identifiers that nothing
 * shows. `visible` is every text and JSON document of the conversation so far. Reasons name no value
 * that the answer does not hold itself, so the Reasoner may read them. Empty when the answer stands.
 */
export function checkAnswer(input: { text: string; asks: readonly Ask[]; visible: readonly string[] }): string[] {
  const missing = input.asks.filter((ask) => !states(input.text, ask.value, ask.label)).map((ask) => `The final answer does not state what was asked for: ${ask.label}.`);
  return [...missing, ...madeUp(input.text, input.visible)];
}

/** The reasons of `checkAnswer` as errors of the step, for the record and the Verifier. */
export function answerErrors(reasons: readonly string[]): StepError[] {
  return reasons.map((detail) => ({ type: 'incorrect_parameter', location: 'the final answer', detail }));
}

// --- made-up values -------------------------------------------------------------------------------------------------

interface Shown {
  text: string;
  numbers: number[];
  dates: DayDate[];
  times: number[];
  /** Largest count of anything in the conversation: its longest list, its number of documents. */
  most: number;
  derived: number[];
}

function madeUp(text: string, visible: readonly string[]): string[] {
  const said = readMentions(text);
  const shown = readShown(visible);
  const invented = [
    ...said.ids.filter((id) => !containsText(shown.text, id) && !isPrefixOfShown(shown.text, id)),
    ...said.dates.filter((date) => !date.readings.some((reading) => shown.dates.some((day) => sameDay(day, reading)))).map((date) => date.text),
    ...said.times.filter((time) => !shown.times.includes(time.minutes)).map((time) => time.text),
    ...said.numbers.filter((number) => !number.readings.some((reading) => isShown(shown, reading)) && !containsText(shown.text, number.text)).map((number) => number.text),
  ];
  return [...new Set(invented)].map((value) => `The final answer states \`${value}\`, which the conversation does not show.`);
}

/** A commit hash may be shortened to seven characters or more. */
const isPrefixOfShown = (text: string, id: string): boolean =>
  /^[\da-f]{7,40}$/i.test(id) && new RegExp(`(?<![\\da-f])${id}[\\da-f]*`, 'i').test(text);

function isShown(shown: Shown, value: number): boolean {
  if (Number.isInteger(value) && value >= 0 && value <= shown.most) return true;
  const close = (other: number): boolean => Math.abs(Math.abs(other) - Math.abs(value)) < 0.005;
  return shown.numbers.some((other) => sameNumber(Math.abs(other), Math.abs(value)) || isCut(other, value)) || shown.derived.some(close);
}

/** 33.333333 may be said as 33.33. */
const isCut = (shown: number, said: number): boolean =>
  String(shown).replace(/^\d*\.?/, '').length > 4 && sameNumber(Number(shown.toFixed(2)), said);

interface Field {
  /** Last property name on the way, so that prices are added to prices; `''` for prose. */
  name: string;
  value: number;
}

function readShown(visible: readonly string[]): Shown {
  const documents = visible.map((text): { text: string; json: Json | undefined } => ({ text, json: structured(text) }));
  const fields = documents.flatMap(({ text, json }) => (json === undefined ? proseFields(text) : jsonFields(json)));
  const mentions = documents.map(({ text, json }) => readMentions(json === undefined ? text : textLeaves(json)));
  const numbers = [...new Set(fields.map((field) => field.value))];
  return {
    text: documents.map(({ text, json }) => (json === undefined ? text : `${text}\n${textLeaves(json)}`)).join('\n'),
    numbers,
    dates: mentions.flatMap((found) => found.dates.flatMap((date) => date.readings)),
    times: mentions.flatMap((found) => found.times.map((time) => time.minutes)),
    most: Math.max(1, documents.filter(({ json }) => json !== undefined).length, ...documents.map(({ json }) => (json === undefined ? 0 : longestList(json)))),
    derived: [...derivedNumbers(fields), ...documents.flatMap(({ json }) => (json === undefined ? [] : [...siblingSums(json), ...durations(json)]))],
  };
}

function structured(text: string): Json | undefined {
  const json = tryJson(text);
  return isObject(json) || Array.isArray(json) ? json : undefined;
}

const textLeaves = (json: Json): string => leavesOf(json).map((leaf) => String(leaf.value)).join('\n');

const numbersIn = (mentions: Mentions): number[] => mentions.numbers.flatMap((number) => number.readings);

const proseFields = (text: string): Field[] => numbersIn(readMentions(text)).map((value) => ({ name: '', value }));

function jsonFields(json: Json): Field[] {
  return leavesOf(json).flatMap((leaf): Field[] => {
    const name = pointerTokens(leaf.pointer).filter((token) => !/^\d+$/.test(token)).at(-1) ?? '';
    if (typeof leaf.value === 'number') return [{ name, value: leaf.value }];
    return typeof leaf.value === 'string' ? numbersIn(readMentions(leaf.value)).map((value) => ({ name, value })) : [];
  });
}

/**
 * Sums and differences of numbers of one field, and of any number with one that stands in prose. A sum of equal
 * terms is a multiple: two seats at 12.50 are 25. Extremes are shown themselves; counts are `most`.
 */
function derivedNumbers(fields: readonly Field[]): number[] {
  const names = [...new Set(fields.map((field) => field.name))];
  const prose = distinct(fields.filter((field) => field.name === '').map((field) => field.value));
  const counts = distinct(fields.map((field) => field.value)).filter((value) => Number.isInteger(value) && value >= 2 && value <= 12);
  return names.flatMap((name) => {
    const values = fields.filter((field) => field.name === name).map((field) => field.value);
    const once = distinct(values);
    const total = values.reduce((sum, value) => sum + value, 0);
    const pairs = [...once, ...(name === '' ? [] : prose)].flatMap((a) => once.flatMap((b) => [a + b, a - b]));
    return [total, ...pairs, ...counts.flatMap((count) => once.map((value) => count * value))];
  });
}

const distinct = (values: readonly number[]): number[] => [...new Set(values)];

/** Sums and differences inside one object: price and fee. */
function siblingSums(json: Json): number[] {
  if (typeof json !== 'object' || json === null) return [];
  const members = Object.values(json) as Json[];
  const own = isObject(json) ? members.filter((value) => typeof value === 'number') : [];
  return [...own.flatMap((a) => own.flatMap((b) => [a + b, a - b])), ...own.slice(0, 1).map(() => own.reduce((sum, value) => sum + value, 0)), ...members.flatMap(siblingSums)];
}

/** Minutes between two times of one object (departs, arrives), whole and as hours and minutes. */
function durations(json: Json): number[] {
  if (Array.isArray(json)) return json.flatMap(durations);
  if (!isObject(json)) return [];
  const own = Object.values(json).flatMap((value) => (typeof value === 'string' && value.length < 40 ? readMentions(value).times.map((time) => time.minutes) : []));
  const apart = own.flatMap((a) => own.map((b) => (b - a + 1440) % 1440)).filter((minutes) => minutes > 0);
  return [...apart.flatMap((minutes) => [minutes, Math.floor(minutes / 60), minutes % 60, minutes / 60]), ...Object.values(json).flatMap(durations)];
}

function longestList(json: Json): number {
  if (Array.isArray(json)) return Math.max(json.length, ...json.map(longestList));
  return isObject(json) ? Math.max(0, ...Object.values(json).map(longestList)) : 0;
}
