import { wordOverlap, wordsAt } from '../explore/names';
import type { PrereqGroup } from '../graph/graph';
import { canonicalJson, leavesOf, pointerTokens, wildcard, type Json, type JsonObject, type JsonSchema, type Leaf } from '../json';
import { choicesOf, entityAt, entityOf, fitsSchema, typeOfSchema } from '../schema';
import { toolKey, toolNamed, type KnownFact, type ToolDoc } from '../tool';
import type { ArgSource, Pick } from '../trace';
import { pickFor } from './pick';

/** A successful earlier call of the walk, in order. */
export interface Answered {
  id: string;
  tool: string;
  args: JsonObject;
  value: Json;
}

/** A leaf of an output with what is asked of it again and again. */
interface IndexedLeaf extends Leaf {
  /** Canonical JSON of the value. */
  text: string;
  /** Wildcard pointer. */
  place: string;
}

// Walks ask the same outputs many times; the index hangs on the value, so it lives as long as the value does.
const indexes = new WeakMap<object, IndexedLeaf[]>();

function indexedLeaves(value: Json): IndexedLeaf[] {
  const build = (): IndexedLeaf[] => leavesOf(value).map((leaf) => ({ ...leaf, text: canonicalJson(leaf.value), place: wildcard(leaf.pointer) }));
  if (value === null || typeof value !== 'object') return build();
  const known = indexes.get(value) ?? build();
  indexes.set(value, known);
  return known;
}

export type Scalar = null | boolean | number | string;

/** Where a value for a parameter could come from; becomes an `ArgSource` once its pointer is known. */
export type Origin =
  | { kind: 'fact'; fact: string }
  | { kind: 'output'; call: string; path: string; pick?: Pick }
  | { kind: 'default' }
  | { kind: 'sample' };

export interface Candidate {
  value: Scalar;
  origin: Origin;
  /** Two parameters of one call may not share a value of the same kind (`from` and `to` are two stations). */
  sort: string;
  /** Lower is taken first: given to this tool before, given to any call before, calls since it was made. */
  worn: [number, number, number];
}

/** One scalar parameter of a tool: what candidates are looked up for. */
export interface ParameterPlace {
  tool: ToolDoc;
  /** Concrete pointer into the arguments. */
  pointer: string;
  schema: JsonSchema;
}

/** What earlier calls of the walk offer; built once per proposal. */
export interface Offer {
  world: string;
  tools: readonly ToolDoc[];
  answered: readonly Answered[];
  facts: readonly KnownFact[];
  /** A value from a list of several needs an attribute by which a user can name its element. */
  needsPick: boolean;
}

export const sourceOf = (pointer: string, origin: Origin): ArgSource => ({ ...origin, pointer });

/** Outputs of the group's members at their paths: what the graph says feeds this parameter. */
export function memberCandidates(place: ParameterPlace, groups: readonly PrereqGroup[], offer: Offer): Candidate[] {
  const members = new Set(groups.flatMap((group) => group.members.map((member) => `${member.tool} ${member.outPath ?? ''}`)));
  if (members.size === 0) return [];
  return outputCandidates(place, offer, (call, path) => members.has(`${toolKey(offer.world, call.tool)} ${path}`));
}

/** Facts of the parameter's entity, or that list the parameter. A list fact fills a list parameter item by item. */
export function factCandidates(place: ParameterPlace, offer: Offer): Candidate[] {
  const entity = entityOf(place.schema);
  return offer.facts
    .filter((fact) => (entity !== undefined && fact.entity === entity) || listsParameter(fact, place))
    .flatMap((fact): Candidate[] => {
      const value = factValueAt(fact, place.pointer);
      if (value === undefined || !fitsSchema(place.schema, value)) return [];
      return [{ value, origin: { kind: 'fact', fact: fact.name }, sort: entity ?? '', worn: wear(place, offer, value, 0) }];
    });
}

function listsParameter(fact: KnownFact, { tool, pointer }: ParameterPlace): boolean {
  const path = pointerTokens(pointer).filter((token) => !/^\d+$/.test(token));
  const names = [path.join('.'), path.at(-1) ?? ''];
  return (fact.params ?? []).some((param) => names.some((name) => param === name || param === `${tool.name}.${name}`));
}

/** The scalar a fact gives at an argument pointer: the fact itself, or the item at the pointer's end when the fact is a list or object. */
export function factValueAt(fact: KnownFact, pointer: string): Scalar | undefined {
  const leaves = leavesOf(fact.value);
  const isScalar = leaves.length === 1 && leaves[0]?.pointer === '';
  if (isScalar) return leaves[0]?.value;
  return leaves.find((leaf) => pointer.endsWith(leaf.pointer))?.value;
}

/** What the schema itself offers: members of an enumeration, Booleans, small numbers within the learnt or published range. */
export function schemaCandidates(place: ParameterPlace, learnt: { min?: number; max?: number } | undefined, offer: Offer): Candidate[] {
  const choices = choicesOf(place.schema);
  const values = choices.length > 0 ? choices : isIdentifier(place, offer) ? [] : smallNumbers(place.schema, learnt);
  return values.filter(isScalar).map((value) => ({ value, origin: { kind: 'sample' }, sort: '', worn: wear(place, offer, value, 0) }));
}

/** A number that names a thing which some tool gives out is never guessed: what lacks it has to be looked up. */
function isIdentifier(place: ParameterPlace, offer: Offer): boolean {
  const entity = entityOf(place.schema);
  return entity !== undefined && offer.tools.some((tool) => outputTags(tool).has(entity));
}

function smallNumbers(schema: JsonSchema, learnt: { min?: number; max?: number } | undefined): number[] {
  const type = typeOfSchema(schema);
  if (type !== 'integer' && type !== 'number') return [];
  const low = Math.ceil(learnt?.min ?? numberOr(schema.minimum, numberOr(schema.exclusiveMinimum, 0) + 1));
  const high = Math.floor(Math.min(learnt?.max ?? Infinity, numberOr(schema.maximum, Infinity), low + 4));
  return Array.from({ length: Math.max(0, high - low + 1) }, (_, index) => low + index).filter((value) => fitsSchema(schema, value));
}

const numberOr = (value: Json | undefined, otherwise: number): number => (typeof value === 'number' ? value : otherwise);

/** Earlier outputs with the parameter's entity tag. */
export function entityCandidates(place: ParameterPlace, offer: Offer): Candidate[] {
  const entity = entityOf(place.schema);
  if (entity === undefined) return [];
  return unknown(offer, outputCandidates(place, offer, (call, path) => outputEntity(offer, call, path) === entity));
}

/**
 * Earlier outputs whose property name shares words with the parameter's, `atLeast` 0 … 1; places tagged with another
 * entity are out. Where some tool tags an output with the parameter's entity, names have no say.
 */
export function namesakeCandidates(place: ParameterPlace, atLeast: number, offer: Offer): Candidate[] {
  const words = wordsAt(place.pointer, place.tool.name);
  const entity = entityOf(place.schema);
  if (entity !== undefined && offer.tools.some((tool) => outputTags(tool).has(entity))) return [];
  return unknown(offer, outputCandidates(place, offer, (call, path) => {
    const other = outputEntity(offer, call, path);
    if (other !== undefined && entity !== undefined && other !== entity) return false;
    return wordOverlap(words, wordsAt(path, call.tool)) >= atLeast;
  }));
}

const tagsOf = new WeakMap<ToolDoc, Set<string>>();

/** Entity tags anywhere in the tool's output schema. */
function outputTags(tool: ToolDoc): Set<string> {
  const known = tagsOf.get(tool) ?? new Set(leavesOf(tool.output ?? {}).flatMap((leaf) => (leaf.pointer.endsWith('/entity') ? [String(leaf.value)] : [])));
  tagsOf.set(tool, known);
  return known;
}

/** Any earlier text output of the right type: the last resort of exploration, where tags and names are silent. */
export function anyTextCandidates(place: ParameterPlace, offer: Offer): Candidate[] {
  if (typeOfSchema(place.schema) !== 'string' || entityOf(place.schema) !== undefined) return [];
  return unknown(offer, outputCandidates(place, offer, (call, path) => outputEntity(offer, call, path) === undefined));
}

const LONGEST_REFERENCE = 200;

/** `wanted` sees a call and a wildcard pointer into its output. */
function outputCandidates(place: ParameterPlace, offer: Offer, wanted: (call: Answered, path: string) => boolean): Candidate[] {
  const found = new Map<string, Candidate>();
  offer.answered.forEach((call, index) => {
    const judged = new Map<string, boolean>();
    const isWanted = (path: string): boolean => judged.get(path) ?? judged.set(path, wanted(call, path)).get(path) === true;
    const given = new Set(indexedLeaves(call.args).map((leaf) => leaf.text));
    for (const { pointer: path, place: shape, value, text } of indexedLeaves(call.value)) {
      // The earliest holder that was not told the value is its origin; later ones repeat it.
      if (!isReference(value) || given.has(text) || found.has(text) || !isWanted(shape) || !fitsSchema(place.schema, value)) continue;
      const pick = pickFor(call.value, path, offer.needsPick ? 'no-codes' : 'codes');
      if (pick === undefined && offer.needsPick) continue;
      found.set(text, {
        value,
        origin: { kind: 'output', call: call.id, path, ...(pick === undefined || pick === 'none' ? {} : { pick }) },
        sort: entityOf(place.schema) ?? `${call.tool} ${shape}`,
        worn: wear(place, offer, value, offer.answered.length - index),
      });
    }
  });
  return [...found.values()];
}

const isReference = (value: Scalar): boolean =>
  typeof value === 'number' || (typeof value === 'string' && value !== '' && value.length <= LONGEST_REFERENCE);

const isScalar = (value: Json): value is Scalar => value === null || typeof value !== 'object';

const outputEntity = (offer: Offer, call: Answered, path: string): string | undefined => entityAt(toolNamed(offer.tools, call.tool)?.output, path);

// A value that the user knows comes from the user, not from the output that repeats it.
function unknown(offer: Offer, candidates: Candidate[]): Candidate[] {
  if (candidates.length === 0) return candidates;
  const known = new Set(offer.facts.flatMap((fact) => leavesOf(fact.value).map((leaf) => leaf.value)));
  return candidates.filter((candidate) => !known.has(candidate.value));
}

function wear(place: ParameterPlace, offer: Offer, value: Scalar, age: number): [number, number, number] {
  const uses = offer.answered.filter((call) => indexedLeaves(call.args).some((leaf) => leaf.value === value));
  return [uses.some((call) => call.tool === place.tool.name) ? 1 : 0, uses.length > 0 ? 1 : 0, age];
}
