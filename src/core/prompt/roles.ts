/**
 * The labelled blocks of every prompt file in src/prompts (or the campaign's `prompts:` folder). `required` blocks must
 * stand in the template; an ablation switch or a first attempt may leave a block without a value, and it then vanishes.
 */
export const PROMPT_BLOCKS = {
  /** A_T: trace → advanced tool (paper, Figure 11). */
  'tool-maker': { required: ['trace', 'arguments', 'asked_outputs'], optional: ['rejected'] },
  /** A_Q: advanced tool and bindings → hard query (Figure 12). `steps` only for `query: easy` or `advancedTool: off`. */
  'query-generator': { required: ['advanced_tool', 'values', 'asked_outputs'], optional: ['steps', 'conversation', 'rejected'] },
  /** Does the query convey each value in other words? */
  'paraphrase-judge': { required: ['query', 'claims'], optional: ['conversation'] },
  /** A_R, first attempt of a turn (Figure 13). Tools go as native tools. */
  reasoner: { required: ['policy', 'query', 'hint'], optional: [] },
  /** A_R, what Eq. 5 appends after a wrong attempt (Figure 15). */
  'reasoner-refine': { required: ['attempt', 'feedback'], optional: [] },
  /** A_V (Figure 14). */
  verifier: { required: ['query', 'attempt', 'execution_result', 'ground_truth'], optional: ['conversation', 'tools', 'rejected'] },
  /** Rewrites reasoning that betrays the scaffolding. */
  rewriter: { required: ['conversation', 'calls'], optional: ['tools', 'rejected'] },
  /** A target model in self-evaluation, and the system prompt of every sample. Queries follow as plain user messages: the training view, nothing else. */
  target: { required: ['policy'], optional: [] },
} as const satisfies { [role: string]: { required: readonly string[]; optional: readonly string[] } };

export type PromptName = keyof typeof PROMPT_BLOCKS;
export const PROMPT_NAMES = Object.keys(PROMPT_BLOCKS) as PromptName[];
