import { availableParallelism } from 'node:os';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { McpBlock } from '../../core/campaign/campaign.schema';
import { SERVER_FILE } from '../scratch';
import { WorldUnavailable } from '../world';
import { confine } from './confine';
import type { ServerCommand } from './install';
import { connectServer } from './remote';
import { confinedEnv, createSandbox, intoSandbox, ownFolders } from './sandbox';
import type { Secrets } from './secrets';
import { copyInto, emptyFolder, type Seed } from './seeds';
import { reasonOf, startServer, type Server } from './server';
import { besideFolder, digestOf, runReset, type Slot } from './slot';
import { createStableNames, type StableNames } from './stable-names';
import { isolationOf } from './traits';

/** The live connections of one MCP world. */
export interface Pool {
  /** A slot at the seed's initial state. */
  take(seed: number): Promise<Slot>;
  /** Takes back a slot whose server still answers. */
  give(slot: Slot): Promise<void>;
  discard(slot: Slot): Promise<void>;
  close(): Promise<void>;
}

export interface PoolParts {
  block: McpBlock;
  /** What the block's `files` and `writable` name, absolute. */
  files: readonly string[];
  writable: readonly string[];
  scratchDir: string;
  startTimeoutMs: number;
  /** What to start; none for a server at an address. */
  command: ServerCommand | undefined;
  seeds: readonly Seed[];
  secrets: Secrets;
  ours: Readonly<NodeJS.ProcessEnv>;
  /** Looks at a server that has just started, before anything is called; throws to refuse it. */
  greet(slot: Slot): Promise<void>;
  watch: Slot['watch'];
}

/** Unused servers of all worlds that are kept for the next taker, the longest waiting first; each is some 70 MB. */
const MAX_IDLE = 8;
const shelf: { slot: Slot; discard(): Promise<void> }[] = [];

/** With `reset`, a finished slot is put back and used again: its digest has to be that of a fresh one, else it is thrown away. */
export function createPool(parts: PoolParts): Pool {
  const { block, seeds } = parts;
  const all = new Set<Slot>();
  const idle: Slot[] = [];
  /** Per seed the digest of a fresh slot: what a used one has to come back to. */
  const fresh = new Map<number, string>();
  const shared = isolationOf(block) === 'shared';
  const sharing = new Map<number, Promise<Slot | undefined>>();

  const discard = async (slot: Slot): Promise<void> => {
    for (const other of all) if (other.server === slot.server) all.delete(other);
    await slot.server.stop();
    if (slot.local !== undefined) await rm(slot.local.sandbox.root, { recursive: true, force: true });
  };

  const start = async (seed: number): Promise<Slot> => {
    const slot = await openSlot(parts, seed);
    all.add(slot);
    try {
      await parts.greet(slot);
      // A process of ours is new; nobody knows how another's server was left.
      if (slot.local === undefined) await runReset(block, slot).catch((error: unknown) => refuseReset(block, error));
      return slot;
    } catch (error) {
      await discard(slot);
      throw error instanceof WorldUnavailable ? error : new WorldUnavailable(parts.secrets.mask(`Expected the server of world \`${block.name}\` to list its tools, got: ${reasonOf(error)}`));
    }
  };

  /** Brings a used slot to a seed's initial state; false when it does not get there. */
  const putBack = async (slot: Slot, seed: number): Promise<boolean> => {
    try {
      // Before the folder: a session that still points into it could write there.
      await runReset(block, slot);
      if (slot.local !== undefined) {
        if ((await besideFolder(slot.local.sandbox)) !== slot.local.beside) return false;
        await emptyFolder(slot.local.sandbox.folder);
        await copyInto((seeds[seed] as Seed).pristine, slot.local.sandbox.folder);
      }
      Object.assign(slot, { seed, used: false, names: namesFor(block, seed) });
      return (await digestOf(block, slot)) === fresh.get(seed);
    } catch {
      return false;
    }
  };

  const takeOffShelf = (slot: Slot): void => {
    const at = shelf.findIndex((entry) => entry.slot === slot);
    if (at >= 0) shelf.splice(at, 1);
    idle.splice(idle.indexOf(slot), 1);
  };

  const putOnShelf = async (slot: Slot): Promise<void> => {
    idle.push(slot);
    shelf.push({ slot, discard: async () => {
      takeOffShelf(slot);
      await discard(slot);
    } });
    while (shelf.length > MAX_IDLE) await shelf[0]?.discard();
  };

  const reuse = async (seed: number): Promise<Slot | undefined> => {
    const slot = idle.find((waiting) => !waiting.used && waiting.seed === seed) ?? (fresh.has(seed) ? idle[0] : undefined);
    if (slot === undefined) return undefined;
    takeOffShelf(slot);
    if (slot.server.alive() && ((!slot.used && slot.seed === seed) || (await putBack(slot, seed)))) return slot;
    await discard(slot);
    return reuse(seed);
  };

  const noteFresh = async (slot: Slot): Promise<Slot> => {
    if (block.reset !== undefined && !fresh.has(slot.seed)) fresh.set(slot.seed, await digestOf(block, slot));
    return slot;
  };

  /** One slot serves all who take it; with reset calls, which no two can share, it is put back for each of them. */
  const takeShared = (seed: number): Promise<Slot> => {
    const key = block.reset === undefined ? seed : 0;
    const next = (sharing.get(key) ?? Promise.resolve(undefined)).catch(() => undefined).then(async (last) => {
      if (last?.server.alive() !== true) return startShared(seed, last);
      return block.reset === undefined || (!last.used && last.seed === seed) || (await putBack(last, seed)) ? last : startShared(seed, last);
    });
    sharing.set(key, next);
    return next;
  };
  const startShared = async (seed: number, last: Slot | undefined): Promise<Slot> => {
    if (last !== undefined) await discard(last);
    const slot = await start(seed);
    const known = fresh.get(seed);
    if (known !== undefined && (await digestOf(block, slot)) !== known) {
      await discard(slot);
      throw new WorldUnavailable(`Expected the reset calls of world \`${block.name}\` to bring its shared server back to where it began, got another state; correct mcp.reset`);
    }
    return noteFresh(slot);
  };

  /** What nobody puts back has names for each of its users: they count by what that one has seen. */
  const asOwn = (slot: Slot, seed: number): Slot => (block.reset === undefined ? { ...slot, names: namesFor(block, seed) } : slot);

  return {
    take: async (seed) => (shared ? asOwn(await takeShared(seed), seed) : noteFresh((await reuse(seed)) ?? (await start(seed)))),
    discard,
    give: async (slot) => {
      // Before it is taken again, another campaign may have used the server.
      if (shared) return void (slot.used ||= block.reset !== undefined);
      if ((block.reset !== undefined || !slot.used) && slot.server.alive() && idle.length < block.maxOpen) await putOnShelf(slot);
      else await discard(slot);
    },
    close: async () => {
      idle.slice().forEach(takeOffShelf);
      await Promise.all([...all].map(discard));
    },
  };
}

function refuseReset(block: McpBlock, error: unknown): never {
  throw new WorldUnavailable(`Expected the reset calls of world \`${block.name}\` to succeed, got: ${reasonOf(error)}; correct mcp.reset`);
}

const namesFor = (block: McpBlock, seed: number): StableNames => createStableNames(block.rebind, `${block.name}/${seed}`);

async function openSlot(parts: PoolParts, seed: number): Promise<Slot> {
  const slot = { seed, used: false, names: namesFor(parts.block, seed), mask: parts.secrets.mask, watch: parts.watch, greet: parts.greet };
  if (parts.command === undefined) return { ...slot, server: await connect(parts) };
  const { command } = parts;
  return turnToStart(async () => ({ ...slot, ...(await startLocal(parts, command, seed)) }));
}

const connect = ({ block, secrets, startTimeoutMs }: PoolParts): Promise<Server> =>
  connectServer({ url: secrets.url ?? (block.url as string), headers: secrets.headers, startTimeoutMs, maxMessageBytes: messageLimit(block), mask: secrets.mask });

async function startLocal(parts: PoolParts, command: ServerCommand, seed: number): Promise<Required<Pick<Slot, 'server' | 'local'>>> {
  const { block, secrets } = parts;
  const sandbox = await createSandbox(parts.scratchDir, block.name);
  try {
    await copyInto((parts.seeds[seed] as Seed).pristine, sandbox.folder);
    const inConfidence = Object.fromEntries(Object.entries(secrets.env).map(([name, value]) => [name, intoSandbox(value, sandbox)]));
    const env = { ...confinedEnv(block.env, sandbox, parts.ours), ...inConfidence };
    const own = { command: command.command, args: command.args.map((arg) => intoSandbox(arg, sandbox)) };
    const server = await startServer({
      ...(await confine(own, { root: sandbox.root, folder: sandbox.folder, own: ownFolders(sandbox), env, files: parts.files, writable: parts.writable, network: block.network })),
      name: [own.command, ...own.args].join(' '),
      env,
      cwd: sandbox.folder,
      pidFile: join(sandbox.root, SERVER_FILE),
      startTimeoutMs: parts.startTimeoutMs,
      maxMessageBytes: messageLimit(block),
      mask: secrets.mask,
    });
    return { server, local: { sandbox, env, beside: await besideFolder(sandbox) } };
  } catch (error) {
    await rm(sandbox.root, { recursive: true, force: true });
    throw error;
  }
}

/** A whole result with its envelope, and a text that is escaped twice. */
const messageLimit = (block: McpBlock): number => 4 * block.maxOutputBytes + 1024 * 1024;

// More starts at once than processors only make each of them late.
const mostStarts = Math.max(2, availableParallelism());
let starting = 0;
const waiting: (() => void)[] = [];

async function turnToStart<T>(work: () => Promise<T>): Promise<T> {
  if (starting >= mostStarts) await new Promise<void>((resolve) => waiting.push(resolve));
  else starting++;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    // The turn is handed over, so nobody slips in between.
    if (next) next();
    else starting--;
  }
}
