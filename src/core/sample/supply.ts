/** How many distinct traces a cell can give, by what a number of draws showed. */
export interface Supply {
  draws: number;
  /** Draws that gave a trace. */
  traces: number;
  /** Different calls among them: there are at least so many. */
  distinct: number;
  /** Chao's estimate of all there are, itself a lower bound: many seen only once mean many not seen yet. */
  estimate: number;
  /** Another draw would hardly show a new one: fewer than one trace in twenty was seen only once. */
  saturated: boolean;
}

/** `signatures` = one per draw, `undefined` where it gave no trace. */
export function supplyOf(signatures: readonly (string | undefined)[]): Supply {
  const times = new Map<string, number>();
  for (const signature of signatures) if (signature !== undefined) times.set(signature, (times.get(signature) ?? 0) + 1);
  const traces = [...times.values()].reduce((sum, count) => sum + count, 0);
  const seen = (count: number): number => [...times.values()].filter((other) => other === count).length;
  const [once, twice] = [seen(1), seen(2)];
  return {
    draws: signatures.length, traces, distinct: times.size,
    estimate: Math.round(times.size + (once * (once - 1)) / (2 * (twice + 1))),
    saturated: once * 20 < traces,
  };
}
