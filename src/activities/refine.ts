import type { ChatMessage } from '../core/chat/chat';
import type { Spend } from '../core/campaign/progress';
import type { Json } from '../core/json';
import { jsonEqual } from '../core/json';
import { renderTemplate } from '../core/prompt/template';
import { answerErrors, checkAnswer } from '../core/refine/answer';
import { attemptText, callId, reasonerMessages, targetMessages, type AttemptRecord, type ExecutedCall, type TurnRecord } from '../core/refine/conversation';
import { checkRewrite, hiddenValues, lintReasoning, rewriterBlocks } from '../core/refine/leak';
import { parseRewrite } from '../core/refine/leak.schema';
import { goldReproduced, opinionOnAnswer, opinionOnCalls, type Opinion } from '../core/refine/opinion';
import { parseReasonerReply, type ReasonerSaid } from '../core/refine/reply';
import { answerFeedback, bareFeedback, checkFeedback, feedbackText, malformedFeedback, verifierBlocks } from '../core/refine/verdict';
import { parseVerdict } from '../core/refine/verdict.schema';
import type { Call, CallResult, Execution } from '../core/tool';
import type { Parsed } from '../core/chat/parse';
import type { Deps } from './deps';
import type { Checked } from './evolve';
import { failure } from './failures';
import { decide, judgeCalls, judgeFinal, remainingOf, runAfter, visibleTo, type Item } from './item';
import { decisionOf, executedCalls, keys, type AttemptDecision, type FeedbackDecision, type RewriteDecision } from './item-state';
import { callModel } from './model-call';
import type { StepRef } from '../core/campaign/refs';

export interface Reasoned {
  right: boolean;
  final: boolean;
  /** Right, but its reasoning betrays the scaffolding: to be rewritten. */
  leaky: boolean;
  /** Wrong in a way that the Verifier has to explain; otherwise code already did. */
  verify: boolean;
  detail: string;
  spend: Spend;
}

/** Phase III, one attempt at one step: the Reasoner answers, code compares with gold. */
export async function reason(deps: Deps, item: Item, at: StepRef): Promise<Reasoned> {
  const { campaign } = item.context.manifest;
  const turns = item.state.turns.slice(0, at.turn + 1);
  const { templates } = item.context;
  const messages = reasonerMessages({
    templates: { reasoner: templates.reasoner, refine: templates['reasoner-refine'] }, policy: item.world.policy, turns,
    switches: { hint: campaign.ablation.hint === 'on', feedback: campaign.ablation.feedback === 'on' },
  });
  const { reply, spend } = await callModel(deps, {
    context: item.context, ref: item.ref, stage: 'reasoner', use: campaign.models.roles.reasoner, request: { messages, tools: item.tools },
    turn: at.turn, step: at.step, attempt: at.attempt, specHash: item.state.specHash,
  });
  const decision = await decide(deps, item.ref, keys.attempt(at.turn, at.step, at.attempt), await judgeAttempt(item, at, turns, parseReasonerReply(reply)));
  return {
    right: decision.right, final: decision.final, leaky: decision.right && decision.leaks.length > 0,
    verify: !decision.right && decision.attempt.feedback === undefined, detail: decision.errors.map((error) => error.detail).join('; ') || (decision.attempt.malformed ?? ''), spend,
  };
}

async function judgeAttempt(item: Item, at: StepRef, turns: readonly TurnRecord[], said: Parsed<ReasonerSaid>): Promise<AttemptDecision> {
  if (!said.ok) {
    const attempt: AttemptRecord = { reasoning: said.reasoning, content: '', calls: null, malformed: said.reason, feedback: malformedFeedback(said.reason) };
    return { right: false, final: false, leaks: [], ids: [], attempt, accepted: null, errors: [], result: null, opinion: null };
  }
  const answered = (item.state.answered[at.turn] ?? []).flat();
  return said.value.kind === 'calls'
    ? judgeCallAttempt(item, at, turns, { answered, calls: said.value.calls, content: said.value.content, reasoning: said.reasoning })
    : judgeAnswerAttempt(item, at, turns, { answered, text: said.value.text, reasoning: said.reasoning });
}

async function judgeCallAttempt(item: Item, at: StepRef, turns: readonly TurnRecord[], said: { answered: string[]; calls: Call[]; content: string; reasoning: string }): Promise<AttemptDecision> {
  const attempt: AttemptRecord = { reasoning: said.reasoning, content: said.content, calls: said.calls };
  const match = judgeCalls(item, at.turn, said.answered, said.calls);
  // Right or wrong, the calls run in a replay: an accepted prefix is never touched by an attempt that is thrown away.
  const run = await runAfter(item, executedCalls(item.state.turns), said.calls);
  const { results } = run;
  const opinion = await effectOfCalls(item, at.turn, said, run);
  if (!match.right) return { right: false, final: false, leaks: [], ids: [], attempt, accepted: null, errors: match.errors, result: results as unknown as Json, opinion };
  match.ids.forEach((id, index) => expectRecorded(item, id, results[index]));
  const calls = said.calls.map((call, index): ExecutedCall => ({ id: callId(at.turn, at.step, index), tool: call.tool, args: call.args, result: results[index] as CallResult }));
  return {
    right: true, final: false, ids: match.ids, attempt, errors: [], result: null, opinion,
    leaks: lint(item, at, turns, [said.reasoning, said.content].join('\n')), accepted: { reasoning: said.reasoning, content: cleanContent(item, at, turns, said.content), calls },
  };
}

/** The second opinion: the gold calls that it reproduced run in its place, and the two worlds are compared. */
async function effectOfCalls(item: Item, turn: number, said: { answered: string[]; calls: Call[] }, run: Execution): Promise<Opinion> {
  const reproduced = goldReproduced({ calls: said.calls, results: run.results, remaining: remainingOf(item, turn, said.answered), tools: item.docs });
  const gold = await runAfter(item, executedCalls(item.state.turns), reproduced);
  return opinionOnCalls({ reproduced, digest: run.digests.at(-1), gold: gold.digests.at(-1) });
}

async function effectOfAnswer(item: Item, turn: number, text: string): Promise<Opinion> {
  const { spec } = item.state;
  const here = await runAfter(item, executedCalls(item.state.turns), []);
  const last = spec.turns[turn]?.calls.at(-1);
  return opinionOnAnswer({ text, asks: spec.turns[turn]?.asks ?? [], digest: here.digests.at(-1), endOfTurn: spec.calls.find((call) => call.id === last)?.digest });
}

/** Text beside the calls is a courtesy; where it leaks it goes, since only reasoning is worth rewriting. */
const cleanContent = (item: Item, at: StepRef, turns: readonly TurnRecord[], content: string): string => (lint(item, at, turns, content).length > 0 ? '' : content);

/** The partial order promises this; a world that breaks it is not deterministic, and nothing of it may become a sample. */
function expectRecorded(item: Item, id: string, result: CallResult | undefined): void {
  const gold = item.state.spec.calls.find((call) => call.id === id);
  if (result?.ok && gold && jsonEqual(result.value, gold.result)) return;
  throw failure({ type: 'WorldUnavailable', retryable: false, message: `World ${item.state.spec.world} gave another result for ${id} ${gold?.tool ?? ''} than when the trace was sampled: ${JSON.stringify(result).slice(0, 300)}` });
}

async function judgeAnswerAttempt(item: Item, at: StepRef, turns: readonly TurnRecord[], said: { answered: string[]; text: string; reasoning: string }): Promise<AttemptDecision> {
  const attempt: AttemptRecord = { reasoning: said.reasoning, content: '', calls: null, answer: said.text };
  const opinion = await effectOfAnswer(item, at.turn, said.text);
  const wrong = { right: false, final: true, leaks: [], ids: [], accepted: null, result: null, opinion };
  const match = judgeFinal(item, at.turn, said.answered);
  if (!match.right) return { ...wrong, attempt, errors: match.errors };
  const asks = item.state.spec.turns[at.turn]?.asks ?? [];
  const reasons = [...checkAnswer({ text: said.text, asks, visible: visibleTo(item, turns) }), ...lint(item, at, turns, said.text)];
  if (reasons.length > 0) return { ...wrong, attempt: { ...attempt, feedback: answerFeedback(reasons) }, errors: answerErrors(reasons) };
  return { right: true, final: true, leaks: lint(item, at, turns, said.reasoning), ids: [], attempt, errors: [], result: null, opinion, accepted: { reasoning: said.reasoning, answer: said.text } };
}

function lint(item: Item, at: StepRef, turns: readonly TurnRecord[], text: string): string[] {
  return lintReasoning({ reasoning: text, visible: visibleTo(item, turns), hidden: hiddenFrom(item, at) });
}

function hiddenFrom(item: Item, at: StepRef): { values: string[]; advancedTool?: string } {
  const advanced = item.state.tools[at.turn];
  const answered = new Set(item.state.answered.flat(2));
  return { values: hiddenValues(item.state.spec.calls, answered), ...(advanced ? { advancedTool: advanced.name } : {}) };
}

/** The Verifier sees gold, the attempt and what it gave; code keeps back a verdict that gives the answer away. */
export async function verify(deps: Deps, item: Item, at: StepRef & { tryNumber: number; last: boolean }): Promise<Checked> {
  const wrong = decisionOf<AttemptDecision>(item.state.lines, keys.attempt(at.turn, at.step, at.attempt));
  if (!wrong) throw new Error(`Expected attempt ${at.attempt} of step ${at.step} in the record before it is verified`);
  const turns = item.state.turns.slice(0, at.turn + 1);
  const answered = (item.state.answered[at.turn] ?? []).flat();
  const goldRemaining = remainingOf(item, at.turn, answered);
  const conversation = targetMessages({ system: '', turns }).slice(1);
  const before = decisionOf<FeedbackDecision>(item.state.lines, keys.feedback(at.turn, at.step, at.attempt, at.tryNumber - 1));
  const messages = renderTemplate(item.context.templates.verifier, verifierBlocks({
    query: turns.at(-1)?.query ?? '', conversation, attempt: wrong.attempt, results: wrong.result as unknown as CallResult[] | null,
    goldRemaining, order: item.state.spec.order, errors: wrong.errors, tools: item.tools, ...(before ? { rejected: { reply: before.reply, reasons: before.leaks } } : {}),
  })) as ChatMessage[];
  const { reply, spend } = await callModel(deps, {
    context: item.context, ref: item.ref, stage: 'verifier', use: item.context.manifest.campaign.models.roles.verifier, request: { messages },
    turn: at.turn, step: at.step, attempt: at.attempt, tryNumber: at.tryNumber, specHash: item.state.specHash,
  });
  const parsed = parseVerdict(reply);
  const leaks = parsed.ok ? checkFeedback({ verdict: parsed.value, goldRemaining, visible: spokenIn(conversation), attempt: attemptText(wrong.attempt) }) : [parsed.reason];
  const ok = leaks.length === 0;
  const firstError = wrong.errors[0];
  // After the last regeneration only type and place are passed on, as code sees them.
  const text = parsed.ok && ok ? feedbackText(parsed.value) : at.last && firstError ? bareFeedback(firstError) : '';
  await decide<FeedbackDecision>(deps, item.ref, keys.feedback(at.turn, at.step, at.attempt, at.tryNumber), { ok: ok || at.last, text, leaks, reply: reply.content });
  return { ok, detail: leaks.join('; '), spend };
}

const spokenIn = (messages: readonly ChatMessage[]): string[] =>
  messages.flatMap((message) => [message.content ?? '', ...(message.role === 'assistant' ? (message.tool_calls ?? []).map((call) => call.function.arguments) : [])]);

/** Rewrites reasoning from the training view alone; the calls have to stay the same. */
export async function rewrite(deps: Deps, item: Item, at: Omit<StepRef, 'attempt'> & { tryNumber: number }): Promise<Checked> {
  const turns = item.state.turns.slice(0, at.turn + 1);
  const step = turns.at(-1)?.steps[at.step];
  const accepted = step?.accepted;
  if (!accepted) throw new Error(`Expected an accepted response at step ${at.step} before its reasoning is rewritten`);
  const before = turnsBefore(turns, at.step);
  const visible = visibleTo(item, before);
  const calls = 'calls' in accepted ? accepted.calls.map(({ tool, args }): Call => ({ tool, args })) : [];
  const rejected = decisionOf<RewriteDecision>(item.state.lines, keys.rewrite(at.turn, at.step, at.tryNumber - 1));
  const messages = renderTemplate(item.context.templates.rewriter, rewriterBlocks({
    conversation: targetMessages({ system: item.system, turns: before }), calls, ...('answer' in accepted ? { answer: accepted.answer } : {}), tools: item.tools,
    ...(rejected ? { rejected: { reply: rejected.reply, reasons: rejected.reasons } } : {}),
  })) as ChatMessage[];
  const { reply, spend } = await callModel(deps, {
    context: item.context, ref: item.ref, stage: 'rewriter', use: item.context.manifest.campaign.models.roles.reasoner, request: { messages },
    turn: at.turn, step: at.step, tryNumber: at.tryNumber, specHash: item.state.specHash,
  });
  const parsed = parseRewrite(reply);
  const reasons = parsed.ok ? checkRewrite({ rewrite: parsed.value, calls, tools: item.docs, visible, hidden: hiddenBefore(item, at) }) : [parsed.reason];
  await decide<RewriteDecision>(deps, item.ref, keys.rewrite(at.turn, at.step, at.tryNumber), { ok: reasons.length === 0, reasoning: parsed.ok ? parsed.value.reasoning : '', reasons, reply: reply.content });
  return { ok: reasons.length === 0, detail: reasons.join('; '), spend };
}

/** The conversation as it stood when the step began. */
function turnsBefore(turns: readonly TurnRecord[], step: number): TurnRecord[] {
  return turns.map((turn, index) => (index === turns.length - 1 ? { ...turn, steps: turn.steps.slice(0, step) } : turn));
}

/** At that point the step's own calls were not answered yet. */
function hiddenBefore(item: Item, at: { turn: number; step: number }): { values: string[]; advancedTool?: string } {
  const answered = new Set(item.state.answered.flatMap((steps, turn) => (turn < at.turn ? steps.flat() : turn === at.turn ? steps.slice(0, at.step).flat() : [])));
  const advanced = item.state.tools[at.turn];
  return { values: hiddenValues(item.state.spec.calls, answered), ...(advanced ? { advancedTool: advanced.name } : {}) };
}
