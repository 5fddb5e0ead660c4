import { canonicalJson, isObject, jsonEqual, pointerTokens, type Json, type JsonSchema } from './json';

/** The schema itself, with a local `$ref` followed and a nullable union reduced to its first non-null branch. `root` holds `$defs`. */
export function resolveSchema(schema: JsonSchema, root: JsonSchema = schema): JsonSchema {
  let here = schema;
  // Eight hops: a schema that refers to itself is cut off rather than followed for ever.
  for (let hop = 0; hop < 8; hop++) {
    const next = followRef(here, root) ?? firstBranch(here);
    if (next === undefined) break;
    const { $ref: _ref, anyOf: _anyOf, oneOf: _oneOf, allOf: _allOf, ...own } = here;
    here = { ...next, ...own };
  }
  return here;
}

function followRef(schema: JsonSchema, root: JsonSchema): JsonSchema | undefined {
  if (typeof schema.$ref !== 'string' || !schema.$ref.startsWith('#/')) return undefined;
  let here: Json | undefined = root;
  for (const token of pointerTokens(schema.$ref.slice(1))) here = isObject(here) ? here[token] : undefined;
  return isObject(here) ? here : undefined;
}

function firstBranch(schema: JsonSchema): JsonSchema | undefined {
  for (const keyword of ['anyOf', 'oneOf', 'allOf']) {
    const branches = schema[keyword];
    if (!Array.isArray(branches)) continue;
    const branch = branches.find((item) => isObject(item) && item.type !== 'null');
    if (isObject(branch)) return branch;
  }
  return undefined;
}

/** The first non-null JSON Schema type; guessed from `properties`, `items`, `enum` where `type` is missing. */
export function typeOfSchema(schema: JsonSchema): string | undefined {
  const { type } = schema;
  if (typeof type === 'string') return type;
  if (Array.isArray(type)) return type.find((item): item is string => typeof item === 'string' && item !== 'null');
  if (isObject(schema.properties)) return 'object';
  if (isObject(schema.items)) return 'array';
  const example = Array.isArray(schema.enum) ? schema.enum[0] : schema.const;
  return example === undefined ? undefined : typeof example;
}

/** The schema of the place a pointer names, concrete or wildcard; `undefined` where the schema does not describe it. */
export function schemaAt(root: JsonSchema | undefined, pointer: string): JsonSchema | undefined {
  if (root === undefined) return undefined;
  let here = resolveSchema(root);
  for (const token of pointerTokens(pointer)) {
    const next = typeOfSchema(here) === 'array' ? here.items : propertyOf(here, token);
    if (!isObject(next)) return undefined;
    here = resolveSchema(next, root);
  }
  return here;
}

function propertyOf(schema: JsonSchema, name: string): Json | undefined {
  const own = isObject(schema.properties) ? schema.properties[name] : undefined;
  return own ?? schema.additionalProperties;
}

/** The kind of thing the value refers to (our `entity` keyword). */
export const entityOf = (schema: JsonSchema | undefined): string | undefined =>
  typeof schema?.entity === 'string' ? schema.entity : undefined;

const tags = new WeakMap<JsonSchema, Map<string, string | undefined>>();

/** The tag of the place a wildcard pointer names. Kept with the schema: every step of every walk asks it of many places. */
export function entityAt(root: JsonSchema | undefined, pointer: string): string | undefined {
  if (root === undefined) return undefined;
  const known = tags.get(root) ?? new Map<string, string | undefined>();
  tags.set(root, known);
  if (!known.has(pointer)) known.set(pointer, entityOf(schemaAt(root, pointer)));
  return known.get(pointer);
}

/** True when a scalar may stand at the schema's place: type, enum, range, length, pattern. Unknown keywords do not object. */
export function fitsSchema(schema: JsonSchema, value: Json): boolean {
  const type = typeOfSchema(schema);
  if (type !== undefined && !hasType(type, value)) return false;
  if (Array.isArray(schema.enum) && !schema.enum.some((item) => jsonEqual(item, value))) return false;
  if (schema.const !== undefined && !jsonEqual(schema.const, value)) return false;
  if (typeof value === 'number') return inRange(schema, value);
  return typeof value !== 'string' || fitsText(schema, value);
}

function hasType(type: string, value: Json): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value);
  return typeof value === type;
}

function inRange(schema: JsonSchema, value: number): boolean {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  if (typeof minimum === 'number' && value < minimum) return false;
  if (typeof maximum === 'number' && value > maximum) return false;
  if (typeof exclusiveMinimum === 'number' && value <= exclusiveMinimum) return false;
  return typeof exclusiveMaximum !== 'number' || value < exclusiveMaximum;
}

function fitsText(schema: JsonSchema, value: string): boolean {
  if (typeof schema.minLength === 'number' && value.length < schema.minLength) return false;
  if (typeof schema.maxLength === 'number' && value.length > schema.maxLength) return false;
  return typeof schema.pattern !== 'string' || matches(schema.pattern, value);
}

function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(value);
  } catch {
    // A pattern of another dialect cannot be judged here; the world will.
    return true;
  }
}

/** Enumeration members, the constant, or both Booleans: what a schema offers by itself. Empty for open types. */
export function choicesOf(schema: JsonSchema): Json[] {
  if (Array.isArray(schema.enum)) return [...new Map(schema.enum.map((item) => [canonicalJson(item), item])).values()].filter((item) => item !== null);
  if (schema.const !== undefined) return [schema.const];
  return typeOfSchema(schema) === 'boolean' ? [true, false] : [];
}
