import { isSurplus, selectDataset, type ItemStanding } from '../sample/selection';
import type { CampaignPlan } from './manifest';
import type { ItemResult } from './progress';
import { cellId } from '../trace';

/** What a shard knows of every item of the campaign up to its own last one. */
export type Standings = ItemStanding[];

/** Items not yet begun are open: they may still become verified. */
export function openStandings(plan: CampaignPlan): Standings {
  return plan.cellOf.map((cell, index) => ({ index, cell, verified: false, open: true, signature: '' }));
}

/** `blocked` and `failed` items stay open: a later repair may still verify them, so nothing behind them is final. */
export function applyResult(standings: Standings, result: ItemResult): void {
  const standing = standings[result.item];
  if (!standing) throw new Error(`Expected item ${result.item} among ${standings.length} items`);
  standing.verified = result.outcome.kind === 'verified';
  standing.open = result.outcome.kind === 'failed' || result.outcome.kind === 'blocked';
  standing.signature = result.signature;
}

/**
 * The next item worth paying for: the lowest waiting one whose cell is not already covered by verified and running
 * items of lower index. `undefined` = nothing now; when something still runs, its end may change that.
 */
export function nextItem(input: { plan: CampaignPlan; standings: Standings; waiting: readonly number[]; running: ReadonlySet<number> }): number | undefined {
  return input.waiting.find((index) => !isCovered(input, index) && !isSurplus(input.plan.quotas, input.standings.slice(0, index + 1), index));
}

/** Rows that the dataset would take of the cell, and those on their way; equal calls in another cell fill no place here. */
function isCovered(input: { plan: CampaignPlan; standings: Standings; running: ReadonlySet<number> }, index: number): boolean {
  const cell = input.standings[index]?.cell ?? '';
  const below = input.standings.slice(0, index);
  const own = below.filter((item) => item.cell === cell);
  const running = own.filter((item) => input.running.has(item.index)).length;
  const needed = quotaOf(input.plan, cell) - running;
  // Most cells are open, and counting is cheaper than selecting.
  if (own.filter((item) => item.verified).length < needed) return false;
  return selectDataset(input.plan.quotas, below).filter((selected) => input.standings[selected]?.cell === cell).length >= needed;
}

const quotaOf = (plan: CampaignPlan, cell: string): number => plan.quotas.find((entry) => cellId(entry.cell) === cell)?.quota ?? 0;
