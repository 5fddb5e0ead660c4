import { z } from 'zod';
import type { ChatReply } from '../chat/chat';
import type { Parsed } from '../chat/parse';
import { parseJsonReply } from '../chat/parse';
import type { JsonObject } from '../json';
import type { Rewrite } from './leak';

const rewriteSchema = z.object({
  reasoning: z.string().trim().min(1),
  calls: z.array(z.object({ name: z.string().min(1), arguments: z.record(z.string(), z.json()) })),
});

/** Reads the Rewriter's reply, `{"reasoning", "calls": [{"name", "arguments"}]}`. Whether it may stand is `checkRewrite`'s matter. */
export function parseRewrite(reply: ChatReply): Parsed<Rewrite> {
  const json = parseJsonReply(reply);
  if (!json.ok) return json;
  const read = rewriteSchema.safeParse(json.value);
  if (!read.success) return { ok: false, reason: read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '), reasoning: json.reasoning };
  const calls = read.data.calls.map((call) => ({ tool: call.name, args: call.arguments as JsonObject }));
  return { ok: true, value: { reasoning: read.data.reasoning, calls }, reasoning: json.reasoning };
}
