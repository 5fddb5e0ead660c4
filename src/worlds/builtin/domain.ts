import { z } from 'zod';
import { canonicalJson, canonicalObject, deepFreeze, isObject, jsonEqual, type Json, type JsonObject, type JsonSchema } from '../../core/json';
import { createRng } from '../../core/random';
import type { CallResult, Fault, KnownFact, ToolDoc } from '../../core/tool';
import { digestOf, sha256 } from '../../digest';
import type { World, WorldInstance } from '../world';
import { fits } from './fits';
import { rememberLast, rememberWhileAlive } from './remember';

/**
 * The authoring layer of built-in worlds: state is ONE JSON document with a zod schema, tools are small functions on a
 * draft of it. Ids, clock and randomness come from the document, so a seed and a list of calls decide everything.
 */

/** Every state holds `salt`, the secret of its seed from which ids and hidden values are derived. */
export interface DomainState {
  salt: string;
}

/** A refusal that leaves the state unchanged. */
export interface Refusal {
  fault: Exclude<Fault, 'unknown_tool' | 'unavailable'>;
  message: string;
}

/** A precondition: says why not, or nothing. Needs are asked in order, so a later one may rely on an earlier one. */
export type Need<S, A> = (state: S, args: A) => Refusal | undefined;

/** A state to write on: whole rows go in and out of its tables; a row is written once `rowOf` has taken it. */
export type Draft<S> = { [K in keyof S]: string extends keyof S[K] ? { [id: string]: Untaken<S[K][keyof S[K]]> } : S[K] };
type Untaken<R> = R extends readonly unknown[] ? R : Readonly<R>;

/** What `run` gets: the draft and the only sources of new values. */
export interface Run<S> {
  state: Draft<S>;
  /**
   * A new id such as `Q-7KD2MX`, derived from the salt and from what it stands for, not from a running number: calls
   * that have nothing to do with each other get the same ids in either order. `taken` settles collisions and repeats.
   */
  id(prefix: string, meaning: string, taken: { [id: string]: unknown }): string;
}

export interface ToolDefinition<S, I extends z.ZodType<object>, O extends z.ZodType> {
  name: string;
  about: string;
  in: I;
  out: O;
  /** Top-level keys of the state that `run` may change; the others are frozen. Left out: a read. */
  writes?: readonly (keyof S & string)[];
  needs?: readonly Need<S, z.output<I>>[];
  run(run: Run<S>, args: z.output<I>): z.input<O>;
}

/** A tool with its types closed over, so that tools of one state fit in one list. */
export interface DomainTool<S> {
  doc: ToolDoc;
  writes: readonly (keyof S & string)[];
  /**
   * Arguments, needs, run, output schema, in this order; `begin` makes the draft once nothing refuses. A result that does
   * not fit its schema is a bug and throws.
   */
  attempt(state: S, begin: () => Run<S>, args: JsonObject): CallResult;
}

/** An object schema whose parts can be checked one by one. */
export type StateSchema<S> = z.ZodType<S> & { shape: { [part: string]: z.ZodType } };

export interface Domain<S extends DomainState> {
  name: string;
  version: string;
  policy: string;
  state: StateSchema<S>;
  /** The state of a seed; everything hidden in it must change with the seed. */
  init(seed: number): S;
  /** What a user could state, read off the initial state. */
  known(state: S): KnownFact[];
  tools: readonly DomainTool<S>[];
  /** What no sequence of calls may break, by the rule's sentence; tests walk at random and ask after every call. */
  invariants?: { [rule: string]: (state: S) => boolean };
}

/** An instance whose state can be looked at, for tests: agents see tools alone. */
export interface DomainInstance extends WorldInstance {
  state(): DomainState;
}

export interface DomainWorld extends World {
  open(seed: number): Promise<DomainInstance>;
  /** The sentences of the domain's invariants. */
  rules: readonly string[];
  /** The rules that this state breaks; none, or the domain has a bug. */
  broken(state: DomainState): string[];
}

/** A string that names a thing; the tag survives into the JSON Schema, where arguments are matched by it. */
export const ref = (entity: string, description: string): z.ZodString => z.string().min(1).meta({ entity, description });

/** A calendar day, `2031-04-07`. */
export const day = (description: string): z.ZodISODate => z.iso.date().meta({ entity: 'date', description });

/** The maker of a state's tools: `const tool = toolsOn<RailState>()`. */
export function toolsOn<S extends DomainState>() {
  return <I extends z.ZodType<object>, O extends z.ZodType>(definition: ToolDefinition<S, I, O>): DomainTool<S> => ({
    doc: {
      name: definition.name,
      description: definition.about,
      input: toSchema(definition.in, 'input'),
      output: toSchema(definition.out, 'output'),
    },
    writes: definition.writes ?? [],
    attempt: (state, begin, args) => {
      const parsed = fits(definition.in, args) ? { success: true as const, data: copyOf(args) as z.output<I> } : definition.in.safeParse(args);
      if (!parsed.success) return refuse({ fault: 'invalid_args', message: describeIssues(definition.name, parsed.error, args) });
      for (const need of definition.needs ?? []) {
        const refusal = need(state, parsed.data);
        if (refusal) return refuse(refusal);
      }
      return { ok: true, value: asSchema(definition.out, runOn(begin(), definition, parsed.data)) as Json };
    },
  });
}

function runOn<S, I extends z.ZodType<object>, O extends z.ZodType>(run: Run<S>, definition: ToolDefinition<S, I, O>, args: z.output<I>): z.input<O> {
  try {
    return definition.run(run, args);
  } catch (error) {
    if (!(error instanceof TypeError) || !/read only|not extensible|Cannot delete/.test(error.message)) throw error;
    throw new Error(`Expected \`${definition.name}\` to write only parts that stand in its \`writes\`, and only rows that it took from their table by \`rowOf\`: ${error.message}`, { cause: error });
  }
}

/** The value as the schema gives it: itself when it fits. Throws when the schema does not take it. */
const asSchema = <T extends z.ZodType>(schema: T, value: z.input<T>): z.output<T> => (fits(schema, value) ? (value as z.output<T>) : schema.parse(value));

// ---- needs that any domain can use ----

/** Refuses with `fault` unless `holds`. */
export function must<S, A>(fault: Refusal['fault'], holds: (state: S, args: A) => boolean, say: (args: A, state: S) => string): Need<S, A> {
  return (state, args) => (holds(state, args) ? undefined : { fault, message: say(args, state) });
}

/** Refuses with `not_found` unless the table has the id that the arguments name. */
export function exists<S, A>(kind: string, table: (state: S) => { [id: string]: unknown }, id: (args: A) => string): Need<S, A> {
  return must('not_found', (state, args) => Object.hasOwn(table(state), id(args)), (args) => `There is no ${kind} \`${id(args)}\`.`);
}

// ---- from a domain to a world ----

// In-memory instances cost nothing; the bound only keeps the search for a standing prefix short.
const OPEN_AT_ONCE = 32;
// Counterfactual replays open the same few seeds again and again; building one costs as much as twenty calls.
const SEEDS_KEPT = 64;

/** A world over a domain. Its version carries a hash of the tool docs and policy, so that changed tools are a new version. */
export function defineDomain<S extends DomainState>(domain: Domain<S>): DomainWorld {
  const docs = domain.tools.map((tool) => tool.doc);
  const tools = new Map(domain.tools.map((tool) => [tool.doc.name, tool]));
  const fingerprint = digestOf({ docs: docs as unknown as Json, policy: domain.policy }).slice(0, 8);
  // Copied, as V8 keeps a table that was built row by row as a dictionary, which it copies and lists twenty times slower.
  const initial = rememberLast(SEEDS_KEPT, (seed: number): S => deepFreeze(copyOf(domain.state.parse(domain.init(seed)))));
  return {
    doc: {
      id: domain.name,
      version: `${domain.version}#${fingerprint}`,
      tools: docs,
      policy: domain.policy,
      seeds: null,
      reseedable: true,
      volatile: [],
    },
    known: (seed) => domain.known(initial(seed)),
    open: (seed) => Promise.resolve(createInstance(domain.state, tools, initial(seed))),
    rules: Object.keys(domain.invariants ?? {}),
    broken: (state) => Object.entries(domain.invariants ?? {}).flatMap(([rule, holds]) => (holds(state as S) ? [] : [rule])),
    maxOpen: OPEN_AT_ONCE,
    close: () => Promise.resolve(),
  };
}

function createInstance<S extends DomainState>(
  schema: StateSchema<S>,
  tools: ReadonlyMap<string, DomainTool<S>>,
  initial: S,
): DomainInstance {
  let state = initial;
  let digest: string | undefined;

  const call = (name: string, args: JsonObject): CallResult => {
    const tool = tools.get(name);
    if (!tool) return refuse({ fault: 'unknown_tool', message: `There is no tool \`${name}\`. Tools: ${[...tools.keys()].join(', ')}.` });
    let draft = state;
    const begin = (): Run<S> => {
      if (tool.writes.length > 0) draft = draftOf(schema, state, tool.writes);
      return { state: draft as Draft<S>, id: (prefix, meaning, taken) => newId(state.salt, prefix, meaning, taken) };
    };
    const result = tool.attempt(state, begin, args);
    if (result.ok && tool.writes.length > 0) {
      state = accept(schema, state, draft, tool);
      digest = undefined;
    }
    return result;
  };

  return {
    call: async ({ tool, args }) => call(tool, args),
    digest: async () => (digest ??= digestOfState(state)),
    state: () => state,
    close: () => Promise.resolve(),
  };
}

/**
 * The parts a tool may write are copies; the rest is the frozen original, shared. So are the rows of tables: most calls
 * write one, and copying and comparing all of them took longer than the tool.
 */
function draftOf<S extends DomainState>(schema: StateSchema<S>, state: S, writes: readonly (keyof S & string)[]): S {
  const draft = { ...state };
  for (const key of writes) draft[key] = schema.shape[key] instanceof z.ZodRecord ? { ...state[key] } : copyOf(state[key]);
  return draft;
}

function accept<S extends DomainState>(
  schema: StateSchema<S>,
  before: S,
  draft: S,
  tool: DomainTool<S>,
): S {
  for (const key of Object.keys(draft) as (keyof S & string)[]) {
    if (draft[key] !== before[key] && !tool.writes.includes(key)) {
      throw new Error(`Expected \`${tool.doc.name}\` to write only ${tool.writes.join(', ')}, it wrote \`${key}\`: add it to \`writes\``);
    }
  }
  for (const key of tool.writes) draft[key] = settled(schema.shape[key], before[key], draft[key]);
  return Object.freeze(draft);
}

/** A part after a call: what it left as it was keeps its identity, so that only what changed is checked, frozen and hashed again. */
function settled<T>(schema: z.ZodType | undefined, before: T, after: T): T {
  if (!(schema instanceof z.ZodRecord) || !isObject(before) || !isObject(after)) {
    if (jsonEqual(before as Json, after as Json)) return before;
    if (schema) asSchema(schema, after);
    return deepFreeze(after);
  }
  const rows: { [id: string]: Json } = after;
  let changes = Object.keys(before).length - Object.keys(rows).length;
  for (const id of Object.keys(rows)) {
    const row = before[id];
    if (row === rows[id]) continue;
    if (row !== undefined && jsonEqual(row, rows[id] as Json)) {
      rows[id] = row;
      continue;
    }
    if (row === undefined) z.parse(schema.keyType, id);
    asSchema(schema.valueType as z.ZodType, rows[id]);
    deepFreeze(rows[id]);
    changes = 1;
  }
  return changes === 0 ? before : Object.freeze(after);
}

// What a call did not write keeps its identity: digests of parts and texts of rows are made once for all states that share them.
const digestOfPart = rememberWhileAlive((part: object) => sha256(isObject(part) ? canonicalObject(part, textOfItem) : canonicalJson(part as Json)));
const textOfRow = rememberWhileAlive((row: object) => canonicalJson(row as Json));
const textOfItem = (item: Json): string => (isHeld(item) ? textOfRow(item) : canonicalJson(item));

const isHeld = (value: unknown): value is object => typeof value === 'object' && value !== null;

function digestOfState(state: DomainState): string {
  const parts = state as unknown as JsonObject;
  return sha256(Object.keys(parts).sort().map((key) => `${key}:${digestOrText(parts[key] as Json)}`).join('\n'));
}

const digestOrText = (part: Json): string => (isHeld(part) ? digestOfPart(part) : canonicalJson(part));

// Without vowels and look-alikes: an id never spells a word and survives being read aloud.
const ID_LETTERS = [...'23456789BCDFGHJKMNPQRSTVWXZ'];

/** A code of `length` letters and digits that only who knows the salt could guess. */
export function hiddenCode(salt: string, meaning: string, length: number): string {
  const rng = createRng(`${salt}/${meaning}`);
  let code = '';
  for (let at = 0; at < length; at++) code += rng.pick(ID_LETTERS);
  return code;
}

function newId(salt: string, prefix: string, meaning: string, taken: { [id: string]: unknown }): string {
  for (let repeat = 0; ; repeat++) {
    const id = `${prefix}-${hiddenCode(salt, `${prefix}/${meaning}/${repeat}`, 6)}`;
    if (!Object.hasOwn(taken, id)) return id;
  }
}

const refuse = (refusal: { fault: Fault; message: string }): CallResult => ({ ok: false, ...refusal });

/** One sentence: which argument, what was expected, what came. */
function describeIssues(tool: string, error: z.ZodError, args: JsonObject): string {
  const issues = error.issues.map((issue) => {
    const where = issue.path.map(String).join('.');
    if (issue.code === 'unrecognized_keys') return `it takes no argument ${issue.keys.map((key) => `\`${key}\``).join(', ')}`;
    const got = issue.path.reduce<unknown>((here, key) => (isObject(here) ? here[String(key)] : undefined), args);
    return `\`${where}\`: ${issue.message}${got === undefined ? '' : `, got ${JSON.stringify(got)}`}`;
  });
  return `Wrong arguments for \`${tool}\`: ${issues.join('; ')}.`;
}

function toSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io }) as JsonSchema;
  return tidy(rest) as JsonSchema;
}

/** Drops what prompts pay for and nobody reads: patterns that only repeat `format`, and the bounds of a double. */
function tidy(value: Json): Json {
  if (Array.isArray(value)) return value.map(tidy);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key, item]) => {
    if (key === 'pattern' && typeof value.format === 'string') return false;
    return !((key === 'minimum' || key === 'maximum') && Math.abs(Number(item)) === Number.MAX_SAFE_INTEGER);
  });
  return Object.fromEntries(kept.map(([key, item]) => [key, tidy(item)]));
}

/** Plain JSON only, and several times faster on small parts than `structuredClone`: spread copies a row's shape with it. */
export function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf) as T;
  const copy = { ...value };
  for (const key in copy) if (typeof copy[key] === 'object') copy[key] = copyOf(copy[key]);
  return copy;
}
