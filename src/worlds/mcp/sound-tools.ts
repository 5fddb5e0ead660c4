import type { Tool, CallToolResult } from '@modelcontextprotocol/client';
import type { ErrorObject, ValidateFunction } from 'ajv';
import Ajv2020 from 'ajv/dist/2020';
import { isObject, type JsonObject } from '../../core/json';

// Servers declare three drafts and none; what they have in common is what is checked.
const ajv = new Ajv2020({ strict: false, validateFormats: false, addUsedSchema: false, logger: false });

/** The tools that can be offered, and a sentence for each that cannot. */
export interface SoundTools {
  sound: Tool[];
  troubles: string[];
}

// What endpoints take as a function's name.
const NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** Sorts out tools that share a name, whose name no endpoint takes, or whose input schema is none. */
export function soundTools(tools: readonly Tool[]): SoundTools {
  const troubleOf = (tool: Tool): string | undefined => {
    if (!NAME.test(tool.name)) return `tool \`${tool.name}\` is not offered: endpoints take names of up to 64 letters, digits, dashes and underscores`;
    if (tools.filter(({ name }) => name === tool.name).length > 1) return `tool \`${tool.name}\` is not offered: the server has several of that name, and a call could not say which it means`;
    const complaint = schemaComplaint(tool.inputSchema);
    return complaint === undefined ? undefined : `tool \`${tool.name}\` is not offered: its input schema is no JSON Schema (${complaint})`;
  };
  const judged = tools.map((tool) => ({ tool, trouble: troubleOf(tool) }));
  return { sound: judged.flatMap(({ tool, trouble }) => (trouble === undefined ? [tool] : [])), troubles: [...new Set(judged.flatMap(({ trouble }) => trouble ?? []))] };
}

function schemaComplaint(schema: unknown): string | undefined {
  if (!isObject(schema)) return 'it is no object';
  // The declared draft is beside the point: our checker knows one.
  const { $schema: _draft, ...rest } = schema;
  return ajv.validateSchema(rest) === true ? undefined : firstOf(ajv.errors);
}

/** Remembers which tools send something else than their output schemas promise. */
export interface OutputWatch {
  look(tool: string, reply: CallToolResult): void;
  /** One sentence per tool that broke its promise. */
  broken(): string[];
}

/** What a server sent is what happened, so a broken promise is reported and never made an error. */
export function createOutputWatch(): OutputWatch & { expect(tools: readonly Tool[]): void } {
  const promises = new Map<string, JsonObject>();
  const compiled = new Map<string, ValidateFunction | undefined>();
  const broken = new Map<string, string>();

  const validatorOf = (tool: string): ValidateFunction | undefined => {
    if (!compiled.has(tool)) compiled.set(tool, compile(promises.get(tool)));
    return compiled.get(tool);
  };
  return {
    expect: (tools) => tools.forEach((tool) => {
      if (isObject(tool.outputSchema)) promises.set(tool.name, tool.outputSchema);
    }),
    look: (tool, reply) => {
      if (broken.has(tool) || reply.isError === true || !promises.has(tool)) return;
      if (reply.structuredContent === undefined) broken.set(tool, `tool \`${tool}\` promises structured output and sent none`);
      else if (validatorOf(tool)?.(reply.structuredContent) === false) broken.set(tool, `tool \`${tool}\` does not keep to its own output schema: ${firstOf(validatorOf(tool)?.errors)}`);
    },
    broken: () => [...broken.values()],
  };
}

function compile(schema: JsonObject | undefined): ValidateFunction | undefined {
  try {
    const { $schema: _draft, ...rest } = schema ?? {};
    return ajv.compile(rest);
  } catch {
    // Not a schema our checker knows: then there is nothing to hold the server to.
    return undefined;
  }
}

const firstOf = (errors: readonly ErrorObject[] | null | undefined): string => (errors?.[0] === undefined ? 'no reason given' : `${errors[0].instancePath || '/'} ${errors[0].message ?? ''}`.trim());
