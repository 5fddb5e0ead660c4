import { isObject, type Json, type JsonObject, type JsonSchema } from '../../core/json';
import type { Spec } from './spec';

/** What a tool is given, or what it gives: read-only properties are no inputs, write-only ones no outputs. */
export type Direction = 'input' | 'output';

// Every schema is in every prompt: deeper or wider ones would crowd out the rest.
const DEPTH = { input: 5, output: 5 } as const;
const OPTIONAL_PROPERTIES = { input: 8, output: 16 } as const;
const DESCRIPTION_LIMIT = 200;
const MOST_MEMBERS = 40;

const KEPT = ['type', 'enum', 'const', 'format', 'pattern', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'minLength', 'maxLength', 'minItems', 'maxItems', 'uniqueItems', 'multipleOf', 'default'] as const;

/**
 * One JSON Schema 2020-12 without references from a schema of 3.0 or 3.1: `allOf` merged, `nullable` and Boolean
 * bounds written the new way, recursion cut, what says nothing about values left out. Formats that say nothing about
 * JSON (`int32`, `password`) are dropped.
 */
export function compactSchema(spec: Spec, schema: Json | undefined, direction: Direction): JsonSchema {
  return compact({ spec, direction }, schema, 0, []);
}

interface Task {
  spec: Spec;
  direction: Direction;
}

function compact(task: Task, schema: Json | undefined, depth: number, seen: readonly JsonObject[]): JsonSchema {
  if (!isObject(schema) || depth > DEPTH[task.direction]) return {};
  const here = flattened(task.spec, schema, seen);
  const path = [...seen, ...here.parts];
  const result: JsonSchema = typed(here.schema);
  for (const key of KEPT) if (here.schema[key] !== undefined && result[key] === undefined) result[key] = here.schema[key] as Json;
  const description = describe(here.schema);
  if (description !== '') result['description'] = description;
  const inner = (value: Json | undefined): JsonSchema => compact(task, value, depth + 1, path);
  if (isObject(here.schema['properties'])) addProperties(task, result, here.schema, inner);
  if (result['type'] === 'array') result['items'] = inner(here.schema['items']);
  // A map of values; `true` and `{}` say no more than leaving it out.
  const more = here.schema['additionalProperties'];
  if (isObject(more) && Object.keys(more).length > 0 && result['properties'] === undefined) result['additionalProperties'] = inner(more);
  const choice = here.schema['oneOf'] ?? here.schema['anyOf'];
  if (Array.isArray(choice) && result['properties'] === undefined && result['enum'] === undefined) addChoice(result, choice.map(inner));
  return tidied(result);
}

function addProperties(task: Task, result: JsonSchema, schema: JsonObject, inner: (value: Json | undefined) => JsonSchema): void {
  const hidden = task.direction === 'input' ? 'readOnly' : 'writeOnly';
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const all = Object.entries(schema['properties'] as JsonObject).filter(([, value]) => !(isObject(value) && flagged(task.spec, value, hidden)));
  const optional = all.filter(([name]) => !required.includes(name)).slice(0, OPTIONAL_PROPERTIES[task.direction]).map(([name]) => name);
  const kept = all.filter(([name]) => required.includes(name) || optional.includes(name));
  result['type'] ??= 'object';
  result['properties'] = Object.fromEntries(kept.map(([name, value]) => [name, inner(value)]));
  const asked = kept.map(([name]) => name).filter((name) => required.includes(name));
  if (asked.length > 0) result['required'] = asked;
}

/** `readOnly` may stand beside a reference or in what it points at. */
function flagged(spec: Spec, schema: JsonObject, flag: string): boolean {
  if (schema[flag] === true) return true;
  const ref = schema['$ref'];
  return typeof ref === 'string' && spec.resolve(ref)?.[flag] === true;
}

/** Alternatives of one plain type say no more than the type. */
function addChoice(result: JsonSchema, branches: readonly JsonSchema[]): void {
  const real = branches.filter((branch) => Object.keys(branch).length > 0);
  const types = new Set(real.map((branch) => JSON.stringify(branch['type'])));
  if (real.length === 1 || (types.size === 1 && !['"object"', '"array"', undefined].includes([...types][0]))) {
    const { description, ...first } = real[0] as JsonSchema;
    Object.assign(result, real.length === 1 ? first : { type: first['type'] as Json }, result['description'] === undefined && description !== undefined ? { description } : {});
  } else if (real.length > 1) {
    result['anyOf'] = real.slice(0, 4);
  }
}

interface Flat {
  schema: JsonObject;
  /** What was passed on the way, so that a schema inside itself is cut. */
  parts: JsonObject[];
}

/** References followed and `allOf` merged into one object. A schema that holds itself is empty the second time. */
function flattened(spec: Spec, schema: JsonObject, seen: readonly JsonObject[]): Flat {
  const ref = schema['$ref'];
  if (typeof ref === 'string') {
    const found = spec.resolve(ref);
    if (!found || seen.includes(found)) return { schema: {}, parts: [] };
    const target = flattened(spec, found, [...seen, found]);
    const { $ref: _ref, ...own } = schema;
    return { schema: { ...target.schema, ...own }, parts: [found, ...target.parts] };
  }
  if (!Array.isArray(schema['allOf'])) return { schema, parts: [] };
  const { allOf, ...own } = schema;
  const members = (allOf as Json[]).filter(isObject).map((member) => flattened(spec, member, seen));
  return { schema: [...members.map((member) => member.schema), own].reduce(merged, {}), parts: members.flatMap((member) => member.parts) };
}

function merged(a: JsonObject, b: JsonObject): JsonObject {
  const properties: JsonObject = isObject(a['properties']) || isObject(b['properties']) ? { properties: { ...(a['properties'] as JsonObject), ...(b['properties'] as JsonObject) } } : {};
  const required = [a['required'], b['required']].flatMap((list) => (Array.isArray(list) ? list : []));
  return { ...a, ...b, ...properties, ...(required.length > 0 ? { required: [...new Set(required)] } : {}) };
}

const JSON_TYPES = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];
const KNOWN_FORMATS = ['date', 'date-time', 'time', 'email', 'uri', 'url', 'uuid', 'ipv4', 'ipv6', 'hostname'];

/** Type, null and bounds as 2020-12 writes them. */
function typed(schema: JsonObject): JsonSchema {
  const types = (Array.isArray(schema['type']) ? schema['type'] : [schema['type']]).filter((type): type is string => JSON_TYPES.includes(String(type)));
  const result: JsonSchema = {};
  const guess = types.length > 0 ? types : isObject(schema['properties']) ? ['object'] : schema['items'] !== undefined ? ['array'] : [];
  const nullable = schema['nullable'] === true && !guess.includes('null') && guess.length > 0;
  const all = nullable ? [...guess, 'null'] : guess;
  if (all.length > 0) result['type'] = all.length === 1 ? (all[0] as string) : all;
  if (nullable && Array.isArray(schema['enum']) && !schema['enum'].includes(null)) result['enum'] = [...schema['enum'], null];
  return result;
}

/** Keywords that do not fit their type, or would make every value wrong, are mistakes of the description. */
function tidied(schema: JsonSchema): JsonSchema {
  const result = { ...schema };
  for (const [flag, bound] of [['exclusiveMinimum', 'minimum'], ['exclusiveMaximum', 'maximum']] as const) {
    if (result[flag] === true && typeof result[bound] === 'number') {
      result[flag] = result[bound];
      delete result[bound];
    } else if (typeof result[flag] !== 'number') delete result[flag];
  }
  for (const key of ['minimum', 'maximum', 'multipleOf']) if (typeof result[key] !== 'number' || Math.abs(result[key]) >= Number.MAX_SAFE_INTEGER) delete result[key];
  for (const key of ['minLength', 'maxLength', 'minItems', 'maxItems']) if (!Number.isInteger(result[key]) || Number(result[key]) > 1_000_000) delete result[key];
  if (typeof result['pattern'] !== 'string' || !compiles(result['pattern'])) delete result['pattern'];
  if (typeof result['format'] !== 'string' || !KNOWN_FORMATS.includes(result['format'])) delete result['format'];
  else if (result['format'] === 'url') result['format'] = 'uri';
  if (!Array.isArray(result['enum']) || result['enum'].length === 0 || result['enum'].length > MOST_MEMBERS) delete result['enum'];
  else result['enum'] = rightlyTyped(result['enum'], result['type']);
  if (result['type'] === 'array' && !isObject(result['items'])) result['items'] = {};
  if (isObject(result['default']) || Array.isArray(result['default']) || result['default'] === null) delete result['default'];
  return result;
}

/** `enum: [1, 2]` under `type: string` is meant as texts (YAML reads bare digits as numbers). */
function rightlyTyped(members: readonly Json[], type: Json | undefined): Json[] {
  const isText = type === 'string' || (Array.isArray(type) && type.includes('string'));
  const fitted = members.map((member) => (isText && (typeof member === 'number' || typeof member === 'boolean') ? String(member) : member));
  return [...new Map(fitted.map((member) => [JSON.stringify(member), member])).values()];
}

function compiles(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

const describe = (schema: JsonObject): string => (typeof schema['description'] === 'string' ? plainText(schema['description'], DESCRIPTION_LIMIT) : typeof schema['title'] === 'string' ? plainText(schema['title'], 80) : '');

/** Markdown and HTML as plain sentences, whole ones up to the limit. */
export function plainText(text: string, limit: number): string {
  const plain = text
    .replace(/```[\s\S]*?(```|$)/g, ' ')
    .replace(/<[^>]{0,400}>/g, ' ')
    .replace(/!?\[([^\]]{0,400})\]\([^)]{0,600}\)/g, '$1')
    .replace(/[*_]{2,}|^#+\s*/gm, '')
    .replace(/[\u0000-\u001f\u007f]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (plain.length <= limit) return plain;
  const head = plain.slice(0, limit);
  const end = head.lastIndexOf('. ');
  return end > limit / 4 ? head.slice(0, end + 1) : `${head.slice(0, Math.max(head.lastIndexOf(' '), limit / 2))}…`;
}
