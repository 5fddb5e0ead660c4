import type { Json } from '../json';

/**
 * How people write values: which numbers, dates, times and identifiers a text mentions, and whether it states a given
 * value in any usual form. Shared by the answer check, the feedback check and the leak lint.
 */
export interface Mentions {
  /** Each number as written, with its readings: `15 %` is 15 and 0.15, `2 million` is 2 and 2000000. */
  numbers: { text: string; readings: number[] }[];
  /** Each date with its readings: 03/05/2026 is 3 May and 5 March. */
  dates: { text: string; readings: DayDate[] }[];
  /** Times of day in minutes after midnight. */
  times: { text: string; minutes: number }[];
  /** Words that mix letters and digits, addresses: names of things that nobody makes up in prose. */
  ids: string[];
}

export interface DayDate {
  day: number;
  month: number;
  /** Absent when the text leaves it out. */
  year?: number;
}

/** Reads a text; list markers at the start of a line (`1.`, `2)`) are not numbers. */
export function readMentions(text: string): Mentions {
  const mentions: Mentions = { numbers: [], dates: [], times: [], ids: [] };
  let rest = plain(text).replace(/^[ \t]*(?:\d{1,3}[.)]|[-•])[ \t]+/gm, ' ');
  const take = (pattern: RegExp, read: (match: RegExpMatchArray) => boolean): void => {
    rest = rest.replace(pattern, (...match) => (read(match as unknown as RegExpMatchArray) ? ' ' : (match[0] as string)));
  };
  take(ADDRESS, (match) => mentions.ids.push(match[0].replace(/[.,;:!?]+$/, '')) > 0);
  take(ISO_DATE, (match) => addDates(mentions, match[0], [{ year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) }], match[4] === undefined ? undefined : Number(match[4]) * 60 + Number(match[5])));
  take(DAY_MONTH, (match) => addDates(mentions, match[0], [dateOf(match[1], match[2], match[3])]));
  take(MONTH_DAY, (match) => addDates(mentions, match[0], [dateOf(match[2], match[1], match[3])]));
  take(NUMERIC_DATE, (match) => addDates(mentions, match[0], numericDates(match)));
  take(CLOCK, (match) => addTime(mentions, match[0], Number(match[1]), Number(match[2]), match[3]));
  take(HOUR_ONLY, (match) => addTime(mentions, match[0], Number(match[1]), 0, match[2]));
  take(NAMED_TIME, (match) => mentions.times.push({ text: match[0], minutes: match[0].toLowerCase() === 'noon' ? 720 : 0 }) > 0);
  take(DURATION, (match) => addDuration(mentions, match));
  take(WORD, (match) => addId(mentions, match[0]));
  take(NUMBER, (match) => addNumber(mentions, match));
  return mentions;
}

/**
 * Whether the text states the value, in any usual form: 12.5 as 12.50 or €12.50, 1200 as 1,200, an ISO date as 3 May, 21:40 as
 * 9:40 pm, FIRST_CLASS as first class, a text in any case. `about` (its name or label) lets a sentence state a Boolean: "it is refundable".
 */
export function states(text: string, value: Json, about = ''): boolean {
  if (Array.isArray(value)) return value.every((item) => states(text, item, about));
  if (value === null) return NOTHING.test(text);
  if (typeof value === 'object') return Object.entries(value).every(([name, item]) => states(text, item, name));
  if (typeof value === 'boolean') return statesBoolean(plain(text), value, about);
  if (typeof value === 'number') return statesNumber(text, value);
  return statesText(text, value);
}

/** Whether the words stand in the text: any case, any spacing, whole words. A single letter must have its own case. */
export function containsText(text: string, words: string): boolean {
  const needle = squeeze(plain(words));
  if (needle === '') return true;
  const hay = squeeze(plain(text));
  if (needle.length === 1) return wholeWord(hay, needle);
  return wholeWord(hay.toLowerCase(), needle.toLowerCase());
}

/** Equal but for rounding noise. */
export const sameNumber = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b));

export const sameDay = (a: DayDate, b: DayDate): boolean =>
  a.day === b.day && a.month === b.month && (a.year === undefined || b.year === undefined || a.year === b.year);

/** The words of a name or label, lower case: `isRefundable`, `is_refundable` → is, refundable. */
export function wordsOf(name: string): string[] {
  return name.replace(/([a-z\d])([A-Z])/g, '$1 $2').toLowerCase().split(/[^\p{L}\d]+/u).filter((word) => word !== '');
}

/** Sentences and lines of a text; a point inside a number or a name does not end one. */
export const sentencesOf = (text: string): string[] => text.split(/(?<=[.!?;])\s+|\n+/).filter((sentence) => sentence.trim() !== '');

// --- forms ----------------------------------------------------------------------------------------------------------

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH = '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)';
const YEAR = '((?:19|20|21)\\d\\d)';
const ADDRESS = /\b[a-z][a-z+.-]*:\/\/[^\s)>\]"'`]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gi;
const ISO_DATE = /(?<![\p{L}\d-])(\d{4})-(\d{2})-(\d{2})(?:(?:T|[ ](?=\d\d:))(\d{2}):(\d{2})(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?(?![\p{L}\d-])/gu;
const DAY_MONTH = new RegExp(`(?<![\\d:.])(\\d{1,2})(?:st|nd|rd|th)?(?: of)?[ -]${MONTH}\\b\\.?(?:,?[ -]${YEAR}\\b)?`, 'gi');
const MONTH_DAY = new RegExp(`\\b${MONTH}\\.? (?:the )?(\\d{1,2})(?:st|nd|rd|th)?\\b(?![:\\d])(?:,? ${YEAR}\\b)?`, 'gi');
const NUMERIC_DATE = /(?<![\p{L}\d./-])(\d{1,2})([./])(\d{1,2})\2(\d{4})(?![\p{L}\d/])/gu;
const CLOCK = /(?<![\p{L}\d.:])(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?(?![\d:])(?:\s*(am|pm|a\.m\.|p\.m\.)(?![\p{L}]))?/giu;
const HOUR_ONLY = /(?<![\p{L}\d.:])(\d{1,2})\s*(am|pm|a\.m\.|p\.m\.|o[’']clock)(?![\p{L}])/giu;
const NAMED_TIME = /\b(?:noon|midnight)\b/gi;
const DURATION = /(?<![\p{L}\d.,:-])(\d+)\s*(?:h|hrs?|hours?)(?:,?\s*(?:and\s+)?(\d{1,2})\s*(?:m|mins?|minutes?))?(?![\p{L}\d])/giu;
const WORD = /[\p{L}\d_]+(?:[-_./#][\p{L}\d_]+)*/gu;
const GROUPED = String.raw`\d{1,3}(?:[,'’\u00a0\u202f ]\d{3})+(?:\.\d+)?(?!\d)|\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}|\d+[.,]\d+|\d+|\.\d+`;
const NUMBER = new RegExp(`((?:^|(?<=[\\s(=:€$£¥]))[-−](?=[\\d.€$£¥]))?[€$£¥]?(${GROUPED})(?:\\s*(%|percent\\b|per cent\\b|k\\b|thousand\\b|million\\b|billion\\b))?`, 'gi');
const SCALE: { [word: string]: number } = { '%': 0.01, percent: 0.01, 'per cent': 0.01, k: 1e3, thousand: 1e3, million: 1e6, billion: 1e9 };
const UNITS = /^(\d[\d.]*)(st|nd|rd|th|x|k|km|m|cm|mm|mi|ft|in|kg|g|mg|lbs?|l|ml|h|hrs?|min|mins|s|secs?|ms|days?|gb|mb|kb|tb|eur|usd|gbp|chf|am|pm|kmh|mph|kwh|c|f)$/i;
const NUMBER_WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];
const NOTHING = /\b(?:no|none|not|nothing|null|never|nobody|unavailable|without|empty)\b|n[’']t\b/i;

const plain = (text: string): string => text.replace(/[`*]/g, '').replace(/[’‘]/g, "'").replace(/[“”]/g, '"').replace(/[‐‑]/g, '-');
const squeeze = (text: string): string => text.replace(/\s+/g, ' ').trim();

// A code goes on over hyphens and underscores: K7 does not stand in K7-Q2X.
const GOES_ON = /^(?:[\p{L}\d]|[-_]+[\p{L}\d])/u;
const CAME_FROM = /(?:[\p{L}\d]|[\p{L}\d][-_]+)$/u;

function wholeWord(text: string, needle: string): boolean {
  const isCode = /\d/.test(needle);
  const from = isCode ? CAME_FROM : /[\p{L}\d]$/u;
  const on = isCode ? GOES_ON : /^[\p{L}\d]/u;
  const opens = /^[\p{L}\d]/u.test(needle);
  const closes = /[\p{L}\d]$/u.test(needle);
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) {
    const inside = (opens && from.test(text.slice(Math.max(0, at - 3), at))) || (closes && on.test(text.slice(at + needle.length, at + needle.length + 3)));
    if (!inside) return true;
  }
  return false;
}

function dateOf(day: string | undefined, month: string | undefined, year: string | undefined): DayDate {
  const date = { day: Number(day), month: MONTHS.indexOf((month ?? '').slice(0, 3).toLowerCase()) + 1 };
  return year === undefined ? date : { ...date, year: Number(year) };
}

function numericDates(match: RegExpMatchArray): DayDate[] {
  const [first, second, year] = [Number(match[1]), Number(match[3]), Number(match[4])];
  return [{ day: first, month: second, year }, { day: second, month: first, year }];
}

const isDay = (date: DayDate): boolean => date.day >= 1 && date.day <= 31 && date.month >= 1 && date.month <= 12;

function addDates(mentions: Mentions, text: string, dates: DayDate[], minutes?: number): boolean {
  const readings = dates.filter(isDay);
  if (readings.length === 0) return false;
  mentions.dates.push({ text: text.trim().replace(/\.$/, ''), readings });
  if (minutes !== undefined) mentions.times.push({ text: text.trim(), minutes });
  return true;
}

function addTime(mentions: Mentions, text: string, hours: number, minutes: number, half: string | undefined): boolean {
  if (hours > 24 || minutes > 59) return false;
  const letter = half?.toLowerCase()[0];
  const hour = letter === 'p' ? (hours % 12) + 12 : letter === 'a' ? hours % 12 : hours;
  mentions.times.push({ text: text.trim(), minutes: hour * 60 + minutes });
  return true;
}

/** Takes a word with letters and digits out of the text as an identifier, unless it is a number with its unit (`90min`, `2-hour`). */
function addId(mentions: Mentions, word: string): boolean {
  if (!/\d/.test(word)) return false;
  const withUnit = UNITS.exec(word) ?? /^(\d+)(?:-\p{Ll}+)+$/u.exec(word);
  if (withUnit) return addPlainNumber(mentions, word, Number(withUnit[1]));
  const isId = /\p{L}|_/u.test(word) || /^\d+(?:\.\d+){2,}$/.test(word) || /^\d+(?:[-#]\d+){2,}$/.test(word) || /^\d{6,}(?:[-/]\d+)+$/.test(word);
  if (isId) mentions.ids.push(word);
  return isId;
}

/** 1 hour and 15 minutes is 75 and 1.25. */
function addDuration(mentions: Mentions, match: RegExpMatchArray): boolean {
  const hours = Number(match[1]) + Number(match[2] ?? 0) / 60;
  mentions.numbers.push({ text: match[0].trim(), readings: [hours, Math.round(hours * 60)] });
  return true;
}

function addPlainNumber(mentions: Mentions, text: string, value: number): boolean {
  mentions.numbers.push({ text, readings: [value] });
  return true;
}

function addNumber(mentions: Mentions, match: RegExpMatchArray): boolean {
  const value = numberOf(match[2] as string) * (match[1] ? -1 : 1);
  const scale = SCALE[(match[3] ?? '').toLowerCase()];
  mentions.numbers.push({ text: match[0].trim(), readings: scale === undefined ? [value] : [value, value * scale] });
  return true;
}

/** `1,200` and `1 200` are 1200, `12,50` and `12.50` are 12.5, `1.200,50` is 1200.5. */
function numberOf(text: string): number {
  if (/^\d{1,3}(?:[,'’\u00a0\u202f ]\d{3})+(?:\.\d+)?$/.test(text)) return Number(text.replace(/[^\d.]/g, ''));
  if (/^\d{1,3}(?:\.\d{3})+,\d+$/.test(text)) return Number(text.replace(/\./g, '').replace(',', '.'));
  if (/^\d{1,3}(?:\.\d{3}){2,}$/.test(text)) return Number(text.replace(/\./g, ''));
  return Number(text.replace(',', '.'));
}

// --- stating --------------------------------------------------------------------------------------------------------

function statesNumber(text: string, value: number): boolean {
  const read = readMentions(text).numbers;
  if (read.some((number) => number.readings.some((reading) => sameNumber(reading, value) || isRounding(number.text, reading, value)))) return true;
  const word = Number.isInteger(value) ? NUMBER_WORDS[value] : undefined;
  return word !== undefined && containsText(text, word);
}

/** The tail of a computed float may be cut: 33.333333 as 33.33. What has four decimals or fewer is stated whole. */
function isRounding(text: string, reading: number, value: number): boolean {
  const decimals = (/\.(\d+)/.exec(text)?.[1] ?? '').length;
  const whole = (/\.(\d+)/.exec(String(value))?.[1] ?? '').length;
  return whole > 4 && decimals >= 2 && sameNumber(Number(value.toFixed(decimals)), reading);
}

function statesText(text: string, value: string): boolean {
  if (containsText(text, value)) return true;
  const when = ISO_VALUE.exec(value);
  if (when) return statesMoment(text, when);
  // FIRST_CLASS as "first class", "on-time" as "on time".
  return /^[\p{L}\d]+(?:[_-][\p{L}\d]+)+$/u.test(value) && containsText(text.replace(/[_-]/g, ' '), value.replace(/[_-]/g, ' '));
}

const ISO_VALUE = /^(?:(\d{4})-(\d{2})-(\d{2}))?(?:(?:^|T|\s)(\d{2}):(\d{2})(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

function statesMoment(text: string, when: RegExpExecArray): boolean {
  const mentions = readMentions(text);
  const [, year, month, day, hours, minutes] = when;
  const date = { day: Number(day), month: Number(month), year: Number(year) };
  const dateSaid = year === undefined || mentions.dates.some((said) => said.readings.some((reading) => sameDay(reading, date)));
  const timeSaid = hours === undefined || mentions.times.some((said) => said.minutes === Number(hours) * 60 + Number(minutes));
  return (year !== undefined || hours !== undefined) && dateSaid && timeSaid;
}

const NEGATION = String.raw`\b(?:not|no|non|never|without|neither|nor|cannot|false)\b|n't\b`;

/** Clauses about the thing decide when there are any; a negation close to its name makes them negative. */
function statesBoolean(text: string, value: boolean, about: string): boolean {
  const keys = wordsOf(about).filter((word) => word.length > 3).map((word) => word.replace(/(?:ed|ing|able|s)$/, ''));
  // Wi-Fi is said of `wifi`; "no Wi-Fi but step-free access" says two things.
  const clauses = sentencesOf(text.toLowerCase()).flatMap((sentence) => sentence.replace(/(?<=\p{L})-(?=\p{L})/gu, '').split(/,|\bbut\b|\band\b/));
  const onTopic = clauses.filter((clause) => keys.some((key) => clause.includes(key)));
  const polarities = (onTopic.length > 0 ? onTopic : clauses).map((clause) => polarity(clause, onTopic.length > 0 ? keys : []));
  return polarities.includes(value) && !polarities.includes(!value);
}

function polarity(clause: string, keys: readonly string[]): boolean | undefined {
  const key = keys.find((word) => clause.includes(word));
  if (/^\W*no\b|\bfalse\b|[:=]\s*no\b/.test(clause)) return false;
  if (key !== undefined && new RegExp(`(?:${NEGATION})(?:\\W+[\\p{L}']+){0,3}?\\W+\\p{L}*${key}|\\bun${key}|\\b(?:non|in|ir)-?${key}|${key}\\p{L}*\\W+(?:\\p{L}+\\W+){0,2}?(?:${NEGATION})`, 'u').test(clause)) return false;
  if (/\b(?:yes|true)\b/.test(clause)) return true;
  return key === undefined ? undefined : true;
}
