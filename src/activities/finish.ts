import { gzipSync } from 'node:zlib';
import type { ItemResult, Progress, Spend } from '../core/campaign/progress';
import { applyResult, openStandings } from '../core/campaign/standing';
import { withinSimulatedShare } from '../core/campaign/world-shares';
import { buildReceipt } from '../core/dataset/receipt';
import { buildRow, checkRow } from '../core/dataset/row';
import { checkRowSchema } from '../core/dataset/row.schema';
import type { Json } from '../core/json';
import type { Outcome } from '../core/outcome';
import { trainingMessages } from '../core/refine/conversation';
import { agreementOf } from '../core/refine/opinion';
import { isFinal, selectDataset } from '../core/sample/selection';
import { toolKey } from '../core/tool';
import { cellId } from '../core/trace';
import { digestOf } from '../digest';
import { itemCells, type CampaignContext } from './context';
import type { Deps } from './deps';
import { decide, runAfter, type Item } from './item';
import { ATTEMPT_KEY, decisionOf, executedCalls, keys, type AlternativeDecision, type AttemptDecision } from './item-state';
import { recordedSpend, type StoredCall } from './model-call';
import { recordName, workflowIdOf, type ItemRef } from '../core/campaign/refs';
import { readSpecLine, signatureOf, type SpecLine } from './sample';

/** Every call of every turn was produced: run them once more from the seed, derive the training view, check it, store row and receipt. */
export async function finishTrajectory(deps: Deps, item: Item, input: { attempts: number[] }): Promise<Outcome> {
  const { spec } = item.state;
  const { digests } = await runAfter(item, [], executedCalls(item.state.turns));
  if (digests.at(-1) !== spec.endDigest) return { kind: 'rejected', reason: 'reexecution', detail: 'the produced calls end in another state than the trace' };
  const row = buildRow({
    spec, tier: item.context.replayer.world(spec.world).doc.tier ?? 'builtin', tools: item.tools, messages: trainingMessages({ system: item.system, turns: item.state.turns }), simulated: item.context.manifest.simulated,
    alternatives: await recordedAlternative(deps, item),
  });
  const id = digestOf(row as unknown as Json);
  const reasons = [...checkRow(row, item.docs), ...checkRowSchema({ ...row, id })];
  if (reasons.length > 0) return { kind: 'rejected', reason: 'row', detail: reasons.join('; ') };
  const receipt = buildReceipt({
    rowId: id, campaign: item.ref.campaign, item: item.ref.item, workflowId: workflowIdOf(item.ref), attempts: input.attempts, opinions: agreementOf(judgedAttempts(item)),
    spec, specHash: item.state.specHash, prompts: item.context.manifest.prompts, calls: paidCalls(item),
  });
  const line = await readSpecLine(deps, item.ref);
  const stored = { index: item.ref.item, cell: cellId(spec.cell), signature: signatureOf(line), row: { ...row, id }, receipt };
  await deps.records.writeArtifact(item.ref.campaign, `rows/${recordName(item.ref)}.json`, `${JSON.stringify(stored)}\n`);
  return { kind: 'verified' };
}

/** On record, so that the row can be derived again when the graph is gone. */
async function recordedAlternative(deps: Deps, item: Item): Promise<boolean> {
  const known = decisionOf<AlternativeDecision>(item.state.lines, keys.alternative);
  return (known ?? (await decide<AlternativeDecision>(deps, item.ref, keys.alternative, { alternative: await hasAlternative(deps, item) }))).alternative;
}

/** Whether D knows another way to something that a call of this trace was made for. */
async function hasAlternative(deps: Deps, item: Item): Promise<boolean> {
  const { spec } = item.state;
  const graph = await deps.graph.readVersion(item.ref.campaign, spec.graphVersion);
  const made = new Set(spec.calls.map((call) => toolKey(spec.world, call.tool)));
  return (graph?.tools ?? []).some((tool) => made.has(tool.key) && tool.groups.some((group) => new Set(group.members.map((member) => member.tool)).size > 1 && group.members.some((member) => made.has(member.tool))));
}

const judgedAttempts = (item: Item): AttemptDecision[] => item.state.lines.flatMap((line) => (ATTEMPT_KEY.test(line.key) ? [line.value as unknown as AttemptDecision] : []));

const paidCalls = (item: Item): StoredCall[] => item.state.lines.flatMap((line) => (line.kind === 'call' ? [line.value as unknown as StoredCall] : []));

/** How an item ended, in its own record: what an export of a running campaign goes by. */
export async function recordOutcome(deps: Deps, input: ItemRef & { outcome: Outcome; spend: Spend; attempts: number[] }): Promise<void> {
  const { campaign, purpose, item, ...value } = input;
  await deps.records.append({ campaign, record: recordName({ campaign, purpose, item }), line: { key: 'outcome', kind: 'outcome', value: value as unknown as Json }, durable: true });
}

export interface RecordedEnd {
  /** With replies and requests that no step has heard of any more. */
  spend: Spend;
  /** Missing when the item had not come to its end. */
  ended?: Pick<ItemResult, 'outcome' | 'attempts' | 'signature'>;
}

/** What a record says of an item whose workflow cannot say it any more. */
export async function readEnd(deps: Deps, ref: ItemRef): Promise<RecordedEnd> {
  const lines = await deps.records.read(ref.campaign, recordName(ref));
  const noted = lines.find((line) => line.kind === 'outcome')?.value as { outcome?: Outcome; attempts: number[] } | undefined;
  const ended = noted?.outcome && { outcome: noted.outcome, attempts: noted.attempts, signature: signatureOf(decisionOf<SpecLine>(lines, 'spec')) };
  return { spend: recordedSpend(lines), ...(ended ? { ended } : {}) };
}

export const historyFile = (ref: ItemRef): string => `histories/${recordName(ref)}.json.gz`;

/** Stands where a history would, so that an audit years later can tell a forgotten one from a lost file. */
export const missingHistoryFile = (ref: ItemRef): string => `histories/${recordName(ref)}.missing`;

interface HistoriesInput {
  campaign: string;
  items: ItemRef[];
  onProgress: () => void;
  warn: (message: string) => void;
}

/** Histories outlive the server's retention beside their records. One that the server has forgotten already is told and noted, and the others go on. */
export async function exportHistories(deps: Deps, input: HistoriesInput): Promise<void> {
  for (const ref of input.items) {
    const history = await deps.fetchHistory(workflowIdOf(ref));
    if (history === undefined) await noteMissing(deps, input, ref);
    else await deps.records.writeArtifact(input.campaign, historyFile(ref), gzipSync(history));
    input.onProgress();
  }
}

async function noteMissing(deps: Deps, { campaign, warn }: HistoriesInput, ref: ItemRef): Promise<void> {
  const sentence = `Expected the history of ${workflowIdOf(ref)} on the Temporal server, got none: its retention has passed; the record of the item is whole without it`;
  warn(sentence);
  await deps.records.writeArtifact(campaign, missingHistoryFile(ref), `${sentence}\n`);
}

const resultsPart = (part: number): string => `results/${String(part).padStart(3, '0')}.json`;

export const keepResults = (deps: Deps, { campaign, part, results }: { campaign: string; part: number; results: readonly ItemResult[] }): Promise<void> =>
  deps.records.writeArtifact(campaign, resultsPart(part), `${JSON.stringify(results)}\n`);

/** What `keepResults` took, in order. */
export async function keptResults(deps: Deps, { campaign, parts = 0 }: { campaign: string; parts?: number }): Promise<ItemResult[]> {
  const texts = await Promise.all(Array.from({ length: parts }, (_unused, part) => deps.records.readArtifact(campaign, resultsPart(part))));
  return texts.flatMap((text, part) => {
    if (text === undefined) throw new Error(`Expected ${resultsPart(part)} in the folder of campaign ${campaign}, got nothing`);
    return JSON.parse(text) as ItemResult[];
  });
}

const perRow = ({ cost, costUsd }: Progress, rows: number): Pick<Progress, 'cost'> => (cost === undefined ? {} : { cost: { ...cost, perVerifiedUsd: rows === 0 ? null : costUsd / rows } });

/** Writes what is left when the workflows are gone: every item's result, the summary, and which cells were not met. */
export async function finishCampaign(deps: Deps, context: CampaignContext, input: { progress: Progress; results: ItemResult[] }): Promise<{ rows: number; note?: string }> {
  const { id } = context.manifest;
  const cells = itemCells(context.manifest);
  const standings = openStandings(cells);
  // An item that was never begun cannot be waited for any more.
  for (const standing of standings) standing.open = false;
  for (const result of input.results) applyResult(standings, result);
  const fitting = selectDataset(context.manifest.plan, standings);
  const selected = withinSimulatedShare(context.manifest, fitting, cells);
  const unmet = context.manifest.plan.filter(({ cell, quota }) => fitting.filter((index) => cells[index] === cellId(cell)).length < quota).map(({ cell }) => cellId(cell));
  const note = [
    ...(unmet.length > 0 && input.progress.phase !== 'stopped' ? [`${unmet.length === 1 ? 'One cell is' : `${unmet.length} cells are`} not full (${unmet.join(', ')}): raise target.maxItems, or look at the rejections`] : []),
    ...(selected.length < fitting.length ? [`${fitting.length - selected.length} verified rows of simulated worlds are left out: shape.simulatedShare is ${context.manifest.campaign.shape.simulatedShare} of the rows, and other worlds gave too few`] : []),
    ...(isFinal(context.manifest.plan, standings) || input.progress.phase === 'stopped' ? [] : ['some items failed, so the dataset may still change when they are repaired']),
    ...(input.progress.phase === 'stopped' && input.progress.note ? [input.progress.note] : []),
  ].join('. ');
  const phase = input.progress.phase === 'stopped' ? 'stopped' : 'done';
  const summary: Progress = { ...input.progress, phase, verified: selected.length, funnel: { ...input.progress.funnel, verified: selected.length }, ...perRow(input.progress, selected.length), ...(note ? { note } : {}) };
  await deps.records.writeArtifact(id, 'results.json', `${JSON.stringify(input.results)}\n`);
  await deps.records.writeArtifact(id, 'dataset/index.json', `${JSON.stringify({ items: selected })}\n`);
  await deps.records.writeArtifact(id, 'summary.json', `${JSON.stringify(summary, null, 2)}\n`);
  return { rows: selected.length, ...(note ? { note } : {}) };
}
