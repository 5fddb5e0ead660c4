import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isNode, LineCounter, parseDocument, isMap, isScalar, type Document } from 'yaml';
import { closest, isSimulatorModel } from '../activities/model-names';
import { keyOf } from '../config';
import { campaignSchema, type CampaignFile, type ModelUse } from '../core/campaign/campaign.schema';
import type { CampaignInput } from '../core/campaign/manifest';
import { isSimulatedWorld, worldIdOf } from '../core/campaign/world-shares';
import type { OpenapiBlock } from '../core/campaign/openapi.schema';
import { CALL_BANDS } from '../core/trace';
import { toolKey } from '../core/tool';
import { chosenNames, namesInCatalogue } from '../worlds/openapi/catalogue';
import { BUILTIN_WORLDS } from '../worlds/builtin';
import { moduleFile } from '../worlds/module/place';
import { CampaignFileError } from './campaign-file-error';
import { explainIssue, type Complaint } from './campaign-issue';
import { readMcpServers } from './mcp-servers';
import { quickstart } from './quickstart';
import { isFolderPath, readWorldBlock } from './world-block';
import { isObject } from '../core/json';

export { CampaignFileError } from './campaign-file-error';

/**
 * Reads a campaign file (YAML or JSON) and fills in every default. Throws CampaignFileError with one sentence per
 * mistake: `Expected … got … (campaign.yaml:12, path.to.key)`. Reads no key and opens no world.
 */
export function compileCampaign(file: string): CampaignInput {
  const source = readSource(file);
  const value = withNamedBlocks(source, source.document.toJS() ?? {});
  const parsed = campaignSchema.safeParse(value);
  if (!parsed.success) throw complain(source, parsed.error.issues.flatMap((issue) => explainIssue(issue, value)));
  const complaints = crossChecks(parsed.data, dirname(resolve(file)));
  if (complaints.length > 0) throw complain(source, complaints);
  return { campaign: parsed.data, baseDir: dirname(resolve(file)) };
}

/** Throws CampaignFileError when a variable that the file names for a used endpoint's key is not set here. */
export function checkKeys(file: string, campaign: CampaignFile): void {
  const used = new Set(usesOf(campaign).flatMap(({ use }) => (typeof use === 'string' ? [] : [use.endpoint])));
  const complaints = Object.entries(campaign.models.endpoints).flatMap(([name, { apiKeyEnv }]): Complaint[] => {
    if (apiKeyEnv === undefined || !used.has(name) || hasKey(apiKeyEnv)) return [];
    return [{ path: ['models', 'endpoints', name, 'apiKeyEnv'], says: `Expected an API key in the environment variable \`${apiKeyEnv}\`, got nothing; set it where the worker runs` }];
  });
  if (complaints.length > 0) throw complain(readSource(file), complaints);
}

/** What a person should hear before money is spent: a limit in USD that no price can ever reach. */
export function cautions(campaign: CampaignFile): string[] {
  const used = new Set(usesOf(campaign).flatMap(({ use }) => (typeof use === 'string' ? [] : [use.endpoint])));
  const free = Object.entries(campaign.models.endpoints).filter(([name, { price }]) => used.has(name) && price.input === 0 && price.output === 0).map(([name]) => name);
  const wide = Object.entries(campaign.models.endpoints).filter(([name, { concurrency }]) => used.has(name) && concurrency > campaign.window);
  return [
    ...wide.map(([name, { concurrency }]) => `Note: \`window: ${campaign.window}\` fills no more than ${campaign.window} of the ${concurrency} places of ${name}; \`window: ${Math.ceil(concurrency * 1.5)}\` would keep them busy`),
    ...(campaign.budget.usd === undefined || free.length === 0 ? [] : [`Note: budget.usd counts nothing for ${free.join(', ')}, which ${free.length === 1 ? 'has' : 'have'} no \`price\`; set it, or use budget.tokens or budget.calls`]),
  ];
}

function hasKey(variable: string): boolean {
  try {
    return keyOf(variable) !== '';
  } catch {
    return false;
  }
}

interface Source {
  file: string;
  document: Document;
  lines: LineCounter;
  /** Of every world as read in, its place in the file, where one entry may stand for many. */
  origins?: number[];
}

function readSource(file: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(readText(file), { lineCounter: lines, prettyErrors: false });
  const source: Source = { file, document, lines };
  if (document.errors.length > 0) {
    throw new CampaignFileError(document.errors.map((error) => `Expected YAML or JSON, got ${firstLine(error.message)} (${file}:${lines.linePos(error.pos[0]).line})`));
  }
  return source;
}

/** `mcp: path` replaced by the block in that file, `mcpServers` by one block per server, `builtin: all` by one for each that no other block names. */
function withNamedBlocks(source: Source, value: unknown): unknown {
  if (!isObject(value) || !Array.isArray(value.worlds)) return value;
  const named = value.worlds.flatMap((world: unknown) => (isObject(world) && typeof world.builtin === 'string' ? [world.builtin] : []));
  const expanded = value.worlds.map((world: unknown, index) => blocksOf(world, { source, index, named }));
  source.origins = expanded.flatMap((blocks, index) => blocks.map(() => index));
  return { ...value, worlds: expanded.flat() };
}

/** The APIs of a catalogue that a block chooses, or a sentence on why there are none. */
function readCatalogueNames({ catalogue, only }: { [key: string]: unknown }, baseDir: string): { names: string[] } | { trouble: string } {
  const file = resolve(baseDir, String(catalogue));
  if (!existsSync(file)) return { trouble: `Expected a catalogue beside the campaign file, got nothing at \`${String(catalogue)}\`; \`npx hardgen world import openapi --collection FOLDER --out ${String(catalogue)}\` makes one` };
  try {
    return { names: chosenNames(namesInCatalogue(file), (only as unknown[]).map(String), String(catalogue)) };
  } catch (error) {
    return { trouble: error instanceof Error ? error.message : String(error) };
  }
}

function blocksOf(world: unknown, { source, index, named }: { source: Source; index: number; named: readonly string[] }): unknown[] {
  const baseDir = dirname(resolve(source.file));
  const refuse = (key: string, says: string): CampaignFileError => complain(source, [{ path: ['worlds', index, key], says }]);
  if (!isObject(world)) return [world];
  if (world.builtin === 'all') return Object.keys(BUILTIN_WORLDS).filter((name) => !named.includes(name)).map((name) => ({ ...world, builtin: name }));
  if (isObject(world.openapi) && typeof world.openapi.catalogue === 'string' && Array.isArray(world.openapi.only)) {
    const { share, openapi, ...rest } = world;
    const read = readCatalogueNames(openapi, baseDir);
    if ('trouble' in read) throw refuse('openapi', read.trouble);
    return read.names.map((api) => ({ ...rest, openapi: { catalogue: openapi.catalogue, api }, share: (typeof share === 'number' ? share : 1) / read.names.length }));
  }
  if (typeof world.mcp === 'string') {
    const block = readWorldBlock(world.mcp, baseDir);
    if ('trouble' in block) throw refuse('mcp', block.trouble);
    return [{ ...world, mcp: block.mcp }];
  }
  if (typeof world.mcpServers === 'string') {
    const { mcpServers, only, with: besides, ...rest } = world;
    const read = readMcpServers({ mcpServers, only, with: besides }, baseDir);
    if ('trouble' in read) throw refuse('mcpServers', read.trouble);
    return read.blocks.map((mcp) => ({ ...rest, mcp }));
  }
  return [world];
}

const firstLine = (text: string): string => (text.split('\n')[0] ?? text).replace(/[.:]$/, '');

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'an error';
    throw new CampaignFileError([`Expected a campaign file at ${file}, got ${code === 'ENOENT' ? 'nothing' : code}; ${quickstart()} is one to start from`]);
  }
}

const complain = (source: Source, complaints: readonly Complaint[]): CampaignFileError =>
  new CampaignFileError(complaints.map((complaint) => inFile(source, complaint)).map(({ path, key, says }) => `${says} (${source.file}:${lineOf(source, path, key)}, ${[...path, ...(key === undefined ? [] : [key])].join('.') || 'whole file'})`));

function inFile({ origins }: Source, complaint: Complaint): Complaint {
  const [top, index, ...rest] = complaint.path;
  const origin = top === 'worlds' && typeof index === 'number' ? origins?.[index] : undefined;
  return origin === undefined ? complaint : { ...complaint, path: ['worlds', origin, ...rest] };
}

/** Line of a path, or of the nearest thing above it that stands in the file. */
function lineOf(source: Source, path: readonly (string | number)[], key?: string): number {
  for (let depth = path.length; depth >= 0; depth--) {
    const at = path.slice(0, depth);
    const parent = depth === path.length && key !== undefined ? source.document.getIn(at, true) : source.document.getIn(at.slice(0, -1), true);
    const name = depth === path.length && key !== undefined ? key : at.at(-1);
    const node = keyNode(parent, name) ?? source.document.getIn(at, true);
    if (isNode(node) && node.range) return source.lines.linePos(node.range[0]).line;
  }
  return 1;
}

function keyNode(parent: unknown, name: string | number | undefined): unknown {
  if (!isMap(parent)) return undefined;
  return parent.items.find((pair) => isScalar(pair.key) && pair.key.value === name)?.key;
}

// --- what no single key can tell ------------------------------------------------------------------------------------

function crossChecks(campaign: CampaignFile, baseDir: string): Complaint[] {
  return [
    ...checkTarget(campaign), ...checkWorlds(campaign, baseDir), ...checkSimulatedShare(campaign), ...checkModels(campaign), ...checkShape(campaign), ...checkProbes(campaign),
    ...(campaign.prompts === undefined || existsSync(resolve(baseDir, campaign.prompts)) ? [] : [{ path: ['prompts'], says: `Expected a folder of prompt files, got \`${campaign.prompts}\`, which does not exist` }]),
  ];
}

function checkTarget({ target }: CampaignFile): Complaint[] {
  if (target.maxItems >= target.verified) return [];
  return [{ path: ['target', 'maxItems'], says: `Expected \`maxItems\` to be at least \`verified\` (${target.verified}), since not every item is verified, got \`${target.maxItems}\`; four times as many is a good start` }];
}

function checkWorlds({ worlds }: CampaignFile, baseDir: string): Complaint[] {
  return worlds.flatMap((block, index): Complaint[] => {
    const repeated = worlds.slice(0, index).some((other) => worldIdOf(other) === worldIdOf(block));
    const twice: Complaint[] = repeated ? [{ path: ['worlds', index], says: `Expected every world once, got \`${worldIdOf(block)}\` twice; remove one or give it another name` }] : [];
    if ('builtin' in block) return [...twice, ...checkBuiltin(block.builtin, ['worlds', index, 'builtin'])];
    if ('openapi' in block) return [...twice, ...checkOpenapi(block.openapi, ['worlds', index, 'openapi'], baseDir)];
    if ('module' in block) return [...twice, ...checkModule(block.module, ['worlds', index, 'module'], baseDir)];
    const { known, seeds } = block.mcp;
    const missing = [
      ...(known === undefined ? [] : [{ path: ['worlds', index, 'mcp', 'known'], name: known }]),
      ...seeds.flatMap((seed, at) => (isFolderPath(seed) ? [{ path: ['worlds', index, 'mcp', 'seeds', at], name: seed }] : [])),
    ].filter(({ name }) => !existsSync(resolve(baseDir, name)));
    return [...twice, ...missing.map(({ path, name }): Complaint => ({ path, says: `Expected \`${name}\` beside the campaign file, got nothing there; paths start at the file's folder` }))];
  });
}

function checkOpenapi(block: OpenapiBlock, path: Complaint['path'], baseDir: string): Complaint[] {
  const files = 'catalogue' in block ? { catalogue: block.catalogue } : { spec: block.spec, ...(block.mode === 'live' && block.known !== undefined ? { known: block.known } : {}) };
  return Object.entries(files)
    .filter(([, name]) => !/^https?:/.test(name) && !existsSync(resolve(baseDir, name)))
    .map(([key, name]) => ({ path: [...path, key], says: `Expected \`${name}\` beside the campaign file, got nothing there; paths start at the file's folder` }));
}

function checkModule(module: string, path: Complaint['path'], baseDir: string): Complaint[] {
  const place = moduleFile(module, baseDir);
  return 'trouble' in place ? [{ path, says: place.trouble }] : [];
}

/** The cap on simulated rows cannot hold where nothing else could fill the room. */
function checkSimulatedShare({ worlds, shape }: CampaignFile): Complaint[] {
  if (shape.simulatedShare >= 1 || !worlds.every(isSimulatedWorld)) return [];
  return [{ path: ['worlds'], says: `Expected a world beside those simulated from an API description, which may make up \`${shape.simulatedShare}\` of the rows, got none; add one, or write \`simulatedShare: 1\` under \`shape\`` }];
}

function checkBuiltin(name: string, path: Complaint['path']): Complaint[] {
  const known = Object.keys(BUILTIN_WORLDS);
  return known.includes(name) ? [] : [{ path, says: `Expected a built-in world (${known.join(', ')}), got \`${name}\`${meant(name, known)}` }];
}

const meant = (word: string, known: readonly string[]): string => {
  const near = closest(word, known);
  return near === undefined ? '' : `; did you mean \`${near}\`?`;
};

/** Every model of the file with its place. */
export function usesOf(campaign: CampaignFile): { path: (string | number)[]; use: ModelUse }[] {
  const { roles, targets } = campaign.models;
  return [
    ...Object.entries(roles).map(([role, use]) => ({ path: ['models', 'roles', role], use })),
    ...targets.map((use, index) => ({ path: ['models', 'targets', index], use })),
  ];
}

/** True when some model of the file is the built-in simulator's. */
export const usesSimulator = (campaign: CampaignFile): boolean => usesOf(campaign).some(({ use }) => typeof use === 'string');

/** True when some model of the file is not the simulator's, so that equal questions may get other replies. */
export const drawsReplies = (campaign: CampaignFile): boolean => usesOf(campaign).some(({ use }) => typeof use !== 'string');

function checkModels(campaign: CampaignFile): Complaint[] {
  const endpoints = Object.keys(campaign.models.endpoints);
  return usesOf(campaign).flatMap(({ path, use }): Complaint[] => {
    if (typeof use === 'string') {
      return isSimulatorModel(use) ? [] : [{ path, says: `Expected a model of the simulator (sim, sim-a, sim-b …) or {endpoint, model}, got \`${use}\`` }];
    }
    if (endpoints.includes(use.endpoint)) return [];
    const known = endpoints.length > 0 ? `one of models.endpoints (${endpoints.join(', ')})` : 'the name of an endpoint under models.endpoints, where there is none';
    return [{ path: [...path, 'endpoint'], says: `Expected ${known}, got \`${use.endpoint}\`${meant(use.endpoint, endpoints)}` }];
  });
}

function checkShape({ shape }: CampaignFile): Complaint[] {
  return [...checkWeights('calls', shape.calls, CALL_BANDS), ...checkWeights('turns', shape.turns, ['single', 'multi'])];
}

function checkWeights(key: string, weights: 'paper' | { [name: string]: number }, known: readonly string[]): Complaint[] {
  if (weights === 'paper') return [];
  const unknown = Object.keys(weights).filter((name) => !known.includes(name));
  if (unknown.length > 0) return unknown.map((name) => ({ path: ['shape', key, name], says: `Expected one of ${known.join(', ')}, got \`${name}\`${meant(name, known)}` }));
  return Object.values(weights).some((weight) => weight > 0) ? [] : [{ path: ['shape', key], says: `Expected a weight above 0 for one of ${known.join(', ')}, got none` }];
}

function checkProbes(campaign: CampaignFile): Complaint[] {
  const worlds = campaign.worlds.map(worldIdOf);
  return (campaign.selfEvaluation.tools ?? []).flatMap((key, index): Complaint[] => {
    const path = ['selfEvaluation', 'tools', index];
    const [world = '', tool] = key.split('::');
    if (tool === undefined || !worlds.includes(world)) return [{ path, says: `Expected \`world::tool\` with a world of this file (${worlds.join(', ')}), got \`${key}\`` }];
    const known = builtinTools(world);
    return known === undefined || known.includes(key) ? [] : [{ path, says: `Expected a tool of ${world}, got \`${key}\`${meant(key, known)}` }];
  });
}

/** Tools of a built-in world; other worlds have to be opened to know theirs. */
function builtinTools(world: string): string[] | undefined {
  const create = Object.hasOwn(BUILTIN_WORLDS, world) ? BUILTIN_WORLDS[world] : undefined;
  return create?.().doc.tools.map((tool) => toolKey(world, tool.name));
}
