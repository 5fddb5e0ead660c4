import type { ChatMessage } from '../core/chat/chat';
import { tryJson } from '../core/chat/parse';
import { isObject } from '../core/json';
import { readBlock } from '../core/prompt/template';
import { sameCall } from '../core/refine/match';
import type { Call, ToolDoc } from '../core/tool';
import type { GoldCall, TraceSpec } from '../core/trace';
import { missingBlock, SimulatorError, type SimRequest } from './request';

/** Where a Reasoner or target stands, read from the prompt: gold of the turn less the calls answered in the conversation. */
export interface Position {
  turn: number;
  answered: string[];
  /** Sampled order. */
  remaining: GoldCall[];
  /** Calls of this turn that are no gold call: a target's own mistakes, which nobody took back. */
  strayed: Call[];
  /** All that stands in the prompt, for "is this value there?". */
  shown: string;
  /** Texts of tool messages. */
  results: string[];
  /** The tools of the request as documents. */
  docs: ToolDoc[];
  hint: boolean;
  /** <feedback> after each attempt at this step, in order; `undefined` where there is none. */
  feedback: (string | undefined)[];
}

export function readPosition(request: SimRequest, spec: TraceSpec): Position {
  const { lookup, messages } = request;
  const opening = openingOf(request);
  const docs = request.tools.map((tool): ToolDoc => ({ name: tool.function.name, description: tool.function.description, input: tool.function.parameters }));
  const gold = (spec.turns[lookup.turn]?.calls ?? []).map((id) => spec.calls.find((call) => call.id === id) as GoldCall);
  const made = messages.slice(opening + 1).flatMap(callsOf);
  const answered: string[] = [];
  const strayed: Call[] = [];
  for (const call of made) {
    const match = gold.find((candidate) => !answered.includes(candidate.id) && sameCall(call, candidate, docs));
    if (match) answered.push(match.id);
    else strayed.push(call);
  }
  return {
    turn: lookup.turn, answered, remaining: gold.filter((call) => !answered.includes(call.id)), strayed, docs,
    shown: messages.map((message) => `${message.content ?? ''}${message.role === 'assistant' ? JSON.stringify(callsOf(message)) : ''}`).join('\n'),
    results: messages.flatMap((message) => (message.role === 'tool' ? [message.content] : [])),
    hint: readBlock(String(messages[opening]?.content ?? ''), 'hint') !== undefined,
    feedback: feedbackOf(request),
  };
}

/** The message that opens the current turn: for the Reasoner the last one with a <query> block, for a target the last user message. */
function openingOf(request: SimRequest): number {
  const { lookup, messages } = request;
  const isOpening = (message: ChatMessage): boolean => message.role === 'user' && (lookup.stage === 'target' || readBlock(message.content, 'query') !== undefined);
  const at = messages.findLastIndex(isOpening);
  if (at < 0 && lookup.stage === 'target') throw new SimulatorError(400, 'Expected a user message in the request of a target, got none');
  if (at < 0) throw missingBlock(request, 'query');
  const { hint, advancedTool } = lookup.ablation;
  if (lookup.stage === 'reasoner' && hint === 'on' && advancedTool === 'on' && readBlock(String(messages[at]?.content), 'hint') === undefined) throw missingBlock(request, 'hint');
  return at;
}

/** What the messages after the last response or result say: an <attempt> each, and <feedback> unless it is switched off. */
function feedbackOf(request: SimRequest): (string | undefined)[] {
  const { lookup, messages } = request;
  if (lookup.stage === 'target') return [];
  const after = messages.slice(messages.findLastIndex((message) => message.role === 'assistant' || message.role === 'tool') + 1);
  const refinements = after.flatMap((message) => (message.role === 'user' ? [message.content] : [])).filter((text) => readBlock(text, 'attempt') !== undefined);
  if (refinements.length < lookup.attempt - 1) throw missingBlock(request, 'attempt');
  const feedback = refinements.map((text) => readBlock(text, 'feedback'));
  if (lookup.ablation.feedback === 'on' && feedback.includes(undefined)) throw missingBlock(request, 'feedback');
  return feedback;
}

function callsOf(message: ChatMessage): Call[] {
  if (message.role !== 'assistant') return [];
  return (message.tool_calls ?? []).map((call) => {
    const args = tryJson(call.function.arguments);
    return { tool: call.function.name, args: isObject(args) ? args : {} };
  });
}
