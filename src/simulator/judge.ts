import { tryJson } from '../core/chat/parse';
import type { Json } from '../core/json';
import { containsText, states } from '../core/refine/values';
import { planWriter, writerFault } from './fault-plan';
import { wordsIn } from './phrases';
import { findBlock, jsonLines, needBlock, type SimReply, type SimRequest } from './request';

/** The paraphrase judge: a claim is conveyed when the words of its value, or for a wish or an asked output those of its name, stand in <query>. */
export function judgeClaims(request: SimRequest): SimReply {
  const query = needBlock(request, 'query');
  const claims = jsonLines(needBlock(request, 'claims'));
  const said = `${findBlock(request, 'conversation') ?? ''}\n${query}`;
  if (writerFault(planWriter(request.lookup), undefined) === 'malformed' && request.lookup.attempt === 1) return { content: 'Most of the claims look fine to me.' };
  const verdicts = claims.map((claim) => ({ id: String(claim.id), conveyed: isConveyed(claim, query, said) }));
  return { content: JSON.stringify({ verdicts }) };
}

function isConveyed(claim: { [key: string]: Json }, query: string, said: string): boolean {
  const text = String(claim.claim);
  if (text.startsWith('the user wants to be told: ')) return speaksOf(query, text.slice('the user wants to be told: '.length).replace(/\([^)]*\)/g, ' '));
  const split = [...text.matchAll(/ is /g)].map((match) => match.index).find((at) => tryJson(text.slice(at + 4)) !== undefined) ?? -1;
  const value = tryJson(text.slice(split + 4));
  if (split < 0 || value === undefined) return false;
  if (typeof value !== 'boolean') return states(said, value) || containsText(said, String(value).replace(/[_-]+/g, ' '));
  const name = text.slice(0, split);
  const clauses = query.toLowerCase().split(/[.!?;,]|\band\b/).filter((clause) => speaksOf(clause, name) || speaksOf(clause, String(claim.meaning ?? '')));
  return clauses.length > 0 && clauses.some((clause) => !NEGATION.test(clause) === value);
}

const NEGATION = /\b(?:no|not|without|never|don't)\b/;

/** True when a telling word of the name stands in the text, whatever its ending. */
function speaksOf(text: string, name: string): boolean {
  const present = wordsIn(text).map(stem);
  const telling = wordsIn(name).filter((word) => word.length > 3 && !/^(?:whether|when|with|that|this|have|from)$/.test(word));
  return (telling.length > 0 ? telling : wordsIn(name)).some((word) => present.includes(stem(word)));
}

const stem = (word: string): string => word.replace(/(?:ations?|ings?|ed|es|s|e|y)$/, '');
