import { ParentClosePolicy, allHandlersFinished, condition, executeChild, getExternalWorkflowHandle, setHandler, upsertSearchAttributes, workflowInfo, type ExternalWorkflowHandle } from '@temporalio/workflow';
import type { CampaignInput, CampaignPlan } from '../core/campaign/manifest';
import { addSpend, NO_SPEND, type ItemResult, type Phase, type Progress, type Spend } from '../core/campaign/progress';
import { operatorReason } from './control';
import { itemBlocked, pause, progress, resume, shardReport } from './messages';
import { local, long } from './proxies';
import { CAMPAIGN_ID } from './search-attributes';
import { shard } from './shard';

/** Largest shard: about nine history events per item stay below the point where Temporal suggests to continue as new. */
const SHARD_SIZE = 300;

/**
 * A campaign from a file to a dataset: explore, self-evaluate, then generate until every quota is met or the items end.
 * The workflow's id is the campaign's id.
 */
export async function campaign(input: CampaignInput): Promise<Progress> {
  const state = startState();
  handleMessages(state);
  upsertSearchAttributes([{ key: CAMPAIGN_ID, value: state.id }]);

  const plan = await attempt(state, () => local.prepareCampaign({ id: state.id, input }));
  state.plan = plan;

  state.phase = 'explore';
  await Promise.all(plan.worlds.map((world) => attempt(state, () => long.exploreWorld({ campaign: state.id, world }))));
  await attempt(state, () => local.openGraph({ campaign: state.id }));

  state.phase = 'self-evaluate';
  await runShards(state, plan, 'probe', plan.probes);
  const failureSet = await attempt(state, () => local.closeFailureSet({ campaign: state.id }));
  state.failureTools = failureSet.size;
  if (failureSet.size === 0) return stop(state, failureSet.advice);

  state.phase = 'generate';
  await runShards(state, plan, 'trajectory', plan.maxItems);

  state.phase = 'finish';
  const dataset = await attempt(state, () => local.finishCampaign({ campaign: state.id, progress: view(state), results: resultsOf(state, 'trajectory') }));
  state.rows = dataset.rows;
  if (dataset.note) state.note = dataset.note;
  state.phase = 'done';
  await condition(allHandlersFinished);
  return view(state);
}

interface CampaignState {
  id: string;
  phase: Phase;
  plan?: CampaignPlan;
  /** Results by kind and item; reports and shard results may repeat one, so they are keyed. */
  results: { probe: Map<number, ItemResult>; trajectory: Map<number, ItemResult> };
  running: Map<string, number>;
  shards: Set<string>;
  blocked: Map<number, string>;
  paused: boolean;
  resumes: number;
  failureTools: number;
  rows?: number;
  note?: string;
}

function startState(): CampaignState {
  return {
    id: workflowInfo().workflowId, phase: 'prepare', results: { probe: new Map(), trajectory: new Map() }, running: new Map(), shards: new Set(),
    blocked: new Map(), paused: false, resumes: 0, failureTools: 0,
  };
}

function handleMessages(state: CampaignState): void {
  const tellShards = async (signal: (shard: ExternalWorkflowHandle) => Promise<void>): Promise<void> => {
    // A shard that ends in the same moment needs no telling.
    await Promise.all([...state.shards].map((id) => signal(getExternalWorkflowHandle(id)).catch(() => undefined)));
  };
  const holdAll = async (note: string): Promise<void> => {
    state.paused = true;
    state.note = note;
    await tellShards((shard) => shard.signal(pause));
  };
  setHandler(pause, (input) => holdAll(input?.reason ?? 'paused by an operator; `resume` goes on'));
  setHandler(resume, async () => {
    state.paused = false;
    state.resumes += 1;
    state.blocked.clear();
    delete state.note;
    await tellShards((shard) => shard.signal(resume, { epoch: state.resumes }));
  });
  setHandler(itemBlocked, async ({ item, reason, epoch }) => {
    // It tried before the last resume, which has reached it or will.
    if (epoch < state.resumes) return;
    state.blocked.set(item, reason);
    // The first one trips the breaker: a wrong key must not fail thousands of items one by one.
    if (!state.paused) await holdAll(reason);
  });
  setHandler(shardReport, ({ shard: id, results, running }) => {
    state.running.set(id, running);
    keep(state, state.phase === 'self-evaluate' ? 'probe' : 'trajectory', results);
  });
  setHandler(progress, () => view(state));
}

function keep(state: CampaignState, kind: 'probe' | 'trajectory', results: readonly ItemResult[]): void {
  for (const result of results) state.results[kind].set(result.item, result);
}

const resultsOf = (state: CampaignState, kind: 'probe' | 'trajectory'): ItemResult[] => [...state.results[kind].values()].sort((a, b) => a.item - b.item);

/** Parks the campaign itself when one of its own activities needs an operator. */
async function attempt<T>(state: CampaignState, run: () => Promise<T>): Promise<T> {
  for (;;) {
    if (state.paused) await condition(() => !state.paused);
    const seen = state.resumes;
    try {
      return await run();
    } catch (error) {
      const reason = operatorReason(error);
      if (reason === undefined) throw error;
      if (state.resumes > seen) continue;
      state.paused = true;
      state.note = reason;
      await condition(() => state.resumes > seen);
    }
  }
}

async function runShards(state: CampaignState, plan: CampaignPlan, kind: 'probe' | 'trajectory', items: number): Promise<void> {
  for (let from = 0; from < items; from += SHARD_SIZE) {
    const workflowId = `${state.id}/${kind === 'probe' ? 'ps' : 'ts'}-${String(from / SHARD_SIZE).padStart(4, '0')}`;
    state.shards.add(workflowId);
    const results = await executeChild(shard, {
      workflowId,
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      typedSearchAttributes: [{ key: CAMPAIGN_ID, value: state.id }],
      args: [{ plan, kind, from, to: Math.min(from + SHARD_SIZE, items), earlier: kind === 'trajectory' ? resultsOf(state, kind) : [], epoch: state.resumes }],
    });
    state.shards.delete(workflowId);
    state.running.delete(workflowId);
    keep(state, kind, results);
  }
}

async function stop(state: CampaignState, note: string): Promise<Progress> {
  state.phase = 'stopped';
  state.note = note;
  await attempt(state, () => local.finishCampaign({ campaign: state.id, progress: view(state), results: [] }));
  await condition(allHandlersFinished);
  return view(state);
}

function view(state: CampaignState): Progress {
  const probes = resultsOf(state, 'probe');
  const items = resultsOf(state, 'trajectory');
  const spend = [...probes, ...items].reduce<Spend>((sum, result) => addSpend(sum, result.spend), NO_SPEND);
  const verified = items.filter((result) => result.outcome.kind === 'verified').length;
  const rejected: { [reason: string]: number } = {};
  for (const { outcome } of items) if (outcome.kind === 'rejected') rejected[outcome.reason] = (rejected[outcome.reason] ?? 0) + 1;
  const reached = (reasons: readonly string[]): number => items.filter(({ outcome }) => outcome.kind === 'rejected' && reasons.includes(outcome.reason)).length;
  const traces = items.length - reached(['shape', 'unreachable']);
  return {
    id: state.id,
    phase: state.phase,
    verified: state.rows ?? verified,
    target: state.plan?.quotas.reduce((sum, entry) => sum + entry.quota, 0) ?? 0,
    rejected,
    blocked: state.blocked.size,
    failed: [...probes, ...items].filter((result) => result.outcome.kind === 'failed').length,
    running: [...state.running.values()].reduce((sum, count) => sum + count, 0),
    calls: { accepted: spend.accepted, attempts: spend.attempts },
    tokens: { input: spend.inputTokens, output: spend.outputTokens },
    costUsd: spend.costMicroUsd / 1e6,
    paused: state.paused,
    ...(state.note === undefined ? {} : { note: state.note }),
    funnel: {
      tools: state.plan?.probes ?? 0,
      probed: probes.length,
      failureTools: state.failureTools,
      brokenProbes: probes.filter((result) => result.probe?.broken !== undefined).length,
      traces,
      queries: traces - reached(['advanced-tool', 'query']),
      verified: state.rows ?? verified,
    },
  };
}
