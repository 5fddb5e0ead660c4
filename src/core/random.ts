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

/** The generator of a seed text. */
export const createRng = (seed: string): Rng => new Mulberry(seed);

/** Mulberry32 seeded by `hash32(seed)`. A class, because worlds make one per hidden value and closures cost more than the draw. */
class Mulberry implements Rng {
  private state: number;

  constructor(private readonly seed: string) {
    this.state = hash32(seed);
  }

  float(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  int(low: number, high: number): number {
    return low + Math.floor(this.float() * (high - low + 1));
  }

  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new Error('Expected a non-empty list to pick from');
    return items[this.int(0, items.length - 1)] as T;
  }

  shuffle<T>(items: readonly T[]): T[] {
    const copy = [...items];
    for (let i = copy.length - 1; i > 0; i--) {
      const j = this.int(0, i);
      [copy[i], copy[j]] = [copy[j] as T, copy[i] as T];
    }
    return copy;
  }

  fork(part: string): Rng {
    return new Mulberry(`${this.seed}/${part}`);
  }
}
