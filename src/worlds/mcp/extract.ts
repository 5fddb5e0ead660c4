import { isObject, type Json, type JsonSchema } from '../../core/json';
import type { CallResult } from '../../core/tool';

/**
 * A text answer as `{text, <name>: [every match]}`, so that its values have places that other calls can take them from.
 * Other answers stay as they are, and so does everything without patterns.
 */
export function withExtracts(result: CallResult, patterns: Readonly<Record<string, string>> | undefined): CallResult {
  if (patterns === undefined || !result.ok) return result;
  const text = textOf(result.value);
  if (text === undefined) return result;
  const found = Object.entries(patterns).map(([name, pattern]) => [name, [...text.matchAll(new RegExp(pattern, 'gmu'))].map((match) => match[1] ?? match[0])] as const);
  return { ok: true, value: { text, ...Object.fromEntries(found) } };
}

/** A plain text, or the one that a structured answer wraps. */
function textOf(value: Json): string | undefined {
  if (typeof value === 'string') return value;
  const inner = isObject(value) && Object.keys(value).length === 1 ? Object.values(value)[0] : undefined;
  return typeof inner === 'string' ? inner : undefined;
}

/** The output schema that goes with it; throws on a pattern that is no regular expression. */
export function extractSchema(tool: string, patterns: Readonly<Record<string, string>>): JsonSchema {
  for (const [name, pattern] of Object.entries(patterns)) {
    try {
      new RegExp(pattern, 'gmu');
    } catch (cause) {
      throw new Error(`Expected a regular expression at mcp.extract.${tool}.${name}, got \`${pattern}\``, { cause });
    }
  }
  const lists = Object.keys(patterns).map((name) => [name, { type: 'array', items: { type: 'string' } }] as const);
  return { type: 'object', properties: { text: { type: 'string' }, ...Object.fromEntries(lists) } };
}
