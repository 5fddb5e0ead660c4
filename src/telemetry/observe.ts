import { Context } from '@temporalio/activity';
import type { InjectedSinks } from '@temporalio/worker';
import type { ChatModel, Deps } from '../activities/deps';
import { classifyModelError } from '../activities/failures';
import { priceOf } from '../core/campaign/budget';
import { usageOf } from '../core/chat/usage';
import type { JsonObject, Json } from '../core/json';
import { digestOf } from '../digest';
import type { ItemEnd, ItemSinks } from '../workflows/sinks';
import { ownerOf } from './log';

/** What a worker does that is worth a metric or a log line. */
export type Observed =
  | ({ kind: 'call'; latencyMs: number; inputTokens: number; outputTokens: number; costMicroUsd: number } & CallOf)
  /** `type` is the failure's type of the retry table, `Cancelled` when the campaign no longer wants the answer. */
  | ({ kind: 'call-failed'; latencyMs: number; type: string; message: string } & CallOf)
  | ({ kind: 'item' } & ItemEnd);

/** Which request it was; its text is told by hash only. */
export interface CallOf {
  campaign: string;
  item: string;
  stage: string;
  endpoint: string;
  model: string;
  promptHash: string;
}

/**
 * The same clients, telling `tell` what goes through them; what they do is unchanged. An activity that is repeated is told
 * again: these are counts of what happened here, and the records are the ledger.
 */
export function observeDeps(deps: Deps, tell: (seen: Observed) => void): Deps {
  return { ...deps, chat: observeChat(deps.chat, tell) };
}

/** Tells of every item's end, whatever ended it: only workflows know of those that failed or were cut off. Left without `tell`, says nothing (a replay). */
export const itemSinks = (tell: (seen: Observed) => void = () => undefined): InjectedSinks<ItemSinks> =>
  ({ items: { ended: { fn: (_workflow, end) => tell({ kind: 'item', ...end }) } } });

function observeChat(chat: ChatModel, tell: (seen: Observed) => void): ChatModel {
  return {
    ...chat,
    complete: async (input) => {
      const call = callOf(input);
      const began = Date.now();
      try {
        const reply = await chat.complete(input);
        const usage = usageOf(reply, input.request);
        tell({ kind: 'call', ...call, latencyMs: reply.latencyMs, ...usage, costMicroUsd: priceOf(usage, input.target.endpoint.price) });
        return reply;
      } catch (error) {
        tell({ kind: 'call-failed', ...call, latencyMs: Date.now() - began, type: input.signal.aborted ? 'Cancelled' : typeOf(error), message: error instanceof Error ? error.message : String(error) });
        throw error;
      }
    },
  };
}

function callOf({ target, request, lookup }: Parameters<ChatModel['complete']>[0]): CallOf {
  const { campaign, item = '' } = ownerOf(Context.current().info.workflowExecution?.workflowId ?? '');
  return { campaign, item, stage: String((lookup as JsonObject).stage), endpoint: target.endpointName, model: target.model, promptHash: digestOf(request as unknown as Json) };
}

const typeOf = (error: unknown): string => (error instanceof Error && error.name === 'ConfigError' ? 'OperatorActionRequired' : classifyModelError(error).type);
