import { ApplicationFailure } from '@temporalio/common';
import { reachedLimit, type Budget } from '../core/campaign/budget';
import type { Deps, RecordStore } from './deps';

/** What the campaign's workflow tells all workers through the shared folder. */
export interface PublishedControl {
  paused: boolean;
  budget: Budget;
}

export const CONTROL_FILE = 'control.json';

/** What was published last; `undefined` while there was neither an order nor a pause. */
export async function readControl(records: Pick<RecordStore, 'readArtifact'>, campaign: string): Promise<PublishedControl | undefined> {
  const text = await records.readArtifact(campaign, CONTROL_FILE);
  return text === undefined ? undefined : (JSON.parse(text) as PublishedControl);
}

/** Makes a pause or a changed budget known to requests that already wait at the gate, on every worker. */
export async function publishControl(deps: Pick<Deps, 'records'>, { campaign, ...control }: { campaign: string } & PublishedControl): Promise<void> {
  await deps.records.writeArtifact(campaign, CONTROL_FILE, `${JSON.stringify(control)}\n`);
  looks.get(deps.records)?.delete(campaign);
}

interface Look {
  at: number;
  control: Promise<PublishedControl | undefined>;
}

/** Requests leave in bursts, each while its place at the gate stands empty: they share a look at the file. */
const looks = new WeakMap<RecordStore, Map<string, Look>>();
/** A pause or a budget set through another worker is known here this much later. */
const LOOK_LASTS_MS = 100;

function publishedControl({ records }: Deps, campaign: string): Promise<PublishedControl | undefined> {
  const known = looks.get(records) ?? new Map<string, Look>();
  looks.set(records, known);
  const last = known.get(campaign);
  if (last && performance.now() - last.at < LOOK_LASTS_MS) return last.control;
  const control = readControl(records, campaign);
  known.set(campaign, { at: performance.now(), control });
  return control;
}

/**
 * Called when a request has its place at the gate and before it leaves. Throws `Paused` while the campaign is, and
 * `BudgetExhausted` once what is known to be spent has reached a limit, so that the overshoot is what is in flight.
 * `budget` = the manifest's, for as long as no `set` changed it.
 */
export async function mayLeave(deps: Deps, { campaign, budget }: { campaign: string; budget: Budget }): Promise<void> {
  const control = (await publishedControl(deps, campaign)) ?? { paused: false, budget };
  if (control.paused) throw ApplicationFailure.nonRetryable('the campaign is paused', 'Paused');
  if (Object.keys(control.budget).length === 0) return;
  const reached = reachedLimit(control.budget, await deps.ledger.spent(campaign), Date.now());
  if (reached) throw ApplicationFailure.nonRetryable(reached.says, 'BudgetExhausted', { limit: reached.limit });
}
