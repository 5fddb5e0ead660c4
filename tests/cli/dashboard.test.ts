import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLedger } from '../../src/clients/ledger';
import { loadConfig } from '../../src/config';
import { createPace, dashboardLines, NO_DETAILS, type DashboardDetails } from '../../src/cli/dashboard';
import { parseGates, stageText } from '../../src/cli/dashboard-details';
import { createDashboard } from '../../src/cli/dashboard-view';
import { liveSpend, shownSpend } from '../../src/cli/live-spend';
import type { Progress } from '../../src/core/campaign/progress';

const PROGRESS: Progress = {
  id: 'small-1', phase: 'generate', verified: 12, target: 24, rejected: { query: 3, attempts: 2 }, blocked: 0, failed: 0, running: 8, calls: { accepted: 800, attempts: 812 },
  tokens: { input: 1_100_000, output: 100_000 }, costUsd: 0.42, paused: false, funnel: { tools: 21, probed: 21, failureTools: 6, brokenProbes: 0, traces: 17, queries: 14, verified: 12 }, budget: { usd: 5 },
};
const DETAILS: DashboardDetails = {
  cells: [{ cell: 'rail/1/single', rows: 4, quota: 4 }, { cell: 'rail/2/multi', rows: 1, quota: 3 }],
  running: [{ name: 't-00012', stage: 'verify  turn 1, step 2, attempt 1' }], finished: [{ name: 't-00011', outcome: 'rejected:query' }],
  gates: [{ endpoint: 'house', inFlight: 8, allowed: 12.4, waiting: 3 }],
};
/** With what running items have spent. */
const LEDGER = { calls: 1312, tokens: 2_500_000, microUsd: 1_500_000 };
const linesOf = (over: Partial<Parameters<typeof dashboardLines>[0]> = {}): string[] =>
  dashboardLines({ id: 'small-1', progress: PROGRESS, spend: shownSpend(PROGRESS, LEDGER), details: DETAILS, pace: undefined, columns: 100, rows: 40, ...over }).map(({ text }) => text);

describe('the dashboard', () => {
  it('shows bar, funnel, rejections, calls, money, endpoints, cells, what runs and what ended', () => {
    expect(linesOf()).toEqual([
      'small-1  generate',
      '███████████████░░░░░░░░░░░░░░░ 12/24 verified',
      'funnel    21 tools → 6 in the failure set → 17 traces → 14 queries → 12 verified',
      'rejected  query 3 · attempts 2',
      'calls     1312 requests · 2.5M tokens',
      'money     $1.50 of $5.00',
      'endpoint  house: 8 in flight of 12 allowed, 3 waiting',
      'cells     rail/2/multi 1/3 · rail/1/single 4/4',
      'running   t-00012  verify  turn 1, step 2, attempt 1',
      '          and 7 more',
      'ended     t-00011  rejected:query',
      'Ctrl-C ends the watching; the campaign goes on.',
    ]);
  });

  it('shows the spend of ended items as such where the ledger is not at hand', () => {
    expect(linesOf({ spend: shownSpend(PROGRESS, undefined) }).slice(4, 6)).toEqual(['calls     812 requests · 1.2M tokens (ended items)', 'money     $0.42 of $5.00 (ended items)']);
  });

  it('says what a rejection reason cost when the campaign tells', () => {
    const cost = { perVerifiedUsd: 0.0125, byReason: { query: { items: 3, usd: 0.021, tokens: 1, calls: 1 } } };
    const lines = linesOf({ progress: { ...PROGRESS, cost } });
    expect(lines).toContain('rejected  query 3 ($0.02) · attempts 2');
    expect(lines).toContain('money     $1.50 of $5.00 · $0.0125 a verified row');
  });

  it('says how many replies were taken over from other campaigns', () => {
    expect(linesOf({ progress: { ...PROGRESS, reused: 40 } })).toContain('calls     1312 requests · 2.5M tokens · 40 replies reused');
  });

  it('says when it is paused, why, and what goes on', () => {
    expect(linesOf({ progress: { ...PROGRESS, paused: true, note: 'house/m: 401, correct HOUSE_KEY' } }).slice(1, 3)).toEqual(['PAUSED: house/m: 401, correct HOUSE_KEY', 'npx hardgen campaign resume small-1 goes on']);
  });

  it('says what to do while no worker answers', () => {
    expect(linesOf({ progress: undefined })[1]).toMatch(/hardgen worker starts one/);
  });

  it('fits every window: no line is wider, none is below its foot, and one item stays one line', () => {
    const running = Array.from({ length: 6 }, (_, item) => ({ name: `t-${item}`, stage: 'reason', blocked: `first line\n${'long '.repeat(60)}` }));
    for (const [columns, rows] of [[40, 8], [60, 12], [120, 50]] as const) {
      const lines = linesOf({ columns, rows, details: { ...DETAILS, running } });
      expect(lines.length).toBeLessThan(rows);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
      expect(lines.join('')).not.toContain('\n');
    }
  });

  it('is drawn over itself: as many lines up as were written, then cleared', () => {
    const written: string[] = [];
    const board = createDashboard({ out: () => undefined, err: (text) => void written.push(text), live: true, size: () => ({ columns: 100, rows: 40 }) }, 'small-1', () => undefined, () => 0);
    board.update(PROGRESS);
    board.show(DETAILS);
    board.update(PROGRESS);
    const first = written[0]?.split('\n').length ?? 0;
    expect(written[0]).not.toContain('\x1b[0J');
    expect(written[1]?.startsWith(`\x1b[${first}A\x1b[0J`)).toBe(true);
    expect(dashboardLines({ id: 'small-1', progress: PROGRESS, spend: shownSpend(PROGRESS, undefined), details: NO_DETAILS, pace: undefined, columns: 100, rows: 40 })).toHaveLength(first);
  });
});

describe('the pace', () => {
  const at = (seconds: number, calls: number, verified: number): [number, Progress] => [seconds * 1000, { ...PROGRESS, calls: { accepted: calls, attempts: calls }, verified }];

  it('is that of the last half minute; the time left is that of all rows since the first look', () => {
    let time = 0;
    const pace = createPace(() => time);
    const see = ([when, progress]: [number, Progress]): ReturnType<typeof pace> => {
      time = when;
      return pace(progress, shownSpend(progress, undefined));
    };
    expect(see(at(0, 0, 0))).toBeUndefined();
    expect(see(at(20, 2000, 4))).toMatchObject({ callsPerSecond: 100, leftMs: 100_000 });
    expect(see(at(40, 2200, 8))).toMatchObject({ callsPerSecond: 10, leftMs: 80_000 });
  });

  it('takes no leap from ended items to the ledger for a pace', () => {
    let time = 0;
    const pace = createPace(() => time);
    expect(pace(PROGRESS, shownSpend(PROGRESS, undefined))).toBeUndefined();
    time = 2_000;
    expect(pace(PROGRESS, shownSpend(PROGRESS, LEDGER))).toBeUndefined();
    time = 4_000;
    expect(pace(PROGRESS, shownSpend(PROGRESS, { ...LEDGER, calls: 1332 }))).toMatchObject({ callsPerSecond: 10 });
  });
});

it('the spend of a running campaign is read from its folder, over and over; without the folder nothing is known', async () => {
  const home = mkdtempSync(join(tmpdir(), 'hardgen-spend-'));
  const config = { ...loadConfig({}), home };
  const spent = liveSpend(config, 'small-1');
  const seen = async (): Promise<unknown> => {
    spent();
    await new Promise((done) => setTimeout(done, 50));
    return spent();
  };
  expect(await seen()).toBeUndefined();
  const ledger = createLedger(home);
  await ledger.add('small-1', { calls: 2 });
  await new Promise((done) => setTimeout(done, 50));
  expect(await seen()).toEqual({ calls: 2, tokens: 0, microUsd: 0, silent: [] });
  await ledger.add('small-1', { tokens: 70, microUsd: 9 });
  await new Promise((done) => setTimeout(done, 50));
  expect(await seen()).toEqual({ calls: 2, tokens: 70, microUsd: 9, silent: [] });
  rmSync(home, { recursive: true });
});

it('an item\'s place is counted from 1, and is left out before its first step', () => {
  expect(stageText({ stage: 'verify', turn: 0, step: 1, attempt: 2, paused: false })).toBe('verify  turn 1, step 2, attempt 2');
  expect(stageText({ stage: 'sampleTrace', turn: 0, step: 0, attempt: 0, paused: true })).toBe('sampleTrace  paused');
});

it('gates are read from a worker\'s metrics, whatever other labels stand there', () => {
  const page = '# TYPE hardgen_gate_in_flight gauge\nhardgen_gate_in_flight{endpoint="house",x="1"} 8\nhardgen_gate_allowed{endpoint="house"} 12.5\nhardgen_gate_waiting{endpoint="house"} 3\nhardgen_gate_in_flight{endpoint="other"} 0\n';
  expect(parseGates(page)).toEqual([{ endpoint: 'house', inFlight: 8, allowed: 12.5, waiting: 3 }, { endpoint: 'other', inFlight: 0, allowed: 0, waiting: 0 }]);
});
