import type { ChatTool } from '../chat/chat';
import type { NamedRow, RowMessage } from './row';

/** What one exported line is: a whole conversation, or one assistant response with what came before it. */
export const SPLITS = ['conversation', 'response'] as const;
export type Split = (typeof SPLITS)[number];

export const RESPONSE_VERSION = 'hardgen/response@1';

type AssistantMessage = Extract<RowMessage, { role: 'assistant' }>;

/**
 * One assistant response of a row (the paper splits its trajectories "at each assistant response" and trains on that
 * response alone). `history` is the true one: accepted messages only, never a thrown-away attempt.
 */
export interface ResponseRow {
  version: typeof RESPONSE_VERSION;
  /** `<row id>/<number of the response>`, so it changes only when the row does. */
  id: string;
  row_id: string;
  /** Counted from 0 in its row. */
  number: number;
  /** Responses of the row. */
  of: number;
  /** Counted from 0. */
  turn: number;
  world: string;
  simulated: boolean;
  tools: ChatTool[];
  history: RowMessage[];
  response: AssistantMessage;
}

/** A row's assistant responses in order; the last one's history and response together are the whole conversation. */
export function splitByResponse(row: NamedRow): ResponseRow[] {
  const places = row.messages.flatMap((message, place) => (message.role === 'assistant' ? [{ place, response: message }] : []));
  return places.map(({ place, response }, number) => {
    const history = row.messages.slice(0, place);
    return {
      version: RESPONSE_VERSION, id: `${row.id}/${number}`, row_id: row.id, number, of: places.length,
      turn: history.filter((message) => message.role === 'user').length - 1,
      world: row.world, simulated: row.simulated, tools: row.tools, history, response,
    };
  });
}
