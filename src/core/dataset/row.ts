import type { ChatMessage, ChatTool } from '../chat/chat';
import { getAt, isObject, jsonEqual, type Json, type JsonObject } from '../json';
import { resultText } from '../refine/conversation';
import { sameCall } from '../refine/match';
import { states } from '../refine/values';
import { schemaAt } from '../schema';
import { toolOfKey, type ToolDoc, type WorldTier } from '../tool';
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
  /** Where the world's tools come from: simulated tools are never mixed in unseen. */
  world_tier: WorldTier;
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
  tier: WorldTier;
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
    world_tier: input.tier,
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

/** What is wrong with a row, told from the row alone; `[]` when it may be a sample. `docs` fill in defaults before calls are compared. */
export function checkRow(row: Row, docs: readonly ToolDoc[] = []): string[] {
  const made = callsMade(row, docs);
  return [...checkSequence(row), ...checkPairs(row), ...checkTools(row, made), ...checkGold(row, made), ...checkAsks(row), ...checkVisibility(row, made), ...checkScaffolding(row)];
}

interface Made {
  turn: number;
  /** Index of the assistant message. */
  response: number;
  call: RowToolCall;
  /** What the tool message that answers it says. */
  content: string | undefined;
  /** The gold call that it makes; each is made at most once. */
  gold: RowCall | undefined;
}

/** Every call of the conversation with its turn, its response, its result and its gold call. */
function callsMade(row: Row, docs: readonly ToolDoc[]): Made[] {
  const used = new Set<string>();
  const goldOf = (turn: number, { function: { name, arguments: args } }: RowToolCall): RowCall | undefined => {
    const gold = row.gold.calls.find((candidate) => !used.has(candidate.id) && candidate.turn === turn && sameCall({ tool: candidate.tool, args: candidate.args }, { tool: name, args }, docs));
    if (gold) used.add(gold.id);
    return gold;
  };
  let turn = -1;
  return row.messages.flatMap((message, response) => {
    if (message.role === 'user') turn += 1;
    if (message.role !== 'assistant') return [];
    return (message.tool_calls ?? []).map((call): Made => ({ turn, response, call, content: row.messages.find((other) => other.role === 'tool' && other.tool_call_id === call.id)?.content, gold: goldOf(turn, call) }));
  });
}

/** Who may speak after whom; many chat templates fail on anything else, some without a word. */
const NEXT: { [state: string]: readonly string[] } = { start: ['system'], system: ['user'], user: ['calls', 'answer'], calls: ['tool'], tool: ['tool', 'calls', 'answer'], answer: ['user'] };

function checkSequence(row: Row): string[] {
  const kinds = row.messages.map((message) => (message.role !== 'assistant' ? message.role : message.tool_calls ? 'calls' : 'answer'));
  const wrong = kinds.findIndex((kind, index) => !NEXT[kinds[index - 1] ?? 'start']?.includes(kind));
  const turns = kinds.filter((kind) => kind === 'user').length;
  return [
    ...(wrong < 0 ? [] : [`message ${wrong} (${kinds[wrong] ?? ''}) may not follow ${kinds[wrong - 1] ?? 'the start'}`]),
    ...(kinds.at(-1) === 'answer' ? [] : ['the conversation does not end with a final answer']),
    ...(turns === row.gold.turns.length ? [] : [`the conversation has ${turns} turns, gold has ${row.gold.turns.length}`]),
  ];
}

function checkPairs(row: Row): string[] {
  const made = row.messages.flatMap((message) => (message.role === 'assistant' ? (message.tool_calls ?? []) : []));
  const ids = made.map((call) => call.id);
  const answers = row.messages.flatMap((message) => (message.role === 'tool' ? [message] : []));
  return [
    ...(new Set(ids).size === ids.length ? [] : ['two calls share an id']),
    ...ids.filter((id) => !answers.some((answer) => answer.tool_call_id === id)).map((id) => `call ${id} has no tool message`),
    ...answers.filter((answer) => !ids.includes(answer.tool_call_id)).map((answer) => `tool message ${answer.tool_call_id} answers no call`),
    ...answers.filter((answer) => made.some((call) => call.id === answer.tool_call_id && call.function.name !== answer.name)).map((answer) => `tool message ${answer.tool_call_id} has the name of another tool`),
  ];
}

/** A trainee can only learn to call what it is shown. Values need no check: the call succeeded. */
function checkTools(row: Row, made: readonly Made[]): string[] {
  return made.flatMap(({ call: { id, function: { name, arguments: args } } }) => {
    const tool = row.tools.find((candidate) => candidate.function.name === name);
    if (!tool) return [`call ${id} is of ${name}, which is not in the tool list`];
    const { required, properties } = tool.function.parameters;
    const missing = (Array.isArray(required) ? required : []).filter((key) => args[String(key)] === undefined && schemaAt({ properties: properties ?? {} }, `/${String(key)}`)?.default === undefined);
    return missing.map((key) => `call ${id} lacks the required argument ${String(key)}`);
  });
}

/** Exactly the gold calls, in their turns, with their recorded results, in an order that the partial order allows. */
function checkGold(row: Row, made: readonly Made[]): string[] {
  const places = new Map(made.flatMap(({ gold, response }, index) => (gold ? [[gold.id, { response, index }] as const] : [])));
  const notBefore = (of: 'response' | 'index', before: string, after: string): boolean => (places.get(before)?.[of] ?? 0) >= (places.get(after)?.[of] ?? Infinity);
  return [
    ...made.flatMap(({ call, turn, gold, content }) => {
      if (!gold) return [`call ${call.id} (${call.function.name}) is not a gold call of turn ${turn + 1}`];
      return content === resultText({ ok: true, value: gold.result }) ? [] : [`the tool message of ${call.id} is not the recorded result of ${gold.id}`];
    }),
    ...row.gold.calls.filter((gold) => !places.has(gold.id)).map((gold) => `gold call ${gold.id} (${gold.tool}) was not made`),
    ...row.gold.order.data.filter(([before, after]) => notBefore('response', before, after)).map(([before, after]) => `${after} was called before the result of ${before} was there`),
    ...row.gold.order.order.filter(([before, after]) => notBefore('index', before, after)).map(([before, after]) => `${after} was called before ${before}`),
    ...row.gold.calls.filter((gold) => gold.needed_for.length === 0).map((gold) => `gold call ${gold.id} is needed for nothing`),
  ];
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

/** An argument that comes from an output stands in an earlier message; no value is used before it was visible. */
function checkVisibility(row: Row, made: readonly Made[]): string[] {
  return made.flatMap(({ call, response, gold }) => {
    const shown = row.messages.slice(0, response).flatMap((message) => (message.role === 'tool' || message.role === 'user' ? [message.content] : []));
    return (gold?.sources ?? []).flatMap((source) => {
      if (source.kind !== 'output') return [];
      const value = getAt(row.gold.calls.find((candidate) => candidate.id === source.call)?.result ?? null, source.path);
      return value !== undefined && shown.some((text) => holds(text, value)) ? [] : [`${call.id} uses ${source.pointer} before any message shows it`];
    });
  });
}

/** As it is, or as it stands inside a JSON text. */
const holds = (text: string, value: Json): boolean => text.includes(String(value)) || text.includes(JSON.stringify(String(value)).slice(1, -1));

const SCAFFOLD_TAGS = /<\/?(?:hint|feedback|attempt|ground_truth|advanced_tool)>/i;

/** The last net under the leak lint: labelled blocks and verdict words never stand in a row. */
function checkScaffolding(row: Row): string[] {
  const texts = row.messages.flatMap((message) => [message.content, ...(message.role === 'assistant' ? [message.reasoning_content ?? ''] : [])]);
  return texts.some((text) => SCAFFOLD_TAGS.test(text)) ? ['a message holds a labelled block of the generation prompts'] : [];
}
