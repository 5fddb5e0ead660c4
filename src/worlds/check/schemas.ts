import Ajv, { type Options, type ValidateFunction } from 'ajv';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { isObject, type JsonSchema } from '../../core/json';
import type { ToolDoc } from '../../core/tool';

/** Foreign schemas carry keywords and formats of their own; those are no mistake. */
const OPTIONS: Options = { strict: false, logger: false, validateFormats: false, addUsedSchema: false };

/** Names of the tool's arguments. */
export const inputsOf = (tool: ToolDoc): string[] => Object.keys(isObject(tool.input.properties) ? tool.input.properties : {});

/** A sentence per schema of the tool that does not compile. */
export function schemaTroubles(tool: ToolDoc): string[] {
  return [troubleOf('input', tool.input), troubleOf('output', tool.output)].filter((trouble) => trouble !== undefined);
}

function troubleOf(side: 'input' | 'output', schema: JsonSchema | undefined): string | undefined {
  if (schema === undefined) return undefined;
  try {
    compiled(schema);
    return undefined;
  } catch (error) {
    return `its ${side} schema does not compile: ${(error as Error).message}`;
  }
}

// Validating a schema compiles the meta-schema first, which takes thirty times as long as what it is for: once is enough.
const LATEST = new Ajv2020(OPTIONS);
const DRAFT_7 = new Ajv(OPTIONS);

/** By a compiler of its own: foreign schemas share ids without sharing what stands under them. */
function compiled(schema: JsonSchema): ValidateFunction {
  const isDraft7 = typeof schema.$schema === 'string' && schema.$schema.includes('draft-07');
  void (isDraft7 ? DRAFT_7 : LATEST).validateSchema(schema, true);
  const options = { ...OPTIONS, validateSchema: false };
  return addFormats(isDraft7 ? new Ajv(options) : new Ajv2020(options)).compile(schema);
}

/** What is wrong with a success value by the tool's output schema, `undefined` when it fits or the tool publishes none. */
export function misfitOf(tool: ToolDoc, value: unknown): string | undefined {
  if (tool.output === undefined) return undefined;
  try {
    const validate = compiled(tool.output);
    return validate(value) ? undefined : LATEST.errorsText(validate.errors, { dataVar: 'result' });
  } catch {
    // Told already as a schema that does not compile.
    return undefined;
  }
}
