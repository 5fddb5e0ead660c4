import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json, JsonObject } from '../../../src/core/json';
import type { PromptName } from '../../../src/core/prompt/roles';
import { PROMPT_BLOCKS } from '../../../src/core/prompt/roles';
import type { Template } from '../../../src/core/prompt/template';
import { parseTemplate } from '../../../src/core/prompt/template';
import type { ChatReply } from '../../../src/core/chat/chat';
import type { Call, ToolDoc } from '../../../src/core/tool';
import type { ArgSource, GoldCall, PartialOrder, TurnSpec } from '../../../src/core/trace';

/** A small rail journey in two turns, written by hand: two look-ups feed a search, the search feeds a booking; then contact before ticket. */
export const tools: ToolDoc[] = [
  { name: 'find_station', description: 'Station of a town.', input: object({ town: { type: 'string' } }, ['town']) },
  {
    name: 'search_trains',
    description: 'Trains of a day.',
    input: object({ from: { type: 'string', entity: 'station' }, to: { type: 'string', entity: 'station' }, date: { type: 'string' }, sort: { type: 'string', default: 'departure' } }, ['from', 'to', 'date']),
  },
  { name: 'book', description: 'Books seats.', input: object({ train: { type: 'string' }, seats: { type: 'integer' }, insurance: { type: 'boolean', default: false } }, ['train', 'seats']) },
  { name: 'set_contact', description: 'Where tickets go.', input: object({ email: { type: 'string' } }, ['email']) },
  { name: 'send_ticket', description: 'Sends a ticket.', input: object({ booking: { type: 'string' } }, ['booking']) },
  { name: 'list_fares', description: 'All fares.', input: object({}, []) },
];

export const calls: GoldCall[] = [
  gold('c1', 'find_station', { town: 'Arden' }, { station: 'ST-03' }),
  gold('c2', 'find_station', { town: 'Belmo' }, { station: 'ST-17' }),
  gold('c3', 'search_trains', { from: 'ST-03', to: 'ST-17', date: '2026-05-03' }, { trains: [{ train: 'K7-Q2X', price: 12.5 }] }, [
    { kind: 'output', pointer: '/from', call: 'c1', path: '/station' },
    { kind: 'output', pointer: '/to', call: 'c2', path: '/station' },
  ]),
  gold('c4', 'book', { train: 'K7-Q2X', seats: 2, insurance: true }, { booking: 'BK-1029', total: 25 }, [{ kind: 'output', pointer: '/train', call: 'c3', path: '/trains/0/train' }]),
  gold('c5', 'set_contact', { email: 'ann@example.org' }, { ok: true }),
  gold('c6', 'send_ticket', { booking: 'BK-1029' }, { sent: true }, [{ kind: 'output', pointer: '/booking', call: 'c4', path: '/booking' }]),
];

export const order: PartialOrder = { data: [['c1', 'c3'], ['c2', 'c3'], ['c3', 'c4'], ['c4', 'c6']], order: [['c5', 'c6']] };

export const spec = { calls, order, turns: [turn(['c1', 'c2', 'c3', 'c4']), turn(['c5', 'c6'])], tools: tools.map((tool) => tool.name) };

/** The call a Reasoner would make for a gold id, with other arguments where given. */
export function callOf(id: string, args: JsonObject = {}): Call {
  const call = calls.find((candidate) => candidate.id === id) as GoldCall;
  return { tool: call.tool, args: { ...call.args, ...args } };
}

export function gold(id: string, tool: string, args: JsonObject, result: Json, sources: ArgSource[] = []): GoldCall {
  return { id, tool, args, sources, result, digest: `after-${id}`, neededFor: ['later-call'] };
}

export function turn(ids: string[]): TurnSpec {
  return { calls: ids, asks: [], bridging: 1, easy: false, needsEarlierTurn: false };
}

export const template = (name: PromptName): Template =>
  parseTemplate({ name, text: readFileSync(join(__dirname, '../../../src/prompts', `${name}.md`), 'utf8'), ...PROMPT_BLOCKS[name] });

export const reply = (content: string, more: Partial<ChatReply> = {}): ChatReply => ({ content, reasoning: '', toolCalls: [], finishReason: 'stop', ...more });

function object(properties: JsonObject, required: string[]): JsonObject {
  return { type: 'object', properties, required };
}
