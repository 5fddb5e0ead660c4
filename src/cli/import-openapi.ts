import { writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { stringify } from 'yaml';
import { catalogueText, readCollection, type Reading } from '../worlds/openapi/catalogue';
import { operationsOf } from '../worlds/openapi/operations';
import { buildSimulatedApi } from '../worlds/openapi/simulated/build';
import { proven } from '../worlds/openapi/simulated/prove';
import { firstServer, readSpec, serverAddress, type Spec } from '../worlds/openapi/spec';

export interface ImportedTool {
  name: string;
  operation: string;
  /** Only read: offered without a reset. */
  reads: boolean;
  simulated: boolean;
  description: string;
}

/** What a description gives: as tools of a running service, and played by our interpreter; and what not, with the reason. */
export interface Imported {
  title: string;
  tools: ImportedTool[];
  skipped: { operation: string; reason: string }[];
  /** Operations that are tools of the running service and cannot be simulated. */
  notSimulated: { operation: string; reason: string }[];
  /** YAML for the campaign file. */
  block: string;
}

export async function importSpec(place: string): Promise<Imported> {
  const spec = await readSpec(place, process.cwd());
  const { operations, skipped } = operationsOf(spec);
  const name = nameOf(place);
  const built = buildSimulatedApi(spec, { name, most: Infinity });
  const proof = proven(built.api);
  const simulated = new Set(proof.api.tools.map(({ doc }) => doc.name));
  const placeOf = new Map(operations.map((operation) => [operation.doc.name, `${operation.method} ${operation.path}`]));
  const live = new Set(skipped.map(({ operation }) => operation));
  return {
    title: built.api.title,
    tools: operations.map(({ doc, method, path }) => ({ name: doc.name, operation: `${method} ${path}`, reads: method === 'GET', simulated: simulated.has(doc.name), description: doc.description })),
    skipped,
    notSimulated: [...built.skipped.filter(({ operation }) => !live.has(operation)), ...proof.failed.map(({ tool, why }) => ({ operation: placeOf.get(tool) ?? tool, reason: why }))],
    block: blockFor({ name, place, spec, simulated: simulated.size > 0 }),
  };
}

const nameOf = (place: string): string => {
  const plain = basename(place).replace(/\.(json|ya?ml)$/i, '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '');
  return /^[a-z]/.test(plain) ? plain : `api-${plain}`.replace(/-$/, '');
};

/** Works as it is where the service answers without a reset; what only its owner can say stands in comments. */
function blockFor({ name, place, spec, simulated }: { name: string; place: string; spec: Spec; simulated: boolean }): string {
  const components = JSON.stringify(spec.root['components'] ?? {});
  const secured = components.includes('"securitySchemes":{"');
  const isBearer = /"scheme":"bearer"|"type":"(oauth2|openIdConnect)"/i.test(components);
  const baseURL = serverAddress(firstServer(spec), spec) ?? PLACEHOLDER;
  const live = { openapi: { name, spec: place, mode: 'live', baseURL, ...(secured ? { auth: isBearer ? { bearerEnv: 'SERVICE_TOKEN' } : { apiKeyEnv: 'SERVICE_KEY' } } : {}) } };
  const blocks = `${stringify({ worlds: [live] }, { lineWidth: 0 }).trimEnd()}\n${OWNERS_PART}`;
  return simulated ? `${blocks}\n# or, without the service:\n${stringify([{ openapi: { name, spec: place, mode: 'simulated' } }], { lineWidth: 0 }).trimEnd().replace(/^/gm, '  ')}` : blocks;
}

/** Where the spec names no server that can be asked. */
const PLACEHOLDER = 'http://127.0.0.1:8080';

const OWNERS_PART = `
# with a reset the tools that write are offered too:
# reset: { request: "POST /test/reset?seed={seed}" }
# seeds: 3
# the facts that a user of each seed could state:
# known: ./known.yaml`.trim().replace(/^/gm, '      ');

export function importLines(imported: Imported): string[] {
  const count = (test: (tool: ImportedTool) => boolean): number => imported.tools.filter(test).length;
  const width = Math.min(44, Math.max(8, ...imported.tools.map(({ name }) => name.length)));
  return [
    `${imported.title}: ${imported.tools.length} operations can be tools (${count(({ reads }) => reads)} only read), ${count(({ simulated }) => simulated)} of them can be simulated`,
    ...imported.tools.map(({ name, operation, reads, simulated }) => `  ${name.padEnd(width)}  ${reads ? 'reads ' : 'writes'}  ${simulated ? 'simulated' : '         '}  ${operation}`),
    ...(imported.skipped.length > 0 ? ['', `Not tools: ${imported.skipped.length}`, ...imported.skipped.map(({ operation, reason }) => `  ${operation}: ${reason}`)] : []),
    ...(imported.notSimulated.length > 0 ? ['', `Tools of the running service only: ${imported.notSimulated.length}`, ...imported.notSimulated.map(({ operation, reason }) => `  ${operation}: ${reason}`)] : []),
    '', 'For the campaign file:', imported.block,
  ];
}

export interface ImportedCollection {
  file: string;
  counts: Reading['counts'];
  apis: { name: string; title: string; tools: number }[];
}

/** Writes the catalogue of a folder of descriptions; a name that ends with `.gz` is compressed. */
export async function importCollection(folder: string, file: string, onProgress: (line: string) => void): Promise<ImportedCollection> {
  let last = -1;
  const { apis, counts } = await readCollection(resolve(folder), (done, total, kept) => {
    const part = Math.floor((done / total) * 10);
    if (part > last) onProgress(`reading descriptions: ${done} of ${total}, ${kept} chosen`);
    last = Math.max(last, part);
  });
  const text = catalogueText(basename(folder), apis);
  writeFileSync(file, file.endsWith('.gz') ? gzipSync(text) : text);
  return { file, counts, apis: apis.map(({ name, title, tools }) => ({ name, title, tools: tools.length })) };
}

export function collectionLines({ file, counts, apis }: ImportedCollection): string[] {
  return [
    `${file}: ${counts.tools} simulated tools of ${counts.kept} APIs`,
    `  looked at ${counts.files} descriptions; left out: ${counts.leftOut} of large clouds, ${counts.tooLarge} too large, ${counts.tooFew} with fewer than 8 tools, ${counts.otherVersions} other versions, ${counts.unreadable} unreadable; ${counts.dropped} tools did not pass their proof`,
    ...apis.map(({ name, title, tools }) => `  ${name.padEnd(40)} ${String(tools).padStart(3)}  ${title}`),
    '', 'For the campaign file:', 'worlds:', `  - openapi: { catalogue: ${file.startsWith('/') || file.startsWith('.') ? file : `./${file}`}, only: [${apis.slice(0, 3).map(({ name }) => name).join(', ')}] }`,
  ];
}
