import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { Budget, Limit, SetOrder } from '../core/campaign/budget';
import type { ItemResult, Progress } from '../core/campaign/progress';

/**
 * What an operator sends to a campaign, from `hardgen campaign …` or by hand, the payload being plain JSON:
 *
 *   temporal workflow signal --workflow-id ID --name pause  [--input '{"reason":"lunch"}']
 *   temporal workflow signal --workflow-id ID --name resume
 *   temporal workflow signal --workflow-id ID --name stop   [--input '{"finish":true}']
 *   temporal workflow signal --workflow-id ID --name set    --input '{"window":32,"budget":{"usd":10,"calls":null}}'
 *
 * The campaign passes each on: `pause` and `resume` to shards and items, `stop` and `set` to shards.
 */
/** The campaign adds how many resumes came before it: signals of one moment may arrive in either order. */
export const pause = defineSignal<[{ reason?: string; epoch?: number }?]>('pause');
/** Goes on, and asks parked items to try their step again. The campaign numbers its resumes; by hand the number is left out. */
export const resume = defineSignal<[{ epoch: number }?]>('resume');
/** No new item; open ones are cancelled, or with `finish` brought to their end. What is there becomes the dataset. */
export const stop = defineSignal<[{ finish?: boolean }?]>('stop');
/** Window and limits; `null` takes a limit away. A campaign that a limit had paused goes on. */
export const set = defineSignal<[SetOrder]>('set');
/** Campaign → shard: window and budget as they are now. */
export const steer = defineSignal<[{ window: number; budget: Budget }]>('steer');

/** Trajectory → shard → campaign, once per park: the sentence says what an operator can do. */
export const itemBlocked = defineSignal<[BlockedItem]>('itemBlocked');
/** Shard → campaign: results since the last report, and whether it has started all it will. */
export const shardReport = defineSignal<[ShardReport]>('shardReport');

export const progress = defineQuery<Progress>('progress');
/** Where one trajectory is. */
export const step = defineQuery<StepView>('step');

/** Why an item that is tried again waits for an operator; `null` while it does not. */
export const retryBlocked = defineQuery<string | null>('retryBlocked');

export interface BlockedItem {
  item: number;
  reason: string;
  /** The last of the campaign's resumes that the item had heard of: a report from before a resume must not pause again. */
  epoch: number;
  /** The limit of the budget that stands in the way, when it is one. */
  limit?: Limit;
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
