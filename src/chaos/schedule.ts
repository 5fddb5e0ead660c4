import { createRng } from '../core/random';

/** What chaos kills; `model` is the simulator, or the way to a model server that is not ours to kill. */
export const VICTIMS = ['worker', 'temporal', 'neo4j', 'model'] as const;
export type Victim = (typeof VICTIMS)[number];

export interface PlannedKill {
  victim: Victim;
  /** Due once this many replies of the campaign have come. */
  afterReplies: number;
  /** How long it stays dead before it is started again. */
  downMs: number;
}

/** Workers die most often, so they are killed most often. */
export const DEFAULT_KILLS: Record<Victim, number> = { worker: 3, temporal: 1, neo4j: 1, model: 1 };

/** Kills lie between these shares of the replies: before, little is in flight, and after, a window drains. */
const SPREAD = { from: 0.1, to: 0.6 };
const DOWN_MS = { least: 1_500, most: 4_000 };

/** The kills in order of time; the same seed, counts and number of calls give the same plan. */
export function planKills({ seed, kills, calls }: { seed: number; kills: Record<Victim, number>; calls: number }): PlannedKill[] {
  const rng = createRng(`chaos/${seed}`);
  const victims = rng.shuffle(VICTIMS.flatMap((victim) => Array.from({ length: kills[victim] }, () => victim)));
  const slot = (SPREAD.to - SPREAD.from) / Math.max(1, victims.length);
  return victims.map((victim, index) => ({
    victim,
    afterReplies: Math.round(calls * (SPREAD.from + slot * (index + rng.float()))),
    downMs: rng.int(DOWN_MS.least, DOWN_MS.most),
  }));
}

/** Reads `worker=3,temporal=1`; what is not named is not killed. Gives a sentence when it is nothing of that kind. */
export function readKills(text: string): Record<Victim, number> | string {
  const kills: Record<Victim, number> = { worker: 0, temporal: 0, neo4j: 0, model: 0 };
  for (const part of text.split(',')) {
    const match = /^\s*(\w+)=(\d{1,3})\s*$/.exec(part);
    const victim = VICTIMS.find((name) => name === match?.[1]);
    if (!match || !victim) return `Expected --kill to be like \`worker=3,temporal=1,neo4j=1,model=1\`, got \`${part.trim()}\``;
    kills[victim] = Number(match[2]);
  }
  return kills;
}
