import type { Json } from '../json';
import type { BlockValues } from '../prompt/template';
import { rejectedBlock, type AdvancedTool, type Rejected } from './advanced-tool';
import { derive, mentionsOf } from './derivable';
import { conversationBlock, type ParaphraseClaim } from './judge';
import { askLabels, earlierCalls, needId, needsOf, purposeOf, turnCalls, type Need, type Scene } from './needs';
import { findWhole, foldText, keyWords, stem } from './text';
import { hiddenValuesIn, listsSteps, namedTools, ownWording, scaffoldingWords } from './wording';

export interface QueryRequest extends Scene {
  /** Left out by the ablation `advancedTool: off`: the query is then written from the trace alone. */
  advanced: AdvancedTool | undefined;
  /** `easy` spells the steps out (paper, Figure 7 and Table 4). */
  mode: 'hard' | 'easy';
  /** The visible conversation of earlier turns. */
  earlier: readonly { role: 'user' | 'assistant'; text: string }[];
  rejected?: Rejected | undefined;
}

/** The Query Generator's blocks: values one JSON object per line, asked outputs one label per line; no hidden value in any of them. */
export function queryBlocks(input: QueryRequest): BlockValues {
  const asks = askLabels(input);
  const lines = [...new Set(needsOf(input).map((need) => JSON.stringify(valueLine(need, input.advanced))))];
  return {
    advanced_tool: input.advanced && advancedToolText(input.advanced),
    values: lines.length > 0 ? lines.join('\n') : 'none: there is nothing to state',
    asked_outputs: asks.length > 0 ? asks.map(({ label }) => label).join('\n') : 'none: the user wants the effect only',
    steps: input.mode === 'easy' || input.advanced === undefined ? stepsText(input) : undefined,
    conversation: conversationBlock(input.earlier),
    rejected: rejectedBlock(input.rejected),
  };
}

const advancedToolText = ({ name, description, parameters, returns }: AdvancedTool): string => JSON.stringify({ name, description, parameters, returns }, null, 2);

/**
 * `wording`: `exact` for strings, `clear` for numbers, days and times in any usual form, `free` where the assistant sees
 * the choices (an enumeration, yes or no, the elements of a list). `parameter` is the advanced tool's, where there is one.
 */
function valueLine(need: Need, advanced: AdvancedTool | undefined): { [key: string]: Json } {
  const bound = advanced?.bindings.find((binding) => needId(binding) === needId(need))?.parameter;
  const mayParaphrase = derive(need, ['']).kind === 'claim' && need.kind !== 'fact';
  const isFigure = typeof need.value === 'number' || /^\d{4}-\d\d-\d\d|^\d\d:\d\d/.test(String(need.value));
  const choices = Array.isArray(need.schema.enum) && mayParaphrase ? need.schema.enum : undefined;
  return {
    value: need.value, parameter: bound ?? need.name, meaning: need.meaning, used_for: need.usedFor,
    wording: mayParaphrase ? 'free' : isFigure ? 'clear' : 'exact', ...(choices && { choices }),
  };
}

/** The gold calls in plain words: what each is for, and what it is given; looked-up arguments only by where they come from. */
function stepsText(input: QueryRequest): string {
  const lead = input.mode === 'easy' ? 'Spell these steps out in the message, in this order:' : 'How it is done; the message must not show it:';
  const lines = turnCalls(input.spec, input.turn).map((call, index) => {
    const given = needsOf(input).filter((need) => need.call === call.id).map((need) => `${need.name.replace(/_/g, ' ')}: ${JSON.stringify(need.value)}`);
    const taken = call.sources.flatMap((source) => (source.kind === 'output' ? [`${source.pointer.slice(1)} from the result of ${source.call}`] : []));
    return `${index + 1}. (${call.id}) ${purposeOf(input.tools, call.tool)}${[...given, ...taken].length > 0 ? ` [${[...given, ...taken].join('; ')}]` : ''}`;
  });
  return [lead, ...lines].join('\n');
}

export interface QueryCheck extends Scene {
  query: string;
  earlierQueries: readonly string[];
  /** The assistant's final answers of earlier turns: their values are visible. */
  earlierAnswers: readonly string[];
  /** The world's day, `YYYY-MM-DD`: without it days need their year. */
  today?: string | undefined;
  mode: 'hard' | 'easy';
  /** Needs (`c1/city`) whose case may differ, because the replay is identical. */
  caseInsensitive?: readonly string[];
}

/** Why a query may not be used, and what a second reader has to decide when there is no such reason. */
export function checkQuery(input: QueryCheck): { reasons: string[]; claims: ParaphraseClaim[] } {
  const needs = needsOf(input);
  const derivations = needs.map((need) => ({ need, derivation: derive({ ...need, ignoreCase: input.caseInsensitive?.includes(needId(need)) }, textsFor(input, need), input.today) }));
  const asks = checkAsks(input);
  const reasons = [
    ...checkForm(input),
    ...derivations.flatMap(({ derivation }) => (derivation.kind === 'absent' ? [derivation.reason] : [])),
    ...checkCounts(input, needs),
    ...asks.reasons,
    ...checkWording(input, needs),
  ];
  const values = derivations.flatMap(({ need, derivation }) => (derivation.kind === 'claim' ? [claimOf(need, derivation.choices)] : []));
  return { reasons: [...new Set(reasons)], claims: [...values, ...roleClaims(needs), ...asks.claims] };
}

/**
 * Two cities or two bookings in one message could be swapped and every value would still stand there. Which of them
 * serves what is for a reader to decide: one claim per value that shares its kind with another one.
 */
function roleClaims(needs: readonly Need[]): ParaphraseClaim[] {
  const named = needs.filter((need) => typeof need.value !== 'boolean' && need.schema.enum === undefined);
  return named
    .filter((need) => named.some((other) => isExchangeable(need, other)))
    .map((need) => ({
      id: `role:${needId(need)}`, kind: 'value', argument: need.usedFor, value: need.value, meaning: need.meaning,
      choices: [...new Set([need, ...named.filter((other) => isExchangeable(need, other))].map((other) => other.value))],
    }));
}

/** Different values of one kind that serve different ends. */
const isExchangeable = (a: Need, b: Need): boolean =>
  a.value !== b.value && a.usedFor !== b.usedFor && typeof a.value === typeof b.value && (a.name === b.name || (a.listed ?? []).includes(b.value));

const claimOf = (need: Need, choices: Json[] | undefined): ParaphraseClaim => ({
  id: needId(need), kind: 'value', argument: need.name.replace(/_/g, ' '), value: need.value, meaning: need.meaning,
  ...(choices ? { choices } : typeof need.value === 'boolean' ? { choices: [true, false] } : {}),
});

/**
 * Where a value may stand. Facts: anywhere in the visible conversation. A sample: in an earlier query only when an earlier
 * turn's call took the same value under the same name, since a small number said before proves nothing. A pick: in an earlier
 * query, or in an answer that names no other element of the list.
 */
function textsFor(input: QueryCheck, need: Need): string[] {
  if (need.kind === 'fact') return [input.query, ...input.earlierQueries, ...input.earlierAnswers];
  if (need.kind === 'pick') return [input.query, ...input.earlierQueries, ...input.earlierAnswers.filter((answer) => namesOnly(answer, need, input.today))];
  const again = needsOfEarlier(input).some((earlier) => earlier.name === need.name && earlier.value === need.value);
  return again ? [input.query, ...input.earlierQueries] : [input.query];
}

const needsOfEarlier = (input: Scene): Need[] => Array.from({ length: input.turn }, (_, turn) => needsOf({ ...input, turn })).flat();

const namesOnly = (answer: string, need: Need, today: string | undefined): boolean =>
  !(need.listed ?? []).some((other) => other !== need.value && derive({ ...need, value: other }, [answer], today).kind === 'stated');

const WORD_LIMIT = 120;

function checkForm({ query }: QueryCheck): string[] {
  if (query.trim() === '') return ['expected a message, got an empty text'];
  const words = query.trim().split(/\s+/).length;
  return [
    ...(words > WORD_LIMIT ? [`expected at most ${WORD_LIMIT} words, got ${words}`] : []),
    ...(/(?:^|\n)\s*(?:user|assistant|system)\s*:/i.test(query) ? ['expected one message of the user, got a dialogue'] : []),
    ...(/\{\{|\}\}|<[a-z_ ]+>|\[[a-z]+(?:[_ ][a-z]+)*\]/.test(query) ? ['expected real values, got a placeholder in brackets'] : []),
  ];
}

/** Two parameters with the same number need it said twice: `two of us with two bags`. Values said in earlier turns are not counted. */
function checkCounts(input: QueryCheck, needs: readonly Need[]): string[] {
  const numeric = needs.filter((need) => typeof need.value === 'number' && textsFor(input, need).length === 1);
  return [...new Set(numeric.map((need) => need.value as number))].flatMap((value) => {
    const same = numeric.filter((need) => need.value === value);
    const names = [...new Set(same.map((need) => need.name))];
    const places = new Set(same.flatMap((need) => mentionsOf(input.query, need, value, input.today).map((span) => span.start)));
    return places.size > 0 && places.size < names.length ? [`the message says ${value} ${places.size} times, but ${names.join(' and ')} are both ${value}; say each`] : [];
  });
}

/** Words by which people ask for things without naming them. */
const ASKING: [RegExp, RegExp][] = [
  [/^(?:price|cost|fare|total|amount|fee|refund)$/, /\bhow much\b|\bwhat (?:do|does|will|would) .*\b(?:cost|pay|owe)\b/],
  [/^(?:departs?|departure|arrives?|arrival|leaves?)$/, /\bwhen\b|\bwhat time\b/],
  [/^(?:count|points|balance|seats|tickets)$/, /\bhow many\b/],
  [/^(?:author|owner|committer)$/, /\bwho\b/],
  [/^(?:station|city|address|location|place)$/, /\bwhere\b/],
];

/** An asked output is asked for when its key words stand in the query; else a reader decides. The element it belongs to must be told. */
function checkAsks(input: QueryCheck): { reasons: string[]; claims: ParaphraseClaim[] } {
  const query = foldText(input.query);
  const stems = new Set((query.match(/[\p{L}\p{N}]+/gu) ?? []).map(stem));
  const labels = askLabels(input).map((entry) => ({ ...entry, ...splitLabel(entry.ask.label) }));
  const reasons = labels.flatMap(({ ask, element }) => (element && !ask.pick && !saysElement(input, element) ? [`the message does not say which one is meant by: ${ask.label}`] : []));
  const claims = labels
    .filter(({ what }) => !keyWords(what).every((word) => stems.has(stem(word)) || ASKING.some(([named, asked]) => named.test(word) && asked.test(query))))
    .map(({ id, label }): ParaphraseClaim => ({ id, kind: 'ask', argument: label, value: null, meaning: 'an output that the user wants to be told' }));
  return { reasons, claims };
}

/** `price of the one whose departs is 09:40`, as the sampler labels an output inside a list (src/core/sample/asks.ts). */
function splitLabel(label: string): { what: string; element?: { name: string; value: string } } {
  const match = /^(.*) of the one whose (.+?) is (.+)$/s.exec(label);
  return match ? { what: match[1] as string, element: { name: match[2] as string, value: match[3] as string } } : { what: label };
}

function saysElement(input: QueryCheck, element: { name: string; value: string }): boolean {
  const texts = [input.query, ...input.earlierQueries, ...input.earlierAnswers];
  const forms: Json[] = [element.value, ...(/^-?\d+(?:\.\d+)?$/.test(element.value) ? [Number(element.value)] : [])];
  const literal = texts.some((text) => findWhole(foldText(text), foldText(element.value)).length > 0);
  return literal || forms.some((value) => derive({ name: element.name, kind: 'pick', value, schema: {} }, texts, input.today).kind === 'stated');
}

function checkWording(input: QueryCheck, needs: readonly Need[]): string[] {
  const labels = askLabels(input).map(({ label }) => label);
  const allowed = [...needs.map((need) => need.value), ...earlierCalls(input.spec, input.turn).flatMap((call) => Object.values(call.args)), ...input.facts.map((fact) => fact.value)];
  const own = ownWording(input.query, allowed);
  const hidden = hiddenValuesIn(input.query, input, [...input.earlierQueries, ...input.earlierAnswers, ...labels]);
  return [
    ...namedTools(own, input.tools, { spaced: input.mode === 'hard' }).map((name) => `the message names the tool ${name}; a user does not know it`),
    ...(input.mode === 'hard' && listsSteps(input.query) && !allowed.some((value) => typeof value === 'string' && listsSteps(value)) ? ['the message lists steps; ask for the goal only'] : []),
    ...[...new Set(scaffoldingWords(own))].map((word) => `the message says ${JSON.stringify(word)}; a user asks a person, not a program`),
    ...hidden.map((value) => `the message gives away ${JSON.stringify(value)}, which the user cannot know; leave it out`),
  ];
}
