import { existsSync } from 'node:fs';
import { createLedger } from '../clients/ledger';
import type { Config } from '../config';
import type { Cost } from '../core/campaign/budget';
import type { Progress } from '../core/campaign/progress';
import { openCampaign } from './campaign-folder';

/** What a campaign has spent by now, running items too; `undefined` where its folder is not at hand (another machine). */
export async function spentSoFar(config: Config, id: string, ledger = createLedger(config.home)): Promise<Cost | undefined> {
  return existsSync(openCampaign(config, id).path) ? await ledger.spent(id) : undefined;
}

/** The same for views that are drawn at once: gives what was last seen, and looks again for the next time. */
export function liveSpend(config: Config, id: string): () => Cost | undefined {
  const ledger = createLedger(config.home);
  let seen: Cost | undefined;
  let looking = false;
  return () => {
    if (!looking) {
      looking = true;
      // A look that fails leaves what was seen before.
      void spentSoFar(config, id, ledger).then((spent) => (seen = spent), () => undefined).finally(() => (looking = false));
    }
    return seen;
  };
}

/** Spend as a view shows it: the ledger's, else that of the workflow, which knows of ended items alone. */
export interface ShownSpend {
  calls: number;
  tokens: number;
  usd: number;
  /** Stands behind the numbers; empty when they are whole. */
  label: string;
}

export function shownSpend(progress: Progress, spent: Cost | undefined): ShownSpend {
  if (spent) return { calls: spent.calls, tokens: spent.tokens, usd: spent.microUsd / 1e6, label: '' };
  return { calls: progress.calls.attempts, tokens: progress.tokens.input + progress.tokens.output, usd: progress.costUsd, label: ' (ended items)' };
}
