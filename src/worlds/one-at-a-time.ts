import type { WorldInstance } from './world';

interface Asked {
  /** Settles when it is through. */
  released: Promise<void>;
  want(): void;
}

/** Per key, who asked last. */
const lastAsked = new Map<string, Asked>();

interface Turn {
  /** Settles once somebody else waits for it. */
  wanted: Promise<void>;
  /** Hands it on; a second time nothing happens. */
  release(): void;
}

/** The one turn of a key in this process, first come first served. */
async function takeTurn(key: string): Promise<Turn> {
  const before = lastAsked.get(key);
  const [wanted, want] = signal();
  const [released, settle] = signal();
  const mine = { released, want };
  lastAsked.set(key, mine);
  before?.want();
  await before?.released;
  return {
    wanted,
    release: () => {
      if (lastAsked.get(key) === mine) lastAsked.delete(key);
      settle();
    },
  };
}

function signal(): [Promise<void>, () => void] {
  let settle = (): void => undefined;
  const settled = new Promise<void>((resolve) => (settle = resolve));
  return [settled, settle];
}

/** Runs `work` while nobody else in this process holds the turn of `key`. */
export async function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
  const turn = await takeTurn(key);
  try {
    return await work();
  } finally {
    turn.release();
  }
}

/**
 * An instance over something that this process has once, such as a service that a reset puts back for one user at a
 * time: it holds the turn of `key` until it is closed, and tells by `wanted` when another waits. Worlds of several
 * campaigns may name the same service.
 */
export async function openInTurn(key: string, open: () => Promise<WorldInstance>): Promise<WorldInstance> {
  const turn = await takeTurn(key);
  try {
    const instance = await open();
    return {
      call: (call) => instance.call(call),
      digest: () => instance.digest(),
      wanted: turn.wanted,
      close: () => instance.close().finally(turn.release),
    };
  } catch (error) {
    turn.release();
    throw error;
  }
}
