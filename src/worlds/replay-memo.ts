import type { CallResult } from '../core/tool';

/** What one call gave, and the state's digest after it. The first step of a chain is the seed's initial state: no result. */
export interface Step {
  result: CallResult | null;
  digest: string;
}

/** Steps already executed, found again by the calls that led to them. */
export interface ReplayMemo {
  /** The longest known chain: `[initial, after call 1, …]`; empty when nothing is known of this root. */
  read(root: string, calls: readonly string[]): Step[];
  /** Keeps `steps[0]` as the root's initial state and `steps[i]` as the step after call i. */
  store(root: string, calls: readonly string[], steps: readonly Step[]): void;
  size(): { entries: number; bytes: number };
}

interface Entry {
  /** Children are keyed by their parent's id, so keys stay as short as one call. */
  id: number;
  step: Step;
  bytes: number;
}

// What a map entry costs beside its texts; measured roughly, it only has to keep the bound honest.
const ENTRY_OVERHEAD = 200;

/** A least-recently-used memo bounded by entries and (approximate) bytes. */
export function createReplayMemo(limits: { entries: number; bytes: number }): ReplayMemo {
  const entries = new Map<string, Entry>();
  let nextId = 0;
  let bytes = 0;

  const drop = (key: string, entry: Entry): void => {
    entries.delete(key);
    bytes -= entry.bytes;
  };

  const evict = (): void => {
    for (const [key, entry] of entries) {
      if (entries.size <= limits.entries && bytes <= limits.bytes) return;
      drop(key, entry);
    }
  };

  // Leaf first, root last: a root is evicted after everything that can only be found through it.
  const touch = (path: readonly [string, Entry][]): void => {
    for (const [key, entry] of path.toReversed()) {
      entries.delete(key);
      entries.set(key, entry);
    }
  };

  const pathOf = (root: string, calls: readonly string[]): [string, Entry][] => {
    const path: [string, Entry][] = [];
    let key = root;
    for (let at = 0; ; at++) {
      const entry = entries.get(key);
      if (!entry) return path;
      path.push([key, entry]);
      if (at === calls.length) return path;
      key = `${entry.id}>${calls[at]}`;
    }
  };

  const add = (key: string, step: Step): [string, Entry] => {
    const entry: Entry = { id: nextId++, step, bytes: 2 * (key.length + JSON.stringify(step).length) + ENTRY_OVERHEAD };
    entries.set(key, entry);
    bytes += entry.bytes;
    return [key, entry];
  };

  return {
    read: (root, calls) => {
      const path = pathOf(root, calls);
      touch(path);
      return path.map(([, entry]) => entry.step);
    },
    store: (root, calls, steps) => {
      const path = pathOf(root, calls.slice(0, steps.length - 1));
      for (let at = path.length; at < steps.length; at++) {
        const parent = path.at(-1)?.[1];
        path.push(add(parent ? `${parent.id}>${calls[at - 1]}` : root, steps[at] as Step));
      }
      touch(path);
      evict();
    },
    size: () => ({ entries: entries.size, bytes }),
  };
}
