import { isObject, type JsonObject, type JsonSchema } from '../../core/json';
import type { ToolDoc } from '../../core/tool';
import { compactSchema, plainText } from './schemas';
import { nameOf, singular, snake, unique } from './naming';
import type { Spec } from './spec';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** How one argument of a tool travels in the request. */
export interface Passing {
  argument: string;
  /** Name in the path, the query or the body. */
  name: string;
  in: 'path' | 'query' | 'body' | 'whole-body';
  /** Query lists: one parameter each (`form`, the default), or joined. Objects the same by property, or `deepObject` (`a[b]=c`). `json`: whatever it is, as JSON. */
  style?: 'comma' | 'space' | 'pipe' | 'deepObject' | 'json';
}

/** An operation of a description as a tool. */
export interface Operation {
  doc: ToolDoc;
  operationId?: string;
  method: Method;
  /** As in the spec, with `{parameters}`. */
  path: string;
  passing: Passing[];
  /** Media type of the JSON body, where there is one. */
  bodyType?: string;
}

export interface SkippedOperation {
  /** `GET /orders/{id}`. */
  operation: string;
  reason: string;
}

export interface Operations {
  operations: Operation[];
  skipped: SkippedOperation[];
}

const METHODS: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
/** Beside the required ones; more would only make the model guess. */
const OPTIONAL_PARAMETERS = 8;
const DESCRIPTION_LIMIT = 400;
/** They steer the transport (form of the answer, quota, keys), not the service. */
const TRANSPORT = new Set([
  'alt', 'fields', 'prettyprint', 'pretty', 'callback', 'key', 'apikey', 'quotauser', 'uploadtype', 'uploadprotocol', 'accesstoken', 'oauthtoken',
  'xgafv', 'userip', 'token', 'authtoken', 'envelope', 'suppressresponsecodes', 'format', 'accept', 'jsonp',
]);

/**
 * Every operation of the spec: as a tool, or with the reason why not. Inputs are flattened (path, query, properties of a
 * JSON body; a name that occurs twice gets its place as prefix: `body_name`); headers, cookies, keys and transport
 * switches are kept from the model. In the order of the spec, names unique.
 */
export function operationsOf(spec: Spec): Operations {
  const result: Operations = { operations: [], skipped: [] };
  const taken = new Set<string>();
  for (const [path, item] of Object.entries(spec.root['paths'] as JsonObject)) {
    const place = isObject(item) ? followed(spec, item) : undefined;
    if (place === undefined) continue;
    for (const method of METHODS) {
      const operation = place[method.toLowerCase()];
      if (!isObject(operation)) continue;
      const made = operationOf({ spec, path, method, item: place, operation });
      if (typeof made === 'string') result.skipped.push({ operation: `${method} ${path}`, reason: made });
      else result.operations.push({ ...made, doc: { ...made.doc, name: unique(made.doc.name, taken) } });
    }
  }
  return result;
}

interface Source {
  spec: Spec;
  path: string;
  method: Method;
  item: JsonObject;
  operation: JsonObject;
}

function operationOf(source: Source): Operation | string {
  const { spec, path, method, operation } = source;
  if (operation['deprecated'] === true) return 'is deprecated';
  const answer = answerOf(spec, operation);
  if (typeof answer === 'string') return answer;
  const body = bodyOf(spec, operation, method);
  if (typeof body === 'string') return body;
  const parameters = parametersOf(source);
  const missing = [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1] as string).find((name) => !parameters.some((parameter) => parameter.in === 'path' && parameter.name === name));
  if (missing !== undefined) return `its path names \`${missing}\`, which is no parameter`;
  const header = parameters.find((parameter) => parameter.required && (parameter.in === 'header' || parameter.in === 'cookie') && !isSecret(parameter.name));
  if (header !== undefined) return `needs the ${header.in} \`${header.name}\`, which a tool call cannot carry`;
  const inputs = flattened(parameters, body);
  return {
    doc: {
      name: nameOf(typeof operation['operationId'] === 'string' ? operation['operationId'] : undefined, method, path),
      description: describe(operation, method, path),
      input: inputs.schema,
      ...(answer.schema === undefined ? {} : { output: answer.schema }),
    },
    ...(typeof operation['operationId'] === 'string' ? { operationId: operation['operationId'] } : {}),
    method,
    path,
    passing: inputs.passing,
    ...(body.type === undefined ? {} : { bodyType: body.type }),
  };
}

const followed = (spec: Spec, value: JsonObject): JsonObject => (typeof value['$ref'] === 'string' ? (spec.resolve(value['$ref']) ?? {}) : value);

function describe(operation: JsonObject, method: Method, path: string): string {
  const [summary, description] = ['summary', 'description'].map((key) => (typeof operation[key] === 'string' ? plainText(operation[key], DESCRIPTION_LIMIT) : ''));
  const told = [summary, description].filter((text): text is string => text !== undefined && text !== '');
  const [first = `${method} ${path}`, second] = told;
  const text = second === undefined || second.startsWith(first) ? (second ?? first) : `${first.replace(/[.:\s]+$/, '')}. ${second}`;
  return plainText(text, DESCRIPTION_LIMIT);
}

// ---- answers ----

const isJsonType = (type: string): boolean => /^application\/(json|[\w.+-]*\+json)\s*(;|$)|^\*\/\*$|^text\/json/i.test(type);
const STREAMS = /event-stream|x-ndjson|jsonl|json-seq|octet-stream|multipart\/x-mixed/i;

/** The schema of the first success answer in JSON; an answer without content has none. */
function answerOf(spec: Spec, operation: JsonObject): { schema?: JsonSchema } | string {
  const responses = isObject(operation['responses']) ? operation['responses'] : {};
  const status = Object.keys(responses).filter((code) => /^2(\d\d|XX)$/i.test(code)).sort()[0] ?? (responses['default'] === undefined ? undefined : 'default');
  const response = status === undefined ? undefined : responses[status];
  const content = isObject(response) ? followed(spec, response)['content'] : undefined;
  if (!isObject(content) || Object.keys(content).length === 0) return {};
  const types = Object.keys(content);
  const type = types.find(isJsonType);
  if (type === undefined) return types.some((name) => STREAMS.test(name)) ? `answers with a stream or file (${types[0]})` : `answers with ${types[0]}, not JSON`;
  const media = content[type];
  const schema = isObject(media) ? compactSchema(spec, media['schema'], 'output') : {};
  return Object.keys(schema).length === 0 ? {} : { schema };
}

// ---- inputs ----

interface Body {
  type?: string;
  schema?: JsonSchema;
  required?: boolean;
}

function bodyOf(spec: Spec, operation: JsonObject, method: Method): Body | string {
  const given = operation['requestBody'];
  if (!isObject(given)) return {};
  const body = followed(spec, given);
  const content = isObject(body['content']) ? body['content'] : {};
  const types = Object.keys(content);
  const type = types.find(isJsonType);
  if (type === undefined) {
    if (types.length === 0 || body['required'] !== true) return {};
    return types.some((name) => name.startsWith('multipart/')) ? 'takes a multipart body' : `takes a body of ${types[0]}, not JSON`;
  }
  // HTTP clients send none with a GET.
  if (method === 'GET') return body['required'] === true ? 'takes a body in a GET' : {};
  const media = content[type];
  return { type: type === '*/*' ? 'application/json' : type, schema: objectBranch(compactSchema(spec, isObject(media) ? media['schema'] : {}, 'input')), required: body['required'] === true };
}

/** Of alternative bodies the first object: one tool takes one form. */
function objectBranch(schema: JsonSchema): JsonSchema {
  const branches = Array.isArray(schema['anyOf']) ? schema['anyOf'] : [];
  const first = branches.find((branch) => isObject(branch) && isObject(branch['properties']));
  return isObject(first) ? first : schema;
}

interface Parameter {
  name: string;
  in: string;
  required: boolean;
  schema: JsonSchema;
  style?: Passing['style'];
}

/** The operation's parameters, then the path's that it does not repeat. */
function parametersOf({ spec, item, operation, path }: Source): Parameter[] {
  const lists = [operation['parameters'], item['parameters']].flatMap((list) => (Array.isArray(list) ? list : []));
  const all = lists.filter(isObject).map((parameter) => followed(spec, parameter)).filter((parameter) => typeof parameter['name'] === 'string' && typeof parameter['in'] === 'string');
  const first = all.filter((parameter, at) => all.findIndex((other) => other['name'] === parameter['name'] && other['in'] === parameter['in']) === at);
  return first.map((parameter) => parameterOf(spec, parameter, path)).filter((parameter) => parameter.in !== 'path' || path.includes(`{${parameter.name}}`));
}

function parameterOf(spec: Spec, parameter: JsonObject, path: string): Parameter {
  const content = isObject(parameter['content']) ? Object.values(parameter['content'])[0] : undefined;
  const schema = compactSchema(spec, parameter['schema'] ?? (isObject(content) ? content['schema'] : undefined), 'input');
  const described: JsonObject = typeof parameter['description'] === 'string' ? { description: plainText(parameter['description'], 200) } : {};
  const inPath = parameter['in'] === 'path';
  const style = styleOf(parameter);
  return {
    name: parameter['name'] as string,
    in: parameter['in'] as string,
    required: parameter['required'] === true || inPath,
    schema: { ...(Object.keys(schema).length === 0 ? { type: 'string' } : schema), ...described, ...(inPath ? entityTag(path, parameter['name'] as string) : {}) },
    ...(style === undefined ? {} : { style }),
  };
}

function styleOf(parameter: JsonObject): Passing['style'] | undefined {
  if (isObject(parameter['content'])) return 'json';
  if (parameter['style'] === 'deepObject') return 'deepObject';
  if (parameter['style'] === 'spaceDelimited') return 'space';
  if (parameter['style'] === 'pipeDelimited') return 'pipe';
  return parameter['explode'] === false ? 'comma' : undefined;
}

/** `/orders/{id}` names an order, and so does `{orderId}` anywhere: what a path says of its parameters. */
function entityTag(path: string, name: string): JsonObject {
  const entity = entityAt(path, name);
  return entity === undefined ? {} : { entity };
}

/** The kind of thing that a path parameter names, `undefined` where the path does not tell. */
export function entityAt(path: string, name: string): string | undefined {
  const segments = path.split('/').filter((segment) => segment !== '');
  const at = segments.findIndex((segment) => segment === `{${name}}`);
  const before = segments.slice(0, Math.max(at, 0)).findLast((segment) => !segment.includes('{'));
  // Of `/repos/{owner}/{repo}` the last one is the repo.
  return at < 1 || before === undefined || segments[at + 1]?.includes('{') === true ? undefined : singular(before);
}

const isSecret = (name: string): boolean => /^(authorization|x-api-key|api[-_]?key|x-auth-token|accept|content-type|user-agent|accept-language)$/i.test(name) || /token|secret|signature|api-?key/i.test(name);
const isTransport = (name: string): boolean => TRANSPORT.has(name.toLowerCase().replace(/[^a-z]/g, '')) || name.startsWith('$.');

interface Inputs {
  schema: JsonSchema;
  passing: Passing[];
}

interface Input extends Passing {
  required: boolean;
  schema: JsonSchema;
}

function flattened(parameters: readonly Parameter[], body: Body): Inputs {
  const asked = parameters.filter((parameter) => parameter.in === 'path' || (parameter.in === 'query' && !(isTransport(parameter.name) && !parameter.required)));
  const all: Omit<Input, 'argument'>[] = [
    ...asked.map((parameter) => ({ name: parameter.name, in: parameter.in as 'path' | 'query', required: parameter.required, schema: parameter.schema, ...(parameter.style === undefined ? {} : { style: parameter.style }) })),
    ...bodyInputs(body),
  ];
  const kept = withinLimit(all);
  const named = kept.map((input): Input => ({ ...input, argument: argumentName(input, kept) }));
  const required = named.filter((input) => input.required).map((input) => input.argument);
  return {
    schema: {
      type: 'object',
      properties: Object.fromEntries(named.map((input) => [input.argument, input.schema])),
      ...(required.length > 0 ? { required } : {}),
      additionalProperties: false,
    },
    passing: named.map(({ argument, name, in: place, style }) => ({ argument, name, in: place, ...(style === undefined ? {} : { style }) })),
  };
}

function bodyInputs({ schema, required: bodyRequired }: Body): Omit<Input, 'argument'>[] {
  if (schema === undefined) return [];
  if (!isObject(schema['properties'])) return [{ name: 'body', in: 'whole-body', required: bodyRequired === true, schema: Object.keys(schema).length === 0 ? { type: 'object' } : schema }];
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  return Object.entries(schema['properties']).map(([name, property]) => ({ name, in: 'body', required: required.includes(name), schema: isObject(property) ? property : {} }));
}

function withinLimit<T extends { required: boolean }>(inputs: readonly T[]): T[] {
  const optional = inputs.filter((input) => !input.required).slice(0, OPTIONAL_PARAMETERS);
  return inputs.filter((input) => input.required || optional.includes(input));
}

function argumentName(input: { name: string; in: string }, all: readonly { name: string; in: string }[]): string {
  const plain = spelled(input.name);
  const first = all.find((other) => spelled(other.name) === plain);
  if (first === input) return plain;
  const prefixed = `${input.in === 'whole-body' ? 'body' : input.in}_${plain}`;
  const before = all.slice(0, all.findIndex((other) => other === input)).filter((other) => other.in === input.in && spelled(other.name) === plain).length;
  return before === 0 ? prefixed : `${prefixed}_${before + 1}`;
}

/** Providers accept letters, digits, `_` and `-` in argument names; `filter[name]` becomes `filter_name`. */
const spelled = (name: string): string => name.replace(/[^A-Za-z0-9_-]+/g, '_').replace(/^_+(?=.)|(?<=.)_+$/g, '').slice(0, 64) || 'value';

/**
 * Marks with `entity` what the paths tell: `/orders/{id}` takes an order, so the `id` in the answers of `/orders` and
 * `/orders/{id}` is one, and `order_id` of another operation asks for one.
 */
export function tagEntities(operations: readonly Operation[]): void {
  const entities = new Set(operations.flatMap(({ doc }) => Object.values(doc.input['properties'] as JsonObject).flatMap((property) => (isObject(property) && typeof property['entity'] === 'string' ? [property['entity']] : []))));
  tagReferences(operations, entities);
  for (const operation of operations) {
    const segments = operation.path.split('/').filter((segment) => segment !== '');
    const last = segments.findLast((segment) => !segment.includes('{'));
    const tail = segments.at(-1) ?? '';
    const isCollection = tail === last;
    const isItem = tail.includes('{') && segments.at(-2) === last;
    if (last === undefined || !entities.has(singular(last)) || !operation.doc.output || !(isCollection || isItem)) continue;
    tagIds(operation.doc.output, singular(last), 0);
  }
}

function tagReferences(operations: readonly Operation[], entities: ReadonlySet<string>): void {
  for (const { doc } of operations) {
    for (const [name, property] of Object.entries(doc.input['properties'] as JsonObject)) {
      const entity = referredBy(name, entities);
      if (entity !== undefined && isObject(property) && isScalarSchema(property)) property['entity'] ??= entity;
    }
  }
}

/** `customerId` and `customer_id` ask for a customer, where there are customers. */
export function referredBy(name: string, entities: ReadonlySet<string>): string | undefined {
  const stem = /^(.+?)_?(id|uuid|key|sid)$/.exec(snake(name))?.[1];
  return stem !== undefined && entities.has(singular(stem)) ? singular(stem) : undefined;
}

/** `id` of the answer itself, of what lies in its envelope, and of the items of its list. */
function tagIds(schema: JsonSchema, entity: string, depth: number): void {
  const properties = isObject(schema['properties']) ? schema['properties'] : undefined;
  if (isObject(schema['items'])) tagIds(schema['items'], entity, depth);
  if (properties === undefined || depth > 1) return;
  const id = idProperty(Object.keys(properties), entity);
  const own = id === undefined ? undefined : properties[id];
  if (isObject(own) && isScalarSchema(own)) own['entity'] ??= entity;
  else for (const property of Object.values(properties)) if (isObject(property) && (isObject(property['items']) || isObject(property['properties']))) tagIds(property, entity, depth + 1);
}

const isScalarSchema = (schema: JsonSchema): boolean => !isObject(schema['properties']) && !isObject(schema['items']);

const ID_NAMES = ['id', 'gid', 'sid', 'uuid', 'guid', 'key', 'slug', 'code', 'name'];
const letters = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Which of an entity's properties is its id: the parameter's own name, `<entity>Id`, `id` and its like. */
export function idProperty(names: readonly string[], entity: string, parameter?: string): string | undefined {
  const last = parameter === undefined ? [] : [letters(parameter), letters(snake(parameter).split('_').at(-1) ?? '')];
  const wanted = [...last, `${letters(entity)}id`, ...ID_NAMES];
  for (const name of wanted) {
    const found = names.find((candidate) => letters(candidate) === name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The operations that an allow-list names by operation id or tool name, `*` for any text; throws for an entry that names none. */
export function allowed(operations: readonly Operation[], only: readonly string[] | undefined, where: string): Operation[] {
  if (only === undefined) return [...operations];
  const tests = only.map((entry) => ({ entry, pattern: globOf(entry) }));
  const names = ({ doc, operationId }: Operation): string[] => [doc.name, ...(operationId === undefined ? [] : [operationId])];
  const idle = tests.find(({ pattern }) => !operations.some((operation) => names(operation).some((name) => pattern.test(name))));
  if (idle) throw new Error(`Expected \`only\` to name operations (${where}), got \`${idle.entry}\`, which is none that can be a tool; there are ${operations.slice(0, 30).map(({ doc }) => doc.name).join(', ')}${operations.length > 30 ? ', …' : ''}`);
  return operations.filter((operation) => tests.some(({ pattern }) => names(operation).some((name) => pattern.test(name))));
}

/** `list_*` as a pattern over whole names. */
export const globOf = (entry: string): RegExp => new RegExp(`^${entry.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`, 'u');
