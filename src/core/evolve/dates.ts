import type { Span } from './text';

/** A day (`YYYY-MM-DD`) as a text says it, with its place. */
export interface DateReading extends Span {
  date: string;
}

/** A time of day (`HH:MM`). `open`: said without morning or evening, so that it may also mean twelve hours later. */
export interface TimeReading extends Span {
  time: string;
  open: boolean;
}

/*
 * A small grammar of our own instead of chrono-node: core imports nothing, and a reading that is a guess (chrono's
 * `next Friday`, `03/05/2026`, a weekend) must not count. What two people could read differently is no reading here.
 */
const MONTHS = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'];
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const ORDINAL_WORDS = [
  'first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth', 'eleventh', 'twelfth', 'thirteenth', 'fourteenth', 'fifteenth', 'sixteenth',
  'seventeenth', 'eighteenth', 'nineteenth', 'twentieth', 'twenty-first', 'twenty-second', 'twenty-third', 'twenty-fourth', 'twenty-fifth', 'twenty-sixth', 'twenty-seventh',
  'twenty-eighth', 'twenty-ninth', 'thirtieth', 'thirty-first',
];
const COUNT_WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];
const HOLIDAYS: { [name: string]: [month: number, day: number] } = {
  "new year's day": [1, 1], "new year's eve": [12, 31], 'christmas eve': [12, 24], 'christmas day': [12, 25], 'boxing day': [12, 26], "valentine's day": [2, 14], halloween: [10, 31],
};

const MONTH = `(january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec)(?![a-z])\\.?`;
const ORDINAL = `(\\d{1,2}(?:st|nd|rd|th)|${[...ORDINAL_WORDS].reverse().map((word) => word.replace('-', '[- ]')).join('|')})(?![a-z])`;
const DAY = `(\\d{1,2}(?:st|nd|rd|th)?(?![\\d:])|${[...ORDINAL_WORDS].reverse().map((word) => word.replace('-', '[- ]')).join('|')})`;
const YEAR = `(?:,? (?:in )?(\\d{4})(?!\\d|:))?`;
const COUNT = `(\\d{1,3}|an?|${COUNT_WORDS.join('|')})`;
const START = '(?<![a-z0-9_/.-])';
const PAST = /\b(?:was|were|left|lost|forgot|had|did|went|travelled|traveled|took|came|arrived|bought|happened|missed|ago|last)\b/;

const pad = (value: number): string => String(value).padStart(2, '0');
const isoOf = (year: number, month: number, day: number): string | undefined => {
  const at = new Date(Date.UTC(year, month - 1, day));
  return at.getUTCMonth() === month - 1 && at.getUTCDate() === day ? `${year}-${pad(month)}-${pad(day)}` : undefined;
};
const addDays = (date: string, days: number): string => new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
const weekdayOf = (date: string): number => new Date(`${date}T00:00:00Z`).getUTCDay();
const monthOf = (word: string): number => MONTHS.findIndex((month) => month.startsWith(word.slice(0, 3))) + 1;
const countOf = (word: string): number => (/^an?$/.test(word) ? 1 : /^\d/.test(word) ? Number(word) : COUNT_WORDS.indexOf(word));
const dayOf = (word: string): number => (/^\d/.test(word) ? parseInt(word, 10) : ORDINAL_WORDS.indexOf(word.replace(' ', '-')) + 1);

/**
 * Every day that a folded text names without doubt. Days without a year and relative ones need `today` (`YYYY-MM-DD`) and
 * mean the next such day, or the last one in a sentence in the past tense. `date: ''` marks a place that speaks of a day which
 * cannot be told; its digits are no numbers either.
 */
export function readDates(folded: string, today?: string): DateReading[] {
  const past = PAST.test(folded);
  const nearest = (month: number, day: number, year: string | undefined): string[] =>
    year !== undefined ? present([isoOf(Number(year), month, day)]) : today === undefined ? [] : nearestYear(today, month, day, past);
  const readings: DateReading[] = [];
  const read = (pattern: string, days: (match: RegExpMatchArray) => (string | undefined)[]): void => {
    for (const match of folded.matchAll(new RegExp(START + pattern, 'g'))) {
      const span = { start: match.index, end: match.index + match[0].length };
      if (readings.some((other) => other.start <= span.start && span.end <= other.end)) continue;
      const dates = present(days(match));
      if (dates.length === 0) readings.push({ ...span, date: '' });
      for (const date of dates) readings.push({ ...span, date });
    }
  };
  const from = (offset: number): (string | undefined)[] => (today === undefined ? [] : [addDays(today, offset)]);

  read('(\\d{4})[-/](\\d{1,2})[-/](\\d{1,2})(?!\\d)', (m) => [isoOf(Number(m[1]), Number(m[2]), Number(m[3]))]);
  read('(\\d{1,2})[/.](\\d{1,2})[/.](\\d{4})(?!\\d)', (m) => dayAndMonth(Number(m[1]), Number(m[2]), Number(m[3])));
  read(`end of ${MONTH}${YEAR}`, (m) => nearest(monthOf(m[1] as string), lastDay(monthOf(m[1] as string), Number(m[2] ?? today?.slice(0, 4) ?? 2001)), m[2]));
  read(`${DAY} (?:of )?${MONTH}${YEAR}`, (m) => nearest(monthOf(m[2] as string), dayOf(m[1] as string), m[3]));
  read(`(?<!\\b(?:i|you|we|they|he|she|it|that|this|which|who) )${MONTH} (?:the )?${DAY}${YEAR}`, (m) => nearest(monthOf(m[1] as string), dayOf(m[2] as string), m[3]));
  read(`(${Object.keys(HOLIDAYS).join('|')})(?![a-z])${YEAR}`, (m) => nearest(...(HOLIDAYS[m[1] as string] as [number, number]), m[2]));
  read('(?:the )?day after tomorrow', () => from(2));
  read('(?:the )?day before yesterday', () => from(-2));
  read(`${COUNT} (day|week)s? from (?:today|now)`, (m) => from(countOf(m[1] as string) * (m[2] === 'week' ? 7 : 1)));
  read(`in ${COUNT} (day|week)s?(?:' time)?(?![a-z])`, (m) => from(countOf(m[1] as string) * (m[2] === 'week' ? 7 : 1)));
  read(`${COUNT} (day|week)s? ago`, (m) => from(-countOf(m[1] as string) * (m[2] === 'week' ? 7 : 1)));
  read('tomorrow(?![a-z])', () => from(1));
  read('(?:today|tonight|this (?:morning|afternoon|evening))(?![a-z])', () => from(0));
  read('yesterday(?![a-z])', () => from(-1));
  read(`(?:(next|last|this|coming) )?(${WEEKDAYS.join('|')})(?![a-z])`, (m) => (today === undefined ? [] : weekdays(today, WEEKDAYS.indexOf(m[2] as string), m[1], past)));
  read(`(?:on |for |until |till |by |of )the ${ORDINAL}(?! (?:floor|time|class|platform|one|seat|row|change|commit|item))`, (m) =>
    today === undefined ? [] : nearestMonth(today, dayOf(m[1] as string), past));
  return readings;
}

const present = (dates: readonly (string | undefined)[]): string[] => dates.filter((date) => date !== undefined);
const lastDay = (month: number, year: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

// 14/02 and 02/14 can be told apart, 03/05 cannot.
function dayAndMonth(a: number, b: number, year: number): (string | undefined)[] {
  if (a > 12 || a === b) return [isoOf(year, b, a)];
  return b > 12 ? [isoOf(year, a, b)] : [];
}

function nearestYear(today: string, month: number, day: number, past: boolean): string[] {
  const year = Number(today.slice(0, 4));
  const years = past ? [year, year - 1, year - 2, year - 3, year - 4] : [year, year + 1, year + 2, year + 3, year + 4];
  return present(years.map((candidate) => isoOf(candidate, month, day))).filter((date) => (past ? date <= today : date >= today)).slice(0, 1);
}

function nearestMonth(today: string, day: number, past: boolean): string[] {
  const first = Number(today.slice(0, 4)) * 12 + Number(today.slice(5, 7)) - 1;
  const months = [0, 1, 2, 3].map((offset) => first + (past ? -offset : offset));
  return present(months.map((month) => isoOf(Math.floor(month / 12), (month % 12) + 1, day))).filter((date) => (past ? date <= today : date >= today)).slice(0, 1);
}

/** `next Friday` is a day only when the coming Friday lies in the coming week anyway; else people disagree. */
function weekdays(today: string, weekday: number, which: string | undefined, past: boolean): string[] {
  const ahead = (weekday - weekdayOf(today) + 7) % 7 || 7;
  const back = ahead - 7 || -7;
  if (which === 'last' || (which === undefined && past)) return [addDays(today, back)];
  if (which !== 'next') return [addDays(today, ahead)];
  const daysToMonday = (8 - weekdayOf(today)) % 7 || 7;
  const inNextWeek = daysToMonday + ((weekday + 6) % 7);
  return inNextWeek === ahead ? [addDays(today, ahead)] : [];
}

const HOUR_WORD = `(${COUNT_WORDS.slice(1).reverse().join('|')}|1[0-2]|0?[1-9])(?![a-z0-9:])`;
const MINUTE_WORDS: { [word: string]: number } = { quarter: 15, five: 5, ten: 10, twenty: 20, 'twenty-five': 25, 'twenty five': 25, half: 30, fifteen: 15, thirty: 30, forty: 40, 'forty-five': 45, 'forty five': 45, fifty: 50, 'fifty-five': 55 };
const MINUTE = `(quarter|five|ten|twenty[- ]five|twenty|half|\\d{1,2})`;
const PART = `(?: ?(a\\.?m\\.?|p\\.?m\\.?)(?![a-z])| (?:o'clock )?(?:in the |this )?(morning|afternoon|evening|night)| at (night)|(?: tomorrow) (morning|afternoon|evening|night))?`;

/** Every time of day in a folded text: `14:05`, `7pm`, `half past nine`, `ten past six in the evening`, `nine thirty`, `noon`. */
export function readTimes(folded: string): TimeReading[] {
  const readings: TimeReading[] = [];
  const read = (pattern: string, time: (match: RegExpMatchArray) => { hour: number; minute: number; part: string | undefined; exact?: boolean } | undefined): void => {
    for (const match of folded.matchAll(new RegExp(START + pattern, 'g'))) {
      const span = { start: match.index, end: match.index + match[0].length };
      if (readings.some((other) => other.start < span.end && span.start < other.end)) continue;
      const said = time(match);
      if (said && said.hour <= 24 && said.minute < 60) readings.push({ ...span, ...clock(said) });
    }
  };
  const partOf = (match: RegExpMatchArray, from: number): string | undefined => match.slice(from).find((group) => group !== undefined)?.replace(/\./g, '');
  const hourOf = (word: string): number => (/^\d/.test(word) ? Number(word) : COUNT_WORDS.indexOf(word));
  const minuteOf = (word: string): number => MINUTE_WORDS[word] ?? Number(word);

  read(`(\\d{1,2})[:h](\\d{2})(?::\\d{2})?(?!\\d)${PART}`, (m) => ({ hour: Number(m[1]), minute: Number(m[2]), part: partOf(m, 3), exact: (m[1] as string).length === 2 }));
  read(`(?:a )?${MINUTE}(?: minutes?)? (past|after|to|before) ${HOUR_WORD}${PART}`, (m) => {
    const minutes = minuteOf(m[1] as string);
    const hour = hourOf(m[3] as string);
    if (m[2] === 'past' || m[2] === 'after') return { hour, minute: minutes, part: partOf(m, 4) };
    return { hour: hour === 1 ? 12 : hour - 1, minute: 60 - minutes, part: partOf(m, 4) };
  });
  read(`(\\d{1,2})(?:\\.(\\d{2}))? ?(a\\.?m\\.?|p\\.?m\\.?)(?![a-z])`, (m) => ({ hour: Number(m[1]), minute: Number(m[2] ?? 0), part: partOf(m, 3) }));
  read(`${HOUR_WORD} (thirty|fifteen|forty[- ]five|forty|twenty|ten|fifty|oh five)(?! ?(?:[a-z]*(?:euro|dollar|pound|franc)))(?![a-z-])${PART}`, (m) => ({
    hour: hourOf(m[1] as string), minute: m[2] === 'oh five' ? 5 : minuteOf(m[2] as string), part: partOf(m, 3),
  }));
  read(`(?:at |the |around |by )?${HOUR_WORD} o'clock${PART}`, (m) => ({ hour: hourOf(m[1] as string), minute: 0, part: partOf(m, 2) }));
  read(`${HOUR_WORD} (?:in the )(morning|afternoon|evening)`, (m) => ({ hour: hourOf(m[1] as string), minute: 0, part: m[2] }));
  read(`at ${HOUR_WORD}(?! (?:or|euro|dollar|pound|percent))(?!%)${PART}`, (m) => ({ hour: hourOf(m[1] as string), minute: 0, part: partOf(m, 2) }));
  read('(noon|midday|midnight)(?![a-z])', (m) => ({ hour: m[1] === 'midnight' ? 0 : 12, minute: 0, part: undefined, exact: true }));
  return readings;
}

function clock(said: { hour: number; minute: number; part: string | undefined; exact?: boolean }): { time: string; open: boolean } {
  const late = said.part === 'pm' || said.part === 'afternoon' || said.part === 'evening' || (said.part === 'night' && said.hour >= 5);
  const early = said.part === 'am' || said.part === 'morning' || (said.part === 'night' && said.hour < 5);
  const hour = late && said.hour < 12 ? said.hour + 12 : early && said.hour === 12 ? 0 : said.hour % 24;
  return { time: `${pad(hour)}:${pad(said.minute)}`, open: said.part === undefined && !said.exact && said.hour <= 12 };
}

/** `09:30` → `21:30`. */
export const twelveHoursLater = (time: string): string => `${pad((Number(time.slice(0, 2)) + 12) % 24)}${time.slice(2)}`;
