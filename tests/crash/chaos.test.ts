import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditReport } from '../../src/audit/campaign';
import type { ChaosResult, RunResult } from '../../src/chaos/run';
import { root } from '../fixtures/rig';

/** It takes five minutes on two free cores. What takes longer is told to end, and stops its services. */
const CHAOS_MS = 540_000;

/** The command as a person gives it, with services of its own, which it kills; what it wrote and what it printed. */
async function hardgenChaos(home: string, ...options: string[]): Promise<{ result: ChaosResult; printed: string }> {
  const env = { ...process.env, HARDGEN_HOME: home };
  const printed = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, [join(root, 'dist/cli/index.js'), 'chaos', join(root, 'examples/chaos.yaml'), ...options], { env, timeout: CHAOS_MS, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (stdout === '') reject(new Error(`hardgen chaos ended with ${error?.message ?? 'nothing on stdout'}: ${stderr.slice(-3000)}`));
      else resolve(stdout);
    });
  });
  const [run = ''] = readdirSync(join(home, 'chaos'));
  return { result: JSON.parse(readFileSync(join(home, 'chaos', run, 'chaos.json'), 'utf8')) as ChaosResult, printed };
}

/** What the model server itself says that it was asked, beyond the first time. */
function servedTwice({ folder }: RunResult): number {
  const lines = readFileSync(join(folder, '../../simulator/served.jsonl'), 'utf8').split('\n').filter(Boolean);
  const keys = lines.map((line) => JSON.stringify((JSON.parse(line) as { lookup: unknown }).lookup));
  return keys.length - new Set(keys).size;
}

describe('a campaign of 1,000 calls whose worker is killed three times, and Temporal, Neo4j and the model server once each', () => {
  let home: string;
  let result: ChaosResult;
  let printed: string;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'hardgen-chaos-'));
    ({ result, printed } = await hardgenChaos(home, '--seed', '1'));
  }, CHAOS_MS + 60_000);
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it('is that large, and every planned kill is made with at least 20 calls in flight', () => {
    expect(result.undisturbed?.ledger.stored).toBeGreaterThanOrEqual(1_000);
    expect(result.disturbed.missed).toEqual([]);
    expect(result.disturbed.kills.map(({ victim }) => victim).sort()).toEqual(['model', 'neo4j', 'temporal', 'worker', 'worker', 'worker']);
    for (const { inFlight } of result.disturbed.kills) expect(inFlight).toBeGreaterThanOrEqual(20);
  });

  it('gives the same dataset, byte for byte, as an undisturbed one: no row lost, none doubled', () => {
    expect(result.rows.rows).toBeGreaterThanOrEqual(60);
    expect(result.rows).toMatchObject({ identical: true, lost: [], doubled: [] });
  });

  it('pays for no more calls twice than were in flight at the kills, and undisturbed for none', () => {
    const { disturbed, undisturbed, floor } = result;
    expect(undisturbed && [undisturbed.ledger.paidTwice, servedTwice(undisturbed)]).toEqual([0, 0]);
    expect(disturbed.ledger.paidTwice).toBeGreaterThan(0);
    expect(disturbed.ledger.paidTwice).toBeLessThanOrEqual(floor);
    // The model server saw no more than the records own up to.
    expect(servedTwice(disturbed)).toBeLessThanOrEqual(disturbed.ledger.paidTwice);
  });

  it('is back at full concurrency within 60 s of every restart', () => {
    expect(result.disturbed.kills).toEqual(result.disturbed.kills.map((kill) => ({ ...kill, backSeconds: expect.any(Number) as number })));
    expect(Math.max(...result.disturbed.kills.map(({ backSeconds }) => backSeconds ?? Infinity))).toBeLessThanOrEqual(60);
  });

  it('needs no person and leaves no process behind', () => {
    expect(result.disturbed).toMatchObject({ neededPerson: [], orphans: [], progress: { phase: 'done', failed: 0 } });
    expect(result.ok).toBe(true);
  });
  it.each(['disturbed', 'undisturbed'])('leaves the %s run so that the audit it prints finds nothing', (campaign) => {
    const command = printed.split('\n').find((line) => line.startsWith('Next: ') && line.endsWith(`audit ${campaign}`))?.slice('Next: '.length) ?? '';
    expect(command).toMatch(/^HARDGEN_HOME='.*' npx hardgen audit /);
    const report = JSON.parse(execFileSync('sh', ['-c', `${command} --json`], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })) as AuditReport;
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({ campaign, calls: result.disturbed.ledger.stored });
    expect(report.rows).toBeGreaterThanOrEqual(result.rows.rows);
    expect(report.histories).toBe(report.items);
  }, 120_000);
});
