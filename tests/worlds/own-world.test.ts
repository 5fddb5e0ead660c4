import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { CheckReport } from '../../src/cli/world-check';

const root = join(__dirname, '../..');

// In a process of its own: jest cannot load an ES module that imports our package by its name, and users' files do.
test('the example of a world of your own loads by our package\'s name, and every tool of it passes its check', () => {
  const told = execFileSync(process.execPath, [join(root, 'dist/cli/index.js'), 'world', 'check', '--file', join(root, 'examples/worlds/own/campaign.yaml'), '--json'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const report = JSON.parse(told) as CheckReport;
  expect(report.worlds.flatMap((world) => world.tools.flatMap((tool) => tool.troubles))).toEqual([]);
  expect(report.tiers).toEqual([{ tier: 'module', group: null, worlds: 1, tools: 6, passing: 6, stateful: 4, withEdge: 5, inTrace: 6, noInput: 0 }]);
}, 120_000);
