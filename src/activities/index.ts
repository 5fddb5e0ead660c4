import { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { CampaignInput, CampaignPlan } from '../core/campaign/manifest';
import type { ItemResult, Progress, Spend } from '../core/campaign/progress';
import type { Outcome, Rejection } from '../core/outcome';
import { GraphInvalid, GraphUnavailable } from '../clients/graph-store';
import { WorldUnavailable } from '../worlds/world';
import type { Contexts } from './context';
import type { Deps } from './deps';
import * as evaluate from './evaluate';
import * as evolve from './evolve';
import { buildBaseGraph, openGraph } from './explore';
import { failure, isStoreError } from './failures';
import * as finishing from './finish';
import { openItem, type Item } from './item';
import { prepareCampaign } from './prepare';
import * as refining from './refine';
import type { ItemRef, StepRef, TurnRef } from './refs';
import { closeRound, sampleItem } from './sample';

export type Activities = ReturnType<typeof createActivities>;

export type Sampled = { ok: true; turns: number; signature: string } | { ok: false; reason: Rejection; detail: string; signature: string };

/** Beats for the whole activity, so that a dead worker shows after the heartbeat timeout; the first beat costs short ones nothing. */
const HEARTBEAT_MS = 6_000;

/** Everything workflows may ask for. Each entry fetches, lets `core` think, and stores; each may be repeated at any time. */
export function createActivities(deps: Deps, contexts: Contexts) {
  const itemOf = async (ref: ItemRef): Promise<Item> => openItem(deps, await contexts.of(ref.campaign), refOf(ref));

  return guardAll({
    prepareCampaign: (input: { id: string; input: CampaignInput }): Promise<CampaignPlan> => prepareCampaign(deps, contexts, input),

    exploreWorld: async (input: { campaign: string; world: string }): Promise<{ reused: boolean }> => {
      const context = await contexts.of(input.campaign);
      const world = context.manifest.worlds.find((candidate) => candidate.id === input.world);
      if (!world) throw new Error(`Expected world ${input.world} in the manifest of ${input.campaign}`);
      const { reused } = await buildBaseGraph(deps, context.replayer, {
        graph: world.baseGraph, world: world.id, exploration: context.manifest.campaign.exploration, onProgress: (done, total) => Context.current().heartbeat({ done, total }),
      });
      return { reused };
    },
    openGraph: async (input: { campaign: string }): Promise<void> => openGraph(deps, await contexts.of(input.campaign)),

    sampleTrace: async (ref: ItemRef): Promise<Sampled> => {
      const line = await sampleItem(deps, await contexts.of(ref.campaign), refOf(ref));
      return line.ok ? { ok: true, turns: line.turns, signature: line.signature } : { ...line, signature: '' };
    },
    closeRound: async (input: { campaign: string; round: number }): Promise<void> =>
      closeRound(deps, await contexts.of(input.campaign), { round: input.round, onProgress: () => Context.current().heartbeat() }),

    makeTool: async (at: TurnRef): Promise<evolve.Checked> => evolve.makeTool(deps, await itemOf(at), at),
    generateQuery: async (at: TurnRef): Promise<evolve.Checked & { judge: boolean }> => evolve.generateQuery(deps, await itemOf(at), at),
    judgeParaphrase: async (at: TurnRef): Promise<evolve.Checked> => evolve.judgeParaphrase(deps, await itemOf(at), at),

    reason: async (at: StepRef): Promise<refining.Reasoned> => refining.reason(deps, await itemOf(at), at),
    verify: async (at: StepRef & { tryNumber: number; last: boolean }): Promise<evolve.Checked> => refining.verify(deps, await itemOf(at), at),
    rewrite: async (at: Omit<StepRef, 'attempt'> & { tryNumber: number }): Promise<evolve.Checked> => refining.rewrite(deps, await itemOf(at), at),

    tryTarget: async (at: ItemRef & { target: number; attempt: number; step: number; last: boolean }): Promise<evaluate.TargetTried> => evaluate.tryTarget(deps, await itemOf(at), at),
    recordProbe: async (input: ItemRef & { failures: number[]; broken?: string }): Promise<void> => evaluate.recordProbe(deps, await contexts.of(input.campaign), input),
    closeFailureSet: async (input: { campaign: string }): Promise<{ size: number; advice: string }> => evaluate.closeFailureSet(deps, await contexts.of(input.campaign)),

    finishTrajectory: async (input: ItemRef & { attempts: number[] }): Promise<Outcome> => finishing.finishTrajectory(deps, await itemOf(input), input),
    recordOutcome: (input: ItemRef & { outcome: Outcome; spend: Spend; attempts: number[] }): Promise<void> => finishing.recordOutcome(deps, input),
    exportHistories: (input: { campaign: string; items: ItemRef[] }): Promise<void> => finishing.exportHistories(deps, { ...input, onProgress: () => Context.current().heartbeat() }),
    finishCampaign: async (input: { campaign: string; progress: Progress; results: ItemResult[] }): Promise<{ rows: number; note?: string }> =>
      finishing.finishCampaign(deps, await contexts.of(input.campaign), input),
  });
}

const refOf = ({ campaign, purpose, item }: ItemRef): ItemRef => ({ campaign, purpose, item });

/** Heartbeats around every activity, and every error as the failure that workflows know. */
function guardAll<T extends { [name: string]: (input: never) => Promise<unknown> }>(activities: T): T {
  const guarded = Object.entries(activities).map(([name, run]) => [name, (input: never) => guard(() => run(input))]);
  return Object.fromEntries(guarded) as T;
}

async function guard<R>(run: () => Promise<R>): Promise<R> {
  const activity = Context.current();
  const beat = setInterval(() => activity.heartbeat(), HEARTBEAT_MS);
  try {
    return await run();
  } catch (error) {
    throw asFailure(error, activity.info.attempt);
  } finally {
    clearInterval(beat);
  }
}

/** Attempts before trouble that may pass is put before an operator. */
const PATIENCE = 5;

function asFailure(error: unknown, attempt: number): unknown {
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof WorldUnavailable) return failure({ type: attempt < PATIENCE ? 'WorldUnavailable' : 'OperatorActionRequired', retryable: attempt < PATIENCE, message, attempt });
  if (error instanceof GraphUnavailable) return failure({ type: 'GraphUnavailable', retryable: true, message, attempt });
  if (error instanceof GraphInvalid) return failure({ type: 'GraphInvalid', retryable: false, message });
  if (isStoreError(error)) return failure({ type: 'StoreUnavailable', retryable: attempt < PATIENCE, message, attempt });
  // A bug or something unforeseen: tried a few times, then it ends this item alone, with its message.
  return ApplicationFailure.create({ message, type: 'Unexpected', nonRetryable: attempt >= PATIENCE, cause: error instanceof Error ? error : undefined });
}
