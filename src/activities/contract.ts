import type { Budget } from '../core/campaign/budget';
import type { CampaignInput, PlanWithCells } from '../core/campaign/manifest';
import type { ItemResult, Progress, Spend } from '../core/campaign/progress';
import type { ItemRef, StepRef, TurnRef } from '../core/campaign/refs';
import type { Outcome, Rejection } from '../core/outcome';
import type { TargetTried } from './evaluate';
import type { Checked } from './evolve';
import type { RecordedEnd } from './finish';
import type { Reasoned } from './refine';
import type { RetryInput } from './retry';

export type Sampled = { ok: true; turns: number; signature: string } | { ok: false; reason: Rejection; detail: string; signature: string };

/** One try of a step that may be tried again, counted from 1 in `tryNumber`. */
export interface Retried {
  tryNumber: number;
}

/** Everything workflows may ask for. Each may be repeated at any time, on any worker, and changes nothing then. */
export interface Activities {
  prepareCampaign(input: { id: string; input: CampaignInput }): Promise<PlanWithCells>;
  /** Phase 0 of one world; nothing is executed when its base graph is stored. */
  exploreWorld(input: { campaign: string; world: string }): Promise<{ reused: boolean }>;
  openGraph(input: { campaign: string }): Promise<void>;

  /** Phase I. */
  sampleTrace(ref: ItemRef): Promise<Sampled>;
  closeRound(input: { campaign: string; round: number }): Promise<void>;
  tryTarget(at: ItemRef & { target: number; attempt: number; step: number; last: boolean }): Promise<TargetTried>;
  recordProbe(input: ItemRef & { failures: number[]; broken?: string }): Promise<void>;
  closeFailureSet(input: { campaign: string }): Promise<{ size: number; advice: string }>;

  /** Phase II: one model call each. */
  makeTool(at: TurnRef): Promise<Checked>;
  generateQuery(at: TurnRef): Promise<Checked & { judge: boolean }>;
  judgeParaphrase(at: TurnRef): Promise<Checked>;

  /** Phase III: one model call each. */
  reason(at: StepRef): Promise<Reasoned>;
  verify(at: StepRef & Retried & { last: boolean }): Promise<Checked>;
  rewrite(at: Omit<StepRef, 'attempt'> & Retried): Promise<Checked>;

  finishTrajectory(input: ItemRef & { attempts: number[] }): Promise<Outcome>;
  recordOutcome(input: ItemRef & { outcome: Outcome; spend: Spend; attempts: number[] }): Promise<void>;
  /** How an item that was cut off stands by its record. */
  readEnd(ref: ItemRef): Promise<RecordedEnd>;
  /** Makes a pause or a changed budget known to requests that wait at the gate, on every worker. */
  publishControl(input: { campaign: string; paused: boolean; budget: Budget }): Promise<void>;
  exportHistories(input: { campaign: string; items: ItemRef[] }): Promise<void>;
  /** Some of a long list of results, for `finishCampaign`: all of them would be more than a payload holds. */
  keepResults(input: { campaign: string; part: number; results: ItemResult[] }): Promise<void>;
  /** `parts` = how many of them `keepResults` has taken; `results` then is empty. */
  finishCampaign(input: { campaign: string; progress: Progress; results: ItemResult[]; parts?: number }): Promise<{ rows: number; note?: string }>;

  /** One item of an ended campaign, tried again. */
  openRetry(input: RetryInput): Promise<void>;
  closeRetry(input: RetryInput & { result: ItemResult }): Promise<{ rows: number; note?: string }>;
}
