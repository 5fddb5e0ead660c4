import type { Json, JsonObject } from '../json';
import { isObject } from '../json';
import type { ChatReply } from './chat';

/** Malformed output is data: it uses up one attempt and is never repaired by guessing (STYLE, failure kinds). */
export type Parsed<T> = { ok: true; value: T; reasoning: string } | { ok: false; reason: string; reasoning: string };

const THINK = /<think>([\s\S]*?)<\/think>/g;

/** Splits `<think>…</think>` from the text. An unclosed `<think>` makes everything after it reasoning: nothing was answered. */
export function splitThinking(reply: ChatReply): { reasoning: string; text: string } {
  const thoughts: string[] = reply.reasoning.trim() ? [reply.reasoning.trim()] : [];
  let text = reply.content.replace(THINK, (_whole, thought: string) => {
    if (thought.trim()) thoughts.push(thought.trim());
    return '';
  });
  // Some servers strip the opening tag from the template: text before a lone closing tag is reasoning.
  const closing = text.indexOf('</think>');
  if (closing >= 0) {
    if (text.slice(0, closing).trim()) thoughts.push(text.slice(0, closing).trim());
    text = text.slice(closing + '</think>'.length);
  }
  const opening = text.indexOf('<think>');
  if (opening >= 0) {
    thoughts.push(text.slice(opening + '<think>'.length).trim());
    text = text.slice(0, opening);
  }
  return { reasoning: thoughts.join('\n\n'), text: text.trim() };
}

/** Reasons for which a reply is not worth reading: refused, cut off, filtered. */
export function unusable(reply: ChatReply): string | undefined {
  if (reply.refusal) return 'refused';
  if (reply.finishReason === 'length') return 'truncated';
  if (reply.finishReason === 'content_filter') return 'filtered';
  return undefined;
}

/** The one JSON object of a reply: the whole text, or the content of its only code fence. Anything else is malformed. */
export function parseJsonReply(reply: ChatReply): Parsed<JsonObject> {
  const { reasoning, text } = splitThinking(reply);
  const bad = unusable(reply);
  if (bad) return { ok: false, reason: bad, reasoning };
  const fences = [...text.matchAll(/```(?:json|JSON)?[ \t]*\n([\s\S]*?)\n?[ \t]*```/g)];
  if (fences.length > 1) return { ok: false, reason: `expected one JSON object, got ${fences.length} code blocks`, reasoning };
  const body = fences[0]?.[1] ?? text;
  const value = tryJson(body.trim());
  if (value === undefined) return { ok: false, reason: 'expected a JSON object, got text that is not JSON', reasoning };
  if (!isObject(value)) return { ok: false, reason: `expected a JSON object, got ${Array.isArray(value) ? 'a list' : typeof value}`, reasoning };
  return { ok: true, value, reasoning };
}

export function tryJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
