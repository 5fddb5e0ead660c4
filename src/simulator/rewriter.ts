import { tryJson } from '../core/chat/parse';
import { isObject, type Json } from '../core/json';
import { planWriter, writerFault } from './fault-plan';
import { findBlock, missingBlock, needBlock, rngOf, SimulatorError, type SimReply, type SimRequest } from './request';
import { thinkAnswer, thinkCalls } from './thinking';

/** The Rewriter: clean reasoning that leads to the calls of the <calls> block, which it repeats. */
export function rewrite(request: SimRequest): SimReply {
  needBlock(request, 'conversation');
  const response = tryJson(needBlock(request, 'calls'));
  if (!isObject(response) || !Array.isArray(response.calls)) throw new SimulatorError(400, 'Expected the block <calls> of the rewriter to hold one JSON object with `calls`, got something else');
  const rejected = findBlock(request, 'rejected');
  if (request.lookup.try > 1 && rejected === undefined) throw missingBlock(request, 'rejected');
  const fault = writerFault(planWriter(request.lookup), rejected);
  if (fault === 'malformed') return { content: 'I looked at what the user wants and made the calls.' };
  const calls = response.calls.filter(isObject).map((call) => ({ name: String(call.name), arguments: (call.arguments ?? {}) as Json }));
  const rng = rngOf(request.lookup, 'rewrite');
  const reasoning = calls.length > 0 ? thinkCalls(calls.map((call) => ({ tool: call.name, args: isObject(call.arguments) ? call.arguments : {} })), rng) : thinkAnswer(rng);
  return { content: JSON.stringify({ reasoning: fault === 'flawed' ? `As the hint says, this is the way. ${reasoning}` : reasoning, calls }) };
}
