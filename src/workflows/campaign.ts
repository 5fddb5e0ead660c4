import { CancellationScope, ParentClosePolicy, allHandlersFinished, condition, getExternalWorkflowHandle, isCancellation, patched, setHandler, startChild, upsertSearchAttributes, workflowInfo, type ExternalWorkflowHandle } from '@temporalio/workflow';
import { addResult, changeBudget, complainAbout, NO_TALLY, raiseCommand, type Budget, type Cost, type Limit } from '../core/campaign/budget';
import { cellsOf, type CampaignInput, type PlanWithCells } from '../core/campaign/manifest';
import { applyResult, openStandings, sumUp } from '../core/campaign/standing';
import { addSpend, costReport, countByWorld, NO_SPEND, type ItemResult, type Phase, type Progress, type Spend } from '../core/campaign/progress';
import { operatorReason } from './control';
import { itemBlocked, pause, progress, resume, set, shardReport, steer, stop } from './messages';
import { local, long, quick } from './proxies';
import { CAMPAIGN_ID } from './search-attributes';
import { aboutSettings, shard, type ShardInput } from './shard';

/**
 * Largest shard: about nine history events per item stay below the point where Temporal suggests to continue as new (10,240).
 * The next one begins when the last item of this one has ended, so fewer and larger ones keep more places at the models busy.
 */
const SHARD_SIZE = 1_000;
/** Of campaigns that an earlier version began. */
const SMALL_SHARD_SIZE = 300;

/**
 * A campaign from a file to a dataset: explore, self-evaluate, then generate until every quota is met or the items end.
 * The workflow's id is the campaign's id. A stop leads to the same end, with the rows there are.
 */
export async function campaign(input: CampaignInput): Promise<Progress> {
  const state = startState(input);
  handleMessages(state);
  upsertSearchAttributes([{ key: CAMPAIGN_ID, value: state.id }]);
  try {
    await state.work.run(() => generate(state, input));
  } catch (error) {
    if (state.stopping === undefined || !isCancellation(error)) throw error;
  }
  await finish(state);
  await condition(allHandlersFinished);
  return view(state);
}

/** Everything before the dataset is put together; returns early when a stop or an empty failure set ends it. */
async function generate(state: CampaignState, input: CampaignInput): Promise<void> {
  const plan = await attempt(state, () => local.prepareCampaign({ id: state.id, input }));
  state.plan = plan;
  if (state.stopping) return;

  state.phase = 'explore';
  await Promise.all(plan.worlds.map((world) => attempt(state, () => long.exploreWorld({ campaign: state.id, world }))));
  await attempt(state, () => local.openGraph({ campaign: state.id }));

  state.phase = 'self-evaluate';
  await runShards(state, plan, 'probe', plan.probes);
  await tryFailedProbesAgain(state, plan);
  if (state.stopping) return;
  const failureSet = await attempt(state, () => local.closeFailureSet({ campaign: state.id }));
  state.failureTools = failureSet.size;
  if (failureSet.size === 0) state.emptySetAdvice = failureSet.advice;
  if (state.stopping || failureSet.size === 0) return;

  state.phase = 'generate';
  await runShards(state, plan, 'trajectory', plan.maxItems);
}

/** The dataset of what was verified; nothing at all when a stop came before the manifest was written. */
async function finish(state: CampaignState): Promise<void> {
  const stopped = state.stopping !== undefined || state.emptySetAdvice !== undefined;
  state.phase = 'finish';
  if (state.stopping !== undefined) await letRequestsLeave(state);
  if (stopped) state.phase = 'stopped';
  if (state.emptySetAdvice !== undefined) state.note = state.emptySetAdvice;
  else if (stopped) state.note = 'stopped by an operator';
  if (state.plan) {
    const handed = await handOver(state);
    const dataset = await attempt(state, () => local.finishCampaign({ campaign: state.id, progress: view(state), ...handed }));
    state.rows = dataset.rows;
    if (dataset.note) state.note = dataset.note;
  }
  if (!stopped) state.phase = 'done';
}

/** Results that one payload takes: some 250 bytes each, and a payload of more than 2 MB fails the campaign. */
const RESULTS_AT_ONCE = 2_000;

/** A long list goes ahead in parts. */
async function handOver(state: CampaignState): Promise<{ results: ItemResult[]; parts?: number }> {
  const results = resultsOf(state, 'trajectory');
  if (results.length <= RESULTS_AT_ONCE || !patched('results-in-parts')) return { results };
  const parts = Math.ceil(results.length / RESULTS_AT_ONCE);
  for (let part = 0; part < parts; part++) {
    await attempt(state, () => local.keepResults({ campaign: state.id, part, results: results.slice(part * RESULTS_AT_ONCE, (part + 1) * RESULTS_AT_ONCE) }));
  }
  return { results: [], parts };
}

interface CampaignState {
  id: string;
  phase: Phase;
  plan?: PlanWithCells;
  /** Results by kind and item; a report may repeat one, so they are keyed. */
  results: { probe: Map<number, ItemResult>; trajectory: Map<number, ItemResult> };
  running: Map<string, number>;
  shards: Set<string>;
  blocked: Map<number, string>;
  paused: boolean;
  pausedBy: NonNullable<Progress['pausedBy']>;
  resumes: number;
  /** Orders so far: tells whether a shard was started with all of them. */
  orders: number;
  /** From the file, `undefined` where that says nothing or by an order. */
  window: number;
  budget: Budget;
  stopping?: 'cancel' | 'finish';
  /** All work before the dataset; a stop cancels it where no shard can end it more gently. */
  work: CancellationScope;
  /** The last of the publications in order. */
  published: Promise<void>;
  failureTools: number;
  emptySetAdvice?: string;
  rows?: number;
  note?: string;
}

/** The input is checked by the first activity, so nothing is taken for granted here. */
function startState(input: CampaignInput | undefined): CampaignState {
  return {
    id: workflowInfo().workflowId, phase: 'prepare', results: { probe: new Map(), trajectory: new Map() }, running: new Map(), shards: new Set(),
    blocked: new Map(), paused: false, pausedBy: 'operator', resumes: 0, orders: 0, window: input?.campaign?.window ?? 0, budget: { ...input?.campaign?.budget }, work: new CancellationScope(), published: Promise.resolve(), failureTools: 0,
  };
}

function handleMessages(state: CampaignState): void {
  setHandler(pause, (input) => hold(state, 'operator', input?.reason ?? 'paused by an operator; `resume` goes on'));
  setHandler(resume, async () => {
    if (state.stopping !== 'cancel' || isEnding(state)) await goOn(state);
  });
  setHandler(itemBlocked, async ({ item, reason, epoch, limit }) => {
    // It tried before the last resume, which has reached it or will.
    if (epoch < state.resumes || state.stopping === 'cancel') return;
    if (limit === undefined) state.blocked.set(item, reason);
    // The first one trips the breaker: a wrong key must not fail thousands of items one by one.
    if (!state.paused) await hold(state, limit === undefined ? 'item' : 'budget', limit === undefined ? reason : budgetNote(state, limit, reason));
  });
  setHandler(stop, (order) => endEarly(state, order?.finish === true ? 'finish' : 'cancel'));
  setHandler(set, async (order) => {
    const complaint = complainAbout(order);
    if (complaint !== undefined) return void (state.note = complaint);
    state.window = order.window ?? state.window;
    state.budget = changeBudget(state.budget, order.budget);
    state.orders += 1;
    await publish(state);
    await tellShards(state, (child) => child.signal(steer, { window: state.window, budget: state.budget }));
    if (order.budget !== undefined && state.paused && state.pausedBy === 'budget') await goOn(state);
  });
  setHandler(shardReport, ({ shard: id, results, running }) => {
    state.running.set(id, running);
    keep(state, state.phase === 'self-evaluate' ? 'probe' : 'trajectory', results);
  });
  setHandler(progress, () => view(state));
}

function markPaused(state: CampaignState, by: CampaignState['pausedBy'], note: string): void {
  state.paused = true;
  state.pausedBy = by;
  state.note = note;
  state.orders += 1;
}

async function hold(state: CampaignState, by: CampaignState['pausedBy'], note: string): Promise<void> {
  markPaused(state, by, note);
  await Promise.all([publish(state), tellShards(state, (child) => child.signal(pause, { epoch: state.resumes }))]);
}

/** First the requests that wait at the gate, then the items: one that was refused there is told to go on after that. */
async function goOn(state: CampaignState): Promise<void> {
  state.paused = false;
  state.resumes += 1;
  state.orders += 1;
  state.blocked.clear();
  delete state.note;
  const epoch = state.resumes;
  await publish(state);
  // Another pause came before this was written; the next resume reaches them all.
  if (state.paused && patched('resume-overtaken')) return;
  await tellShards(state, (child) => child.signal(resume, { epoch }));
}

const isEnding = ({ phase }: CampaignState): boolean => phase === 'finish' || phase === 'stopped' || phase === 'done';

const spentOf = (state: CampaignState): Cost => [...state.results.probe.values(), ...state.results.trajectory.values()].reduce(addResult, NO_TALLY).spent;

const budgetNote = (state: CampaignState, limit: Limit, reason: string): string =>
  `${reason}; ${verifiedOf(state)} verified; \`${raiseCommand(state.id, state.budget, limit, spentOf(state))}\` goes on`;

async function endEarly(state: CampaignState, how: 'cancel' | 'finish'): Promise<void> {
  // Nothing is left to stop; a pause would only keep the dataset from being written.
  if (isEnding(state)) return state.paused ? goOn(state) : undefined;
  if (state.stopping === 'cancel') return;
  state.stopping = how;
  state.orders += 1;
  if (how === 'finish') {
    if (state.paused) await goOn(state);
    return tellShards(state, (child) => child.signal(stop, { finish: true }));
  }
  // What waits at the gate must not leave while the cancellations are on their way.
  state.paused = true;
  state.blocked.clear();
  if (state.shards.size === 0) state.work.cancel();
  await Promise.all([publish(state), tellShards(state, (child) => child.signal(stop, {}))]);
}

async function letRequestsLeave(state: CampaignState): Promise<void> {
  state.paused = false;
  await publish(state);
}

/** A shard that ends in the same moment needs no telling. */
async function tellShards(state: CampaignState, signal: (shard: ExternalWorkflowHandle) => Promise<void>): Promise<void> {
  await Promise.all([...state.shards].map((id) => signal(getExternalWorkflowHandle(id)).catch(() => undefined)));
}

/** Pause and budget as they are now, for workers: requests that wait at the gate go by it. */
async function publish(state: CampaignState): Promise<void> {
  if (!patched('published-control')) return;
  // One after the other, each with what holds by then: a pause that is written late must not undo a resume.
  state.published = state.published.then(() => writeControl(state)).catch((error) => writeLater(state, error));
  await state.published;
}

const writeControl = (state: CampaignState): Promise<void> => quick.publishControl({ campaign: state.id, paused: state.paused, budget: state.budget });

/** Half an hour of them; each leaves six events in the history, which bounds how many there may be. */
const MANY_TRIES = 30;

/**
 * Repeated until it is written (a full disk): at once after every order, by itself within a minute after the trouble is over, of a long one within an hour.
 * A pause reaches the items by signal meanwhile; a resume is taken back, since workers could not read of it.
 */
async function writeLater(state: CampaignState, first: unknown): Promise<void> {
  // Earlier versions gave it up.
  if (isCancellation(first) || !patched('published-until-written')) return;
  let said: string | undefined;
  for (let tries = 1, error = first; ; tries++) {
    const reason: string = operatorReason(error)?.reason ?? String(error);
    if (!state.paused && !isEnding(state)) {
      markPaused(state, 'item', reason);
      void tellShards(state, (child) => child.signal(pause, { epoch: state.resumes }));
    }
    state.note ??= said = reason;
    const seen = state.orders;
    await condition(() => state.orders > seen, Math.min(1_000 * 2 ** tries, tries < MANY_TRIES ? 60_000 : 3_600_000));
    try {
      await writeControl(state);
      if (said !== undefined && state.note === said) delete state.note;
      return;
    } catch (again) {
      if (isCancellation(again)) return;
      error = again;
    }
  }
}

function keep(state: CampaignState, kind: 'probe' | 'trajectory', results: readonly ItemResult[]): void {
  for (const result of results) state.results[kind].set(result.item, result);
}

const resultsOf = (state: CampaignState, kind: 'probe' | 'trajectory'): ItemResult[] => [...state.results[kind].values()].sort((a, b) => a.item - b.item);
const verifiedOf = (state: CampaignState): number => resultsOf(state, 'trajectory').filter(({ outcome }) => outcome.kind === 'verified').length;

/** Parks the campaign itself when one of its own activities needs an operator. */
async function attempt<T>(state: CampaignState, run: () => Promise<T>): Promise<T> {
  for (;;) {
    if (state.paused) await condition(() => !state.paused);
    const seen = state.resumes;
    try {
      return await run();
    } catch (error) {
      const blocked = operatorReason(error);
      if (blocked === undefined) throw error;
      if (state.resumes > seen) continue;
      state.paused = true;
      state.pausedBy = 'item';
      state.note = blocked.reason;
      await condition(() => state.resumes > seen);
    }
  }
}

async function runShards(state: CampaignState, plan: PlanWithCells, kind: 'probe' | 'trajectory', items: number): Promise<void> {
  const size = patched('larger-shards') ? SHARD_SIZE : SMALL_SHARD_SIZE;
  for (let from = 0; from < items && state.stopping === undefined; from += size) {
    await runShard(state, plan, { name: `${kind === 'probe' ? 'ps' : 'ts'}-${String(from / size).padStart(4, '0')}`, kind, from, to: Math.min(from + size, items) });
  }
}

/**
 * A probe that failed by no verdict says nothing of its tool, and T would be another one without it: an operator is asked
 * first, and `resume` tries these probes once more. What fails again is left out.
 */
async function tryFailedProbesAgain(state: CampaignState, plan: PlanWithCells): Promise<void> {
  const failed = resultsOf(state, 'probe').flatMap(({ item, outcome }) => (outcome.kind === 'failed' ? [{ item, reason: outcome.reason }] : []));
  const [first] = failed;
  if (first === undefined || state.stopping !== undefined || !patched('failed-probes-again')) return;
  const seen = state.resumes;
  await hold(state, 'item', `${failed.length} of ${plan.probes} probes failed, so nothing is known of their tools: ${first.reason.slice(0, 600)}; put it right at the endpoint, then \`npx hardgen campaign resume ${state.id}\` tries them once more. ${aboutSettings(state.id)}`);
  await condition(() => state.resumes > seen || state.stopping !== undefined);
  if (state.stopping !== undefined) return;
  await runShard(state, plan, { name: 'ps-again', kind: 'probe', from: 0, to: plan.probes, only: failed.map(({ item }) => item) });
}

async function runShard(state: CampaignState, plan: PlanWithCells, { name, ...span }: Span & { name: string }): Promise<void> {
  const workflowId = `${state.id}/${name}`;
  state.shards.add(workflowId);
  const orders = state.orders;
  const child = await startChild(shard, {
    workflowId,
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    typedSearchAttributes: [{ key: CAMPAIGN_ID, value: state.id }],
    args: [{ ...soFar(state, plan, span), epoch: state.resumes, paused: state.paused, window: state.window || plan.window, budget: state.budget }],
  });
  // What was ordered while it was being started may not have reached it.
  if (state.orders > orders && patched('orders-reach-a-new-shard')) await repeatOrders(state, getExternalWorkflowHandle(workflowId));
  await child.result();
  state.shards.delete(workflowId);
  state.running.delete(workflowId);
}

type Span = Pick<ShardInput, 'kind' | 'from' | 'to' | 'only'>;

/** Harmless when it had heard them. */
async function repeatOrders(state: CampaignState, child: ExternalWorkflowHandle): Promise<void> {
  const orders = [
    child.signal(steer, { window: state.window, budget: state.budget }),
    state.paused ? child.signal(pause, { epoch: state.resumes }) : child.signal(resume, { epoch: state.resumes }),
    ...(state.stopping === undefined ? [] : [child.signal(stop, { finish: state.stopping === 'finish' })]),
  ];
  await Promise.all(orders.map((order) => order.catch(() => undefined)));
}

/** A shard's items, and what came before them, in a few numbers: the whole list would break every limit on payloads within 10,000 items. */
function soFar(state: CampaignState, plan: PlanWithCells, span: Span): Omit<ShardInput, 'epoch' | 'paused' | 'window' | 'budget'> {
  const { cells: _names, cellOf: _places, ...alone } = plan;
  const results = resultsOf(state, 'trajectory');
  const tally = results.reduce(addResult, NO_TALLY);
  const { spent } = resultsOf(state, 'probe').reduce(addResult, tally);
  if (span.kind === 'probe') return { plan: alone, ...span, cells: [], earlier: [], spent };
  const upTo = Math.floor(span.from / plan.round) * plan.round;
  const standings = openStandings(cellsOf(plan, 0, upTo));
  for (const result of results) if (result.item < upTo) applyResult(standings, result);
  return {
    plan: alone, ...span, below: sumUp(plan.quotas, standings), cells: cellsOf(plan, upTo, span.to),
    earlier: results.filter(({ item }) => item >= upTo), tally: tally.whole, spent,
  };
}

function view(state: CampaignState): Progress {
  const probes = resultsOf(state, 'probe');
  const items = resultsOf(state, 'trajectory');
  const spend = [...probes, ...items].reduce<Spend>((sum, result) => addSpend(sum, result.spend), NO_SPEND);
  const verified = state.rows ?? verifiedOf(state);
  const rejected: { [reason: string]: number } = {};
  for (const { outcome } of items) if (outcome.kind === 'rejected') rejected[outcome.reason] = (rejected[outcome.reason] ?? 0) + 1;
  const reached = (reasons: readonly string[]): number => items.filter(({ outcome }) => outcome.kind === 'rejected' && reasons.includes(outcome.reason)).length;
  // What ended by infrastructure or by an operator says nothing about traces and queries.
  const judged = items.filter(({ outcome }) => outcome.kind === 'verified' || outcome.kind === 'rejected').length;
  const traces = judged - reached(['shape', 'unreachable']);
  return {
    id: state.id,
    phase: state.phase,
    verified: verified,
    target: state.plan?.quotas.reduce((sum, entry) => sum + entry.quota, 0) ?? 0,
    rejected,
    blocked: state.blocked.size,
    failed: [...probes, ...items].filter((result) => result.outcome.kind === 'failed').length,
    running: [...state.running.values()].reduce((sum, count) => sum + count, 0),
    calls: { accepted: spend.accepted, attempts: spend.attempts },
    tokens: { input: spend.inputTokens, output: spend.outputTokens },
    costUsd: spend.costMicroUsd / 1e6,
    ...(spend.malformed === undefined ? {} : { malformed: spend.malformed }),
    ...(spend.reused === undefined ? {} : { reused: spend.reused }),
    paused: state.paused,
    ...(state.paused ? { pausedBy: state.pausedBy } : {}),
    window: state.window || (state.plan?.window ?? 0),
    budget: state.budget,
    cost: costReport({ probes, items, rows: verified }),
    worlds: countByWorld(items, state.plan === undefined ? [] : cellsOf(state.plan)),
    ...(state.note === undefined ? {} : { note: state.note }),
    funnel: {
      tools: state.plan?.probes ?? 0,
      probed: probes.length,
      failureTools: state.failureTools,
      brokenProbes: probes.filter((result) => result.probe?.broken !== undefined).length,
      traces,
      queries: traces - reached(['advanced-tool', 'query']),
      verified: verified,
    },
  };
}
