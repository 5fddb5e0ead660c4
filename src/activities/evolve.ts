import type { ChatMessage } from '../core/chat/chat';
import type { Spend } from '../core/campaign/progress';
import { checkAdvancedTool, toolMakerBlocks, type Rejected } from '../core/evolve/advanced-tool';
import { parseAdvancedTool } from '../core/evolve/advanced-tool.schema';
import { judgeBlocks, judgedReasons, type ParaphraseClaim } from '../core/evolve/judge';
import { checkQuery, queryBlocks } from '../core/evolve/query';
import { parseJudgement, parseQuery } from '../core/evolve/query.schema';
import type { Json } from '../core/json';
import { renderTemplate } from '../core/prompt/template';
import type { Deps } from './deps';
import { decide, type Item } from './item';
import { decisionOf, keys, type JudgeDecision, type QueryDecision, type ToolDecision } from './item-state';
import { callModel } from './model-call';
import type { TurnRef } from '../core/campaign/refs';

export interface Checked {
  ok: boolean;
  detail: string;
  spend: Spend;
}

/** Phase II: T_adv = A_T(Γ) (Eq. 3), checked by code. A second try sees its own reply and why it was turned down. */
export async function makeTool(deps: Deps, item: Item, at: TurnRef): Promise<Checked> {
  const scene = { spec: item.state.spec, turn: at.turn, tools: item.docs, facts: item.facts };
  const before = decisionOf<ToolDecision>(item.state.lines, keys.tool(at.turn, at.attempt - 1));
  const messages = renderTemplate(item.context.templates['tool-maker'], toolMakerBlocks({ ...scene, rejected: rejectedBy(before) })) as ChatMessage[];
  const { reply, spend } = await callModel(deps, {
    context: item.context, ref: item.ref, stage: 'tool-maker', use: item.context.manifest.campaign.models.roles.toolMaker,
    request: { messages }, turn: at.turn, attempt: at.attempt, specHash: item.state.specHash,
  });
  const parsed = parseAdvancedTool(reply);
  const reasons = parsed.ok ? checkAdvancedTool({ ...scene, tool: parsed.value }) : [parsed.reason];
  await decide<ToolDecision>(deps, item.ref, keys.tool(at.turn, at.attempt), {
    ok: reasons.length === 0, tool: parsed.ok ? parsed.value : null, reasons, reply: reply.content,
  });
  return { ok: reasons.length === 0, detail: reasons.join('; '), spend };
}

const rejectedBy = (decision: { reply: string; reasons: string[] } | undefined): Rejected | undefined =>
  decision && { reply: decision.reply, reasons: decision.reasons };

/** Phase II: Q_hard = A_Q(T_adv) (Eq. 4). `judge`: nothing speaks against it, but a second reader has to decide on some values. */
export async function generateQuery(deps: Deps, item: Item, at: TurnRef): Promise<Checked & { judge: boolean }> {
  const { campaign } = item.context.manifest;
  const scene = { spec: item.state.spec, turn: at.turn, tools: item.docs, facts: item.facts };
  const earlier = visibleConversation(item);
  const messages = renderTemplate(item.context.templates['query-generator'], queryBlocks({
    ...scene, advanced: item.state.tools[at.turn], mode: campaign.ablation.query, earlier, rejected: rejectedQuery(item, at),
  })) as ChatMessage[];
  const { reply, spend } = await callModel(deps, {
    context: item.context, ref: item.ref, stage: 'query-generator', use: campaign.models.roles.queryGenerator,
    request: { messages }, turn: at.turn, attempt: at.attempt, specHash: item.state.specHash,
  });
  const parsed = parseQuery(reply);
  const texts = (role: 'user' | 'assistant'): string[] => earlier.filter((message) => message.role === role).map((message) => message.text);
  const checked = parsed.ok
    ? checkQuery({ ...scene, query: parsed.value.query, earlierQueries: texts('user'), earlierAnswers: texts('assistant'), today: item.today, mode: campaign.ablation.query })
    : { reasons: [parsed.reason], claims: [] };
  const ok = checked.reasons.length === 0;
  await decide<QueryDecision>(deps, item.ref, keys.query(at.turn, at.attempt), {
    ok, query: parsed.ok ? parsed.value.query : '', reasons: checked.reasons, claims: checked.claims as unknown as Json[], reply: reply.content,
  });
  return { ok, judge: ok && checked.claims.length > 0, detail: checked.reasons.join('; '), spend };
}

/** What went wrong with the last query: the code's reasons, or the judge's. */
function rejectedQuery(item: Item, at: TurnRef): Rejected | undefined {
  const query = decisionOf<QueryDecision>(item.state.lines, keys.query(at.turn, at.attempt - 1));
  if (!query) return undefined;
  const judged = decisionOf<JudgeDecision>(item.state.lines, keys.judge(at.turn, at.attempt - 1));
  return { reply: query.reply, reasons: query.ok ? (judged?.reasons ?? []) : query.reasons };
}

/** A second model call (the Verifier's model) decides whether other words convey a value; recorded as such. */
export async function judgeParaphrase(deps: Deps, item: Item, at: TurnRef): Promise<Checked> {
  const query = decisionOf<QueryDecision>(item.state.lines, keys.query(at.turn, at.attempt));
  if (!query) throw new Error(`Expected a query to judge in the record, turn ${at.turn}, attempt ${at.attempt}`);
  const claims = query.claims as unknown as ParaphraseClaim[];
  const messages = renderTemplate(item.context.templates['paraphrase-judge'], judgeBlocks({ query: query.query, claims, earlier: visibleConversation(item) })) as ChatMessage[];
  const { reply, spend } = await callModel(deps, {
    context: item.context, ref: item.ref, stage: 'paraphrase-judge', use: item.context.manifest.campaign.models.roles.verifier,
    request: { messages }, turn: at.turn, attempt: at.attempt, specHash: item.state.specHash,
  });
  const parsed = parseJudgement(reply, claims);
  const reasons = parsed.ok ? judgedReasons(claims, parsed.value) : [parsed.reason];
  await decide<JudgeDecision>(deps, item.ref, keys.judge(at.turn, at.attempt), { ok: reasons.length === 0, reasons });
  return { ok: reasons.length === 0, detail: reasons.join('; '), spend };
}

/** Queries and final answers of the finished turns. */
function visibleConversation(item: Item): { role: 'user' | 'assistant'; text: string }[] {
  return item.state.turns.flatMap((turn) => {
    const last = turn.steps.at(-1)?.accepted;
    return [{ role: 'user' as const, text: turn.query }, ...(last && 'answer' in last ? [{ role: 'assistant' as const, text: last.answer }] : [])];
  });
}
