import type { CampaignFile } from './campaign.schema';
import type { Purpose } from './manifest';

export type ModelStage = 'tool-maker' | 'query-generator' | 'paraphrase-judge' | 'reasoner' | 'verifier' | 'rewriter' | 'target';

/**
 * What the built-in simulator is told beside the prompt, in a header that only it is ever sent: which
 * planned fault is due, and where the trace lies. Never the campaign's id, so that equal campaigns get equal replies.
 */
export interface SimulatorLookup {
  /** Campaign seed. */
  seed: number;
  purpose: Purpose;
  item: number;
  stage: ModelStage;
  turn: number;
  /** Counted from 0 in its turn. */
  step: number;
  /** Counted from 1. */
  attempt: number;
  try: number;
  /** Index of the target model in the file, for stage `target`. */
  target?: number;
  /** sha256 of the stored TraceSpec: `<home>/specs/<first two>/<sha>.json`. */
  spec: string;
  ablation: CampaignFile['ablation'];
  faults: CampaignFile['simulator']['faults'];
  latencyMs: number;
}
