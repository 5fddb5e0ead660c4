/** A seeded generator: the same seed text gives the same draws on every machine. Drawing advances it. */
export interface Rng {
  /** A float in [0, 1). */
  float(): number;
  /** An integer in [low, high], both ends included. */
  int(low: number, high: number): number;
  /** A member of a non-empty list. */
  pick<T>(items: readonly T[]): T;
  shuffle<T>(items: readonly T[]): T[];
  /** An independent generator for a named part, so that draws added in one part do not shift another's. */
  fork(part: string): Rng;
}

/** 32-bit FNV-1a over UTF-16 units: spreads seed texts, not for security. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Mulberry32 seeded by `hash32(seed)`. */
export function createRng(seed: string): Rng {
  let state = hash32(seed);
  const float = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const int = (low: number, high: number): number => low + Math.floor(float() * (high - low + 1));
  return {
    float,
    int,
    pick: (items) => {
      if (items.length === 0) throw new Error('Expected a non-empty list to pick from');
      return items[int(0, items.length - 1)] as (typeof items)[number];
    },
    shuffle: (items) => {
      const copy = [...items];
      for (let i = copy.length - 1; i > 0; i--) {
        const j = int(0, i);
        [copy[i], copy[j]] = [copy[j] as (typeof items)[number], copy[i] as (typeof items)[number]];
      }
      return copy;
    },
    fork: (part) => createRng(`${seed}/${part}`),
  };
}
