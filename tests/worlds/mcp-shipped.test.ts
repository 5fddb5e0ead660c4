import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config';
import { mcpBlockSchema } from '../../src/core/campaign/campaign.schema';
import { createMcpWorld } from '../../src/worlds/mcp';
import { describeWorld } from '../contracts/world';
import { startEverything, type EverythingServer } from '../fixtures/everything-server';
import { SHIPPED_SERVERS, openShipped } from '../fixtures/shipped-servers';

// The first run installs the packages; every instance is a process, put back or new.
jest.setTimeout(300_000);

const root = mkdtempSync(join(tmpdir(), 'mcp-shipped-'));
let everything: EverythingServer | undefined;
afterAll(async () => {
  await everything?.close();
  rmSync(root, { recursive: true, force: true });
});

for (const name of Object.keys(SHIPPED_SERVERS)) describeWorld(`of the ${name} server`, () => openShipped(name, join(root, name)), { seeds: [0, 1], callsPerWalk: 8 });

describeWorld('of the everything server, at an address', async () => {
  everything = await startEverything();
  return createMcpWorld(mcpBlockSchema.parse(everything.block), { baseDir: root, cacheDir: loadConfig().cache, scratchDir: root });
}, { seeds: [0], callsPerWalk: 8, exempt: { reseed: 'nothing can be seeded at an address' } });
