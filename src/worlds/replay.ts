import { canonicalJson, deepFreeze, type Json } from '../core/json';
import type { Call, CallResult, Execute, Execution } from '../core/tool';
import { createReplayMemo, type ReplayMemo, type Step } from './replay-memo';
import { WorldUnavailable, type World, type WorldInstance } from './world';

/** Serves pure replays out of live instances and remembered results. */
export interface Replayer {
  /** Throws for a world that was not given. */
  world(id: string): World;
  /**
   * Runs calls from a seed of that world. Rejects with `WorldUnavailable` when the world cannot be opened, dies, or
   * answers with fault `unavailable`. Results are shared and frozen.
   */
  execute(worldId: string): Execute;
  /** Ends every instance and then every world; replays still running reject. */
  close(): Promise<void>;
}

export interface ReplayOptions {
  /** Steps kept in memory, over all worlds. Default 12,500. */
  memoEntries?: number;
  /**
   * Bytes kept in memory, approximately, over all worlds. Default 16 MiB: an item makes some 56 KB of steps (bench:scale), so
   * 300 open ones fit; what ended items leave there is hardly ever found again.
   */
  memoBytes?: number;
  /** How long an instance may stand unused, in milliseconds. Default one minute. */
  idleMs?: number;
}

interface Live {
  instance: WorldInstance;
  seed: number;
  /** Canonical calls it has run, and what each gave; `steps[0]` is the initial state. */
  calls: string[];
  steps: Step[];
  usedAt: number;
}

/** A replayer over these worlds, which it owns from now on: closing it closes them. */
export function createReplayer(worlds: readonly World[], options: ReplayOptions = {}): Replayer {
  const memo = createReplayMemo({ entries: options.memoEntries ?? 12_500, bytes: options.memoBytes ?? 16 * 2 ** 20 });
  const idleMs = options.idleMs ?? 60_000;
  const pools = new Map(worlds.map((world) => [world.doc.id, createPool(world, memo)]));
  const sweep = setInterval(() => {
    for (const pool of pools.values()) void pool.closeIdle(Date.now() - idleMs);
  }, Math.max(1, Math.ceil(idleMs / 2)));
  sweep.unref();

  const poolOf = (id: string): Pool => {
    const pool = pools.get(id);
    if (!pool) throw new Error(`Expected a world of this campaign (${[...pools.keys()].join(', ')}), got \`${id}\``);
    return pool;
  };

  return {
    world: (id) => poolOf(id).world,
    execute: (worldId) => poolOf(worldId).execute,
    close: async () => {
      clearInterval(sweep);
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
}

/** An instance broke in the call at this place. */
class BrokeInCall extends WorldUnavailable {
  constructor(readonly at: number, message: string) {
    super(message);
  }
}

interface Pool {
  world: World;
  execute: Execute;
  /** Ends the instances that nobody has used since that time. */
  closeIdle(unusedSince: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * The instances of one world. At most `maxOpen` exist, busy and idle together: who holds a turn may open one, after
 * closing the longest unused idle one when there is no room.
 */
function createPool(world: World, memo: ReplayMemo): Pool {
  const turns = createTurns(world);
  let idle: Live[] = [];

  const takeIdle = (live: Live): Live => {
    idle = idle.filter((other) => other !== live);
    return live;
  };

  const standingOnTheWay = (seed: number, calls: readonly string[]): Live | undefined => {
    let best: Live | undefined;
    for (const live of idle) {
      if (live.seed !== seed || live.calls.length > calls.length || (best && live.calls.length <= best.calls.length)) continue;
      if (live.calls.every((call, at) => call === calls[at])) best = live;
    }
    return best;
  };

  /** An unused instance keeps nobody waiting. */
  const giveWay = async (live: Live): Promise<void> => {
    if (idle.includes(live)) await closeQuietly(takeIdle(live).instance);
  };

  const openLive = async (seed: number): Promise<Live> => {
    const longestUnused = idle[0];
    if (longestUnused && idle.length + turns.held() > world.maxOpen) await closeQuietly(takeIdle(longestUnused).instance);
    const instance = await world.open(seed);
    try {
      return { instance, seed, calls: [], steps: [{ result: null, digest: await instance.digest() }], usedAt: Date.now() };
    } catch (error) {
      await closeQuietly(instance);
      throw error;
    }
  };

  const runOn = async (live: Live, calls: readonly Call[], keys: readonly string[]): Promise<void> => {
    for (let at = live.calls.length; at < calls.length; at++) {
      turns.assertOpen();
      const result = await live.instance.call(calls[at] as Call);
      if (!result.ok && result.fault === 'unavailable') throw new BrokeInCall(at, `World \`${world.doc.id}\` broke while it ran \`${(calls[at] as Call).tool}\`: ${result.message}`);
      // Remembered results are handed out many times: a caller that changed one would change the past of all others.
      live.steps.push(deepFreeze({ result, digest: await live.instance.digest() }));
      live.calls.push(keys[at] as string);
    }
  };

  /** Runs the calls on a fresh instance, those left out that broke two of them; throws as `runOn` does. */
  const runFresh = async (seed: number, calls: readonly Call[], keys: readonly string[], breaking: ReadonlySet<number>): Promise<Live> => {
    const live = await openLive(seed);
    try {
      for (let at = 0; at < calls.length; at++) {
        if (!breaking.has(at)) await runOn(live, calls.slice(0, at + 1), keys);
        else {
          live.steps.push(deepFreeze({ result: { ok: false, fault: 'precondition', message: `${(calls[at] as Call).tool} gives no answer: it breaks what serves it` }, digest: await live.instance.digest() }));
          live.calls.push(keys[at] as string);
        }
      }
      return live;
    } catch (error) {
      await closeQuietly(live.instance);
      throw error;
    }
  };

  /**
   * After an instance broke in a call. Where only the call can be the reason, it is asked for once more of a fresh one; what
   * breaks that, too, is a fault of the call and leaves the state as it was: no retry and no operator could change it.
   */
  const withoutWhatBreaks = async (seed: number, calls: readonly Call[], keys: readonly string[], first: BrokeInCall): Promise<Live> => {
    const breaking = new Set<number>();
    // A server that breaks here and there at random is told as one that is not to be had.
    let left = 2 * calls.length + 2;
    for (let last = first; ; left--) {
      try {
        return await runFresh(seed, calls, keys, breaking);
      } catch (error) {
        if (!(error instanceof BrokeInCall) || left <= 0) throw error;
        if (error.at === last.at) breaking.add(error.at);
        last = error;
      }
    }
  };

  const replay = async (seed: number, calls: readonly Call[], keys: readonly string[]): Promise<Step[]> => {
    const standing = standingOnTheWay(seed, keys);
    let live = standing ? takeIdle(standing) : await openLive(seed);
    try {
      await runOn(live, calls, keys);
    } catch (error) {
      await closeQuietly(live.instance);
      if (!(error instanceof BrokeInCall) || world.selfContained !== true) throw error;
      live = await withoutWhatBreaks(seed, calls, keys, error);
    }
    live.usedAt = Date.now();
    idle.push(live);
    void live.instance.wanted?.then(() => giveWay(live));
    return [...live.steps];
  };

  const execute: Execute = async (seed, calls) => {
    assertSeed(world, seed);
    const root = `${world.doc.id}@${world.doc.version}#${seed}`;
    const keys = calls.map((call) => canonicalJson([call.tool, call.args] as Json));
    const whole = (): Step[] | undefined => {
      const steps = memo.read(root, keys);
      return steps.length === keys.length + 1 ? steps : undefined;
    };
    const remembered = whole();
    if (remembered) return toExecution(remembered);
    return turns.take(async () => {
      // Somebody may have run the same calls while this one waited.
      const steps = whole() ?? (await replay(seed, calls, keys));
      memo.store(root, keys, steps);
      return toExecution(steps);
    });
  };

  const closeIdle = async (unusedSince: number): Promise<void> => {
    const stale = idle.filter((live) => live.usedAt <= unusedSince);
    idle = idle.filter((live) => live.usedAt > unusedSince);
    await Promise.all(stale.map((live) => closeQuietly(live.instance)));
  };

  return {
    world,
    execute,
    closeIdle,
    close: async () => {
      await turns.end();
      await closeIdle(Infinity);
      await world.close();
    },
  };
}

interface Turns {
  held(): number;
  /** Runs `work` when a turn is free, first come first served. */
  take<T>(work: () => Promise<T>): Promise<T>;
  /** Throws once the pool is ending. */
  assertOpen(): void;
  /** Refuses all who wait, and resolves when all who work are done. */
  end(): Promise<void>;
}

/** The right to use an instance: `maxOpen` at once, handed on in the order of asking. */
function createTurns(world: World): Turns {
  const waiting: { start(): void; refuse(error: Error): void }[] = [];
  const working = new Set<Promise<unknown>>();
  let held = 0;
  let ended = false;

  const closed = (): WorldUnavailable => new WorldUnavailable(`World \`${world.doc.id}\` is closed: the worker is shutting down`);
  const assertOpen = (): void => {
    if (ended) throw closed();
  };

  const release = (): void => {
    const next = waiting.shift();
    // The turn passes over without being given back, so nobody can slip in between.
    if (next) next.start();
    else held--;
  };

  const acquire = (): Promise<void> | undefined => {
    if (held < world.maxOpen) {
      held++;
      return undefined;
    }
    return new Promise((resolve, reject) => waiting.push({ start: resolve, refuse: reject }));
  };

  const take = async <T>(work: () => Promise<T>): Promise<T> => {
    assertOpen();
    await acquire();
    const running = ended ? Promise.reject(closed()) : work();
    working.add(running);
    try {
      return await running;
    } finally {
      working.delete(running);
      release();
    }
  };

  return {
    held: () => held,
    take,
    assertOpen,
    end: async () => {
      ended = true;
      for (const waiter of waiting.splice(0)) waiter.refuse(closed());
      await Promise.allSettled([...working]);
    },
  };
}

function toExecution(steps: readonly Step[]): Execution {
  return { results: steps.slice(1).map((step) => step.result as CallResult), digests: steps.map((step) => step.digest) };
}

function assertSeed(world: World, seed: number): void {
  const { id, seeds } = world.doc;
  if (Number.isInteger(seed) && seed >= 0 && (seeds === null || seed < seeds)) return;
  throw new Error(`Expected a seed of world \`${id}\` (an integer from 0${seeds === null ? '' : ` to ${seeds - 1}`}), got \`${seed}\``);
}

/** Closing is all that is left to do with it: an error here would hide the one that matters, or fail a call that it does not concern. */
async function closeQuietly(instance: WorldInstance): Promise<void> {
  await instance.close().catch(() => undefined);
}
