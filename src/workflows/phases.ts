import { CancellationScope } from '@temporalio/workflow';
import type { RecordedEnd } from '../activities/finish';
import type { TrajectorySettings } from '../core/campaign/manifest';
import { addSpend, NO_SPEND, type Spend } from '../core/campaign/progress';
import type { Rejection } from '../core/outcome';
import type { ItemRef } from '../core/campaign/refs';
import type { Control } from './control';
import { local, model, modelUnawaited } from './proxies';

/** `undefined` = passed. A rejection is a value, never an exception. */
export type Rejected = { reason: Rejection; detail: string } | undefined;

/** One item on its way through the phases: who it is, how it is steered, what it has cost. */
export interface Walk {
  ref: ItemRef;
  settings: TrajectorySettings;
  control: Control;
  countsCut: boolean;
  model: typeof model;
  spend: Spend;
  /** Attempts each accepted step took. */
  attempts: number[];
}

export function startWalk({ countsCut = false, ...input }: { ref: ItemRef; settings: TrajectorySettings; control: Control; countsCut: boolean | undefined }): Walk {
  return { ...input, countsCut, model: countsCut ? model : modelUnawaited, spend: NO_SPEND, attempts: [] };
}

/** What an item has cost that a cancellation or failure cut off: its record also knows of replies that no step has heard of. */
export const costOfCut = async (walk: Walk): Promise<Spend> => (walk.countsCut ? (await recordedEnd(walk.ref))?.spend : undefined) ?? walk.spend;

/** By the item's record; `undefined` where that cannot be read. */
export const recordedEnd = (ref: ItemRef): Promise<RecordedEnd | undefined> => CancellationScope.nonCancellable(() => local.readEnd(ref)).catch(() => undefined);

async function call<T extends { spend: Spend }>(walk: Walk, at: { stage: string; turn: number; step?: number; attempt?: number }, run: () => Promise<T>): Promise<T> {
  Object.assign(walk.control.view, { step: 0, attempt: 0, ...at });
  const result = await walk.control.attempt(run);
  walk.spend = addSpend(walk.spend, result.spend);
  return result;
}

/** Phase II, first half: T_adv = A_T(Γ) (Eq. 3). A tool that fails its checks goes back with the reasons. */
export async function makeAdvancedTool(walk: Walk, turn: number): Promise<Rejected> {
  if (!walk.settings.advancedTool) return undefined;
  let detail = '';
  for (let attempt = 1; attempt <= walk.settings.toolMakerTries; attempt++) {
    const made = await call(walk, { stage: 'makeTool', turn, attempt }, () => walk.model.makeTool({ ...walk.ref, turn, attempt }));
    if (made.ok) return undefined;
    detail = made.detail;
  }
  return { reason: 'advanced-tool', detail };
}

/** Phase II, second half: Q_hard = A_Q(T_adv) (Eq. 4), checked by code; what only a reader can tell goes to the judge. */
export async function writeHardQuery(walk: Walk, turn: number): Promise<Rejected> {
  let detail = '';
  for (let attempt = 1; attempt <= walk.settings.queryTries; attempt++) {
    const written = await call(walk, { stage: 'generateQuery', turn, attempt }, () => walk.model.generateQuery({ ...walk.ref, turn, attempt }));
    if (written.ok && !written.judge) return undefined;
    detail = written.detail;
    if (!written.judge) continue;
    const judged = await call(walk, { stage: 'judgeParaphrase', turn, attempt }, () => walk.model.judgeParaphrase({ ...walk.ref, turn, attempt }));
    if (judged.ok) return undefined;
    detail = judged.detail;
  }
  return { reason: 'query', detail };
}

/** Phase III: step by step, at most K_max attempts each, until the final answer of the turn is right (Eq. 5). */
export async function reasonAndVerify(walk: Walk, turn: number): Promise<Rejected> {
  for (let step = 0; step < walk.settings.maxSteps; step++) {
    const taken = await takeStep(walk, turn, step);
    if ('reason' in taken) return taken;
    if (taken.final) return undefined;
  }
  return { reason: 'attempts', detail: `turn ${turn + 1} took more than ${walk.settings.maxSteps} steps` };
}

async function takeStep(walk: Walk, turn: number, step: number): Promise<{ final: boolean } | { reason: Rejection; detail: string }> {
  let detail = '';
  for (let attempt = 1; attempt <= walk.settings.kMax; attempt++) {
    const reasoned = await call(walk, { stage: 'reason', turn, step, attempt }, () => walk.model.reason({ ...walk.ref, turn, step, attempt }));
    if (reasoned.right) {
      walk.attempts.push(attempt);
      if (!reasoned.leaky) return { final: reasoned.final };
      const rejected = await rewriteReasoning(walk, turn, step);
      return rejected ?? { final: reasoned.final };
    }
    detail = reasoned.detail;
    if (attempt < walk.settings.kMax && reasoned.verify) await giveFeedback(walk, { turn, step, attempt });
  }
  return { reason: 'attempts', detail: `turn ${turn + 1} step ${step + 1}: ${detail}` };
}

/** A verdict that gives the answer away is asked for again; the last resort is its type and place alone. */
async function giveFeedback(walk: Walk, at: { turn: number; step: number; attempt: number }): Promise<void> {
  for (let tryNumber = 1; tryNumber <= walk.settings.feedbackRetries + 1; tryNumber++) {
    const last = tryNumber === walk.settings.feedbackRetries + 1;
    const verified = await call(walk, { stage: 'verify', ...at }, () => walk.model.verify({ ...walk.ref, ...at, tryNumber, last }));
    if (verified.ok) return;
  }
}

async function rewriteReasoning(walk: Walk, turn: number, step: number): Promise<Rejected> {
  let detail = '';
  for (let tryNumber = 1; tryNumber <= walk.settings.rewriteTries; tryNumber++) {
    const rewritten = await call(walk, { stage: 'rewrite', turn, step, attempt: tryNumber }, () => walk.model.rewrite({ ...walk.ref, turn, step, tryNumber }));
    if (rewritten.ok) return undefined;
    detail = rewritten.detail;
  }
  return { reason: 'leaky-reasoning', detail };
}
