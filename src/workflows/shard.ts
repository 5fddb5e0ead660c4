import { ActivityFailure, CancellationScope, ChildWorkflowFailure, ParentClosePolicy, condition, getExternalWorkflowHandle, isCancellation, patched, setHandler, sleep, startChild, workflowInfo, type ExternalWorkflowHandle } from '@temporalio/workflow';
import type { RecordedEnd } from '../activities/finish';
import { addResult, breaksLimit, expectedCost, NO_COST, NO_TALLY, type Budget, type Cost, type CostTally, type Reached } from '../core/campaign/budget';
import { cellsOf, type CampaignPlan, type PlanWithCells } from '../core/campaign/manifest';
import { NO_SPEND, type ItemResult } from '../core/campaign/progress';
import { applyResult, nextItem, openStandings, surplusItems, type Choice, type EarlierItems, type Standings } from '../core/campaign/standing';
import type { Outcome } from '../core/outcome';
import { recordName, workflowIdOf, type ItemRef } from '../core/campaign/refs';
import { isBefore, isOvertaken, operatorReason, tellParent } from './control';
import { itemBlocked, pause, resume, shardReport, steer, stop } from './messages';
import { recordedEnd } from './phases';
import { local, long } from './proxies';
import { CAMPAIGN_ID, TRAJECTORY_OUTCOME } from './search-attributes';
import { tellItem } from './sinks';
import { toolProbe } from './tool-probe';
import { trajectory } from './trajectory';

export interface ShardInput {
  plan: CampaignPlan;
  kind: 'probe' | 'trajectory';
  /** Items [from, to); so few that one shard needs no continue-as-new. */
  from: number;
  to: number;
  /** Of these only some: probes that are tried once more. */
  only?: number[];
  /** What items of earlier rounds come to, and what those that ran to their own end cost; absent in shards of an earlier version. */
  below?: EarlierItems;
  tally?: CostTally['whole'];
  /** Cells of the items from `below.upTo` to `to`; shards of an earlier version have them all in `plan`. */
  cells?: string[];
  /** Results of earlier items that `below` does not hold: their rows count towards the same quotas. */
  earlier: ItemResult[];
  /** The campaign's resumes so far. */
  epoch: number;
  /** How the campaign is steered at the start; absent in shards of an earlier version, which had no limits. */
  paused?: boolean;
  window?: number;
  budget?: Budget;
  /** What all ended items of the campaign have cost before this shard. */
  spent?: Cost;
}

/** Histories are exported in batches, so that the shard's own history stays small. */
const EXPORT_BATCH = 50;

/**
 * Runs a list of items of one kind in a window. A failed item is a result, and a step of the shard's own that fails parks:
 * neither can fail it. Its reports hold every result, so it returns none: the campaign's history would hold each twice.
 */
export async function shard(input: ShardInput): Promise<void> {
  const state = startState(input);
  handleSignals(input, state);
  while (state.waiting.length > 0 || state.running.size > 0) {
    await condition(() => !state.paused || state.stopping);
    const item = !state.stopping && state.running.size < state.window ? choose(input, state) : undefined;
    const reached = item === undefined ? undefined : limitBefore(input, state);
    if (item !== undefined && reached !== undefined) {
      await waitForRoom(state, item, reached);
    } else if (item !== undefined && state.failedInARow.length >= FAILURES_THAT_PAUSE && patched('failures-pause')) {
      await pauseForFailures(input, state, item);
    } else if (item !== undefined) {
      if (input.kind === 'trajectory') await openRound(input, state, item);
      // What was ordered while a round was closed holds for this item too.
      if ((state.paused || state.stopping) && patched('orders-hold-after-a-round')) continue;
      start(input, state, item);
    } else if (state.running.size === 0) {
      break;
    } else {
      const seen = state.changes;
      await condition(() => state.changes > seen || (state.paused && !state.stopping));
    }
  }
  await Promise.all(state.exports);
  await exportFinished(input, state, 1);
  await report(state);
}

interface ShardState {
  waiting: number[];
  running: Map<number, { scope: CancellationScope; startedAt: number; pauses: number }>;
  results: ItemResult[];
  reported: number;
  /** Counts whatever may let an item start: ends, and orders from above. */
  changes: number;
  paused: boolean;
  /** The campaign's resumes before its last pause; -1 before the first. */
  pausedAt: number;
  pauses: number;
  stopping: boolean;
  /** A stop that cancels: nobody can resume what is parked any more. */
  cancelling: boolean;
  resumes: number;
  /** Items that a stop cut short, not a full cell. */
  cutShort: Set<number>;
  window: number;
  budget: Budget;
  tally: CostTally;
  /** Why the last items failed, as long as no item was judged between them. */
  failedInARow: string[];
  /** Time that ended items took, in ms, those left out that saw a pause. */
  took: { items: number; ms: number };
  epoch: number;
  standings: Standings;
  toExport: ItemRef[];
  exports: Promise<void>[];
  roundsClosed: number;
}

function startState({ plan, from, to, only, below, cells, tally, spent = NO_COST, earlier, epoch, paused = false, window = plan.window, budget = {} }: ShardInput): ShardState {
  const standings = openStandings(cells ?? cellsOf(plan as PlanWithCells), below?.upTo);
  for (const result of earlier) applyResult(standings, result);
  return {
    waiting: only ?? Array.from({ length: to - from }, (_unused, offset) => from + offset), failedInARow: [],
    running: new Map(), results: [], reported: 0, changes: 0, paused, pausedAt: -1, pauses: 0, stopping: false, cancelling: false, resumes: 0, cutShort: new Set(), window, budget, tally: { spent, whole: tally ?? earlier.reduce(addResult, NO_TALLY).whole }, took: { items: 0, ms: 0 }, epoch, standings, toExport: [], exports: [],
    // The round before the first item's may be open still; closing it closes those below it.
    roundsClosed: Math.max(0, Math.floor(from / plan.round) - 1),
  };
}

function handleSignals(input: ShardInput, state: ShardState): void {
  const tell = (signal: (child: ExternalWorkflowHandle) => Promise<void>): void => {
    for (const item of state.running.keys()) {
      // A child that ends in the same moment cannot be told any more; its result is on its way.
      void signal(getExternalWorkflowHandle(workflowIdOf(refOf(input, item)))).catch(() => undefined);
    }
  };
  setHandler(pause, (order) => {
    if (isOvertaken(order, state.epoch)) return;
    state.paused = true;
    state.pausedAt = Math.max(state.pausedAt, order?.epoch ?? -1);
    state.pauses += 1;
    tell((child) => child.signal(pause, order));
  });
  setHandler(resume, (order) => {
    if (!isBefore(order, state.pausedAt)) state.paused = false;
    state.resumes += 1;
    state.epoch = Math.max(state.epoch, order?.epoch ?? 0);
    state.changes += 1;
    tell((child) => child.signal(resume, order));
  });
  setHandler(steer, ({ window, budget }) => {
    state.window = window;
    state.budget = budget;
    state.changes += 1;
  });
  setHandler(stop, (order) => {
    state.stopping = true;
    state.changes += 1;
    if (order?.finish) return;
    state.cancelling = true;
    cutShort(state);
  });
  setHandler(itemBlocked, async (blocked) => {
    const parent = workflowInfo().parent;
    if (parent) await getExternalWorkflowHandle(parent.workflowId).signal(itemBlocked, blocked);
  });
}

function cutShort(state: ShardState): void {
  for (const [item, { scope }] of state.running) {
    if (!scope.consideredCancelled) state.cutShort.add(item);
    scope.cancel();
  }
}

/** The limit that one more item would break, by what items of its kind have cost so far (core/campaign/budget). */
function limitBefore(input: ShardInput, state: ShardState): Reached | undefined {
  const guess = input.plan.firstGuess?.[input.kind] ?? NO_COST;
  const { cost, measured } = expectedCost(state.tally, guess);
  return breaksLimit({
    budget: state.budget, spent: state.tally.spent, running: state.running.size,
    expected: cost, measured, typicalMs: state.took.items === 0 ? undefined : state.took.ms / state.took.items, now: Date.now(),
  });
}

/** Running items may cost less than expected; with none left only an operator can make room. */
async function waitForRoom(state: ShardState, item: number, { limit, says }: Reached): Promise<void> {
  const seen = state.changes;
  if (state.running.size === 0) {
    state.paused = true;
    await tellParent({ item, epoch: state.epoch, limit, reason: says });
  }
  await condition(() => state.changes > seen || state.stopping);
}

/** One item may fail by itself. When so many end so one after the other, the next would too, and would be paid for first. */
const FAILURES_THAT_PAUSE = 5;

async function pauseForFailures({ plan, kind }: ShardInput, state: ShardState, item: number): Promise<void> {
  const [last = ''] = state.failedInARow.splice(0).slice(-1);
  state.paused = true;
  const repair = kind === 'probe' ? 'what failed is tried once more after all others' : '`npx hardgen trajectory retry` repairs what failed when the campaign has ended';
  await tellParent({ item, epoch: state.epoch, reason: `${FAILURES_THAT_PAUSE} items failed one after the other: ${last.slice(0, 600)}; put it right at the endpoint, then \`npx hardgen campaign resume ${plan.id}\` (${repair}). ${aboutSettings(plan.id)}` });
}

/** What a model refuses of the file itself cannot be changed in a campaign that runs. */
export const aboutSettings = (id: string): string =>
  `Where a setting of the file is refused, stop this campaign and start the corrected file with \`reuse: [${id}]\`, which pays only for what the change touches`;

const refOf = (input: ShardInput, item: number): ItemRef => ({ campaign: input.plan.id, purpose: input.kind, item });

function choose(input: ShardInput, state: ShardState): number | undefined {
  if (input.kind === 'probe') return state.waiting[0];
  return nextItem({ ...choiceOf(input, state), waiting: state.waiting });
}

const choiceOf = ({ plan, below }: ShardInput, { standings, running }: ShardState): Choice =>
  ({ quotas: plan.quotas, standings, earlier: below, running: new Set(running.keys()) });

/** Items of round r sample on graph version r: every round below has to be closed, which needs no verdict. */
async function openRound(input: ShardInput, state: ShardState, item: number): Promise<void> {
  const round = Math.floor(item / input.plan.round);
  while (state.roundsClosed < round) {
    const seen = state.resumes;
    try {
      await long.closeRound({ campaign: input.plan.id, round: state.roundsClosed });
      state.roundsClosed += 1;
    } catch (error) {
      if (!(await untilResumed(input, state, { item, seen, error }))) return;
    }
  }
}

/**
 * After a step of the shard's own failed, by whatever: the items beside it are paid for, so the campaign waits for an
 * operator instead of ending. `false` when a stop came first. `seen` = the resumes before the step began: one that came
 * while it still failed is an order to try again, not to park.
 */
async function untilResumed(input: ShardInput, state: ShardState, { item, seen, error }: { item: number; seen: number; error: unknown }): Promise<boolean> {
  if (isCancellation(error) || !(error instanceof ActivityFailure) || !patched('shard-parks')) throw error;
  if (state.resumes === seen && !state.cancelling) {
    await tellParent({ item, epoch: state.epoch, ...(operatorReason(error) ?? { reason: unforeseen(input, error) }) });
    await condition(() => state.resumes > seen || state.cancelling);
  }
  return !state.cancelling;
}

const unforeseen = ({ plan }: ShardInput, { activityType, cause, message }: ActivityFailure): string =>
  `${activityType}: ${cause?.message ?? message}; see the worker's log, put it right, then \`npx hardgen campaign resume ${plan.id}\``;

function start(input: ShardInput, state: ShardState, item: number): void {
  state.waiting = state.waiting.filter((other) => other !== item);
  const scope = new CancellationScope();
  state.running.set(item, { scope, startedAt: Date.now(), pauses: state.pauses });
  void scope.run(() => runChild(input, state, item)).then(
    (result) => finish(input, state, result),
    (error: unknown) => CancellationScope.nonCancellable(async () => finish(input, state, await crashed(refOf(input, item), error))),
  );
}

async function runChild(input: ShardInput, state: ShardState, item: number): Promise<ItemResult> {
  const ref = refOf(input, item);
  const options = {
    workflowId: workflowIdOf(ref),
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    typedSearchAttributes: [{ key: CAMPAIGN_ID, value: input.plan.id }, { key: TRAJECTORY_OUTCOME, value: 'running' }],
  };
  const child = input.kind === 'probe'
    ? await startChild(toolProbe, { ...options, args: [{ ref, settings: input.plan.settings, epoch: state.epoch, targets: input.plan.targets, countsCut: true }] })
    : await startChild(trajectory, { ...options, args: [{ ref, settings: input.plan.settings, epoch: state.epoch, countsCut: true }] });
  // A cancellation that was sent while it was being started has found nobody.
  if (CancellationScope.current().consideredCancelled && patched('cancel-reaches-a-new-item')) {
    await CancellationScope.nonCancellable(() => getExternalWorkflowHandle(child.workflowId).cancel()).catch(() => undefined);
  }
  return child.result();
}

/**
 * A child that was cancelled before it could say so was surplus; one that was ended from outside counts as its record has
 * it; anything else is a failure of ours, never a verdict.
 */
async function crashed(ref: ItemRef, error: unknown): Promise<ItemResult> {
  const cancelled = error instanceof ChildWorkflowFailure && error.cause?.name === 'CancelledFailure';
  const outcome: Outcome = cancelled ? { kind: 'rejected', reason: 'surplus' } : { kind: 'failed', reason: error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error) };
  const known = cancelled ? undefined : await endUntilItCrashed(ref);
  return { item: ref.item, outcome, signature: '', attempts: [], ...known?.ended, spend: known?.spend ?? NO_SPEND };
}

/** An activity hears by its heartbeat that its workflow was terminated: within 6 s, and 5 s that a worker may hold it back. */
const HEARD_WITHIN = '12s';

async function endUntilItCrashed(ref: ItemRef): Promise<RecordedEnd | undefined> {
  if (!patched('crashed-items-count')) return undefined;
  await sleep(HEARD_WITHIN);
  return recordedEnd(ref);
}

function finish(input: ShardInput, state: ShardState, ended: ItemResult): void {
  const begun = state.running.get(ended.item);
  if (begun && begun.pauses === state.pauses) state.took = { items: state.took.items + 1, ms: state.took.ms + Date.now() - begun.startedAt };
  const result = state.cutShort.has(ended.item) && isSurplusResult(ended) ? { ...ended, outcome: STOPPED } : ended;
  state.running.delete(result.item);
  state.results.push(result);
  if (result.outcome.kind === 'failed') state.failedInARow.push(result.outcome.reason);
  else if (isJudged(result)) state.failedInARow = [];
  state.tally = addResult(state.tally, result);
  state.changes += 1;
  const ref = refOf(input, result.item);
  state.toExport.push(ref);
  // A probe has no verdict of its own, but it can fail as any item can.
  if (input.kind === 'trajectory' || result.outcome.kind === 'failed') tellItem.ended({ campaign: ref.campaign, item: recordName(ref), outcome: result.outcome });
  if (input.kind === 'trajectory') {
    applyResult(state.standings, result);
    cancelSurplus(input, state);
  }
  if (state.toExport.length >= EXPORT_BATCH) state.exports.push(exportFinished(input, state, EXPORT_BATCH));
  if (state.results.length - state.reported >= reportEvery(input)) void report(state);
}

/** What a stop cuts short was judged by nobody: it stays open, and enters no statistic. */
const STOPPED: Outcome = { kind: 'blocked', reason: 'stopped by an operator' };

const isSurplusResult = ({ outcome }: ItemResult): boolean => outcome.kind === 'rejected' && outcome.reason === 'surplus';

/** Models were asked and came to an end of it: the next item can, too. */
const isJudged = ({ outcome, spend }: ItemResult): boolean => outcome.kind === 'verified' || (outcome.kind === 'rejected' && outcome.reason !== 'surplus' && spend.accepted > 0);

/** Only what no open item below could make room for again is cancelled. */
function cancelSurplus(input: ShardInput, state: ShardState): void {
  for (const item of surplusItems(choiceOf(input, state))) state.running.get(item)?.scope.cancel();
}

/** At every tenth end, and in a small shard at every thirtieth part of it: enough for a live picture, few enough for the campaign's history. */
const reportEvery = (input: ShardInput): number => Math.min(10, Math.max(1, Math.ceil((input.to - input.from) / 30)));

async function report(state: ShardState): Promise<void> {
  const parent = workflowInfo().parent;
  const results = state.results.slice(state.reported);
  state.reported = state.results.length;
  if (parent) await getExternalWorkflowHandle(parent.workflowId).signal(shardReport, { shard: workflowInfo().workflowId, results, running: state.running.size });
}

async function exportFinished(input: ShardInput, state: ShardState, atLeast: number): Promise<void> {
  const items = state.toExport.splice(0);
  const [first] = items;
  while (first !== undefined && items.length >= atLeast) {
    const seen = state.resumes;
    try {
      return await local.exportHistories({ campaign: input.plan.id, items });
    } catch (error) {
      if (!(await untilResumed(input, state, { item: first.item, seen, error }))) return;
    }
  }
}
