import { runItem, type Ablation, type ItemEnd } from './item';
import { mixedTraces, railJourney, twoTurns } from './traces';

const POLICY = 'Be kind.';
const traces = mixedTraces(80);

async function campaign(faults: 'none' | 'default' | 'heavy', ablation: Partial<Ablation> = {}): Promise<ItemEnd[]> {
  const ends: ItemEnd[] = [];
  for (const given of traces) ends.push(await runItem({ ...given, policy: POLICY, faults, ablation }));
  return ends;
}

const correct = (ends: readonly ItemEnd[]): number => (100 * ends.filter((end) => end.outcome === 'verified').length) / ends.length;

describe('a whole item, from trace to final answer', () => {
  it.each([['rail journey', railJourney], ['two turns', twoTurns]] as const)('ends verified without faults: %s', async (_name, given) => {
    const end = await runItem({ ...given, policy: POLICY, faults: 'none' });
    expect(end).toMatchObject({ outcome: 'verified', errors: [], malformed: [] });
    expect(new Set(end.attempts)).toEqual(new Set([1]));
  });

  it('has a query that says what the user knows and nothing that a tool returns', async () => {
    const { queries } = await runItem({ ...twoTurns, policy: POLICY, faults: 'none' });
    expect(queries[0]).toMatch(/Halmstead[\s\S]*Port Ervine|Port Ervine[\s\S]*Halmstead/);
    expect(queries[0]).not.toMatch(/HXQ|PEV|T-4412|QX81LM/);
  });
});

describe('faults and switches', () => {
  let full: ItemEnd[];
  beforeAll(async () => {
    full = await campaign('default');
  });

  it('about three quarters of the items verify, and a fifth to a third of the steps take more than one attempt', () => {
    const steps = full.flatMap((end) => end.attempts);
    expect(correct(full)).toBeGreaterThan(65);
    expect(correct(full)).toBeLessThan(88);
    const repaired = steps.filter((attempts) => attempts > 1).length / steps.length;
    expect(repaired).toBeGreaterThan(0.15);
    expect(repaired).toBeLessThan(0.35);
  });

  it('every kind of error that the verifier knows occurs, and replies that cannot be read', () => {
    expect([...new Set(full.flatMap((end) => end.errors.map((error) => error.type)))].sort()).toEqual(['incorrect_parameter', 'missing_call', 'missing_dependency', 'type_mismatch', 'wrong_order', 'wrong_tool']);
    expect(full.flatMap((end) => end.malformed).join('\n')).toMatch(/refused|not JSON|neither/);
  });

  it('reasoning and feedback leak now and then, so that rewriting and regenerating are exercised', () => {
    expect(full.flatMap((end) => end.leaks.reasoning).length).toBeGreaterThan(0);
    expect(full.flatMap((end) => end.leaks.feedback).length).toBeGreaterThan(0);
  });

  it.each<[string, Partial<Ablation>]>([['hint', { hint: 'off' }], ['feedback', { feedback: 'off' }]])('without %s at least 30 points fewer verify', async (_name, ablation) => {
    expect(correct(full) - correct(await campaign('default', ablation))).toBeGreaterThanOrEqual(30);
  });

  it('heavy faults let fewer items through', async () => {
    expect(correct(await campaign('heavy'))).toBeLessThan(correct(full));
  });

  it('the same campaign gives the same replies', async () => {
    expect(await campaign('default')).toEqual(full);
  });
});
