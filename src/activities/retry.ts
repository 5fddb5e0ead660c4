import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import type { ItemResult, Progress } from '../core/campaign/progress';
import { recordName, type ItemRef } from '../core/campaign/refs';
import { paidBefore, retriedProgress, withResult } from '../core/campaign/retried';
import { publishControl, readControl } from './allowance';
import { itemCells, type CampaignContext } from './context';
import type { Deps } from './deps';
import { finishCampaign, historyFile } from './finish';
import { RETRY_KEY } from './item-state';
import { recordedSpend } from './model-call';
import { withProcessLock } from '../process-lock';

export interface RetryInput {
  ref: ItemRef;
  /** A stage or the beginning of a call's key, as `linesBefore` takes it. */
  from: string;
  /** Counted from 1 per item; names what is kept aside. */
  number: number;
}

/** Where the history of the try before the n-th retry stays, which the new one's would replace. */
export const asideHistory = (ref: ItemRef, number: number): string => historyFile(ref).replace(/\.json\.gz$/, `.${number}$&`);

/** Where the record of an item stays as it was before its n-th retry, beside the one that goes on. */
export const asideFile = (ref: ItemRef, number: number): string => `records/${recordName(ref)}.${number}.jsonl`;

const refused = (message: string): ApplicationFailure => ApplicationFailure.nonRetryable(message, 'RetryRefused');

/** Keeps the record and its history aside and leaves in place what was sampled and paid for before the stage, from which all else follows again; repeated, it does the same from what it kept. */
export async function openRetry(deps: Deps, input: RetryInput): Promise<void> {
  const { ref, from, number } = input;
  const record = recordName(ref);
  await deps.records.copyArtifact(ref.campaign, `records/${record}.jsonl`, asideFile(ref, number));
  await deps.records.copyArtifact(ref.campaign, historyFile(ref), asideHistory(ref, number));
  const before = await deps.records.read(ref.campaign, `${record}.${number}`);
  if (before.length === 0) throw refused(`Expected a record of ${ref.campaign}/${record}, got none; an item that never began cannot be tried again`);
  const kept = paidBefore(before, from);
  if (!kept) throw refused(`Expected ${ref.campaign}/${record} to have reached \`${from}\`, got a record without it`);
  await deps.records.replace(ref.campaign, record, [...kept, { key: `${RETRY_KEY}${number}`, kind: 'decision', value: { from } }]);
  await letOut(deps, ref.campaign);
}

/** A campaign that was stopped may have left its pause behind; its budget holds, until `campaign set` raises it. */
async function letOut(deps: Deps, campaign: string): Promise<void> {
  const control = await readControl(deps.records, campaign);
  if (control?.paused) await publishControl(deps, { ...control, campaign, paused: false });
}

/** Longer than a dataset of 27,000 rows takes to close. */
const CLOSES_WITHIN_MS = 120_000;

/** Puts the new result in the place of the old one and closes the dataset again, one retry of a campaign after the other. */
export const closeRetry = (deps: Deps, context: CampaignContext, input: RetryInput & { result: ItemResult }): Promise<{ rows: number; note?: string }> =>
  withProcessLock({
    file: join(deps.home, 'campaigns', input.ref.campaign, 'retries.lock'), patienceMs: CLOSES_WITHIN_MS,
    expired: (holder) => new Error(`Expected process ${holder} to close its retry of campaign ${input.ref.campaign} within ${CLOSES_WITHIN_MS / 1_000} s, it has not`),
  }, () => closeInTurn(deps, context, input));

async function closeInTurn(deps: Deps, context: CampaignContext, input: RetryInput & { result: ItemResult }): Promise<{ rows: number; note?: string }> {
  const { ref, result, number } = input;
  const { progress, results: before } = await standBefore(deps, ref, number);
  const results = withResult(before, result);
  const lines = await deps.records.read(ref.campaign, recordName(ref));
  // What stands before the mark was paid for earlier.
  const added = recordedSpend(lines.slice(lines.findIndex((line) => line.key === `${RETRY_KEY}${number}`) + 1));
  const dataset = await finishCampaign(deps, context, { progress: retriedProgress({ progress, before: before.find((other) => other.item === ref.item), results, item: ref.item, added, cellOf: itemCells(context.manifest) }), results });
  // A row that an earlier try left is no row of how the item ends now; first the dataset stops naming it.
  if (result.outcome.kind !== 'verified') await deps.records.removeArtifact(ref.campaign, `rows/${recordName(ref)}.json`);
  return dataset;
}

interface Standing {
  progress: Progress;
  results: ItemResult[];
}

/** How the campaign stood before this retry; stored first, so that a repeat adds nothing twice. */
async function standBefore(deps: Deps, ref: ItemRef, number: number): Promise<Standing> {
  const file = `retries/${recordName(ref)}.${number}.json`;
  const stored = await deps.records.readArtifact(ref.campaign, file);
  if (stored !== undefined) return JSON.parse(stored) as Standing;
  const [summary, results] = await Promise.all([deps.records.readArtifact(ref.campaign, 'summary.json'), deps.records.readArtifact(ref.campaign, 'results.json')]);
  if (summary === undefined || results === undefined) throw refused(`Expected campaign ${ref.campaign} to have ended, got no summary.json or results.json of it`);
  const standing: Standing = { progress: JSON.parse(summary) as Progress, results: JSON.parse(results) as ItemResult[] };
  await deps.records.writeArtifact(ref.campaign, file, `${JSON.stringify(standing)}\n`);
  return standing;
}
