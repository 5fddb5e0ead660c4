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
  const direction = plain ? undefined : directionOf(line);
  if (/^which one/.test(line.meaning)) return `I mean the one whose ${words} is ${said}`;
  if (direction) return `${direction} ${said}`;
  const mine = plain ? undefined : /^the user's ([a-z -]+)$/i.exec(line.meaning)?.[1];
  if (mine !== undefined) return `my ${mine} is ${said}`;
  return plain ? `${words}: ${said}` : rng.pick([`the ${words} is ${said}`, `${said} as ${words}`, `with ${said} for the ${words}`]);
}

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
