import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createContexts, MANIFEST_FILE, itemCells, type CampaignContext } from '../activities/context';
import type { Deps } from '../activities/deps';
import { historyFile } from '../activities/finish';
import { decisionOf } from '../activities/item-state';
import { signatureOf, type SpecLine } from '../activities/sample';
import { parseRecord } from '../clients/record-store';
import type { Config } from '../config';
import type { Manifest } from '../core/campaign/manifest';
import { applyResult, openStandings } from '../core/campaign/standing';
import { addSpend, NO_SPEND, type ItemResult, type Progress, type Spend } from '../core/campaign/progress';
import { cappedShares, withinSimulatedShare } from '../core/campaign/world-shares';
import { recordName, workflowIdOf, type ItemRef } from '../core/campaign/refs';
import { FORMATS } from '../core/dataset/formats';
import { datasetFiles } from '../core/dataset/files';
import type { Receipt } from '../core/dataset/receipt';
import type { NamedRow } from '../core/dataset/row';
import { jsonEqual, type Json } from '../core/json';
import { outcomeLabel } from '../core/outcome';
import { planCells } from '../core/sample/cells';
import { selectDataset } from '../core/sample/selection';
import { sha256 } from '../digest';
import { CURE, cut, type Finding } from './finding';
import { replayFailures, type History } from './history';
import { auditItem, resultOf, spendText, type ItemAudit } from './item';
import { offlineDeps } from './offline';

export interface AuditReport {
  campaign: string;
  /** Items whose record was read: probes and trajectories. */
  items: number;
  verified: number;
  calls: number;
  histories: number;
  rows: number;
  /** Files of exports that were compared. */
  files: number;
  /** Lines that a crash cut off; no finding. */
  torn: number;
  /** Replies taken over from campaigns whose folder is not in this home; no finding. */
  notFollowed: { campaign: string; replies: number }[];
  findings: Finding[];
}

/** One stored row of `rows/`. */
interface StoredRow {
  row: NamedRow;
  receipt: Receipt;
}

export interface AuditInput {
  config: Config;
  campaign: string;
  /** One item only, `t-00003`; all of them when left out. */
  item?: string;
  onProgress?: (done: number, total: number, what: string) => void;
}

/** Items derived side by side: one world is a process that waits, and files are read meanwhile. */
const AT_ONCE = 8;

/**
 * Audits a campaign, or one item of it, from its folder and its worlds alone: no Temporal, Neo4j or model is asked.
 * Rejects when the campaign has no manifest or a world cannot be opened.
 */
export async function auditCampaign(input: AuditInput): Promise<AuditReport> {
  const { config, campaign } = input;
  const folder = join(config.home, 'campaigns', campaign);
  const deps = offlineDeps(config);
  const contexts = createContexts(deps);
  try {
    const context = await contexts.of(campaign);
    const ended = existsSync(join(folder, 'summary.json'));
    const refs = itemsOf(folder, context.manifest, await allProbed(folder, context.manifest)).filter((ref) => input.item === undefined || recordName(ref) === input.item);
    const manifest = await auditManifest(folder, campaign, context);
    const audits = await auditItems({ deps, context, folder, refs, ended, onProgress: input.onProgress });
    const findings = [...manifest, ...audits.flatMap((audit) => audit.findings), ...(await auditReplays(audits, input.onProgress))];
    const whole = input.item === undefined ? await auditWhole({ folder, manifest: context.manifest, audits, ended }) : { findings: [], files: 0 };
    return {
      campaign, items: audits.length, torn: sum(audits, (audit) => audit.torn), calls: sum(audits, (audit) => audit.calls), files: whole.files,
      verified: audits.filter((audit) => audit.outcome?.kind === 'verified').length,
      histories: audits.filter((audit) => audit.history).length, rows: audits.filter((audit) => audit.row !== undefined).length,
      notFollowed: countOf(audits.flatMap((audit) => audit.notFollowed)), findings: [...findings, ...whole.findings],
    };
  } finally {
    await contexts.close();
  }
}

const sum = (audits: readonly ItemAudit[], of: (audit: ItemAudit) => number): number => audits.reduce((total, audit) => total + of(audit), 0);

function countOf(campaigns: readonly string[]): AuditReport['notFollowed'] {
  return [...new Set(campaigns)].sort().map((campaign) => ({ campaign, replies: campaigns.filter((other) => other === campaign).length }));
}

/** Every item that anything is kept of, and every probe of the manifest once all of them have ended. */
function itemsOf(folder: string, manifest: Manifest, allProbed: boolean): ItemRef[] {
  const names = new Set([
    ...(allProbed ? manifest.probes.map((_tool, item) => recordName({ campaign: manifest.id, purpose: 'probe', item })) : []),
    ...namesIn(join(folder, 'records'), '.jsonl'), ...namesIn(join(folder, 'histories'), '.json.gz'), ...namesIn(join(folder, 'rows'), '.json'),
  ]);
  return [...names].flatMap((name): ItemRef[] => {
    const found = /^([tp])-(\d{5,})$/.exec(name);
    return found && !isOnlySampled(folder, name) ? [{ campaign: manifest.id, purpose: found[1] === 'p' ? 'probe' : 'trajectory', item: Number(found[2]) }] : [];
  }).sort((a, b) => a.purpose.localeCompare(b.purpose) || a.item - b.item);
}

/** A campaign that was stopped early has probes that were never begun. */
async function allProbed(folder: string, { probes }: Manifest): Promise<boolean> {
  const summary = await readJson<Progress>(join(folder, 'summary.json'));
  return summary !== undefined && summary.funnel.probed >= probes.length;
}

/** A round samples all of its items when it closes, also those that are never begun because the quotas are full. */
function isOnlySampled(folder: string, name: string): boolean {
  const record = join(folder, 'records', `${name}.jsonl`);
  if (!existsSync(record) || existsSync(join(folder, 'histories', `${name}.json.gz`)) || existsSync(join(folder, 'rows', `${name}.json`))) return false;
  return parseRecord(readFileSync(record, 'utf8')).every((line) => line.kind === 'spec');
}

const namesIn = (folder: string, ending: string): string[] =>
  (existsSync(folder) ? readdirSync(folder) : []).flatMap((name) => (name.endsWith(ending) ? [name.slice(0, -ending.length)] : []));

/** What the whole campaign rests on: its prompts, its plan, its worlds. */
async function auditManifest(folder: string, campaign: string, context: CampaignContext): Promise<Finding[]> {
  const { manifest, replayer } = context;
  const where = { file: MANIFEST_FILE, cure: CURE.manifest };
  const prompts = await Promise.all(Object.entries(manifest.prompts).map(async ([name, hash]): Promise<Finding[]> => {
    const file = `prompts/${name}.md`;
    const text = await readFile(join(folder, file), 'utf8').catch(() => '');
    return sha256(text) === hash ? [] : [{ file, expected: `the prompt with sha256 ${hash.slice(0, 12)} (manifest)`, got: sha256(text).slice(0, 12), cure: CURE.manifest }];
  }));
  const { target, shape } = manifest.campaign;
  const plan = planCells({ worlds: cappedShares(manifest.campaign).map((share, index) => ({ id: manifest.worlds[index]?.id ?? '', share })), verified: target.verified, calls: shape.calls, turns: shape.turns });
  const changed = manifest.worlds.filter((world) => replayer.world(world.id).doc.version !== world.version);
  return [
    ...prompts.flat(),
    ...(manifest.id === campaign ? [] : [{ ...where, at: 'id', expected: campaign, got: `${manifest.id}: the manifest of another campaign` }]),
    ...(jsonEqual(plan as unknown as Json, manifest.plan as unknown as Json) ? [] : [{ ...where, at: 'plan', expected: 'the quotas that follow from target and shape', got: 'others' }]),
    ...changed.map((world) => ({ ...where, at: 'worlds', expected: `world ${world.id} in version ${world.version}`, got: replayer.world(world.id).doc.version, cure: 'run the audit with the tools that the campaign was made with' })),
  ];
}

async function auditItems(input: { deps: Deps; context: CampaignContext; folder: string; refs: readonly ItemRef[]; ended: boolean; onProgress: AuditInput['onProgress'] }): Promise<ItemAudit[]> {
  const audits: ItemAudit[] = [];
  let next = 0;
  let done = 0;
  const lane = async (): Promise<void> => {
    for (let at = next++; at < input.refs.length; at = next++) {
      audits[at] = await auditItem({ ...input, ref: input.refs[at] as ItemRef });
      input.onProgress?.(++done, input.refs.length, 'items');
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return audits;
}

/** Histories that are of this campaign replay on this build's workflows, and those of one shard come from one run of it. */
async function auditReplays(audits: readonly ItemAudit[], onProgress: AuditInput['onProgress']): Promise<Finding[]> {
  const own = audits.filter((audit) => audit.history?.workflowId === workflowIdOf(audit.ref));
  let done = 0;
  const failures = await replayFailures(own.map((audit) => audit.history as History), () => onProgress?.(++done, own.length, 'histories'));
  return own.flatMap((audit) => {
    const where = { item: recordName(audit.ref), file: historyFile(audit.ref), cure: CURE.history };
    const failed = failures.get(workflowIdOf(audit.ref));
    const parent = audit.history?.parent;
    const usual = parent && usualRun(own, parent.workflowId);
    return [
      ...(failed === undefined ? [] : [{ ...where, expected: 'a history that replays on the workflows of this build', got: cut(failed), cure: 'a change of a workflow without patched(), or a changed file: restore the one or mend the other' }]),
      ...(parent && usual !== parent.runId ? [{ ...where, at: 'event 1', expected: `a child of run ${usual ?? ''} of ${parent.workflowId}`, got: `one of run ${parent.runId}: the history of another run` }] : []),
    ];
  });
}

/** The run of a shard that most of its items name. */
function usualRun(audits: readonly ItemAudit[], workflowId: string): string | undefined {
  const counts = new Map<string, number>();
  for (const { history } of audits) if (history?.parent?.workflowId === workflowId) counts.set(history.parent.runId, (counts.get(history.parent.runId) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** The campaign's own files against its items: results, selection, rows, exports, summary. */
async function auditWhole({ folder, manifest, audits, ended }: { folder: string; manifest: Manifest; audits: readonly ItemAudit[]; ended: boolean }): Promise<{ findings: Finding[]; files: number }> {
  if (!ended) return { findings: [], files: 0 };
  const items = audits.filter((audit) => audit.ref.purpose === 'trajectory');
  const results = await readJson<ItemResult[]>(join(folder, 'results.json'));
  const index = await readJson<{ items: number[] }>(join(folder, 'dataset/index.json'));
  const summary = await readJson<Progress>(join(folder, 'summary.json'));
  const selected = selectionOf(manifest, items);
  const exported = await auditExports({ folder, manifest, items, selected });
  return {
    files: exported.files,
    findings: [...auditResults({ results, items, stopped: summary?.phase === 'stopped' }), ...auditIndex(index?.items, selected, items), ...exported.findings, ...auditRounds(folder, manifest, items), ...auditSummary({ summary, results, selected, audits })],
  };
}

async function readJson<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

function auditResults({ results, items, stopped }: { results: readonly ItemResult[] | undefined; items: readonly ItemAudit[]; stopped: boolean }): Finding[] {
  const where = { file: 'results.json', cure: 'restore the file from a copy; the records say the same of every item' };
  if (!results) return [{ ...where, expected: 'the results of the campaign', got: 'no readable file' }];
  const byItem = new Map(items.map((audit) => [audit.ref.item, audit]));
  const missing = results.filter((result) => !byItem.has(result.item)).map((result): Finding => ({ ...where, at: `item ${result.item}`, expected: 'the record of an item that has ended', got: 'none', cure: CURE.record }));
  const unknown = items.filter((audit) => !results.some((result) => result.item === audit.ref.item)).map((audit): Finding => ({ ...where, item: recordName(audit.ref), expected: 'every item that has a record', got: 'not this one' }));
  const different = results.flatMap((result): Finding[] => {
    const audit = byItem.get(result.item);
    // A history that is not the item's own has been named already.
    const told = audit?.findings.length === 0 ? resultOf(audit) : undefined;
    return told && !jsonEqual(told as unknown as Json, (stopped ? asItSaw(result) : result) as unknown as Json) ? [{ ...where, at: `item ${result.item}`, expected: `${cut(told)} (its history)`, got: cut(result) }] : [];
  });
  return [...missing, ...unknown, ...different];
}

/**
 * A result as its item knew it. What cancelled an item only its shard knows: the item took itself for surplus, and after a
 * stop the shard says so instead, so that it enters no statistic.
 */
const asItSaw = (result: ItemResult): ItemResult =>
  result.outcome.kind === 'blocked' && result.outcome.reason === 'stopped by an operator' ? { ...result, outcome: { kind: 'rejected', reason: 'surplus' } } : result;

/** The dataset as the ended items make it. */
function selectionOf(manifest: Manifest, items: readonly ItemAudit[]): number[] {
  const cells = itemCells(manifest);
  const standings = openStandings(cells);
  for (const standing of standings) standing.open = false;
  for (const { ref, outcome, signature } of items) {
    if (outcome && ref.item < standings.length) applyResult(standings, { item: ref.item, outcome, signature, spend: NO_SPEND, attempts: [] });
  }
  return withinSimulatedShare(manifest, selectDataset(manifest.plan, standings), cells);
}

function auditIndex(index: readonly number[] | undefined, selected: readonly number[], items: readonly ItemAudit[]): Finding[] {
  const where = { file: 'dataset/index.json', cure: CURE.rebuild };
  if (!index) return [{ ...where, expected: `the ${selected.length} items of the dataset`, got: 'no readable file' }];
  const byItem = new Map(items.map((audit) => [audit.ref.item, audit]));
  const seen = new Map<string, number>();
  const doubled = index.flatMap((item): Finding[] => {
    const signature = byItem.get(item)?.signature ?? '';
    const first = seen.get(signature);
    if (first === undefined) seen.set(signature, item);
    return first === undefined || signature === '' ? [] : [{ ...where, at: `item ${item}`, expected: 'calls that no other row has', got: `those of item ${first}` }];
  });
  return [
    ...doubled,
    ...index.filter((item) => !selected.includes(item)).map((item) => ({ ...where, at: `item ${item}`, expected: 'only rows that are verified and selected', got: byItem.get(item)?.outcome === undefined ? 'an item without an end' : `one that is ${outcomeLabel(byItem.get(item)?.outcome ?? { kind: 'verified' })}` })),
    ...selected.filter((item) => !index.includes(item)).map((item) => ({ ...where, at: `item ${item}`, expected: 'every selected row', got: 'not this one' })),
  ];
}

/** Exports in the campaign's own folder, byte by byte. */
async function auditExports({ folder, manifest, items, selected }: { folder: string; manifest: Manifest; items: readonly ItemAudit[]; selected: readonly number[] }): Promise<{ findings: Finding[]; files: number }> {
  const rows = await Promise.all(selected.map(async (item) => rowOf(folder, items.find((audit) => audit.ref.item === item))));
  // A row that could not be derived has been named; what holds it cannot be told.
  if (rows.some((row) => row === undefined)) return { findings: [], files: 0 };
  const findings: Finding[] = [];
  let files = 0;
  for (const format of FORMATS.filter(({ name }) => existsSync(join(folder, 'dataset', name)))) {
    for (const { path, content } of datasetFiles({ name: manifest.campaign.name, stored: rows as StoredRow[], format })) {
      const file = `dataset/${format.name}/${path}`;
      const got = await readFile(join(folder, file), 'utf8').catch(() => undefined);
      files += 1;
      if (got !== content) findings.push({ file, ...lineOf(content, got), expected: `sha256 ${sha256(content).slice(0, 12)}`, got: got === undefined ? 'no file' : `sha256 ${sha256(got).slice(0, 12)}`, cure: CURE.export });
    }
  }
  return { findings, files };
}

/** A closed round names the calls of every trace that it sampled, in the items' order; later rounds sampled by that. */
function auditRounds(folder: string, { campaign }: Manifest, items: readonly ItemAudit[]): Finding[] {
  const files = namesIn(join(folder, 'rounds'), '.json').filter((name) => /^\d{4,}$/.test(name)).map(Number);
  const byItem = new Map(items.map((audit) => [audit.ref.item, audit]));
  return Array.from({ length: Math.max(-1, ...files) + 1 }, (_unused, round) => round).flatMap((round): Finding[] => {
    const name = `rounds/${String(round).padStart(4, '0')}.json`;
    const sampled = Array.from({ length: Math.min(campaign.round, campaign.target.maxItems - round * campaign.round) }, (_unused, offset) => round * campaign.round + offset);
    // A record that is not itself any more has been named already.
    if (sampled.some((item) => byItem.get(item)?.findings.some(({ file }) => file.startsWith('records/')))) return [];
    const expected = sampled.map((item) => byItem.get(item)?.signature ?? sampledSignature(folder, item)).filter((signature) => signature !== '');
    const got = roundSignatures(join(folder, name));
    if (got !== undefined && jsonEqual(got, expected)) return [];
    return [{ file: name, expected: `the calls of the ${expected.length} traces that items ${sampled[0]} to ${sampled.at(-1)} sampled`, got: got === undefined ? 'no readable file' : 'others', cure: 'restore the file from a copy; rows and records do not rest on it' }];
  });
}

function roundSignatures(file: string): string[] | undefined {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { signatures: string[] }).signatures.map((calls) => sha256(calls).slice(0, 16));
  } catch {
    return undefined;
  }
}

/** Of an item that was sampled with its round and never begun. */
function sampledSignature(folder: string, item: number): string {
  const record = join(folder, 'records', `${recordName({ campaign: '', purpose: 'trajectory', item })}.jsonl`);
  return existsSync(record) ? signatureOf(decisionOf<SpecLine>(parseRecord(readFileSync(record, 'utf8')), 'spec')) : '';
}

/** As derived; as stored where the record could not be read whole, so that an export is not blamed for it. */
async function rowOf(folder: string, audit: ItemAudit | undefined): Promise<StoredRow | undefined> {
  if (!audit) return undefined;
  if (audit.row !== undefined) return JSON.parse(audit.row) as StoredRow;
  return readJson<StoredRow>(join(folder, `rows/${recordName(audit.ref)}.json`));
}

/** The first line that differs. */
function lineOf(expected: string, got: string | undefined): { at?: string } {
  if (got === undefined) return {};
  const [a, b] = [expected.split('\n'), got.split('\n')];
  return { at: `line ${a.findIndex((line, index) => line !== b[index]) + 1 || a.length + 1}` };
}

function auditSummary({ summary, results, selected, audits }: { summary: Progress | undefined; results: readonly ItemResult[] | undefined; selected: readonly number[]; audits: readonly ItemAudit[] }): Finding[] {
  const where = { file: 'summary.json', cure: 'restore the file from a copy; rows and records do not rest on it' };
  if (!summary) return [{ ...where, expected: 'the summary of the campaign', got: 'no readable JSON' }];
  const rejected = (results ?? []).filter((result) => result.outcome.kind === 'rejected').length;
  const told = Object.values(summary.rejected).reduce((total, count) => total + count, 0);
  const paid = paidByAll(audits);
  const spent = spendText({ accepted: summary.calls.accepted, inputTokens: summary.tokens.input, outputTokens: summary.tokens.output, costMicroUsd: summary.costUsd * 1e6 });
  return [
    ...(summary.verified === selected.length ? [] : [{ ...where, at: 'verified', expected: String(selected.length), got: String(summary.verified) }]),
    ...(results === undefined || told === rejected ? [] : [{ ...where, at: 'rejected', expected: `${rejected} (results.json)`, got: String(told) }]),
    ...(paid === undefined || spendText(paid) === spent ? [] : [{ ...where, at: 'calls, tokens, costUsd', expected: `${spendText(paid)}, the sum of the records`, got: spent }]),
  ];
}

/** `undefined` where a record is damaged, which has been named, or a retry still goes on. */
function paidByAll(audits: readonly ItemAudit[]): Spend | undefined {
  const spends = audits.map((audit) => (audit.findings.some(({ file }) => file.startsWith('records/')) ? undefined : audit.paid));
  return spends.reduce<Spend | undefined>((sum, spend) => sum && spend && addSpend(sum, spend), NO_SPEND);
}
