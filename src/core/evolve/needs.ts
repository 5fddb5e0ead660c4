import { getAt, isObject, leavesOf, pointerTokens, toPointer, type Json, type JsonSchema } from '../json';
import { toolNamed, type KnownFact, type ToolDoc } from '../tool';
import type { ArgSource, Ask, GoldCall, TraceSpec } from '../trace';
import type { StatedValue } from './derivable';

/**
 * A value of a turn's gold calls that no call produces, so that only the user can give it: an argument leaf with a fact
 * or a sample, or the attribute by which one element of a list is picked. Schema defaults are not needed.
 */
export interface Need extends StatedValue {
  kind: 'fact' | 'sample' | 'pick';
  call: string;
  /** RFC 6901 pointer in the call's args; for a pick the pointer of the argument it decides, `#`, and the attribute's pointer in the element: `/connection_id#/departs`. */
  argument: string;
  /** What it is, in words a user would understand. */
  meaning: string;
  /** What it serves: where its call's result goes in this turn, else its own call. Tells `from` and `to` apart when both are cities. */
  usedFor: string;
  /** Name of the fact, when it is one. */
  fact?: string;
}

/** `c3/connection_id#/departs`: names a need in reasons, claims and the caller's lists. */
export const needId = (need: { call: string; argument: string }): string => `${need.call}${need.argument}`;

export interface Scene {
  spec: TraceSpec;
  /** Zero-based. */
  turn: number;
  tools: readonly ToolDoc[];
  facts: readonly KnownFact[];
}

/** The gold calls of a turn, in sampled order. */
export function turnCalls(spec: TraceSpec, turn: number): GoldCall[] {
  const ids = turnOf(spec, turn).calls;
  return spec.calls.filter((call) => ids.includes(call.id));
}

export const turnAsks = (spec: TraceSpec, turn: number): Ask[] => turnOf(spec, turn).asks;

function turnOf(spec: TraceSpec, turn: number): TraceSpec['turns'][number] {
  const found = spec.turns[turn];
  if (!found) throw new Error(`Expected a turn from 0 to ${spec.turns.length - 1} of item ${spec.item}, got ${turn}`);
  return found;
}

/** The gold calls of all turns before this one. */
export const earlierCalls = (spec: TraceSpec, turn: number): GoldCall[] => spec.turns.slice(0, turn).flatMap((_, index) => turnCalls(spec, index));

/** Everything the user has to state in this turn, in call order. */
export function needsOf(scene: Scene): Need[] {
  return [
    ...turnCalls(scene.spec, scene.turn).flatMap((call) => call.sources.flatMap((source) => needOf(scene, call, source))),
    ...turnAsks(scene.spec, scene.turn).flatMap((ask) => askedElement(scene, ask)),
  ];
}

/** An asked output that lies in a list: only the user can say of which element. */
function askedElement(scene: Scene, ask: Ask): Need[] {
  const call = scene.spec.calls.find((candidate) => candidate.id === ask.call);
  if (!ask.pick || !call) return [];
  const { name, schema, listed, meaning, attribute } = elementOf(scene, call, ask.path, ask.pick);
  return [{ call: call.id, argument: `asked${ask.path}#${attribute}`, kind: 'pick', value: ask.pick.value, name, schema, meaning, usedFor: `the asked output: ${nameAt(ask.path).replace(/_/g, ' ')}`, ...(listed && { listed }) }];
}

function needOf(scene: Scene, call: GoldCall, source: ArgSource): Need[] {
  if (source.kind === 'default') return [];
  if (source.kind === 'output') return source.pick ? [pickNeed(scene, call, { ...source, pick: source.pick })] : [];
  const value = getAt(call.args, source.pointer);
  if (value === undefined) return [];
  const schema = schemaAt(inputOf(scene.tools, call.tool), source.pointer);
  const fact = source.kind === 'fact' ? scene.facts.find((candidate) => candidate.name === source.fact) : undefined;
  const name = nameAt(source.pointer);
  return [{
    call: call.id, argument: source.pointer, kind: source.kind, value, name, schema,
    meaning: meaningOf(fact?.about, schema, name),
    usedFor: usedFor(scene, call, source.pointer),
    ...(fact && { fact: fact.name }),
    ...(fact && { listed: listedFacts(scene.facts, fact) }),
    beside: besideIn(call, source.pointer),
  }];
}

/** Facts of one entity are listed when the seed has several. */
function listedFacts(facts: readonly KnownFact[], fact: KnownFact): Json[] | undefined {
  const same = fact.entity === undefined ? [] : facts.filter((other) => other.entity === fact.entity);
  return same.length > 1 ? same.map((other) => other.value) : undefined;
}

/** The other members of the same list of scalars. */
function besideIn(call: GoldCall, pointer: string): Json[] {
  const tokens = pointerTokens(pointer);
  if (!/^\d+$/.test(tokens.at(-1) ?? '')) return [];
  const list = getAt(call.args, toPointer(tokens.slice(0, -1)));
  return Array.isArray(list) ? list.filter((_, index) => String(index) !== tokens.at(-1)) : [];
}

type PickedSource = Extract<ArgSource, { kind: 'output' }> & { pick: { path: string; value: Json } };

function pickNeed(scene: Scene, call: GoldCall, source: PickedSource): Need {
  const producer = scene.spec.calls.find((candidate) => candidate.id === source.call);
  if (!producer) throw new Error(`Expected ${call.id}${source.pointer} to come from a call of the trace, got ${source.call}`);
  const { name, schema, listed, meaning, attribute } = elementOf(scene, producer, source.path, source.pick);
  return {
    call: call.id, argument: `${source.pointer}#${attribute}`, kind: 'pick', value: source.pick.value, name, schema, meaning,
    usedFor: usedFor(scene, call, source.pointer),
    ...(listed && { listed }),
  };
}

/** The attribute that singles out a list element of a producer's result, and what it is among. */
function elementOf(scene: Scene, producer: GoldCall, path: string, pick: { path: string; value: Json }): Pick<Need, 'name' | 'schema' | 'listed' | 'meaning'> & { attribute: string } {
  const { list, attribute } = splitPick(path, pick.path);
  const elements = getAt(producer.result, list);
  const listed = Array.isArray(elements) ? elements.map((element) => getAt(element, attribute)).filter((value) => value !== undefined) : undefined;
  const schema = schemaAt(toolNamed(scene.tools, producer.tool)?.output ?? {}, pick.path);
  const name = nameAt(attribute);
  return { attribute, name, schema, listed, meaning: `which one: the one whose ${name.replace(/_/g, ' ')} is this${schema.description === undefined ? '' : ` (${String(schema.description)})`}` };
}

/** `from (Station code of departure), in: Lists trains between two stations.` */
function usedFor(scene: Scene, call: GoldCall, pointer: string): string {
  const consumers = turnCalls(scene.spec, scene.turn).flatMap((later) => later.sources
    .filter((source) => source.kind === 'output' && source.call === call.id)
    .map((source) => place(scene, later.tool, source.pointer)));
  return consumers.length > 0 ? [...new Set(consumers)].join('; ') : place(scene, call.tool, pointer);
}

function place(scene: Scene, toolName: string, pointer: string): string {
  const { description } = schemaAt(inputOf(scene.tools, toolName), pointer);
  return `${nameAt(pointer).replace(/_/g, ' ')}${typeof description === 'string' ? ` (${description})` : ''}, in: ${purposeOf(scene.tools, toolName)}`;
}

/** The first sentence of a tool's description. */
export const purposeOf = (tools: readonly ToolDoc[], name: string): string =>
  (toolNamed(tools, name)?.description.trim() || name.replace(/_/g, ' ')).split(/(?<=[.!?])\s/)[0] as string;

/** The list element that both paths share: `/trains/2/id` and `/trains/2/departs` give `/trains` and `/departs`. */
export function splitPick(path: string, pickPath: string): { list: string; attribute: string } {
  const of = pointerTokens(path);
  const tokens = pointerTokens(pickPath);
  let shared = 0;
  while (shared < tokens.length - 1 && tokens[shared] === of[shared]) shared++;
  // The element is the last position within the shared part.
  while (shared > 0 && !/^\d+$/.test(tokens[shared - 1] as string)) shared--;
  return { list: toPointer(tokens.slice(0, Math.max(shared - 1, 0))), attribute: toPointer(tokens.slice(shared)) };
}

/** The argument's own name: `/labels/0` is `labels`, the whole value is `value`. */
export const nameAt = (pointer: string): string => pointerTokens(pointer).filter((token) => !/^\d+$/.test(token)).at(-1) ?? 'value';

const meaningOf = (about: string | undefined, schema: JsonSchema, name: string): string =>
  about ?? (typeof schema.description === 'string' && schema.description !== '' ? schema.description : name.replace(/_/g, ' '));

const inputOf = (tools: readonly ToolDoc[], name: string): JsonSchema => toolNamed(tools, name)?.input ?? {};

/** The subschema that describes the value at a pointer; `{}` where the schema does not say. Nullable unions are looked through. */
export function schemaAt(schema: JsonSchema, pointer: string): JsonSchema {
  let here = schema;
  for (const token of pointerTokens(pointer)) {
    const options = [here, ...unionOf(here)];
    const next = options.map((option) => stepInto(option, token)).find((step) => step !== undefined);
    if (!next) return {};
    here = next;
  }
  const alternative = unionOf(here).find((option) => option.enum !== undefined || (option.type !== undefined && option.type !== 'null'));
  return alternative && here.enum === undefined ? { ...alternative, ...here } : here;
}

const unionOf = (schema: JsonSchema): JsonSchema[] => [schema.anyOf, schema.oneOf].flatMap((list) => (Array.isArray(list) ? list.filter(isObject) : []));

function stepInto(schema: JsonSchema, token: string): JsonSchema | undefined {
  const property = isObject(schema.properties) ? schema.properties[token] : undefined;
  if (isObject(property)) return property;
  if (/^\d+$/.test(token) && isObject(schema.items)) return schema.items;
  return isObject(schema.additionalProperties) ? schema.additionalProperties : undefined;
}

/** Pointers of a call's arguments that an earlier call produced: hidden from the user, never bound, never stated. */
export const producedArguments = (call: GoldCall): string[] => call.sources.filter((source) => source.kind === 'output').map((source) => source.pointer);

/** Every scalar of an execution result. */
export const scalarsOf = (value: Json): Json[] => leavesOf(value).map((leaf) => leaf.value);

/** `price (in euros)`; where a turn asks for the same thing twice, the facts given to its call tell them apart. */
export function askLabels(scene: Scene): { id: string; label: string; ask: Ask }[] {
  const asks = turnAsks(scene.spec, scene.turn);
  const needs = needsOf(scene);
  return asks.map((ask) => {
    const twice = asks.some((other) => other !== ask && other.label === ask.label);
    const given = needs.filter((need) => need.call === ask.call).map((need) => `${need.name.replace(/_/g, ' ')} ${String(need.value)}`);
    const label = twice && given.length > 0 ? `${ask.label}, for ${given.join(', ')}` : ask.label;
    return { id: `ask:${ask.call}${ask.path}`, label, ask };
  });
}
