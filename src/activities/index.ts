import { Context, log } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { publishControl } from './allowance';
import type { Contexts } from './context';
import type { Activities } from './contract';
import type { Deps } from './deps';
import * as evaluate from './evaluate';
import * as evolve from './evolve';
import { buildBaseGraph, openGraph } from './explore';
import { asFailure, atTheEnd, neverEnds } from './failures';
import * as finishing from './finish';
import { openItem, type Item } from './item';
import { keys } from './item-state';
import { prepareCampaign } from './prepare';
import * as refining from './refine';
import * as retrying from './retry';
import type { ItemRef } from '../core/campaign/refs';
import { closeRound, sampleItem } from './sample';

/** Beats for the whole activity, so that a dead worker shows after the heartbeat timeout; the first beat costs short ones nothing. */
const HEARTBEAT_MS = 6_000;

/** Each entry fetches, lets `core` think, and stores. */
export function createActivities(deps: Deps, contexts: Contexts): Activities {
  const itemOf = async (ref: ItemRef, before?: string): Promise<Item> => openItem(deps, await contexts.of(ref.campaign), refOf(ref), before);

  return guardAll(contexts, {
    prepareCampaign: (input) => prepareCampaign(deps, contexts, input),
    exploreWorld: async (input) => {
      const context = await contexts.of(input.campaign);
      const world = context.manifest.worlds.find((candidate) => candidate.id === input.world);
      if (!world) throw new Error(`Expected world ${input.world} in the manifest of ${input.campaign}`);
      const { reused } = await buildBaseGraph(deps, context.replayer, {
        graph: world.baseGraph, world: world.id, exploration: context.manifest.campaign.exploration, onProgress: (done, total) => Context.current().heartbeat({ done, total }),
      });
      return { reused };
    },
    openGraph: async (input) => openGraph(deps, await contexts.of(input.campaign)),

    sampleTrace: async (ref) => {
      const line = await sampleItem(deps, await contexts.of(ref.campaign), refOf(ref));
      return line.ok ? { ok: true, turns: line.turns, signature: line.signature } : { ...line, signature: '' };
    },
    closeRound: async (input) => closeRound(deps, await contexts.of(input.campaign), { round: input.round, onProgress: () => Context.current().heartbeat() }),
    tryTarget: async (at) => evaluate.tryTarget(deps, await itemOf(at, keys.target(at.target, at.attempt, at.step)), at),
    recordProbe: async (input) => evaluate.recordProbe(deps, await contexts.of(input.campaign), input),
    closeFailureSet: async (input) => evaluate.closeFailureSet(deps, await contexts.of(input.campaign)),

    makeTool: async (at) => evolve.makeTool(deps, await itemOf(at, keys.tool(at.turn, at.attempt)), at),
    generateQuery: async (at) => evolve.generateQuery(deps, await itemOf(at, keys.query(at.turn, at.attempt)), at),
    judgeParaphrase: async (at) => evolve.judgeParaphrase(deps, await itemOf(at, keys.judge(at.turn, at.attempt)), at),

    reason: async (at) => refining.reason(deps, await itemOf(at, keys.attempt(at.turn, at.step, at.attempt)), at),
    verify: async (at) => refining.verify(deps, await itemOf(at, keys.feedback(at.turn, at.step, at.attempt, at.tryNumber)), at),
    rewrite: async (at) => refining.rewrite(deps, await itemOf(at, keys.rewrite(at.turn, at.step, at.tryNumber)), at),

    finishTrajectory: async (input) => finishing.finishTrajectory(deps, await itemOf(input), input),
    recordOutcome: (input) => finishing.recordOutcome(deps, input),
    readEnd: (ref) => finishing.readEnd(deps, ref),
    publishControl: (input) => publishControl(deps, input),
    exportHistories: (input) => finishing.exportHistories(deps, { ...input, onProgress: () => Context.current().heartbeat(), warn: (message) => log.warn(message) }),
    keepResults: (input) => finishing.keepResults(deps, input),
    finishCampaign: async (input) => finishing.finishCampaign(deps, await contexts.of(input.campaign), { ...input, results: [...input.results, ...(await finishing.keptResults(deps, input))] }),
    openRetry: (input) => retrying.openRetry(deps, input),
    closeRetry: async (input) => retrying.closeRetry(deps, await contexts.of(input.ref.campaign), input),
  });
}

const refOf = ({ campaign, purpose, item }: ItemRef): ItemRef => ({ campaign, purpose, item });

/** Heartbeats around every activity, and every error as the failure that workflows know. */
function guardAll(contexts: Contexts, activities: Activities): Activities {
  const guarded = Object.entries(activities).map(([name, run]) => [name, (input: never) => guard<unknown>(contexts, () => (run as (input: never) => Promise<unknown>)(input))]);
  return Object.fromEntries(guarded) as Activities;
}

async function guard<R>(contexts: Contexts, run: () => Promise<R>): Promise<R> {
  const activity = Context.current();
  const [campaign = ''] = (activity.info.workflowExecution?.workflowId ?? '').split('/');
  const { attempt, isLocal, activityType, scheduledTimestampMs, scheduleToCloseTimeoutMs } = activity.info;
  const stuck = isLocal ? undefined : neverEnds(activityType, { campaign, attempt, sinceMs: scheduledTimestampMs });
  if (stuck) throw stuck;
  const beat = setInterval(() => activity.heartbeat(), HEARTBEAT_MS);
  try {
    return await run();
  } catch (error) {
    // A local activity has half a minute: its end tells of no outage.
    const asked = isLocal ? { sinceMs: Date.now(), deadlineMs: Infinity } : { sinceMs: scheduledTimestampMs, deadlineMs: scheduledTimestampMs + scheduleToCloseTimeoutMs };
    const failed = atTheEnd(asFailure(error, { attempt, campaign }), { campaign, attempt, ...asked });
    // An operator may correct the manifest, say an endpoint's address: the next attempt reads it anew.
    if (failed instanceof ApplicationFailure && failed.type === 'OperatorActionRequired') contexts.forget(campaign);
    throw failed;
  } finally {
    clearInterval(beat);
  }
}
