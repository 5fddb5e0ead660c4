import { createRng } from '../../../src/core/random';
import { supplyOf } from '../../../src/core/sample/supply';

const drawsAmong = (size: number, draws: number): string[] => {
  const rng = createRng(`supply/${size}`);
  return Array.from({ length: draws }, () => String(rng.int(1, size)));
};

describe('how many traces a cell can give', () => {
  it('is at least what was seen', () => {
    expect(supplyOf(['a', 'b', 'a', undefined])).toMatchObject({ draws: 4, traces: 3, distinct: 2 });
  });

  it('is known when draws show nothing new any more', () => {
    expect(supplyOf(drawsAmong(6, 60))).toMatchObject({ distinct: 6, estimate: 6, saturated: true });
  });

  it('is estimated from those seen only once', () => {
    const { distinct, estimate, saturated } = supplyOf(drawsAmong(100, 80));
    expect(distinct).toBeLessThan(70);
    expect(estimate).toBeGreaterThan(70);
    expect(estimate).toBeLessThan(150);
    expect(saturated).toBe(false);
  });

  it('stays open when every draw was new', () => {
    expect(supplyOf(drawsAmong(1_000_000, 40))).toMatchObject({ distinct: 40, estimate: 820, saturated: false });
  });

  it('is nothing when no draw gave a trace', () => {
    expect(supplyOf([undefined, undefined])).toEqual({ draws: 2, traces: 0, distinct: 0, estimate: 0, saturated: false });
  });
});
