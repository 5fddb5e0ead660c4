import { isObject, type Json, type JsonObject, type JsonSchema } from '../../../core/json';
import { resolveSchema, schemaAt, typeOfSchema } from '../../../core/schema';
import { allowed, operationsOf, type Operation } from '../operations';
import { plainText } from '../schemas';
import { singular, snake } from '../naming';
import type { Spec } from '../spec';
import type { Action, Answer, Resource, Scope, SimulatedApi, SimulatedTool } from './api';
import { goesBack, membersOf, ranksOf, statusAfter, statusProperty } from './lifecycle';
import { findResources, plainPath, referencesOf, type Found } from './resources';
import { sampleValue } from './sample-value';

export interface BuildOptions {
  name: string;
  only?: readonly string[] | undefined;
  /** Most tools; the richest resources stay. */
  most?: number;
}

export interface Built {
  api: SimulatedApi;
  /** What is no tool of the simulation, and why. */
  skipped: { operation: string; reason: string }[];
}

const MOST_TOOLS = 40;

/** What of a description our interpreter can play, and why not the rest (environments.md §3.3). */
export function buildSimulatedApi(spec: Spec, { name, only, most = MOST_TOOLS }: BuildOptions): Built {
  const { operations, skipped } = operationsOf(spec);
  const { found, reasons } = findResources(operations);
  const wanted = new Set(allowed(operations, only, `simulated world \`${name}\``));
  const kept = richest(found, most, wanted);
  const info = isObject(spec.root['info']) ? spec.root['info'] : {};
  const api: SimulatedApi = {
    name, title: plainText(String(info['title'] ?? name), 80), version: String(info['version'] ?? '0'), source: spec.source, scopes: [], resources: [], tools: [],
  };
  const ids = new Map(kept.map((resource) => [resource.name, idSchema(resource)]));
  for (const resource of kept) addResource(api, resource, { kept, ids, wanted });
  const used = new Set(api.tools.map((tool) => tool.doc.name));
  const others = operations.filter(({ doc }) => !used.has(doc.name)).map((operation) => ({
    operation: `${operation.method} ${operation.path}`,
    reason: wanted.has(operation) ? (reasons.get(operation) ?? (kept.some((resource) => plainPath(operation.path).startsWith(resource.itemPath)) || found.some((resource) => resource.collections.includes(plainPath(operation.path))) ? 'does something that creating, reading, changing and deleting do not describe' : 'belongs to no collection of items')) : 'is not in `only`',
  }));
  return { api, skipped: [...skipped, ...others] };
}

/** Resources with the most to do first, each with its ancestors, as long as there is room; parents before children. */
function richest(found: readonly Found[], most: number, wanted: ReadonlySet<Operation>): Found[] {
  const size = (resource: Found): number => operationsIn(resource).filter((operation) => wanted.has(operation)).length;
  const chosen = new Set<Found>();
  let room = most;
  for (const resource of [...found].filter((candidate) => size(candidate) > 0).sort((a, b) => size(b) - size(a))) {
    const lineage = ancestorsOf(resource).filter((other) => !chosen.has(other));
    const cost = lineage.reduce((sum, other) => sum + size(other), 0);
    if (cost > room) continue;
    room -= cost;
    for (const other of lineage) chosen.add(other);
  }
  return [...chosen].sort((a, b) => ancestorsOf(a).length - ancestorsOf(b).length);
}

/** The resource after everything it lies under, outermost first. */
function ancestorsOf(resource: Found): Found[] {
  const line: Found[] = [];
  for (let here: Found | undefined = resource; here !== undefined && !line.includes(here); here = here.parent) line.unshift(here);
  return line;
}

const operationsIn = ({ get, list, create, update, remove, transitions }: Found): Operation[] => [get, list, create, update, remove, ...transitions].filter((operation) => operation !== undefined);

function idSchema({ get, at, id }: Found): JsonSchema {
  const thing = schemaAt(get.doc.output, at.get);
  const schema = isObject(thing?.properties) ? thing.properties[id] : undefined;
  return isObject(schema) ? schema : { type: 'string' };
}

interface Surroundings {
  kept: readonly Found[];
  ids: ReadonlyMap<string, JsonSchema>;
  wanted: ReadonlySet<Operation>;
}

function addResource(api: SimulatedApi, found: Found, around: Surroundings): void {
  const entity = storedEntity(found);
  const references = referencesOf(entity, found.name, around.ids);
  const property = statusProperty(entity);
  const members = property === undefined ? [] : membersOf((entity.properties as JsonObject)[property] as JsonSchema);
  const ranks = ranksOf(members);
  const inputs = found.create === undefined ? [] : found.create.passing.filter(({ in: place }) => place === 'body').map(({ name }) => name);
  const sole = ['slug', 'username', 'login', 'email', 'key', 'name'].find((name) => inputs.some((input) => snake(input) === name && requiredIn(found.create as Operation, input) && textIn(entity, input)));
  const resource: Resource = {
    name: found.name,
    ...(found.parent === undefined ? {} : { parent: found.parent.name }),
    id: found.id,
    ownId: inputs.includes(found.id),
    entity: tagged(entity, { [found.id]: found.name, ...references }),
    references,
    ...(sole === undefined || inputs.includes(found.id) ? {} : { unique: inputs.find((input) => snake(input) === sole) as string }),
    ...(property === undefined || ranks === undefined ? {} : { status: { property, ranks } }),
  };
  api.resources.push(resource);
  for (const tool of toolsOf(api, found, resource, { ...around, property, members })) api.tools.push(tool);
}

const requiredIn = ({ doc, passing }: Operation, name: string): boolean =>
  Array.isArray(doc.input.required) && doc.input.required.includes(passing.find((entry) => entry.in === 'body' && entry.name === name)?.argument ?? '');
const textIn = (entity: JsonSchema, name: string): boolean => isObject(entity.properties) && isObject(entity.properties[name]) && typeOfSchema(resolveSchema(entity.properties[name])) === 'string';

/** Everything any of the answers shows of a thing: the item's own answer has the say where they disagree. */
function storedEntity({ get, list, create, update, at }: Found): JsonSchema {
  const views = [schemaAt(get.doc.output, at.get), at.list === undefined ? undefined : listItem(list, at.list), at.create === undefined ? undefined : schemaAt(create?.doc.output, at.create), at.update === undefined ? undefined : schemaAt(update?.doc.output, at.update)];
  const known = views.filter((view): view is JsonSchema => view !== undefined && isObject(view.properties));
  const required = [...new Set(known.flatMap((view) => (Array.isArray(view.required) ? view.required : [])))];
  return { type: 'object', properties: Object.assign({}, ...known.map((view) => view.properties).reverse()) as JsonObject, ...(required.length > 0 ? { required } : {}) };
}

function listItem(list: Operation | undefined, at: string): JsonSchema | undefined {
  const items = schemaAt(list?.doc.output, at)?.items;
  return isObject(items) ? resolveSchema(items) : undefined;
}

/** A copy whose properties carry the entities they refer to. */
function tagged(schema: JsonSchema, tags: { [property: string]: string }): JsonSchema {
  const properties = isObject(schema.properties) ? schema.properties : {};
  return { ...schema, properties: Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, tags[name] !== undefined && isObject(value) ? { ...value, entity: tags[name] } : value])) };
}

// ---- tools ----

interface Status {
  property: string | undefined;
  members: readonly string[];
}

function toolsOf(api: SimulatedApi, found: Found, resource: Resource, around: Surroundings & Status): SimulatedTool[] {
  const make = (action: Action, operation: Operation | undefined, at: string | undefined, more: Partial<SimulatedTool> = {}): SimulatedTool[] =>
    operation === undefined || !around.wanted.has(operation) ? [] : [toolOf({ api, found, resource, around, action, operation, at, more })];
  // What nothing is written with would be a tool without a point.
  const writes = (tool: SimulatedTool): boolean => Object.keys(tool.writes).length > 0 || tool.envelope !== undefined;
  return [
    ...make('list', found.list, found.at.list),
    ...make('create', found.create, found.at.create).filter(writes),
    ...make('get', found.get, found.at.get),
    ...make('update', found.update, found.at.update).filter(writes),
    ...make('delete', found.remove, undefined),
    ...found.transitions.flatMap((operation) => {
      const verb = operation.path.split('/').at(-1) ?? '';
      const sets = around.property === undefined ? undefined : statusAfter(verb, around.members);
      return sets === undefined ? [] : make('transition', operation, transitionAt(operation, found), { sets, ...(goesBack(verb) ? { back: true } : {}) });
    }),
  ];
}

/** Where a transition's answer shows the thing, if it does. */
function transitionAt({ doc }: Operation, { id }: Found): string | undefined {
  const root = doc.output === undefined ? undefined : resolveSchema(doc.output);
  const properties = isObject(root?.properties) ? root.properties : {};
  if (properties[id] !== undefined) return '';
  const key = Object.keys(properties).find((name) => isObject(properties[name]) && isObject(properties[name].properties) && properties[name].properties[id] !== undefined);
  return key === undefined ? undefined : `/${key}`;
}

interface ToolParts {
  api: SimulatedApi;
  found: Found;
  resource: Resource;
  around: Surroundings & Status;
  action: Action;
  operation: Operation;
  at: string | undefined;
  more: Partial<SimulatedTool>;
}

function toolOf({ api, found, resource, around, action, operation, at, more }: ToolParts): SimulatedTool {
  const path = pathOf(api, operation, found, around.kept);
  const entity = isObject(resource.entity.properties) ? resource.entity.properties : {};
  const inputs = isObject(operation.doc.input.properties) ? operation.doc.input.properties : {};
  const writes = action === 'create' || action === 'update' ? matching(operation, ['body'], (name, argument) => sameType(inputs[argument], entity[name]) && (action === 'create' || name !== resource.id)) : {};
  const envelope = (action === 'create' || action === 'update') && Object.keys(writes).length === 0 ? envelopeOf(operation, inputs, entity) : undefined;
  const filters = action === 'list' ? matching(operation, ['query'], (name) => isFilter(entity[name])) : {};
  const [limit, offset] = action === 'list' ? [queryNamed(operation, /^(limit|per_?page|page_?size|count|max_?results|size|first|top)$/i), queryNamed(operation, /^(offset|skip|start)$/i)] : [];
  const effective = new Set([...(envelope === undefined ? [] : [envelope]), ...path.map(({ argument }) => argument), ...Object.keys(writes), ...Object.keys(filters), ...[limit, offset].filter((name) => name !== undefined)]);
  const tags: { [argument: string]: string } = {};
  for (const step of path) tags[step.argument] = (step.resource ?? step.scope) as string;
  for (const [argument, property] of [...Object.entries(writes), ...Object.entries(filters)]) if (resource.references[property] !== undefined) tags[argument] = resource.references[property];
  return {
    doc: { ...operation.doc, input: trimmedInput(operation.doc.input, inputs, effective, tags, around.ids), ...(operation.doc.output === undefined ? {} : { output: taggedOutput(operation.doc.output, at, action, resource) }) },
    action, resource: resource.name, path, writes, filters,
    ...(envelope === undefined ? {} : { envelope }),
    ...(limit === undefined ? {} : { limit }),
    ...(offset === undefined ? {} : { offset }),
    answer: answerOf(operation, at, action, resource),
    ...more,
  };
}

/** Each path parameter as the scope or the resource it names. */
function pathOf(api: SimulatedApi, operation: Operation, found: Found, kept: readonly Found[]): SimulatedTool['path'] {
  const path = plainPath(operation.path);
  const used = new Set<string>();
  return operation.passing.filter((passing) => passing.in === 'path').map(({ argument, name }) => {
    const upTo = path.slice(0, path.indexOf(`{${name}}`) + name.length + 2);
    const owner = [...ancestorsOf(found), ...kept].find((resource) => resource.itemPath === upTo || (resource.itemPath.replace(/\{[^}]*\}/g, '{}') === upTo.replace(/\{[^}]*\}/g, '{}')));
    if (owner) return { argument, resource: owner.name };
    const short = scopeName(upTo, name, kept);
    // `/{type}/{type_id}` are two things.
    const scope = used.has(short) ? `${short}_${snake(name)}` : short;
    used.add(scope);
    if (!api.scopes.some((other) => other.name === scope)) api.scopes.push(scopeOf(operation, argument, scope));
    return { argument, scope };
  });
}

function scopeName(upTo: string, parameter: string, kept: readonly Found[]): string {
  const before = upTo.split('/').at(-2) ?? '';
  const stem = snake(parameter).replace(/_?(id|uuid|name|key|slug)$/, '');
  const name = stem !== '' ? stem : before !== '' && !before.includes('{') ? singular(before) : 'scope';
  return kept.some((resource) => resource.name === name) ? `own_${name}` : name;
}

function scopeOf({ doc }: Operation, argument: string, name: string): Scope {
  const property = isObject(doc.input.properties) ? doc.input.properties[argument] : undefined;
  const schema = isObject(property) ? property : { type: 'string' };
  const { description, ...rest } = schema;
  return { name, about: typeof description === 'string' ? description : `the ${name.replace(/_/g, ' ')} the user works in`, schema: rest };
}

function matching(operation: Operation, places: readonly string[], fits: (property: string, argument: string) => boolean): { [argument: string]: string } {
  return Object.fromEntries(operation.passing.filter((passing) => places.includes(passing.in) && fits(passing.name, passing.argument)).map(({ argument, name }) => [argument, name]));
}

/** A body that wraps the thing in one property. */
function envelopeOf(operation: Operation, inputs: JsonObject, entity: JsonObject): string | undefined {
  return operation.passing.filter((passing) => passing.in === 'body').map(({ argument }) => argument).find((argument) => {
    const schema = inputs[argument];
    return isObject(schema) && isObject(schema.properties) && Object.keys(schema.properties).some((name) => entity[name] !== undefined);
  });
}

/** What is given in one form and shown in another (`source: an id`, `source: {…}`) is not kept. */
function sameType(given: Json | undefined, shown: Json | undefined): boolean {
  if (!isObject(given) || !isObject(shown)) return false;
  const [asked, kept] = [given, shown].map((schema) => typeOfSchema(resolveSchema(schema)));
  return asked === kept || kept === undefined || (asked === 'integer' && kept === 'number');
}

const isFilter = (schema: Json | undefined): boolean => isObject(schema) && ['string', 'integer', 'number', 'boolean'].includes(typeOfSchema(resolveSchema(schema)) ?? '');
const queryNamed = (operation: Operation, pattern: RegExp): string | undefined => {
  const argument = operation.passing.find((passing) => passing.in === 'query' && pattern.test(passing.name))?.argument;
  const schema = argument === undefined || !isObject(operation.doc.input.properties) ? undefined : operation.doc.input.properties[argument];
  return isObject(schema) && ['integer', 'number'].includes(typeOfSchema(resolveSchema(schema)) ?? '') ? argument : undefined;
};

/** Paths are texts, so many descriptions ask for a text where the thing shows a number; here both are what the thing shows. */
function asId(input: JsonSchema, id: JsonSchema | undefined): JsonSchema {
  const [asked, shown] = [typeOfSchema(resolveSchema(input)), id === undefined ? undefined : typeOfSchema(resolveSchema(id))];
  if (shown === undefined || asked === shown || asked === 'array') return input;
  return { ...(input.description === undefined ? {} : { description: input.description }), type: shown };
}

/** Inputs that do nothing here are not offered, unless the description requires them. */
function trimmedInput(input: JsonSchema, inputs: JsonObject, effective: ReadonlySet<string>, tags: { [argument: string]: string }, ids: ReadonlyMap<string, JsonSchema>): JsonSchema {
  const required = Array.isArray(input.required) ? input.required : [];
  const kept = Object.entries(inputs).filter(([name]) => effective.has(name) || required.includes(name));
  return {
    ...input,
    properties: Object.fromEntries(kept.map(([name, value]): [string, Json] => {
      if (!isObject(value)) return [name, value];
      const { entity: _guess, ...plain } = value;
      return [name, tags[name] === undefined ? plain : { ...asId(plain, ids.get(tags[name])), entity: tags[name] }];
    })),
  };
}

function taggedOutput(output: JsonSchema, at: string | undefined, action: Action, resource: Resource): JsonSchema {
  if (at === undefined) return output;
  const copy = structuredClone(output);
  const place = schemaAt(copy, at);
  const thing = action === 'list' ? (isObject(place?.items) ? place.items : undefined) : place;
  if (!isObject(thing?.properties)) return copy;
  for (const [property, entity] of Object.entries({ [resource.id]: resource.name, ...resource.references })) {
    if (isObject(thing.properties[property])) thing.properties[property]['entity'] = entity;
  }
  return copy;
}

function answerOf(operation: Operation, at: string | undefined, action: Action, resource: Resource): Answer {
  const { output } = operation.doc;
  const frame = output === undefined ? null : sampleValue(output, 'answer', { meaning: `${operation.doc.name}/answer`, thing: resource.name, optional: false });
  if (output === undefined || at === undefined) return { kind: 'fixed', at: '', frame, counts: [] };
  const place = schemaAt(output, at);
  const thing = action === 'list' ? (isObject(place?.items) ? resolveSchema(place.items) : undefined) : place;
  const properties = isObject(thing?.properties) ? { properties: Object.keys(thing.properties) } : {};
  return { kind: action === 'list' ? 'list' : 'entity', at, frame, counts: action === 'list' ? countsIn(output) : [], ...properties };
}

/** `total` and its like beside a list. */
function countsIn(output: JsonSchema): string[] {
  const properties = isObject(output.properties) ? output.properties : {};
  return Object.keys(properties).filter((name) => /^(total|count|total_?(count|results|items|records|size)|result_?count|size)$/i.test(name) && isObject(properties[name]) && typeOfSchema(resolveSchema(properties[name])) === 'integer').map((name) => `/${name}`);
}
