/**
 * What latency says about load, for servers that queue instead of refusing (vLLM does). Latency alone cannot tell a queue
 * from a batch that pays, so it only raises the suspicion; throughput decides. By Little's law, throughput of a level used
 * to the full = level / pace, pace = Σ latency / Σ work of its replies.
 *
 * - Suspicion: the pace of an epoch is above 1.5 × the baseline (the fastest tenth seen, rising by 1 % per epoch so that a
 *   server that became slower for good is believed in the end).
 * - Trial: three quarters of the level, for one epoch. The higher level *pays* when its throughput is above the lower one's
 *   by at least a fifth of the difference in level; if it does not, the lower one stays and is the next suspect. If it
 *   does, the level comes back and its pace is tolerated from then on.
 * - A level so found is tried upward (× 1.25) now and then, by the same measure.
 */
export interface Pace {
  /** Replies to requests sent before this time still show the former level; set by the first reply to one sent since. */
  since?: number;
  count: number;
  latencyMs: number;
  work: number;
  /** Milliseconds per unit of work, of every reply: where the baseline comes from. */
  paces: number[];
  baseline?: number;
  tolerated: number;
  ended: boolean;
}

export interface Trial {
  kind: 'lower' | 'higher';
  /** Level and pace before. */
  level: number;
  pace: number;
}

export type PaceVerdict = { pace: Pace } & (
  | { kind: 'stay' }
  | { kind: 'try'; level: number; trial: Trial }
  | { kind: 'restore' | 'bar' | 'free'; level: number }
);

const SUSPECT = 1.5;
const PAYS = 0.2;
/** Work of a reply = output tokens + this: reading the prompt takes time too, so that a short reply does not look slow. */
const PROMPT_WORK = 32;
const FEWEST_REPLIES = 8;
const MOST_PACES = 512;

/** What is known of the server stays, what was measured of a level goes. */
export function startEpoch(before?: Pace): Pace {
  return { count: 0, latencyMs: 0, work: 0, paces: [], tolerated: before?.tolerated ?? 0, ended: false, ...(before?.baseline === undefined ? {} : { baseline: before.baseline }) };
}

/** `work` is the reply's output tokens, `undefined` when there was none. */
export function measure(pace: Pace, reply: { at: number; sentAt: number; level: number; latencyMs: number; work: number | undefined }, now: { allowed: number; changedAt: number }): Pace {
  const work = reply.work === undefined ? 0 : reply.work + PROMPT_WORK;
  const paces = work === 0 ? pace.paces : [...pace.paces.slice(1 - MOST_PACES), reply.latencyMs / work];
  if (reply.sentAt < now.changedAt) return { ...pace, paces };
  if (pace.since === undefined) return { ...pace, paces, since: reply.at };
  // A level that is not used to the full says nothing about itself.
  if (reply.sentAt < pace.since || reply.level < now.allowed) return { ...pace, paces };
  const count = pace.count + 1;
  return { ...pace, paces, count, latencyMs: pace.latencyMs + reply.latencyMs, work: pace.work + work, ended: count >= Math.max(FEWEST_REPLIES, now.allowed) };
}

/** Called at the end of an epoch. `mayClimb`: the level was found by latency, and it is time to look higher. */
export function judge(pace: Pace, now: { allowed: number; ceiling: number; mayClimb: boolean; trial?: Trial }): PaceVerdict {
  const seen = pace.work === 0 ? Infinity : pace.latencyMs / pace.work;
  const baseline = Math.min((pace.baseline ?? Infinity) * 1.01, fastestTenth(pace.paces));
  const known = { ...pace, baseline };
  const { allowed, trial } = now;
  if (trial?.kind === 'lower') {
    return pays({ level: allowed, pace: seen }, trial) ? { kind: 'restore', level: trial.level, pace: { ...known, tolerated: trial.pace } } : { kind: 'bar', level: allowed, pace: known };
  }
  if (trial?.kind === 'higher') {
    return pays(trial, { level: allowed, pace: seen }) ? { kind: 'free', level: allowed, pace: { ...known, tolerated: seen } } : { kind: 'bar', level: trial.level, pace: known };
  }
  if (allowed > 1 && seen > SUSPECT * Math.max(baseline, known.tolerated)) {
    return { kind: 'try', level: Math.floor(allowed * 0.75), trial: { kind: 'lower', level: allowed, pace: seen }, pace: known };
  }
  if (now.mayClimb && allowed < now.ceiling) {
    return { kind: 'try', level: Math.min(now.ceiling, Math.ceil(allowed * 1.25)), trial: { kind: 'higher', level: allowed, pace: seen }, pace: known };
  }
  return { kind: 'stay', pace: known };
}

interface Measured {
  level: number;
  pace: number;
}

function pays(low: Measured, high: Measured): boolean {
  // Nothing came back from the higher level: it cannot pay.
  if (!Number.isFinite(high.pace)) return false;
  const gain = high.level / high.pace / (low.level / low.pace) - 1;
  return gain > PAYS * (high.level / low.level - 1);
}

function fastestTenth(paces: readonly number[]): number {
  const sorted = [...paces].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 10)] ?? Infinity;
}
