import type { CampaignFile, WorldBlock } from '../../../src/core/campaign/campaign.schema';
import { cappedShares } from '../../../src/core/campaign/world-shares';

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
