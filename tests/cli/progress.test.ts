import { statusLines } from '../../src/cli/campaign-report';
import { dashboardLines, NO_DETAILS } from '../../src/cli/dashboard';
import { shownSpend } from '../../src/cli/live-spend';
import { duration, progressLine, progressView, short } from '../../src/cli/progress-view';
import { defaultId } from '../../src/cli/temporal';
import type { Progress } from '../../src/core/campaign/progress';

const PROGRESS: Progress = {
  id: 'c', phase: 'generate', verified: 12, target: 24, rejected: { query: 3, attempts: 2 }, blocked: 0, failed: 0, running: 20, calls: { accepted: 800, attempts: 812 },
  tokens: { input: 1_100_000, output: 100_000 }, costUsd: 0.42, paused: false, funnel: { tools: 21, probed: 21, failureTools: 6, brokenProbes: 0, traces: 17, queries: 14, verified: 12 },
};

/** With what running items have spent. */
const LEDGER = { calls: 1312, tokens: 2_500_000, microUsd: 1_500_000 };

describe('a progress line', () => {
  it('counts rows and rejections, and calls, tokens and money as the ledger has them', () => {
    expect(progressLine(PROGRESS, LEDGER, 180_000)).toBe('generate      12/24 verified · 5 rejected · 20 running · 1312 calls · 2.5M tokens · $1.50 · about 3 min left');
  });

  it('says whose spend it tells where the ledger is not at hand', () => {
    expect(progressLine(PROGRESS)).toMatch(/812 calls · 1\.2M tokens · \$0\.42 \(ended items\)$/);
  });

  it('counts probed tools while the targets are tried', () => {
    expect(progressLine({ ...PROGRESS, phase: 'self-evaluate', funnel: { ...PROGRESS.funnel, probed: 4 } })).toMatch(/^self-evaluate 4\/21 tools probed · 20 running/);
  });

  it('says why it stands still and what to type', () => {
    expect(progressLine({ ...PROGRESS, paused: true, blocked: 1, note: 'the key is wrong' })).toMatch(/1 blocked.*PAUSED: the key is wrong; npx hardgen campaign resume c$/);
  });
});

describe('an endpoint that does not answer', () => {
  const spent = { ...LEDGER, silent: [{ endpoint: 'house', failures: 12, message: 'house/m: Connection error. (ENOTFOUND)' }] };
  const told = 'no answer to the last 12 requests, which are sent again until there is one: house/m: Connection error. (ENOTFOUND)';

  it('is told where one looks why nothing happens', () => {
    expect(progressLine(PROGRESS, spent)).toContain(`$1.50 · ${told}`);
    expect(statusLines(PROGRESS, shownSpend(PROGRESS, spent))).toContain(`  ${told}`);
    expect(dashboardLines({ id: 'c', progress: PROGRESS, spend: shownSpend(PROGRESS, spent), details: NO_DETAILS, pace: undefined, columns: 200, rows: 40 })[1]).toEqual({ text: told, tone: 'warning' });
  });

  it('is not told while nothing is sent', () => {
    expect(shownSpend({ ...PROGRESS, paused: true }, spent).silences).toEqual([]);
  });
});

describe('replies that were taken over from other campaigns', () => {
  it('are told by `campaign status` and in the lines of `campaign watch`, apart from paid ones', () => {
    const reusing = { ...PROGRESS, reused: 640, calls: { accepted: 0, attempts: 0 }, tokens: { input: 0, output: 0 }, costUsd: 0 };
    expect(statusLines(reusing)).toContain('  0 model calls (0 requests) · 0 tokens in, 0 out · $0.00 · 640 replies reused');
    expect(progressLine(reusing)).toBe('generate      12/24 verified · 5 rejected · 20 running · 640 replies reused');
    expect(progressLine({ ...PROGRESS, reused: 1 })).toMatch(/\$0\.42 \(ended items\) · 1 reply reused$/);
  });

  it('are not mentioned when there were none', () => {
    expect(statusLines(PROGRESS).join()).not.toContain('reused');
    expect(progressLine(PROGRESS)).not.toContain('reused');
  });
});

describe('in a pipe', () => {
  it('comes a line every five seconds, at once when the phase changes, never twice the same', () => {
    const lines: string[] = [];
    let now = 0;
    const view = progressView({ out: () => undefined, err: (line) => void lines.push(line), live: false }, () => undefined, () => now);
    const at = (ms: number, progress: Progress | undefined): void => {
      now = ms;
      view.update(progress);
    };
    at(0, undefined);
    at(500, { ...PROGRESS, phase: 'explore' });
    at(1000, PROGRESS);
    at(1500, { ...PROGRESS, verified: 13 });
    at(6000, { ...PROGRESS, verified: 18 });
    at(12_000, { ...PROGRESS, verified: 18 });
    expect(lines.map((line) => line.slice(0, 20).trim())).toEqual(['waiting for a worker', 'explore       20 run', 'generate      12/24', 'generate      18/24', 'generate      18/24']);
  });

  it('tells the time left from the rows gained since generation began', () => {
    const lines: string[] = [];
    let now = 0;
    const view = progressView({ out: () => undefined, err: (line) => void lines.push(line), live: false }, () => undefined, () => now);
    view.update(PROGRESS);
    now = 60_000;
    view.update({ ...PROGRESS, verified: 18 });
    expect(lines[1]).toContain('about 60 s left');
  });
});

it.each([[999, '999'], [1200, '1.2k'], [3_400_000, '3.4M']])('%d is written %s', (count, text) => expect(short(count)).toBe(text));
it.each([[89_400, '89 s'], [120_000, '2 min'], [7_200_000, '2.0 h']])('%d ms are %s', (ms, text) => expect(duration(ms)).toBe(text));

it('a campaign without an id is named after its file and the time in UTC', () => {
  expect(defaultId('quickstart', new Date('2026-01-02T03:04:05.678Z'))).toBe('quickstart-20260102-030405');
});
