import { DEFAULT_KILLS, planKills, readKills } from '../../src/chaos/schedule';

describe('the schedule of kills', () => {
  it('is the same for the same seed and another for another', () => {
    const plan = planKills({ seed: 4, kills: DEFAULT_KILLS, calls: 1_000 });
    expect(planKills({ seed: 4, kills: DEFAULT_KILLS, calls: 1_000 })).toEqual(plan);
    expect(planKills({ seed: 5, kills: DEFAULT_KILLS, calls: 1_000 })).not.toEqual(plan);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('kills everything as often as asked, in order of time, while a window is full (seed %p)', (seed) => {
    const plan = planKills({ seed, kills: DEFAULT_KILLS, calls: 1_000 });
    expect(plan.map(({ victim }) => victim).sort()).toEqual(['model', 'neo4j', 'temporal', 'worker', 'worker', 'worker']);
    const times = plan.map(({ afterReplies }) => afterReplies);
    expect([...times].sort((a, b) => a - b)).toEqual(times);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...times)).toBeLessThanOrEqual(600);
  });

  it('is read from a list; what is not named is not killed', () => {
    expect(readKills('worker=2, neo4j=1')).toEqual({ worker: 2, temporal: 0, neo4j: 1, model: 0 });
  });

  it.each(['database=1', 'worker', 'worker=-1', ''])('refuses `%s` with a sentence that shows a right one', (text) => {
    expect(readKills(text)).toMatch(/^Expected --kill to be like `worker=3,temporal=1,neo4j=1,model=1`, got/);
  });
});
