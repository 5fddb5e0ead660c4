import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import type { Tool } from '@modelcontextprotocol/client';
import { mcpBlockSchema, type McpBlock } from '../../core/campaign/campaign.schema';
import { canonicalJson, type Json } from '../../core/json';
import { ourEnvironment } from '../../config';
import type { KnownFact, ToolDoc } from '../../core/tool';
import { inTurn, openInTurn } from '../one-at-a-time';
import { WorldUnavailable, type World, type WorldInstance } from '../world';
import { canConfine } from './confine';
import { resolveCommand } from './install';
import { createInstance } from './instance';
import { readKnown } from './known';
import { createPool, type Pool } from './pool';
import { readSecrets } from './secrets';
import { cleaned, FAULT_FLAGS } from './results';
import { prepareSeed, type Seed } from './seeds';
import { outOf, type Slot } from './slot';
import { createOutputWatch, soundTools } from './sound-tools';
import { toolDocs } from './tool-docs';
import { recordTape, replayTape } from './tape';
import { checkPin, hashOfTools, listDifference } from './tool-pin';
import { callableTools, hasReset, isolationOf, missingTraits } from './traits';

export interface McpContext {
  /** Folder of the campaign file: relative paths in the block start here. */
  baseDir: string;
  /** Installed packages and pristine seed folders; may be shared by workers and campaigns. */
  cacheDir: string;
  /** Working folders of live servers. */
  scratchDir: string;
  /** Milliseconds a server has for its start; default 30,000. */
  startTimeoutMs?: number;
}

const START_TIMEOUT_MS = 30_000;

/**
 * The tools of an MCP server, over stdio or streamable HTTP, as a world. Connects once to read its
 * tools. Over stdio a session is a process; `shared` serves every instance from one connection. Without a reset only
 * tools marked `readOnly` are offered. With a tape to replay, no server is needed. Throws `WorldUnavailable` when the
 * server is not there or its tool list changed.
 */
export async function createMcpWorld(given: McpBlock, place: McpContext): Promise<World> {
  // A manifest of an earlier version lacks what has a default by now.
  const block = mcpBlockSchema.parse(given);
  // Servers run in folders of their own, where a relative path would mean another place.
  const context = { ...place, baseDir: resolve(place.baseDir), cacheDir: resolve(place.cacheDir), scratchDir: resolve(place.scratchDir) };
  const { tape } = block;
  if (tape === undefined) return createLiveWorld(block, context);
  if ('replay' in tape) return replayTape(resolve(context.baseDir, tape.replay));
  const live = await createLiveWorld(block, context);
  return recordTape(live, resolve(context.baseDir, tape.record)).catch(async (error: unknown) => {
    await live.close();
    throw error;
  });
}

async function createLiveWorld(block: McpBlock, context: McpContext): Promise<World> {
  const ours = ourEnvironment();
  checkPatterns(block);
  const secrets = await readSecrets(block, context.baseDir, ours);
  const command = block.command === undefined ? undefined : await resolveCommand({ command: block.command, args: secrets.args, installScripts: block.installScripts }, context.cacheDir);
  const seeds = await prepareSeeds(block, context, ours);
  const names = seeds.map((seed) => seed.name);
  const known = block.known === undefined ? names.map(() => []) : await readKnown(resolve(context.baseDir, block.known), names);

  let listed: Tool[] | undefined;
  const watch = createOutputWatch();
  const greet = async (slot: Slot): Promise<void> => {
    const tools = cleaned(outOf(slot, (await slot.server.listTools()) as unknown as Json)) as unknown as Tool[];
    if (listed === undefined) await checkPin({ block, tools, cacheDir: context.cacheDir });
    else if (hashOfTools(tools) !== hashOfTools(listed)) throw new WorldUnavailable(`Expected world \`${block.name}\` to offer the same tools at every start, got ${listDifference(listed, tools)}; a server that changes cannot be replayed`);
    listed = tools;
  };
  const absolute = (paths: readonly string[]): string[] => paths.map((path) => resolve(context.baseDir, path));
  const pool = createPool({ block, files: absolute(block.files), writable: absolute(block.writable), scratchDir: context.scratchDir, startTimeoutMs: context.startTimeoutMs ?? START_TIMEOUT_MS, command, seeds, secrets, ours, greet, watch });
  const address = contestedAddress(block);
  try {
    const first = await (address === undefined ? pool.take(0) : inTurn(address, () => pool.take(0)));
    const tools = listed as unknown as Tool[];
    const { sound, troubles } = soundTools(tools);
    watch.expect(sound);
    checkNamed(block, tools);
    const given = { confined: command === undefined ? ('files' as const) : await canConfine(), keys: secrets.held, folders: namesFolders(command?.args ?? [], { ...block.env, ...secrets.env }) };
    const docs = toolDocs(sound, { ...block, tools: callableTools(block, sound, given) }, troubles);
    const version = `${first.server.identity}#${worldHash(block, docs, seeds)}`;
    await pool.give(first);
    const lacking = [...missingTraits(block, { offered: tools.length, left: docs.length, ...given }), ...troubles.map((trouble) => `World \`${block.name}\`: ${trouble}.`)];
    const notices = (): string[] => [...lacking, ...watch.broken().map((promise) => `World \`${block.name}\`: ${promise}; what it sent counts.`)];
    return worldOf({ block, pool, docs, version, seeds, known, notices });
  } catch (error) {
    await pool.close();
    throw error;
  }
}

/** A name that the server does not have would be answered by a fault, and every state look the same. */
function checkNamed(block: McpBlock, tools: readonly Tool[]): void {
  const offered = tools.map(({ name }) => name);
  for (const key of ['probe', 'reset'] as const) {
    const unknown = (block[key] ?? []).map(({ tool }) => tool).filter((name) => !offered.includes(name));
    if (unknown.length > 0) throw new Error(`Expected mcp.${key} of world \`${block.name}\` to name tools of the server, got [${unknown.join(', ')}]; it has [${offered.join(', ')}]`);
  }
}

function checkPatterns(block: McpBlock): void {
  for (const [index, pattern] of block.faultWhen.entries()) {
    try {
      new RegExp(pattern, FAULT_FLAGS);
    } catch (cause) {
      throw new Error(`Expected a regular expression at mcp.faultWhen.${index} of world \`${block.name}\`, got \`${pattern}\``, { cause });
    }
  }
}

const isFolder = (path: string): boolean => isAbsolute(path) && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
const namesFolders = (args: readonly string[], env: Readonly<Record<string, string>>): boolean => [...args, ...Object.values(env)].some(isFolder);

async function prepareSeeds(block: McpBlock, context: McpContext, ours: Readonly<NodeJS.ProcessEnv>): Promise<Seed[]> {
  if (block.url !== undefined && block.seeds.join() !== 'empty') {
    throw new Error(`Expected no \`seeds\` for world \`${block.name}\`, whose server at ${block.url} has no folder of ours, got [${block.seeds.join(', ')}]; put it in order by \`reset\` calls`);
  }
  const seeds: Seed[] = [];
  for (const seed of block.seeds) seeds.push(await prepareSeed(seed, { ...context, env: block.env, ours }));
  return seeds;
}

interface WorldParts {
  block: McpBlock;
  pool: Pool;
  docs: ToolDoc[];
  version: string;
  seeds: readonly Seed[];
  known: readonly KnownFact[][];
  notices(): string[];
}

function worldOf({ block, pool, docs, version, seeds, known, notices }: WorldParts): World {
  const tools = new Map(docs.map((doc) => [doc.name, doc]));
  const address = contestedAddress(block);
  const open = async (seed: number): Promise<WorldInstance> => createInstance({ block, pool, slot: await pool.take(seedIndex(seed, seeds)), tools });
  return {
    doc: {
      id: block.name,
      tier: 'mcp',
      version,
      tools: docs,
      policy: block.policy,
      seeds: seeds.length,
      reseedable: new Set(seeds.map((seed) => seed.key)).size > 1,
      volatile: block.volatile.filter((place) => place.startsWith('/')),
    },
    known: (seed) => structuredClone(known[seedIndex(seed, seeds)] as KnownFact[]),
    open: (seed) => (address === undefined ? open(seed) : openInTurn(address, () => open(seed))),
    maxOpen: isPutBack(block) ? 1 : block.maxOpen,
    // With a network the server itself may wait for somebody else.
    selfContained: block.command !== undefined && isolationOf(block) !== 'shared' && !block.network,
    notices,
    close: () => pool.close(),
  };
}

/** Reset calls put back a shared server for one user at a time. */
const isPutBack = (block: McpBlock): boolean => isolationOf(block) === 'shared' && hasReset(block);

/** Where worlds of other campaigns may put back the same server; a process of ours has no other user. */
const contestedAddress = (block: McpBlock): string | undefined => (isPutBack(block) && block.url !== undefined ? new URL(block.url).href : undefined);

function seedIndex(seed: number, seeds: readonly Seed[]): number {
  if (!Number.isInteger(seed) || seed < 0 || seed >= seeds.length) {
    throw new Error(`Expected a seed from 0 to ${seeds.length - 1}, got \`${seed}\` (mcp.seeds lists ${seeds.length})`);
  }
  return seed;
}

/** Counts the ways in which ids were named. */
const NAMING = 2;

/** Changes with everything that can change a result: tools as shown, seeds, environment, what is left out. */
function worldHash(block: McpBlock, docs: readonly ToolDoc[], seeds: readonly Seed[]): string {
  const parts = [docs, seeds.map((seed) => seed.key), block.args, block.env, block.volatile, block.probe, block.maxOutputBytes];
  // Listed only where they are used, so that worlds that do without keep their versions.
  const chosen = [...(block.rebind.length > 0 ? [['rebind', block.rebind, NAMING]] : []), ...(block.digest === 'folder' ? [] : [['digest', block.digest]]), ...(block.url === undefined ? [] : [['url', block.url]]), ...(Object.keys(block.extract).length === 0 ? [] : [['extract', block.extract]]), ...(block.faultWhen.length === 0 ? [] : [['faultWhen', block.faultWhen]])];
  return createHash('sha256').update(canonicalJson([...parts, ...chosen] as unknown as Json)).digest('hex').slice(0, 8);
}
