import type { CampaignPlan } from '../../../src/core/campaign/manifest';
import { NO_SPEND, type ItemResult } from '../../../src/core/campaign/progress';
import { applyResult, nextItem, openStandings, type Standings } from '../../../src/core/campaign/standing';
import type { Cell } from '../../../src/core/trace';

const SINGLE: Cell = { world: 'files', calls: '2', turns: 'single' };
const MULTI: Cell = { world: 'files', calls: '2', turns: 'multi' };
const S = 'files/2/single';
const M = 'files/2/multi';

function planOf(cellOf: string[], quotas: { single: number; multi: number }): CampaignPlan {
  return {
    id: 'c', worlds: ['files'], probes: 0, targets: 1, maxItems: cellOf.length, cellOf, window: 4, round: 50,
    quotas: [{ cell: SINGLE, quota: quotas.single }, { cell: MULTI, quota: quotas.multi }],
    settings: { kMax: 3, toolMakerTries: 3, queryTries: 3, feedbackRetries: 2, rewriteTries: 2, maxSteps: 12, probeAttempts: 1, failuresNeeded: 1, advancedTool: true, feedback: true },
  };
}

const verified = (item: number, signature: string): ItemResult => ({ item, outcome: { kind: 'verified' }, spend: NO_SPEND, signature, attempts: [] });

function after(plan: CampaignPlan, results: ItemResult[]): Standings {
  const standings = openStandings(plan);
  for (const result of results) applyResult(standings, result);
  return standings;
}

describe('the next item worth paying for', () => {
  it('is the lowest that waits, while its cell has room', () => {
    const plan = planOf([M, M, M], { single: 0, multi: 2 });
    expect(nextItem({ plan, standings: openStandings(plan), waiting: [1, 2], running: new Set([0]) })).toBe(1);
  });

  it('is none when running items of lower index could fill the cell', () => {
    const plan = planOf([M, M, M], { single: 0, multi: 2 });
    expect(nextItem({ plan, standings: openStandings(plan), waiting: [2], running: new Set([0, 1]) })).toBeUndefined();
  });

  it('is none when the cell is full', () => {
    const plan = planOf([M, M, M], { single: 0, multi: 2 });
    expect(nextItem({ plan, standings: after(plan, [verified(0, 'a'), verified(1, 'b')]), waiting: [2], running: new Set() })).toBeUndefined();
  });

  it('follows when two items of the cell made the same calls: they are one row', () => {
    const plan = planOf([M, M, M], { single: 0, multi: 2 });
    expect(nextItem({ plan, standings: after(plan, [verified(0, 'a'), verified(1, 'a')]), waiting: [2], running: new Set() })).toBe(2);
  });

  it('follows when an item of another cell with lower index made the same calls: that one is the row', () => {
    const plan = planOf([S, M, M, M], { single: 1, multi: 2 });
    const standings = after(plan, [verified(0, 'a'), verified(1, 'b'), verified(2, 'a')]);
    expect(nextItem({ plan, standings, waiting: [3], running: new Set() })).toBe(3);
  });
});
