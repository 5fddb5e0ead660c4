import type { CallToolResult } from '@modelcontextprotocol/client';
import { isObject, pointerTokens, type Json } from '../../core/json';
import type { CallResult, Fault } from '../../core/tool';
import { plain } from './plain-text';
import { TIMES } from '../times';
import { mapStrings } from './sandbox';

/** A server's reply as a typed result: value or fault, without control characters. */
export function readReply(reply: CallToolResult, limits: { maxOutputBytes: number; faultWhen?: readonly string[] }): CallResult {
  const value = cleaned(valueOf(reply));
  const bytes = Buffer.byteLength(JSON.stringify(value));
  if (bytes > limits.maxOutputBytes) {
    return { ok: false, fault: 'precondition', message: `The output has ${bytes} bytes, more than the ${limits.maxOutputBytes} that are allowed; ask for less` };
  }
  const complaint = complaintIn(reply, value, limits.faultWhen ?? []);
  if (complaint !== null) return faultOf(complaint);
  return { ok: true, value };
}

/** `structuredContent`, else JSON in the first text block, else the texts. */
function valueOf(reply: CallToolResult): Json {
  if (reply.structuredContent !== undefined) return reply.structuredContent as Json;
  const texts = (reply.content ?? []).flatMap((block) => (block.type === 'text' ? [block.text] : []));
  return parsedObject(texts[0]) ?? texts.join('\n');
}

function parsedObject(text: string | undefined): Json | null {
  try {
    const value = JSON.parse(text ?? '') as Json;
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

/** Of the patterns in `faultWhen`. */
export const FAULT_FLAGS = 'mu';

/** What a server says went wrong, `null` when nothing did: `isError`, and the quiet `{success: false}` and `{error: …}`, and the block's own signs. */
function complaintIn(reply: CallToolResult, value: Json, patterns: readonly string[]): string | null {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const named = patterns.some((pattern) => new RegExp(pattern, FAULT_FLAGS).test(text));
  const quiet = named || (isObject(value) && (value['success'] === false || value['ok'] === false || hasError(value['error'])));
  if (reply.isError !== true && !quiet) return null;
  if (typeof value === 'string' || (named && reply.isError !== true)) return text;
  const parts = isObject(value) ? [value['error'], value['message'], value['reason']] : [];
  return parts.map(textOf).find((text) => text !== '') ?? text;
}

const hasError = (error: Json | undefined): boolean => error !== undefined && error !== null && error !== false && error !== '';
const textOf = (part: Json | undefined): string => (typeof part === 'string' ? part : isObject(part) && typeof part['message'] === 'string' ? part['message'] : '');

/** Message patterns in the order they are tried; servers have no common error codes. */
const PATTERNS: readonly [Fault, RegExp][] = [
  ['conflict', /already exists|already (in use|used|checked out|taken)|conflicts? (in|with|between)|unresolved conflict|duplicate/i],
  ['not_found', /not found|no such|do(es)? not exist|doesn't exist|unknown (revision|entity|branch|ref|id)|did not match any|not a valid object|not something we can merge|bad revision|invalid reference/i],
  ['invalid_args', /invalid|validation|required|expected .* (received|got)|must (be|not|have|start|contain)|unrecognized|malformed|not a valid/i],
];

/** A fault with the class its message speaks of, `precondition` when it does not say. */
export function faultOf(message: string): CallResult {
  const text = message.replace(/^(?:Error: |MCP error -?\d+: )+/, '').trim() || 'The tool failed without a message';
  return { ok: false, fault: PATTERNS.find(([, pattern]) => pattern.test(text))?.[0] ?? 'precondition', message: text };
}

/** Every text and key of the value without what a terminal would obey. */
export function cleaned(value: Json): Json {
  if (typeof value === 'string') return plain(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [plain(key), cleaned(item)]));
  return value;
}

/** The value without what a wildcard pointer names; `times` blanks every moment in any text. */
export function withoutVolatile(value: Json, place: string): Json {
  return place === 'times' ? mapStrings(value, (text) => text.replace(TIMES, '(a time)')) : without(value, pointerTokens(place));
}

/** The value without what the wildcard pointer names. */
function without(value: Json, [token, ...rest]: readonly string[]): Json {
  if (token === undefined) return value;
  if (Array.isArray(value)) return value.map((item, index) => (token === '*' || token === String(index) ? without(item, rest) : item));
  if (!isObject(value)) return value;
  const touched = (key: string): boolean => token === '*' || token === key;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (!touched(key) ? [[key, item]] : rest.length === 0 ? [] : [[key, without(item, rest)]])),
  );
}
