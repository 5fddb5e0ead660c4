import { canonicalJson, getAt, isObject, jsonEqual, setAt, type Json, type JsonObject } from '../../../core/json';
import type { Call, CallResult, Fault } from '../../../core/tool';
import { complaintAbout, misfits } from '../../arguments';
import type { Answer, Resource, SimulatedApi, SimulatedTool } from './api';
import { statusProperty } from './lifecycle';
import { freeId, newThing, type SimulatedState, type Stored, type Table } from './population';

export interface Played {
  result: CallResult;
  /** The same object where nothing changed. */
  state: SimulatedState;
}

/** The rules by which an API's tools act on a state. Pure: the same call on the same state gives the same. */
export function interpreterOf(api: SimulatedApi): (state: SimulatedState, call: Call) => Played {
  const tools = new Map(api.tools.map((tool) => [tool.doc.name, tool]));
  const resources = new Map(api.resources.map((resource) => [resource.name, resource]));
  return (state, { tool: name, args }) => {
    const tool = tools.get(name);
    if (!tool) return refused(state, 'unknown_tool', `There is no tool \`${name}\`. Tools: ${[...tools.keys()].join(', ')}.`);
    const complaint = complaintAbout(tool.doc, args);
    if (complaint !== undefined) return refused(state, 'invalid_args', complaint);
    const place = walkPath({ tool, state, args, resources });
    if ('message' in place) return refused(state, 'not_found', place.message);
    return play({ api, tool, resource: resources.get(tool.resource) as Resource, resources, state, args, ...place });
  };
}

const refused = (state: SimulatedState, fault: Fault, message: string): Played => ({ state, result: { ok: false, fault, message } });

/** Where a call acts: under which parent, on which item. */
interface Place {
  parent: string | null;
  key: string | undefined;
}

/** Every thing of the path must be there and lie under the one before it. */
function walkPath(input: { tool: SimulatedTool; state: SimulatedState; args: JsonObject; resources: ReadonlyMap<string, Resource> }): Place | { message: string } {
  const { tool, state, args, resources } = input;
  let parent: string | null = null;
  let key: string | undefined;
  for (const step of tool.path) {
    const id = String(args[step.argument]);
    if (step.scope !== undefined) {
      if (String(state.scopes[step.scope]) !== id) return { message: `There is no ${wordy(step.scope)} \`${id}\`.` };
      continue;
    }
    const name = step.resource as string;
    const stored = state.tables[name]?.[id];
    const lies = stored !== undefined && Object.hasOwn(state.tables[name] ?? {}, id) && (key === undefined || resources.get(name)?.parent === undefined || stored.parent === key);
    if (!lies) return { message: `There is no ${wordy(name)} \`${id}\`${key === undefined ? '' : ' there'}.` };
    parent = key ?? null;
    key = id;
  }
  const own = tool.action !== 'create' && tool.action !== 'list';
  return own ? { parent, key } : { parent: key ?? null, key: undefined };
}

const wordy = (name: string): string => name.replace(/_/g, ' ');

interface Scene extends Place {
  api: SimulatedApi;
  tool: SimulatedTool;
  resource: Resource;
  resources: ReadonlyMap<string, Resource>;
  state: SimulatedState;
  args: JsonObject;
}

function play(scene: Scene): Played {
  switch (scene.tool.action) {
    case 'get': return { state: scene.state, result: answerWith(scene.tool.answer, itemOf(scene).value) };
    case 'list': return { state: scene.state, result: list(scene) };
    case 'create': return create(scene);
    case 'update': return change(scene, written(scene));
    case 'transition': return change(scene, { [scene.resource.status?.property ?? statusProperty(scene.resource.entity) ?? 'status']: scene.tool.sets as string });
    case 'delete': return remove(scene);
  }
}

const tableOf = ({ state, resource }: Scene): Table => state.tables[resource.name] ?? {};
const itemOf = (scene: Scene): Stored => tableOf(scene)[scene.key as string] as Stored;

function written({ tool, args, resource }: Scene): JsonObject {
  const wrapped = tool.envelope === undefined ? undefined : args[tool.envelope];
  const properties = isObject(resource.entity.properties) ? resource.entity.properties : {};
  if (isObject(wrapped)) return Object.fromEntries(Object.entries(wrapped).filter(([name]) => properties[name] !== undefined && (name !== resource.id || resource.ownId)));
  return Object.fromEntries(Object.entries(tool.writes).flatMap(([argument, property]): [string, Json][] => (args[argument] === undefined ? [] : [[property, args[argument] as Json]])));
}

function list(scene: Scene): CallResult {
  const { tool, args, parent } = scene;
  const matches = Object.values(tableOf(scene))
    .filter((stored) => parent === null || stored.parent === parent)
    .filter(({ value }) => Object.entries(tool.filters).every(([argument, property]) => args[argument] === undefined || matchesFilter(value[property], args[argument] as Json)));
  const from = tool.offset === undefined ? 0 : Number(args[tool.offset] ?? 0);
  const most = tool.limit === undefined || args[tool.limit] === undefined ? Infinity : Number(args[tool.limit]);
  return answerWith(tool.answer, matches.slice(from, from + most).map(({ value }) => value), matches.length);
}

/** Texts are found whatever their case; a list of values means any of them. */
function matchesFilter(value: Json | undefined, wanted: Json): boolean {
  if (Array.isArray(wanted)) return wanted.some((one) => matchesFilter(value, one));
  if (typeof value === 'string' && typeof wanted === 'string') return value.toLowerCase() === wanted.toLowerCase();
  return value !== undefined && (jsonEqual(value, wanted) || String(value) === String(wanted));
}

function create(scene: Scene): Played {
  const { tool, resource, state, args, parent } = scene;
  const given = written(scene);
  const trouble = unkeepable(scene, given) ?? missingReference(scene, given) ?? duplicate(scene, given) ?? wrongStart(scene, given);
  if (trouble) return refused(state, trouble.fault, trouble.message);
  const table = tableOf(scene);
  const meaning = `${state.salt}/${resource.name}/${parent ?? ''}/made/${canonicalJson(args)}`;
  const above = parent === null || resource.parent === undefined ? undefined : state.tables[resource.parent]?.[parent];
  const value = { ...newThing(resource, meaning, given), ...linksOf(scene, given), ...firstStatus(resource, given) };
  const id = given[resource.id] ?? freeId({ resource, table, meaning, drawn: value[resource.id] as Json });
  if (id === undefined) return refused(state, 'conflict', `No free ${wordy(resource.id)} is left for a new ${wordy(resource.name)}.`);
  const stored: Stored = { parent: above === undefined ? null : parent, value: { ...value, [resource.id]: id } };
  return { state: withTable(state, resource, { ...table, [String(id)]: stored }), result: answerWith(tool.answer, stored.value) };
}

/** References that were not given: to the parent, or to nothing that matters here. */
function linksOf({ resource, resources, state, parent }: Scene, given: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(resource.references).flatMap(([property, target]): [string, Json][] => {
    if (given[property] !== undefined) return [];
    const there = Object.keys(state.tables[target] ?? {});
    const key = target === resource.parent && parent !== null ? parent : there[0];
    const id = key === undefined ? undefined : state.tables[target]?.[key]?.value[resources.get(target)?.id ?? ''];
    return id === undefined ? [] : [[property, id]];
  }));
}

/** Something new begins at the beginning, unless the caller may say where. */
function firstStatus(resource: Resource, given: JsonObject): JsonObject {
  if (resource.status === undefined || given[resource.status.property] !== undefined) return {};
  const [first] = Object.entries(resource.status.ranks).sort((a, b) => a[1] - b[1]);
  return first === undefined ? {} : { [resource.status.property]: first[0] };
}

type Trouble = { fault: Fault; message: string } | undefined;

/** A description may ask for less than it shows: what could not be shown again is refused. */
function unkeepable({ resource }: Scene, given: JsonObject): Trouble {
  const properties = isObject(resource.entity.properties) ? resource.entity.properties : {};
  for (const [name, value] of Object.entries(given)) {
    const [wrong] = isObject(properties[name]) ? misfits(properties[name], value) : [];
    if (wrong !== undefined) return { fault: 'invalid_args', message: `\`${name}\` cannot be kept: ${wrong}.` };
  }
  return undefined;
}

function missingReference({ resource, state }: Scene, given: JsonObject): Trouble {
  for (const [property, target] of Object.entries(resource.references)) {
    const id = given[property];
    if (id !== undefined && id !== null && !Object.hasOwn(state.tables[target] ?? {}, String(id))) return { fault: 'not_found', message: `There is no ${wordy(target)} \`${String(id)}\` (\`${property}\`).` };
  }
  return undefined;
}

function duplicate(scene: Scene, given: JsonObject): Trouble {
  const { resource, parent, key } = scene;
  const id = given[resource.id];
  if (key === undefined && id !== undefined && Object.hasOwn(tableOf(scene), String(id))) return { fault: 'conflict', message: `There is a ${wordy(resource.name)} \`${String(id)}\` already.` };
  const value = resource.unique === undefined ? undefined : given[resource.unique];
  if (value === undefined || value === null) return undefined;
  const twin = Object.entries(tableOf(scene)).some(([other, stored]) => other !== key && stored.parent === parent && stored.value[resource.unique as string] === value);
  return twin ? { fault: 'conflict', message: `There is a ${wordy(resource.name)} with the ${wordy(resource.unique as string)} \`${String(value)}\` already.` } : undefined;
}

function wrongStart({ resource }: Scene, given: JsonObject): Trouble {
  const { status } = resource;
  const wanted = status === undefined ? undefined : given[status.property];
  const lowest = Math.min(...Object.values(status?.ranks ?? {}));
  if (status === undefined || typeof wanted !== 'string' || status.ranks[wanted] === undefined || status.ranks[wanted] <= lowest + 1) return undefined;
  return { fault: 'precondition', message: `A new ${wordy(resource.name)} cannot be \`${wanted}\` yet.` };
}

/** Changes an item; a status moves on, and back by a tool that is there for it, and what is not given stays. */
function change(scene: Scene, given: JsonObject): Played {
  const { tool, resource, state, key } = scene;
  const stored = itemOf(scene);
  const trouble = unkeepable(scene, given) ?? missingReference(scene, given) ?? duplicate({ ...scene, parent: stored.parent }, given) ?? wayBack(scene, stored.value, given);
  if (trouble) return refused(state, trouble.fault, trouble.message);
  const value = { ...stored.value, ...given };
  return { state: withTable(state, resource, { ...tableOf(scene), [key as string]: { ...stored, value } }), result: answerWith(tool.answer, value) };
}

function wayBack({ resource, tool }: Scene, value: JsonObject, given: JsonObject): Trouble {
  const property = resource.status?.property ?? '';
  const [from, to] = [value[property], given[property]];
  if (tool.action === 'transition' && tool.sets !== undefined && Object.entries(given).every(([name, wanted]) => value[name] === wanted)) return { fault: 'precondition', message: `The ${wordy(resource.name)} is \`${tool.sets}\` already.` };
  if (tool.back || typeof from !== 'string' || typeof to !== 'string' || from === to) return undefined;
  const [here, there] = [resource.status?.ranks[from], resource.status?.ranks[to]];
  return here === undefined || there === undefined || there >= here ? undefined : { fault: 'precondition', message: `The ${wordy(resource.name)} is \`${from}\` and cannot become \`${to}\` any more.` };
}

/** What others lie under or refer to stays. */
function remove(scene: Scene): Played {
  const { api, tool, resource, state, key } = scene;
  for (const other of api.resources) {
    const entries = Object.values(state.tables[other.name] ?? {});
    if (other.parent === resource.name && entries.some((stored) => stored.parent === key)) return refused(state, 'conflict', `The ${wordy(resource.name)} \`${key}\` still has a ${wordy(other.name)}.`);
    const links = Object.entries(other.references).filter(([, target]) => target === resource.name && other.parent !== resource.name);
    const user = entries.find((stored) => links.some(([property]) => String(stored.value[property]) === key));
    if (user) return refused(state, 'conflict', `The ${wordy(resource.name)} \`${key}\` is still used by the ${wordy(other.name)} \`${String(user.value[other.id])}\`.`);
  }
  const { [key as string]: gone, ...rest } = tableOf(scene);
  return { state: withTable(state, resource, rest), result: answerWith(tool.answer, (gone as Stored).value) };
}

const withTable = (state: SimulatedState, resource: Resource, table: Table): SimulatedState => ({ ...state, tables: { ...state.tables, [resource.name]: table } });

function answerWith(answer: Answer, content: JsonObject | JsonObject[], count?: number): CallResult {
  if (answer.kind === 'fixed') return { ok: true, value: answer.frame };
  const shown = Array.isArray(content) ? content.map((item) => shownOf(answer, item)) : shownOf(answer, content);
  const framed = setAt(answer.frame, answer.at, shown);
  return { ok: true, value: answer.counts.reduce((value, pointer) => (getAt(value, pointer) === undefined ? value : setAt(value, pointer, count ?? 0)), framed) };
}

const shownOf = ({ properties }: Answer, item: JsonObject): JsonObject => (properties === undefined ? item : Object.fromEntries(properties.flatMap((name): [string, Json][] => (item[name] === undefined ? [] : [[name, item[name] as Json]]))));
