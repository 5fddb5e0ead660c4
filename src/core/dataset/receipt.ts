import type { Agreement } from '../refine/opinion';
import type { TraceSpec } from '../trace';

export const RECEIPT_VERSION = 'hardgen/receipt@1';

/** What one row cost and came from: everything about it that depends on the run. Keyed by the row's id. */
export interface Receipt {
  version: typeof RECEIPT_VERSION;
  row_id: string;
  campaign: string;
  item: number;
  workflow_id: string;
  /** sha256 of the sampled trace, which lies under `specs/`. */
  spec: string;
  graph_version: number;
  /** Attempts per accepted step. */
  attempts: number[];
  /** Its attempts by what the partial order and what their effects say; only the former decides. */
  opinions?: Agreement;
  retargets: number;
  redraws: number;
  /** sha256 of every prompt text. */
  prompts: { [name: string]: string };
  models: string[];
  /** `reused_from`: paid for by another campaign, so not part of `cost_usd`. */
  calls: { key: string; request: string; model: string; input_tokens: number; output_tokens: number; reused_from?: string }[];
  cost_usd: number;
}

export function buildReceipt(input: {
  rowId: string;
  campaign: string;
  item: number;
  workflowId: string;
  attempts: number[];
  opinions: Agreement;
  spec: TraceSpec;
  specHash: string;
  prompts: { [name: string]: string };
  calls: readonly { key: string; requestHash: string; model: string; usage: { inputTokens: number; outputTokens: number }; costMicroUsd: number; reusedFrom?: string }[];
}): Receipt {
  return {
    version: RECEIPT_VERSION,
    row_id: input.rowId,
    campaign: input.campaign,
    item: input.item,
    workflow_id: input.workflowId,
    spec: input.specHash,
    graph_version: input.spec.graphVersion,
    attempts: input.attempts,
    opinions: input.opinions,
    retargets: input.spec.retargets,
    redraws: input.spec.redraws,
    prompts: input.prompts,
    models: [...new Set(input.calls.map((call) => call.model))].sort(),
    calls: input.calls.map((call) => ({ key: call.key, request: call.requestHash, model: call.model, input_tokens: call.usage.inputTokens, output_tokens: call.usage.outputTokens, ...(call.reusedFrom === undefined ? {} : { reused_from: call.reusedFrom }) })),
    cost_usd: input.calls.reduce((sum, call) => sum + call.costMicroUsd, 0) / 1e6,
  };
}
