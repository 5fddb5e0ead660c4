import fc from 'fast-check';
import type { CellQuota } from '../../../src/core/campaign/manifest';
import { NO_SPEND, type ItemResult } from '../../../src/core/campaign/progress';
import { applyResult, nextItem, openStandings, sumUp, surplusItems, type Standings } from '../../../src/core/campaign/standing';
import { kinOf } from '../../../src/core/sample/cells';
import { selectDataset } from '../../../src/core/sample/selection';
import { cellId, type Cell } from '../../../src/core/trace';

const SINGLE: Cell = { world: 'files', calls: '2', turns: 'single' };
const MULTI: Cell = { world: 'files', calls: '2', turns: 'multi' };
const S = 'files/2/single';
const M = 'files/2/multi';

interface Plan {
  cells: string[];
  quotas: CellQuota[];
}

const planOf = (cells: string[], quotas: { single: number; multi: number }): Plan => ({ cells, quotas: [{ cell: SINGLE, quota: quotas.single }, { cell: MULTI, quota: quotas.multi }] });

const verified = (item: number, signature: string): ItemResult => ({ item, outcome: { kind: 'verified' }, spend: NO_SPEND, signature, attempts: [] });

function after({ cells }: Plan, results: ItemResult[]): Standings {
  const standings = openStandings(cells);
  for (const result of results) applyResult(standings, result);
  return standings;
}

describe('the next item worth paying for', () => {
  it('is the lowest that waits, while its cell has room', () => {
    const plan = planOf([M, M, M], { single: 0, multi: 2 });
    expect(nextItem({ ...plan, standings: openStandings(plan.cells), waiting: [1, 2], running: new Set([0]) })).toBe(1);
  });

  it('is none when running items of lower index could fill the cell', () => {
    const plan = planOf([M, M, M], { single: 0, multi: 2 });
    expect(nextItem({ ...plan, standings: openStandings(plan.cells), waiting: [2], running: new Set([0, 1]) })).toBeUndefined();
  });

  it('is none when the cell is full', () => {
    const plan = planOf([M, M, M], { single: 0, multi: 2 });
    expect(nextItem({ ...plan, standings: after(plan, [verified(0, 'a'), verified(1, 'b')]), waiting: [2], running: new Set() })).toBeUndefined();
  });

  it('follows when two items of the cell made the same calls: they are one row', () => {
    const plan = planOf([M, M, M], { single: 0, multi: 2 });
    expect(nextItem({ ...plan, standings: after(plan, [verified(0, 'a'), verified(1, 'a')]), waiting: [2], running: new Set() })).toBe(2);
  });

  it('follows when an item of another cell with lower index made the same calls: that one is the row', () => {
    const plan = planOf([S, M, M, M], { single: 1, multi: 2 });
    const standings = after(plan, [verified(0, 'a'), verified(1, 'b'), verified(2, 'a')]);
    expect(nextItem({ ...plan, standings, waiting: [3], running: new Set() })).toBe(3);
  });
});

describe('one pass over the items', () => {
  interface Asked {
    quotas: CellQuota[];
    standings: Standings;
    waiting: number[];
    running: Set<number>;
  }

  const quotaOf = (quotas: readonly CellQuota[], cell: string): number => quotas.find((entry) => cellId(entry.cell) === cell)?.quota ?? 0;
  const selectedIn = ({ quotas, standings }: Asked, cell: string, upTo: number): number =>
    selectDataset(quotas, standings.slice(0, upTo)).filter((selected) => standings[selected]?.cell === cell).length;

  /** As the definition says it: each item against all below, enough of them being out of every open one's reach. */
  function isSurplus(asked: Asked, index: number): boolean {
    const cell = asked.standings[index]?.cell ?? '';
    const below = asked.standings.slice(0, index);
    if (!below.some((item) => item.open)) return selectedIn(asked, cell, index) >= quotaOf(asked.quotas, cell);
    const kin = below.filter((item) => item.cell !== cell && kinOf(asked.quotas, cell).includes(item.cell));
    const verifiedFirst = below.filter((item) => item.verified && item.cell === cell && !below.some((other) => other.verified && other.signature === item.signature && other.index < item.index && (other.cell === cell || kin.includes(other))));
    const threats = kin.filter((item) => item.open && (item.signature === '' || verifiedFirst.some(({ signature }) => signature === item.signature)));
    return verifiedFirst.length - threats.length >= quotaOf(asked.quotas, cell);
  }

  function nextByDefinition(asked: Asked): number | undefined {
    const covered = (index: number): boolean => {
      const cell = asked.standings[index]?.cell ?? '';
      const running = asked.standings.slice(0, index).filter((item) => item.cell === cell && asked.running.has(item.index)).length;
      return selectedIn(asked, cell, index) >= quotaOf(asked.quotas, cell) - running;
    };
    return asked.waiting.find((index) => !covered(index) && !isSurplus(asked, index));
  }

  const LONG: Cell = { world: 'files', calls: '5-8', turns: 'single' };
  const item = fc.record({
    cell: fc.constantFrom(S, S, M, M, 'files/5-8/single'), calls: fc.integer({ min: 0, max: 4 }),
    state: fc.constantFrom('verified', 'verified', 'verified', 'rejected', 'failed', 'known', 'running', 'waiting'),
  });
  const asked = fc.tuple(fc.array(item, { maxLength: 24 }), fc.nat({ max: 5 }), fc.nat({ max: 5 }), fc.nat({ max: 2 })).map(([items, single, multi, long]): Asked => {
    const quotas = [{ cell: SINGLE, quota: single }, { cell: MULTI, quota: multi }, { cell: LONG, quota: long }];
    const standings = openStandings(items.map(({ cell }) => cell));
    items.forEach(({ state, calls }, index) => {
      const signature = `#${calls}`;
      if (state === 'verified') applyResult(standings, verified(index, signature));
      if (state === 'rejected') applyResult(standings, { ...verified(index, signature), outcome: { kind: 'rejected', reason: 'attempts' } });
      if (state === 'failed' || state === 'known') applyResult(standings, { ...verified(index, state === 'known' ? signature : ''), outcome: { kind: 'failed', reason: 'disk' } });
    });
    const are = (state: string): number[] => items.flatMap((entry, index) => (entry.state === state ? [index] : []));
    return { quotas, standings, waiting: are('waiting'), running: new Set(are('running')) };
  });

  it('chooses the item that the definition chooses', () => {
    fc.assert(fc.property(asked, (input) => {
      expect(nextItem(input)).toBe(nextByDefinition(input));
    }), { numRuns: 5000 });
  });

  it('finds the running items surplus that the definition finds', () => {
    fc.assert(fc.property(asked, (input) => {
      expect(surplusItems(input)).toEqual([...input.running].filter((index) => isSurplus(input, index)));
    }), { numRuns: 5000 });
  });

  it('decides the same when items of earlier rounds, none of which still runs, are summed up', () => {
    const cut = fc.tuple(asked, fc.nat({ max: 24 }));
    fc.assert(fc.property(cut, ([input, at]) => {
      const lowest = Math.min(...input.running, ...input.waiting, input.standings.length);
      const upTo = Math.min(at, lowest);
      // Equal calls stand on one side only.
      const standings = input.standings.map((item) => (item.signature === '' || item.index < upTo ? item : { ...item, signature: `later ${item.signature}` }));
      const whole = { ...input, standings };
      const cutUp = { ...whole, standings: standings.slice(upTo), earlier: sumUp(input.quotas, standings.slice(0, upTo)) };
      expect(nextItem(cutUp)).toBe(nextItem(whole));
      expect(surplusItems(cutUp)).toEqual(surplusItems(whole));
    }), { numRuns: 5000 });
  });

  it('decides by a few hundred numbers after 27,000 items', () => {
    const cells = Array.from({ length: 27_000 }, (_unused, index) => (index % 3 === 0 ? S : M));
    const plan = planOf(cells, { single: 9_000, multi: 18_000 });
    const ended = after(plan, cells.slice(0, 26_700).map((_cell, index) => verified(index, `#${index}`))).slice(0, 26_700);
    const earlier = sumUp(plan.quotas, ended);
    expect(JSON.stringify(earlier).length).toBeLessThan(1_000);
    const choice = { ...plan, earlier, standings: openStandings(cells.slice(26_700), 26_700), running: new Set([26_710, 26_711]) };
    expect(nextItem({ ...choice, waiting: [26_800, 26_801] })).toBe(26_800);
    expect(surplusItems(choice)).toEqual([]);
  });
});
