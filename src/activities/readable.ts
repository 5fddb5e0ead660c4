import type { ChatReply } from '../core/chat/chat';
import { parseJsonReply } from '../core/chat/parse';
import type { ModelStage } from '../core/campaign/lookup';
import { parseAdvancedTool } from '../core/evolve/advanced-tool.schema';
import { parseQuery } from '../core/evolve/query.schema';
import { parseRewrite } from '../core/refine/leak.schema';
import { parseReasonerReply } from '../core/refine/reply';
import { parseVerdict } from '../core/refine/verdict.schema';

/** How each stage reads a reply. The judge's claims are left out: whether its reply can be read does not depend on them. */
const READERS: { [stage in ModelStage]: (reply: ChatReply) => { ok: boolean } } = {
  'tool-maker': parseAdvancedTool,
  'query-generator': parseQuery,
  'paraphrase-judge': parseJsonReply,
  reasoner: parseReasonerReply,
  target: parseReasonerReply,
  verifier: parseVerdict,
  rewriter: parseRewrite,
};

/** Whether the stage can read the reply at all, right or wrong; one that it cannot (malformed, cut off, refused, filtered) uses up an attempt. */
export const isReadable = (stage: ModelStage, reply: ChatReply): boolean => READERS[stage](reply).ok;
