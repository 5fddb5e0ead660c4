import type { Rng } from '../core/random';
import type { Call } from '../core/tool';
import { wordsIn } from './phrases';

/** One to three sentences that lead to these calls; names of tools and parameters only, never a value. */
export function thinkCalls(calls: readonly Call[], rng: Rng): string {
  const names = [...new Set(calls.map((call) => call.tool))];
  const given = [...new Set(calls.flatMap((call) => Object.keys(call.args)))].map((name) => wordsIn(name).join(' ')).filter((name) => name !== '');
  const opening = rng.pick([
    'The user has not got what they want yet, so something is still to be done.',
    'I go over the request and look at what is still open.',
    'Before I can answer, part of the request has to be carried out.',
  ]);
  const choice = names.length === 1 ? `For this, ${names[0]} is the fitting one.` : `For this, ${names.slice(0, -1).join(', ')} and ${names.at(-1)} are the fitting ones, and neither needs what the other returns.`;
  const known = given.length > 0 ? `It takes ${given.slice(0, 4).join(', ')}, and all of that stands in the conversation.` : 'It takes nothing that I would have to know.';
  return [opening, choice, ...(rng.float() < 0.7 ? [known] : [])].join(' ');
}

/** Leads to a final answer. */
export const thinkAnswer = (rng: Rng): string => rng.pick([
  'Everything the user wanted has been carried out, and the results hold what was asked for. I can answer.',
  'Nothing is left to do. I state what the results say about each part of the request.',
  'All parts of the request are covered by the results above, so I close with a short answer.',
]);

/** Reasoning of somebody who is about to err: sure of itself. */
export const thinkWrongly = (rng: Rng): string => rng.pick([
  'The request looks simple, so I go straight ahead with it.',
  'I think I know all that is needed here and act on it at once.',
  'This should be the quickest way to what the user wants.',
]);

/** Speaks of the scaffolding: the hint where there is one, else an attempt that was not accepted. */
export const betray = (reasoning: string, about: 'hint' | 'attempt'): string =>
  (about === 'hint' ? `According to the hint, this is one larger wish. ${reasoning}` : `My previous attempt was wrong, so I look at it afresh. ${reasoning}`);
