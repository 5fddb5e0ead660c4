import { addResult, breaksLimit, changeBudget, complainAbout, expectedCost, guessCost, NO_COST, NO_TALLY, raiseCommand, reachedLimit, type Cost } from '../../../src/core/campaign/budget';
import { costReport, type ItemResult } from '../../../src/core/campaign/progress';
import type { Outcome } from '../../../src/core/outcome';
import { railCampaign } from '../../fixtures/rig';

const NOON = Date.parse('2026-01-31T12:00:00Z');
const cost = (usd: number, tokens = 0, calls = 0): Cost => ({ microUsd: usd * 1e6, tokens, calls });
const result = (item: number, outcome: Outcome, calls: number): ItemResult =>
  ({ item, outcome, spend: { accepted: calls, attempts: calls, inputTokens: 900 * calls, outputTokens: 100 * calls, costMicroUsd: 1000 * calls }, signature: '', attempts: [] });

describe('a limit is reached', () => {
  it.each([
    ['money', { usd: 5 }, cost(5), 'budget of 5 USD reached: 5 USD spent'],
    ['cents', { usd: 0.05 }, cost(0.0512), 'budget of 0.05 USD reached: 0.051 USD spent'],
    ['tokens', { tokens: 1000 }, cost(1, 1200), 'budget of 1000 tokens reached: 1200 tokens spent'],
    ['calls', { calls: 10 }, cost(1, 0, 10), 'budget of 10 calls reached: 10 calls spent'],
    ['time', { deadline: '2026-01-31T13:00:00+01:00' }, cost(1.5), 'deadline of 2026-01-31T13:00:00+01:00 reached: 1.5 USD spent'],
  ])('by %s as soon as it is used up, not only when it is passed', (_name, budget, spent, says) => {
    expect(reachedLimit(budget, spent, NOON)?.says).toBe(says);
  });

  it('never where there is none', () => {
    expect(reachedLimit({}, cost(1e6, 1e9, 1e9), NOON)).toBeUndefined();
    expect(reachedLimit({ usd: 5, calls: 10, deadline: '2026-01-31T12:00:01Z' }, cost(4.99, 1e9, 9), NOON)).toBeUndefined();
  });
});

describe('a new item is begun only when it would end inside the limits', () => {
  const budget = { usd: 1 };
  const with_ = (spentUsd: number, running: number): string | undefined =>
    breaksLimit({ budget, spent: cost(spentUsd), running, expected: cost(0.1), measured: true, now: NOON })?.says;

  it('counting what running items are still expected to need', () => {
    expect(with_(0.5, 4)).toBeUndefined();
    expect(with_(0.5, 5)).toBe('budget of 1 USD reached: 0.5 USD spent, and the next item needs about 0.1 USD');
  });

  it('and before a deadline, at the time such an item takes', () => {
    const at = (typicalMs: number | undefined): string | undefined =>
      breaksLimit({ budget: { deadline: '2026-01-31T12:01:00Z' }, spent: cost(2), running: 3, expected: NO_COST, measured: true, typicalMs, now: NOON })?.limit;
    expect([at(undefined), at(59_000), at(61_000)]).toEqual([undefined, undefined, 'deadline']);
  });

  it('one alone may measure what an item costs, however large the first guess', () => {
    const first = (spentUsd: number, running: number): boolean => breaksLimit({ budget, spent: cost(spentUsd), running, expected: cost(50), measured: false, now: NOON }) === undefined;
    expect([first(0, 0), first(0, 1), first(1, 0)]).toEqual([true, false, false]);
  });
});

describe('the expected cost of an item', () => {
  it('is the mean of those that ran to their end: not of surplus, blocked or failed ones', () => {
    const results = [
      result(0, { kind: 'verified' }, 10), result(1, { kind: 'rejected', reason: 'attempts' }, 20), result(2, { kind: 'rejected', reason: 'surplus' }, 1),
      result(3, { kind: 'failed', reason: 'bug' }, 1), result(4, { kind: 'blocked', reason: 'key' }, 1),
    ];
    expect(expectedCost(results.reduce(addResult, NO_TALLY), NO_COST)).toEqual({ cost: { microUsd: 15_000, tokens: 15_000, calls: 15 }, measured: true });
  });

  it('is a guess at the dearest price of the file while none has ended', () => {
    const { campaign } = railCampaign();
    const priced = { ...campaign, models: { ...campaign.models, endpoints: { paid: { baseURL: 'http://x/v1', concurrency: 1, timeoutSeconds: 1, price: { input: 2, output: 10 }, headers: {}, extraBody: {} } }, targets: [{ endpoint: 'paid', model: 'm' }] } };
    expect(guessCost(campaign, 'trajectory')).toEqual({ calls: 12, tokens: 19_800, microUsd: 0 });
    expect(guessCost(priced, 'trajectory').microUsd).toBe(12 * (1_500 * 2 + 150 * 10));
    expect(expectedCost(NO_TALLY, guessCost(priced, 'trajectory'))).toEqual({ cost: guessCost(priced, 'trajectory'), measured: false });
  });
});

describe('an order to change limits', () => {
  it('changes what it names, takes away what is null and leaves the rest', () => {
    expect(changeBudget({ usd: 5, calls: 100, tokens: 7 }, { usd: 10, calls: null })).toEqual({ usd: 10, tokens: 7 });
    expect(changeBudget({ usd: 5 }, undefined)).toEqual({ usd: 5 });
  });

  it.each([
    [{ window: 0 }, 'Expected `window` to be an integer from 1, got `0` (signal set)'],
    [{ budget: { usd: '5' } }, 'Expected `budget.usd` to be a number above 0, got `"5"` (signal set)'],
    [{ budget: { calls: 1.5 } }, 'Expected `budget.calls` to be an integer from 1, got `1.5` (signal set)'],
    [{ budget: { deadline: 'soon' } }, 'Expected `budget.deadline` to be an ISO time such as 2026-01-31T18:00:00Z, got `"soon"` (signal set)'],
    [{ budget: { money: 1 } }, 'Expected `budget` to be usd, tokens, calls or deadline, got `"money"` (signal set)'],
    [{ size: 3 }, 'Expected `window` or `budget` in the signal `set`, got `size`'],
    ['10', 'Expected {window, budget} in the signal `set`, got `"10"`'],
  ])('that cannot be used is answered with a sentence: %j', (order, says) => expect(complainAbout(order)).toBe(says));

  it.each([[{ window: 1 }], [{ budget: { usd: 0.5, calls: 3, tokens: null, deadline: '2026-01-31T18:00:00Z' } }]])('in order is %j', (order) => expect(complainAbout(order)).toBeUndefined());
});

it('the way on is the command with twice the limit', () => {
  expect(raiseCommand('c', { usd: 5 }, 'usd', NO_COST)).toBe('npx hardgen campaign set c --budget 10');
  expect(raiseCommand('c', { calls: 100 }, 'calls', NO_COST)).toBe('npx hardgen campaign set c --calls 200');
  expect(raiseCommand('c', { deadline: 'x' }, 'deadline', NO_COST)).toBe('npx hardgen campaign set c --deadline LATER');
});

it('a limit that was set far below what was spent is raised above that', () => {
  expect(raiseCommand('c', { usd: 1 }, 'usd', { ...NO_COST, microUsd: 5_230_000 })).toBe('npx hardgen campaign set c --budget 10.4');
});

describe('the cost report', () => {
  it('puts every cent at a reason, and all of them on the verified rows', () => {
    const report = costReport({ probes: [result(0, { kind: 'verified' }, 10)], items: [result(0, { kind: 'verified' }, 20), result(1, { kind: 'rejected', reason: 'query' }, 5), result(2, { kind: 'rejected', reason: 'query' }, 5)], rows: 1 });
    expect(report.byReason).toMatchObject({ 'self-evaluation': { items: 1, calls: 10 }, 'verified': { items: 1, tokens: 20_000 }, 'query': { items: 2, calls: 10 } });
    expect(report.perVerifiedUsd).toBeCloseTo(0.04);
  });

  it('has no cost per row while there is none', () => {
    expect(costReport({ probes: [], items: [result(0, { kind: 'failed', reason: 'bug' }, 1)], rows: 0 })).toMatchObject({ perVerifiedUsd: null, byReason: { failed: { items: 1 } } });
  });
});
