import type { LiveApiBlock } from '../../core/campaign/openapi.schema';
import { isObject, type Json, type JsonObject } from '../../core/json';
import { SHORTEST_SECRET } from '../mcp/secrets';
import type { Operation } from './operations';
import type { Spec } from './spec';

/** What is added to every request, and the words that must show up nowhere. */
export interface Credentials {
  headers: { [name: string]: string };
  query: { [name: string]: string };
  secrets: string[];
}

/** The block's secrets from the variables it names. Throws for one that is not set, or a key without a place. */
export function credentialsOf(block: LiveApiBlock, spec: Spec, ours: Readonly<NodeJS.ProcessEnv>): Credentials {
  const { auth, name } = block;
  if (auth === undefined) return { headers: {}, query: {}, secrets: [] };
  if ('bearerEnv' in auth) {
    const token = secretOf(auth.bearerEnv, `${name}.auth.bearerEnv`, ours);
    return { headers: { authorization: `Bearer ${token}` }, query: {}, secrets: [token] };
  }
  if ('basicEnv' in auth) {
    const pair = secretOf(auth.basicEnv, `${name}.auth.basicEnv`, ours);
    const coded = Buffer.from(pair).toString('base64');
    return { headers: { authorization: `Basic ${coded}` }, query: {}, secrets: [pair, coded, pair.slice(pair.indexOf(':') + 1)].filter((text) => text !== '') };
  }
  const key = secretOf(auth.apiKeyEnv, `${name}.auth.apiKeyEnv`, ours);
  const place = auth.header !== undefined ? { in: 'header', name: auth.header } : auth.query !== undefined ? { in: 'query', name: auth.query } : keyPlace(spec);
  if (place === undefined) throw new Error(`Expected \`header\` or \`query\` beside \`apiKeyEnv\` (openapi block \`${name}\`): the spec names no place for a key`);
  return { headers: place.in === 'header' ? { [place.name.toLowerCase()]: key } : {}, query: place.in === 'query' ? { [place.name]: key } : {}, secrets: [key, encodeURIComponent(key)] };
}

function secretOf(variable: string, where: string, ours: Readonly<NodeJS.ProcessEnv>): string {
  const value = ours[variable];
  if (value === undefined || value === '') throw new Error(`Expected a secret in the environment variable \`${variable}\` (openapi block, ${where}), got nothing; set it where the worker runs`);
  return value;
}

function keySchemes(spec: Spec): JsonObject[] {
  const schemes = isObject(spec.root['components']) ? spec.root['components']['securitySchemes'] : undefined;
  return (isObject(schemes) ? Object.values(schemes) : []).filter(isObject).filter((scheme) => scheme['type'] === 'apiKey' && typeof scheme['name'] === 'string');
}

/** The operation without the query parameters that carry keys: we add the key, and a model that was asked for one would invent it. */
export function withoutKeys(operation: Operation, spec: Spec, credentials: Credentials): Operation {
  const names = new Set([...Object.keys(credentials.query), ...keySchemes(spec).flatMap((scheme) => (scheme['in'] === 'query' ? [String(scheme['name'])] : []))]);
  const isKey = ({ in: place, name }: Operation['passing'][number]): boolean => place === 'query' && names.has(name);
  const keys = operation.passing.filter(isKey).map(({ argument }) => argument);
  if (keys.length === 0) return operation;
  const { properties = {}, required = [], ...input } = operation.doc.input as { properties?: JsonObject; required?: string[] };
  const left = {
    ...input, properties: Object.fromEntries(Object.entries(properties).filter(([name]) => !keys.includes(name))), required: required.filter((name) => !keys.includes(name)),
  };
  return { ...operation, passing: operation.passing.filter((one) => !isKey(one)), doc: { ...operation.doc, input: left } };
}

function keyPlace(spec: Spec): { in: string; name: string } | undefined {
  const keys = keySchemes(spec);
  const scheme = keys.find(({ in: place }) => place === 'header') ?? keys.find(({ in: place }) => place === 'query');
  return scheme === undefined ? undefined : { in: String(scheme['in']), name: String(scheme['name']) };
}

/** The value without the secrets: a service may echo its request. Keys are cleaned like values; a short secret would tear words apart. */
export function withoutSecrets(value: Json, all: readonly string[]): Json {
  const secrets = all.filter((secret) => secret.length >= SHORTEST_SECRET);
  return secrets.length === 0 ? value : starred(value, secrets);
}

function starred(value: Json, secrets: readonly string[]): Json {
  if (typeof value === 'string') return secrets.reduce((text, secret) => text.replaceAll(secret, '***'), value);
  if (Array.isArray(value)) return value.map((item) => starred(item, secrets));
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [starred(key, secrets) as string, starred(item, secrets)]));
  return value;
}
