import { getAt, isObject, type Json, type JsonObject, type JsonSchema } from '../../../core/json';
import { resolveSchema, typeOfSchema } from '../../../core/schema';
import { idProperty, referredBy, type Operation } from '../operations';
import { singular, snake, unique } from '../naming';

/** A collection with its items, as the paths and schemas of a description show it. */
export interface Found {
  name: string;
  /** Path of an item, of the collections that list or make them, and the parameter that names the item. */
  itemPath: string;
  parameter: string;
  collections: string[];
  get: Operation;
  list?: Operation;
  create?: Operation;
  update?: Operation;
  remove?: Operation;
  transitions: Operation[];
  id: string;
  /** Where the thing lies in the answers. */
  at: { get: string; list?: string; create?: string; update?: string };
  parent?: Found;
}

export interface Search {
  found: Found[];
  /** Why an operation that is a tool in principle cannot be simulated, by `GET /path`. */
  reasons: Map<Operation, string>;
}

/** A path without what does not count: `/pets/{id}.json/` → `/pets/{id}`. */
export const plainPath = (path: string): string => path.replace(/\.json$/i, '').replace(/(?<=.)\/+$/, '');

const parameterAtEnd = (path: string): string | undefined => /\/\{([^{}/]+)\}$/.exec(path)?.[1];
const lastWord = (path: string): string | undefined => path.split('/').findLast((segment) => segment !== '' && !segment.includes('{'));

/** The resources of a description: an item path with GET whose answer shows an id, and a collection that lists or makes such items. */
export function findResources(operations: readonly Operation[]): Search {
  const byPath = new Map<string, Operation[]>();
  for (const operation of operations) byPath.set(plainPath(operation.path), [...(byPath.get(plainPath(operation.path)) ?? []), operation]);
  const reasons = new Map<Operation, string>();
  const taken = new Set<string>();
  const found = [...byPath.keys()].flatMap((path) => {
    const resource = resourceAt(path, byPath, reasons);
    return resource === undefined ? [] : [resource];
  });
  for (const resource of found) resource.parent = parentOf(resource, found);
  const counts = new Map<string, number>();
  for (const { name } of found) counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const resource of found) resource.name = unique((counts.get(resource.name) ?? 0) > 1 && resource.parent ? `${resource.parent.name}_${resource.name}` : resource.name, taken);
  return { found, reasons };
}

function resourceAt(path: string, byPath: ReadonlyMap<string, Operation[]>, reasons: Map<Operation, string>): Found | undefined {
  const parameter = parameterAtEnd(path);
  const operations = byPath.get(path) ?? [];
  const word = lastWord(path);
  if (parameter === undefined || word === undefined) return undefined;
  const why = (reason: string): undefined => {
    for (const operation of operations) reasons.set(operation, reason);
  };
  const get = operations.find((operation) => operation.method === 'GET');
  if (get?.doc.output === undefined) return why('its item has no GET with a described answer');
  const name = singular(word);
  const thing = thingIn(get.doc.output, name, parameter);
  if (thing === undefined) return why('the answer for its item shows no id like the one in the path');
  const collections = collectionsOf(path, word, byPath);
  const listed = firstList(collections, byPath, thing.id);
  const create = collections.flatMap((place) => byPath.get(place) ?? []).find(({ method, bodyType, passing }) => method === 'POST' && bodyType !== undefined && passing.some((entry) => entry.in === 'body'));
  const made = create?.doc.output === undefined ? undefined : thingIn(create.doc.output, name, parameter, thing.id);
  if (listed === undefined && made === undefined) return why('nothing lists its items or tells the id of a new one');
  const update = (['PATCH', 'PUT', 'POST'] as const).map((method) => operations.find((operation) => operation.method === method && operation.passing.some((entry) => entry.in === 'body'))).find((operation) => operation !== undefined);
  return {
    name, itemPath: path, parameter, collections, get, id: thing.id,
    ...(listed === undefined ? {} : { list: listed.operation }),
    ...(create === undefined ? {} : { create }),
    ...(update === undefined ? {} : { update }),
    ...pick('remove', operations.find((operation) => operation.method === 'DELETE')),
    transitions: transitionsUnder(path, byPath),
    at: { get: thing.at, ...pick('list', listed?.at), ...pick('create', made?.at), ...pick('update', update?.doc.output === undefined ? undefined : thingIn(update.doc.output, name, parameter, thing.id)?.at) },
  };
}

const pick = <K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } => (value === undefined ? {} : { [key]: value }) as { [key in K]?: V };

/** The path before the item's parameter, else collections of the same name under a parent (`/kilns/{id}/firings` beside `/firings/{id}`). */
function collectionsOf(path: string, word: string, byPath: ReadonlyMap<string, Operation[]>): string[] {
  const own = path.slice(0, path.lastIndexOf('/'));
  if ((byPath.get(own) ?? []).some(({ method }) => method === 'GET' || method === 'POST')) return [own];
  const nested = [...byPath.keys()].filter((other) => other.endsWith(`}/${word}`) && other !== own);
  return nested.length > 0 ? nested.slice(0, 1) : [];
}

function firstList(collections: readonly string[], byPath: ReadonlyMap<string, Operation[]>, id: string): { operation: Operation; at: string } | undefined {
  for (const operation of collections.flatMap((place) => byPath.get(place) ?? [])) {
    const at = operation.method === 'GET' && operation.doc.output !== undefined ? listIn(operation.doc.output, id) : undefined;
    if (at !== undefined) return { operation, at };
  }
  return undefined;
}

const transitionsUnder = (path: string, byPath: ReadonlyMap<string, Operation[]>): Operation[] =>
  [...byPath].filter(([other]) => other.startsWith(`${path}/`) && /^\/[a-z_-]+$/i.test(other.slice(path.length))).flatMap(([, operations]) => operations.filter(({ method }) => method === 'POST' || method === 'PUT'));

const STRONG = new Set(['id', 'gid', 'sid', 'uuid', 'guid']);

/** Where the thing with its id lies in an answer: the root, or one envelope deep. */
function thingIn(output: JsonSchema, name: string, parameter: string, wanted?: string): { at: string; id: string } | undefined {
  const root = resolveSchema(output);
  const properties = isObject(root.properties) ? root.properties : {};
  const own = idAmong(properties, name, parameter, wanted);
  if (own !== undefined && isStrong(own, name, parameter)) return { at: '', id: own };
  const inner = Object.entries(properties).flatMap(([key, value]) => {
    const id = isObject(value) && isObject(value.properties) ? idAmong(value.properties, name, parameter, wanted) : undefined;
    return id === undefined ? [] : [{ key, id }];
  });
  const named = inner.find(({ key }) => singular(key) === name || /^(data|result|item|response)$/i.test(key)) ?? (inner.length === 1 && Object.keys(properties).length <= 3 ? inner[0] : undefined);
  if (named) return { at: `/${named.key}`, id: named.id };
  return own === undefined ? undefined : { at: '', id: own };
}

function idAmong(properties: JsonObject, name: string, parameter: string, wanted: string | undefined): string | undefined {
  const scalars = Object.keys(properties).filter((key) => isScalar(properties[key]));
  if (wanted !== undefined) return scalars.includes(wanted) ? wanted : undefined;
  return idProperty(scalars, name, parameter);
}

const isScalar = (schema: Json | undefined): boolean => isObject(schema) && ['string', 'integer', 'number', undefined].includes(typeOfSchema(resolveSchema(schema)));
const isStrong = (id: string, name: string, parameter: string): boolean => STRONG.has(id.toLowerCase()) || snake(id) === snake(parameter) || snake(id).startsWith(name);

/** Pointer of the list in an answer whose items have the id: the root, or up to two properties deep. */
function listIn(output: JsonSchema, id: string, depth = 0): string | undefined {
  const schema = resolveSchema(output);
  if (typeOfSchema(schema) === 'array') return isObject(schema.items) && isScalar(getAt(resolveSchema(schema.items), `/properties/${id}`)) ? '' : undefined;
  if (depth >= 2 || !isObject(schema.properties)) return undefined;
  for (const [key, value] of Object.entries(schema.properties)) {
    const inner = isObject(value) ? listIn(value, id, depth + 1) : undefined;
    if (inner !== undefined) return `/${key.replace(/~/g, '~0').replace(/\//g, '~1')}${inner}`;
  }
  return undefined;
}

/** The resource whose item path the collection lies under, the nearest one. */
function parentOf(resource: Found, all: readonly Found[]): Found | undefined {
  const collection = resource.collections[0];
  return all
    .filter((other) => other !== resource && collection?.startsWith(`${other.itemPath}/`) === true)
    .sort((a, b) => b.itemPath.length - a.itemPath.length)[0];
}

/** Properties that hold another resource's id: `kiln_id`, where there are kilns with ids of the same type. */
export function referencesOf(entity: JsonSchema, own: string, resources: ReadonlyMap<string, JsonSchema>): { [property: string]: string } {
  const names = new Set(resources.keys());
  return Object.fromEntries(
    Object.entries(isObject(entity.properties) ? entity.properties : {}).flatMap(([property, schema]): [string, string][] => {
      const target = referredBy(property, names);
      if (target === undefined || target === own || !isObject(schema) || !isScalar(schema)) return [];
      return typeOfSchema(resolveSchema(schema)) === typeOfSchema(resolveSchema(resources.get(target) as JsonSchema)) ? [[property, target]] : [];
    }),
  );
}
