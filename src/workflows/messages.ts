import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { ItemResult, Progress } from '../core/campaign/progress';

/** Operator → campaign, campaign → shard → trajectory. Also by hand: `temporal workflow signal --name pause …`. */
export const pause = defineSignal<[{ reason?: string }?]>('pause');
/** Goes on, and asks parked items to try their step again. The campaign numbers its resumes; by hand the number is left out. */
export const resume = defineSignal<[{ epoch: number }?]>('resume');

/** Trajectory → shard → campaign, once per park: the sentence says what an operator can do. */
export const itemBlocked = defineSignal<[BlockedItem]>('itemBlocked');
/** Shard → campaign: results since the last report, and whether it has started all it will. */
export const shardReport = defineSignal<[ShardReport]>('shardReport');

export const progress = defineQuery<Progress>('progress');
/** Where one trajectory is. */
export const step = defineQuery<StepView>('step');

export interface BlockedItem {
  item: number;
  reason: string;
  /** The last of the campaign's resumes that the item had heard of: a report from before a resume must not pause again. */
  epoch: number;
}

export interface ShardReport {
  shard: string;
  results: ItemResult[];
  running: number;
}

export interface StepView {
  stage: string;
  turn: number;
  step: number;
  attempt: number;
  blocked?: string;
  paused: boolean;
}
