import { z } from 'zod';
import type { ChatReply } from '../chat/chat';
import { parseJsonReply, type Parsed } from '../chat/parse';
import type { Json } from '../json';
import type { AdvancedTool } from './advanced-tool';

const binding = z
  .object({ call: z.string(), argument: z.string(), parameter: z.string().optional(), constant: z.json().optional() })
  .refine((value) => (value.parameter === undefined) !== (value.constant === undefined), 'expected either `parameter` or `constant`');

/** What the Tool Maker returns. Keys beyond these are ignored: models like to add notes. */
const advancedToolSchema = z.object({
  name: z.string(),
  description: z.string(),
  parameters: z.array(z.object({ name: z.string(), type: z.string(), description: z.string() })),
  returns: z.string(),
  bindings: z.array(binding),
});

/** The advanced tool of a reply; a reply that is no JSON object or lacks a field is malformed, with the first place named. */
export function parseAdvancedTool(reply: ChatReply): Parsed<AdvancedTool> {
  const json = parseJsonReply(reply);
  if (!json.ok) return json;
  const read = advancedToolSchema.safeParse(json.value);
  if (!read.success) return { ok: false, reason: firstIssue(read.error), reasoning: json.reasoning };
  const bindings = read.data.bindings.map(({ call, argument, parameter, constant }) => ({
    call, argument, ...(parameter !== undefined && { parameter }), ...(constant !== undefined && { constant: constant as Json }),
  }));
  return { ok: true, value: { ...read.data, bindings }, reasoning: json.reasoning };
}

/** `bindings.0.call: expected string`: where a reply is wrong, for the model that wrote it. */
export function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue === undefined ? 'does not fit the format' : `${issue.path.join('.') || 'the object'}: ${issue.message}`;
}
