import { z } from 'zod';
import type { ChatReply } from '../chat/chat';
import type { Parsed } from '../chat/parse';
import { parseJsonReply } from '../chat/parse';
import type { ErrorType } from './match';
import { ERROR_TYPES } from './match';
import type { Verdict } from './verdict';

/** The words of the paper's Figure 14 for the six kinds, as models repeat them. */
const SAME_TYPE: { [words: string]: ErrorType } = {
  wrong_tool_selection: 'wrong_tool',
  missing_calls: 'missing_call',
  missing_tool_call: 'missing_call',
  missing_tool_calls: 'missing_call',
  incorrect_parameters: 'incorrect_parameter',
  missing_dependencies: 'missing_dependency',
};

const errorType = z.string().transform((text, context): ErrorType => {
  const words = text.trim().toLowerCase().replace(/[\s-]+/g, '_');
  const type = ERROR_TYPES.find((known) => known === words) ?? SAME_TYPE[words];
  if (type) return type;
  context.addIssue({ code: 'custom', message: `expected one of ${ERROR_TYPES.join(', ')}, got \`${text}\`` });
  return z.NEVER;
});

const text = z.string().trim().min(1);

const verdictSchema = z.object({
  error_type: errorType,
  error_location: text,
  root_cause: text,
  corrective_hint: text,
  should_reconsider: z.union([z.boolean(), z.array(z.string())]).default(false),
});

/** Reads the Verifier's reply; keys in snake_case as the prompt asks, or in camelCase. Malformed when a field is missing or the kind is none of the six. */
export function parseVerdict(reply: ChatReply): Parsed<Verdict> {
  const json = parseJsonReply(reply);
  if (!json.ok) return json;
  const snake = Object.fromEntries(Object.entries(json.value).map(([key, value]) => [key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value]));
  const read = verdictSchema.safeParse(snake);
  if (!read.success) return { ok: false, reason: read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '), reasoning: json.reasoning };
  const { error_type, error_location, root_cause, corrective_hint, should_reconsider } = read.data;
  return {
    ok: true,
    value: { errorType: error_type, errorLocation: error_location, rootCause: root_cause, correctiveHint: corrective_hint, shouldReconsider: should_reconsider },
    reasoning: json.reasoning,
  };
}
