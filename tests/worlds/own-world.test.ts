import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CheckReport } from '../../src/cli/world-check';

const root = join(__dirname, '../..');
const own = join(root, 'examples/worlds/own');

// In a process of its own: jest cannot load an ES module that imports our package by its name, and users' files do.
function check(campaign: string): CheckReport {
  return JSON.parse(execFileSync(process.execPath, [join(root, 'dist/cli/index.js'), 'world', 'check', '--file', campaign, '--json'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })) as CheckReport;
}

const troubles = (report: CheckReport): unknown[] => report.worlds.flatMap((world) => world.tools.flatMap((tool) => tool.troubles));

test('the example of a world of your own loads by our package\'s name, and every tool of it passes its check', () => {
  const report = check(join(own, 'campaign.yaml'));
  expect(troubles(report)).toEqual([]);
  expect(report.tiers).toEqual([{ tier: 'module', group: null, worlds: 1, tools: 6, passing: 6, stateful: 4, withEdge: 5, inTrace: 6, refused: 6 }]);
}, 120_000);

test('so does the module that the README shows', () => {
  const folder = mkdtempSync(join(tmpdir(), 'own-world-'));
  const campaign = join(folder, 'campaign.json');
  const roles = { toolMaker: 'sim', queryGenerator: 'sim', reasoner: 'sim', verifier: 'sim' };
  writeFileSync(campaign, JSON.stringify({ name: 'boats', target: { verified: 1, maxItems: 4 }, worlds: [{ module: join(own, 'boats.mjs') }], models: { roles, targets: ['sim'] } }));
  try {
    const report = check(campaign);
    expect(troubles(report)).toEqual([]);
    expect(report.tiers).toEqual([{ tier: 'module', group: null, worlds: 1, tools: 3, passing: 3, stateful: 2, withEdge: 2, inTrace: 3, refused: 3 }]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 120_000);
