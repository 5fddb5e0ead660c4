import { baselineOf } from '../../src/cli/commands/chaos';
import { campaignSchema, type CampaignFile } from '../../src/core/campaign/campaign.schema';

const sampled = { endpoint: 'house', model: 'm' };
const campaign = (target: string | typeof sampled): CampaignFile => campaignSchema.parse({
  name: 'chaos', seed: 1, target: { verified: 3, maxItems: 3 }, worlds: [{ builtin: 'rail' }],
  models: { endpoints: { house: { baseURL: 'http://127.0.0.1:1/v1' } }, roles: { toolMaker: 'sim', queryGenerator: 'sim', reasoner: 'sim', verifier: 'sim' }, targets: ['sim-a', target] },
});
const asked = { baseline: true, over: '400' };

describe('chaos runs a campaign undisturbed first', () => {
  it('when all its models are simulated and nobody said otherwise', () => {
    expect(baselineOf(campaign('sim-b'), asked)).toEqual({ baseline: true, says: [] });
    expect(baselineOf(campaign('sim-b'), { ...asked, baseline: false })).toEqual({ baseline: false, says: [] });
  });

  it('not when one of them draws its replies, and says why no rows are compared', () => {
    const { baseline, says } = baselineOf(campaign(sampled), asked);
    expect(baseline).toBe(false);
    expect(says).toEqual([expect.stringMatching(/^Models that draw their replies give other rows each time, so .* rows are not compared, .* over 400 replies \(--over\)$/)]);
  });
});
