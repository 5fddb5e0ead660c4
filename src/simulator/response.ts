import { tryJson } from '../core/chat/parse';
import { getAt, isObject, leavesOf, setAt, type Json, type JsonObject } from '../core/json';
import type { Rng } from '../core/random';
import { containsText, states } from '../core/refine/values';
import type { Call } from '../core/tool';
import type { Ask, GoldCall, TraceSpec } from '../core/trace';
import type { StepPlan } from './fault-plan';
import type { Position } from './position';

/** What a Reasoner or target is about to say. */
export type Response =
  | { kind: 'calls'; calls: Call[] }
  | { kind: 'answer'; text: string }
  | { kind: 'malformed'; calls: Call[] }
  | { kind: 'refusal' }
  | { kind: 'empty' };

/** The right response at this point, as far as the prompt allows it: the calls that are due, else the final answer. */
export function dueResponse(input: { position: Position; spec: TraceSpec; style: StepPlan['style']; rng: Rng }): Response {
  const { position, spec } = input;
  if (position.remaining.length === 0) return { kind: 'answer', text: answerFor(askedIn(spec, position.turn), position, input.rng) };
  return { kind: 'calls', calls: dueCalls(position, spec, input.style).map((gold) => callFor(gold, position)) };
}

export const askedIn = (spec: TraceSpec, turn: number): Ask[] => spec.turns[turn]?.asks ?? [];

/** Gold calls whose data predecessors are answered and whose order predecessors come before them. */
export function dueCalls(position: Position, spec: TraceSpec, style: StepPlan['style']): GoldCall[] {
  const open = new Set(position.remaining.map((call) => call.id));
  const before = (pairs: readonly [string, string][], id: string): string[] => pairs.filter(([earlier, later]) => later === id && open.has(earlier)).map(([earlier]) => earlier);
  const due: GoldCall[] = [];
  for (const gold of position.remaining) {
    const isDue = before(spec.order.data, gold.id).length === 0 && before(spec.order.order, gold.id).every((id) => due.some((other) => other.id === id));
    if (isDue) due.push(gold);
    else if (style === 'prefix') break;
    if (style === 'one' && due.length === 1) break;
  }
  return due;
}

/** The gold call, with every argument that comes from an output made up unless its value stands in the prompt. */
export function callFor(gold: GoldCall, position: Position): Call {
  const lookedUp = gold.sources.filter((source) => source.kind === 'output');
  const args = lookedUp.reduce<Json>((here, { pointer }) => {
    const value = getAt(here, pointer);
    return value === undefined || stands(value, position.shown) ? here : setAt(here, pointer, madeUp(pointer, value));
  }, gold.args);
  return { tool: gold.tool, args: args as JsonObject };
}

/** True when the value stands in the text as it is, or as JSON writes it. */
function stands(value: Json, text: string): boolean {
  if (value === null || typeof value === 'boolean') return true;
  const forms = [String(value), JSON.stringify(value).replace(/^"|"$/g, '')];
  return forms.some((form) => text.includes(form));
}

/** A value of the same type that somebody could have guessed: `STATION-101` for `/station`. */
export function madeUp(pointer: string, like: Json): Json {
  if (typeof like === 'number') return like === 101 ? 102 : 101;
  if (typeof like === 'boolean') return !like;
  const name = pointer.split('/').filter((token) => token !== '' && !/^\d+$/.test(token)).at(-1) ?? 'value';
  return `${name.replace(/_?(?:id|code)$/i, '').toUpperCase() || 'ID'}-101`;
}

// --- final answers --------------------------------------------------------------------------------------------------

/** A short answer with every asked value that a tool message holds; what was never looked up cannot be said. */
export function answerFor(asks: readonly Ask[], position: Position, rng: Rng): string {
  const found = asks.filter((ask) => position.results.some((text) => holds(text, ask)));
  if (found.length === 0) return rng.pick(['That is done.', 'All done, as you wished.', 'I have taken care of it.']);
  const opening = rng.pick(['That is done.', 'Here is what you asked for.', 'All settled.']);
  return [opening, ...found.map((ask) => sentenceFor(ask))].join(' ');
}

/** True when a tool message holds the asked value under its own name; a small number stands in many places by chance. */
function holds(text: string, ask: Ask): boolean {
  const result = tryJson(text);
  if (!isObject(result) && !Array.isArray(result)) return stands(ask.value, text);
  return leavesOf(result).some((leaf) => leaf.value === ask.value && lastName(leaf.pointer) === lastName(ask.path));
}

const lastName = (pointer: string): string | undefined => pointer.split('/').filter((token) => !/^\d+$/.test(token)).at(-1);

/** The first way of saying it that states the value beyond doubt. */
function sentenceFor(ask: Ask): string {
  const name = ask.label.replace(/\s*\([^)]*\)/g, '');
  const short = name.replace(/ of the one whose .*$/s, '');
  const value = ask.value === null ? 'none' : typeof ask.value === 'boolean' ? (ask.value ? 'yes' : 'no') : String(ask.value);
  const forms = [`The ${name} is ${value}.`, `${capital(name)}: ${value}.`, `The ${short} is ${value}.`, `${capital(short)}: ${value}.`, `${ask.label}: ${value}`, `${value}.`];
  return forms.find((text) => states(text, ask.value, ask.label)) ?? `${capital(name)}: ${value}.`;
}

const capital = (text: string): string => (text === '' ? text : (text[0] as string).toUpperCase() + text.slice(1));

/** An answer that lacks what was asked for; with nothing asked for, one that states what nobody has said. */
export function poorAnswer(asks: readonly Ask[], position: Position, rng: Rng): string | undefined {
  if (asks.length > 0) {
    const text = answerFor(asks.slice(0, -1), position, rng);
    return asks.every((ask) => states(text, ask.value, ask.label)) ? undefined : text;
  }
  const number = ['7391', '8264', '9137'].find((candidate) => !containsText(position.shown, candidate));
  return number && `That is done, under the number ${number}.`;
}

/** Scalars of a call's arguments with their places. */
export const argumentLeaves = (call: Call): { pointer: string; value: Json }[] => leavesOf(call.args);
