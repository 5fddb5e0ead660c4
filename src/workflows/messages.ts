import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { ItemResult, Progress } from '../core/campaign/progress';

/** Operator → campaign, campaign → shard → trajectory. Also by hand: `temporal workflow signal --name pause …`. */
export const pause = defineSignal<[{ reason?: string }?]>('pause');
/** Goes on, and asks parked items to try their step again. */
export const resume = defineSignal('resume');

/** Trajectory → shard → campaign, once per park: the sentence says what an operator can do. */
export const itemBlocked = defineSignal<[{ item: number; reason: string }]>('itemBlocked');
/** Shard → campaign: results since the last report, and whether it has started all it will. */
export const shardReport = defineSignal<[ShardReport]>('shardReport');

export const progress = defineQuery<Progress>('progress');
/** Where one trajectory is. */
export const step = defineQuery<StepView>('step');

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
