import { isObject, leavesOf, type Json, type JsonSchema } from '../json';
import type { ToolDoc } from '../tool';
import { earlierCalls, needsOf, producedArguments, scalarsOf, turnCalls, type Scene } from './needs';
import { findWhole, foldText, maskSpans, plainText } from './text';
import { getAt } from '../json';

/**
 * Primitive tools that a text names: `find_train`, `findTrain`, `find-train`, and, unless `spaced` is off, `find train`.
 * A one-word name is also a word of the language, so it counts only as code: `search(` or in backticks.
 */
export function namedTools(text: string, tools: readonly ToolDoc[], options: { spaced?: boolean } = {}): string[] {
  const plain = plainText(text);
  return tools.map((tool) => tool.name).filter((name) => isNamed(plain, name, options.spaced ?? true));
}

function isNamed(plain: string, name: string, spaced: boolean): boolean {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').split(/[_\-.\s]+/).filter((word) => word !== '').map((word) => word.toLowerCase());
  const exact = words.length > 1 ? name : '';
  const forms = [exact, words.join('_'), words.join('-'), words.join('')].filter((form) => words.length > 1 && form !== '');
  const folded = plain.toLowerCase();
  if (forms.some((form) => findWhole(folded, form.toLowerCase()).length > 0)) return true;
  if (words.length > 1) return spaced && findWhole(folded, words.join(' ')).length > 0;
  return folded.includes(`\`${name.toLowerCase()}\``) || new RegExp(`(?<![\\p{L}\\p{N}_])${name.toLowerCase().replace(/[^a-z0-9_]/g, '\\$&')}\\(`, 'u').test(folded);
}

/** `the first class`, `my first trip` order nothing. */
const FIRST_THEN = /(?<!\b(?:the|my|our|your|a|this|its|at|very) )\bfirst(?:ly)?\b(?![ -](?:class|name|floor|aid|row|train|one|of|thing|time))[\s\S]*\b(?:then|next|after that|afterwards|finally|second(?:ly)?)\b/i;
const STEP_LIST = /(?:^|\n)\s*(?:\d+[.)]|[-*•]|step \d)\s+\S[\s\S]*\n\s*(?:\d+[.)]|[-*•]|step \d)\s+\S|\bstep (?:\d|one|two)\b|(?:^|\s)1[.)] [\s\S]*\s2[.)] /i;
const THEN_CHAIN = /\b(?:and )?then\b[\s\S]*\b(?:then|after that|afterwards|finally|lastly)\b/i;

/** True for a text that lays out an order of steps instead of a goal. */
export const listsSteps = (text: string): boolean => FIRST_THEN.test(text) || STEP_LIST.test(text) || THEN_CHAIN.test(text);

/** Words of the scaffolding that no user would write; what the values themselves say is the caller's to mask. */
export const scaffoldingWords = (text: string): string[] => [...text.matchAll(/\b(?:tools?|functions?|apis?|hints?)\b/gi)].map((match) => match[0]);

/** All of the seed's facts, this turn's stated values and what was said before, blanked out: the rest is the writer's own wording. */
export function ownWording(text: string, allowed: readonly Json[]): string {
  const plain = plainText(text);
  const folded = plain.toLowerCase();
  const spans = allowed.filter((value) => value !== null && typeof value !== 'object').flatMap((value) => findWhole(folded, foldText(String(value)), { plural: true }));
  return maskSpans(plain, spans);
}

/**
 * Values of this and earlier turns' results that the user cannot know and the text gives away. A value counts when it is
 * specific (an id, a code, a path, a name of several words, a price, a large number); small integers, Booleans, years,
 * enumeration members and plain words prove nothing. What an argument takes from a result counts whenever it is a
 * string that is not a plain word.
 */
export function hiddenValuesIn(text: string, scene: Scene, visible: readonly string[]): Json[] {
  const allowed = [...scene.facts.map((fact) => fact.value), ...needsOf(scene).map((need) => need.value), ...earlierCalls(scene.spec, scene.turn).flatMap((call) => scalarsOf(call.args))];
  const wording = ownWording(text, allowed);
  const seen = new Set<string>();
  return candidatesOf(scene).filter((value) => {
    const known = seen.has(String(value)) || allowed.some((other) => other === value) || visible.some((said) => says(plainText(said), value));
    seen.add(String(value));
    return !known && says(wording, value);
  });
}

function candidatesOf(scene: Scene): Json[] {
  const calls = [...earlierCalls(scene.spec, scene.turn), ...turnCalls(scene.spec, scene.turn)];
  const common = enumMembers(scene.tools);
  const specific = calls.flatMap((call) => scalarsOf(call.result)).filter((value) => isSpecific(value, common));
  const looked = calls.flatMap((call) => producedArguments(call).map((pointer) => getAt(call.args, pointer)));
  return [...specific, ...looked.filter((value): value is string => typeof value === 'string' && value.length > 1 && !/^[a-z]+$/.test(value) && !common.has(value.toLowerCase()))];
}

function isSpecific(value: Json, common: ReadonlySet<string>): boolean {
  if (typeof value === 'number') return !Number.isInteger(value) || (Math.abs(value) >= 100 && !(value >= 1900 && value <= 2100));
  if (typeof value !== 'string' || common.has(value.toLowerCase())) return false;
  const text = value.trim();
  if (text.length < 2 || text.length > 200) return false;
  if (/\d/.test(text)) return text.length >= 3;
  return /[_/@\\#]|\w[.-]\w/.test(text) || /^[A-Z]{2,8}$/.test(text) || /^(?=.*\p{Lu}).+ .+/u.test(text);
}

function says(plain: string, value: Json): boolean {
  const needle = typeof value === 'string' ? plainText(value) : String(value);
  if (/^[A-Z]{2,8}$/.test(needle)) return findWhole(plain, needle).length > 0;
  const folded = plain.toLowerCase();
  if (typeof value !== 'number') return findWhole(folded, needle.toLowerCase()).length > 0;
  return [needle, value.toFixed(2), value.toLocaleString('en-US')].some((form) => findWhole(folded, form).length > 0);
}

function enumMembers(tools: readonly ToolDoc[]): Set<string> {
  const members = tools.flatMap((tool) => [tool.input, tool.output ?? {}]).flatMap(enumsIn);
  return new Set(members.map((member) => String(member).toLowerCase()));
}

const enumsIn = (schema: JsonSchema): Json[] =>
  Object.entries(schema).flatMap(([key, value]) => {
    if (key === 'enum' || key === 'const') return leavesOf(value).map((leaf) => leaf.value);
    if (Array.isArray(value)) return value.filter(isObject).flatMap(enumsIn);
    return isObject(value) ? enumsIn(value) : [];
  });
