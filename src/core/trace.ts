import type { Json, JsonObject } from './json';
import type { ToolKey } from './tool';

/** Where one argument leaf comes from. Every scalar leaf of a gold call's arguments has exactly one source. */
export type ArgSource =
  /** A known fact of the seed, by name: the query must state it. */
  | { kind: 'fact'; pointer: string; fact: string }
  /** The output of an earlier gold call at a concrete pointer. `pick` singles out the list element it lies in. */
  | { kind: 'output'; pointer: string; call: string; path: string; pick?: Pick }
  /** The schema's default, also when the argument was left out and filled in. */
  | { kind: 'default'; pointer: string }
  /** Drawn from the schema (enum, Boolean, small integer) within P: the query must state it. */
  | { kind: 'sample'; pointer: string };

/** A sibling attribute by which a user names one element of a list: of `trains`, the one with `departs` = 09:40. */
export interface Pick {
  /** Concrete pointer of the attribute in the producing call's output. */
  path: string;
  value: Json;
}

/** A call of the gold trace: C_i with its feedback E_i. */
export interface GoldCall {
  /** `c1`, `c2` … counted over the whole trajectory. */
  id: string;
  tool: string;
  args: JsonObject;
  sources: ArgSource[];
  /** The success value. */
  result: Json;
  /** State digest after the call. */
  digest: string;
  /** Why it may not be dropped; never empty in a finished spec. */
  neededFor: ('later-call' | 'end-state' | 'asked-output')[];
}

/** An output that the query asks for; a final answer without it is wrong. */
export interface Ask {
  call: string;
  /** Concrete pointer of a scalar in the call's result. */
  path: string;
  value: Json;
  /** What it is, from the property name and description: `price (in euros)`. */
  label: string;
  /** Which element of a list it belongs to: the query has to name it. */
  pick?: Pick;
}

export interface TurnSpec {
  /** Gold call ids of this turn, in the order they were sampled. */
  calls: string[];
  asks: Ask[];
  /** Look-ups that the query does not state: calls of this turn whose output feeds another call. ≥ 1 unless `easy`. */
  bridging: number;
  easy: boolean;
  /** True when a gold argument of this turn comes from an earlier turn's output, or a call needs state made there. */
  needsEarlierTurn: boolean;
}

/** Pairs [earlier, later] of call ids. `data`: answered in an earlier *response*; `order`: earlier, or earlier in the same list. */
export interface PartialOrder {
  data: [string, string][];
  order: [string, string][];
}

export type CallBand = '1' | '2' | '3-4' | '5-8';
export const CALL_BANDS: readonly CallBand[] = ['1', '2', '3-4', '5-8'];
export const bandOf = (calls: number): CallBand => (calls <= 1 ? '1' : calls === 2 ? '2' : calls <= 4 ? '3-4' : '5-8');

/** World × calls × single or multi turn. */
export interface Cell {
  world: string;
  calls: CallBand;
  turns: 'single' | 'multi';
}
export const cellId = (cell: Cell): string => `${cell.world}/${cell.calls}/${cell.turns}`;

/** A sampled hard trace Γ with everything later phases need; stored once, content-addressed, before any model call. */
export interface TraceSpec {
  /** Item index in the campaign, or the probed tool's index. */
  item: number;
  purpose: 'trajectory' | 'probe';
  world: string;
  worldVersion: string;
  /** World seed. */
  seed: number;
  cell: Cell;
  graphVersion: number;
  target: ToolKey;
  calls: GoldCall[];
  turns: TurnSpec[];
  order: PartialOrder;
  /** State digest at the end. */
  endDigest: string;
  /** Tool names shown to every model: primitive tools of all turns and executable distractors, shuffled. */
  tools: string[];
  /** How often the sampler had to choose another target, and draws that missed the cell. */
  retargets: number;
  redraws: number;
}

/** Equal for two specs that make the same calls: no two rows of a dataset share it. */
export const callSignature = (spec: { world: string; calls: readonly GoldCall[] }): Json => [
  spec.world,
  spec.calls.map((call): Json => [call.tool, call.args]),
];
