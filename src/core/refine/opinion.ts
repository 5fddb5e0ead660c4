import { jsonEqual } from '../json';
import type { Call, CallResult, ToolDoc } from '../tool';
import type { Ask, GoldCall } from '../trace';
import { sameCall } from './match';
import { states } from './values';

/**
 * What effects alone say of an attempt, whatever calls it made and in whatever order: recorded beside the verdict of the
 * partial order, never deciding.
 */
export interface Opinion {
  /** The world stands as it would after the gold calls that the attempt reproduced; for an answer, as at the end of the turn. */
  sameState: boolean;
  /** Results of remaining gold calls are among its own; for an answer, it states everything asked for. */
  sameOutputs: boolean;
}

/** Attempts by what the rule and what their effects say; those that could not be read have no effect and are not counted. */
export interface Agreement {
  both: number;
  rule_only: number;
  effect_only: number;
  neither: number;
}

export const NO_ATTEMPTS: Agreement = { both: 0, rule_only: 0, effect_only: 0, neither: 0 };

/**
 * The remaining gold calls whose recorded results an attempt's calls gave as well, in sampled order; each of its results
 * stands for one. Many writing calls answer alike, so the very call is looked for first, then one of the same tool. Calls
 * beyond them are passed over: if they changed anything, the state tells.
 */
export function goldReproduced(input: { calls: readonly Call[]; results: readonly CallResult[]; remaining: readonly GoldCall[]; tools: readonly ToolDoc[] }): GoldCall[] {
  const given = input.calls.flatMap((call, index) => {
    const result = input.results[index];
    return result?.ok ? [{ call, value: result.value }] : [];
  });
  const found = new Set<GoldCall>();
  for (const fits of [(call: Call, gold: GoldCall) => sameCall(call, gold, input.tools), (call: Call, gold: GoldCall) => call.tool === gold.tool, () => true]) {
    for (const gold of input.remaining) {
      const place = found.has(gold) ? -1 : given.findIndex(({ call, value }) => jsonEqual(value, gold.result) && fits(call, gold));
      if (place < 0) continue;
      given.splice(place, 1);
      found.add(gold);
    }
  }
  return input.remaining.filter((gold) => found.has(gold));
}

/** On an attempt of calls. `gold` is the state after the reproduced gold calls in place of the attempt's own. */
export const opinionOnCalls = (input: { reproduced: readonly GoldCall[]; digest: string | undefined; gold: string | undefined }): Opinion =>
  ({ sameState: input.digest === input.gold, sameOutputs: input.reproduced.length > 0 });

/** On a final answer, which is given in the state `digest`. `endOfTurn` is the state after all gold calls of the turn. */
export const opinionOnAnswer = (input: { text: string; asks: readonly Ask[]; digest: string | undefined; endOfTurn: string | undefined }): Opinion =>
  ({ sameState: input.digest === input.endOfTurn, sameOutputs: input.asks.every((ask) => states(input.text, ask.value, ask.label)) });

/** Counts judged attempts; records from before opinions were kept have none. */
export function agreementOf(attempts: readonly { right: boolean; opinion?: Opinion | null }[]): Agreement {
  const agreement = { ...NO_ATTEMPTS };
  for (const { right, opinion } of attempts) {
    if (!opinion) continue;
    const same = opinion.sameState && opinion.sameOutputs;
    agreement[right ? (same ? 'both' : 'rule_only') : same ? 'effect_only' : 'neither'] += 1;
  }
  return agreement;
}

export const addAgreement = (a: Agreement, b: Agreement): Agreement =>
  ({ both: a.both + b.both, rule_only: a.rule_only + b.rule_only, effect_only: a.effect_only + b.effect_only, neither: a.neither + b.neither });
