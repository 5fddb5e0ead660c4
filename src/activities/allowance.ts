import { ApplicationFailure } from '@temporalio/common';
import { reachedLimit, type Budget } from '../core/campaign/budget';
import type { Deps } from './deps';

/** What the campaign's workflow tells all workers through the shared folder. */
export interface PublishedControl {
  paused: boolean;
  budget: Budget;
}

export const CONTROL_FILE = 'control.json';

/** Makes a pause or a changed budget known to requests that already wait at the gate, on every worker. */
export async function publishControl(deps: Deps, { campaign, ...control }: { campaign: string } & PublishedControl): Promise<void> {
  await deps.records.writeArtifact(campaign, CONTROL_FILE, `${JSON.stringify(control)}\n`);
}

/**
 * Called when a request has its place at the gate and before it leaves. Throws `Paused` while the campaign is, and
 * `BudgetExhausted` once what is known to be spent has reached a limit, so that the overshoot is what is in flight.
 * `budget` = the manifest's, for as long as no `set` changed it.
 */
export async function mayLeave(deps: Deps, { campaign, budget }: { campaign: string; budget: Budget }): Promise<void> {
  const text = await deps.records.readArtifact(campaign, CONTROL_FILE);
  const control = text === undefined ? { paused: false, budget } : (JSON.parse(text) as PublishedControl);
  if (control.paused) throw ApplicationFailure.nonRetryable('the campaign is paused', 'Paused');
  if (Object.keys(control.budget).length === 0) return;
  const reached = reachedLimit(control.budget, await deps.ledger.spent(campaign), Date.now());
  if (reached) throw ApplicationFailure.nonRetryable(reached.says, 'BudgetExhausted', { limit: reached.limit });
}
