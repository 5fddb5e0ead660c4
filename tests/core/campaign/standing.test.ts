import fc from 'fast-check';
import type { CampaignPlan } from '../../../src/core/campaign/manifest';
import { NO_SPEND, type ItemResult } from '../../../src/core/campaign/progress';
import { applyResult, nextItem, openStandings, surplusItems, type Standings } from '../../../src/core/campaign/standing';
import { isSurplus, selectDataset } from '../../../src/core/sample/selection';
import { cellId, type Cell } from '../../../src/core/trace';

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

describe('one pass over the items', () => {
  interface Asked {
    plan: CampaignPlan;
    standings: Standings;
    waiting: number[];
    running: Set<number>;
  }

  /** The decision as its definition says it, each item against all below. */
  function nextByDefinition({ plan, standings, waiting, running }: Asked): number | undefined {
    const covered = (index: number): boolean => {
      const below = standings.slice(0, index);
      const cell = standings[index]?.cell ?? '';
      const needed = (plan.quotas.find((entry) => cellId(entry.cell) === cell)?.quota ?? 0) - below.filter((item) => item.cell === cell && running.has(item.index)).length;
      return selectDataset(plan.quotas, below).filter((selected) => standings[selected]?.cell === cell).length >= needed;
    };
    return waiting.find((index) => !covered(index) && !isSurplus(plan.quotas, standings.slice(0, index + 1), index));
  }

  const LONG: Cell = { world: 'files', calls: '5-8', turns: 'single' };
  const item = fc.record({
    cell: fc.constantFrom(S, S, M, M, 'files/5-8/single'), calls: fc.integer({ min: 0, max: 4 }),
    state: fc.constantFrom('verified', 'verified', 'verified', 'rejected', 'failed', 'known', 'running', 'waiting'),
  });
  const asked = fc.tuple(fc.array(item, { maxLength: 24 }), fc.nat({ max: 5 }), fc.nat({ max: 5 }), fc.nat({ max: 2 })).map(([items, single, multi, long]): Asked => {
    const plan = { ...planOf(items.map(({ cell }) => cell), { single, multi }), quotas: [{ cell: SINGLE, quota: single }, { cell: MULTI, quota: multi }, { cell: LONG, quota: long }] };
    const standings = openStandings(plan);
    items.forEach(({ state, calls }, index) => {
      const signature = `#${calls}`;
      if (state === 'verified') applyResult(standings, verified(index, signature));
      if (state === 'rejected') applyResult(standings, { ...verified(index, signature), outcome: { kind: 'rejected', reason: 'attempts' } });
      if (state === 'failed' || state === 'known') applyResult(standings, { ...verified(index, state === 'known' ? signature : ''), outcome: { kind: 'failed', reason: 'disk' } });
    });
    const are = (state: string): number[] => items.flatMap((entry, index) => (entry.state === state ? [index] : []));
    return { plan, standings, waiting: are('waiting'), running: new Set(are('running')) };
  });

  it('chooses the item that the definition chooses', () => {
    fc.assert(fc.property(asked, (input) => {
      expect(nextItem(input)).toBe(nextByDefinition(input));
    }), { numRuns: 5000 });
  });

  it('finds the running items surplus that the definition finds', () => {
    fc.assert(fc.property(asked, (input) => {
      expect(surplusItems(input)).toEqual([...input.running].filter((index) => isSurplus(input.plan.quotas, input.standings.slice(0, index + 1), index)));
    }), { numRuns: 5000 });
  });

  it('decides among 27,000 items within milliseconds', () => {
    const cells = Array.from({ length: 27_000 }, (_unused, index) => (index % 3 === 0 ? S : M));
    const plan = planOf(cells, { single: 9_000, multi: 18_000 });
    const standings = after(plan, cells.slice(0, 26_700).map((_cell, index) => verified(index, `#${index}`)));
    const waiting = Array.from({ length: 200 }, (_unused, offset) => 26_800 + offset);
    const running = new Set(Array.from({ length: 64 }, (_unused, offset) => 26_710 + offset));
    const began = performance.now();
    for (let round = 0; round < 10; round++) {
      expect(nextItem({ plan, standings, waiting, running })).toBe(26_800);
      expect(surplusItems({ plan, standings, running })).toEqual([]);
    }
    // Twenty passes of some 15 ms each; the room is for a busy machine.
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});
