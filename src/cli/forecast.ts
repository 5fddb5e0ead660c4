import type { StoredCall } from '../activities/model-call';
import type { CampaignFile } from '../core/campaign/campaign.schema';
import type { Progress } from '../core/campaign/progress';
import { duration, short } from './progress-view';

/** What a whole campaign would take, at the preview's pace. Three items say little: read it as an order of magnitude. */
export interface Forecast {
  items: number;
  calls: number;
  tokens: number;
  usd: number;
  /** With every endpoint busy all the time; a floor. */
  hours: number;
}

/** Items of a preview. */
export const PREVIEW_ITEMS = 3;

const PROBE_STAGES = new Set(['target']);

export function forecast(input: { campaign: CampaignFile; tools: number; preview: Progress; calls: readonly StoredCall[] }): Forecast {
  const { campaign, preview } = input;
  const items = itemsNeeded(campaign, preview);
  const probing = sum(input.calls.filter((call) => PROBE_STAGES.has(call.stage)));
  const making = sum(input.calls.filter((call) => !PROBE_STAGES.has(call.stage)));
  const probes = campaign.selfEvaluation.tools?.length ?? input.tools;
  const probeScale = preview.funnel.probed === 0 ? 0 : probes / preview.funnel.probed;
  const add = (of: (total: Totals) => number): number => of(probing) * probeScale + (of(making) * items) / PREVIEW_ITEMS;
  return { items, calls: Math.round(add((total) => total.calls)), tokens: Math.round(add((total) => total.tokens)), usd: add((total) => total.usd), hours: add((total) => total.ms) / slots(campaign) / 3.6e6 };
}

/** Items until the target is met at the preview's yield; all of them when it verified nothing. */
function itemsNeeded({ target }: CampaignFile, preview: Progress): number {
  const yieldOf = preview.verified / PREVIEW_ITEMS;
  return yieldOf === 0 ? target.maxItems : Math.min(target.maxItems, Math.ceil(target.verified / yieldOf));
}

interface Totals {
  calls: number;
  tokens: number;
  usd: number;
  ms: number;
}

function sum(calls: readonly StoredCall[]): Totals {
  return {
    calls: calls.length,
    tokens: calls.reduce((total, { usage }) => total + usage.inputTokens + usage.outputTokens, 0),
    usd: calls.reduce((total, call) => total + call.costMicroUsd, 0) / 1e6,
    ms: calls.reduce((total, call) => total + call.latencyMs, 0),
  };
}

/** Requests that can be in flight: the narrower of the endpoints' limits and the window. */
function slots(campaign: CampaignFile): number {
  const limits = Object.values(campaign.models.endpoints).reduce((total, endpoint) => total + endpoint.concurrency, 0);
  return Math.max(1, Math.min(campaign.window, limits === 0 ? campaign.window : limits));
}

export function forecastLines(expected: Forecast): string[] {
  return [`  forecast for the whole file, from ${PREVIEW_ITEMS} items: about ${expected.items} items, ${expected.calls} calls, ${short(expected.tokens)} tokens, $${expected.usd.toFixed(2)}, at least ${duration(expected.hours * 3.6e6)} of model time`];
}
