import { isObject, type Json } from '../core/json';
import type { Rng } from '../core/random';

/** The words of a name, lower case: `travelClass`, `travel_class` → travel, class. */
export const wordsIn = (name: string): string[] =>
  name.replace(/([a-z\d])([A-Z])/g, '$1 $2').toLowerCase().split(/[^\p{L}\d]+/u).filter((word) => word !== '');

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

/** A value as it may be written in a message: days and clock times as people say them when `loose`, else letter by letter. */
export function sayValue(value: Json, loose: boolean): string {
  if (Array.isArray(value) || isObject(value)) return JSON.stringify(value);
  const text = String(value);
  const moment = loose ? /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?$/.exec(text) : null;
  if (!moment) return text;
  const day = `${Number(moment[3])} ${MONTHS[Number(moment[2]) - 1]} ${moment[1]}`;
  return moment[4] === undefined ? day : `${day} at ${moment[4]}`;
}

/** One line of the <values> block. */
export interface ValueLine {
  value: Json;
  parameter: string;
  meaning: string;
  used_for?: string;
  wording: string;
}

/** A clause that states one value; `plain` keeps to the parameter's words and the value as it is written. */
export function clauseFor(line: ValueLine, plain: boolean, rng: Rng): string {
  const words = wordsIn(line.parameter).filter((word, index) => index === 0 || !CODE_WORD.test(word)).join(' ');
  if (typeof line.value === 'boolean') return booleanClause(line, words, plain);
  const said = line.wording === 'free' ? choiceText(line.value) : sayValue(line.value, !plain && rng.float() < 0.7);
  if (typeof line.value === 'number') return `${words} ${said}`;
  if (/^which one/.test(line.meaning)) return `${rng.pick(['I mean', 'it is about', 'I am thinking of'])} the one whose ${words} is ${said}`;
  const direction = plain ? undefined : directionOf(line);
  if (direction) return `${direction} ${said}`;
  return (plain ? undefined : meantClause(line.meaning, said, rng)) ?? `the ${words} is ${said}`;
}

/** The value in the words of its meaning, where these are short: "the city I live in is Oslo", "as for how to pay, card". */
function meantClause(meaning: string, said: string, rng: Rng): string | undefined {
  const own = inFirstPerson(meaning.replace(/\s*\([^)]*\)/g, '').replace(/\.$/, '').trim());
  if (own === '' || own.split(' ').length > 14 || /[.:;`"]|\buser\b/.test(own)) return undefined;
  if (/^(?:how|why|where|what|which|when|whether) /i.test(own)) return `as for ${lowerFirst(own)}, ${said}`;
  if (/^(?:something|somebody|another|one more|a|an) /i.test(own)) return `there is ${said}, ${lowerFirst(own)}`;
  // A value that opens a sentence has to look like one that may.
  if (/^(?:the|my) /i.test(own)) return /^[A-Z\d]/.test(said) && rng.float() < 0.5 ? `${said} is ${lowerFirst(own)}` : `${lowerFirst(own)} is ${said}`;
  return `the ${lowerFirst(own)} should be ${said}`;
}

/** `the city the user lives in` → the city I live in. */
const inFirstPerson = (text: string): string => text
  .replace(/\bthe user's\b/gi, 'my')
  .replace(/\bthe user (?:is|was)\b/gi, (found) => (found.endsWith('was') ? 'I was' : 'I am'))
  .replace(/\bthe user (\w+?)(?:(?<=o|ch|sh|ss)es|s)\b/gi, (_whole, verb: string) => `I ${verb}`)
  .replace(/\bthe user\b/gi, 'I');

const lowerFirst = (text: string): string => (/^[A-Z]{2}/.test(text) ? text : (text[0] ?? '').toLowerCase() + text.slice(1));

const VERBS = new Set('add apply arrange ask assign book buy cancel change check choose claim clean close commit confirm convert copy create delete export file find get give hold invite join list look lower make mark merge move open order pay post put quote raise rate redeem refund remove rename renew replace report request reserve reset return review run save schedule search select send set share show sign start stop submit subscribe switch tag take transfer undo update upgrade upload use verify view withdraw write'.split(' '));
const LOOK_UPS = new Set(['find', 'get', 'list', 'look', 'search', 'show', 'view', 'check', 'sign']);
const PARTICLES = new Set(['in', 'out', 'up', 'off', 'on']);

/** What the user wants to do, from the tools' names but in no tool's words: `cancel a booking and choose a seat`. */
export function goalOf(tools: readonly string[]): string {
  const goals = tools.map((tool) => withoutPrefix(wordsIn(tool))).map((words) => ({ words, goal: goalOfOne(words) }));
  const telling = goals.filter(({ words }) => VERBS.has(words[0] ?? '') && !LOOK_UPS.has(words[0] ?? '')).map(({ goal }) => goal);
  const chosen = telling.length > 0 ? telling : goals.slice(-1).map(({ goal }) => goal);
  return listed([...new Set(chosen)].slice(-3)) || 'get something done';
}

/** `git_set_working_dir` → set working dir. */
const withoutPrefix = (words: readonly string[]): readonly string[] => (!VERBS.has(words[0] ?? '') && VERBS.has(words[1] ?? '') ? words.slice(1) : words);

function goalOfOne(words: readonly string[]): string {
  const [verb = '', ...rest] = words;
  if (rest.length === 0) return VERBS.has(verb) ? `${verb} something` : `hear about the ${verb}`;
  if (!VERBS.has(verb)) return `hear about the ${rest.at(-1)}`;
  if (rest.length === 1 && PARTICLES.has(rest[0] as string)) return `be able to ${verb} myself ${rest[0]}`;
  const plural = /[^s]s$/.test(rest.at(-1) as string);
  return `${verb} ${plural ? 'some' : /^[aeiou]/.test(rest[0] as string) ? 'an' : 'a'} ${rest.join(' ')}`;
}

export const listed = (items: readonly string[]): string =>
  (items.length <= 1 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`);

// Nobody speaks of a "city 2" or of a "station id".
const CODE_WORD = /^(?:id|code|key|ref|\d+)$/;

/** Where a value ends up, when that is a place to start from or to go to: `from (Station code), in: …` → from. */
function directionOf(line: ValueLine): string | undefined {
  const heads = [line.used_for ?? '', line.parameter].map((text) => wordsIn(text.split(/[(,;]/)[0] ?? ''));
  return heads.map((words) => words.find((word) => /^(?:from|to)$/.test(word)) ?? ORIGIN[words[0] ?? '']).find((word) => word !== undefined);
}

const ORIGIN: { [word: string]: string } = { origin: 'from', departure: 'from', source: 'from', destination: 'to', arrival: 'to' };

/** `price_asc` → price asc; a letter or two stay as they are. */
const choiceText = (value: Json): string => (typeof value === 'string' && value.length > 2 && /^[\w-]+$/.test(value) && !/\d/.test(value) ? value.replace(/[_-]+/g, ' ') : String(value));

function booleanClause(line: ValueLine, words: string, plain: boolean): string {
  const about = plain ? `${words}, ${line.meaning.replace(/\.$/, '')}` : words;
  return line.value === true ? `yes please to ${about}` : `no need of ${about}`;
}
