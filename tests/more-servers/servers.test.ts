import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkSubjects } from '../../src/cli/world-check';
import { describeWorld } from '../contracts/world';
import { COMPILED_SERVERS, openShipped, shippedSubject, SLOW_SERVERS } from '../fixtures/shipped-servers';

// The first run compiles SQLite twice, and every call of git's server starts git.
jest.setTimeout(20 * 60_000);

const root = mkdtempSync(join(tmpdir(), 'more-servers-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

for (const name of Object.keys(COMPILED_SERVERS)) describeWorld(`of the ${name} server`, () => openShipped(name, join(root, name)), { seeds: [0, 1], callsPerWalk: 8 });

it('proves every tool of theirs executable, and of the slow ones', async () => {
  const report = await checkSubjects([...SLOW_SERVERS, ...Object.keys(COMPILED_SERVERS)].map((name) => shippedSubject(name, join(root, 'check'))), () => undefined);
  expect(report.worlds.flatMap(({ world, tools }) => tools.flatMap(({ tool, troubles }) => troubles.map((trouble) => `${world}.${tool}: ${trouble}`)))).toEqual([]);
  expect(report.tiers.find((row) => row.tier === 'mcp')).toMatchObject({ worlds: 4, tools: 28, passing: 28, inTrace: 28 });
});
