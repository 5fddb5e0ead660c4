import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { builtinSubjects, checkSubjects, type CheckReport, type Subject } from '../../src/cli/world-check';
import { loadConfig } from '../../src/config';
import { mcpBlockSchema } from '../../src/core/campaign/campaign.schema';
import { BUILTIN_WORLDS } from '../../src/worlds/builtin';
import { openWorlds } from '../../src/worlds';
import { startEverything, type EverythingServer } from '../fixtures/everything-server';
import { root } from '../fixtures/rig';
import { SHIPPED_SERVERS, shippedSubject, SLOW_SERVERS } from '../fixtures/shipped-servers';

/** A description of our own and three of other people's, played by the interpreter. */
const simulated = ([name, spec]: readonly [string, string]): Subject => ({
  name,
  open: () => openWorlds([{ openapi: { name, spec, mode: 'simulated' }, share: 1 }], { baseDir: root, cacheDir: root, scratchDir: root }),
});
const examples = dirname(require.resolve('@readme/oas-examples/package.json'));
const DESCRIPTIONS = [
  ['pottery', 'tests/fixtures/openapi/pottery.yaml'],
  ['train-travel', join(examples, '3.1/json/train-travel.json')],
  ['petstore', join(examples, '3.0/json/petstore.json')],
  ['expanded', join(examples, '3.0/json/petstore-expanded.json')],
] as const;

/** `npm run test:servers` has the slow ones and those that have to be compiled. */
const CHECKED = Object.keys(SHIPPED_SERVERS).filter((name) => !SLOW_SERVERS.includes(name));
const scratch = mkdtempSync(join(tmpdir(), 'hardgen-world-check-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let everything: EverythingServer;
const overHttp: Subject = {
  name: 'everything',
  open: () => openWorlds([{ mcp: mcpBlockSchema.parse(everything.block), share: 1 }], { baseDir: scratch, cacheDir: loadConfig().cache, scratchDir: scratch }),
};

const failing = (worlds: CheckReport['worlds']): string[] => worlds.flatMap(({ world, tools }) => tools.filter(({ passed }) => !passed).map(({ tool, troubles }) => `${world}.${tool}: ${troubles.join('; ')}`));

/** What `hardgen world check` proves, of everything we ship: minutes, so it is not with the unit tests. */
describe('every tool that we ship is proved executable', () => {
  let report: CheckReport;
  beforeAll(async () => {
    everything = await startEverything();
    report = await checkSubjects([...builtinSubjects(), ...CHECKED.map((name) => shippedSubject(name, scratch)), overHttp, ...DESCRIPTIONS.map(simulated)], () => undefined);
  }, 900_000);
  afterAll(() => everything?.close());

  it('of every built-in world, and stands in a sampled trace of three or more calls', () => {
    const builtin = report.worlds.filter(({ tier }) => tier === 'builtin');
    expect(builtin.map(({ world }) => world).sort()).toEqual(Object.keys(BUILTIN_WORLDS).sort());
    expect(failing(builtin)).toEqual([]);
    expect(builtin.flatMap(({ tools }) => tools).length).toBeGreaterThanOrEqual(470);
  });

  it('of servers that others wrote, in a tier of their own, and stands in a sampled trace of three or more calls', () => {
    const mcp = report.worlds.filter(({ tier }) => tier === 'mcp');
    expect(mcp.map(({ world }) => world)).toEqual([...CHECKED, 'everything']);
    expect(failing(mcp)).toEqual([]);
    expect(report.tiers.find((row) => row.tier === 'mcp')).toMatchObject({ worlds: 6, tools: 32, passing: 32, inTrace: 32 });
  });

  it('of worlds simulated from descriptions, which count in a tier of their own', () => {
    const tier = report.tiers.find((row) => row.tier === 'simulated-from-spec');
    expect(report.absent).toEqual([]);
    expect(tier).toMatchObject({ worlds: 4, tools: 24, passing: 24 });
  });
});
