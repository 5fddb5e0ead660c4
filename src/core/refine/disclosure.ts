import type { Json, JsonObject } from '../json';
import { leavesOf, pointerTokens } from '../json';
import { containsText, readMentions, sentencesOf, states, wordsOf } from './values';

/** A scalar somebody should not have been told, and what it is the value of (a parameter's name). */
export interface Secret {
  value: null | boolean | number | string;
  /** Parameter name; without it, common values (Booleans, small numbers, plain words) are never taken as given away. */
  about?: string;
}

/** Every scalar of a call's arguments. */
export const secretsOf = (args: JsonObject): Secret[] =>
  leavesOf(args).map(({ pointer, value }) => ({ value, about: pointerTokens(pointer).filter((token) => !/^\d+$/.test(token)).at(-1) ?? '' }));

/**
 * Whether the text gives the value away. Distinctive values count anywhere, also as part of an identifier or spelled with
 * other separators; common ones only in a sentence that names what they are the value of.
 */
export function gives(text: string, secret: Secret): boolean {
  const said = withoutPlaces(text);
  if (isDistinctive(secret.value)) return givesDistinctive(said, secret.value);
  return secret.about !== undefined && sentencesOf(said).some((sentence) => isAbout(sentence, secret.about as string) && saysCommon(sentence, secret.value));
}

/** Whether any of the texts shows the value already. A Boolean counts as shown by none: "true" stands everywhere. */
export const isVisible = (value: Json, texts: readonly string[]): boolean =>
  typeof value !== 'boolean' && texts.some((text) => states(text, value));

// "call 2" and "step 3" are places in the attempt, not values.
const withoutPlaces = (text: string): string => text.replace(/\b(?:calls?|steps?|attempts?|turns?|responses?)\s+(?:no\.\s*|number\s+|#)?\d+(?:\s*(?:,|and|to|-)\s*\d+)*/gi, ' ');

/** Common: Booleans, null, whole numbers up to 12 and texts that are too short or one plain lower-case word. */
function isDistinctive(value: Secret['value']): value is number | string {
  if (typeof value === 'number') return !Number.isInteger(value) || Math.abs(value) > 12;
  if (typeof value !== 'string') return false;
  return value.trim().length > 2 && !/^\p{Ll}+$/u.test(value.trim());
}

function givesDistinctive(text: string, value: number | string): boolean {
  if (typeof value === 'number') return states(text, value);
  // One capitalised word (a name, FIRST) is meant only in its own case: "first look it up" is no fare class.
  if (/^\p{L}+$/u.test(value)) return containsOwnCase(text, value);
  return states(text, value) || givesIdentifier(text, value);
}

const containsOwnCase = (text: string, word: string): boolean => text.split(/[^\p{L}\d]+/u).includes(word);

/** `K7-Q2X` as K7Q2X or as "starts with K7-Q". */
function givesIdentifier(text: string, value: string): boolean {
  if (!/\d/.test(value) || /\s/.test(value)) return false;
  const bare = (part: string): string => part.replace(/[^\p{L}\d]/gu, '').toLowerCase();
  const id = bare(value);
  if (id.length < 4) return false;
  const parts = readMentions(text).ids.map(bare).filter((part) => part.length >= 4);
  return parts.some((part) => part.includes(id) || id.startsWith(part) || id.endsWith(part));
}

const isAbout = (sentence: string, about: string): boolean => {
  const words = wordsOf(about);
  return words.length > 0 && (containsText(sentence, about) || words.every((word) => sentence.toLowerCase().includes(word)));
};

function saysCommon(sentence: string, value: Secret['value']): boolean {
  if (typeof value === 'boolean') return containsText(sentence, String(value));
  return value !== null && states(sentence, value);
}
