import { cellsOf, withCells, type CampaignPlan } from '../../../src/core/campaign/manifest';

const plan = { id: 'c' } as CampaignPlan;
const cells = Array.from({ length: 27_000 }, (_unused, item) => `table-store/5-8/${item % 3 === 0 ? 'single' : 'multi'}`);

describe('the cells of a plan', () => {
  it('come back as they were, all of them or a stretch', () => {
    expect(cellsOf(withCells(plan, cells))).toEqual(cells);
    expect(cellsOf(withCells(plan, cells), 26_998, 27_000)).toEqual(cells.slice(26_998));
    expect(cellsOf(withCells(plan, []))).toEqual([]);
  });

  it('take a small part of what a payload holds, for 27,000 items', () => {
    expect(JSON.stringify(withCells(plan, cells)).length).toBeLessThan(200_000);
  });

  it('are read from plans of an earlier version, which held the names', () => {
    expect(cellsOf({ ...plan, cellOf: ['rail/1/single', 'rail/2/single'] }, 1)).toEqual(['rail/2/single']);
  });
});
