import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, relative, resolve, sep } from 'node:path';
import { parse } from 'yaml';
import { isObject, pointerTokens, type Json, type JsonObject } from '../../core/json';

/** An OpenAPI 3.0 or 3.1 description with what its references point at. */
export interface Spec {
  root: JsonObject;
  /** File path or address it was read from. */
  source: string;
  /** What a `$ref` in this description points at; `undefined` when no object is there. */
  resolve(ref: string): JsonObject | undefined;
}

const MOST_BYTES = 32 * 1024 * 1024;
const FETCH_LIMIT_MS = 30_000;
/** Documents that references may pull in beside the first. */
const MOST_DOCUMENTS = 64;

/**
 * Reads a description from a file (relative to `baseDir`) or an address. References to other documents are followed
 * only below the folder of the first, or under the same origin: a spec from the internet cannot read this machine's
 * files. Throws naming what was expected, what came and where.
 */
export async function readSpec(place: string, baseDir: string): Promise<Spec> {
  const source = isAddress(place) ? new URL(place).href : resolve(baseDir, place);
  const documents = new Map<string, JsonObject>();
  const waiting = [source];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (documents.has(next)) continue;
    if (documents.size > MOST_DOCUMENTS) throw new Error(`Expected at most ${MOST_DOCUMENTS} documents, the references of ${place} lead to more; bundle the description into one file`);
    const here = next;
    const document = withFullRefs(parseDocument(await readText(here), here), (ref) => {
      const target = documentOf(ref, here, source);
      waiting.push(target);
      return target === source ? ref.slice(ref.indexOf('#')) : `${target}${ref.includes('#') ? ref.slice(ref.indexOf('#')) : '#'}`;
    });
    documents.set(here, document as JsonObject);
  }
  return specOf(documents, source);
}

/** The first server of a description; `/` where it names none, as OpenAPI has it. */
export function firstServer({ root }: Spec): string {
  const first = Array.isArray(root['servers']) ? root['servers'][0] : undefined;
  return isObject(first) && typeof first['url'] === 'string' ? first['url'] : '/';
}

/** Where requests go, without a slash at its end: a server's address, which may be relative to the description's; `undefined` where it has variables or does not say a host. */
export function serverAddress(server: string, { source }: Spec): string | undefined {
  if (/[{}]/.test(server)) return undefined;
  const full = isAddress(source) && URL.canParse(server, source) ? new URL(server, source).href : server;
  return isAddress(full) && URL.canParse(full) ? full.replace(/\/+$/, '') : undefined;
}

/** A description that is at hand already; references to other documents lead nowhere. */
export function specFrom(root: JsonObject, source: string): Spec {
  return specOf(new Map([[source, root]]), source);
}

function specOf(documents: ReadonlyMap<string, JsonObject>, source: string): Spec {
  const root = documents.get(source) as JsonObject;
  assertVersion(root, source);
  return {
    root,
    source,
    resolve: (ref) => {
      const [document = '', fragment = ''] = ref.split('#');
      const value = pointerTokens(decodeFragment(fragment)).reduce<Json | undefined>(step, documents.get(document === '' ? source : document));
      return isObject(value) ? value : undefined;
    },
  };
}

const step = (here: Json | undefined, token: string): Json | undefined => (Array.isArray(here) ? here[Number(token)] : isObject(here) ? here[token] : undefined);

function decodeFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

const isAddress = (place: string): boolean => /^https?:\/\//i.test(place);

function documentOf(ref: string, from: string, source: string): string {
  const target = ref.split('#')[0] ?? '';
  if (target === '') return from;
  if (isAddress(source)) {
    const url = new URL(target, from);
    url.hash = '';
    if (url.origin === new URL(source).origin) return url.href;
    throw new Error(`Expected references of ${source} to stay under its origin, got \`${ref}\`; bundle the description into one file`);
  }
  const path = isAddress(target) ? '' : normalize(isAbsolute(target) ? target : join(dirname(from), target));
  const below = relative(dirname(source), path);
  if (path === '' || below.startsWith('..') || below.includes(`..${sep}`) || isAbsolute(below)) {
    throw new Error(`Expected references of ${source} to stay in its folder, got \`${ref}\`; bundle the description into one file`);
  }
  return path;
}

/** References name their document, so that they mean the same wherever their schema is used. */
function withFullRefs(value: Json, full: (ref: string) => string): Json {
  if (Array.isArray(value)) return value.map((item) => withFullRefs(item, full));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, key === '$ref' && typeof item === 'string' ? full(item) : withFullRefs(item, full)]));
}

async function readText(place: string): Promise<string> {
  if (!isAddress(place)) {
    return readFile(place, 'utf8').catch((cause: unknown) => {
      throw new Error(`Expected an OpenAPI description at ${place}, could not read it`, { cause });
    });
  }
  const reply = await fetch(place, { signal: AbortSignal.timeout(FETCH_LIMIT_MS), headers: { accept: 'application/json, application/yaml, text/yaml, */*' } }).catch((cause: unknown) => {
    throw new Error(`Expected an OpenAPI description at ${place}, could not reach it`, { cause });
  });
  if (!reply.ok) throw new Error(`Expected an OpenAPI description at ${place}, got status ${reply.status}`);
  return reply.text();
}

function parseDocument(text: string, place: string): JsonObject {
  if (text.length > MOST_BYTES) throw new Error(`Expected an OpenAPI description of up to ${MOST_BYTES} bytes at ${place}, got ${text.length}`);
  const value = text.trimStart().startsWith('{') ? parseJson(text, place) : parseYaml(text, place);
  if (!isObject(value)) throw new Error(`Expected an OpenAPI description at ${place}, got no object`);
  return value;
}

function parseJson(text: string, place: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new Error(`Expected JSON at ${place}, got: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function parseYaml(text: string, place: string): Json {
  try {
    // Anchors are data too, but a handful of nested ones must not grow to gigabytes.
    return JSON.parse(JSON.stringify(parse(text, { maxAliasCount: 1000 }))) as Json;
  } catch (cause) {
    throw new Error(`Expected YAML at ${place}, got: ${(cause instanceof Error ? cause.message : String(cause)).split('\n')[0]}`, { cause });
  }
}

function assertVersion(root: JsonObject, place: string): void {
  if (typeof root['swagger'] === 'string') throw new Error(`Expected OpenAPI 3.0 or 3.1, got Swagger ${root['swagger']} (${place}); convert it first, for example with swagger2openapi`);
  const version = root['openapi'];
  if (typeof version !== 'string' || !/^3\.[01](\.|$)/.test(version)) throw new Error(`Expected \`openapi: 3.0.x\` or \`3.1.x\`, got ${version === undefined ? 'no such key' : `\`${String(version)}\``} (${place})`);
  if (!isObject(root['paths'])) throw new Error(`Expected \`paths\` with operations, got none (${place})`);
}
