import type { Outcome } from '../outcome';

/** What model calls cost. `attempts` counts every request that left, also those that failed or were lost in a crash. */
export interface Spend {
  accepted: number;
  attempts: number;
  inputTokens: number;
  outputTokens: number;
  costMicroUsd: number;
}

export const NO_SPEND: Spend = { accepted: 0, attempts: 0, inputTokens: 0, outputTokens: 0, costMicroUsd: 0 };

export function addSpend(a: Spend, b: Spend): Spend {
  return {
    accepted: a.accepted + b.accepted,
    attempts: a.attempts + b.attempts,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    costMicroUsd: a.costMicroUsd + b.costMicroUsd,
  };
}

/** How one item ended; the shard's and the campaign's whole memory of it. */
export interface ItemResult {
  item: number;
  outcome: Outcome;
  spend: Spend;
  /** Hash of the gold calls; rows of one dataset never share it. Empty when nothing was sampled. */
  signature: string;
  /** Attempts used per accepted step, for the report. */
  attempts: number[];
  /** Only for probes. */
  probe?: { failed: boolean; broken?: string };
}

export type Phase = 'prepare' | 'explore' | 'self-evaluate' | 'generate' | 'finish' | 'done' | 'stopped';

/** Answer of the `progress` query and of `campaign status --json`. */
export interface Progress {
  id: string;
  phase: Phase;
  verified: number;
  target: number;
  rejected: { [reason: string]: number };
  blocked: number;
  failed: number;
  running: number;
  calls: { accepted: number; attempts: number };
  tokens: { input: number; output: number };
  costUsd: number;
  paused: boolean;
  /** Sentence an operator can act on, when something is parked or the campaign stopped. */
  note?: string;
  funnel: Funnel;
}

/** tools → failure set → traces → queries → verified. */
export interface Funnel {
  tools: number;
  probed: number;
  failureTools: number;
  brokenProbes: number;
  traces: number;
  queries: number;
  verified: number;
}
