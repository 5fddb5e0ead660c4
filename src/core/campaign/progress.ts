import type { Outcome } from '../outcome';
import type { Budget } from './budget';

/** What model calls cost. `attempts` counts every request that left, also those that failed or were lost in a crash. */
export interface Spend {
  accepted: number;
  attempts: number;
  inputTokens: number;
  outputTokens: number;
  costMicroUsd: number;
  /** Accepted replies that could not be read (malformed, cut off, refused, filtered), by model: each used up an attempt. */
  malformed?: { [model: string]: number };
  /** Replies taken over from other campaigns; they count nowhere else. Left out when there are none. */
  reused?: number;
}

export const NO_SPEND: Spend = { accepted: 0, attempts: 0, inputTokens: 0, outputTokens: 0, costMicroUsd: 0 };

export function addSpend(a: Spend, b: Spend): Spend {
  return {
    accepted: a.accepted + b.accepted,
    attempts: a.attempts + b.attempts,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    costMicroUsd: a.costMicroUsd + b.costMicroUsd,
    ...addMalformed(a.malformed, b.malformed),
    ...(a.reused === undefined && b.reused === undefined ? {} : { reused: (a.reused ?? 0) + (b.reused ?? 0) }),
  };
}

function addMalformed(a: Spend['malformed'], b: Spend['malformed']): Pick<Spend, 'malformed'> {
  if (!a && !b) return {};
  const malformed = { ...a };
  for (const [model, count] of Object.entries(b ?? {})) malformed[model] = (malformed[model] ?? 0) + count;
  return { malformed };
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
  /** Replies that could not be read, by model; missing when there were none. */
  malformed?: { [model: string]: number };
  /** Replies taken over from the campaigns that `reuse` names; missing when there were none. */
  reused?: number;
  paused: boolean;
  /** Sentence an operator can act on, when something is parked or the campaign stopped. */
  note?: string;
  funnel: Funnel;
  /** Who paused: an operator by signal, an item that needs one, or a limit of the budget. */
  pausedBy?: 'operator' | 'item' | 'budget';
  window?: number;
  /** Limits as they are now; a limit that is left out does not exist. */
  budget?: Budget;
  /** Of ended items; absent in summaries that an earlier version wrote. */
  cost?: CostReport;
  /** Ended items by world, once there is one; absent in summaries that an earlier version wrote. */
  worlds?: { [world: string]: WorldCount };
}

/** How the items of one world ended; what infrastructure or an operator ended is in neither number. */
export interface WorldCount {
  verified: number;
  rejected: { [reason: string]: number };
}

/** `cellOf[item]` is the item's cell, whose first part is its world. */
export function countByWorld(items: readonly ItemResult[], cellOf: readonly string[]): { [world: string]: WorldCount } {
  const worlds: { [world: string]: WorldCount } = {};
  for (const { item, outcome } of items) {
    if (outcome.kind !== 'verified' && outcome.kind !== 'rejected') continue;
    const world = (cellOf[item] ?? '').split('/')[0] ?? '';
    const count = (worlds[world] ??= { verified: 0, rejected: {} });
    if (outcome.kind === 'verified') count.verified += 1;
    else count.rejected[outcome.reason] = (count.rejected[outcome.reason] ?? 0) + 1;
  }
  return worlds;
}

/** Where the money went. `byReason` holds `verified`, every rejection reason, `blocked` and `failed` of trajectories, and `self-evaluation`. */
export interface CostReport {
  /** All that was spent, self-evaluation and rejections too, per verified row; `null` while there is none. */
  perVerifiedUsd: number | null;
  byReason: { [reason: string]: { items: number; usd: number; tokens: number; calls: number } };
}

export function costReport({ probes, items, rows }: { probes: readonly ItemResult[]; items: readonly ItemResult[]; rows: number }): CostReport {
  const byReason: CostReport['byReason'] = {};
  const add = (reason: string, { spend }: ItemResult): void => {
    const sum = byReason[reason] ?? { items: 0, usd: 0, tokens: 0, calls: 0 };
    byReason[reason] = { items: sum.items + 1, usd: sum.usd + spend.costMicroUsd / 1e6, tokens: sum.tokens + spend.inputTokens + spend.outputTokens, calls: sum.calls + spend.attempts };
  };
  for (const probe of probes) add('self-evaluation', probe);
  for (const item of items) add(costReasonOf(item), item);
  const usd = Object.values(byReason).reduce((sum, entry) => sum + entry.usd, 0);
  return { perVerifiedUsd: rows === 0 ? null : usd / rows, byReason };
}

/** Where the cost of a trajectory is counted in `byReason`. */
export const costReasonOf = ({ outcome }: ItemResult): string => (outcome.kind === 'rejected' ? outcome.reason : outcome.kind);

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
