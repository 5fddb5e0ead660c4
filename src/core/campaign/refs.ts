import type { Purpose } from './manifest';

/** Which item of which campaign. Small enough for every activity input; everything else is read from its record. */
export interface ItemRef {
  campaign: string;
  purpose: Purpose;
  item: number;
}

export interface TurnRef extends ItemRef {
  turn: number;
  /** Counted from 1. */
  attempt: number;
}

export interface StepRef extends TurnRef {
  /** Counted from 0 in its turn. */
  step: number;
}

/** Name of an item's record, also its file name: `t-00012`, `p-00003`. */
export const recordName = (ref: ItemRef): string => `${ref.purpose === 'probe' ? 'p' : 't'}-${String(ref.item).padStart(5, '0')}`;

export const workflowIdOf = (ref: ItemRef): string => `${ref.campaign}/${recordName(ref)}`;
