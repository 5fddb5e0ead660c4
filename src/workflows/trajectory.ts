import { ActivityFailure, ApplicationFailure, CancellationScope, CancelledFailure, isCancellation } from '@temporalio/workflow';
import type { TrajectorySettings } from '../core/campaign/manifest';
import type { ItemResult } from '../core/campaign/progress';
import type { Outcome } from '../core/outcome';
import type { ItemRef } from '../core/campaign/refs';
import { handleControl } from './control';
import { costOfCut, makeAdvancedTool, reasonAndVerify, startWalk, writeHardQuery, type Walk } from './phases';
import { local } from './proxies';

export interface TrajectoryInput {
  ref: ItemRef;
  settings: TrajectorySettings;
  /** The campaign's resumes so far. */
  epoch: number;
  /** Calls that a cancellation or a failure cuts off are waited for and counted; absent in items of an earlier version. */
  countsCut?: true;
}

/**
 * One item from Γ to a verified row, or to the reason why not (paper §3). A failure that is nobody's verdict — a bad
 * request, a broken invariant of one item — ends as `failed:` and never fails the shard.
 */
export async function trajectory({ ref, settings, epoch, countsCut }: TrajectoryInput): Promise<ItemResult> {
  const walk = startWalk({ ref, settings, control: handleControl(ref.item, epoch), countsCut });
  let signature = '';
  const end = (outcome: Outcome, spend = walk.spend): ItemResult => ({ item: ref.item, outcome, spend, signature, attempts: walk.attempts });
  try {
    walk.control.view.stage = 'sampleTrace';
    const trace = await walk.control.attempt(() => local.sampleTrace(ref));
    signature = trace.signature;
    const outcome = trace.ok ? await generate(walk, trace.turns) : ({ kind: 'rejected', reason: trace.reason, detail: trace.detail } as const);
    const record = (): Promise<void> => local.recordOutcome({ ...ref, outcome, spend: walk.spend, attempts: walk.attempts });
    // What the record says is how the item ended: no cancellation comes in between.
    await walk.control.attempt(() => (countsCut ? CancellationScope.nonCancellable(record) : record()));
    return end(outcome);
  } catch (error) {
    return end(endOf(error), await costOfCut(walk));
  }
}

/** Characters: results of thousands of items travel together, and the whole stands in the record. */
const DETAIL = 600;

async function generate(walk: Walk, turns: number): Promise<Outcome> {
  for (let turn = 0; turn < turns; turn++) {
    const rejected = (await makeAdvancedTool(walk, turn)) ?? (await writeHardQuery(walk, turn)) ?? (await reasonAndVerify(walk, turn));
    if (rejected) return { kind: 'rejected', reason: rejected.reason, detail: rejected.detail.slice(0, DETAIL) };
  }
  walk.control.view.stage = 'finishTrajectory';
  return walk.control.attempt(() => local.finishTrajectory({ ...walk.ref, attempts: walk.attempts }));
}

/** Only Temporal's own failures are outcomes; anything else is a bug, and the workflow task is retried until it is fixed. */
export function endOf(error: unknown): Outcome {
  // Whatever a cancelled call ended by, also by a worker that died in it.
  if (isCancellation(error) || (error instanceof ActivityFailure && CancellationScope.current().consideredCancelled)) return { kind: 'rejected', reason: 'surplus' };
  if (!(error instanceof ActivityFailure)) throw error;
  const cause = error.cause;
  if (cause instanceof CancelledFailure) return { kind: 'rejected', reason: 'surplus' };
  if (cause instanceof ApplicationFailure && cause.type === 'LlmContextLength') return { kind: 'rejected', reason: 'context', detail: cause.message };
  return { kind: 'failed', reason: cause instanceof ApplicationFailure ? `${cause.type}: ${cause.message}` : `${error.activityType}: ${cause?.message ?? error.message}` };
}
