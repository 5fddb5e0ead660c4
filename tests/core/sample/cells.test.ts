import fc from 'fast-check';
import { PAPER_CALLS, assignItem, planCells } from '../../../src/core/sample/cells';
import { cellId, type Cell } from '../../../src/core/trace';
import type { CellQuota } from '../../../src/core/campaign/manifest';

const total = (plan: CellQuota[], keep: (cell: Cell) => boolean = () => true): number => plan.filter(({ cell }) => keep(cell)).reduce((sum, { quota }) => sum + quota, 0);
const paper = (worlds: { id: string; share: number }[], verified: number): CellQuota[] => planCells({ worlds, verified, calls: 'paper', turns: 'paper' });
const one = [{ id: 'rail', share: 1 }];

describe('quotas of accepted rows', () => {
  test('the paper’s call weights sum to 1, have mean 3.21 and 62.1 % with three or more', () => {
    const entries = Object.entries(PAPER_CALLS).map(([calls, share]) => [Number(calls), share] as const);
    expect(entries.reduce((sum, [, share]) => sum + share, 0)).toBeCloseTo(1, 9);
    expect(entries.reduce((sum, [calls, share]) => sum + calls * share, 0)).toBeCloseTo(3.21, 9);
    expect(entries.filter(([calls]) => calls >= 3).reduce((sum, [, share]) => sum + share, 0)).toBeCloseTo(0.621, 9);
  });

  test('a thousand rows of the paper’s shape hold 637 multi-turn ones and 621 with three or more calls', () => {
    const plan = paper(one, 1000);
    expect(Object.fromEntries(plan.map(({ cell, quota }) => [cellId(cell), quota]))).toEqual({
      'rail/1/single': 149, 'rail/2/single': 110, 'rail/2/multi': 120, 'rail/3-4/single': 92, 'rail/3-4/multi': 338, 'rail/5-8/single': 12, 'rail/5-8/multi': 179,
    });
  });

  test('the quotas sum to the target, and every world and every shape is within one row of its share', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 300 }), fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 }), (verified, shares) => {
      const worlds = shares.map((share, position) => ({ id: `w${position}`, share }));
      const plan = paper(worlds, verified);
      const sum = shares.reduce((a, b) => a + b, 0);
      expect(total(plan)).toBe(verified);
      for (const world of worlds) expect(Math.abs(total(plan, (cell) => cell.world === world.id) - (verified * world.share) / sum)).toBeLessThan(1);
      expect(Math.abs(total(plan, (cell) => cell.calls === '5-8' && cell.turns === 'multi') - verified * 0.179)).toBeLessThan(1);
    }));
  });

  test('a rare shape is given to one world rather than rounded away in each', () => {
    const worlds = ['a', 'b', 'c', 'd'].map((id) => ({ id, share: 1 }));
    expect(total(paper(worlds, 80), (cell) => cell.calls === '5-8' && cell.turns === 'single')).toBe(1);
  });

  test('one call is never multi-turn, even when all rows are to be', () => {
    const plan = planCells({ worlds: one, verified: 10, calls: { '1': 1, '2': 1 }, turns: { multi: 1 } });
    expect(plan.filter(({ quota }) => quota > 0).map(({ cell, quota }) => [cellId(cell), quota])).toEqual([['rail/1/single', 5], ['rail/2/multi', 5]]);
  });

  test('own weights of turns hold in total while the bands keep theirs', () => {
    const plan = planCells({ worlds: one, verified: 1000, calls: 'paper', turns: { single: 4, multi: 6 } });
    expect(total(plan, (cell) => cell.turns === 'multi')).toBeCloseTo(600, -1);
    expect(total(plan, (cell) => cell.calls === '2')).toBeCloseTo(230, -1);
  });

  test('an unknown band and weights that are all zero are refused by name', () => {
    expect(() => planCells({ worlds: one, verified: 1, calls: { '6': 1 }, turns: 'paper' })).toThrow('Expected the keys of shape.calls to be among 1, 2, 3-4, 5-8, got `6`');
    expect(() => planCells({ worlds: one, verified: 1, calls: 'paper', turns: { single: 0 } })).toThrow('Expected the shape.turns to hold a weight above 0');
  });
});

describe('the cell of an item', () => {
  const plan = paper([{ id: 'a', share: 2 }, { id: 'b', share: 1 }], 60);
  const counts = (n: number): Map<string, number> => {
    const seen = new Map<string, number>();
    for (let index = 0; index < n; index++) {
      const id = cellId(assignItem(plan, 7, index).cell);
      seen.set(id, (seen.get(id) ?? 0) + 1);
    }
    return seen;
  };

  test('depends on plan, seed and index alone', () => {
    expect(assignItem(plan, 7, 41)).toEqual(assignItem(plan, 7, 41));
    expect([0, 1, 2, 3].map((index) => assignItem(plan, 8, index))).not.toEqual([0, 1, 2, 3].map((index) => assignItem(plan, 7, index)));
  });

  test('is never one without a quota', () => {
    const empty = new Set(plan.filter(({ quota }) => quota === 0).map(({ cell }) => cellId(cell)));
    expect([...counts(2000).keys()].filter((id) => empty.has(id))).toEqual([]);
  });

  test('with twice as many items as rows, every cell has at least its quota of items', () => {
    const seen = counts(120);
    expect(plan.filter(({ cell, quota }) => (seen.get(cellId(cell)) ?? 0) < quota).map(({ cell }) => cellId(cell))).toEqual([]);
  });

  test('harder cells get more items per row', () => {
    const seen = counts(6000);
    const perRow = (id: string): number => (seen.get(id) ?? 0) / (plan.find(({ cell }) => cellId(cell) === id)?.quota ?? 1);
    expect(perRow('a/5-8/multi')).toBeGreaterThan(1.3 * perRow('a/3-4/multi'));
    expect(perRow('a/3-4/multi')).toBeGreaterThan(1.3 * perRow('a/1/single'));
  });

  test('an item of a plan without quotas is refused', () => {
    expect(() => assignItem(plan.map((entry) => ({ ...entry, quota: 0 })), 7, 0)).toThrow('Expected the quotas of the plan to hold a weight above 0');
  });
});
