import { statusLines } from '../../src/cli/campaign-report';
import { shownSpend } from '../../src/cli/live-spend';
import { countByWorld, NO_SPEND, type ItemResult, type Progress } from '../../src/core/campaign/progress';
import type { Outcome } from '../../src/core/outcome';

const CELLS = ['rail/1/single', 'bank/1/single', 'rail/2/single', 'bank/2/single', 'bank/1/single', 'rail/1/single'];
const result = (item: number, outcome: Outcome): ItemResult => ({ item, outcome, spend: NO_SPEND, signature: '', attempts: [] });
const rejected = (reason: 'query' | 'attempts' | 'surplus'): Outcome => ({ kind: 'rejected', reason });
const verified: Outcome = { kind: 'verified' };

const items = [result(0, verified), result(1, rejected('query')), result(2, rejected('surplus')), result(3, rejected('attempts')), result(4, verified), result(5, { kind: 'failed', reason: 'a bug' })];

const progress = (worlds: Progress['worlds']): Progress => ({
  id: 'c', phase: 'done', verified: 2, target: 4, rejected: {}, blocked: 0, failed: 0, running: 0, calls: { accepted: 0, attempts: 0 }, tokens: { input: 0, output: 0 }, costUsd: 0, paused: false,
  funnel: { tools: 0, probed: 0, failureTools: 0, brokenProbes: 0, traces: 0, queries: 0, verified: 2 }, ...(worlds === undefined ? {} : { worlds }),
});

describe('the spend that is told', () => {
  const running: Progress = { ...progress(undefined), phase: 'generate', calls: { accepted: 8, attempts: 9 }, tokens: { input: 1_000, output: 200 }, costUsd: 0.4, budget: { usd: 5, calls: 100 }, cost: { perVerifiedUsd: null, byReason: {} } };
  const told = (spend?: ReturnType<typeof shownSpend>): string => statusLines(running, spend).join('\n');

  it('while a campaign runs is the ledger\'s, with the limits it is held to', () => {
    const lines = told(shownSpend(running, { calls: 30, tokens: 4_000, microUsd: 1_250_000 }));
    expect(lines).toContain('  30 requests · 4.0k tokens · $1.25\n');
    expect(lines).toContain('  budget: $1.25 of $5.00 · 30 of 100 calls');
  });

  it('is labelled where only the campaign\'s own answer is at hand', () => {
    const lines = told(shownSpend(running, undefined));
    expect(lines).toContain('  9 requests · 1.2k tokens · $0.40 (ended items)\n');
    expect(lines).toContain('  budget (ended items): $0.40 of $5.00 · 9 of 100 calls');
  });

  it('at the end is that of all items', () => {
    expect(told()).toContain('  8 model calls (9 requests) · 1.0k tokens in, 200 out · $0.40\n');
  });
});

describe('what each world gave', () => {
  it('counts verdicts by the world of their cell; what failed by a fault of ours is in no number', () => {
    expect(countByWorld(items, CELLS)).toEqual({ rail: { verified: 1, rejected: { surplus: 1 } }, bank: { verified: 1, rejected: { query: 1, attempts: 1 } } });
  });

  it('is told world by world, those that turn most down first; surplus is no rejection', () => {
    const lines = statusLines(progress(countByWorld(items, CELLS))).filter((line) => line.startsWith('    '));
    expect(lines).toEqual(['    bank     1 verified     2 rejected (67 %)  query 1 · attempts 1', '    rail     1 verified     0 rejected (0 %)']);
  });

  it('is not told of a single world, whose numbers stand above already', () => {
    expect(statusLines(progress({ rail: { verified: 1, rejected: { query: 1 } } })).some((line) => line.startsWith('    rail'))).toBe(false);
    expect(statusLines(progress(undefined)).some((line) => line.startsWith('    '))).toBe(false);
  });
});
