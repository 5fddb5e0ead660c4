import type { CampaignFile, WorldBlock } from '../../../src/core/campaign/campaign.schema';
import { cappedShares, withinSimulatedShare } from '../../../src/core/campaign/world-shares';
import { cellId, type Cell } from '../../../src/core/trace';

const builtin = (share: number): WorldBlock => ({ builtin: 'rail', share });
const simulated = (share: number): WorldBlock => ({ openapi: { catalogue: './apis.jsonl', api: 'shop' }, share });
const sharesOf = (worlds: WorldBlock[], simulatedShare: number): number[] => cappedShares({ worlds, shape: { simulatedShare } as CampaignFile['shape'] });

test('simulated worlds over the cap are scaled down together, the others fill the room', () => {
  const shares = sharesOf([builtin(2), simulated(6), simulated(2)], 0.2);
  expect(shares).toEqual([2, 0.375, 0.125]);
  expect((0.375 + 0.125) / 2.5).toBe(0.2);
});

test('under the cap, or with a cap of 1, shares stay as written', () => {
  expect(sharesOf([builtin(9), simulated(1)], 0.2)).toEqual([9, 1]);
  expect(sharesOf([builtin(1), simulated(9)], 1)).toEqual([1, 9]);
});

test('a cap of 0 gives simulated worlds no rows', () => {
  expect(sharesOf([builtin(1), simulated(1)], 0)).toEqual([1, 0]);
});

describe('the dataset', () => {
  const cellOf = (world: string): Cell => ({ world, calls: '2', turns: 'single' });
  const kept = (quotas: { rail: number; shop: number }, cells: string[], simulatedShare = 0.2): number[] => withinSimulatedShare({
    campaign: { worlds: [builtin(1), simulated(1)], shape: { simulatedShare } } as CampaignFile, worlds: ['rail', 'shop'].map((id) => ({ id, version: '1', baseGraph: '', tools: [] })),
    plan: [{ cell: cellOf('rail'), quota: quotas.rail }, { cell: cellOf('shop'), quota: quotas.shop }],
  }, cells.map((_cell, index) => index), cells.map((world) => cellId(cellOf(world))));

  test('keeps all rows of a plan that came true, also where whole rows make the share a little more', () => {
    expect(kept({ rail: 3, shop: 1 }, ['rail', 'shop', 'rail', 'rail'])).toEqual([0, 1, 2, 3]);
  });

  test('leaves out the last simulated rows where the other worlds gave too few', () => {
    expect(kept({ rail: 16, shop: 4 }, ['shop', 'rail', 'rail', 'shop', 'rail', 'rail', 'shop'])).toEqual([0, 1, 2, 4, 5]);
    expect(kept({ rail: 16, shop: 4 }, ['shop', 'shop'])).toEqual([]);
  });

  test('is left as it is by a share of 1', () => {
    expect(kept({ rail: 4, shop: 16 }, ['shop', 'shop'], 1)).toEqual([0, 1]);
  });
});
