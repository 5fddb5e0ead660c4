import fc from 'fast-check';
import { certainRows, isFinal, selectDataset, type ItemStanding } from '../../../src/core/sample/selection';
import type { CellQuota } from '../../../src/core/campaign/manifest';
import { surplusItems } from '../../../src/core/campaign/standing';

const SINGLE = 'toy/2/single';
const MULTI = 'toy/2/multi';
const LONG = 'toy/3-4/multi';
const plan = (single: number, multi: number, long = 0): CellQuota[] => [
  { cell: { world: 'toy', calls: '2', turns: 'single' }, quota: single },
  { cell: { world: 'toy', calls: '2', turns: 'multi' }, quota: multi },
  { cell: { world: 'toy', calls: '3-4', turns: 'multi' }, quota: long },
];
const verified = (index: number, cell: string, signature = `s${index}`): ItemStanding => ({ index, cell, verified: true, signature });
const rejected = (index: number, cell: string): ItemStanding => ({ index, cell, verified: false, signature: `s${index}` });
const open = (index: number, cell: string, signature = ''): ItemStanding => ({ index, cell, verified: false, open: true, signature });
/** Among all that is open. */
const surplusOf = (quotas: CellQuota[], items: ItemStanding[]): number[] =>
  surplusItems({ quotas, standings: items, running: new Set(items.filter((item) => item.open).map(({ index }) => index)) });

describe('the dataset', () => {
  test('holds per cell the first verified items by index, merged by index', () => {
    const items = [verified(3, SINGLE), verified(0, MULTI), rejected(1, SINGLE), verified(2, SINGLE), verified(4, SINGLE)];
    expect(selectDataset(plan(2, 1), items)).toEqual([0, 2, 3]);
  });

  test('passes over an item whose calls equal those of a selected one of lower index, in whatever cell', () => {
    const items = [verified(0, MULTI, 'same'), verified(1, SINGLE, 'same'), verified(2, SINGLE), verified(3, MULTI)];
    expect(selectDataset(plan(1, 1), items)).toEqual([0, 2]);
  });

  test('an unmet cell is not filled from another', () => {
    expect(selectDataset(plan(1, 5), [verified(0, SINGLE), verified(1, SINGLE), verified(2, MULTI)])).toEqual([0, 2]);
  });
});

describe('what may still change', () => {
  test('an item is surplus once its cell has its quota of lower index', () => {
    expect(surplusOf(plan(1, 0), [verified(0, SINGLE), open(1, SINGLE)])).toEqual([1]);
    expect(surplusOf(plan(2, 0), [verified(0, SINGLE), open(1, SINGLE)])).toEqual([]);
  });

  test('an item of higher index that was faster makes nothing surplus', () => {
    expect(surplusOf(plan(1, 0), [open(0, SINGLE), verified(1, SINGLE)])).toEqual([]);
  });

  test('an open item of another kind holds nobody up, one that may make the same calls does', () => {
    expect(surplusOf(plan(1, 1, 1), [open(0, LONG), verified(1, SINGLE), open(2, SINGLE)])).toEqual([2]);
    expect(surplusOf(plan(1, 1, 1), [open(0, MULTI), verified(1, SINGLE), open(2, SINGLE)])).toEqual([]);
    expect(surplusOf(plan(1, 1, 1), [open(0, MULTI, 'other'), verified(1, SINGLE), open(2, SINGLE)])).toEqual([2]);
  });

  test('the dataset is final when nothing below a cut is open, and open items above it do not matter', () => {
    expect(isFinal(plan(1, 0), [verified(0, SINGLE), open(1, SINGLE)])).toBe(true);
    expect(isFinal(plan(1, 0), [open(0, SINGLE), verified(1, SINGLE)])).toBe(false);
    expect(isFinal(plan(1, 0), [rejected(0, SINGLE), verified(1, SINGLE), open(2, MULTI)])).toBe(true);
  });

  test('an export of a running campaign leaves out a row that an earlier item may displace', () => {
    expect(certainRows(plan(1, 1), [verified(0, MULTI), open(1, SINGLE, 'x'), verified(2, SINGLE)])).toEqual([0]);
  });

  const standing = fc.record({ cell: fc.constantFrom(SINGLE, MULTI, LONG), state: fc.constantFrom('open', 'verified', 'rejected'), calls: fc.integer({ min: 0, max: 3 }), known: fc.boolean(), ends: fc.boolean() });
  const campaign = fc.array(standing, { maxLength: 12 }).map((rows) => {
    const sign = (row: (typeof rows)[number]): string => `${row.cell.replace(/\/[a-z]+$/, '')}#${row.calls}`;
    const now = rows.map((row, index): ItemStanding => ({
      index, cell: row.cell, verified: row.state === 'verified', signature: row.state === 'open' && !row.known ? '' : sign(row), ...(row.state === 'open' ? { open: true } : {}),
    }));
    const end = rows.map((row, index): ItemStanding => ({ index, cell: row.cell, verified: row.state === 'verified' || (row.state === 'open' && row.ends), signature: sign(row) }));
    return { now, end };
  });
  const quotas = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 2 })).map((q) => plan(...q));
  const runs = { numRuns: 3000 };

  test('a final dataset stays the same however the open items end', () => {
    fc.assert(fc.property(quotas, campaign, (cells, { now, end }) => {
      fc.pre(isFinal(cells, now));
      expect(selectDataset(cells, end)).toEqual(selectDataset(cells, now));
      expect(certainRows(cells, now)).toEqual(selectDataset(cells, end));
    }), runs);
  });

  test('skipping surplus items changes no dataset', () => {
    fc.assert(fc.property(quotas, campaign, (cells, { now, end }) => {
      const surplus = surplusOf(cells, now);
      const skipped = end.map((item) => (surplus.includes(item.index) ? { ...item, verified: false } : item));
      expect(selectDataset(cells, skipped)).toEqual(selectDataset(cells, end));
    }), runs);
  });

  test('a certain row is in the dataset however the open items end', () => {
    fc.assert(fc.property(quotas, campaign, (cells, { now, end }) => {
      const dataset = selectDataset(cells, end);
      expect(certainRows(cells, now).filter((index) => !dataset.includes(index))).toEqual([]);
    }), runs);
  });

  test('the lowest open item is surplus or the dataset is not final: nobody waits for nothing', () => {
    fc.assert(fc.property(quotas, campaign, (cells, { now }) => {
      const lowest = now.find((item) => item.open);
      fc.pre(lowest !== undefined && !surplusOf(cells, now).includes(lowest.index));
      expect(isFinal(cells, now)).toBe(false);
    }), runs);
  });
});
