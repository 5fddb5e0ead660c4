import { proxySinks, type Sinks } from '@temporalio/workflow';
import type { Outcome } from '../core/outcome';

/** How one item ended, for a worker's metrics and log. */
export interface ItemEnd {
  campaign: string;
  /** Its record's name. */
  item: string;
  outcome: Outcome;
}

/** A sink is no command: histories know nothing of it, and a replay does not tell again. */
export interface ItemSinks extends Sinks {
  items: { ended(end: ItemEnd): void };
}

export const { items: tellItem } = proxySinks<ItemSinks>();
