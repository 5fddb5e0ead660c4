import type { AdvancedTool } from '../core/evolve/advanced-tool';
import type { AcceptedStep, AttemptRecord, ExecutedCall, TurnRecord } from '../core/refine/conversation';
import type { StepError } from '../core/refine/match';
import type { Opinion } from '../core/refine/opinion';
import type { Json } from '../core/json';
import type { TraceSpec } from '../core/trace';
import type { RecordLine } from './deps';

/** Keys of the decisions that code took from replies; together with the spec they are the whole state of an item. */
export const keys = {
  tool: (turn: number, attempt: number): string => `turn/${turn}/tool/${attempt}`,
  query: (turn: number, attempt: number): string => `turn/${turn}/query/${attempt}`,
  judge: (turn: number, attempt: number): string => `turn/${turn}/judge/${attempt}`,
  attempt: (turn: number, step: number, attempt: number): string => `turn/${turn}/step/${step}/attempt/${attempt}`,
  feedback: (turn: number, step: number, attempt: number, tryNumber: number): string => `turn/${turn}/step/${step}/attempt/${attempt}/feedback/${tryNumber}`,
  rewrite: (turn: number, step: number, tryNumber: number): string => `turn/${turn}/step/${step}/rewrite/${tryNumber}`,
  target: (target: number, attempt: number, step: number): string => `target/${target}/${attempt}/step/${step}`,
  alternative: 'alternative',
};

/** Keys of judged attempts, without their feedback. */
export const ATTEMPT_KEY = /^turn\/\d+\/step\/\d+\/attempt\/\d+$/;

/** Lines that say where an item was tried again, one per retry: `retry/1`. */
export const RETRY_KEY = 'retry/';

export interface ToolDecision {
  ok: boolean;
  tool: AdvancedTool | null;
  reasons: string[];
  reply: string;
}

export interface QueryDecision {
  ok: boolean;
  query: string;
  reasons: string[];
  claims: Json[];
  reply: string;
}

export interface JudgeDecision {
  ok: boolean;
  reasons: string[];
}

/** One attempt at a step, judged. `result` is what a wrong attempt gave in its throw-away replay. */
export interface AttemptDecision {
  right: boolean;
  final: boolean;
  leaks: string[];
  ids: string[];
  attempt: AttemptRecord;
  accepted: AcceptedStep | null;
  errors: StepError[];
  result: Json;
  /** What its effects alone say; `null` when nothing could be read. Decides nothing. */
  opinion?: Opinion | null;
}

export interface FeedbackDecision {
  ok: boolean;
  text: string;
  leaks: string[];
  reply: string;
}

export interface RewriteDecision {
  ok: boolean;
  reasoning: string;
  reasons: string[];
  reply: string;
}

/** Whether D knows another way to something that a call was made for: the one thing of a row that comes from the graph. */
export interface AlternativeDecision {
  alternative: boolean;
}

export interface ItemState {
  lines: RecordLine[];
  specHash: string;
  spec: TraceSpec;
  /** The accepted advanced tool of each turn. */
  tools: (AdvancedTool | undefined)[];
  turns: TurnRecord[];
  /** Gold ids answered, per turn and accepted response. */
  answered: string[][][];
}

export function decisionOf<T>(lines: readonly RecordLine[], key: string): T | undefined {
  return lines.find((line) => line.key === key)?.value as unknown as T | undefined;
}

/** Rebuilds an item from its record; a pure function of the lines. */
export function itemState(input: { lines: RecordLine[]; spec: TraceSpec; specHash: string }): ItemState {
  const { lines, spec } = input;
  const tools = spec.turns.map((_turn, turn) => firstOk<ToolDecision>(lines, (attempt) => keys.tool(turn, attempt))?.tool ?? undefined);
  const turns: TurnRecord[] = [];
  const answered: string[][][] = [];
  for (let turn = 0; turn < spec.turns.length; turn++) {
    const query = acceptedQuery(lines, turn);
    if (query === undefined) break;
    const { steps, ids } = stepsOf(lines, turn);
    turns.push({ query, ...hintOf(tools[turn]), steps });
    answered.push(ids);
  }
  return { ...input, tools, turns, answered };
}

/** The hint is the advanced tool's description; the ablation `advancedTool: off` has none. */
const hintOf = (tool: AdvancedTool | undefined): { hint?: string } => (tool ? { hint: tool.description } : {});

function firstOk<T extends { ok: boolean }>(lines: readonly RecordLine[], keyOf: (attempt: number) => string): T | undefined {
  for (let attempt = 1; ; attempt++) {
    const decision = decisionOf<T>(lines, keyOf(attempt));
    if (!decision || decision.ok) return decision;
  }
}

function acceptedQuery(lines: readonly RecordLine[], turn: number): string | undefined {
  for (let attempt = 1; ; attempt++) {
    const decision = decisionOf<QueryDecision>(lines, keys.query(turn, attempt));
    if (!decision) return undefined;
    if (!decision.ok) continue;
    if (decision.claims.length === 0 || decisionOf<JudgeDecision>(lines, keys.judge(turn, attempt))?.ok) return decision.query;
  }
}

function stepsOf(lines: readonly RecordLine[], turn: number): { steps: TurnRecord['steps']; ids: string[][] } {
  const steps: TurnRecord['steps'] = [];
  const ids: string[][] = [];
  for (let step = 0; decisionOf(lines, keys.attempt(turn, step, 1)); step++) {
    const attempts: AttemptRecord[] = [];
    let accepted: AcceptedStep | undefined;
    for (let attempt = 1; ; attempt++) {
      const decision = decisionOf<AttemptDecision>(lines, keys.attempt(turn, step, attempt));
      if (!decision) break;
      if (decision.right && decision.accepted) {
        const clean = firstOk<RewriteDecision>(lines, (tryNumber) => keys.rewrite(turn, step, tryNumber));
        accepted = clean?.ok ? { ...decision.accepted, reasoning: clean.reasoning } : decision.accepted;
        ids.push(decision.ids);
      } else {
        const feedback = feedbackOf(lines, { turn, step, attempt }) ?? decision.attempt.feedback;
        attempts.push({ ...decision.attempt, ...(feedback === undefined ? {} : { feedback }) });
      }
    }
    steps.push({ attempts, ...(accepted ? { accepted } : {}) });
  }
  return { steps, ids };
}

const feedbackOf = (lines: readonly RecordLine[], at: { turn: number; step: number; attempt: number }): string | undefined =>
  firstOk<FeedbackDecision>(lines, (tryNumber) => keys.feedback(at.turn, at.step, at.attempt, tryNumber))?.text;

/** Calls already executed in this item's world, in order: every replay starts with them. */
export function executedCalls(turns: readonly TurnRecord[]): ExecutedCall[] {
  return turns.flatMap((turn) => turn.steps.flatMap((step) => (step.accepted && 'calls' in step.accepted ? step.accepted.calls : [])));
}
