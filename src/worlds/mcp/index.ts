import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { McpBlock } from '../../core/campaign/campaign.schema';
import { canonicalJson, type Json, type JsonObject } from '../../core/json';
import { ourEnvironment } from '../../config';
import type { Call, CallResult, KnownFact, ToolDoc } from '../../core/tool';
import { WorldUnavailable, type World, type WorldInstance } from '../world';
import { folderDigest } from './folder-digest';
import { resolveCommand, type ServerCommand } from './install';
import { readKnown } from './known';
import { faultOf, readReply } from './results';
import { confinedEnv, createSandbox, intoSandbox, outOfSandbox, pathOutside, WORKSPACE, type Sandbox } from './sandbox';
import { copyInto, emptyFolder, prepareSeed, type Seed } from './seeds';
import { startServer, type Server } from './server';
import { SERVER_FILE } from '../scratch';
import { toolDocs } from './tool-docs';

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

/** A server process with its folder, standing at a seed or wherever its calls have brought it. */
interface Slot {
  sandbox: Sandbox;
  env: Record<string, string>;
  server: Server;
  seed: number;
  used: boolean;
}

/**
 * The tools of an MCP server over stdio as a world (DESIGN §2.1, §4.1). Starts the server once to read its tools.
 * Over stdio a session is a process, so `isolation: session` is `process`; `shared` serves every instance from one
 * process and is for servers that keep no state. With `reset`, a finished process is put back and used again: its
 * folder is restored, the reset calls run, and its digest has to be that of a fresh process, else it is thrown away.
 */
export async function createMcpWorld(block: McpBlock, given: McpContext): Promise<World> {
  // Servers run in folders of their own, where a relative path would mean another place.
  const context = { ...given, baseDir: resolve(given.baseDir), cacheDir: resolve(given.cacheDir), scratchDir: resolve(given.scratchDir) };
  const ours = ourEnvironment();
  const command = await resolveCommand(block.command, block.args, context.cacheDir);
  const seeds: Seed[] = [];
  for (const seed of block.seeds) seeds.push(await prepareSeed(seed, { ...context, env: block.env, ours }));
  const names = seeds.map((seed) => seed.name);
  const known = block.known === undefined ? names.map(() => []) : await readKnown(resolve(context.baseDir, block.known), names);

  const pool = createPool({ block, context, command, seeds, ours });
  const first = await pool.take(0);
  try {
    const docs = toolDocs(await first.server.listTools(), block).map((doc) => outOfSandbox(doc as unknown as JsonObject, first.sandbox) as unknown as ToolDoc);
    const toolNames = new Set(docs.map((doc) => doc.name));
    const version = `${first.server.identity}#${worldHash(block, docs, seeds)}`;
    await pool.give(first);
    return {
      doc: {
        id: block.name,
        version,
        tools: docs,
        policy: block.policy,
        seeds: seeds.length,
        reseedable: new Set(seeds.map((seed) => seed.key)).size > 1,
        volatile: [...block.volatile],
      },
      known: (seed) => structuredClone(known[seedIndex(seed, seeds)] as KnownFact[]),
      open: async (seed) => createInstance(block, pool, await pool.take(seedIndex(seed, seeds)), toolNames),
      maxOpen: block.maxOpen,
      close: () => pool.close(),
    };
  } catch (error) {
    await pool.discard(first);
    await pool.close();
    throw error;
  }
}

function seedIndex(seed: number, seeds: readonly Seed[]): number {
  if (!Number.isInteger(seed) || seed < 0 || seed >= seeds.length) {
    throw new Error(`Expected a seed from 0 to ${seeds.length - 1}, got \`${seed}\` (mcp.seeds lists ${seeds.length})`);
  }
  return seed;
}

/** Changes with everything that can change a result: tools as shown, seeds, environment, what is left out. */
function worldHash(block: McpBlock, docs: readonly ToolDoc[], seeds: readonly Seed[]): string {
  const parts = [docs, seeds.map((seed) => seed.key), block.args, block.env, block.volatile, block.probe, block.maxOutputBytes];
  return createHash('sha256').update(canonicalJson(parts as unknown as Json)).digest('hex').slice(0, 8);
}

interface Pool {
  /** A slot at the seed's initial state. */
  take(seed: number): Promise<Slot>;
  /** Takes back a slot whose server still answers. */
  give(slot: Slot): Promise<void>;
  discard(slot: Slot): Promise<void>;
  close(): Promise<void>;
}

interface PoolParts {
  block: McpBlock;
  context: McpContext;
  command: ServerCommand;
  seeds: readonly Seed[];
  ours: Readonly<NodeJS.ProcessEnv>;
}

function createPool({ block, context, command, seeds, ours }: PoolParts): Pool {
  const all = new Set<Slot>();
  const idle: Slot[] = [];
  /** Per seed the digest of a fresh process: what a used one has to come back to. */
  const fresh = new Map<number, string>();
  const shared = block.isolation === 'shared';
  let sharing: Promise<Slot> | undefined;

  const discard = async (slot: Slot): Promise<void> => {
    all.delete(slot);
    await slot.server.stop();
    await rm(slot.sandbox.root, { recursive: true, force: true });
  };

  const start = async (seed: number): Promise<Slot> => {
    const sandbox = await createSandbox(context.scratchDir, block.name);
    try {
      await copyInto((seeds[seed] as Seed).pristine, sandbox.folder);
      const env = confinedEnv(block.env, sandbox, ours);
      const server = await startServer({
        command: command.command,
        args: command.args.map((arg) => intoSandbox(arg, sandbox)),
        env,
        cwd: sandbox.folder,
        pidFile: join(sandbox.root, SERVER_FILE),
        startTimeoutMs: context.startTimeoutMs ?? START_TIMEOUT_MS,
        maxMessageBytes: 4 * block.maxOutputBytes + 1024 * 1024,
      });
      const slot = { sandbox, env, server, seed, used: false };
      all.add(slot);
      return slot;
    } catch (error) {
      await rm(sandbox.root, { recursive: true, force: true });
      throw error;
    }
  };

  /** Brings a used slot to a seed's initial state; false when it does not get there. */
  const putBack = async (slot: Slot, seed: number): Promise<boolean> => {
    try {
      // Before the folder: a session that still points into it could write there.
      for (const call of block.reset ?? []) await slot.server.callTool(call.tool, intoSandbox(call.args as JsonObject, slot.sandbox), block.callTimeoutMs);
      await emptyFolder(slot.sandbox.folder);
      await copyInto((seeds[seed] as Seed).pristine, slot.sandbox.folder);
      slot.seed = seed;
      slot.used = false;
      return (await digestOf(block, slot)) === fresh.get(seed);
    } catch {
      return false;
    }
  };

  const reuse = async (seed: number): Promise<Slot | undefined> => {
    const waiting = idle.findIndex((slot) => !slot.used && slot.seed === seed);
    if (waiting >= 0) return idle.splice(waiting, 1)[0];
    if (!fresh.has(seed)) return undefined;
    const slot = idle.shift();
    if (slot === undefined) return undefined;
    if (slot.server.alive() && (await putBack(slot, seed))) return slot;
    await discard(slot);
    return reuse(seed);
  };

  const take = async (seed: number): Promise<Slot> => {
    if (shared) {
      if (sharing === undefined || !(await sharing.then((slot) => slot.server.alive(), () => false))) sharing = start(seed);
      return sharing;
    }
    const slot = (await reuse(seed)) ?? (await start(seed));
    if (block.reset !== undefined && !fresh.has(seed)) fresh.set(seed, await digestOf(block, slot));
    return slot;
  };

  return {
    take,
    discard,
    give: async (slot) => {
      if (shared) return;
      const keep = (block.reset !== undefined || !slot.used) && slot.server.alive() && idle.length < block.maxOpen;
      if (keep) idle.push(slot);
      else await discard(slot);
    },
    close: async () => {
      await Promise.all([...all].map(discard));
    },
  };
}

/** Folder and, by the block's probe calls, what the process remembers that the folder does not show. */
async function digestOf(block: McpBlock, slot: Slot): Promise<string> {
  const seen: Json[] = [];
  for (const probe of block.probe) {
    const result = await callServer(block, slot, { tool: probe.tool, args: probe.args as JsonObject });
    if (!result.ok && result.fault === 'unavailable') throw new WorldUnavailable(`Expected the probe ${probe.tool} of world \`${block.name}\` to answer, got: ${result.message}`);
    seen.push(result as unknown as Json);
  }
  const folder = await folderDigest(slot.sandbox.folder, slot.env);
  return createHash('sha256').update(canonicalJson([folder, seen])).digest('hex');
}

/** One call, paths mapped both ways; protocol errors are faults, silence and death are `unavailable`. */
async function callServer(block: McpBlock, slot: Slot, call: Call): Promise<CallResult> {
  try {
    const reply = await slot.server.callTool(call.tool, intoSandbox(call.args, slot.sandbox), block.callTimeoutMs);
    return outOfSandbox(readReply(reply, block) as unknown as JsonObject, slot.sandbox) as unknown as CallResult;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (isProtocolError(error)) return outOfSandbox(faultOf(reason) as unknown as JsonObject, slot.sandbox) as unknown as CallResult;
    const words = slot.server.lastWords();
    return { ok: false, fault: 'unavailable', message: `The server gave no answer to ${call.tool}: ${reason}${words === '' ? '' : `; its last words: ${words}`}` };
  }
}

/** A JSON-RPC error has a negative number as its code; time limits and lost connections have names. */
const isProtocolError = (error: unknown): boolean => error instanceof Error && 'code' in error && typeof error.code === 'number' && error.code < 0;

function createInstance(block: McpBlock, pool: Pool, slot: Slot, toolNames: ReadonlySet<string>): WorldInstance {
  const done: Call[] = [];
  let here = slot;
  let digest: Promise<string> | undefined;
  let state: 'open' | 'broken' | 'closed' = 'open';

  const currentDigest = (): Promise<string> => (digest ??= digestOf(block, here));

  const breakOff = async (): Promise<void> => {
    state = 'broken';
    await pool.discard(here);
  };

  /** A new slot at the same point, by replaying the calls that succeeded. */
  const replayed = async (): Promise<Slot> => {
    const { seed } = here;
    await pool.give(here);
    const next = await pool.take(seed);
    next.used = true;
    for (const call of done) await callServer(block, next, call);
    return next;
  };

  const unchanged = async (before: string): Promise<boolean> => {
    digest = undefined;
    // A shared process keeps no state of this instance's own.
    if (block.isolation === 'shared' || (await currentDigest()) === before) return true;
    try {
      here = await replayed();
    } catch (error) {
      // The old slot is with the pool again, and there is no new one.
      state = 'broken';
      throw error;
    }
    digest = undefined;
    return (await currentDigest()) === before;
  };

  return {
    digest: async () => {
      if (state !== 'open') throw new WorldUnavailable(`Expected an open instance of world \`${block.name}\`, it is ${state}`);
      return currentDigest();
    },
    call: async (call) => {
      if (state !== 'open') return { ok: false, fault: 'unavailable', message: `The instance of world \`${block.name}\` is ${state}` };
      if (!toolNames.has(call.tool)) return { ok: false, fault: 'unknown_tool', message: `There is no tool \`${call.tool}\`` };
      const hidden = Object.keys(call.args).find((name) => block.parameters[`${call.tool}.${name}`] === 'hidden');
      if (hidden !== undefined) return { ok: false, fault: 'invalid_args', message: `${call.tool} has no parameter \`${hidden}\`` };
      const outside = pathOutside(call.args);
      if (outside !== undefined) return { ok: false, fault: 'not_found', message: `There is nothing at \`${outside}\`: every file lies under ${WORKSPACE}` };
      const before = await currentDigest();
      here.used = true;
      const result = await callServer(block, here, call);
      if (result.ok) {
        done.push(call);
        digest = undefined;
      } else if (result.fault === 'unavailable') {
        await breakOff();
      } else if (!(await unchanged(before))) {
        // Faults leave the state as it was (core/tool.ts); this server's did not, and it could not be put back.
        await breakOff();
        return { ok: false, fault: 'unavailable', message: `A failed ${call.tool} changed the state for good: ${result.message}` };
      }
      return result;
    },
    close: async () => {
      if (state !== 'open') return;
      state = 'closed';
      await pool.give(here);
    },
  };
}
