import { z } from 'zod';
import type { ChatReply } from '../chat/chat';
import { parseJsonReply, type Parsed } from '../chat/parse';
import { firstIssue } from './advanced-tool.schema';
import type { Judgement, ParaphraseClaim } from './judge';

const querySchema = z.object({ query: z.string() });
const judgementSchema = z.object({ verdicts: z.array(z.object({ id: z.string(), conveyed: z.boolean() })) });

/** The query of a Query Generator's reply; what it says is checkQuery's matter. */
export function parseQuery(reply: ChatReply): Parsed<{ query: string }> {
  const json = parseJsonReply(reply);
  if (!json.ok) return json;
  const read = querySchema.safeParse(json.value);
  if (!read.success) return { ok: false, reason: firstIssue(read.error), reasoning: json.reasoning };
  return { ok: true, value: { query: read.data.query.trim() }, reasoning: json.reasoning };
}

/** The judge's verdicts: exactly one per claim, else the reply is malformed; a missing verdict is never a yes. */
export function parseJudgement(reply: ChatReply, claims: readonly ParaphraseClaim[]): Parsed<Judgement> {
  const json = parseJsonReply(reply);
  if (!json.ok) return json;
  const read = judgementSchema.safeParse(json.value);
  if (!read.success) return { ok: false, reason: firstIssue(read.error), reasoning: json.reasoning };
  const ids = read.data.verdicts.map((verdict) => verdict.id);
  const wrong = claims.find((claim) => ids.filter((id) => id === claim.id).length !== 1) ?? (ids.length === claims.length ? undefined : 'unknown');
  if (wrong === undefined) return { ok: true, value: read.data, reasoning: json.reasoning };
  const detail = wrong === 'unknown' ? 'a verdict on no claim' : `${ids.filter((id) => id === wrong.id).length} on ${wrong.id}`;
  return { ok: false, reason: `expected one verdict per claim, got ${detail}`, reasoning: json.reasoning };
}
