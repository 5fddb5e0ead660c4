import { leavesOf } from '../json';
import type { BlockValues } from '../prompt/template';
import type { ChatMessage, ChatTool } from '../chat/chat';
import type { CallResult } from '../tool';
import type { GoldCall, PartialOrder } from '../trace';
import type { AttemptRecord } from './conversation';
import { attemptText, callJson, conversationText, rejectedText, resultText, toolsText } from './conversation';
import { gives, isVisible, secretsOf } from './disclosure';
import type { ErrorType, StepError } from './match';
import { containsText, states } from './values';

/** The Verifier's diagnosis of a wrong attempt (paper, Figure 14). */
export interface Verdict {
  errorType: ErrorType;
  errorLocation: string;
  rootCause: string;
  correctiveHint: string;
  /** Whether the whole plan is to be thought over, or which parts of it. */
  shouldReconsider: boolean | string[];
}

/**
 * The Verifier's blocks. <ground_truth> is one JSON object: `remaining`, the gold calls with what must come `after` what, and
 * `differences`, what code found wrong. `results` are those of the attempt's calls in a throw-away replay; `null` when nothing ran.
 */
export function verifierBlocks(input: {
  query: string;
  conversation: readonly ChatMessage[];
  attempt: Omit<AttemptRecord, 'feedback'>;
  results: readonly CallResult[] | null;
  goldRemaining: readonly GoldCall[];
  order: PartialOrder;
  errors: readonly StepError[];
  tools: readonly ChatTool[];
  rejected?: { reply: string; reasons: readonly string[] };
}): BlockValues {
  return {
    conversation: input.conversation.length > 0 ? conversationText(input.conversation) : undefined,
    tools: toolsText(input.tools),
    query: input.query,
    attempt: attemptText(input.attempt),
    execution_result: executionText(input.attempt, input.results),
    ground_truth: JSON.stringify({ remaining: input.goldRemaining.map((call) => goldJson(call, input)), differences: input.errors }),
    rejected: input.rejected && rejectedText(input.rejected),
  };
}

/**
 * Why feedback may not reach the Reasoner: a free-text field states a gold value that was not visible, or writes out a gold
 * call. A bare tool name is allowed. `visible` is the conversation without tool documents; `attempt` its text.
 */
export function checkFeedback(input: { verdict: Verdict; goldRemaining: readonly GoldCall[]; visible: readonly string[]; attempt: string }): string[] {
  const text = freeText(input.verdict);
  const shown = [...input.visible, input.attempt];
  return input.goldRemaining.flatMap((gold) => [...statedSecrets(text, gold, shown, input.attempt), ...writtenCalls(text, gold, input.attempt)]);
}

/** The <feedback> block. Its first two lines name type and place and have the same form in `bareFeedback`. */
export function feedbackText(verdict: Verdict): string {
  const reconsider = verdict.shouldReconsider;
  return [
    ...headLines(verdict.errorType, verdict.errorLocation),
    `Cause: ${verdict.rootCause}`,
    `Advice: ${verdict.correctiveHint}`,
    ...(Array.isArray(reconsider) && reconsider.length > 0 ? [`Think again about: ${reconsider.join('; ')}`] : []),
    ...(reconsider === true ? ['Think the whole plan over.'] : []),
  ].join('\n');
}

/** Feedback by code: type and place alone, after the Verifier's own leaked too often. It quotes the attempt only. */
export const bareFeedback = (error: Pick<StepError, 'type' | 'location'>): string =>
  [...headLines(error.type, error.location), `Cause: ${CAUSES[error.type]}`].join('\n');

/** Feedback by code on a final answer that `checkAnswer` turned down; its reasons name nothing hidden. */
export const answerFeedback = (reasons: readonly string[]): string =>
  [...headLines('incorrect_parameter', 'the final answer'), `Cause: ${reasons.join(' ')}`].join('\n');

/** Feedback by code on a reply that could not be read. */
export const malformedFeedback = (reason: string): string => `The response could not be read: ${reason}.`;

// --- texts ----------------------------------------------------------------------------------------------------------

const headLines = (type: ErrorType, location: string): string[] => [`Error type: ${type}`, `Where: ${location}`];

const CAUSES: { [type in ErrorType]: string } = {
  wrong_tool: 'This call does not bring the request forward at this point.',
  missing_call: 'Something that the request needs has not been done yet.',
  incorrect_parameter: 'A value differs from what the request and the results so far say.',
  wrong_order: 'The calls are not in an order that works.',
  type_mismatch: 'A value is not of the type that it should have.',
  missing_dependency: 'The call needs something that has not been looked up or done yet.',
};

function executionText(attempt: Omit<AttemptRecord, 'feedback'>, results: readonly CallResult[] | null): string {
  if (attempt.calls === null || results === null) return 'Nothing was executed.';
  return attempt.calls.map((call, index) => {
    const result = results[index];
    return `call ${index + 1} (${call.tool}): ${result ? resultText(result) : 'not executed'}`;
  }).join('\n');
}

function goldJson(call: GoldCall, input: { order: PartialOrder; goldRemaining: readonly GoldCall[] }): { [key: string]: unknown } {
  const open = new Set(input.goldRemaining.map((gold) => gold.id));
  const before = (pairs: readonly [string, string][]): string[] => pairs.filter(([earlier, later]) => later === call.id && open.has(earlier)).map(([earlier]) => earlier);
  return { id: call.id, ...callJson(call), needs_output_of: before(input.order.data), after: before(input.order.order) };
}

function freeText(verdict: Verdict): string {
  const reconsider = Array.isArray(verdict.shouldReconsider) ? verdict.shouldReconsider : [];
  return [verdict.errorLocation, verdict.rootCause, verdict.correctiveHint, ...reconsider].join('\n');
}

// --- leaks ----------------------------------------------------------------------------------------------------------

function statedSecrets(text: string, gold: GoldCall, shown: readonly string[], attempt: string): string[] {
  const args = secretsOf(gold.args).filter(({ value, about }) => gives(text, { value, about }) && !isVisible(value, shown) && !isArgumentOf(attempt, value));
  const results = leavesOf(gold.result).filter(({ value }) => gives(text, { value }) && !isVisible(value, shown));
  return [
    ...args.map(({ about }) => `It states the value of \`${about}\` of a call that is still to be found.`),
    ...results.slice(0, 1).map(() => 'It states something that only a call still to be made returns.'),
  ];
}

// The attempt's own Booleans may be quoted back.
const isArgumentOf = (attempt: string, value: unknown): boolean => typeof value === 'boolean' && attempt.includes(`:${String(value)}`);

function writtenCalls(text: string, gold: GoldCall, attempt: string): string[] {
  const written = writesCallForm(text, gold, attempt) || writesJsonCall(text, gold) || describesCall(text, gold, attempt);
  return written ? [`It writes out a call of \`${gold.tool}\` that is still to be found; say what to think about instead.`] : [];
}

/** `tool(…)` with something in the parentheses, or with nothing when the gold call takes nothing. What the attempt wrote may be quoted. */
function writesCallForm(text: string, gold: GoldCall, attempt: string): boolean {
  const form = new RegExp(`(?<![\\w.-])${escapeRegExp(gold.tool)}\`?\\s*\\(([^)]*)\\)`, 'g');
  return [...text.matchAll(form)].some(([whole, inside]) => {
    const empty = (inside as string).trim() === '';
    return !attempt.includes(whole) && (empty ? leavesOf(gold.args).length === 0 : /[=:"'\d]/.test(inside as string) || namesAnArgument(inside as string, gold));
  });
}

const namesAnArgument = (text: string, gold: GoldCall): boolean =>
  Object.keys(gold.args).some((name) => containsText(text, name)) || leavesOf(gold.args).some((leaf) => states(text, leaf.value));

function writesJsonCall(text: string, gold: GoldCall): boolean {
  const tool = escapeRegExp(gold.tool);
  return new RegExp(`["'](?:name|tool|function|tool_name)["']\\s*:\\s*["']${tool}["']|["']${tool}["']\\s*:\\s*\\{`).test(text);
}

/** In prose: the tool and every value it is to be called with, unless the attempt already made this call. */
function describesCall(text: string, gold: GoldCall, attempt: string): boolean {
  const values = leavesOf(gold.args).map((leaf) => leaf.value).filter((value) => typeof value !== 'boolean' && value !== null);
  const names = (where: string): boolean => containsText(where, gold.tool) && values.every((value) => states(where, value));
  return values.length > 0 && names(text) && !names(attempt);
}

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
