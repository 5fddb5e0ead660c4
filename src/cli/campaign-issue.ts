import { z } from 'zod';
import { closest } from '../activities/model-names';
import { campaignFileSchema } from '../core/campaign/campaign.schema';
import { isObject, type Json, type JsonObject } from '../core/json';

/** One mistake at one place; `key` is a key inside the block at `path` that should not be there. */
export interface Complaint {
  path: (string | number)[];
  key?: string;
  says: string;
}

type Issue = z.core.$ZodIssue;

/** A mistake that zod found, as sentences for the person who wrote the file. */
export function explainIssue(issue: Issue, root: unknown, above: readonly (string | number)[] = []): Complaint[] {
  const path = [...above, ...issue.path.filter((part): part is string | number => typeof part !== 'symbol')];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ path, key, says: unknownKey(key, path) }));
  if (issue.code === 'invalid_union') return explainUnion(issue.errors, root, path);
  const name = path.at(-1);
  const what = typeof name === 'string' ? `\`${name}\` to be ` : '';
  return [{ path, says: `Expected ${what}${wanted(issue, path)}, got ${got(valueAt(root, path))}${nearValue(issue, valueAt(root, path))}` }];
}

/** The alternative that the block was most likely meant to be speaks; several equally likely ones are named together. */
function explainUnion(alternatives: readonly (readonly Issue[])[], root: unknown, path: (string | number)[]): Complaint[] {
  const likely = alternatives.filter((issues) => !issues.some((issue) => issue.path.length === 0 && issue.code === 'invalid_type'));
  const fewest = Math.min(...likely.map((issues) => issues.length));
  const best = likely.filter((issues) => issues.length === fewest);
  const [only] = best;
  if (only && best.length === 1 && !only.every((issue) => issue.code === 'invalid_value' && issue.path.length === 0)) return only.flatMap((issue) => explainIssue(issue, root, path));
  const name = path.at(-1);
  const shapes = [...new Set(alternatives.map((issues) => shapeOf(issues, path)))];
  return [{ path, says: `Expected ${typeof name === 'string' ? `\`${name}\` to be ` : ''}${shapes.join(' or ')}, got ${got(valueAt(root, path))}` }];
}

function shapeOf(issues: readonly Issue[], path: readonly (string | number)[]): string {
  const first = issues[0];
  if (!first) return 'something else';
  if (first.path.length === 0) return wanted(first, path);
  const keys = issues.filter((issue) => issue.code === 'invalid_type' || issue.code === 'invalid_union').map((issue) => issue.path.join('.'));
  return `a block with \`${keys.join('`, `')}\``;
}

const TYPES: { [type: string]: string } = {
  int: 'an integer', number: 'a number', string: 'text', boolean: 'true or false', object: 'a block of settings', record: 'a block of names and values', array: 'a list',
};

function wanted(issue: Issue, path: readonly (string | number)[]): string {
  if (issue.code === 'invalid_type') return TYPES[issue.expected === 'number' && takesInteger(path) ? 'int' : issue.expected] ?? issue.expected;
  if (issue.code === 'too_small') return least(issue.origin, Number(issue.minimum), issue.inclusive !== false);
  if (issue.code === 'too_big') return `${issue.origin === 'int' ? 'an integer' : 'a number'} up to ${String(issue.maximum)}`;
  if (issue.code === 'invalid_value') return issue.values.length === 1 ? `\`${String(issue.values[0])}\`` : `one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'invalid_format') return issue.format === 'url' ? 'an address like http://127.0.0.1:8000/v1' : path.at(-1) === 'name' ? 'lowercase letters, digits and dashes' : 'text of another form';
  return issue.message;
}

function least(origin: string, minimum: number, inclusive: boolean): string {
  if (origin === 'array') return `a list with at least ${minimum} ${minimum === 1 ? 'entry' : 'entries'}`;
  if (origin === 'string') return 'text that is not empty';
  return `${origin === 'int' || Number.isInteger(minimum) && minimum >= 1 ? 'an integer' : 'a number'} ${inclusive ? 'from' : 'above'} ${minimum}`;
}

/** What stands in the file, short enough to be read in a sentence. */
function got(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a block';
  return `\`${String(value)}\``;
}

function nearValue(issue: Issue, value: unknown): string {
  if (issue.code !== 'invalid_value' || typeof value !== 'string') return '';
  const near = closest(value, issue.values.map(String));
  return near === undefined ? '' : `; did you mean \`${near}\`?`;
}

function valueAt(root: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((here, part) => (typeof here === 'object' && here !== null ? (here as { [key: string]: unknown })[part] : undefined), root);
}

function unknownKey(key: string, path: readonly (string | number)[]): string {
  const known = knownKeys(path);
  const near = closest(key, known);
  return `Expected only known keys, got \`${key}\`; ${near === undefined ? `there are ${known.join(', ')}` : `did you mean \`${near}\`?`}`;
}

function knownKeys(path: readonly (string | number)[]): string[] {
  return [...new Set(schemasAt(path).flatMap((schema) => (isObject(schema.properties) ? Object.keys(schema.properties) : [])))];
}

const takesInteger = (path: readonly (string | number)[]): boolean => schemasAt(path).some((schema) => schema.type === 'integer');

/** What the published JSON Schema says of a path, one schema for each alternative. */
function schemasAt(path: readonly (string | number)[]): JsonObject[] {
  let here: Json[] = [z.toJSONSchema(campaignFileSchema, { io: 'input' }) as Json];
  for (const part of path) here = here.flatMap(alternatives).flatMap((schema) => below(schema, part));
  return here.flatMap(alternatives).filter(isObject);
}

function alternatives(schema: Json): Json[] {
  if (!isObject(schema)) return [];
  return Array.isArray(schema.anyOf) ? schema.anyOf.flatMap(alternatives) : [schema];
}

function below(schema: Json, part: string | number): Json[] {
  if (!isObject(schema)) return [];
  const next = typeof part === 'number' ? schema.items : (isObject(schema.properties) ? schema.properties[part] : undefined) ?? schema.additionalProperties;
  return isObject(next) ? [next] : [];
}
