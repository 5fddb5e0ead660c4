import { addSpend, costReasonOf, countByWorld, NO_SPEND, type CostReport, type ItemResult, type Progress, type Spend } from './progress';

/** The stages that an item may be tried again from; `finish` only checks and stores the row again, and one that failed before its end goes on where that was. */
export const RETRY_STAGES = ['tool-maker', 'query-generator', 'paraphrase-judge', 'reasoner', 'verifier', 'rewriter', 'finish'] as const;

/**
 * The lines of a record before its first call of a stage; `undefined` when it never got there. `from` is a stage, or the
 * beginning of a call's key (`reasoner/1/2`: turn 1, step 2). A trajectory does one thing after the other, so what stands
 * before that line is all that the call was made from.
 */
export function linesBefore<T extends { key: string }>(lines: readonly T[], from: string): T[] | undefined {
  const isFirst = (key: string): boolean => (from === 'finish' ? key === 'outcome' : ['sent', 'failed', 'call'].some((kind) => `${key}/`.startsWith(`${kind}/${from}/`)));
  const place = lines.findIndex((line) => isFirst(line.key));
  if (place >= 0) return lines.slice(0, place);
  return from === 'finish' && lines.length > 0 ? [...lines] : undefined;
}

/**
 * Of those, what a retry goes on from: the trace, and what was asked and paid. Stages read all that is decided, and with
 * decisions of later stages there an earlier one would ask something else; decisions follow from the replies again.
 */
export const paidBefore = <T extends { key: string; kind: string }>(lines: readonly T[], from: string): T[] | undefined =>
  linesBefore(lines, from)?.filter((line) => line.kind !== 'decision');

/** The results with one of them replaced or added, by item. */
export const withResult = (results: readonly ItemResult[], result: ItemResult): ItemResult[] =>
  [...results.filter((other) => other.item !== result.item), result].sort((a, b) => a.item - b.item);

/** A campaign's summary after one of its items was tried again; `added` is what that cost, `results` holds the new result. */
export function retriedProgress(input: { progress: Progress; before: ItemResult | undefined; results: readonly ItemResult[]; item: number; added: Spend; cellOf: readonly string[] }): Progress {
  const { progress, before, results, item, added } = input;
  const after = results.find((result) => result.item === item);
  const rejected: { [reason: string]: number } = {};
  for (const { outcome } of results) if (outcome.kind === 'rejected') rejected[outcome.reason] = (rejected[outcome.reason] ?? 0) + 1;
  const count = (...reasons: string[]): number => reasons.reduce((sum, reason) => sum + (rejected[reason] ?? 0), 0);
  // What ended by infrastructure or by an operator says nothing about traces and queries.
  const traces = results.filter(({ outcome }) => outcome.kind === 'verified' || outcome.kind === 'rejected').length - count('shape', 'unreachable');
  const { malformed } = addSpend({ ...added, malformed: progress.malformed ?? {} }, added);
  return {
    ...progress,
    rejected,
    ...(progress.worlds === undefined ? {} : { worlds: countByWorld(results, input.cellOf) }),
    failed: progress.failed + failedOnce(after) - failedOnce(before),
    calls: { ...progress.calls, accepted: progress.calls.accepted + added.accepted, attempts: progress.calls.attempts + added.attempts },
    tokens: { input: progress.tokens.input + added.inputTokens, output: progress.tokens.output + added.outputTokens },
    costUsd: progress.costUsd + added.costMicroUsd / 1e6,
    ...(malformed && Object.keys(malformed).length > 0 ? { malformed } : {}),
    ...(progress.cost === undefined || after === undefined ? {} : { cost: { ...progress.cost, byReason: retriedCosts(progress.cost.byReason, { before, after, added }) } }),
    funnel: { ...progress.funnel, traces, queries: traces - count('advanced-tool', 'query') },
  };
}

const failedOnce = (result: ItemResult | undefined): number => (result?.outcome.kind === 'failed' ? 1 : 0);

/** What an earlier try cost stays with how that one ended; the item itself, and what was added, count where it ended last. */
function retriedCosts(byReason: CostReport['byReason'], { before, after, added }: { before: ItemResult | undefined; after: ItemResult; added: Spend }): CostReport['byReason'] {
  const costs = { ...byReason };
  const add = (reason: string, items: number, { costMicroUsd, inputTokens, outputTokens, attempts }: Spend): void => {
    const sum = costs[reason] ?? { items: 0, usd: 0, tokens: 0, calls: 0 };
    costs[reason] = { items: sum.items + items, usd: sum.usd + costMicroUsd / 1e6, tokens: sum.tokens + inputTokens + outputTokens, calls: sum.calls + attempts };
  };
  if (before) add(costReasonOf(before), -1, NO_SPEND);
  add(costReasonOf(after), 1, added);
  return costs;
}
