import type { Json } from '../json';
import type { BlockValues } from '../prompt/template';

/** Something that code cannot see in a query but a reader may: an enumeration, a Boolean or a listed name in other words, or that an output is asked for. */
export interface ParaphraseClaim {
  /** `c2/insurance`, `role:c1/city` (which of two values of a kind serves what), or `ask:c3/price`. */
  id: string;
  kind: 'value' | 'ask';
  /** The argument's name, or the asked output's label. */
  argument: string;
  /** `null` for an asked output. */
  value: Json;
  meaning: string;
  /** What else it could be. */
  choices?: Json[];
}

export interface Judgement {
  verdicts: { id: string; conveyed: boolean }[];
}

/** The paraphrase judge's blocks: the query, one claim per line as JSON, and what was said before. */
export function judgeBlocks(input: { query: string; claims: readonly ParaphraseClaim[]; earlier: readonly { role: 'user' | 'assistant'; text: string }[] }): BlockValues {
  return {
    query: input.query,
    claims: input.claims.map((claim) => JSON.stringify(claimLine(claim))).join('\n'),
    conversation: conversationBlock(input.earlier),
  };
}

const claimLine = (claim: ParaphraseClaim): { [key: string]: Json } =>
  claim.kind === 'ask'
    ? { id: claim.id, claim: `the user wants to be told: ${claim.argument}` }
    : { id: claim.id, claim: `${claim.argument} is ${JSON.stringify(claim.value)}`, meaning: claim.meaning, ...(claim.choices && { instead_of: claim.choices.filter((choice) => choice !== claim.value) }) };

/** `user: …` and `assistant: …` lines, `undefined` in a first turn. */
export const conversationBlock = (earlier: readonly { role: 'user' | 'assistant'; text: string }[]): string | undefined =>
  earlier.length === 0 ? undefined : earlier.map((message) => `${message.role}: ${message.text}`).join('\n');

/** What the judge turned down, as reasons for the writer of the query. */
export function judgedReasons(claims: readonly ParaphraseClaim[], judgement: Judgement): string[] {
  return claims
    .filter((claim) => !judgement.verdicts.some((verdict) => verdict.id === claim.id && verdict.conveyed))
    .map((claim) => (claim.kind === 'ask'
      ? `the message does not ask for: ${claim.argument}`
      : `a reader would not conclude that ${claim.argument} is ${JSON.stringify(claim.value)} (${claim.meaning}); say it more clearly`));
}
