import type { ChatMessage, ChatTool } from '../chat/chat';
import type { Json, JsonObject, JsonSchema } from '../json';
import { isObject } from '../json';
import type { BlockValues, Template } from '../prompt/template';
import { renderTemplate } from '../prompt/template';
import type { Call, CallResult, ToolDoc } from '../tool';

/** One answer of the Reasoner that was not accepted, and what it was told about it. */
export interface AttemptRecord {
  reasoning: string;
  /** Text beside the calls. */
  content: string;
  /** `null` when the attempt was a final answer or malformed. */
  calls: Call[] | null;
  answer?: string;
  /** Why the reply could not be read. */
  malformed?: string;
  /** What the Reasoner is shown after this attempt. */
  feedback?: string;
}

/** An executed call under our own id, e.g. `call_t1_s2_0`. */
export interface ExecutedCall {
  id: string;
  tool: string;
  args: JsonObject;
  result: CallResult;
}

export type AcceptedStep =
  | { reasoning: string; content: string; calls: ExecutedCall[] }
  | { reasoning: string; answer: string };

/** A step: wrong attempts in order, then at most one accepted response. */
export interface StepRecord {
  attempts: AttemptRecord[];
  accepted?: AcceptedStep;
}

/** A turn in progress or finished; finished when its last step is an accepted answer. */
export interface TurnRecord {
  query: string;
  /** The advanced tool's description. */
  hint?: string;
  steps: StepRecord[];
}

/** Our call id: turn, step and place in the response, all counted from 0. */
export const callId = (turn: number, step: number, index: number): string => `call_t${turn}_s${step}_${index}`;

/**
 * The Reasoner's prompt (Eq. 5): earlier turns as in the training view, then the current turn with its hint, every
 * attempt with its feedback and every accepted call with its result. The last of `turns` is the current one.
 * `feedback: false` keeps the attempts and says only that they were not right.
 */
export function reasonerMessages(input: {
  templates: { reasoner: Template; refine: Template };
  policy: string;
  turns: readonly TurnRecord[];
  switches: { hint: boolean; feedback: boolean };
}): ChatMessage[] {
  const current = input.turns.at(-1);
  if (!current) throw new Error('Expected at least one turn to ask the Reasoner about, got none');
  const opening = renderTemplate(input.templates.reasoner, {
    policy: input.policy || undefined,
    query: current.query,
    hint: input.switches.hint ? current.hint : undefined,
  });
  return [
    ...opening.filter((message) => message.role === 'system'),
    ...input.turns.slice(0, -1).flatMap(turnMessages).map(withoutReasoning),
    ...opening.filter((message) => message.role === 'user'),
    ...current.steps.flatMap((step) => [
      ...step.attempts.flatMap((attempt) => attemptMessages(input.templates.refine, attempt, input.switches.feedback)),
      ...acceptedMessages(step).map(withoutReasoning),
    ]),
  ];
}

/** The training view: system prompt, queries, accepted reasoning, calls, tool responses, final answers; nothing else. */
export function trainingMessages(input: { system: string; turns: readonly TurnRecord[] }): ChatMessage[] {
  return [{ role: 'system', content: input.system }, ...input.turns.flatMap(turnMessages)];
}

/** What a target model is sent: the training view so far, without reasoning. */
export function targetMessages(input: { system: string; turns: readonly TurnRecord[] }): ChatMessage[] {
  return trainingMessages(input).map(withoutReasoning);
}

/** The system prompt of training view and targets: the system part of target.md with the world's policy. */
export function trainingSystem(target: Template, policy: string): string {
  const values: BlockValues = { policy: policy || undefined };
  return renderTemplate(target, values).filter((message) => message.role === 'system').map((message) => message.content).join('\n\n');
}

/** The one tool list of a trajectory, in the order of `names`; our `entity` keyword is taken out of the schemas. */
export function toolsOf(names: readonly string[], docs: readonly ToolDoc[]): ChatTool[] {
  return names.map((name) => {
    const doc = docs.find((candidate) => candidate.name === name);
    if (!doc) throw new Error(`Expected tool \`${name}\` to be one of the world's tools ${docs.map((tool) => tool.name).join(', ')}`);
    return { type: 'function', function: { name, description: doc.description, parameters: withoutEntity(doc.input) } };
  });
}

/**
 * Everything a reader of the training view has seen before the next response, one text or JSON document each. With the
 * tools for the leak lint; without for the answer and feedback checks, where a schema's examples and choices show nothing.
 */
export function visibleTexts(input: { system: string; tools?: readonly ChatTool[]; turns: readonly TurnRecord[] }): string[] {
  const tools = (input.tools ?? []).map((tool) => JSON.stringify(tool.function));
  const spoken = targetMessages(input).flatMap((message) => [
    message.content ?? '',
    ...(message.role === 'assistant' ? (message.tool_calls ?? []).map((call) => call.function.arguments) : []),
  ]);
  return [...tools, ...spoken].filter((text) => text !== '');
}

/** A conversation as prompt blocks show it: one labelled paragraph per message, calls and results as JSON. */
export function conversationText(messages: readonly ChatMessage[]): string {
  return messages.map((message) => {
    if (message.role === 'tool') return `result of ${message.name ?? 'the tool'}: ${message.content}`;
    if (message.role !== 'assistant') return `${message.role}: ${message.content}`;
    const calls = (message.tool_calls ?? []).map((call) => `{"name":${JSON.stringify(call.function.name)},"arguments":${call.function.arguments}}`);
    return [
      ...(message.reasoning_content ? [`assistant thinks: ${message.reasoning_content}`] : []),
      ...(message.content ? [`assistant: ${message.content}`] : []),
      ...(calls.length > 0 ? [`assistant calls: [${calls.join(',')}]`] : []),
    ].join('\n');
  }).join('\n\n');
}

/** The <tools> block: one JSON document per line. */
export const toolsText = (tools: readonly ChatTool[]): string => tools.map((tool) => JSON.stringify(tool.function)).join('\n');

/** The <rejected> block: an earlier reply and why it was sent back. */
export const rejectedText = (rejected: { reply: string; reasons: readonly string[] }): string =>
  `Reply:\n${rejected.reply}\n\nWhy it was sent back:\n${rejected.reasons.map((reason) => `- ${reason}`).join('\n')}`;

/** A result as the tool message says it: the value as JSON, a text as it is, a fault as `{"error", "message"}`. */
export function resultText(result: CallResult): string {
  if (!result.ok) return JSON.stringify({ error: result.fault, message: result.message });
  return typeof result.value === 'string' ? result.value : JSON.stringify(result.value);
}

/** A call as every prompt block writes it. */
export const callJson = (call: Call): JsonObject => ({ name: call.tool, arguments: call.args });

/** The <attempt> block: one JSON object with `reasoning` and one of `calls`, `answer`, `malformed`. */
export function attemptText(attempt: Omit<AttemptRecord, 'feedback'>): string {
  const reasoning = [attempt.reasoning, attempt.content].filter((text) => text !== '').join('\n\n');
  if (attempt.malformed !== undefined) return JSON.stringify({ reasoning, malformed: attempt.malformed });
  if (attempt.calls === null) return JSON.stringify({ reasoning, answer: attempt.answer ?? '' });
  return JSON.stringify({ reasoning, calls: attempt.calls.map(callJson) });
}

// --- messages -------------------------------------------------------------------------------------------------------

// A wrong attempt was never executed, so it has no tool replies and cannot stand as an assistant message with tool_calls.
function attemptMessages(refine: Template, attempt: AttemptRecord, feedbackOn: boolean): ChatMessage[] {
  return renderTemplate(refine, { attempt: attemptText(attempt), feedback: feedbackOn ? attempt.feedback : undefined });
}

function turnMessages(turn: TurnRecord): ChatMessage[] {
  return [{ role: 'user', content: turn.query }, ...turn.steps.flatMap(acceptedMessages)];
}

function acceptedMessages(step: StepRecord): ChatMessage[] {
  const accepted = step.accepted;
  if (!accepted) return [];
  const reasoning = accepted.reasoning === '' ? {} : { reasoning_content: accepted.reasoning };
  if ('answer' in accepted) return [{ role: 'assistant', content: accepted.answer, ...reasoning }];
  return [
    { role: 'assistant', content: accepted.content || null, ...reasoning, tool_calls: accepted.calls.map(toolCallOf) },
    ...accepted.calls.map((call): ChatMessage => ({ role: 'tool', tool_call_id: call.id, name: call.tool, content: resultText(call.result) })),
  ];
}

const toolCallOf = (call: ExecutedCall): { id: string; type: 'function'; function: { name: string; arguments: string } } => ({
  id: call.id,
  type: 'function',
  function: { name: call.tool, arguments: JSON.stringify(call.args) },
});

// Endpoints differ in what they make of reasoning that is sent back, from dropping it to refusing the request.
function withoutReasoning(message: ChatMessage): ChatMessage {
  if (message.role !== 'assistant') return message;
  const { reasoning_content: _dropped, ...rest } = message;
  return rest;
}

// --- schemas --------------------------------------------------------------------------------------------------------

const SCHEMA_MAPS = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);
const SCHEMAS = new Set(['items', 'prefixItems', 'additionalProperties', 'allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else', 'contains', 'propertyNames']);

/** A property may well be called `entity`; only the keyword goes. */
function withoutEntity(schema: JsonSchema): JsonSchema {
  const kept = Object.entries(schema).filter(([keyword]) => keyword !== 'entity');
  return Object.fromEntries(kept.map(([keyword, value]) => [keyword, cleanKeyword(keyword, value)]));
}

function cleanKeyword(keyword: string, value: Json): Json {
  if (SCHEMA_MAPS.has(keyword) && isObject(value)) return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, isObject(inner) ? withoutEntity(inner) : inner]));
  if (SCHEMAS.has(keyword) && Array.isArray(value)) return value.map((inner) => (isObject(inner) ? withoutEntity(inner) : inner));
  if (SCHEMAS.has(keyword) && isObject(value)) return withoutEntity(value);
  return value;
}
