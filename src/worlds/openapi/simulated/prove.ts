import { isObject, jsonEqual, type Json, type JsonObject, type JsonSchema } from '../../../core/json';
import { choicesOf, fitsSchema, resolveSchema, typeOfSchema } from '../../../core/schema';
import type { CallResult, KnownFact } from '../../../core/tool';
import { assertCompiles, misfits } from '../../arguments';
import type { Resource, SimulatedApi, SimulatedTool } from './api';
import { interpreterOf, type Played } from './interpreter';
import { knownFacts, populate, type SimulatedState, type Table } from './population';
import { sampleValue } from './sample-value';

export interface Proof {
  /** The API with the tools that hold. */
  api: SimulatedApi;
  failed: { tool: string; why: string }[];
}

const SEEDS = [0, 1];

/**
 * Keeps the tools that can be shown to work: schemas compile, a call succeeds with an answer that fits its schema and
 * comes again the same, and a wrong call is a typed fault that changes nothing. A resource whose items nobody can find
 * or read any more goes with everything under it.
 */
export function proven(given: SimulatedApi): Proof {
  const failed = new Map<string, string>();
  const play = interpreterOf(given);
  const starts = SEEDS.map((seed) => startAt(given, seed));
  for (const tool of given.tools) {
    const why = troubleWith({ api: given, play, tool }, starts);
    if (why !== undefined) failed.set(tool.doc.name, why);
  }
  const tools = reachable(given, given.tools.filter((tool) => !failed.has(tool.doc.name)));
  for (const tool of given.tools) if (!tools.includes(tool) && !failed.has(tool.doc.name)) failed.set(tool.doc.name, 'the items it works on can no longer be found');
  const used = new Set(tools.map((tool) => tool.resource));
  const scopes = new Set(tools.flatMap((tool) => tool.path.flatMap((step) => (step.scope === undefined ? [] : [step.scope]))));
  return {
    api: { ...given, tools, resources: given.resources.filter((resource) => used.has(resource.name) || given.resources.some((other) => other.parent === resource.name && used.has(other.name))), scopes: given.scopes.filter((scope) => scopes.has(scope.name)) },
    failed: [...failed].map(([tool, why]) => ({ tool, why })),
  };
}

/** Without a way to learn an item's id, tools that take it are of no use. */
function reachable(api: SimulatedApi, tools: readonly SimulatedTool[]): SimulatedTool[] {
  const shows = (name: string): boolean => tools.some((tool) => tool.resource === name && ((tool.action === 'list' && tool.answer.kind === 'list') || (tool.action === 'create' && tool.answer.kind === 'entity')));
  const kept = tools.filter((tool) => shows(tool.resource) && tool.path.every((step) => step.resource === undefined || shows(step.resource)));
  return kept.length === tools.length ? [...kept] : reachable(api, kept);
}

/** The initial state of a seed and what its user knows. */
interface Start {
  state: SimulatedState;
  facts: KnownFact[];
}

function startAt(api: SimulatedApi, seed: number): Start {
  const state = populate(api, seed);
  return { state, facts: knownFacts(api, state) };
}

function troubleWith(given: Omit<Stage, keyof Start>, starts: readonly Start[]): string | undefined {
  const { tool } = given;
  try {
    assertCompiles(tool.doc.input);
    if (tool.doc.output !== undefined) assertCompiles(tool.doc.output);
    return starts.map((start) => troubleAt({ ...given, ...start })).find((why) => why !== undefined);
  } catch (error) {
    return `it cannot be played: ${error instanceof Error ? error.message : String(error)}`;
  }
}

interface Stage {
  api: SimulatedApi;
  play: ReturnType<typeof interpreterOf>;
  tool: SimulatedTool;
  state: SimulatedState;
  facts: KnownFact[];
}

const ATTEMPTS = 12;

function troubleAt(stage: Stage): string | undefined {
  const { play, tool } = stage;
  let last: CallResult | undefined;
  for (const { state, args } of openings(stage).slice(0, ATTEMPTS)) {
    const played = play(state, { tool: tool.doc.name, args });
    last = played.result;
    if (played.result.ok) return wrongAnswer(stage, state, args, played) ?? noFault(stage, state, args);
  }
  return `no call of it succeeds${last === undefined || last.ok ? '' : `: ${last.message}`}`;
}

function wrongAnswer({ play, tool }: Stage, state: SimulatedState, args: JsonObject, played: Played): string | undefined {
  const { result } = played;
  if (!result.ok) return undefined;
  const wrong = tool.doc.output === undefined ? [] : misfits(tool.doc.output, result.value);
  if (wrong.length > 0) return `its answer does not fit its schema: ${wrong[0]}`;
  if (!jsonEqual(JSON.parse(JSON.stringify(result.value)) as Json, result.value)) return 'its answer is no plain JSON';
  const again = play(state, { tool: tool.doc.name, args });
  return jsonEqual(again.result as unknown as Json, result as unknown as Json) && jsonEqual(again.state as unknown as Json, played.state as unknown as Json) ? undefined : 'the same call gives another answer';
}

/** An id that is none, or an argument that it does not take. */
function noFault({ play, tool }: Stage, state: SimulatedState, args: JsonObject): string | undefined {
  const own = tool.path.at(-1);
  const wrong = own === undefined ? { ...args, no_such_argument: 1 } : { ...args, [own.argument]: typeof args[own.argument] === 'number' ? noSuchNumber(state.tables[own.resource ?? ''] ?? {}) : 'no-such-id' };
  const { result, state: after } = play(state, { tool: tool.doc.name, args: wrong });
  if (result.ok) return 'a wrong call succeeds';
  return after === state ? undefined : 'a wrong call changes the state';
}

function noSuchNumber(table: Table): number {
  let id = 7;
  while (Object.hasOwn(table, String(id))) id++;
  return id;
}

/** Calls that should succeed: on every item that is there, and on one made for it. */
function openings(stage: Stage): { state: SimulatedState; args: JsonObject }[] {
  const { api, play, tool, state, facts } = stage;
  const direct = placesFor(stage, state).map((place) => ({ state, args: { ...place, ...inputsFor(tool, facts, state), ...lastStatus(api, tool) } }));
  const maker = api.tools.find((other) => other.resource === tool.resource && other.action === 'create');
  if (tool.action !== 'delete' || maker === undefined) return direct;
  const made = placesFor({ ...stage, tool: maker }, state).slice(0, 1).map((place) => play(state, { tool: maker.doc.name, args: { ...place, ...inputsFor(maker, facts, state) } }).state);
  return [...direct, ...made.flatMap((after) => placesFor(stage, after).reverse().map((args) => ({ state: after, args })))];
}

/** Path arguments for every item (or, for a list or a new one, every parent). */
function placesFor({ api, tool }: Stage, state: SimulatedState): JsonObject[] {
  let lines: { args: JsonObject; key?: string }[] = [{ args: {} }];
  for (const step of tool.path) {
    if (step.scope !== undefined) {
      const value = state.scopes[step.scope] as Json;
      lines = lines.map(({ args, key }) => ({ args: { ...args, [step.argument]: value }, ...(key === undefined ? {} : { key }) }));
      continue;
    }
    const resource = api.resources.find((other) => other.name === step.resource) as Resource;
    lines = lines.flatMap(({ args, key }) =>
      Object.entries(state.tables[resource.name] ?? {})
        .filter(([, stored]) => key === undefined || resource.parent === undefined || stored.parent === key)
        .map(([own, stored]) => ({ args: { ...args, [step.argument]: typed(tool, step.argument, stored.value[resource.id] as Json) }, key: own })),
    );
  }
  return lines.map(({ args }) => args);
}

/** An id that the thing shows as a number may be asked for as a text. */
function typed(tool: SimulatedTool, argument: string, id: Json): Json {
  const property = isObject(tool.doc.input.properties) ? tool.doc.input.properties[argument] : undefined;
  return isObject(property) && typeOfSchema(resolveSchema(property)) === 'string' ? String(id) : id;
}

/** Required inputs beside the path, and one optional that is written where none is required. */
function inputsFor(tool: SimulatedTool, facts: readonly KnownFact[], state: SimulatedState): JsonObject {
  const properties = isObject(tool.doc.input.properties) ? tool.doc.input.properties : {};
  const ids = new Set(tool.path.map(({ argument }) => argument));
  const required = (Array.isArray(tool.doc.input.required) ? tool.doc.input.required : []).map(String).filter((name) => !ids.has(name));
  const extra = required.length === 0 && tool.action === 'update' ? [tool.envelope ?? Object.keys(tool.writes)[0]].filter((name) => name !== undefined) : [];
  return Object.fromEntries([...required, ...extra].map((name): [string, Json] => [name, inputFor(tool, name, (properties[name] ?? {}) as JsonSchema, facts, state)]));
}

/** From any status there is a way to the last one. */
function lastStatus(api: SimulatedApi, tool: SimulatedTool): JsonObject {
  const status = api.resources.find((resource) => resource.name === tool.resource)?.status;
  const argument = tool.action === 'update' ? Object.keys(tool.writes).find((name) => tool.writes[name] === status?.property) : undefined;
  const [last] = Object.entries(status?.ranks ?? {}).sort((a, b) => b[1] - a[1]);
  return argument === undefined || last === undefined ? {} : { [argument]: last[0] };
}

function inputFor(tool: SimulatedTool, name: string, schema: JsonSchema, facts: readonly KnownFact[], state: SimulatedState): Json {
  const entity = typeof schema.entity === 'string' ? schema.entity : undefined;
  const table = entity === undefined ? undefined : state.tables[entity];
  if (table !== undefined && Object.keys(table).length > 0) return typed(tool, name, idLike(schema, Object.keys(table)[0] as string));
  const fact = facts.find(({ params, value }) => params?.includes(`${tool.doc.name}.${name}`) && fitsSchema(schema, value));
  return fact?.value ?? choicesOf(schema)[0] ?? sampleValue(schema, name, { meaning: `${state.salt}/${tool.doc.name}/${name}`, thing: tool.resource, optional: false });
}

const idLike = (schema: JsonSchema, key: string): Json => (['integer', 'number'].includes(typeOfSchema(resolveSchema(schema)) ?? '') ? Number(key) : key);
