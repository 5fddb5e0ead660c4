import type { StoredCall } from '../../src/activities/model-call';
import { forecastLines, forecastOf, type PreviewCall } from '../../src/cli/forecast';
import { campaignSchema, type CampaignFile } from '../../src/core/campaign/campaign.schema';

const use = { endpoint: 'house', model: 'm' };
const campaign = campaignSchema.parse({
  name: 'forecast', seed: 1, target: { verified: 3, maxItems: 3 }, worlds: [{ builtin: 'rail' }],
  models: { endpoints: { house: { baseURL: 'http://127.0.0.1:1/v1', price: { input: 2, output: 10 } } }, roles: { toolMaker: use, queryGenerator: use, reasoner: use, verifier: use }, targets: [use] },
});

/** One call of 1,000 tokens in and 100 out per item: 3,000 millionths of a USD, paid for here or by another campaign. */
function preview(reusedFrom?: string): { calls: PreviewCall[]; usd: number; lines: string[] } {
  const calls = [0, 1, 2].map((item): PreviewCall => ({
    record: `t-0000${item}`,
    call: { endpoint: 'house', usage: { inputTokens: 1_000, outputTokens: 100 }, costMicroUsd: reusedFrom === undefined ? 3_000 : 0, latencyMs: 1, ...(reusedFrom === undefined ? {} : { reusedFrom }) } as StoredCall,
  }));
  const found = forecastOf({ campaign, tools: 0, probed: 0, calls, verified: new Set(calls.map(({ record }) => record)) });
  return { calls, usd: found.expected.usd, lines: forecastLines(found, { seed: 1, calls }) };
}

describe('the forecast of a preview that took replies over from another campaign', () => {
  it('is that of one that paid for them, and says so', () => {
    expect(preview('earlier-1/t-00000/call/reasoner/0/0/0/1/1').usd).toBeCloseTo(0.009);
    expect(preview().usd).toBeCloseTo(0.009);
    expect(preview('earlier-1/t-00000/call/reasoner/0/0/0/1/1').lines.at(-1)).toContain('3 of the preview\'s 3 were reused');
    expect(preview().lines.join('\n')).not.toContain('reused');
  });
});

describe('the hours of a forecast', () => {
  it('are no fewer than the file\'s rpm and tpm allow for the calls of that endpoint', () => {
    const { calls } = preview();
    const hours = (limits: { rpm?: number; tpm?: number }): number => {
      const limited = { ...campaign, models: { ...campaign.models, endpoints: { house: { ...campaign.models.endpoints.house, ...limits } } } } as CampaignFile;
      return forecastOf({ campaign: limited, tools: 0, probed: 0, calls, verified: new Set(calls.map(({ record }) => record)) }).expected.hours;
    };
    expect(hours({ rpm: 1 })).toBeCloseTo(3 / 60);
    expect(hours({ tpm: 11 })).toBeCloseTo(3_300 / 11 / 60);
    expect(hours({})).toBeLessThan(1e-6);
  });
});
