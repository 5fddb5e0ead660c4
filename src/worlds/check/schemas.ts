import Ajv, { type Options } from 'ajv';
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
    compilerFor(schema).compile(schema);
    return undefined;
  } catch (error) {
    return `its ${side} schema does not compile: ${(error as Error).message}`;
  }
}

function compilerFor(schema: JsonSchema): Ajv {
  const isDraft7 = typeof schema.$schema === 'string' && schema.$schema.includes('draft-07');
  return addFormats(isDraft7 ? new Ajv(OPTIONS) : new Ajv2020(OPTIONS));
}

/** What is wrong with a success value by the tool's output schema, `undefined` when it fits or the tool publishes none. */
export function misfitOf(tool: ToolDoc, value: unknown): string | undefined {
  if (tool.output === undefined) return undefined;
  try {
    const compiler = compilerFor(tool.output);
    return compiler.validate(tool.output, value) ? undefined : compiler.errorsText(compiler.errors, { dataVar: 'result' });
  } catch {
    // Told already as a schema that does not compile.
    return undefined;
  }
}
