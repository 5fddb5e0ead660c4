import { existsSync } from 'node:fs';
import { createLedger } from '../clients/ledger';
import type { Silence } from '../activities/deps';
import type { Config } from '../config';
import type { Cost } from '../core/campaign/budget';
import type { Progress } from '../core/campaign/progress';
import { openCampaign } from './campaign-folder';

/** What a campaign has spent by now, running items too, and whose answers it waits for in vain. */
export interface Spent extends Cost {
  silent?: readonly Silence[];
}

/** `undefined` where the campaign's folder is not at hand (another machine). */
export async function spentSoFar(config: Config, id: string, ledger = createLedger(config.home)): Promise<Spent | undefined> {
  return existsSync(openCampaign(config, id).path) ? { ...(await ledger.spent(id)), silent: ledger.silent(id) } : undefined;
}

/** The same for views that are drawn at once: gives what was last seen, and looks again for the next time. */
export function liveSpend(config: Config, id: string): () => Spent | undefined {
  const ledger = createLedger(config.home);
  let seen: Spent | undefined;
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
  silences: readonly string[];
}

export function shownSpend(progress: Progress, spent: Spent | undefined): ShownSpend {
  if (spent) return { calls: spent.calls, tokens: spent.tokens, usd: spent.microUsd / 1e6, label: '', silences: progress.paused ? [] : (spent.silent ?? []).map(silenceText) };
  return { calls: progress.calls.attempts, tokens: progress.tokens.input + progress.tokens.output, usd: progress.costUsd, label: ' (ended items)', silences: [] };
}

/** The message names endpoint and model. */
const silenceText = ({ failures, message }: Silence): string => `no answer to the last ${failures} requests, which are sent again until there is one: ${message}`;
