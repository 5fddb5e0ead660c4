import { getAt, isObject, jsonEqual, setAt, toPointer, type Json, type JsonObject, type JsonSchema } from '../core/json';
import type { Rng } from '../core/random';
import { matchFinal, matchResponse, type StepError } from '../core/refine/match';
import type { Call, ToolDoc } from '../core/tool';
import type { GoldCall, TraceSpec } from '../core/trace';
import type { Slip } from './fault-plan';
import type { Position } from './position';
import { argumentLeaves, answerFor, askedIn, callFor, dueCalls, madeUp, poorAnswer, type Response } from './response';

export interface Scene {
  position: Position;
  spec: TraceSpec;
  /** The right response, which goes wrong here. */
  due: Response;
  rng: Rng;
}

/** The response of the first kind in the list that fits the step. A kind fits when the result is wrong indeed. */
export function slip(kinds: readonly Slip[], scene: Scene): { kind: Slip; response: Response } | undefined {
  for (const kind of kinds) {
    const response = MADE[kind](scene);
    if (response && isWrong(response, scene)) return { kind, response };
  }
  return undefined;
}

/** Whether this feedback names the type and the place of what is wrong with the response: only then is it put right. */
export function isNamed(feedback: string | undefined, response: Response, scene: Pick<Scene, 'position' | 'spec'>): boolean {
  if (feedback === undefined) return false;
  if (response.kind === 'malformed' || response.kind === 'refusal' || response.kind === 'empty') return /could not be read/.test(feedback);
  const type = /^Error type: (.+)$/m.exec(feedback)?.[1]?.trim();
  const place = /^Where: (.+)$/m.exec(feedback)?.[1]?.trim();
  if (type === undefined || place === undefined) return false;
  const named = (error: Pick<StepError, 'type' | 'location'>): boolean => error.type === type && place.startsWith(error.location.split(',')[0] as string);
  return errorsOf(response, scene).some(named);
}

function errorsOf(response: Response, { position, spec }: Pick<Scene, 'position' | 'spec'>): Pick<StepError, 'type' | 'location'>[] {
  const at = { spec, turn: position.turn, answered: position.answered };
  if (response.kind === 'calls') {
    // A campaign may compare by `sequence`; feedback then names what that comparison sees.
    const matches = (['partial-order', 'sequence'] as const).map((mode) => matchResponse({ ...at, calls: response.calls, tools: position.docs, mode }));
    return matches.flatMap((match) => (match.right ? [] : match.errors));
  }
  const match = matchFinal(at);
  return match.right ? [{ type: 'incorrect_parameter', location: 'the final answer' }] : match.errors;
}

function isWrong(response: Response, { position, spec }: Scene): boolean {
  if (response.kind !== 'calls') return true;
  return !matchResponse({ spec, turn: position.turn, answered: position.answered, calls: response.calls, tools: position.docs, mode: 'partial-order' }).right;
}

// --- the kinds ------------------------------------------------------------------------------------------------------

const MADE: { [kind in Slip]: (scene: Scene) => Response | undefined } = {
  wrong_tool: (scene) => withCalls(otherTool(scene)),
  missing_call: ({ position, spec, rng }) => (position.remaining.length === 0 ? undefined : { kind: 'answer', text: answerFor(askedIn(spec, position.turn), position, rng) }),
  incorrect_parameter: (scene) => (scene.due.kind === 'answer' ? poor(scene) : withCalls(changedArgument(scene))),
  wrong_order: (scene) => withCalls(swapped(scene) ?? tooSoon(scene)),
  type_mismatch: (scene) => withCalls(mistyped(scene)),
  missing_dependency: (scene) => withCalls(skippedLookUp(scene)),
  malformed: ({ due }) => (due.kind === 'calls' ? { kind: 'malformed', calls: due.calls } : undefined),
  refusal: () => ({ kind: 'refusal' }),
  empty: () => ({ kind: 'empty' }),
};

const withCalls = (calls: Call[] | undefined): Response | undefined => (calls && calls.length > 0 ? { kind: 'calls', calls } : undefined);

function poor({ position, spec, rng }: Scene): Response | undefined {
  const text = poorAnswer(askedIn(spec, position.turn), position, rng);
  return text === undefined ? undefined : { kind: 'answer', text };
}

/** A tool that no remaining call uses, with arguments that look right; a call made before when the list has no other. */
function otherTool({ position, spec, due, rng }: Scene): Call[] | undefined {
  const wanted = new Set(position.remaining.map((call) => call.tool));
  const others = position.docs.filter((doc) => !wanted.has(doc.name));
  const rest = due.kind === 'calls' ? due.calls.slice(1) : [];
  const made = spec.calls.find((call) => position.answered.includes(call.id));
  if (others.length === 0) return made && [{ tool: made.tool, args: made.args }, ...rest];
  const doc = rng.pick(others);
  return [{ tool: doc.name, args: likelyArguments(doc, position) }, ...rest];
}

function likelyArguments(doc: ToolDoc, position: Position): JsonObject {
  const properties = isObject(doc.input.properties) ? doc.input.properties : {};
  const required = Array.isArray(doc.input.required) ? doc.input.required : [];
  const known = position.remaining.flatMap((call) => argumentLeaves(callFor(call, position)));
  return Object.fromEntries(Object.entries(properties).filter(([name]) => required.includes(name)).map(([name, schema]): [string, Json] => {
    const same = known.find((leaf) => leaf.pointer === `/${name}`);
    return [name, same?.value ?? likelyValue(name, isObject(schema) ? schema : {})];
  }));
}

function likelyValue(name: string, schema: JsonSchema): Json {
  if (Array.isArray(schema.enum) && schema.enum.length > 0) return schema.enum[0] as Json;
  if (schema.type === 'integer' || schema.type === 'number') return typeof schema.minimum === 'number' ? schema.minimum : 1;
  if (schema.type === 'boolean') return true;
  if (schema.type === 'array') return [];
  if (schema.type === 'object') return {};
  return madeUp(`/${name}`, '');
}

function changedArgument(scene: Scene): Call[] | undefined {
  return withLeaf(scene, (value, pointer, call) => {
    const choices = enumAt(scene.position.docs, call.tool, pointer).filter((choice) => choice !== value && typeof choice === typeof value);
    if (choices.length > 0) return scene.rng.pick(choices);
    if (typeof value === 'number') return value + 1;
    if (typeof value === 'boolean') return !value;
    return typeof value === 'string' ? changedText(value) : undefined;
  });
}

/** The next day, the next hour, else the text without its last letter. */
function changedText(text: string): string {
  const day = /^(\d{4}-\d{2}-)(\d{2})(.*)$/s.exec(text);
  if (day) return `${day[1]}${day[2] === '28' ? '27' : '28'}${day[3]}`;
  return text.length > 3 ? text.slice(0, -1) : `${text}1`;
}

function mistyped(scene: Scene): Call[] | undefined {
  const asText = withLeaf(scene, (value) => (typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined));
  return asText ?? withLeaf(scene, (value) => (typeof value === 'string' ? [value] : undefined));
}

/** Changes one argument of one call of the response. */
function withLeaf({ due, rng }: Scene, change: (value: Json, pointer: string, call: Call) => Json | undefined): Call[] | undefined {
  if (due.kind !== 'calls') return undefined;
  const places = due.calls.flatMap((call, index) => argumentLeaves(call).map((leaf) => ({ ...leaf, call, index })));
  for (const { call, index, pointer, value } of rng.shuffle(places)) {
    const next = change(value, pointer, call);
    if (next === undefined || jsonEqual(next, value)) continue;
    return due.calls.map((other, at) => (at === index ? { tool: other.tool, args: setAt(other.args, pointer, next) as JsonObject } : other));
  }
  return undefined;
}

function enumAt(docs: readonly ToolDoc[], tool: string, pointer: string): Json[] {
  const schema = docs.find((doc) => doc.name === tool)?.input;
  const tokens = pointer.split('/').slice(1).flatMap((token) => (/^\d+$/.test(token) ? ['items'] : ['properties', token]));
  const choices = schema && getAt(schema, `${toPointer(tokens)}/enum`);
  return Array.isArray(choices) ? choices : [];
}

/** Two calls that depend on each other's state, the wrong way round. */
function swapped({ position, spec }: Scene): Call[] | undefined {
  const due = dueCalls(position, spec, 'all');
  const pair = spec.order.order.map(([earlier, later]) => [due.find((call) => call.id === earlier), due.find((call) => call.id === later)] as const).find(([earlier, later]) => earlier && later);
  const [earlier, later] = pair ?? [];
  return earlier && later && [callFor(later, position), callFor(earlier, position)];
}

/** Dependent calls in one response: the second one's looked-up value is made up. */
function tooSoon({ position, spec, due }: Scene): Call[] | undefined {
  const next = waiting(position, spec)[0];
  return next && due.kind === 'calls' ? [...due.calls, callFor(next, position)] : undefined;
}

/** A call whose look-up has not been made, alone. */
function skippedLookUp({ position, spec, rng }: Scene): Call[] | undefined {
  const open = waiting(position, spec);
  return open.length === 0 ? undefined : [callFor(rng.pick(open), position)];
}

function waiting(position: Position, spec: TraceSpec): GoldCall[] {
  const due = dueCalls(position, spec, 'all');
  return position.remaining.filter((call) => !due.includes(call));
}
