import type { ChatMessage, ChatTool } from '../chat/chat';
import { canonicalJson, getAt, isObject, jsonEqual, type Json, type JsonObject } from '../json';
import { resultText } from '../refine/conversation';
import { sameCall } from '../refine/match';
import { states } from '../refine/values';
import { toolOfKey, type ToolDoc } from '../tool';
import { cellId, type ArgSource, type Ask, type GoldCall, type PartialOrder, type TraceSpec } from '../trace';
import { tryJson } from '../chat/parse';

export const ROW_VERSION = 'hardgen/row@1';

/** A message of the training view. Calls keep their arguments as an object; formats that want text make it at the edge. */
export type RowMessage =
  | { role: 'system' | 'user'; content: string }
  | { role: 'assistant'; content: string; reasoning_content?: string; tool_calls?: RowToolCall[] }
  | { role: 'tool'; tool_call_id: string; name: string; content: string };

export interface RowToolCall {
  id: string;
  type: 'function';
  function: { name: string; arguments: JsonObject };
}

/** A gold call as a row keeps it: enough to run it again in a new world and to match one with other ids. */
export interface RowCall {
  id: string;
  /** Counted from 0. */
  turn: number;
  tool: string;
  args: JsonObject;
  sources: ArgSource[];
  result: Json;
  needed_for: GoldCall['neededFor'];
}

/** A sample: the training view and what verifies it; nothing that depends on the run (that is the receipt's). */
export interface Row {
  version: typeof ROW_VERSION;
  world: string;
  world_version: string;
  seed: number;
  simulated: boolean;
  tools: ChatTool[];
  messages: RowMessage[];
  gold: { calls: RowCall[]; turns: { calls: string[]; asks: Ask[] }[]; order: PartialOrder; end_digest: string };
  labels: {
    calls: number;
    turns: number;
    cell: string;
    target_tool: string;
    bridging: number[];
    easy: boolean[];
    earlier_turn: boolean[];
    /** A tool is called twice with different arguments, and both results are used. */
    repeated_lookup: boolean;
    /** Some call could have been replaced by another way to the same value or state. */
    alternative: boolean;
  };
}

/** A row with its name: sha256 of its canonical JSON without `id`. */
export type NamedRow = Row & { id: string };

export interface RowInput {
  spec: TraceSpec;
  tools: ChatTool[];
  /** `trainingMessages` of the finished conversation. */
  messages: readonly ChatMessage[];
  simulated: boolean;
  /** Tools of this trace that D's OR groups could have replaced. */
  alternatives: boolean;
}

export function buildRow(input: RowInput): Row {
  const { spec } = input;
  const turnOf = (id: string): number => spec.turns.findIndex((turn) => turn.calls.includes(id));
  return {
    version: ROW_VERSION,
    world: spec.world,
    world_version: spec.worldVersion,
    seed: spec.seed,
    simulated: input.simulated,
    tools: input.tools,
    messages: input.messages.map(rowMessage),
    gold: {
      calls: spec.calls.map((call) => ({ id: call.id, turn: turnOf(call.id), tool: call.tool, args: call.args, sources: call.sources, result: call.result, needed_for: call.neededFor })),
      turns: spec.turns.map(({ calls, asks }) => ({ calls, asks })),
      order: spec.order,
      end_digest: spec.endDigest,
    },
    labels: {
      calls: spec.calls.length,
      turns: spec.turns.length,
      cell: cellId(spec.cell),
      target_tool: toolOfKey(spec.target),
      bridging: spec.turns.map((turn) => turn.bridging),
      easy: spec.turns.map((turn) => turn.easy),
      earlier_turn: spec.turns.map((turn) => turn.needsEarlierTurn),
      repeated_lookup: hasRepeatedLookup(spec),
      alternative: input.alternatives,
    },
  };
}

function rowMessage(message: ChatMessage): RowMessage {
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.tool_call_id, name: message.name ?? '', content: message.content };
  if (message.role !== 'assistant') return message;
  return {
    role: 'assistant',
    content: message.content ?? '',
    ...(message.reasoning_content ? { reasoning_content: message.reasoning_content } : {}),
    ...(message.tool_calls ? { tool_calls: message.tool_calls.map(({ id, type, function: { name, arguments: text } }) => ({ id, type, function: { name, arguments: argumentsOf(text) } })) } : {}),
  };
}

function argumentsOf(text: string): JsonObject {
  const value = tryJson(text);
  if (!isObject(value)) throw new Error(`Expected the arguments of an accepted call to be a JSON object, got ${text}`);
  return value;
}

/** Two zip codes need two look-ups (paper, Figure 7): the same tool, other arguments, each feeding a later call. */
function hasRepeatedLookup(spec: TraceSpec): boolean {
  const feeds = new Set(spec.calls.flatMap((call) => call.sources.flatMap((source) => (source.kind === 'output' ? [source.call] : []))));
  const lookups = spec.calls.filter((call) => feeds.has(call.id));
  return lookups.some((call, index) => lookups.slice(0, index).some((other) => other.tool === call.tool && !jsonEqual(other.args, call.args)));
}

/** What is wrong with a row, told from the row alone; `[]` when it may be a sample (DESIGN §2.6, §3). */
export function checkRow(row: Row, docs: readonly ToolDoc[] = []): string[] {
  return [...checkPairs(row), ...checkGold(row, docs), ...checkAsks(row), ...checkVisibility(row), ...checkScaffolding(row)];
}

interface Made {
  turn: number;
  /** Index of the assistant message. */
  response: number;
  call: RowToolCall;
  content: string | undefined;
}

/** Every call of the conversation with its turn, its response and the tool message that answers it. */
function callsMade(row: Row): Made[] {
  let turn = -1;
  return row.messages.flatMap((message, response) => {
    if (message.role === 'user') turn += 1;
    if (message.role !== 'assistant') return [];
    return (message.tool_calls ?? []).map((call): Made => ({ turn, response, call, content: row.messages.find((other) => other.role === 'tool' && other.tool_call_id === call.id)?.content }));
  });
}

function checkPairs(row: Row): string[] {
  const ids = callsMade(row).map(({ call }) => call.id);
  const answers = row.messages.flatMap((message) => (message.role === 'tool' ? [message.tool_call_id] : []));
  return [
    ...(new Set(ids).size === ids.length ? [] : ['two calls share an id']),
    ...ids.filter((id) => !answers.includes(id)).map((id) => `call ${id} has no tool message`),
    ...answers.filter((id) => !ids.includes(id)).map((id) => `tool message ${id} answers no call`),
    ...(row.messages[0]?.role === 'system' ? [] : ['the first message is not the system prompt']),
    ...(row.messages.at(-1)?.role === 'assistant' && !(row.messages.at(-1) as { tool_calls?: unknown }).tool_calls ? [] : ['the conversation does not end with a final answer']),
  ];
}

/** Exactly the gold calls, in their turns, with their recorded results, in an order that the partial order allows. */
function checkGold(row: Row, docs: readonly ToolDoc[]): string[] {
  const made = callsMade(row);
  const places = new Map<string, { response: number; index: number }>();
  const reasons: string[] = [];
  made.forEach((one, index) => {
    const gold = row.gold.calls.find((call) => !places.has(call.id) && call.turn === one.turn && sameCall({ tool: call.tool, args: call.args }, { tool: one.call.function.name, args: one.call.function.arguments }, docs));
    if (!gold) return void reasons.push(`call ${one.call.id} (${one.call.function.name}) is not a gold call of turn ${one.turn + 1}`);
    places.set(gold.id, { response: one.response, index });
    if (one.content !== resultText({ ok: true, value: gold.result })) reasons.push(`the tool message of ${one.call.id} is not the recorded result of ${gold.id}`);
  });
  for (const gold of row.gold.calls) if (!places.has(gold.id)) reasons.push(`gold call ${gold.id} (${gold.tool}) was not made`);
  for (const [before, after] of row.gold.order.data) if (!((places.get(before)?.response ?? 0) < (places.get(after)?.response ?? Infinity))) reasons.push(`${after} was called before the result of ${before} was there`);
  for (const [before, after] of row.gold.order.order) if (!((places.get(before)?.index ?? 0) < (places.get(after)?.index ?? Infinity))) reasons.push(`${after} was called before ${before}`);
  return [...reasons, ...row.gold.calls.filter((call) => call.needed_for.length === 0).map((call) => `gold call ${call.id} is needed for nothing`)];
}

function checkAsks(row: Row): string[] {
  const answers = finalAnswers(row);
  return row.gold.turns.flatMap(({ asks }, turn) => asks.filter((ask) => !states(answers[turn] ?? '', ask.value, ask.label)).map((ask) => `the final answer of turn ${turn + 1} does not state ${ask.label}`));
}

function finalAnswers(row: Row): string[] {
  const answers: string[] = [];
  for (const message of row.messages) {
    if (message.role === 'user') answers.push('');
    if (message.role === 'assistant' && !message.tool_calls) answers[answers.length - 1] = message.content;
  }
  return answers;
}

/** An argument that comes from an output stands in an earlier tool message; no value is used before it was visible. */
function checkVisibility(row: Row): string[] {
  const shown: string[] = [];
  const reasons: string[] = [];
  const outputs = new Map(row.gold.calls.map((call) => [call.id, call]));
  for (const message of row.messages) {
    if (message.role === 'assistant') {
      for (const call of message.tool_calls ?? []) {
        const gold = row.gold.calls.find((candidate) => candidate.tool === call.function.name && canonicalJson(candidate.args) === canonicalJson(call.function.arguments));
        for (const source of gold?.sources ?? []) {
          if (source.kind !== 'output') continue;
          const producer = outputs.get(source.call);
          const value = getAt(producer?.result ?? null, source.path);
          if (value === undefined || !shown.some((text) => text.includes(String(value)))) reasons.push(`${call.id} uses ${source.pointer} before any message shows it`);
        }
      }
    }
    if (message.role === 'tool' || message.role === 'user') shown.push(message.content);
  }
  return reasons;
}

const SCAFFOLD_TAGS = /<\/?(?:hint|feedback|attempt|ground_truth|advanced_tool)>/i;

/** The last net under the leak lint: labelled blocks and verdict words never stand in a row. */
function checkScaffolding(row: Row): string[] {
  const texts = row.messages.flatMap((message) => [message.content, ...(message.role === 'assistant' ? [message.reasoning_content ?? ''] : [])]);
  return texts.some((text) => SCAFFOLD_TAGS.test(text)) ? ['a message holds a labelled block of the generation prompts'] : [];
}
