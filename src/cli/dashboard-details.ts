import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkflowExecutionInfo } from '@temporalio/client';
import { itemCells } from '../activities/context';
import type { Config } from '../config';
import type { Manifest } from '../core/campaign/manifest';
import { outcomeLabel, type Outcome } from '../core/outcome';
import { cellId } from '../core/trace';
import type { StepView } from '../workflows/messages';
import type { CampaignFolder } from './campaign-folder';
import type { DashboardDetails } from './dashboard';
import type { Temporal } from './temporal';

/** Items that are asked where they are: each answer costs a worker a moment, so only a sample is. */
const RUNNING_SHOWN = 6;
const ENDED_SHOWN = 5;
const ASK_MS = 1_000;

/**
 * Everything but the campaign's own answer: from Temporal which items run and ended, from this machine's folder the rows
 * per cell, from the worker's metrics how its gates stand. What cannot be had is left out; a dashboard never fails.
 */
export async function readDetails(input: { temporal: Temporal; config: Config; folder: CampaignFolder }): Promise<DashboardDetails> {
  const { temporal, config, folder } = input;
  const manifest = await folder.manifest().catch(() => undefined);
  const [running, ended, gates, cells] = await Promise.all([
    orNone(newest(temporal, folder.id, "ExecutionStatus = 'Running'", RUNNING_SHOWN).then((items) => Promise.all(items.map((item) => whereIs(temporal, item))))),
    orNone(newest(temporal, folder.id, "ExecutionStatus != 'Running'", ENDED_SHOWN).then((items) => Promise.all(items.map((item) => howEnded(folder, item))))),
    orNone(readGates(config)),
    manifest === undefined ? [] : orNone(readCells(folder, manifest)),
  ]);
  return { running, finished: ended, gates, cells };
}

const orNone = <T>(found: Promise<T[]>): Promise<T[]> => found.catch(() => []);

/** Temporal lists what closed last, or started last, first. */
async function newest(temporal: Temporal, id: string, standing: string, count: number): Promise<WorkflowExecutionInfo[]> {
  const found: WorkflowExecutionInfo[] = [];
  const query = `CampaignId = '${id}' AND WorkflowType IN ('trajectory', 'toolProbe') AND ${standing}`;
  for await (const item of temporal.client.workflow.list({ query, pageSize: count })) {
    found.push(item);
    if (found.length === count) break;
  }
  return found;
}

const nameOf = ({ workflowId }: WorkflowExecutionInfo): string => workflowId.split('/').at(-1) ?? workflowId;

async function whereIs(temporal: Temporal, item: WorkflowExecutionInfo): Promise<DashboardDetails['running'][number]> {
  try {
    const view = await temporal.client.withDeadline(Date.now() + ASK_MS, () => temporal.client.workflow.getHandle(item.workflowId, item.runId).query<StepView>('step'));
    return { name: nameOf(item), stage: stageText(view), ...(view.blocked === undefined ? {} : { blocked: view.blocked }) };
  } catch {
    return { name: nameOf(item), stage: '' };
  }
}

/** Turns and steps are counted from 1 for people. */
export function stageText({ stage, turn, step, attempt, paused }: StepView): string {
  const at = attempt === 0 ? '' : `  turn ${turn + 1}, step ${step + 1}, attempt ${attempt}`;
  return `${stage}${at}${paused ? '  paused' : ''}`;
}

async function howEnded(folder: CampaignFolder, item: WorkflowExecutionInfo): Promise<DashboardDetails['finished'][number]> {
  const name = nameOf(item);
  const line = (await folder.records.read(folder.id, name)).find((candidate) => candidate.kind === 'outcome');
  const value = line?.value as { outcome?: Outcome; failed?: boolean } | undefined;
  if (value?.outcome) return { name, outcome: outcomeLabel(value.outcome) };
  return { name, outcome: value?.failed === undefined ? item.status.name.toLowerCase() : value.failed ? 'failed by the targets' : 'solved by the targets' };
}

/** Rows on disk; equal calls in two rows take one place in the dataset, so these may be a few more than it will hold. */
async function readCells(folder: CampaignFolder, manifest: Manifest): Promise<DashboardDetails['cells'][number][]> {
  const names = await readdir(join(folder.path, 'rows')).catch(() => []);
  const cellOf = itemCells(manifest);
  const rows = new Map<string, number>();
  for (const name of names.filter((file) => file.endsWith('.json'))) {
    const cell = cellOf[Number(name.slice(2, -'.json'.length))];
    if (cell !== undefined) rows.set(cell, (rows.get(cell) ?? 0) + 1);
  }
  return manifest.plan.filter(({ quota }) => quota > 0).map(({ cell, quota }) => ({ cell: cellId(cell), rows: rows.get(cellId(cell)) ?? 0, quota }));
}

/** From the worker on this machine that serves metrics; HARDGEN_METRICS_PORT says where. */
async function readGates({ metricsPort }: Config): Promise<DashboardDetails['gates'][number][]> {
  if (metricsPort === undefined) return [];
  const response = await fetch(`http://127.0.0.1:${metricsPort}/metrics`, { signal: AbortSignal.timeout(ASK_MS) });
  return parseGates(await response.text());
}

export function parseGates(page: string): DashboardDetails['gates'][number][] {
  const gates = new Map<string, { inFlight: number; allowed: number; waiting: number }>();
  for (const [, gauge = '', endpoint = '', value] of page.matchAll(/^hardgen_gate_(in_flight|allowed|waiting)\{.*?endpoint="([^"]*)".*?\} (\S+)$/gm)) {
    const gate = gates.get(endpoint) ?? { inFlight: 0, allowed: 0, waiting: 0 };
    gates.set(endpoint, { ...gate, [gauge === 'in_flight' ? 'inFlight' : gauge]: Number(value) });
  }
  return [...gates].map(([endpoint, gate]) => ({ endpoint, ...gate }));
}
