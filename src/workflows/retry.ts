import { condition, executeChild, getExternalWorkflowHandle, setHandler } from '@temporalio/workflow';
import type { RetryInput } from '../activities/retry';
import type { TrajectorySettings } from '../core/campaign/manifest';
import { recordName, workflowIdOf } from '../core/campaign/refs';
import type { ItemResult } from '../core/campaign/progress';
import { operatorReason } from './control';
import { itemBlocked, resume, retryBlocked } from './messages';
import { local } from './proxies';
import { CAMPAIGN_ID, TRAJECTORY_OUTCOME } from './search-attributes';
import { tellItem } from './sinks';
import { trajectory } from './trajectory';

/**
 * Tries one item of an ended campaign again from a stage: what stood before it is found in the record and not paid again.
 * The trajectory runs under its own id; the dataset is closed anew afterwards.
 */
export async function retry(input: RetryInput & { settings: TrajectorySettings; parks?: true }): Promise<{ result: ItemResult; rows: number; note?: string }> {
  const { settings, parks, ...order } = input;
  let blocked: string | undefined;
  let epoch = 0;
  setHandler(itemBlocked, (item) => {
    if (item.epoch >= epoch) blocked = item.reason;
  });
  setHandler(retryBlocked, () => blocked ?? null);
  let resumes = 0;
  setHandler(resume, async () => {
    blocked = undefined;
    epoch += 1;
    resumes += 1;
    await getExternalWorkflowHandle(workflowIdOf(order.ref)).signal(resume, { epoch }).catch(() => undefined);
    resumes -= 1;
  });
  /** Waits for an operator where one is needed; steps of an earlier version's retries failed. */
  const attempt = async <T>(run: () => Promise<T>): Promise<T> => {
    for (;;) {
      const seen = epoch;
      try {
        return await run();
      } catch (error) {
        const found = parks && operatorReason(error);
        if (!found) throw error;
        if (epoch > seen) continue;
        blocked = found.reason;
        await condition(() => epoch > seen);
      }
    }
  };
  await attempt(() => local.openRetry(order));
  const result = await executeChild(trajectory, {
    workflowId: workflowIdOf(order.ref),
    typedSearchAttributes: [{ key: CAMPAIGN_ID, value: order.ref.campaign }, { key: TRAJECTORY_OUTCOME, value: 'running' }],
    args: [{ ref: order.ref, settings, epoch: 0, countsCut: true }],
  });
  tellItem.ended({ campaign: order.ref.campaign, item: recordName(order.ref), outcome: result.outcome });
  const dataset = await attempt(() => local.closeRetry({ ...order, result }));
  await attempt(() => local.exportHistories({ campaign: order.ref.campaign, items: [order.ref] }));
  await condition(() => resumes === 0);
  return { result, ...dataset };
}
