import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkSubjects } from '../../src/cli/world-check';
import { describeWorld } from '../contracts/world';
import { COMPILED_SERVERS, openShipped } from '../fixtures/shipped-servers';

// The first run compiles SQLite twice.
jest.setTimeout(20 * 60_000);

const root = mkdtempSync(join(tmpdir(), 'compiled-servers-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

for (const name of Object.keys(COMPILED_SERVERS)) describeWorld(`of the ${name} server`, () => openShipped(name, join(root, name)), { seeds: [0, 1], callsPerWalk: 12 });

it('proves every tool of theirs executable', async () => {
  const report = await checkSubjects(Object.keys(COMPILED_SERVERS).map((name) => ({ name, open: async () => [await openShipped(name, join(root, 'check'))] })), () => undefined);
  expect(report.worlds.flatMap(({ world, tools }) => tools.flatMap(({ tool, troubles }) => troubles.map((trouble) => `${world}.${tool}: ${trouble}`)))).toEqual([]);
  expect(report.tiers.find((row) => row.tier === 'mcp')).toMatchObject({ worlds: 2, tools: 7, passing: 7, inTrace: 7 });
});
