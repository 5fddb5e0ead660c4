import { join } from 'node:path';
import { builtinSubjects, checkSubjects, type CheckReport, type Subject } from '../../src/cli/world-check';
import { BUILTIN_WORLDS } from '../../src/worlds/builtin';
import { openWorlds } from '../../src/worlds';
import { root } from '../fixtures/rig';

/** A description of our own, played by the interpreter. */
const simulated: Subject = {
  name: 'pottery',
  open: () => openWorlds([{ openapi: { name: 'pottery', spec: './pottery.yaml', mode: 'simulated' }, share: 1 }], { baseDir: join(root, 'tests/fixtures/openapi'), cacheDir: root, scratchDir: root }),
};

/** What `hardgen world check` proves, of everything we ship: minutes, so it is not with the unit tests. */
describe('every tool that we ship is proved executable', () => {
  let report: CheckReport;
  beforeAll(async () => {
    report = await checkSubjects([...builtinSubjects(), simulated], () => undefined);
  }, 900_000);

  it('of every built-in world, and stands in a sampled trace of three or more calls', () => {
    const builtin = report.worlds.filter(({ tier }) => tier === 'builtin');
    expect(builtin.map(({ world }) => world).sort()).toEqual(Object.keys(BUILTIN_WORLDS).sort());
    expect(builtin.flatMap(({ world, tools }) => tools.filter(({ passed }) => !passed).map(({ tool, troubles }) => `${world}.${tool}: ${troubles.join('; ')}`))).toEqual([]);
    expect(builtin.flatMap(({ tools }) => tools).length).toBeGreaterThanOrEqual(470);
  });

  it('of a world simulated from a description, which counts in a tier of its own', () => {
    const tier = report.tiers.find((row) => row.tier === 'simulated-from-spec');
    expect(report.absent).toEqual([]);
    expect(tier).toMatchObject({ worlds: 1, tools: 14, passing: 14 });
  });
});
