import type { Spend } from '../core/campaign/progress';
import { foldEvidence } from '../core/graph/fold';
import { withFailureTools } from '../core/graph/merge';
import { targetMessages, callId, type ExecutedCall, type TurnRecord } from '../core/refine/conversation';
import { parseReasonerReply } from '../core/refine/reply';
import { states } from '../core/refine/values';
import { toolOfKey, type Call, type CallResult } from '../core/tool';
import type { ModelUse } from '../core/campaign/campaign.schema';
import type { Json } from '../core/json';
import type { CampaignContext } from './context';
import type { Deps } from './deps';
import type { FailureRow } from './deps.graph';
import { probeGraph } from './explore';
import { decide, judgeCalls, remainingOf, runAfter, type Item } from './item';
import { decisionOf, keys } from './item-state';
import { callModel } from './model-call';
import { recordName, type ItemRef } from '../core/campaign/refs';

/** One response of a target in a probe, executed as it stands: nobody corrects a target. */
interface TargetStep {
  reasoning: string;
  calls: ExecutedCall[];
  answer: string | null;
  malformed: string | null;
  /** Gold ids it answered; empty when the response was not right. */
  ids: string[];
  /** Tool that the first wrong step concerned, once there was one. */
  wrongTool: string | null;
}

export interface TargetTried {
  done: boolean;
  /** The attempt failed, and its first wrong step concerned the probed tool itself. */
  failedAtTool: boolean;
  spend: Spend;
}

/** One request to one target. The attempt ends with its answer, an unreadable reply, or its last allowed step. */
export async function tryTarget(deps: Deps, item: Item, at: { target: number; attempt: number; step: number; last: boolean }): Promise<TargetTried> {
  const use = item.context.manifest.campaign.models.targets[at.target];
  if (use === undefined) throw new Error(`Expected target ${at.target} among models.targets`);
  const earlier = stepsBefore(item, at);
  const turn = turnOf(item, earlier);
  const { reply, spend } = await callModel(deps, {
    context: item.context, ref: item.ref, stage: 'target', use, request: { messages: targetMessages({ system: item.system, turns: [turn] }), tools: item.tools },
    turn: 0, step: at.step, attempt: at.attempt, target: at.target, specHash: item.state.specHash,
  });
  const said = parseReasonerReply(reply);
  const executed = earlier.flatMap((step) => step.calls);
  const taken: TargetStep = !said.ok
    ? { reasoning: said.reasoning, calls: [], answer: null, malformed: said.reason, ids: [], wrongTool: firstWrong(item, earlier, []) }
    : said.value.kind === 'answer'
      ? { reasoning: said.reasoning, calls: [], answer: said.value.text, malformed: null, ids: [], wrongTool: firstWrong(item, earlier, null) }
      : await takeCalls(item, at, { earlier, executed, calls: said.value.calls, reasoning: said.reasoning });
  const step = await decide(deps, item.ref, keys.target(at.target, at.attempt, at.step), taken);
  const done = at.last || step.calls.length === 0;
  if (!done) return { done, failedAtTool: false, spend };
  const wrongTool = await failedAt(item, [...earlier, step]);
  return { done, failedAtTool: wrongTool === toolOfKey(item.state.spec.target), spend };
}

function stepsBefore(item: Item, at: { target: number; attempt: number; step: number }): TargetStep[] {
  return Array.from({ length: at.step }, (_unused, step) => {
    const decision = decisionOf<TargetStep>(item.state.lines, keys.target(at.target, at.attempt, step));
    if (!decision) throw new Error(`Expected step ${step} of target ${at.target} in the record before step ${at.step}`);
    return decision;
  });
}

function turnOf(item: Item, steps: readonly TargetStep[]): TurnRecord {
  const query = item.state.turns[0]?.query;
  if (query === undefined) throw new Error('Expected the probe to have a query before a target tries it');
  return { query, steps: steps.map((step) => ({ attempts: [], accepted: { reasoning: '', content: '', calls: step.calls } })) };
}

async function takeCalls(item: Item, at: { target: number; step: number }, said: { earlier: TargetStep[]; executed: ExecutedCall[]; calls: Call[]; reasoning: string }): Promise<TargetStep> {
  const { results } = await runAfter(item, said.executed, said.calls);
  const calls = said.calls.map((call, index): ExecutedCall => ({ id: callId(0, at.step, index), tool: call.tool, args: call.args, result: results[index] as CallResult }));
  const match = judgeCalls(item, 0, said.earlier.flatMap((step) => step.ids), said.calls);
  return { reasoning: said.reasoning, calls, answer: null, malformed: null, ids: match.right ? match.ids : [], wrongTool: match.right ? lastWrong(said.earlier) : firstWrong(item, said.earlier, said.calls) };
}

const lastWrong = (steps: readonly TargetStep[]): string | null => steps.at(-1)?.wrongTool ?? null;

/**
 * The tool that a wrong response concerns: the probed tool when it was called wrongly, else the gold call that was due.
 * `null` calls = a final answer, which is wrong only while gold calls remain.
 */
function firstWrong(item: Item, earlier: readonly TargetStep[], calls: readonly Call[] | null): string | null {
  const known = lastWrong(earlier);
  if (known !== null) return known;
  const probed = toolOfKey(item.state.spec.target);
  const remaining = remainingOf(item, 0, earlier.flatMap((step) => step.ids));
  if (remaining.length === 0) return calls === null ? null : probed;
  if (calls?.some((call) => call.tool === probed) && remaining.some((gold) => gold.tool === probed)) return probed;
  const open = new Set(remaining.map((gold) => gold.id));
  const due = remaining.find((gold) => !item.state.spec.order.data.some(([before, after]) => after === gold.id && open.has(before)));
  return due?.tool ?? probed;
}

/** `null` = solved: same end state, and every asked output in the answer; exact calls are not asked of a target. */
async function failedAt(item: Item, steps: readonly TargetStep[]): Promise<string | null> {
  const { digests } = await runAfter(item, steps.flatMap((step) => step.calls), []);
  const answer = steps.at(-1)?.answer ?? '';
  const missing = (item.state.spec.turns[0]?.asks ?? []).find((ask) => !states(answer, ask.value, ask.label));
  if (digests[0] === item.state.spec.endDigest && !missing) return null;
  const wrong = lastWrong(steps);
  if (wrong !== null) return wrong;
  return missing ? (item.state.spec.calls.find((call) => call.id === missing.call)?.tool ?? null) : toolOfKey(item.state.spec.target);
}

/** What a probe found, per target; the line that the failure set is closed from. */
export async function recordProbe(deps: Deps, context: CampaignContext, input: ItemRef & { failures: number[]; broken?: string }): Promise<void> {
  const { campaign, probes } = context.manifest;
  const lines = await deps.records.read(input.campaign, recordName(input));
  const targets = campaign.models.targets.map((use, target) => {
    const first = Array.from({ length: campaign.selfEvaluation.maxSteps }, (_unused, step) => decisionOf<TargetStep>(lines, keys.target(target, 1, step))?.wrongTool).filter((tool) => tool);
    return {
      model: modelName(use), attempts: lines.some((line) => line.key.startsWith(`target/${target}/`)) ? campaign.selfEvaluation.attempts : 0,
      failedAttempts: input.failures.includes(target) ? campaign.selfEvaluation.attempts : 0, ...(first[0] ? { firstWrongTool: first[0] } : {}),
    };
  });
  const needed = neededFailures(context);
  const row: FailureRow = { tool: probes[input.item] ?? '', failed: input.broken === undefined && input.failures.length >= needed, targets, ...(input.broken === undefined ? {} : { broken: input.broken }) };
  await deps.records.append({ campaign: input.campaign, record: recordName(input), line: { key: 'outcome', kind: 'outcome', value: row as unknown as Json }, durable: true });
}

export const modelName = (use: ModelUse): string => (typeof use === 'string' ? use : use.model);

function neededFailures(context: CampaignContext): number {
  const { failWhen } = context.manifest.campaign.selfEvaluation;
  const targets = context.manifest.campaign.models.targets.length;
  return failWhen === 'all' ? targets : failWhen === 'any' ? 1 : Math.max(1, Math.ceil(failWhen * targets));
}

/** Closes T once all probes are settled, and stores it as version 0 of the campaign's own graph. */
export async function closeFailureSet(deps: Deps, context: CampaignContext): Promise<{ size: number; advice: string }> {
  const { id, probes } = context.manifest;
  const base = await deps.graph.readVersion(probeGraph(id), 0);
  if (!base) throw new Error(`Expected graph ${probeGraph(id)} to be stored before T is closed`);
  const rows: FailureRow[] = [];
  for (let item = 0; item < probes.length; item++) {
    const lines = await deps.records.read(id, recordName({ campaign: id, purpose: 'probe', item }));
    const row = decisionOf<FailureRow>(lines, 'outcome');
    if (row) rows.push(row);
  }
  const failed = rows.filter((row) => row.failed).map((row) => row.tool);
  const sampled = (await deps.graph.readEvidence(probeGraph(id), { origins: ['sampling'] })).filter((row) => row.kind === 'call');
  // Probe samples teach P and the counts; edges come from exploration and from the rounds.
  const folded = foldEvidence(base, sampled, { bump: false, reseedable: (world) => context.replayer.world(world).doc.reseedable }).snapshot;
  const { snapshot, changes } = withFailureTools({ ...folded, graph: id, version: 0 }, failed);
  await deps.graph.saveVersion({ snapshot, changes });
  await deps.graph.recordFailureSet(id, rows);
  return { size: failed.length, advice: failed.length > 0 ? '' : emptyAdvice(rows, probes.length) };
}

function emptyAdvice(rows: readonly FailureRow[], probes: number): string {
  const broken = rows.filter((row) => row.broken !== undefined).length;
  const failed = rows.length < probes ? `, ${probes - rows.length} ended by trouble and say nothing` : '';
  return `No tool was failed by enough targets (${probes} probed, ${broken} probes broken${failed}), so there is nothing hard to sample from. Choose weaker targets, set selfEvaluation.failWhen to any, add tools, or raise selfEvaluation.attempts for unsteady models`;
}

