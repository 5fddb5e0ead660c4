import type { CellSupply } from '../activities/supply';
import type { StoredCall } from '../activities/model-call';
import { priceOf } from '../core/campaign/budget';
import type { CampaignFile } from '../core/campaign/campaign.schema';
import { forecast, type Amounts, type Forecast, type Taken } from '../core/campaign/forecast';
import { duration, short } from './progress-view';

/** Items of a preview. */
export const PREVIEW_ITEMS = 3;

/** One reply of a preview, and the record it lies in: `t-00000`, `p-00000`. */
export interface PreviewCall {
  record: string;
  call: StoredCall;
}

/**
 * The whole file at the pace of its preview. `verified` = records of the items that became rows. Replies that the preview
 * took over from another campaign count as if they were paid for: how many the whole file will find is not known.
 */
export function forecastOf(input: { campaign: CampaignFile; tools: number; probed: number; calls: readonly PreviewCall[]; verified: ReadonlySet<string> }): Forecast {
  const { campaign } = input;
  return forecast({
    seed: campaign.seed, target: campaign.target, tools: campaign.selfEvaluation.tools?.length ?? input.tools, slots: slots(campaign), limits: campaign.models.endpoints,
    items: takenBy('t', PREVIEW_ITEMS, input), probes: takenBy('p', input.probed, input),
  });
}

/** One entry per item that was begun, also where it asked no model. */
function takenBy(prefix: string, count: number, { campaign, calls, verified }: { campaign: CampaignFile; calls: readonly PreviewCall[]; verified: ReadonlySet<string> }): Taken[] {
  return Array.from({ length: count }, (_unused, index) => {
    const record = `${prefix}-${String(index).padStart(5, '0')}`;
    return calls.filter((entry) => entry.record === record).reduce<Taken>((sum, { call }) => {
      const tokens = call.usage.inputTokens + call.usage.outputTokens;
      const before = sum.at[call.endpoint] ?? { calls: 0, tokens: 0 };
      return {
        ...sum, calls: sum.calls + 1, tokens: sum.tokens + tokens, microUsd: sum.microUsd + fullCost(campaign, call), ms: sum.ms + call.latencyMs,
        at: { ...sum.at, [call.endpoint]: { calls: before.calls + 1, tokens: before.tokens + tokens } },
      };
    }, { calls: 0, tokens: 0, microUsd: 0, ms: 0, at: {}, verified: verified.has(record) });
  });
}

function fullCost({ models }: CampaignFile, { reusedFrom, costMicroUsd, endpoint, usage }: StoredCall): number {
  const price = models.endpoints[endpoint]?.price;
  return reusedFrom === undefined || price === undefined ? costMicroUsd : priceOf(usage, price);
}

/** Requests that can be in flight: the narrower of the endpoints' limits and the window. */
function slots(campaign: CampaignFile): number {
  const limits = Object.values(campaign.models.endpoints).reduce((total, endpoint) => total + endpoint.concurrency, 0);
  return Math.max(1, Math.min(campaign.window, limits === 0 ? campaign.window : limits));
}

export function forecastLines({ expected, low, high }: Forecast, { seed, calls }: { seed: number; calls: readonly PreviewCall[] }): string[] {
  const reused = calls.filter(({ call }) => call.reusedFrom !== undefined).length;
  const from = (show: (amounts: Amounts) => string): string => (show(low) === show(high) ? show(expected) : `${show(expected)} (${show(low)} to ${show(high)})`);
  return [
    `  forecast for the whole file, from ${PREVIEW_ITEMS} items; in brackets p10 to p90 of 1,000 draws of them with replacement (seed ${seed}), too narrow for so few`,
    `    ${from(({ items }) => String(items))} items · ${from(({ calls }) => String(calls))} calls · ${from(({ tokens }) => short(tokens))} tokens · ${from(({ usd }) => `$${usd.toFixed(2)}`)}`,
    `    at least ${from(({ hours }) => duration(hours * 3.6e6))} of model time, at the endpoints' concurrency, rpm and tpm`,
    ...(reused === 0 ? [] : [`    as if every reply were paid for; ${reused} of the preview's ${calls.length} were reused, and so many of the campaign's may be`]),
  ];
}

/** What the worlds can give, and the cells that look too small for their quota. */
export function supplyLines(cells: readonly CellSupply[]): string[] {
  const total = (of: (cell: CellSupply) => number): number => cells.reduce((sum, cell) => sum + of(cell), 0);
  const short = cells.filter(({ estimate, quota }) => estimate < quota);
  const open = cells.filter(({ saturated }) => !saturated).length;
  return [
    `  distinct traces: ${total(({ distinct }) => distinct)} seen in ${total(({ draws }) => draws)} draws on the explored graph, aimed at every tool, no model asked: so many at least`,
    `    ${total(({ estimate }) => estimate)} or more by Chao's estimate, for ${total(({ quota }) => quota)} rows; ${open === 0 ? 'no cell goes on giving new ones' : `${open} of ${cells.length} cells still gave new ones at the end`}`,
    ...short.map((cell) => `    ${cell.cell}: ${cell.distinct === 0 ? 'none' : `${cell.distinct} seen, about ${cell.estimate} in all`}, for ${cell.quota} rows: a longer exploration or another shape may help`),
  ];
}
