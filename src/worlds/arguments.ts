import Ajv2020, { type ErrorObject, type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { getAt, type Json, type JsonObject, type JsonSchema } from '../core/json';
import type { ToolDoc } from '../core/tool';

// Descriptions of others hold unknown keywords and unusual unions; our own `entity` is one too.
const ajv = addFormats(new Ajv2020({ strict: false, allErrors: true, validateSchema: false, logger: false, addUsedSchema: false }));

// Compiling costs milliseconds, and most tools of a large description are never called.
const compiled = new WeakMap<object, ValidateFunction>();

function validatorOf(schema: JsonSchema): ValidateFunction {
  const known = compiled.get(schema) ?? ajv.compile(schema);
  compiled.set(schema, known);
  return known;
}

/** Throws what is wrong with the schema, if anything: descriptions of others hold schemas that nobody ever compiled. */
export function assertCompiles(schema: JsonSchema): void {
  validatorOf(schema);
}

/** What keeps a value from fitting a schema, in words; empty when it fits. */
export function misfits(schema: JsonSchema, value: Json): string[] {
  const validate = validatorOf(schema);
  if (validate(value)) return [];
  return (validate.errors ?? []).filter((error) => !['anyOf', 'oneOf', 'allOf'].includes(error.keyword)).slice(0, 4).map((error) => explain(error, value));
}

/** One sentence on wrong arguments: which one, what was expected, what came; `undefined` when they fit the tool. */
export function complaintAbout(doc: ToolDoc, args: JsonObject): string | undefined {
  const wrong = misfits(doc.input, args);
  return wrong.length === 0 && fits(doc.input, args) ? undefined : `Wrong arguments for \`${doc.name}\`: ${wrong.join('; ') || 'they fit none of the forms it takes'}.`;
}

export const fits = (schema: JsonSchema, value: Json): boolean => validatorOf(schema)(value) as boolean;

function explain({ instancePath, keyword, params, message }: ErrorObject, value: Json): string {
  const name = instancePath.slice(1).replaceAll('/', '.');
  const within = name === '' ? '' : `${name}.`;
  if (keyword === 'required') return `\`${within}${String(params['missingProperty'])}\` is missing`;
  if (keyword === 'additionalProperties') return `it takes no argument \`${within}${String(params['additionalProperty'])}\``;
  const got = getAt(value, instancePath);
  const members = keyword === 'enum' ? `must be one of ${(params['allowedValues'] as Json[]).slice(0, 12).map((member) => JSON.stringify(member)).join(', ')}` : message;
  return `\`${name || 'value'}\`: ${members ?? 'does not fit'}${got === undefined ? '' : `, got ${JSON.stringify(got).slice(0, 120)}`}`;
}
