import { decisionOf, itemState, keys, RETRY_KEY, type AttemptDecision, type FeedbackDecision, type JudgeDecision, type QueryDecision, type RewriteDecision, type ToolDecision } from '../activities/item-state';
import type { RecordLine, RecordStore } from '../activities/deps';
import type { StoredCall } from '../activities/model-call';
import type { SpecLine } from '../activities/sample';
import { addSpend, NO_SPEND, type Spend } from '../core/campaign/progress';
import { attemptText } from '../core/refine/conversation';
import type { Outcome } from '../core/outcome';
import { cellId, type ArgSource, type GoldCall, type TraceSpec } from '../core/trace';

/** One item from its trace to its end, in the order it happened; what `trajectory explain` tells. */
export interface Story {
  item: string;
  world: string;
  seed: number;
  cell: string;
  /** The failure tool that the trace was walked towards. */
  target: string;
  graphVersion: number;
  turns: TurnStory[];
  /** `null` while it runs, or when it was cancelled or failed before its end was noted. */
  outcome: Outcome | null;
  /** A probe's line in the failure set. */
  probe: { tool: string; failed: boolean; broken?: string } | null;
  cost: Spend;
  costByStage: { stage: string; spend: Spend }[];
  failed: { key: string; type: string; message: string }[];
  /** From which stage the item was tried again last, and which try that was, counted from 1; `null` when it never was. */
  retry: { number: number; from: string } | null;
}

export interface TurnStory {
  calls: { id: string; tool: string; args: GoldCall['args']; result: GoldCall['result']; sources: string[]; neededFor: string[] }[];
  asks: string[];
  advancedTool: { name: string; hint: string } | null;
  toolTries: Try[];
  queryTries: (Try & { query: string })[];
  steps: { attempts: AttemptStory[] }[];
}

export interface Try {
  ok: boolean;
  reasons: string[];
}

export interface AttemptStory {
  said: string;
  right: boolean;
  /** What code found wrong. */
  errors: string[];
  /** What its effects alone say, as a checker of end states would; `null` when it could not be read, or by a record of before they were kept. */
  sameEffect: boolean | null;
  /** What the Reasoner was told, after verdicts that gave something away were asked for again. */
  feedback: string | null;
  feedbackTries: number;
  /** Rewrites that right but telltale reasoning needed. */
  rewrites: Try[];
}

/** Reads an item's story from its record and its trace; `undefined` when it has not begun or nothing was sampled (`why`). */
export async function explainItem(records: RecordStore, campaign: string, item: string): Promise<Story | { why: string } | undefined> {
  const lines = await records.read(campaign, item);
  const spec = decisionOf<SpecLine>(lines, 'spec');
  if (!spec) return undefined;
  if (!spec.ok) return { why: `${spec.reason}: ${spec.detail}` };
  return storyOf({ item, lines, spec: (await records.readBlob(spec.hash)) as unknown as TraceSpec, specHash: spec.hash });
}

/** A pure function of a record and its trace. */
export function storyOf(input: { item: string; lines: RecordLine[]; spec: TraceSpec; specHash: string }): Story {
  const { item, lines, spec } = input;
  const state = itemState(input);
  const end = lines.find((line) => line.kind === 'outcome')?.value as unknown as { outcome?: Outcome; tool?: string; failed?: boolean; broken?: string } | undefined;
  const costByStage = spendByStage(lines);
  return {
    item, world: spec.world, seed: spec.seed, cell: cellId(spec.cell), target: spec.target, graphVersion: spec.graphVersion,
    turns: spec.turns.map((turn, at): TurnStory => ({
      calls: spec.calls.filter((call) => turn.calls.includes(call.id)).map((call) => ({ id: call.id, tool: call.tool, args: call.args, result: call.result, sources: call.sources.map(sourceText), neededFor: call.neededFor })),
      asks: turn.asks.map((ask) => `${ask.label} = ${JSON.stringify(ask.value)}`),
      advancedTool: state.tools[at] ? { name: state.tools[at].name, hint: state.tools[at].description } : null,
      toolTries: triesOf(lines, (attempt) => keys.tool(at, attempt), (decision: ToolDecision) => ({ ok: decision.ok, reasons: decision.reasons })),
      queryTries: queryTries(lines, at),
      steps: stepsOf(lines, at),
    })),
    outcome: end?.outcome ?? null,
    probe: end?.tool === undefined ? null : { tool: end.tool, failed: end.failed === true, ...(end.broken === undefined ? {} : { broken: end.broken }) },
    cost: costByStage.reduce((sum, { spend }) => addSpend(sum, spend), NO_SPEND), costByStage,
    failed: lines.filter((line) => line.kind === 'failed').map((line) => line.value as unknown as Story['failed'][number]),
    retry: retryOf(lines),
  };
}

function retryOf(lines: readonly RecordLine[]): Story['retry'] {
  const mark = lines.findLast((line) => line.key.startsWith(RETRY_KEY));
  return mark ? { number: Number(mark.key.slice(RETRY_KEY.length)), from: (mark.value as { from: string }).from } : null;
}

function sourceText(source: ArgSource): string {
  switch (source.kind) {
    case 'fact': return `${source.pointer} from the known fact ${source.fact}`;
    case 'output': return `${source.pointer} from ${source.call}${source.path}${source.pick ? ` (the one with ${JSON.stringify(source.pick.value)})` : ''}`;
    case 'default': return `${source.pointer} by default`;
    case 'sample': return `${source.pointer} drawn, and stated by the query`;
  }
}

function triesOf<D, T>(lines: readonly RecordLine[], keyOf: (attempt: number) => string, tell: (decision: D, attempt: number) => T): T[] {
  const tries: T[] = [];
  for (let attempt = 1; ; attempt++) {
    const decision = decisionOf<D>(lines, keyOf(attempt));
    if (decision === undefined) return tries;
    tries.push(tell(decision, attempt));
  }
}

const queryTries = (lines: readonly RecordLine[], turn: number): TurnStory['queryTries'] =>
  triesOf(lines, (attempt) => keys.query(turn, attempt), (decision: QueryDecision, attempt) => {
    const judged = decisionOf<JudgeDecision>(lines, keys.judge(turn, attempt));
    return { query: decision.query, ok: decision.ok && judged?.ok !== false, reasons: [...decision.reasons, ...(judged?.reasons ?? [])] };
  });

function stepsOf(lines: readonly RecordLine[], turn: number): TurnStory['steps'] {
  const steps: TurnStory['steps'] = [];
  for (let step = 0; decisionOf(lines, keys.attempt(turn, step, 1)); step++) {
    steps.push({ attempts: triesOf(lines, (attempt) => keys.attempt(turn, step, attempt), (decision: AttemptDecision, attempt) => attemptStory(lines, decision, { turn, step, attempt })) });
  }
  return steps;
}

function attemptStory(lines: readonly RecordLine[], decision: AttemptDecision, at: { turn: number; step: number; attempt: number }): AttemptStory {
  const feedback = triesOf(lines, (tryNumber) => keys.feedback(at.turn, at.step, at.attempt, tryNumber), (given: FeedbackDecision) => given);
  return {
    said: attemptText(decision.attempt), right: decision.right, errors: decision.errors.map((error) => error.detail), sameEffect: decision.opinion ? decision.opinion.sameState && decision.opinion.sameOutputs : null,
    feedback: feedback.find((given) => given.ok)?.text ?? decision.attempt.feedback ?? null, feedbackTries: feedback.length,
    rewrites: decision.right ? triesOf(lines, (tryNumber) => keys.rewrite(at.turn, at.step, tryNumber), (rewrite: RewriteDecision) => ({ ok: rewrite.ok, reasons: rewrite.reasons })) : [],
  };
}

/** Requests that left count as attempts, whatever came of them; what another campaign paid for cost nothing here. */
function spendByStage(lines: readonly RecordLine[]): Story['costByStage'] {
  const stages = new Map<string, Spend>();
  const add = (stage: string, spend: Partial<Spend>): void => void stages.set(stage, addSpend(stages.get(stage) ?? NO_SPEND, { ...NO_SPEND, ...spend }));
  for (const { kind, value } of lines) {
    if (kind === 'sent') add(String((value as { key: string }).key.split('/')[0]), { attempts: 1 });
    if (kind !== 'call') continue;
    const call = value as unknown as StoredCall;
    if (call.reusedFrom !== undefined) add(call.stage, { reused: 1 });
    else add(call.stage, { accepted: 1, inputTokens: call.usage.inputTokens, outputTokens: call.usage.outputTokens, costMicroUsd: call.costMicroUsd });
  }
  return [...stages].map(([stage, spend]) => ({ stage, spend }));
}
