import fc from 'fast-check';
import type { Call, CallResult } from '../../src/core/tool';
import { digestOf } from '../../src/digest';
import { createRng } from '../../src/core/random';
import { BUILTIN_WORLDS } from '../../src/worlds/builtin';
import { createRailWorld } from '../../src/worlds/builtin/rail';
import { createReplayer, type Replayer } from '../../src/worlds/replay';
import { createReplayMemo } from '../../src/worlds/replay-memo';
import { openWorlds } from '../../src/worlds';
import { WorldUnavailable, type World } from '../../src/worlds/world';
import { randomWalk } from '../fixtures/random-walk';

/** A world that counts: `add n` gives the running total. It records what was done to its instances. */
function countingWorld(options: { maxOpen?: number; onCall?: (call: Call) => Promise<CallResult | undefined> | CallResult | undefined } = {}) {
  const seen = { opened: 0, open: 0, most: 0, calls: 0, closedWorlds: 0 };
  const world: World = {
    doc: { id: 'count', version: '1', tools: [], policy: '', seeds: 10, reseedable: true, volatile: [] },
    known: () => [],
    maxOpen: options.maxOpen ?? 4,
    open: async (seed) => {
      seen.opened++;
      seen.open++;
      seen.most = Math.max(seen.most, seen.open);
      let total = seed;
      return {
        call: async (call) => {
          seen.calls++;
          const other = await options.onCall?.(call);
          if (other) return other;
          total += Number(call.args.n);
          return { ok: true, value: total };
        },
        digest: async () => digestOf(total),
        close: async () => {
          seen.open--;
        },
      };
    },
    close: async () => {
      seen.closedWorlds++;
    },
  };
  return { world, seen };
}

const add = (...numbers: number[]): Call[] => numbers.map((n) => ({ tool: 'add', args: { n } }));
const values = (results: readonly CallResult[]): unknown[] => results.map((result) => (result.ok ? result.value : result.fault));

/** Holds every call back until it is let go. */
function gate() {
  const waiting: (() => void)[] = [];
  return {
    onCall: () => new Promise<undefined>((resolve) => waiting.push(() => resolve(undefined))),
    letGo: (): void => waiting.splice(0).forEach((go) => go()),
    waiting,
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

let replayers: Replayer[] = [];
const replayerOf = (world: World, options = {}): Replayer => {
  const replayer = createReplayer([world], options);
  replayers.push(replayer);
  return replayer;
};
afterEach(async () => {
  await Promise.all(replayers.map((replayer) => replayer.close()));
  replayers = [];
});

describe('what a replay gives', () => {
  test('one result per call, and a digest before the first and after every call', async () => {
    const execution = await replayerOf(countingWorld().world).execute('count')(2, add(1, 5));
    expect(values(execution.results)).toEqual([3, 8]);
    expect(execution.digests).toEqual([digestOf(2), digestOf(3), digestOf(8)]);
  });

  test('no calls give the initial digest', async () => {
    expect(await replayerOf(countingWorld().world).execute('count')(7, [])).toEqual({ results: [], digests: [digestOf(7)] });
  });

  test('a fault is a result, and the calls after it still run', async () => {
    const { world } = countingWorld({ onCall: (call) => (call.args.n === 0 ? { ok: false, fault: 'precondition', message: 'zero' } : undefined) });
    expect(values((await replayerOf(world).execute('count')(0, add(1, 0, 2))).results)).toEqual([1, 'precondition', 3]);
  });

  test('a caller cannot change what others are given', async () => {
    const execute = replayerOf(createRailWorld()).execute('rail');
    const call = { tool: 'nope', args: {} };
    const { results } = await execute(1, [call]);
    expect(() => Object.assign(results[0] as object, { ok: true })).toThrow(TypeError);
    expect((await execute(1, [call])).results[0]).toMatchObject({ ok: false, fault: 'unknown_tool' });
  });

  test('a seed or world that does not exist is named in the error', async () => {
    const replayer = replayerOf(countingWorld().world);
    await expect(replayer.execute('count')(10, [])).rejects.toThrow('Expected a seed of world `count` (an integer from 0 to 9), got `10`');
    expect(() => replayer.execute('rail')).toThrow('Expected a world of this campaign (count), got `rail`');
  });
});

describe('what a replay costs', () => {
  test('asking again runs nothing, whatever the order of the keys', async () => {
    const { world, seen } = countingWorld();
    const execute = replayerOf(world).execute('count');
    await execute(0, [{ tool: 'add', args: { n: 1, note: 'x' } }]);
    await execute(0, [{ tool: 'add', args: { note: 'x', n: 1 } }]);
    expect(seen).toMatchObject({ opened: 1, calls: 1 });
  });

  test('a prefix of what was run runs nothing', async () => {
    const { world, seen } = countingWorld();
    const execute = replayerOf(world).execute('count');
    await execute(0, add(1, 2, 3));
    expect(values((await execute(0, add(1, 2))).results)).toEqual([1, 3]);
    expect(seen.calls).toBe(3);
  });

  test('an instance that stands on the way runs only the rest', async () => {
    const { world, seen } = countingWorld();
    const execute = replayerOf(world).execute('count');
    for (const calls of [add(1), add(1, 2), add(1, 2, 3), add(1, 2, 3, 4)]) await execute(0, calls);
    expect(seen).toMatchObject({ opened: 1, calls: 4 });
  });

  test('another seed, another prefix and another order each need an instance of their own', async () => {
    const { world, seen } = countingWorld();
    const execute = replayerOf(world).execute('count');
    expect(values((await execute(0, add(1, 2))).results)).toEqual([1, 3]);
    expect(values((await execute(1, add(1, 2))).results)).toEqual([2, 4]);
    expect(values((await execute(0, add(2, 1))).results)).toEqual([2, 3]);
    expect(seen.opened).toBe(3);
  });

  test('results forgotten for want of room are run again and are the same', async () => {
    const { world, seen } = countingWorld({ maxOpen: 1 });
    const execute = replayerOf(world, { memoEntries: 3 }).execute('count');
    const first = await execute(0, add(1, 2));
    await execute(1, add(1, 2));
    expect(await execute(0, add(1, 2))).toEqual(first);
    expect(seen.calls).toBe(6);
  });
});

describe('how many instances there are', () => {
  test('never more than maxOpen, busy and idle together; those who wait are served in the order of asking', async () => {
    const held = gate();
    const { world, seen } = countingWorld({ maxOpen: 2, onCall: held.onCall });
    const execute = replayerOf(world).execute('count');
    const ended: number[] = [];
    const all = [1, 2, 3, 4, 5].map((n) => execute(0, add(n)).then(() => ended.push(n)));
    while (ended.length < 5) {
      await turn();
      held.letGo();
    }
    await Promise.all(all);
    expect(ended).toEqual([1, 2, 3, 4, 5]);
    expect(seen.most).toBe(2);
  });

  test('the same calls asked twice while waiting are run once', async () => {
    const held = gate();
    const { world, seen } = countingWorld({ maxOpen: 1, onCall: held.onCall });
    const execute = replayerOf(world).execute('count');
    const both = Promise.all([execute(0, add(1)), execute(0, add(1))]);
    await turn();
    held.letGo();
    const [one, other] = await both;
    expect(one).toEqual(other);
    expect(seen.calls).toBe(1);
  });

  test('the longest unused instance makes room for a new one', async () => {
    const { world, seen } = countingWorld({ maxOpen: 2 });
    const execute = replayerOf(world, { memoEntries: 1 }).execute('count');
    await execute(0, add(1));
    await execute(1, add(1));
    await execute(2, add(1));
    expect(seen).toMatchObject({ opened: 3, open: 2 });
    await execute(1, add(1, 1));
    expect(seen.opened).toBe(3);
    await execute(0, add(1, 1));
    expect(seen.opened).toBe(4);
  });

  test('an instance nobody uses is closed after a while, without keeping the process alive', async () => {
    jest.useFakeTimers();
    try {
      const { world, seen } = countingWorld();
      const replayer = createReplayer([world], { idleMs: 1000 });
      await replayer.execute('count')(0, add(1));
      jest.advanceTimersByTime(400);
      expect(seen.open).toBe(1);
      await jest.advanceTimersByTimeAsync(2000);
      expect(seen.open).toBe(0);
      await replayer.close();
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('when a world breaks', () => {
  test('fault `unavailable` is infrastructure: the replay rejects and the instance is closed', async () => {
    let broken = true;
    const { world, seen } = countingWorld({ onCall: () => (broken ? { ok: false, fault: 'unavailable', message: 'time limit of 20 s' } : undefined) });
    const execute = replayerOf(world).execute('count');
    await expect(execute(0, add(1))).rejects.toThrow(new WorldUnavailable('World `count` broke while it ran `add`: time limit of 20 s'));
    expect(seen.open).toBe(0);
    broken = false;
    expect(values((await execute(0, add(1))).results)).toEqual([1]);
    expect(seen.opened).toBe(2);
  });

  test('an instance that threw is closed and never used again, and its turn is given back', async () => {
    let broken = true;
    const { world, seen } = countingWorld({ maxOpen: 1, onCall: (call) => {
      if (broken && call.args.n === 2) throw new Error('bug');
      return undefined;
    } });
    const execute = replayerOf(world).execute('count');
    await execute(0, add(1));
    await expect(execute(0, add(1, 2))).rejects.toThrow('bug');
    expect(seen.open).toBe(0);
    broken = false;
    expect(values((await execute(0, add(1, 2))).results)).toEqual([1, 3]);
  });

  test('a world that does not open rejects, and the next one may', async () => {
    const { world } = countingWorld({ maxOpen: 1 });
    const open = world.open;
    let tries = 0;
    world.open = (seed) => (++tries === 1 ? Promise.reject(new WorldUnavailable('no process')) : open(seed));
    const execute = replayerOf(world).execute('count');
    await expect(execute(0, add(1))).rejects.toThrow(WorldUnavailable);
    expect(values((await execute(0, add(1))).results)).toEqual([1]);
  });
});

describe('closing', () => {
  test('ends every instance and the world, refuses those who wait and those who come', async () => {
    const held = gate();
    const { world, seen } = countingWorld({ maxOpen: 1, onCall: held.onCall });
    const replayer = createReplayer([world]);
    const settled = Promise.allSettled([replayer.execute('count')(0, add(1, 1)), replayer.execute('count')(1, add(1))]);
    await turn();
    const closing = replayer.close();
    held.letGo();
    await closing;
    const reasons = (await settled).map((one) => (one.status === 'rejected' ? (one.reason as Error).name : 'fulfilled'));
    expect(reasons).toEqual(['WorldUnavailable', 'WorldUnavailable']);
    await expect(replayer.execute('count')(0, add(9))).rejects.toThrow(WorldUnavailable);
    expect(seen).toMatchObject({ opened: 1, open: 0, closedWorlds: 1 });
  });
});

describe('the memo', () => {
  const step = (digest: string) => ({ result: null, digest });

  test('gives the longest chain it knows', () => {
    const memo = createReplayMemo({ entries: 10, bytes: 1e6 });
    memo.store('w', ['a', 'b'], [step('0'), step('1'), step('2')]);
    expect(memo.read('w', ['a', 'c']).map((one) => one.digest)).toEqual(['0', '1']);
    expect(memo.read('w', ['b'])).toHaveLength(1);
    expect(memo.read('v', ['a'])).toEqual([]);
  });

  test('stays within its entries and bytes, and keeps what was used last', () => {
    const memo = createReplayMemo({ entries: 4, bytes: 1e6 });
    memo.store('w', ['a'], [step('0'), step('1')]);
    memo.store('v', ['a'], [step('0'), step('1')]);
    memo.read('w', ['a']);
    memo.store('u', ['a'], [step('0'), step('1')]);
    expect(memo.size().entries).toBe(4);
    expect([memo.read('w', ['a']).length, memo.read('v', ['a']).length, memo.read('u', ['a']).length]).toEqual([2, 0, 2]);
    const small = createReplayMemo({ entries: 100, bytes: 1000 });
    for (let at = 0; at < 50; at++) small.store(`w${at}`, ['a'], [step('0'), step('1')]);
    expect(small.size().bytes).toBeLessThanOrEqual(1000);
  });
});

test('replays of rail are the same whether served from memory, from a standing instance or from a fresh one', async () => {
  const rail = createRailWorld();
  const warm = replayerOf(createRailWorld()).execute('rail');
  const tight = replayerOf(createRailWorld(), { memoEntries: 5 }).execute('rail');
  await fc.assert(
    fc.asyncProperty(fc.nat(3), fc.nat(5), fc.array(fc.nat(12), { minLength: 1, maxLength: 6 }), async (seed, walkSeed, lengths) => {
      const calls = await randomWalk(rail, seed, 12, createRng(`replay/${walkSeed}`));
      for (const length of lengths) {
        const fresh = createReplayer([createRailWorld()]);
        const expected = await fresh.execute('rail')(seed, calls.slice(0, length));
        await fresh.close();
        expect(await warm(seed, calls.slice(0, length))).toEqual(expected);
        expect(await tight(seed, calls.slice(0, length))).toEqual(expected);
      }
    }),
    { numRuns: 30 },
  );
});

describe('the worlds of a campaign file', () => {
  const context = { baseDir: '.', cacheDir: '.', scratchDir: '.' };

  test('are opened in order', async () => {
    const worlds = await openWorlds([{ builtin: 'rail', share: 1 }], context);
    expect(worlds.map((world) => world.doc.id)).toEqual(['rail']);
  });

  test('an unknown name is refused with the names there are', async () => {
    await expect(openWorlds([{ builtin: 'rial', share: 1 }], context)).rejects.toThrow(`Expected a built-in world (${Object.keys(BUILTIN_WORLDS).join(', ')}), got \`rial\` (worlds.0.builtin)`);
    await expect(openWorlds([{ builtin: 'toString', share: 1 }], context)).rejects.toThrow('Expected a built-in world');
  });

  test('the same world twice is refused', async () => {
    await expect(openWorlds([{ builtin: 'rail', share: 1 }, { builtin: 'rail', share: 2 }], context)).rejects.toThrow('Expected every world once, got `rail` twice (worlds.1)');
  });
});
