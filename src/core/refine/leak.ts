import type { ChatMessage, ChatTool } from '../chat/chat';
import { leavesOf } from '../json';
import type { BlockValues } from '../prompt/template';
import type { Call, ToolDoc } from '../tool';
import type { GoldCall } from '../trace';
import { callJson, conversationText, rejectedText, toolsText } from './conversation';
import { gives, isVisible } from './disclosure';
import { sameCall } from './match';
import { containsText, wordsOf } from './values';

/** What accepted reasoning may not show: values that no message holds yet, as text, and the advanced tool's name. */
export interface Hidden {
  values: readonly string[];
  advancedTool?: string;
}

/** Reasoning that replaces a leaky one, with the calls it leads to. */
export interface Rewrite {
  reasoning: string;
  calls: Call[];
}

/**
 * Why this reasoning betrays the scaffolding: it speaks of the hint, the advanced tool, feedback, an earlier
 * attempt, the ground truth or the verifier, or states a value that nothing shows yet. `visible` is the training view up to
 * this step with the tool documents: words that stand there are ordinary. Empty when the reasoning is clean.
 */
export function lintReasoning(input: { reasoning: string; visible: readonly string[]; hidden: Hidden }): string[] {
  const seen = input.visible.join('\n');
  const betrayed = SCAFFOLDING.flatMap(({ what, always, unlessVisible }) => {
    const found = firstMatch(input.reasoning, always) ?? firstMatch(input.reasoning, unlessVisible, seen);
    return found === undefined ? [] : [`It speaks of ${what}: “${found}”.`];
  });
  return [...betrayed, ...namedAdvancedTool(input, seen), ...statedHidden(input)];
}

/** The values that only calls not yet answered return, as text: what the reasoning of the next step cannot know. */
export function hiddenValues(calls: readonly GoldCall[], answered: ReadonlySet<string>): string[] {
  const values = calls.filter((call) => !answered.has(call.id)).flatMap((call) => [
    ...leavesOf(call.result),
    ...leavesOf(call.args).filter((leaf) => call.sources.some((source) => source.kind === 'output' && source.pointer === leaf.pointer && !answered.has(source.call))),
  ]);
  return [...new Set(values.map((leaf) => leaf.value).filter((value) => value !== null && typeof value !== 'boolean').map(String))];
}

/** The Rewriter's blocks: the training view up to this step and the accepted response, never the leaky text. `calls` is one JSON object: `calls`, and `answer` for a final one. */
export function rewriterBlocks(input: {
  conversation: readonly ChatMessage[];
  calls: readonly Call[];
  answer?: string;
  tools: readonly ChatTool[];
  rejected?: { reply: string; reasons: readonly string[] };
}): BlockValues {
  return {
    conversation: conversationText(input.conversation),
    tools: toolsText(input.tools),
    calls: JSON.stringify({ calls: input.calls.map(callJson), ...(input.answer === undefined ? {} : { answer: input.answer }) }),
    rejected: input.rejected && rejectedText(input.rejected),
  };
}

/** Why a rewrite cannot stand: it does not repeat the accepted calls, one by one and in order, or leaks as well. */
export function checkRewrite(input: { rewrite: Rewrite; calls: readonly Call[]; tools: readonly ToolDoc[]; visible: readonly string[]; hidden: Hidden }): string[] {
  const { rewrite, calls } = input;
  const identical = rewrite.calls.length === calls.length && rewrite.calls.every((call, index) => sameCall(call, calls[index] as Call, input.tools));
  return [
    ...(identical ? [] : [`The calls are not those that were given: expected ${JSON.stringify(calls.map(callJson))}, got ${JSON.stringify(rewrite.calls.map(callJson))}.`]),
    ...lintReasoning({ reasoning: rewrite.reasoning, visible: input.visible, hidden: input.hidden }),
  ];
}

// --- patterns -------------------------------------------------------------------------------------------------------

interface Scaffold {
  what: string;
  /** Ways of speaking that mean the scaffolding whatever the conversation is about. */
  always: readonly RegExp[];
  /** Words that are ordinary when the conversation or a tool uses them. */
  unlessVisible: readonly RegExp[];
}

const EARLIER = '(?:previous|prior|earlier|last|first|second|initial|failed|wrong|incorrect|rejected)';
// "My previous call returned K7" is ordinary: the call stands in the conversation.
const WRONG = '(?:failed|wrong|incorrect|rejected|flawed)';

const SCAFFOLDING: readonly Scaffold[] = [
  {
    what: 'a hint',
    always: [/<\/?hint>/i, /\bhint (?:says|said|suggests|mentions|describes|tells|indicates|states|implies|given|provided|above)\b/i, /\b(?:from|per|following|according to|based on|given|with|using) the hint\b/i],
    unlessVisible: [/\bhint(?:s|ed|ing)?\b/i],
  },
  {
    what: 'the advanced tool',
    always: [/\b(?:one|single|described|given|stated) capability\b/i, /\bcapability (?:describes|that does not exist|described|says|mentions)\b/i],
    unlessVisible: [/\badvanced[ _-]?(?:tool|capabilit|function)\w*/i, /\bhigh-level (?:tool|capabilit|function|operation)\w*/i],
  },
  {
    what: 'feedback',
    always: [
      /<\/?feedback>/i,
      /\bfeedback (?:says|said|suggests|indicates|tells|told|points?|pointed|mentions|mentioned|states|notes|I (?:got|received|was given)|from the (?:verifier|reviewer))\b/i,
      /\b(?:based on|per|following|according to|given|from) (?:the|this|that) feedback\b/i,
      /\bas (?:instructed|corrected|advised|pointed out|hinted)\b(?! by the (?:user|customer|policy|rules))/i,
      /\b(?:I was told|it was pointed out|was (?:marked|flagged|judged) (?:as )?(?:wrong|incorrect))\b/i,
      /\b(?:wrong_tool|missing_call|incorrect_parameter|wrong_order|type_mismatch|missing_dependency)\b/,
    ],
    unlessVisible: [/\bfeedback\b/i, /\breviewer\b/i, /\bcorrective\b/i],
  },
  {
    what: 'an earlier attempt',
    always: [
      /<\/?attempt>/i,
      new RegExp(`\\bmy (?:own )?${EARLIER} (?:attempt|try|mistake)s?\\b`, 'i'),
      new RegExp(`\\b(?:my|the) ${WRONG} (?:response|call|answer|plan|reasoning)s?\\b`, 'i'),
      /\bmy (?:mistake|error)\b/i,
      /\b(?:I|we) (?:previously|earlier|already) (?:tried|attempted|got (?:it|this) wrong|made (?:a|the) mistake)\b/i,
      /\bthis time,? (?:I|let me|around)\b/i,
      /\b(?:I|we) (?:made|have made) (?:a|an|the|this) (?:mistake|error)\b/i,
    ],
    unlessVisible: [new RegExp(`\\b(?:the|that|an?) ${EARLIER} (?:attempt|try|response)s?\\b`, 'i'), /\btry(?:ing)? again\b/i, /\bretry(?:ing)?\b/i],
  },
  {
    what: 'the ground truth',
    always: [/\b(?:expected|gold|golden|reference) (?:call|trace|answer|solution|sequence)s?\b/i],
    unlessVisible: [/\bground[ _-]?truth\b/i],
  },
  { what: 'the verifier', always: [/\bverifier (?:says|said|told|wants|pointed)\b/i], unlessVisible: [/\bverifier\b/i] },
];

/** The first match, passing over words that `seen` holds itself. */
function firstMatch(text: string, patterns: readonly RegExp[], seen?: string): string | undefined {
  for (const pattern of patterns) {
    const found = pattern.exec(text)?.[0];
    if (found !== undefined && !(seen !== undefined && containsText(seen, found))) return found;
  }
  return undefined;
}

function namedAdvancedTool(input: { reasoning: string; hidden: Hidden }, seen: string): string[] {
  const name = input.hidden.advancedTool;
  if (name === undefined) return [];
  // "book a trip" may be said of anything; the words of a longer name in a row are the name.
  const words = wordsOf(name);
  const forms = [name, ...(words.length >= 3 ? [words.join(' ')] : [])];
  const found = forms.find((form) => containsText(input.reasoning, form) && !containsText(seen, form));
  return found === undefined ? [] : [`It names the advanced tool: “${found}”.`];
}

function statedHidden(input: { reasoning: string; visible: readonly string[]; hidden: Hidden }): string[] {
  const stated = input.hidden.values.map(asScalar).filter((value) => gives(input.reasoning, { value }) && !isVisible(value, input.visible));
  return stated.map((value) => `It states \`${value}\`, which nothing shows yet.`);
}

const asScalar = (text: string): number | string => (/^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text);
