import { ActivityFailure, ApplicationFailure, TimeoutFailure, condition, getExternalWorkflowHandle, setHandler, workflowInfo } from '@temporalio/workflow';
import type { Limit } from '../core/campaign/budget';
import { itemBlocked, pause, resume, step, type BlockedItem, type StepView } from './messages';

/** Pause, resume and parking of one item. */
export interface Control {
  view: StepView;
  /** Runs an activity when nothing is paused; parks and repeats it on what an operator can fix. */
  attempt<T>(run: () => Promise<T>): Promise<T>;
}

/**
 * How long an item that was refused at the gate waits for the signal that ends the pause before it looks again by itself:
 * the signal always comes, unless a shared folder shows an old file. Doubles, since a pause may last for days.
 */
const lookAgainAfter = (refusals: number): number => Math.min(10_000 * 2 ** (refusals - 1), 3_600_000);

/** Installs the handlers. Called first in a workflow, so that no signal finds it unprepared. */
export function handleControl(item: number, epochAtStart: number): Control {
  const view: StepView = { stage: 'start', turn: 0, step: 0, attempt: 0, paused: false };
  let resumes = 0;
  let epoch = epochAtStart;
  let pausedAt = -1;
  setHandler(pause, (input) => {
    if (isOvertaken(input, epoch)) return;
    view.paused = true;
    pausedAt = Math.max(pausedAt, input?.epoch ?? -1);
  });
  setHandler(resume, (input) => {
    if (!isBefore(input, pausedAt)) view.paused = false;
    resumes += 1;
    epoch = Math.max(epoch, input?.epoch ?? 0);
  });
  setHandler(step, () => view);

  async function attempt<T>(run: () => Promise<T>): Promise<T> {
    for (let refusals = 0; ; ) {
      if (view.paused) await condition(() => !view.paused);
      // Counted before the step: a resume that comes while it still fails is an order to try again, not to park.
      const seen = resumes;
      try {
        return await run();
      } catch (error) {
        if (isHeldBack(error)) {
          refusals += 1;
          await condition(() => view.paused || resumes > seen, lookAgainAfter(refusals));
          continue;
        }
        const blocked = operatorReason(error);
        if (blocked === undefined) throw error;
        if (resumes > seen) continue;
        view.blocked = blocked.reason;
        await tellParent({ item, epoch, ...blocked });
        await condition(() => resumes > seen);
        delete view.blocked;
      }
    }
  }
  return { view, attempt };
}

/** A pause that arrives after the resume that ended it: Temporal keeps no order among signals sent in one moment. */
export const isOvertaken = (pausing: { epoch?: number } | undefined, epoch: number): boolean => pausing?.epoch !== undefined && pausing.epoch < epoch;

/** A resume that arrives after the pause that followed it. */
export const isBefore = (resuming: { epoch: number } | undefined, pausedAt: number): boolean => resuming !== undefined && resuming.epoch <= pausedAt;

/** Signals the parent that an item needs an operator; does nothing without a parent. */
export async function tellParent(blocked: BlockedItem): Promise<void> {
  const parent = workflowInfo().parent;
  if (parent) await getExternalWorkflowHandle(parent.workflowId).signal(itemBlocked, blocked);
}

const OPERATOR_TYPES = new Set(['OperatorActionRequired', 'BudgetExhausted', 'StoreUnavailable', 'GraphUnavailable']);

/** What an operator can fix, as a sentence, with the limit when the budget is what stands in the way; `undefined` for everything else. */
export function operatorReason(error: unknown): { reason: string; limit?: Limit } | undefined {
  if (!(error instanceof ActivityFailure)) return undefined;
  const cause = error.cause;
  if (cause instanceof ApplicationFailure && OPERATOR_TYPES.has(cause.type ?? '')) {
    const [detail] = (cause.details ?? []) as { limit?: Limit }[];
    return { reason: cause.message, ...(detail?.limit === undefined ? {} : { limit: detail.limit }) };
  }
  if (cause instanceof TimeoutFailure && cause.timeoutType === 'SCHEDULE_TO_CLOSE') return { reason: `${error.activityType} could not be finished for hours; see its last failure, then resume` };
  return undefined;
}

/** A request that had waited at the gate while the campaign was paused; it never left. */
const isHeldBack = (error: unknown): boolean => error instanceof ActivityFailure && error.cause instanceof ApplicationFailure && error.cause.type === 'Paused';
