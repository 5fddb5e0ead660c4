import type { SimulatorLookup } from '../core/campaign/lookup';
import type { ChatMessage, ChatTool } from '../core/chat/chat';
import { tryJson } from '../core/chat/parse';
import { isObject, type Json } from '../core/json';
import { readBlock } from '../core/prompt/template';
import { createRng, type Rng } from '../core/random';

/** One chat request with the look-up key that came in its header. */
export interface SimRequest {
  model: string;
  messages: ChatMessage[];
  tools: ChatTool[];
  lookup: SimulatorLookup;
}

/** What the simulator says, before it is put into OpenAI's shape. `arguments` is JSON text, or what a malformed reply has instead. */
export interface SimReply {
  content: string;
  reasoning?: string;
  toolCalls?: { name: string; arguments: string }[];
  refusal?: string;
}

/** A request that cannot be answered, with its HTTP status. */
export class SimulatorError extends Error {
  override name = 'SimulatorError';
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

/** Reads body and look-up header (base64url JSON); throws SimulatorError 400 with what is wrong, 404 for a model that is not ours. */
export function readRequest(body: string, lookupHeader: string | undefined): SimRequest {
  const json = tryJson(body);
  if (!isObject(json) || typeof json.model !== 'string' || !Array.isArray(json.messages)) throw new SimulatorError(400, 'Expected a chat completion request with `model` and `messages`, got something else');
  if (!/^sim(-[a-z0-9]+)?$/.test(json.model)) throw new SimulatorError(404, `Expected model sim or sim-<word>, got \`${json.model}\`; name one of these in the campaign file`);
  return {
    model: json.model,
    messages: json.messages.map(readMessage),
    tools: (Array.isArray(json.tools) ? json.tools : []) as unknown as ChatTool[],
    lookup: readLookup(lookupHeader),
  };
}

function readMessage(message: Json, index: number): ChatMessage {
  const good = isObject(message) && typeof message.role === 'string' && (typeof message.content === 'string' || (message.role === 'assistant' && (message.content === null || message.content === undefined)));
  if (!good) throw new SimulatorError(400, `Expected message ${index} to have a role and a text as content, got ${JSON.stringify(message).slice(0, 80)}`);
  return message as unknown as ChatMessage;
}

const STAGES: readonly string[] = ['tool-maker', 'query-generator', 'paraphrase-judge', 'reasoner', 'verifier', 'rewriter', 'target'] satisfies SimulatorLookup['stage'][];

function readLookup(header: string | undefined): SimulatorLookup {
  const value = header === undefined ? undefined : tryJson(Buffer.from(header, 'base64url').toString('utf8'));
  const good = isObject(value) && STAGES.includes(String(value.stage)) && isObject(value.ablation) && ['seed', 'item', 'turn', 'step', 'attempt', 'try'].every((key) => typeof value[key] === 'number');
  if (!good) throw new SimulatorError(400, `Expected the look-up key of a campaign in the header x-hardgen-lookup, got ${header === undefined ? 'none' : 'something else'}; only hardgen's own worker can use the simulator`);
  return value as unknown as SimulatorLookup;
}

/** A generator for one part of one request: a function of the look-up key, the try included, and of nothing else. */
export function rngOf(lookup: SimulatorLookup, part: string): Rng {
  const { seed, purpose, item, stage, turn, step, attempt, target } = lookup;
  return createRng([seed, purpose, item, stage, target ?? '', turn, step, attempt, lookup.try, part].join('/'));
}

/** The text of the messages a role is addressed by: everything a template rendered. */
export const promptText = (request: SimRequest): string =>
  request.messages.filter((message) => message.role === 'user' || message.role === 'system').map((message) => message.content).join('\n');

/** A block that the role cannot work without. */
export function needBlock(request: SimRequest, name: string): string {
  const value = readBlock(userText(request), name);
  if (value === undefined) throw missingBlock(request, name);
  return value;
}

export const findBlock = (request: SimRequest, name: string): string | undefined => readBlock(userText(request), name);

// Examples in a system prompt may show blocks too; only what the user message carries is the case at hand.
const userText = (request: SimRequest): string => request.messages.filter((message) => message.role === 'user').map((message) => message.content).join('\n');

export const missingBlock = (request: SimRequest, name: string): SimulatorError =>
  new SimulatorError(400, `Expected the block <${name}> in the prompt of ${request.lookup.stage} (item ${request.lookup.item}, turn ${request.lookup.turn}), got none; put {{${name}}} back into its template`);

/** Lines of a block that are JSON objects; a line like `none: …` is none. */
export const jsonLines = (text: string): { [key: string]: Json }[] => text.split('\n').map((line) => tryJson(line)).filter(isObject);

/** Lines of a block, empty when it says `none: …`. */
export const textLines = (text: string): string[] => (/^none:/.test(text.trim()) ? [] : text.split('\n').map((line) => line.trim()).filter((line) => line !== ''));
