import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CellSupply } from '../../src/activities/supply';
import type { Forecast } from '../../src/core/campaign/forecast';
import type { Progress } from '../../src/core/campaign/progress';
import { createRig, root, type Rig } from '../fixtures/rig';

/** What `preview` says of a campaign of twelve rows at an endpoint with a price, and what the campaign then comes to. */
let rig: Rig;
let preview: Progress & { calls: unknown[]; forecast: Forecast; traces: CellSupply[] };
let printed: string;
let real: Progress;

async function hardgen(...args: string[]): Promise<string> {
  const env = { ...process.env, HARDGEN_HOME: rig.home, HARDGEN_TASK_QUEUE: rig.taskQueue, HARDGEN_SIMULATOR_URL: rig.simulatorUrl, NODE_OPTIONS: `--require ${join(root, 'tests/fixtures/send-lookup.cjs')}` };
  return (await promisify(execFile)(process.execPath, [join(root, 'dist/cli/index.js'), ...args], { env, timeout: 150_000, maxBuffer: 1e8 })).stdout;
}

beforeAll(async () => {
  rig = await createRig('preview');
  const file = join(rig.home, 'twelve.yaml');
  const house = (model: string): object => ({ endpoint: 'house', model });
  writeFileSync(file, JSON.stringify({
    name: 'twelve', seed: 3, worlds: [{ builtin: 'rail' }], target: { verified: 12, maxItems: 48 }, exploration: { walks: 16, callsPerWalk: 14, confirmations: 4 },
    models: {
      endpoints: { house: { baseURL: rig.simulatorUrl, concurrency: 16, price: { input: 1, output: 2 } } },
      roles: { toolMaker: house('sim'), queryGenerator: house('sim'), reasoner: house('sim'), verifier: house('sim') }, targets: [house('sim-a'), house('sim-b')],
    },
  }));
  printed = await hardgen('preview', file);
  preview = JSON.parse(await hardgen('preview', file, '--json')) as typeof preview;
  real = JSON.parse(await hardgen('run', file, '--json')) as Progress;
}, 400_000);
afterAll(async () => { await rig.close(); }, 60_000);

it('measures on a few items, and its forecast holds what the campaign then costs', () => {
  const { forecast: { low, expected, high }, costUsd } = preview;
  expect(preview.calls.length).toBeGreaterThan(20);
  expect(costUsd).toBeLessThan(real.costUsd / 3);
  const inside = { calls: real.calls.attempts, tokens: real.tokens.input + real.tokens.output, usd: real.costUsd };
  for (const unit of ['calls', 'tokens', 'usd'] as const) {
    expect(low[unit]).toBeGreaterThan(0);
    expect(low[unit]).toBeLessThanOrEqual(inside[unit]);
    expect(high[unit]).toBeGreaterThanOrEqual(inside[unit]);
    expect(expected[unit] / inside[unit]).toBeGreaterThan(0.7);
    expect(expected[unit] / inside[unit]).toBeLessThan(1.4);
  }
  expect(expected.hours).toBeGreaterThan(0);
});

it('counts how many distinct traces the worlds can give, cell by cell', () => {
  const wanted = preview.traces.filter(({ quota }) => quota > 0);
  expect(wanted.length).toBeGreaterThan(3);
  for (const { quota, distinct, estimate } of wanted) {
    expect(distinct).toBeGreaterThanOrEqual(quota);
    expect(estimate).toBeGreaterThanOrEqual(distinct);
  }
});

it('shows people the prompts, the forecast in money and hours with its range, and the next command', () => {
  expect(printed).toMatch(/\[tool\]\n.*\n\[reply\]/);
  expect(printed).toMatch(/12 items · \d+ \(\d+ to \d+\) calls · [\d.]+k \([\d.]+k to [\d.]+k\) tokens · \$\d\.\d\d \(\$\d\.\d\d to \$\d\.\d\d\)\n +at least .* of model time/);
  expect(printed).toMatch(/distinct traces: \d+ seen in \d+ draws/);
  expect(printed.trim().split('\n').at(-1)).toMatch(/^Next: npx hardgen run .*twelve\.yaml$/);
});
