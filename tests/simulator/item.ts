import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SimulatorLookup } from '../../src/core/campaign/lookup';
import type { ChatMessage, ChatReply, ChatTool } from '../../src/core/chat/chat';
import { checkAdvancedTool, toolMakerBlocks, type AdvancedTool, type Rejected } from '../../src/core/evolve/advanced-tool';
import { parseAdvancedTool } from '../../src/core/evolve/advanced-tool.schema';
import { judgeBlocks, judgedReasons } from '../../src/core/evolve/judge';
import { checkQuery, queryBlocks } from '../../src/core/evolve/query';
import { parseJudgement, parseQuery } from '../../src/core/evolve/query.schema';
import type { Json } from '../../src/core/json';
import { PROMPT_BLOCKS, PROMPT_NAMES, type PromptName } from '../../src/core/prompt/roles';
import { parseTemplate, renderTemplate, type Template } from '../../src/core/prompt/template';
import { answerErrors, checkAnswer } from '../../src/core/refine/answer';
import { attemptText, callId, reasonerMessages, targetMessages, toolsOf, trainingSystem, visibleTexts, type AttemptRecord, type TurnRecord } from '../../src/core/refine/conversation';
import { checkRewrite, hiddenValues, lintReasoning, rewriterBlocks } from '../../src/core/refine/leak';
import { parseRewrite } from '../../src/core/refine/leak.schema';
import { matchFinal, matchResponse, remainingCalls, type StepError } from '../../src/core/refine/match';
import { parseReasonerReply } from '../../src/core/refine/reply';
import { answerFeedback, bareFeedback, checkFeedback, feedbackText, malformedFeedback, verifierBlocks } from '../../src/core/refine/verdict';
import { parseVerdict } from '../../src/core/refine/verdict.schema';
import type { KnownFact, ToolDoc } from '../../src/core/tool';
import type { GoldCall, TraceSpec } from '../../src/core/trace';
import { answerRequest } from '../../src/simulator/answer';
import { completionOf } from '../../src/simulator/completion';
import type { SimRequest } from '../../src/simulator/request';

/** Phases II and III of one item against the simulator, without Temporal, worlds or a store: what the activities do, in a straight line. */

export const templates = Object.fromEntries(PROMPT_NAMES.map((name) => [
  name, parseTemplate({ name, text: readFileSync(join(__dirname, '../../src/prompts', `${name}.md`), 'utf8'), ...PROMPT_BLOCKS[name] }),
])) as { [name in PromptName]: Template };

export type Ablation = SimulatorLookup['ablation'];
export const FULL: Ablation = { query: 'hard', advancedTool: 'on', hint: 'on', feedback: 'on' };

export interface Stage {
  spec: TraceSpec;
  tools: readonly ToolDoc[];
  facts: readonly KnownFact[];
  policy: string;
  faults: SimulatorLookup['faults'];
  ablation?: Partial<Ablation>;
  seed?: number;
  kMax?: number;
}

export const lookupOf = (stage: Pick<Stage, 'spec' | 'faults' | 'ablation' | 'seed'>, more: Partial<SimulatorLookup>): SimulatorLookup => ({
  seed: stage.seed ?? 1, purpose: stage.spec.purpose, item: stage.spec.item, stage: 'reasoner', turn: 0, step: 0, attempt: 1, try: 1, spec: '', ablation: { ...FULL, ...stage.ablation }, faults: stage.faults, latencyMs: 0, ...more,
});

export async function askSimulator(spec: TraceSpec, request: Omit<SimRequest, 'model' | 'tools'> & { model?: string; tools?: ChatTool[] }): Promise<ChatReply> {
  const full = { model: 'sim', tools: [], ...request };
  const reply = await answerRequest(full, () => Promise.resolve(spec));
  const completion = completionOf(full, reply, 'f'.repeat(64)) as unknown as { choices: { message: { content: string | null; reasoning_content?: string; refusal: string | null; tool_calls?: { function: { name: string; arguments: string } }[] }; finish_reason: string }[] };
  const choice = completion.choices[0];
  if (!choice) throw new Error('Expected a choice');
  const { message } = choice;
  return {
    content: message.content ?? '', reasoning: message.reasoning_content ?? '', toolCalls: (message.tool_calls ?? []).map((call) => call.function), finishReason: choice.finish_reason,
    ...(message.refusal ? { refusal: message.refusal } : {}),
  };
}

export interface ItemEnd {
  outcome: string;
  detail: string;
  /** Attempts of each accepted step. */
  attempts: number[];
  errors: StepError[];
  queries: string[];
  advanced: AdvancedTool[];
  malformed: string[];
  leaks: { reasoning: string[]; feedback: string[] };
}

interface Walk extends Stage {
  end: ItemEnd;
  turns: TurnRecord[];
  answered: string[][];
}

const KEEP = 3;

export async function runItem(stage: Stage): Promise<ItemEnd> {
  const walk: Walk = { ...stage, end: { outcome: 'verified', detail: '', attempts: [], errors: [], queries: [], advanced: [], malformed: [], leaks: { reasoning: [], feedback: [] } }, turns: [], answered: stage.spec.turns.map(() => []) };
  for (let turn = 0; turn < stage.spec.turns.length; turn++) {
    const rejected = await runTurn(walk, turn);
    if (rejected) return { ...walk.end, outcome: rejected };
  }
  return walk.end;
}

async function runTurn(walk: Walk, turn: number): Promise<string | undefined> {
  const advanced = walk.ablation?.advancedTool === 'off' ? undefined : await makeTool(walk, turn);
  if (advanced === null) return 'rejected:advanced-tool';
  if (advanced) walk.end.advanced.push(advanced);
  const query = await makeQuery(walk, turn, advanced);
  if (query === null) return 'rejected:query';
  walk.end.queries.push(query);
  walk.turns.push({ query, ...(advanced ? { hint: advanced.description } : {}), steps: [] });
  for (let step = 0; step < 16; step++) {
    const taken = await takeStep(walk, turn, step, advanced);
    if (taken === 'final') return undefined;
    if (taken !== 'right') return taken;
  }
  return 'rejected:attempts';
}

const earlierOf = (walk: Walk): { role: 'user' | 'assistant'; text: string }[] => walk.turns.flatMap((turn) => {
  const last = turn.steps.at(-1)?.accepted;
  return [{ role: 'user' as const, text: turn.query }, ...(last && 'answer' in last ? [{ role: 'assistant' as const, text: last.answer }] : [])];
});

async function makeTool(walk: Walk, turn: number): Promise<AdvancedTool | null> {
  const scene = { spec: walk.spec, turn, tools: walk.tools, facts: walk.facts };
  let rejected: Rejected | undefined;
  for (let attempt = 1; attempt <= KEEP; attempt++) {
    const messages = renderTemplate(templates['tool-maker'], toolMakerBlocks({ ...scene, rejected })) as ChatMessage[];
    const reply = await askSimulator(walk.spec, { messages, lookup: lookupOf(walk, { stage: 'tool-maker', turn, attempt }) });
    const parsed = parseAdvancedTool(reply);
    const reasons = parsed.ok ? checkAdvancedTool({ ...scene, tool: parsed.value }) : [parsed.reason];
    if (parsed.ok && reasons.length === 0) return parsed.value;
    rejected = { reply: reply.content, reasons };
    walk.end.detail = reasons.join('; ');
  }
  return null;
}

async function makeQuery(walk: Walk, turn: number, advanced: AdvancedTool | undefined): Promise<string | null> {
  const scene = { spec: walk.spec, turn, tools: walk.tools, facts: walk.facts };
  const earlier = earlierOf(walk);
  const today = walk.facts.find((fact) => fact.name === 'today')?.value;
  const mode = walk.ablation?.query ?? 'hard';
  let rejected: Rejected | undefined;
  for (let attempt = 1; attempt <= KEEP; attempt++) {
    const messages = renderTemplate(templates['query-generator'], queryBlocks({ ...scene, advanced, mode, earlier, rejected })) as ChatMessage[];
    const reply = await askSimulator(walk.spec, { messages, lookup: lookupOf(walk, { stage: 'query-generator', turn, attempt }) });
    const parsed = parseQuery(reply);
    const texts = (role: string): string[] => earlier.filter((message) => message.role === role).map((message) => message.text);
    const { reasons, claims } = parsed.ok ? checkQuery({ ...scene, query: parsed.value.query, earlierQueries: texts('user'), earlierAnswers: texts('assistant'), ...(typeof today === 'string' ? { today } : {}), mode }) : { reasons: [parsed.reason], claims: [] };
    const judged = reasons.length === 0 && parsed.ok && claims.length > 0 ? await judge(walk, turn, attempt, parsed.value.query, claims, earlier) : [];
    if (parsed.ok && reasons.length + judged.length === 0) return parsed.value.query;
    rejected = { reply: reply.content, reasons: [...reasons, ...judged] };
    walk.end.detail = rejected.reasons.join('; ') + ` <- ${parsed.ok ? parsed.value.query : ''}`;
  }
  return null;
}

async function judge(walk: Walk, turn: number, attempt: number, query: string, claims: Parameters<typeof judgedReasons>[0], earlier: ReturnType<typeof earlierOf>): Promise<string[]> {
  const messages = renderTemplate(templates['paraphrase-judge'], judgeBlocks({ query, claims, earlier })) as ChatMessage[];
  const parsed = parseJudgement(await askSimulator(walk.spec, { messages, lookup: lookupOf(walk, { stage: 'paraphrase-judge', turn, attempt }) }), claims);
  return parsed.ok ? judgedReasons(claims, parsed.value) : [parsed.reason];
}

async function takeStep(walk: Walk, turn: number, step: number, advanced: AdvancedTool | undefined): Promise<'right' | 'final' | string> {
  const record: TurnRecord['steps'][number] = { attempts: [] };
  const current = walk.turns[turn] as TurnRecord;
  current.steps.push(record);
  const tools = toolsOf(walk.spec.tools, walk.tools);
  const ablation = { ...FULL, ...walk.ablation };
  for (let attempt = 1; attempt <= (walk.kMax ?? 3); attempt++) {
    const messages = reasonerMessages({ templates: { reasoner: templates.reasoner, refine: templates['reasoner-refine'] }, policy: walk.policy, turns: walk.turns, switches: { hint: ablation.hint === 'on', feedback: ablation.feedback === 'on' } });
    const said = parseReasonerReply(await askSimulator(walk.spec, { messages, tools, lookup: lookupOf(walk, { stage: 'reasoner', turn, step, attempt }) }));
    const judged = judgeReply(walk, turn, said, advanced);
    if ('right' in judged) {
      walk.end.attempts.push(attempt);
      record.accepted = judged.accepted(step);
      if (judged.leaks.length > 0) {
        walk.end.leaks.reasoning.push(...judged.leaks);
        if (!(await rewriteStep(walk, turn, step, advanced))) return 'rejected:leaky-reasoning';
      }
      return judged.right;
    }
    walk.end.errors.push(...judged.errors);
    if (judged.attempt.malformed) walk.end.malformed.push(judged.attempt.malformed);
    walk.end.detail = judged.errors.map((error) => error.detail).join('; ') || (judged.attempt.malformed ?? '');
    const feedback = judged.attempt.feedback ?? (await giveFeedback(walk, turn, step, attempt, judged));
    record.attempts.push({ ...judged.attempt, feedback });
  }
  return 'rejected:attempts';
}

type Judged = { right: 'right' | 'final'; leaks: string[]; accepted: (step: number) => NonNullable<TurnRecord['steps'][number]['accepted']> } | { attempt: AttemptRecord; errors: StepError[] };

const systemOf = (walk: Walk): string => trainingSystem(templates.target, walk.policy);

function judgeReply(walk: Walk, turn: number, said: ReturnType<typeof parseReasonerReply>, advanced: AdvancedTool | undefined): Judged {
  if (!said.ok) return { attempt: { reasoning: said.reasoning, content: '', calls: null, malformed: said.reason, feedback: malformedFeedback(said.reason) }, errors: [] };
  const tools = toolsOf(walk.spec.tools, walk.tools);
  const visible = visibleTexts({ system: systemOf(walk), tools, turns: walk.turns });
  const lint = (text: string): string[] => lintReasoning({ reasoning: text, visible, hidden: hiddenOf(walk, advanced) });
  const answered = walk.answered[turn] as string[];
  if (said.value.kind === 'calls') {
    const { calls, content } = said.value;
    const match = matchResponse({ spec: walk.spec, turn, answered, calls, tools: walk.tools, mode: 'partial-order' });
    if (!match.right) return { attempt: { reasoning: said.reasoning, content, calls }, errors: match.errors };
    const leaks = lint(said.reasoning);
    answered.push(...match.ids);
    return { right: 'right', leaks, accepted: (step) => ({ reasoning: said.reasoning, content, calls: calls.map((call, index) => ({ id: callId(turn, step, index), tool: call.tool, args: call.args, result: { ok: true as const, value: goldOf(walk, match.ids[index] as string).result } })) }) };
  }
  const { text } = said.value;
  const attempt: AttemptRecord = { reasoning: said.reasoning, content: '', calls: null, answer: text };
  const match = matchFinal({ spec: walk.spec, turn, answered });
  if (!match.right) return { attempt, errors: match.errors };
  const reasons = [...checkAnswer({ text, asks: walk.spec.turns[turn]?.asks ?? [], visible: visibleTexts({ system: systemOf(walk), turns: walk.turns }) }), ...lint(text)];
  if (reasons.length > 0) return { attempt: { ...attempt, feedback: answerFeedback(reasons) }, errors: answerErrors(reasons) };
  return { right: 'final', leaks: lint(said.reasoning), accepted: () => ({ reasoning: said.reasoning, answer: text }) };
}

const goldOf = (walk: Walk, id: string): GoldCall => walk.spec.calls.find((call) => call.id === id) as GoldCall;

const hiddenOf = (walk: Walk, advanced: AdvancedTool | undefined): { values: string[]; advancedTool?: string } => ({
  values: hiddenValues(walk.spec.calls, new Set(walk.answered.flat())), ...(advanced ? { advancedTool: advanced.name } : {}),
});

async function giveFeedback(walk: Walk, turn: number, step: number, attempt: number, wrong: { attempt: AttemptRecord; errors: StepError[] }): Promise<string> {
  const conversation = targetMessages({ system: '', turns: walk.turns }).slice(1);
  const goldRemaining = remainingCalls({ spec: walk.spec, turn, answered: walk.answered[turn] as string[] });
  let rejected: { reply: string; reasons: string[] } | undefined;
  for (let tryNumber = 1; tryNumber <= KEEP; tryNumber++) {
    const messages = renderTemplate(templates.verifier, verifierBlocks({
      query: walk.turns[turn]?.query ?? '', conversation, attempt: wrong.attempt, results: null, goldRemaining, order: walk.spec.order, errors: wrong.errors, tools: toolsOf(walk.spec.tools, walk.tools), ...(rejected ? { rejected } : {}),
    })) as ChatMessage[];
    const reply = await askSimulator(walk.spec, { messages, lookup: lookupOf(walk, { stage: 'verifier', turn, step, attempt, try: tryNumber }) });
    const parsed = parseVerdict(reply);
    const spoken = conversation.flatMap((message) => [message.content ?? '', ...(message.role === 'assistant' ? (message.tool_calls ?? []).map((call) => call.function.arguments) : [])]);
    const leaks = parsed.ok ? checkFeedback({ verdict: parsed.value, goldRemaining, visible: spoken, attempt: attemptText(wrong.attempt) }) : [parsed.reason];
    if (parsed.ok && leaks.length === 0) return feedbackText(parsed.value);
    walk.end.leaks.feedback.push(...leaks);
    rejected = { reply: reply.content, reasons: leaks };
  }
  return bareFeedback(wrong.errors[0] as StepError);
}

async function rewriteStep(walk: Walk, turn: number, step: number, advanced: AdvancedTool | undefined): Promise<boolean> {
  const accepted = walk.turns[turn]?.steps[step]?.accepted as NonNullable<TurnRecord['steps'][number]['accepted']>;
  const before = walk.turns.map((record, index) => (index === turn ? { ...record, steps: record.steps.slice(0, step) } : record));
  const tools = toolsOf(walk.spec.tools, walk.tools);
  const calls = 'calls' in accepted ? accepted.calls.map(({ tool, args }) => ({ tool, args })) : [];
  let rejected: { reply: string; reasons: string[] } | undefined;
  for (let tryNumber = 1; tryNumber <= 2; tryNumber++) {
    const conversation = targetMessages({ system: systemOf(walk), turns: before });
    const messages = renderTemplate(templates.rewriter, rewriterBlocks({ conversation, calls, ...('answer' in accepted ? { answer: accepted.answer } : {}), tools, ...(rejected ? { rejected } : {}) })) as ChatMessage[];
    const reply = await askSimulator(walk.spec, { messages, lookup: lookupOf(walk, { stage: 'rewriter', turn, step, try: tryNumber }) });
    const parsed = parseRewrite(reply);
    const visible = visibleTexts({ system: systemOf(walk), tools, turns: before });
    const reasons = parsed.ok ? checkRewrite({ rewrite: parsed.value, calls, tools: walk.tools, visible, hidden: hiddenOf(walk, advanced) }) : [parsed.reason];
    if (reasons.length === 0) return true;
    rejected = { reply: reply.content, reasons };
    walk.end.detail = reasons.join('; ');
  }
  return false;
}

export const asJson = (value: unknown): Json => value as Json;
