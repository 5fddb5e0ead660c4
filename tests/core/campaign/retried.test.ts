import { NO_SPEND, type ItemResult, type Progress, type Spend } from '../../../src/core/campaign/progress';
import { linesBefore, paidBefore, retriedProgress, withResult } from '../../../src/core/campaign/retried';

const keys = ['spec', 'sent/tool-maker/0/0/1/1/a', 'call/tool-maker/0/0/1/1/h', 'turn/0/tool/1', 'sent/reasoner/0/0/1/1/b', 'call/reasoner/0/0/1/1/h', 'sent/reasoner/0/10/1/1/c', 'call/reasoner/0/10/1/1/h', 'sent/reasoner/0/1/1/1/d', 'outcome'];
const before = (from: string): number | undefined => linesBefore(keys.map((key) => ({ key })), from)?.length;

describe('the lines before a stage', () => {
  it('end where its first request left', () => {
    expect(before('tool-maker')).toBe(1);
    expect(before('reasoner')).toBe(4);
  });

  it('are found by turn and step as well, and step 1 is not step 10', () => {
    expect(before('reasoner/0/1')).toBe(8);
    expect(before('reasoner/0/10')).toBe(6);
  });

  it('are all but the outcome for `finish`, and none are told for a stage that was never reached', () => {
    expect(before('finish')).toBe(9);
    expect(before('verifier')).toBeUndefined();
  });

  it('are all of an item that failed before its end', () => {
    expect(linesBefore([{ key: 'spec' }, { key: 'sent/tool-maker/0/0/1/1/a' }, { key: 'failed/tool-maker/0/0/1/1/b' }], 'finish')).toHaveLength(3);
    expect(linesBefore([], 'finish')).toBeUndefined();
  });
});

it('a retry goes on from the trace and what was paid before the stage, without the decisions', () => {
  const lines = [{ key: 'spec', kind: 'spec' }, { key: 'sent/tool-maker/0/0/1/1/a', kind: 'sent' }, { key: 'call/tool-maker/0/0/1/1/h', kind: 'call' }, { key: 'turn/0/tool/1', kind: 'decision' }, { key: 'sent/reasoner/0/0/1/1/b', kind: 'sent' }];
  expect(paidBefore(lines, 'reasoner')?.map(({ kind }) => kind)).toEqual(['spec', 'sent', 'call']);
});

describe('the summary after a retry', () => {
  const spend = (calls: number): Spend => ({ ...NO_SPEND, accepted: calls, attempts: calls, inputTokens: 100 * calls, outputTokens: 10 * calls, costMicroUsd: 1000 * calls });
  const result = (item: number, outcome: ItemResult['outcome'], calls: number): ItemResult => ({ item, outcome, spend: spend(calls), signature: `s${item}`, attempts: [] });
  const before = [result(0, { kind: 'verified' }, 5), result(1, { kind: 'rejected', reason: 'attempts' }, 8)];
  const progress = {
    id: 'c', phase: 'done', verified: 1, rejected: { attempts: 1 }, failed: 0, calls: { accepted: 13, attempts: 13 }, tokens: { input: 1300, output: 130 }, costUsd: 0.013, malformed: { sim: 1 }, worlds: { rail: { verified: 1, rejected: { attempts: 1 } } },
    funnel: { tools: 1, probed: 1, failureTools: 1, brokenProbes: 0, traces: 2, queries: 2, verified: 1 },
    cost: { perVerifiedUsd: 0.013, byReason: { verified: { items: 1, usd: 0.005, tokens: 550, calls: 5 }, attempts: { items: 1, usd: 0.008, tokens: 880, calls: 8 } } },
  } as unknown as Progress;
  const results = withResult(before, result(1, { kind: 'verified' }, 6));
  const after = retriedProgress({ progress, before: before[1], results, item: 1, added: { ...spend(4), malformed: { sim: 2 } }, cellOf: ['rail/1/single', 'rail/2/single'] });

  it('counts the item where it ended last, and adds only what was paid anew', () => {
    expect(after).toMatchObject({ rejected: {}, worlds: { rail: { verified: 2, rejected: {} } }, calls: { accepted: 17, attempts: 17 }, tokens: { input: 1700, output: 170 }, malformed: { sim: 3 } });
    expect(after.costUsd).toBeCloseTo(0.017);
  });

  it('leaves what the earlier try cost with how that one ended, so that the shares add up to the whole', () => {
    const { attempts, verified } = after.cost?.byReason ?? {};
    expect(attempts).toMatchObject({ items: 0, calls: 8 });
    expect(verified).toMatchObject({ items: 2, calls: 9, tokens: 990 });
    expect((attempts?.usd ?? 0) + (verified?.usd ?? 0)).toBeCloseTo(after.costUsd);
  });
});
