import { createRng, type Rng } from '../random';

/** What one item of a preview took. `ms` = time that its calls waited for replies, all added. */
export interface Taken {
  calls: number;
  tokens: number;
  microUsd: number;
  ms: number;
  /** Of the calls and tokens, by the endpoint that they went to. */
  at: Readonly<Record<string, Load>>;
  verified: boolean;
}

interface Load {
  calls: number;
  tokens: number;
}

/** What a whole campaign would take. `hours` = with every place for a request busy all the time, and no endpoint asked faster than it allows; a floor. */
export interface Amounts {
  items: number;
  calls: number;
  tokens: number;
  usd: number;
  hours: number;
}

export interface Forecast {
  expected: Amounts;
  /** Each amount by itself: the 10th and 90th percentile of 1,000 resamples of the preview's items. */
  low: Amounts;
  high: Amounts;
}

export interface ForecastInput {
  /** The file's: the same preview gives the same range. */
  seed: number;
  target: { verified: number; maxItems: number };
  items: readonly Taken[];
  probes: readonly Taken[];
  /** Tools that the whole campaign probes. */
  tools: number;
  /** Requests that can be in flight. */
  slots: number;
  /** What endpoints allow per minute, by name. */
  limits: Readonly<Record<string, { rpm?: number | undefined; tpm?: number | undefined }>>;
}

const RESAMPLES = 1_000;
const NOTHING: Taken = { calls: 0, tokens: 0, microUsd: 0, ms: 0, at: {}, verified: false };

/**
 * A whole campaign at the preview's pace, with the range that the preview's own spread gives: its items and its probes
 * are drawn again with replacement (bootstrap), and each draw makes a forecast. Few items say little, and a range of few
 * items is too narrow rather than too wide: read it as an order of magnitude.
 */
export function forecast(input: ForecastInput): Forecast {
  const rng = createRng(`${input.seed}/forecast`);
  const resamples = Array.from({ length: RESAMPLES }, () => amountsOf({ ...input, items: drawAgain(rng, input.items), probes: drawAgain(rng, input.probes) }));
  return { expected: amountsOf(input), low: percentile(resamples, 0.1), high: percentile(resamples, 0.9) };
}

function amountsOf({ target, items, probes, tools, slots, limits }: ForecastInput): Amounts {
  const count = itemsNeeded(target, items);
  const [item, probe] = [mean(items), mean(probes)];
  const add = (of: (taken: Taken) => number): number => of(item) * count + of(probe) * tools;
  const paced = Object.entries(limits).flatMap(([endpoint, { rpm, tpm }]) => [
    add(({ at }) => at[endpoint]?.calls ?? 0) / (rpm ?? Infinity),
    add(({ at }) => at[endpoint]?.tokens ?? 0) / (tpm ?? Infinity),
  ]);
  const hours = Math.max(add(({ ms }) => ms) / slots / 3.6e6, ...paced.map((minutes) => minutes / 60));
  return { items: count, calls: Math.round(add(({ calls }) => calls)), tokens: Math.round(add(({ tokens }) => tokens)), usd: add(({ microUsd }) => microUsd) / 1e6, hours };
}

/** Items until the target is met at this yield; all of them when nothing was verified. */
function itemsNeeded(target: ForecastInput['target'], items: readonly Taken[]): number {
  const verified = items.filter((item) => item.verified).length;
  return verified === 0 ? target.maxItems : Math.min(target.maxItems, Math.ceil((target.verified * items.length) / verified));
}

function mean(taken: readonly Taken[]): Taken {
  if (taken.length === 0) return NOTHING;
  const over = (of: (one: Taken) => number): number => taken.reduce((sum, one) => sum + of(one), 0) / taken.length;
  const endpoints = [...new Set(taken.flatMap(({ at }) => Object.keys(at)))];
  const at = Object.fromEntries(endpoints.map((endpoint) => [endpoint, { calls: over((one) => one.at[endpoint]?.calls ?? 0), tokens: over((one) => one.at[endpoint]?.tokens ?? 0) }]));
  return { calls: over(({ calls }) => calls), tokens: over(({ tokens }) => tokens), microUsd: over(({ microUsd }) => microUsd), ms: over(({ ms }) => ms), at, verified: false };
}

const drawAgain = (rng: Rng, taken: readonly Taken[]): Taken[] => taken.map(() => rng.pick(taken));

function percentile(resamples: readonly Amounts[], share: number): Amounts {
  const of = (amount: keyof Amounts): number => resamples.map((sample) => sample[amount]).sort((a, b) => a - b)[Math.floor(share * (resamples.length - 1))] ?? 0;
  return { items: of('items'), calls: of('calls'), tokens: of('tokens'), usd: of('usd'), hours: of('hours') };
}
