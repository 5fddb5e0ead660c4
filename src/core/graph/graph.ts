import type { Json, JsonObject } from '../json';
import type { CallResult, ToolKey } from '../tool';

/** *data*: an output feeds an argument. *state*: a call makes another possible. */
export type EdgeKind = 'data' | 'state';

/** One way to satisfy a group: call `tool`; for data, take its output at `outPath` (wildcard pointer). */
export interface GroupMember {
  tool: ToolKey;
  outPath?: string;
}

/**
 * One conjunct of D_T: satisfied when any member was called (OR inside, AND over groups).
 * A data group belongs to one parameter (`param`, an RFC 6901 wildcard pointer into the arguments).
 */
export interface PrereqGroup {
  id: string;
  kind: EdgeKind;
  param?: string;
  members: GroupMember[];
  /** True when the tool also succeeds with that parameter left out or given from a known fact: then only the binding needs it, not legality. */
  optional?: boolean;
}

/** P: what execution taught about one parameter (App. G). Ranges are of *successful* calls. */
export interface ParamConstraint {
  pointer: string;
  types: string[];
  min?: number;
  max?: number;
  /** Distinct scalar values seen to succeed, canonical JSON, at most 24, sorted. */
  seen: string[];
  ok: number;
  fail: number;
}

/** A counterfactual test of a candidate edge. */
export type EdgeTest = 'omit' | 'mutate' | 'swap' | 'reseed' | 'insert' | 'alternative';

/** What the tests of one candidate member have said so far. Kept beside the groups so that folding round by round accepts what folding at once would. */
export interface EdgeTally {
  groupId: string;
  kind: EdgeKind;
  param?: string;
  member: GroupMember;
  optional?: boolean;
  passed: Partial<Record<EdgeTest, number>>;
  failed: Partial<Record<EdgeTest, number>>;
}

export interface GraphTool {
  key: ToolKey;
  /** Measured by digest: a successful call changed the state at least once. `unknown` = never succeeded. */
  effect: 'read' | 'write' | 'unknown';
  calls: number;
  ok: number;
  groups: PrereqGroup[];
  params: ParamConstraint[];
  /** Tests of accepted and of still undecided members, sorted; absent where nothing was tested. */
  tallies?: EdgeTally[];
}

/** G = (T, D, P) at one version: what the samplers work on. Tools are sorted by key. */
export interface GraphSnapshot {
  graph: string;
  version: number;
  tools: GraphTool[];
  /** Failure set T, sorted. Empty until self-evaluation is closed. */
  failureTools: ToolKey[];
}

/** One executed call, as evidence. `callId` is deterministic, so a repeated append is a no-op. */
export interface CallEvidence {
  kind: 'call';
  callId: string;
  origin: 'explore' | 'sampling' | 'rollout';
  /** Sort key inside the campaign: item index, -1 for exploration. */
  item: number;
  tool: ToolKey;
  seed: number;
  args: JsonObject;
  result: CallResult;
  changedState: boolean;
  /** callIds of the successful earlier calls of the same walk, in order. */
  prefix: string[];
}

/** One run of such a test: which, and whether it speaks for the edge. */
export interface EdgeEvidence {
  kind: 'edge';
  callId: string;
  origin: 'explore' | 'sampling';
  item: number;
  /** The consumer. */
  tool: ToolKey;
  edge: { kind: EdgeKind; param?: string; member: GroupMember; groupId: string; optional?: boolean };
  test: EdgeTest;
  passed: boolean;
  seed: number;
}

export type Evidence = CallEvidence | EdgeEvidence;

/** A structural change between two versions, for the change log. */
export interface GraphChange {
  op: 'add-tool' | 'add-group' | 'add-member' | 'drop-member' | 'failure-set';
  tool: ToolKey;
  data: Json;
}
