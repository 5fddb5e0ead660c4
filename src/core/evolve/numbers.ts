import type { JsonSchema } from '../json';
import { foldText, keyWords, stem, type Span } from './text';

/** A number as a text says it, with its place. One place may have several readings (`twelve fifty`: 12, 50 and 12.5). */
export interface NumberReading extends Span {
  value: number;
}

const SMALL: { [word: string]: number } = {
  zero: 0, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10, eleven: 11, twelve: 12, thirteen: 13,
  fourteen: 14, fifteen: 15, sixteen: 16, seventeen: 17, eighteen: 18, nineteen: 19,
};
const TENS: { [word: string]: number } = { twenty: 20, thirty: 30, forty: 40, fifty: 50, sixty: 60, seventy: 70, eighty: 80, ninety: 90 };
const SCALES: { [word: string]: number } = { hundred: 100, thousand: 1_000, million: 1_000_000 };
const FIXED: { [word: string]: number } = { couple: 2, pair: 2, both: 2, dozen: 12, once: 1, twice: 2, thrice: 3, single: 1 };
// `first` is left out: `first class` and `at first` are no ones.
const ORDINALS: { [word: string]: number } = {
  second: 2, third: 3, fourth: 4, fifth: 5, sixth: 6, seventh: 7, eighth: 8, ninth: 9, tenth: 10, eleventh: 11, twelfth: 12,
};
const CURRENCY = /^(?:euros?|dollars?|pounds?|francs?|crowns?|eur|usd|gbp|chf)$/;

interface Token extends Span {
  text: string;
}

const tokensOf = (text: string): Token[] =>
  [...text.matchAll(/[a-z]+(?:'[a-z]+)?|[0-9][0-9.,' ]*[0-9]|[0-9]|[^\s]/g)].map((match) => ({ text: match[0], start: match.index, end: match.index + match[0].length }));

/** Reads every number of a folded text: digits with separators, `1.2k`, words, halves, `twelve euros fifty`. Masked places are skipped. */
export function readNumbers(folded: string): NumberReading[] {
  const plain = [...readDigits(folded), ...readWords(folded)].sort((a, b) => a.start - b.start);
  return [...plain, ...joinMoney(folded, plain)];
}

// A thousands separator needs groups of three; `12,50` is a decimal comma. Not inside names (`v2.1`, `14C`, `CX-482`).
const DIGITS = /(?<![\p{L}\p{N}_])(?<![\p{L}\p{N}_][-/.:@#])(-?)((?:\d{1,3}(?:[,' ]\d{3})+|\d+)(?:[.,]\d{1,2}(?!\d)|\.\d+)?)(k(?![a-z])|(?:kg|g|km|m|cm|mm|lbs?|h|hrs?|mins?|s|x|st|nd|rd|th|eur|usd|chf|gbp|pcs)?(?![\p{L}\p{N}_]))(?![-/:@][\p{L}\p{N}])/gu;

function readDigits(text: string): NumberReading[] {
  return [...text.matchAll(DIGITS)].map((match) => {
    const body = (match[2] as string).replace(/[,' ](?=\d{3}(?:\D|$))/g, '').replace(',', '.');
    const value = Number(body) * (match[1] === '-' ? -1 : 1) * (match[3] === 'k' ? 1000 : 1);
    return { value: round(value), start: match.index, end: match.index + match[0].length };
  });
}

function readWords(text: string): NumberReading[] {
  const tokens = tokensOf(text);
  const readings: NumberReading[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const read = readWordsAt(tokens, i);
    if (!read) continue;
    readings.push({ value: read.value, start: (tokens[i] as Token).start, end: (tokens[read.next - 1] as Token).end });
    i = read.next - 1;
  }
  return readings;
}

function readWordsAt(tokens: readonly Token[], from: number): { value: number; next: number } | undefined {
  const word = (i: number): string => tokens[i]?.text ?? '';
  if (word(from) === 'half' && /^an?$/.test(word(from + 1)) && word(from + 2) === 'dozen') return { value: 6, next: from + 3 };
  if (word(from) === 'half' && /^an?$/.test(word(from + 1))) return { value: 0.5, next: from + 1 };
  if (word(from) === 'one' && isPronoun(tokens, from)) return undefined;
  if (word(from) in FIXED) return { value: FIXED[word(from)] as number, next: from + 1 };
  if (word(from) in ORDINALS) return { value: ORDINALS[word(from)] as number, next: from + 1 };
  return readCardinal(word, from);
}

function readCardinal(word: (i: number) => string, from: number): { value: number; next: number } | undefined {
  let total = 0;
  let current = 0;
  let i = from;
  let seen = false;
  if (/^an?$/.test(word(i)) && word(i + 1) in SCALES) {
    current = 1;
    i++;
  }
  for (;;) {
    const here = word(i);
    if (here in SMALL && (!seen || current % 10 === 0) && (current % 100 === 0 || (SMALL[here] as number) < 10)) current += SMALL[here] as number;
    else if (here in TENS && current % 100 === 0) current += TENS[here] as number;
    else if (here === 'dozen' && seen) current *= 12;
    else if (here === 'hundred' && (seen || current > 0)) current = (current || 1) * 100;
    else if (here in SCALES && (seen || current > 0)) {
      total += (current || 1) * (SCALES[here] as number);
      current = 0;
    } else if (here === '-' && seen && word(i + 1) in SMALL) {
      i++;
      continue;
    } else if (here === 'and' && seen && (current % 100 === 0) && (word(i + 1) in SMALL || word(i + 1) in TENS)) {
      i++;
      continue;
    } else break;
    seen = true;
    i++;
  }
  if (!seen) return undefined;
  const fraction = word(i) === 'and' && word(i + 1) === 'a' ? { half: 0.5, quarter: 0.25 }[word(i + 2)] : undefined;
  return { value: total + current + (fraction ?? 0), next: fraction === undefined ? i : i + 3 };
}

/** `the one leaving at seven` counts nothing; `one ticket` does. */
function isPronoun(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1]?.text ?? '';
  const after = tokens[at + 1]?.text ?? '';
  if (/^(?:hundred|thousand|million|and|dozen|-)$/.test(after)) return false;
  if (/^(?:the|that|this|which|any|no|every|early|earliest|late|latest|last|next|cheap|cheapest|green|red|blue|other|another|right)$/.test(before)) return true;
  return after === '' || !/^[a-z]/.test(after) || /^(?:of|leaving|that|which|with|to|from|is|in|on|at|i|you|we|please|thanks|who|where|by)$/.test(after);
}

/** `12 euros 50`, `twelve euros and fifty cents`, `twelve fifty`. */
function joinMoney(text: string, plain: readonly NumberReading[]): NumberReading[] {
  return plain.flatMap((whole, index) => {
    const cents = plain[index + 1];
    if (!cents || !Number.isInteger(whole.value) || !Number.isInteger(cents.value) || cents.value < 1 || cents.value > 99) return [];
    const between = text.slice(whole.end, cents.start).trim().split(' ').filter((word) => word !== 'and' && word !== '');
    const joined = between.length === 1 && CURRENCY.test(between[0] as string);
    const bare = between.length === 0 && cents.value >= 10 && whole.value < 1000 && /[a-z]/.test(text.slice(whole.start, whole.end));
    return joined || bare ? [{ value: round(whole.value + cents.value / 100), start: whole.start, end: cents.end }] : [];
  });
}

const round = (value: number): number => Math.round(value * 1e6) / 1e6;

type Dimension = 'time' | 'mass' | 'length' | 'money';
const UNITS: [RegExp, Dimension, number][] = [
  [/^(?:seconds?|secs?|s)$/, 'time', 1],
  [/^(?:minutes?|mins?)$/, 'time', 60],
  [/^(?:hours?|hrs?|h)$/, 'time', 3600],
  [/^days?$/, 'time', 86_400],
  [/^weeks?$/, 'time', 604_800],
  [/^fortnights?$/, 'time', 1_209_600],
  [/^(?:grams?|grammes?|g)$/, 'mass', 1],
  [/^(?:kilograms?|kilos?|kg|kgs)$/, 'mass', 1000],
  [/^(?:centimet(?:re|er)s?|cm)$/, 'length', 0.01],
  [/^(?:met(?:re|er)s?|m)$/, 'length', 1],
  [/^(?:kilomet(?:re|er)s?|km)$/, 'length', 1000],
  [/^(?:cents?|pence|pennies)$/, 'money', 1],
  [/^(?:euros?|dollars?|pounds?|francs?|eur|usd|gbp|chf)$/, 'money', 100],
];

const unitOf = (word: string): { dimension: Dimension; factor: number } | undefined => {
  const unit = UNITS.find(([pattern]) => pattern.test(word));
  return unit && { dimension: unit[1], factor: unit[2] };
};

/** Quantities with a unit, in the base of their dimension: `an hour and a half` is 5400 seconds, `€34.90` 3490 cents. */
function readQuantities(folded: string): (NumberReading & { dimension: Dimension })[] {
  const articles: NumberReading[] = [...folded.matchAll(/(?<![a-z])(?:half )?an? (?=[a-z])/g)].map((match) => ({
    value: match[0].startsWith('half') ? 0.5 : 1, start: match.index, end: match.index + match[0].length,
  }));
  const single = [...readNumbers(folded), ...articles].flatMap((number) => {
    const symbol = /[€$£]\s?$/.exec(folded.slice(0, number.start));
    if (symbol) return [{ ...number, value: number.value * 100, dimension: 'money' as const }];
    const word = /^[ -]*(?:an? )?([a-z]+)/.exec(folded.slice(number.end));
    const glued = /[0-9]([a-z]+)$/.exec(folded.slice(number.start, number.end));
    const unit = unitOf(glued?.[1] ?? word?.[1] ?? '');
    if (!unit) return [];
    const end = glued ? number.end : number.end + (word as RegExpExecArray)[0].length;
    const half = /^ and a half(?![a-z])/.exec(folded.slice(end));
    return [{ value: (number.value + (half ? 0.5 : 0)) * unit.factor, dimension: unit.dimension, start: number.start, end: end + (half?.[0].length ?? 0) }];
  });
  const sums = single.flatMap((first) => single
    .filter((second) => second.dimension === first.dimension && second.value < first.value && /^(?: and|,)? $/.test(folded.slice(first.end, second.start)) && second.start > first.end - 1)
    .map((second) => ({ ...first, value: first.value + second.value, end: second.end })));
  return [...single, ...sums];
}

/**
 * The places of a folded text that say `value` for a parameter: as a number, as a percentage for a fraction, or in
 * another unit than the one that the parameter's name or description gives (minutes, grams, cents).
 */
export function numberMentions(folded: string, value: number, about: { name: string; schema: JsonSchema }): Span[] {
  const plain = readNumbers(folded).filter((reading) => reading.value === value);
  const description = foldText(`${about.name.replace(/_/g, ' ')} ${String(about.schema.description ?? '')}`);
  const found: Span[] = [...plain, ...fractionMentions(folded, value, about.schema, description), ...unitMentions(folded, value, description)];
  if (value === 1) found.push(...articleMentions(folded, about.name, description));
  if (value === 0) found.push(...noneMentions(folded, about.name, description));
  return distinctSpans(found);
}

function fractionMentions(folded: string, value: number, schema: JsonSchema, description: string): Span[] {
  const isFraction = (typeof schema.maximum === 'number' && schema.maximum <= 1) || /\bfraction\b/.test(description);
  if (!isFraction) return [];
  return readNumbers(folded).filter((reading) => round(reading.value / 100) === value && /^ ?(?:%|percent|per cent)/.test(folded.slice(reading.end)));
}

function unitMentions(folded: string, value: number, description: string): Span[] {
  const targets = (description.match(/[a-z]+/g) ?? []).map(unitOf).filter((unit) => unit !== undefined);
  if (targets.length === 0) return [];
  return readQuantities(folded).filter((quantity) =>
    targets.some((target) => target.dimension === quantity.dimension && Math.abs(quantity.value - value * target.factor) < 1e-6));
}

const PEOPLE = /passenger|adult|guest|person|people|traveller|traveler|seat|ticket/;

/** `a bike` for `bikes`, `just me` for `passengers`: an article says one only of the very thing that is counted. */
function articleMentions(folded: string, name: string, description: string): Span[] {
  const things = new Set([...keyWords(name.replace(/_/g, ' ')), ...keyWords(description)].map(stem));
  const articles = [...folded.matchAll(/(?<![a-z])an? ((?:[a-z]+ )?[a-z]+)/g)].filter((match) => (match[1] as string).split(' ').some((word) => things.has(stem(word))));
  const alone = PEOPLE.test(`${name} ${description}`) ? [...folded.matchAll(/(?<![a-z])(?:just me|only me|just for me|for myself|myself|on my own|alone)(?![a-z])/g)] : [];
  return [...articles, ...alone].map((match) => ({ start: match.index, end: match.index + match[0].length }));
}

function noneMentions(folded: string, name: string, description: string): Span[] {
  const things = new Set([...keyWords(name.replace(/_/g, ' ')), ...keyWords(description)].map(stem));
  return [...folded.matchAll(/(?<![a-z])(?:no|without(?: any)?|not any) ([a-z]+)/g)]
    .filter((match) => things.has(stem(match[1] as string)))
    .map((match) => ({ start: match.index, end: match.index + match[0].length }));
}

const distinctSpans = (spans: readonly Span[]): Span[] =>
  spans.filter((span, index) => !spans.slice(0, index).some((other) => other.start < span.end && span.start < other.end));
