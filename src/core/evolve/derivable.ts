import type { Json, JsonSchema } from '../json';
import { readDates, readTimes, twelveHoursLater, type TimeReading } from './dates';
import { numberMentions } from './numbers';
import { findWhole, foldText, maskSpans, plainText, type Span } from './text';

/** A value that the user has to state, with all that decides how it may be worded. */
export interface StatedValue {
  /** The parameter's name, or the pick attribute's. */
  name: string;
  kind: 'fact' | 'sample' | 'pick' | 'default';
  value: Json;
  schema: JsonSchema;
  /** All facts of the same entity, or the same attribute of all elements of the list: a listed entity may be paraphrased. */
  listed?: readonly Json[];
  /** Other members of the same enumeration that the same list takes (`urgent and billing`). */
  beside?: readonly Json[];
  /** Case may differ: the caller saw an identical replay. */
  ignoreCase?: boolean;
}

/** `stated`: code can see it. `claim`: only a reader can tell, and may. `absent`: a reason that its writer can act on. */
export type Derivation = { kind: 'stated' } | { kind: 'claim'; choices?: Json[] } | { kind: 'absent'; reason: string };

/**
 * Whether `texts` (the query first, then what else the reader may use) let a reader derive the value: literally, as a
 * normalisation of it, or, for enumerations, Booleans and listed names only, perhaps in other words.
 */
export function derive(stated: StatedValue, texts: readonly string[], today?: string): Derivation {
  const { value } = stated;
  if (stated.kind === 'default' || value === null) return { kind: 'stated' };
  if (typeof value === 'boolean') return { kind: 'claim' };
  if (typeof value === 'number') return deriveNumber(stated, value, texts, today);
  if (typeof value !== 'string') return { kind: 'absent', reason: `${stated.name} is not a scalar` };
  const choices = enumOf(stated.schema);
  if (choices) return deriveChoice(value, choices.filter((choice) => !stated.beside?.includes(choice)), texts);
  if (texts.some((text) => isLiteral(text, value))) return insideLonger(stated, value, texts) ?? { kind: 'stated' };
  const moment = deriveMoment(stated, value, texts, today);
  if (moment) return moment;
  if (isDigitString(value)) return texts.some((text) => hasDigits(text, value)) ? { kind: 'stated' } : absent(stated, 'write all of its digits');
  if (stated.listed && isNameLike(value)) return deriveListed(stated, value, texts);
  if (stated.ignoreCase && texts.some((text) => findWhole(foldText(text), foldText(value)).length > 0)) return { kind: 'stated' };
  return absent(stated, 'write it exactly like that');
}

const absent = (stated: StatedValue, cure: string): Derivation => ({
  kind: 'absent',
  reason: `the message does not say ${JSON.stringify(stated.value)} (${stated.name}); ${cure}`,
});

const isLiteral = (text: string, value: string): boolean => value !== '' && findWhole(plainText(text), plainText(value)).length > 0;
const enumOf = (schema: JsonSchema): Json[] | undefined => (Array.isArray(schema.enum) ? schema.enum : undefined);
// Codes, addresses and figures are never paraphrased: a name has letters and no digits.
const isNameLike = (value: string): boolean => /\p{L}/u.test(value) && !/[0-9@]/.test(value);

/** The text without days and times, whose figures are no numbers. `twelve fifty` may be a price as well as a time, and stays. */
function withoutMoments(text: string, today?: string): string {
  const folded = foldText(text);
  const times = readTimes(folded).filter((reading) => !BARE_PAIR.test(folded.slice(reading.start, reading.end)));
  return maskSpans(folded, [...readDates(folded, today), ...times]);
}

const BARE_PAIR = /^[a-z]+ [a-z-]+$/;

function deriveNumber(stated: StatedValue, value: number, texts: readonly string[], today?: string): Derivation {
  const mentioned = texts.some((text) => mentionsOf(text, { name: stated.name, schema: stated.schema }, value, today).length > 0);
  return mentioned ? { kind: 'stated' } : absent(stated, 'a number has to be said as a number');
}

/** The places of a text that state a number. */
export function mentionsOf(text: string, about: { name: string; schema: JsonSchema }, value: number, today?: string): Span[] {
  return numberMentions(withoutMoments(text, today), value, about);
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{2}:\d{2}(?::\d{2})?$/;
const DAY_TIME = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})/;

function deriveMoment(stated: StatedValue, value: string, texts: readonly string[], today?: string): Derivation | undefined {
  if (DAY.test(value)) return saysDay(texts, value, today) ? { kind: 'stated' } : absent(stated, dayCure(today));
  if (TIME.test(value)) return saysTime(texts, value.slice(0, 5), clocksOf(stated.listed)) ? { kind: 'stated' } : absent(stated, 'give the time of day');
  const both = DAY_TIME.exec(value);
  if (!both) return undefined;
  // Elements of one day's list are told apart by the time alone.
  const sameDay = stated.listed !== undefined && stated.listed.every((other) => typeof other === 'string' && other.startsWith(both[1] as string));
  const day = sameDay || saysDay(texts, both[1] as string, today);
  const time = saysTime(texts, both[2] as string, clocksOf(stated.listed));
  return day && time ? { kind: 'stated' } : absent(stated, day ? 'give the time of day' : dayCure(today));
}

const dayCure = (today: string | undefined): string =>
  today === undefined ? 'give day, month and year' : `give a day that can only mean this one (today is ${today})`;

const saysDay = (texts: readonly string[], day: string, today?: string): boolean =>
  texts.some((text) => readDates(foldText(text), today).some((reading) => reading.date === day));

const clocksOf = (listed: readonly Json[] | undefined): string[] | undefined =>
  listed?.map(String).map((value) => DAY_TIME.exec(value)?.[2] ?? value.slice(0, 5));

function saysTime(texts: readonly string[], time: string, listed: readonly string[] | undefined): boolean {
  return texts.some((text) => {
    const folded = foldText(text);
    return readTimes(folded).some((reading) => reading.time === time || (twelveHoursLater(reading.time) === time && mayBeLate(reading, folded, listed)));
  });
}

/** `the 9:30` may mean 21:30 when the text speaks of the evening or the list has no 09:30. */
function mayBeLate(reading: TimeReading, folded: string, listed: readonly string[] | undefined): boolean {
  if (!reading.open) return false;
  const evening = /\b(?:afternoon|evening|tonight|night)\b/.test(folded) && !/\bmorning\b/.test(folded);
  return evening || (listed !== undefined && !listed.includes(reading.time));
}

const isDigitString = (value: string): boolean => /^\+?[\d ().-]+$/.test(value) && value.replace(/\D/g, '').length >= 4;

/** `8841 2207` and `88-41-22-07` say `88412207`; a longer run of digits does not. */
function hasDigits(text: string, value: string): boolean {
  const plain = plainText(text);
  const digits = value.replace(/\D/g, '');
  // Most texts hold no such digits, and to compile the pattern takes milliseconds.
  if (!plain.replace(/\D/g, '').includes(digits)) return false;
  const body = [...digits].join('[ ().-]{0,2}');
  const plus = value.startsWith('+') ? '(?:\\+|00)' : '';
  return new RegExp(`(?<![\\p{L}\\p{N}_])${plus}${body}(?![\\p{L}\\p{N}_])`, 'u').test(plain);
}

/** `IN_TRANSIT`, `in transit` and `In-Transit` are the same choice. */
const choiceText = (choice: Json): string => foldText(String(choice).replace(/[_-]+/g, ' ').replace(/([a-z])([A-Z])/g, '$1 $2'));

const NEGATION = /(?:\bno|\bnot|\bnever|\bwithout|n't|\brather than|\binstead of|\bexcept)(?: [a-z']+){0,3} ?$/;

/** A choice said by its own word, with no negation before it and no other choice beside it; else a reader has to decide. */
function deriveChoice(value: string, choices: readonly Json[], texts: readonly string[]): Derivation {
  const claim: Derivation = { kind: 'claim', choices: [...choices] };
  if (value.length <= 2) return claim; // `NO` and `M` are words or letters of any sentence
  const query = foldText(texts[0] ?? '').replace(/[_-]+/g, ' ');
  const said = findWhole(query, choiceText(value));
  const others = choices.filter((choice) => choice !== value && !choiceText(value).includes(choiceText(choice)));
  const othersSaid = others.some((choice) => String(choice).length > 2 && findWhole(query, choiceText(choice)).length > 0);
  const plain = said.length > 0 && said.every((span) => !NEGATION.test(query.slice(0, span.start)));
  return plain && !othersSaid ? { kind: 'stated' } : claim;
}

/** A listed name in any case or number is stated; inside a longer listed name it is another entity; else a reader decides. */
function deriveListed(stated: StatedValue, value: string, texts: readonly string[]): Derivation {
  const longer = insideLonger(stated, value, texts);
  if (longer) return longer;
  const said = texts.some((text) => findWhole(foldText(text), foldText(value), { plural: true }).length > 0);
  return said ? { kind: 'stated' } : { kind: 'claim', choices: [...(stated.listed ?? [])] };
}

function insideLonger(stated: StatedValue, value: string, texts: readonly string[]): Derivation | undefined {
  const needle = foldText(value);
  const longer = (stated.listed ?? []).map((other) => foldText(String(other))).filter((other) => other !== needle && findWhole(other, needle).length > 0);
  if (longer.length === 0) return undefined;
  const folded = texts.map(foldText);
  const all = folded.some((text) => findWhole(text, needle, { plural: true }).length > 0);
  const own = folded.some((text) => {
    const masked = maskSpans(text, longer.flatMap((other) => findWhole(text, other, { plural: true })));
    return findWhole(masked, needle, { plural: true }).length > 0;
  });
  return all && !own ? absent(stated, 'it only stands inside the name of something else') : undefined;
}
