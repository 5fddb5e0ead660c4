import { publishControl, readControl } from '../activities/allowance';
import { createLedger } from '../clients/ledger';
import type { Config } from '../config';
import { changeBudget, raiseCommand, reachedLimit, type Budget, type SetOrder } from '../core/campaign/budget';
import type { CampaignFolder } from './campaign-folder';
import { InputError } from './exit-codes';

/** No workflow takes orders any more, so what workers read is written here. Throws InputError for a window, which nothing fills. */
export async function setAfterEnd(folder: CampaignFolder, order: SetOrder): Promise<void> {
  if (order.window !== undefined) throw new InputError(`Expected limits alone for ${folder.id}, which has ended, got --window; leave it out`);
  const { paused, budget } = await controlOf(folder);
  await publishControl(folder, { campaign: folder.id, paused, budget: changeBudget(budget, order.budget) });
}

/** What to type when the budget is what an item tried again waits for; `undefined` when no limit is reached. */
export async function raiseAfterEnd(config: Config, folder: CampaignFolder, now: Date): Promise<string | undefined> {
  const { budget } = await controlOf(folder);
  const spent = await createLedger(config.home).spent(folder.id);
  const limit = reachedLimit(budget, spent, now.getTime())?.limit;
  return limit && raiseCommand(folder.id, budget, limit, spent);
}

async function controlOf(folder: CampaignFolder): Promise<{ paused: boolean; budget: Budget }> {
  return (await readControl(folder.records, folder.id)) ?? { paused: false, budget: (await folder.manifest()).campaign.budget };
}
