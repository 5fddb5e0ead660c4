import { isObject, type Json, type JsonObject, type JsonSchema } from '../../../core/json';
import { createRng } from '../../../core/random';
import { choicesOf, resolveSchema, typeOfSchema } from '../../../core/schema';
import type { KnownFact } from '../../../core/tool';
import { sha256 } from '../../../digest';
import type { Resource, SimulatedApi, SimulatedTool } from './api';
import { sampleId, sampleValue } from './sample-value';

/** One thing of a table: its value as stored, and the key of the one it lies under. */
export interface Stored {
  parent: string | null;
  value: JsonObject;
}

export type Table = { readonly [key: string]: Stored };

/** The whole state of a simulated world; the tables' keys are ids as texts. */
export interface SimulatedState {
  /** The secret of the seed: ids and hidden values are derived from it. */
  salt: string;
  scopes: { readonly [name: string]: Json };
  tables: { readonly [resource: string]: Table };
}

// Enough that a list has to be read, few enough that an answer stays short.
const TOP_LEVEL: readonly [number, number] = [3, 5];
const PER_PARENT: readonly [number, number] = [1, 3];
const PARENTS_WITH_CHILDREN = 3;

/** The initial state of a seed: some things of every kind, children under their parents, references to what is there. */
export function populate(api: SimulatedApi, seed: number): SimulatedState {
  const salt = sha256(`${api.name}/${seed}`).slice(0, 16);
  const rng = createRng(`${api.name}/${seed}/population`);
  const scopes = Object.fromEntries(api.scopes.map((scope) => [scope.name, sampleScope(scope.schema, scope.name, `${salt}/scope/${scope.name}`)]));
  const tables: { [resource: string]: Table } = {};
  for (const resource of api.resources) {
    const parents = resource.parent === undefined ? [null] : Object.keys(tables[resource.parent] ?? {}).slice(0, PARENTS_WITH_CHILDREN);
    const table: { [key: string]: Stored } = {};
    for (const parent of parents) {
      const [low, high] = parent === null ? TOP_LEVEL : PER_PARENT;
      const count = rng.int(low, high);
      for (let at = 0; at < count; at++) if (!addOne({ resource, table, parent, meaning: `${salt}/${resource.name}/${parent ?? ''}/${at}` })) break;
    }
    tables[resource.name] = table;
  }
  return { salt, scopes, tables: withReferences(api, tables, salt) };
}

function sampleScope(schema: JsonSchema, name: string, meaning: string): Json {
  const value = sampleValue(schema, name, { meaning, thing: name });
  return typeof value === 'object' || value === null || value === '' ? 'main' : value;
}

/** False when no id is left for it. */
function addOne(input: { resource: Resource; table: { [key: string]: Stored }; parent: string | null; meaning: string }): boolean {
  const { resource, table, parent, meaning } = input;
  const value = newThing(resource, meaning, {});
  const id = freeId({ resource, table, meaning, drawn: value[resource.id] as Json });
  if (id === undefined) return false;
  table[String(id)] = { parent, value: { ...value, [resource.id]: id } };
  return true;
}

// A schema may allow a handful of ids, or one.
const MOST_DRAWS = 200;

/** The drawn id, or another where that one is taken; `undefined` when draw after draw is taken. */
export function freeId(input: { resource: Resource; table: Table; meaning: string; drawn: Json }): Json | undefined {
  const { resource, table, meaning, drawn } = input;
  let id = drawn;
  for (let repeat = 1; Object.hasOwn(table, String(id)); repeat++) {
    if (repeat > MOST_DRAWS) return undefined;
    id = newId(resource, `${meaning}/${repeat}`);
  }
  return id;
}

/** A thing as its schema describes it, with `given` on top of what is drawn; its status is the first of its life. */
export function newThing(resource: Resource, meaning: string, given: JsonObject): JsonObject {
  const drawn = sampleValue(resource.entity, resource.name, { meaning, thing: resource.name }) as JsonObject;
  return { ...drawn, [resource.id]: resource.ownId ? ownIdOf(resource, meaning) : newId(resource, meaning), ...given };
}

const newId = (resource: Resource, meaning: string): Json => (resource.ownId ? ownIdOf(resource, meaning) : sampleId(idSchemaOf(resource), `${meaning}/id`));
const ownIdOf = (resource: Resource, meaning: string): Json => sampleValue(idSchemaOf(resource), resource.id, { meaning: `${meaning}/own-id`, thing: resource.name });

export function idSchemaOf(resource: Resource): JsonSchema {
  const property = isObject(resource.entity.properties) ? resource.entity.properties[resource.id] : undefined;
  return isObject(property) ? property : { type: 'string' };
}

/** What refers to another resource refers to one that exists; nothing is invented. */
function withReferences(api: SimulatedApi, tables: { [resource: string]: Table }, salt: string): { [resource: string]: Table } {
  const rng = createRng(`${salt}/references`);
  return Object.fromEntries(api.resources.map((resource) => {
    const table = tables[resource.name] ?? {};
    const links = Object.entries(resource.references);
    return [resource.name, Object.fromEntries(Object.entries(table).map(([key, stored]): [string, Stored] => {
      const values = links.flatMap(([property, target]): [string, Json][] => {
        const there = target === resource.parent && stored.parent !== null ? [stored.parent] : Object.keys(tables[target] ?? {});
        const chosen = there.length === 0 ? undefined : tables[target]?.[rng.pick(there)];
        const id = chosen?.value[api.resources.find((other) => other.name === target)?.id ?? ''];
        return id === undefined ? [] : [[property, id]];
      });
      return [key, { ...stored, value: { ...stored.value, ...Object.fromEntries(values) } }];
    }))];
  }));
}

/** Ids of several tools' inputs have no fact; everything else that only the user can decide has one. */
export function knownFacts(api: SimulatedApi, state: SimulatedState): KnownFact[] {
  const facts = api.scopes.map((scope): KnownFact => ({ name: scope.name, value: state.scopes[scope.name] as Json, about: scope.about, entity: scope.name }));
  const taken = new Set(facts.map(({ name }) => name));
  for (const tool of api.tools) {
    for (const fact of [...wishes(tool, state), ...filterFacts(api, tool, state)]) {
      if (taken.has(fact.name)) continue;
      taken.add(fact.name);
      facts.push(fact);
    }
  }
  return facts;
}

/** What the user wants a new or changed thing to be like: a value per open input. */
function wishes(tool: SimulatedTool, state: SimulatedState): KnownFact[] {
  if (tool.action === 'get' || tool.action === 'delete' || tool.action === 'list') return [];
  const inputs = isObject(tool.doc.input.properties) ? tool.doc.input.properties : {};
  const ids = new Set(tool.path.map(({ argument }) => argument));
  return Object.entries(inputs).filter(([name, schema]) => !ids.has(name) && isObject(schema) && schema.entity === undefined).flatMap(([name, schema]) =>
    openLeaves(resolveSchema(schema as JsonSchema), [name]).map(({ path, leaf }): KnownFact => ({
      name: `${tool.doc.name}_${path.join('_')}`.toLowerCase().replace(/[^a-z0-9_]/g, '_'),
      value: sampleValue(leaf, path.at(-1) as string, { meaning: `${state.salt}/wish/${tool.doc.name}/${path.join('/')}`, thing: tool.resource }),
      about: `${wordy(path.at(-1) as string)} that the user wants for the ${tool.action === 'create' ? 'new ' : ''}${wordy(tool.resource)}`,
      params: [`${tool.doc.name}.${path.join('.')}`],
    })),
  );
}

const wordy = (name: string): string => name.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/[_-]+/g, ' ').toLowerCase();

/** Texts and numbers that the schema leaves open, also in objects and lists. */
function openLeaves(schema: JsonSchema, path: readonly string[], depth = 0): { path: string[]; leaf: JsonSchema }[] {
  if (choicesOf(schema).length > 0 || depth > 4) return [];
  const type = typeOfSchema(schema);
  if (type === 'object') return Object.entries(isObject(schema.properties) ? schema.properties : {}).flatMap(([name, value]) => (isObject(value) ? openLeaves(resolveSchema(value), [...path, name], depth + 1) : []));
  if (type === 'array') return isObject(schema.items) ? openLeaves(resolveSchema(schema.items), path, depth + 1) : [];
  return type === 'string' || type === 'integer' || type === 'number' || type === undefined ? [{ path: [...path], leaf: schema }] : [];
}

/** A value to filter by, taken from something that is there. */
function filterFacts(api: SimulatedApi, tool: SimulatedTool, state: SimulatedState): KnownFact[] {
  const inputs = isObject(tool.doc.input.properties) ? tool.doc.input.properties : {};
  const table = Object.values(state.tables[tool.resource] ?? {});
  return Object.entries(tool.filters).flatMap(([argument, property]): KnownFact[] => {
    const schema = inputs[argument];
    if (!isObject(schema) || schema.entity !== undefined || choicesOf(schema).length > 0 || api.resources.some((resource) => resource.name === tool.resource && resource.id === property)) return [];
    const value = table.map((stored) => stored.value[property]).find((candidate) => typeof candidate === 'string' || typeof candidate === 'number');
    return value === undefined ? [] : [{ name: `${tool.doc.name}_${argument}`.toLowerCase(), value, about: `${wordy(property)} of the ${wordy(tool.resource)} the user looks for`, params: [`${tool.doc.name}.${argument}`] }];
  });
}
