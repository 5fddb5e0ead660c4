import type { ChatReply } from '../chat/chat';
import { splitThinking, tryJson, unusable } from '../chat/parse';
import type { Parsed } from '../chat/parse';
import type { Json } from '../json';
import { isObject } from '../json';
import type { Call } from '../tool';

/** What a Reasoner or a target said. `content` is text beside the calls when the reasoning came separately. */
export type ReasonerSaid = { kind: 'calls'; calls: Call[]; content: string } | { kind: 'answer'; text: string };

const TEXT_CALL = /<tool_call>([\s\S]*?)<\/tool_call>/g;
const TEXT_CALL_TAG = /<\/?tool_call>/;

/**
 * Reads a Reasoner's or a target's reply: native tool calls, else calls written as `<tool_call>{"name", "arguments"}</tool_call>`,
 * else a final answer. Reasoning is the provider's field or `<think>`, else the text beside the calls. A reply that fits
 * none of these is malformed and uses up the attempt.
 */
export function parseReasonerReply(reply: ChatReply): Parsed<ReasonerSaid> {
  const { reasoning, text } = splitThinking(reply);
  const bad = unusable(reply);
  if (bad) return { ok: false, reason: bad, reasoning };
  if (reply.toolCalls.length > 0) {
    if (TEXT_CALL_TAG.test(text)) return { ok: false, reason: 'expected calls in one form, got native tool calls and <tool_call> text', reasoning };
    return saidCalls(reply.toolCalls.map((call) => readCall(call.name, tryJson(call.arguments))), reasoning, text);
  }
  if (TEXT_CALL_TAG.test(text)) return readTextCalls(reasoning, text);
  if (text === '') return { ok: false, reason: 'expected tool calls or a final answer, got neither', reasoning };
  return { ok: true, value: { kind: 'answer', text }, reasoning };
}

function readTextCalls(reasoning: string, text: string): Parsed<ReasonerSaid> {
  const beside = text.replace(TEXT_CALL, '').trim();
  if (TEXT_CALL_TAG.test(beside)) return { ok: false, reason: 'expected every <tool_call> to be closed, got a lone tag', reasoning };
  const calls = [...text.matchAll(TEXT_CALL)].map((match) => readTextCall(tryJson((match[1] as string).trim())));
  return saidCalls(calls, reasoning, beside);
}

function readTextCall(value: Json | undefined): Call | string {
  if (!isObject(value) || typeof value.name !== 'string') return 'expected {"name", "arguments"} in <tool_call>, got something else';
  return readCall(value.name, value.arguments);
}

/** The call, or what is wrong with it. */
function readCall(name: string, args: Json | undefined): Call | string {
  if (name === '') return 'expected a tool name, got an empty one';
  return isObject(args) ? { tool: name, args } : `expected the arguments of ${name} to be a JSON object, got ${args === undefined ? 'text that is not JSON' : JSON.stringify(args)}`;
}

function saidCalls(read: (Call | string)[], reasoning: string, beside: string): Parsed<ReasonerSaid> {
  const broken = read.find((call) => typeof call === 'string');
  if (broken !== undefined) return { ok: false, reason: broken, reasoning };
  const calls = read.filter((call) => typeof call !== 'string');
  const separate = reasoning !== '';
  return { ok: true, value: { kind: 'calls', calls, content: separate ? beside : '' }, reasoning: separate ? reasoning : beside };
}
