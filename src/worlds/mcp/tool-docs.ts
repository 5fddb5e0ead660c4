import type { Tool } from '@modelcontextprotocol/client';
import { isObject, pointerTokens, type Json, type JsonObject, type JsonSchema } from '../../core/json';
import type { ToolDoc } from '../../core/tool';
import { extractSchema } from './extract';

// Longer descriptions are usage manuals, and every one is in every prompt.
const DESCRIPTION_LIMIT = 700;

/** What a campaign says about a server's tools: which, which parameters of them, and which values are of one kind. */
export interface ToolView {
  /** Allow-list; all tools when left out. */
  tools?: readonly string[] | undefined;
  /** `tool` or `tool.parameter` → text instead of the server's. */
  descriptions: Readonly<Record<string, string>>;
  /** `tool.parameter` → hidden from models, or required of them. */
  parameters: Readonly<Record<string, 'hidden' | 'required'>>;
  /** `tool.parameter` → schema instead of the server's. */
  schemas?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Tool → names of the values that are taken out of its text. */
  extract?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** `git_checkout.target` names a parameter, `git_branch/branches/0/name` (any index) an output; the value is our `entity` tag. */
  entities: Readonly<Record<string, string>>;
}

/** The tools as agents and graph see them, in the server's order; throws when the view names what the server does not have. */
export function toolDocs(tools: readonly Tool[], view: ToolView, troubles: readonly string[] = []): ToolDoc[] {
  const names = tools.map((tool) => tool.name);
  const missing = (view.tools ?? []).filter((name) => !names.includes(name));
  if (missing.length > 0) throw new Error(`Expected mcp.tools to name tools of the server, got [${missing.join(', ')}]; it has [${names.join(', ')}]${troubles.length > 0 ? `; ${troubles.join('; ')}` : ''}`);
  const docs = tools.filter((tool) => view.tools?.includes(tool.name) ?? true).map(toolDoc);
  for (const [place, schema] of Object.entries(view.schemas ?? {})) replaceSchema(docs, place, schema);
  for (const [tool, patterns] of Object.entries(view.extract ?? {})) giveExtracts(docs, tool, patterns);
  const silent = new Set(docs.filter(({ output }) => output === undefined));
  for (const [place, entity] of Object.entries(view.entities)) tag({ docs, silent }, place, entity);
  for (const [place, text] of Object.entries(view.descriptions)) describe(docs, place, text);
  for (const [place, change] of Object.entries(view.parameters)) changeParameter(docs, place, change);
  return docs;
}

function toolDoc(tool: Tool): ToolDoc {
  const input = normalised(tool.inputSchema as JsonSchema);
  return {
    name: tool.name,
    description: trimmed(tool.description ?? tool.title ?? tool.name),
    input: { ...input, type: 'object', properties: input['properties'] ?? {} },
    ...(tool.outputSchema === undefined ? {} : { output: normalised(tool.outputSchema as JsonSchema) }),
  };
}

/** Whole sentences up to the limit. */
function trimmed(description: string): string {
  const text = description.replace(/\s+/g, ' ').trim();
  if (text.length <= DESCRIPTION_LIMIT) return text;
  const head = text.slice(0, DESCRIPTION_LIMIT);
  const end = head.lastIndexOf('. ');
  return end > 0 ? head.slice(0, end + 1) : `${head.slice(0, DESCRIPTION_LIMIT - 1)}…`;
}

const KEPT = new Set([
  'type', 'enum', 'const', 'default', 'description', 'entity', 'format', 'pattern', 'required',
  'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'minLength', 'maxLength', 'minItems', 'maxItems',
]);
const LISTS = ['anyOf', 'oneOf', 'allOf'];
const MAX_DEPTH = 12;

/** Draft-07 and 2020-12 alike: local references written out, what says nothing about values left out. */
function normalised(schema: JsonSchema, root: JsonSchema = schema, depth = 0): JsonSchema {
  if (depth > MAX_DEPTH) return {};
  const target = resolved(schema, root);
  const kept = Object.entries(target).filter(([key, value]) => KEPT.has(key) && Math.abs(Number(value)) !== Number.MAX_SAFE_INTEGER);
  const inner = (value: Json): JsonSchema => (isObject(value) ? normalised(value, root, depth + 1) : {});
  const result: JsonSchema = Object.fromEntries(kept);
  if (isObject(target['properties'])) result['properties'] = Object.fromEntries(Object.entries(target['properties']).map(([name, value]) => [name, inner(value)]));
  if (isObject(target['items'])) result['items'] = inner(target['items']);
  if (isObject(target['additionalProperties'])) result['additionalProperties'] = inner(target['additionalProperties']);
  for (const key of LISTS) if (Array.isArray(target[key])) result[key] = target[key].map(inner);
  return oneOfATypeCollapsed(result);
}

function resolved(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const ref = schema['$ref'];
  if (typeof ref !== 'string' || !ref.startsWith('#')) return schema;
  const found = pointerTokens(ref.slice(1)).reduce<Json | undefined>((here, token) => (isObject(here) ? here[token] : undefined), root);
  const { $ref: _gone, ...rest } = schema;
  return isObject(found) ? { ...found, ...rest } : rest;
}

const allowed = (docs: readonly ToolDoc[]): string => `the tools are ${docs.map(({ name }) => name).join(', ')}`;

/** Alternatives that are all plain strings (numbers …) say no more than their type. */
function oneOfATypeCollapsed(schema: JsonSchema): JsonSchema {
  const variants = schema['anyOf'];
  if (!Array.isArray(variants) || variants.length === 0) return schema;
  const types = new Set(variants.map((variant) => (isObject(variant) && variant['enum'] === undefined && variant['const'] === undefined ? variant['type'] : undefined)));
  const [type] = types;
  if (types.size !== 1 || typeof type !== 'string' || type === 'object' || type === 'array') return schema;
  const { anyOf: _gone, ...rest } = schema;
  return { ...rest, type };
}

function replaceSchema(docs: readonly ToolDoc[], place: string, schema: Readonly<Record<string, unknown>>): void {
  const [tool, name] = place.split('.') as [string, string];
  const properties = docs.find((doc) => doc.name === tool)?.input['properties'];
  if (!isObject(properties) || properties[name] === undefined) throw new Error(`Expected mcp.schemas to name \`tool.parameter\` of an allowed tool, got \`${place}\`; ${allowed(docs)}`);
  const { description } = properties[name] as JsonObject;
  properties[name] = { ...(description === undefined ? {} : { description }), ...(schema as JsonObject) };
}

function giveExtracts(docs: readonly ToolDoc[], tool: string, patterns: Readonly<Record<string, string>>): void {
  const doc = docs.find((candidate) => candidate.name === tool);
  if (doc === undefined) throw new Error(`Expected mcp.extract to name an allowed tool, got \`${tool}\`; ${allowed(docs)}`);
  doc.output = extractSchema(tool, patterns);
}

function describe(docs: readonly ToolDoc[], place: string, text: string): void {
  const [tool, parameter] = place.split('.') as [string, string | undefined];
  const doc = docs.find((candidate) => candidate.name === tool);
  const properties = doc?.input['properties'];
  const property = parameter === undefined || !isObject(properties) ? undefined : properties[parameter];
  if (doc && parameter === undefined) doc.description = text;
  else if (isObject(property)) property['description'] = text;
  else throw new Error(`Expected mcp.descriptions to name \`tool\` or \`tool.parameter\` of an allowed tool, got \`${place}\`; ${allowed(docs)}`);
}

function changeParameter(docs: readonly ToolDoc[], place: string, change: 'hidden' | 'required'): void {
  const [tool, name] = place.split('.') as [string, string];
  const input = docs.find((doc) => doc.name === tool)?.input;
  const properties = input?.['properties'];
  if (input === undefined || !isObject(properties) || properties[name] === undefined) {
    throw new Error(`Expected mcp.parameters to name \`tool.parameter\` of an allowed tool, got \`${place}\`; ${allowed(docs)}`);
  }
  const required = Array.isArray(input['required']) ? input['required'] : [];
  if (change === 'hidden' && required.includes(name)) throw new Error(`Expected a hidden parameter to be optional, got \`${place}\` (mcp.parameters), which the server requires`);
  if (change === 'hidden') delete properties[name];
  else {
    delete (properties[name] as JsonObject)['default'];
    input['required'] = [...new Set([...required, name])];
  }
}

/** In a tool that publishes no output schema, the places that are named make one. */
function tag({ docs, silent }: { docs: readonly ToolDoc[]; silent: ReadonlySet<ToolDoc> }, place: string, entity: string): void {
  const match = /^([^./]+)([./])(.+)$/.exec(place);
  const doc = docs.find((candidate) => candidate.name === match?.[1]);
  const path = match?.[2] === '.' ? (match[3] as string).split('.') : pointerTokens(`/${match?.[3] ?? ''}`);
  if (doc !== undefined && silent.has(doc) && match?.[2] === '/') doc.output = sketched(doc.output ?? {}, path);
  const property = path.reduce<Json | undefined>(step, match?.[2] === '.' ? doc?.input : doc?.output);
  if (!isObject(property)) {
    throw new Error(`Expected mcp.entities to name \`tool.parameter\` or \`tool/output/path\` of an allowed tool, got \`${place}\`; ${allowed(docs)}`);
  }
  (property as JsonObject)['entity'] = entity;
}

/** The schema with the place in it: an item of a list for `*` or a number, else a property. */
function sketched(schema: JsonSchema, [token, ...rest]: readonly string[]): JsonSchema {
  if (token === undefined) return schema;
  const inner = (value: Json | undefined): JsonSchema => sketched(isObject(value) ? value : {}, rest);
  if (token === '*' || /^\d+$/.test(token)) return { ...schema, type: 'array', items: inner(schema['items']) };
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  return { ...schema, type: 'object', properties: { ...properties, [token]: inner(properties[token]) } };
}

const step = (schema: Json | undefined, token: string): Json | undefined => {
  if (!isObject(schema)) return undefined;
  if (token === '*' || (/^\d+$/.test(token) && schema['items'] !== undefined)) return schema['items'];
  return isObject(schema['properties']) ? schema['properties'][token] : undefined;
};
