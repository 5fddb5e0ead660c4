import fc from 'fast-check';
import { forecast, type ForecastInput, type Taken } from '../../../src/core/campaign/forecast';

const item = (calls: number, verified: boolean): Taken => ({ calls, tokens: calls * 100, microUsd: calls * 1_000, ms: calls * 3_600, at: { house: { calls, tokens: calls * 100 } }, verified });
const input = (items: Taken[], probes: Taken[] = [item(1, false)]): ForecastInput => ({ seed: 7, target: { verified: 24, maxItems: 96 }, items, probes, tools: 40, slots: 24, limits: {} });

describe('a forecast from a preview', () => {
  it('takes probes per tool and everything else per item, at the preview\'s yield', () => {
    // 2 probe calls for 4 tools make 20 for 40; 6 calls for 3 items make 72 for 36 items (24 rows at a yield of 2 in 3).
    const { expected } = forecast(input([item(1, true), item(2, true), item(3, false)], [item(1, false), item(1, false), item(0, false), item(0, false)]));
    expect(expected).toMatchObject({ items: 36, calls: 92, tokens: 9_200 });
    expect(expected.usd).toBeCloseTo(0.092);
    expect(expected.hours).toBeCloseTo((92 * 3.6) / 3600 / 24);
  });

  it('takes as many hours as the slowest endpoint needs for its calls and its tokens', () => {
    // 24 items of 5 calls and 500 tokens: 120 calls and 12,000 tokens, 18 seconds of replies in 24 places.
    const hours = (limits: ForecastInput['limits']): number => forecast({ ...input([item(5, true)], []), limits }).expected.hours;
    expect(hours({ house: { rpm: 1 } })).toBeCloseTo(2);
    expect(hours({ house: { rpm: 1, tpm: 50 } })).toBeCloseTo(4);
    expect(hours({ house: { rpm: 60_000 }, other: { rpm: 1 } })).toBeCloseTo(18 / 3_600);
  });

  it('expects every item to be begun when the preview verified nothing', () => {
    expect(forecast(input([item(5, false), item(6, false)])).expected.items).toBe(96);
  });

  it('has no range when all items are alike', () => {
    const { expected, low, high } = forecast(input([item(5, true), item(5, true), item(5, true)]));
    expect([low, high]).toEqual([expected, expected]);
  });

  it('has a range when one item of three is turned down: from every draw verified to one in three', () => {
    const { low, high } = forecast(input([item(5, true), item(5, true), item(20, false)]));
    expect([low.items, high.items]).toEqual([24, 72]);
    expect(high.calls).toBeGreaterThan(low.calls * 3);
  });

  it('gives the same range for the same file and preview', () => {
    const items = [item(5, true), item(9, true), item(20, false)];
    expect(forecast(input(items))).toEqual(forecast(input(items)));
  });

  it('keeps every amount of the range in order, and items within the file\'s', () => {
    const some = fc.array(fc.tuple(fc.nat({ max: 40 }), fc.boolean()).map(([calls, verified]) => item(calls, verified)), { minLength: 1, maxLength: 5 });
    fc.assert(fc.property(some, some, (items, probes) => {
      const { low, high } = forecast(input(items, probes));
      for (const amount of ['items', 'calls', 'tokens', 'usd', 'hours'] as const) expect(low[amount]).toBeLessThanOrEqual(high[amount]);
      expect(high.items).toBeLessThanOrEqual(96);
    }), { numRuns: 25 });
  });
});
