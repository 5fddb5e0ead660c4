import { ActivityFailure, ApplicationFailure, TimeoutFailure, condition, getExternalWorkflowHandle, setHandler, workflowInfo } from '@temporalio/workflow';
import { itemBlocked, pause, resume, step, type BlockedItem, type StepView } from './messages';

/** Pause, resume and parking of one item. */
export interface Control {
  view: StepView;
  /** Runs an activity when nothing is paused; parks and repeats it on what an operator can fix. */
  attempt<T>(run: () => Promise<T>): Promise<T>;
}

/** Installs the handlers. Called first in a workflow, so that no signal finds it unprepared. */
export function handleControl(item: number, epochAtStart: number): Control {
  const view: StepView = { stage: 'start', turn: 0, step: 0, attempt: 0, paused: false };
  let resumes = 0;
  let epoch = epochAtStart;
  setHandler(pause, () => {
    view.paused = true;
  });
  setHandler(resume, (input) => {
    view.paused = false;
    resumes += 1;
    epoch = Math.max(epoch, input?.epoch ?? 0);
  });
  setHandler(step, () => view);

  async function attempt<T>(run: () => Promise<T>): Promise<T> {
    for (;;) {
      if (view.paused) await condition(() => !view.paused);
      // Counted before the step: a resume that comes while it still fails is an order to try again, not to park.
      const seen = resumes;
      try {
        return await run();
      } catch (error) {
        const reason = operatorReason(error);
        if (reason === undefined) throw error;
        if (resumes > seen) continue;
        view.blocked = reason;
        await tellParent({ item, reason, epoch });
        await condition(() => resumes > seen);
        delete view.blocked;
      }
    }
  }
  return { view, attempt };
}

async function tellParent(blocked: BlockedItem): Promise<void> {
  const parent = workflowInfo().parent;
  if (parent) await getExternalWorkflowHandle(parent.workflowId).signal(itemBlocked, blocked);
}

const OPERATOR_TYPES = new Set(['OperatorActionRequired', 'BudgetExhausted', 'StoreUnavailable', 'GraphUnavailable']);

/** What an operator can fix, as a sentence; `undefined` for everything else. */
export function operatorReason(error: unknown): string | undefined {
  if (!(error instanceof ActivityFailure)) return undefined;
  const cause = error.cause;
  if (cause instanceof ApplicationFailure && OPERATOR_TYPES.has(cause.type ?? '')) return cause.message;
  if (cause instanceof TimeoutFailure && cause.timeoutType === 'SCHEDULE_TO_CLOSE') return `${error.activityType} could not be finished for hours; see its last failure, then resume`;
  return undefined;
}
