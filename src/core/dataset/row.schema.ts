import { z } from 'zod';
import type { NamedRow } from './row';
import { WORLD_TIERS } from '../tool';
import { CALL_BANDS } from '../trace';

/** A row as it lies in a file; unknown keys are refused, so that nothing of a run slips in. */
const json = z.json();
const jsonObject = z.record(z.string(), json);
const count = z.int().min(0);
const callId = z.string().regex(/^c\d+$/);

const toolCall = z.strictObject({ id: z.string().min(1), type: z.literal('function'), function: z.strictObject({ name: z.string().min(1), arguments: jsonObject }) });

const message = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('system'), content: z.string() }),
  z.strictObject({ role: z.literal('user'), content: z.string().min(1) }),
  z.strictObject({ role: z.literal('assistant'), content: z.string(), reasoning_content: z.string().min(1).optional(), tool_calls: z.array(toolCall).min(1).optional() }),
  z.strictObject({ role: z.literal('tool'), tool_call_id: z.string().min(1), name: z.string().min(1), content: z.string() }),
]);

const pick = z.strictObject({ path: z.string(), value: json });

const source = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('fact'), pointer: z.string(), fact: z.string() }),
  z.strictObject({ kind: z.literal('output'), pointer: z.string(), call: callId, path: z.string(), pick: pick.optional() }),
  z.strictObject({ kind: z.literal('default'), pointer: z.string() }),
  z.strictObject({ kind: z.literal('sample'), pointer: z.string() }),
]);

const goldCall = z.strictObject({
  id: callId, turn: count, tool: z.string().min(1), args: jsonObject, sources: z.array(source), result: json,
  needed_for: z.array(z.enum(['later-call', 'end-state', 'asked-output'])).min(1),
});

const ask = z.strictObject({ call: callId, path: z.string(), value: json, label: z.string(), pick: pick.optional() });
const pair = z.tuple([callId, callId]);
const bands = CALL_BANDS.map((band) => band.replace('-', '\\-')).join('|');

export const rowSchema = z.strictObject({
  version: z.literal('hardgen/row@1'),
  id: z.string().regex(/^[0-9a-f]{64}$/).describe('sha256 of the canonical row without `id`'),
  world: z.string().min(1),
  world_version: z.string().min(1),
  world_tier: z.enum(WORLD_TIERS).describe('Where the tools come from'),
  seed: count,
  simulated: z.boolean().describe('Some message was made by the built-in simulator'),
  tools: z.array(z.strictObject({ type: z.literal('function'), function: z.strictObject({ name: z.string().min(1), description: z.string(), parameters: jsonObject }) })).min(1),
  messages: z.array(message).min(3),
  gold: z.strictObject({
    calls: z.array(goldCall).min(1),
    turns: z.array(z.strictObject({ calls: z.array(callId).min(1), asks: z.array(ask) })).min(1),
    order: z.strictObject({ data: z.array(pair), order: z.array(pair) }),
    end_digest: z.string().min(1),
  }),
  labels: z.strictObject({
    calls: z.int().min(1), turns: z.int().min(1), cell: z.string().regex(new RegExp(`^.+/(${bands})/(single|multi)$`)), target_tool: z.string().min(1),
    bridging: z.array(count), easy: z.array(z.boolean()), earlier_turn: z.array(z.boolean()), repeated_lookup: z.boolean(), alternative: z.boolean(),
  }),
});

/** What keeps a value from being a row, one sentence each; `[]` for a row. */
export function checkRowSchema(value: unknown): string[] {
  const parsed = rowSchema.safeParse(value);
  return parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.') || 'row'}: ${issue.message}`);
}

/** Throws a sentence with the place when `value` is no row of this version. */
export function parseRow(value: unknown, where: string): NamedRow {
  const reasons = checkRowSchema(value);
  if (reasons.length > 0) throw new Error(`Expected a row of version hardgen/row@1, got one where ${reasons.join('; ')} (${where})`);
  return value as NamedRow;
}
