import type { CampaignFile } from './campaign.schema';
import type { ItemResult, Spend } from './progress';
import { isObject } from '../json';

/** What a campaign may cost; a limit that is left out does not exist. `deadline` is an ISO time with its zone. */
export interface Budget {
  usd?: number | undefined;
  tokens?: number | undefined;
  /** Requests that leave, also those that fail. */
  calls?: number | undefined;
  deadline?: string | undefined;
}

export type Limit = keyof Budget;
export const LIMITS: readonly Limit[] = ['usd', 'tokens', 'calls', 'deadline'];

/** What was or will be paid, in the units that budgets are held in. */
export interface Cost {
  microUsd: number;
  tokens: number;
  calls: number;
}

export const NO_COST: Cost = { microUsd: 0, tokens: 0, calls: 0 };

export const addCost = (a: Cost, b: Cost): Cost => ({ microUsd: a.microUsd + b.microUsd, tokens: a.tokens + b.tokens, calls: a.calls + b.calls });

export const costOf = (spend: Spend): Cost => ({ microUsd: spend.costMicroUsd, tokens: spend.inputTokens + spend.outputTokens, calls: spend.attempts });

const isLimited = (budget: Budget): boolean => LIMITS.some((limit) => budget[limit] !== undefined);

/** A limit that stands in the way, and the sentence that says so. */
export interface Reached {
  limit: Limit;
  says: string;
}

/** The first limit that what was spent has reached; nothing more may leave then. `now` in ms since the epoch. */
export function reachedLimit(budget: Budget, spent: Cost, now: number): Reached | undefined {
  for (const limit of LIMITS) {
    const cap = capOf(budget, limit);
    if (cap === undefined || usedOf(limit, spent, now) < cap) continue;
    return { limit, says: limit === 'deadline' ? `deadline of ${budget.deadline} reached: ${amount('usd', spent.microUsd)} spent` : `budget of ${amount(limit, cap)} reached: ${amount(limit, usedOf(limit, spent, now))} spent` };
  }
  return undefined;
}

/**
 * The first limit that one more item would break: what was spent, what the running items are expected to need and what
 * this one is (as much as a running mean says). While nothing of its kind has ended, one item alone may run to measure
 * it, as long as no limit is reached. `typicalMs` = how long such an item takes, where known.
 */
export function breaksLimit(input: { budget: Budget; spent: Cost; running: number; expected: Cost; measured: boolean; typicalMs?: number | undefined; now: number }): Reached | undefined {
  const { budget, spent, running, expected } = input;
  if (!isLimited(budget)) return undefined;
  const reached = reachedLimit(budget, spent, input.now);
  if (reached || (running === 0 && !input.measured)) return reached;
  const open: Cost = { microUsd: expected.microUsd * (running + 1), tokens: expected.tokens * (running + 1), calls: expected.calls * (running + 1) };
  for (const limit of LIMITS) {
    const cap = capOf(budget, limit);
    if (cap === undefined || usedOf(limit, addCost(spent, open), input.now + (input.typicalMs ?? 0)) <= cap) continue;
    const next = limit === 'deadline' ? `the next item takes about ${Math.ceil((input.typicalMs ?? 0) / 1000)} s` : `the next item needs about ${amount(limit, usedOf(limit, expected, 0))}`;
    return { limit, says: `${limit === 'deadline' ? `deadline of ${budget.deadline}` : `budget of ${amount(limit, cap)}`} reached: ${amount(limit === 'deadline' ? 'usd' : limit, usedOf(limit === 'deadline' ? 'usd' : limit, spent, 0))} spent, and ${next}` };
  }
  return undefined;
}

function capOf(budget: Budget, limit: Limit): number | undefined {
  if (limit === 'deadline') return budget.deadline === undefined ? undefined : Date.parse(budget.deadline);
  if (limit === 'usd') return budget.usd === undefined ? undefined : budget.usd * 1e6;
  return budget[limit];
}

const usedOf = (limit: Limit, cost: Cost, now: number): number => (limit === 'deadline' ? now : limit === 'usd' ? cost.microUsd : cost[limit]);

/** Micro-USD, tokens or calls as a person reads them. */
function amount(limit: Exclude<Limit, 'deadline'>, count: number): string {
  if (limit !== 'usd') return `${Math.round(count)} ${limit}`;
  const usd = count / 1e6;
  return `${usd === 0 || usd >= 0.1 ? Number(usd.toFixed(2)) : Number(usd.toPrecision(2))} USD`;
}

/** What to type to go on: twice the limit, for a deadline a later one. */
export function raiseCommand(id: string, budget: Budget, limit: Limit, spent: Cost): string {
  if (limit === 'deadline') return `npx hardgen campaign set ${id} --deadline LATER`;
  // A limit may have been set far below what was spent already: twice that would be too low again.
  const used = Number((limit === 'usd' ? spent.microUsd / 1e6 : spent[limit]).toPrecision(2));
  return `npx hardgen campaign set ${id} --${limit === 'usd' ? 'budget' : limit} ${Math.max(budget[limit] ?? 1, used) * 2}`;
}

/** What a reply costs in millionths of a USD, at a `price` in USD per million tokens. */
export const priceOf = (usage: { inputTokens: number; outputTokens: number }, price: { input: number; output: number }): number =>
  Math.round(usage.inputTokens * price.input + usage.outputTokens * price.output);

/** Ended items so far: what all of them cost, and those that ran to their own end. */
export interface CostTally {
  spent: Cost;
  whole: { items: number; cost: Cost };
}

export const NO_TALLY: CostTally = { spent: NO_COST, whole: { items: 0, cost: NO_COST } };

export function addResult({ spent, whole }: CostTally, { outcome, spend }: ItemResult): CostTally {
  const cost = costOf(spend);
  const isWhole = outcome.kind === 'verified' || (outcome.kind === 'rejected' && outcome.reason !== 'surplus');
  return { spent: addCost(spent, cost), whole: isWhole ? { items: whole.items + 1, cost: addCost(whole.cost, cost) } : whole };
}

/** Mean cost of the items that ran to their own end; `guess` until there is one. Those cut short would make it too small. */
export function expectedCost({ whole: { items, cost } }: CostTally, guess: Cost): { cost: Cost; measured: boolean } {
  if (items === 0) return { cost: guess, measured: false };
  return { cost: { microUsd: cost.microUsd / items, tokens: cost.tokens / items, calls: cost.calls / items }, measured: true };
}

/**
 * A first guess of one item's cost, until some have ended: calls as `rail` with the paper's shape needs them, 1,500 tokens
 * in and 150 out each, at the dearest price among the models of the file.
 */
export function guessCost(campaign: CampaignFile, kind: 'probe' | 'trajectory'): Cost {
  const calls = kind === 'trajectory' ? 12 : 6 + 4 * campaign.models.targets.length * campaign.selfEvaluation.attempts;
  const prices = [...Object.values(campaign.models.roles), ...campaign.models.targets].map((use) => (typeof use === 'string' ? undefined : campaign.models.endpoints[use.endpoint]?.price));
  const dearest = (side: 'input' | 'output'): number => Math.max(0, ...prices.map((price) => price?.[side] ?? 0));
  return { calls, tokens: calls * 1_650, microUsd: calls * (1_500 * dearest('input') + 150 * dearest('output')) };
}

/** What the signal `set` may change; `null` takes a limit away, what is left out stays. */
export interface SetOrder {
  window?: number;
  budget?: { [limit in Limit]?: NonNullable<Budget[limit]> | null };
}

export function changeBudget(budget: Budget, change: SetOrder['budget'] = {}): Budget {
  const changed: Budget = { ...budget };
  for (const limit of LIMITS) {
    const value = change[limit];
    if (value === null) delete changed[limit];
    else if (value !== undefined) Object.assign(changed, { [limit]: value });
  }
  return changed;
}

/** Why an order cannot be used, as a sentence; a signal comes unchecked from whoever sent it. */
export function complainAbout(order: unknown): string | undefined {
  if (!isObject(order)) return `Expected {window, budget} in the signal \`set\`, got \`${JSON.stringify(order) ?? 'nothing'}\``;
  const unknown = Object.keys(order).find((key) => key !== 'window' && key !== 'budget');
  if (unknown !== undefined) return `Expected \`window\` or \`budget\` in the signal \`set\`, got \`${unknown}\``;
  if (order.window !== undefined && !isCount(order.window)) return wrong('window', 'an integer from 1', order.window);
  if (order.budget === undefined) return undefined;
  if (!isObject(order.budget)) return wrong('budget', 'an object of usd, tokens, calls and deadline', order.budget);
  for (const [limit, value] of Object.entries(order.budget)) {
    if (!LIMITS.some((known) => known === limit)) return wrong('budget', 'usd, tokens, calls or deadline', limit);
    if (value === null) continue;
    if (limit === 'deadline' ? typeof value !== 'string' || Number.isNaN(Date.parse(value)) : limit === 'usd' ? typeof value !== 'number' || !(value > 0) : !isCount(value)) {
      return wrong(`budget.${limit}`, limit === 'deadline' ? 'an ISO time such as 2026-01-31T18:00:00Z' : limit === 'usd' ? 'a number above 0' : 'an integer from 1', value);
    }
  }
  return undefined;
}

const wrong = (key: string, expected: string, got: unknown): string => `Expected \`${key}\` to be ${expected}, got \`${JSON.stringify(got)}\` (signal set)`;
const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 1;
