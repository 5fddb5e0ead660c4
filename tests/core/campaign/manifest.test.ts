import { cellsOf, withCells, type CampaignPlan } from '../../../src/core/campaign/manifest';

const plan = { id: 'c' } as CampaignPlan;
/** As in examples/paper-settings.yaml, with every world: 38 of them, seven cells each. */
const cells = Array.from({ length: 90_000 }, (_unused, item) => `some-long-world-${item % 38}/5-8/${item % 7}`);

describe('the cells of a plan', () => {
  it('come back as they were, all of them or a stretch', () => {
    expect(cellsOf(withCells(plan, cells))).toEqual(cells);
    expect(cellsOf(withCells(plan, cells), 89_998, 90_000)).toEqual(cells.slice(89_998));
    expect(cellsOf(withCells(plan, []))).toEqual([]);
  });

  it('take a fifth of what a payload holds (2 MB), for 90,000 items', () => {
    expect(JSON.stringify(withCells(plan, cells)).length).toBeLessThan(400_000);
  });

  it('are read from plans of an earlier version, which held the names', () => {
    expect(cellsOf({ ...plan, cellOf: ['rail/1/single', 'rail/2/single'] }, 1)).toEqual(['rail/2/single']);
  });
});
