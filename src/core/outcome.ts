/** How an item can be rejected: by a check or by a model, never by infrastructure (STYLE, failure kinds). Closed list. */
export const REJECTIONS = [
  'shape', // no trace that fits the cell
  'unreachable', // no legal way to any target
  'advanced-tool', // Tool Maker did not pass its checks
  'query', // Hard-query Generator did not pass its checks
  'attempts', // K_max wrong attempts at one step
  'leaky-reasoning', // the rewriter could not clean the reasoning
  'context', // the conversation does not fit the model
  'reexecution', // gold calls did not give the recorded outputs in a fresh world
  'row', // the finished row did not pass its own checks
  'surplus', // its cell was full before it ended; not counted against any model
] as const;
export type Rejection = (typeof REJECTIONS)[number];

export type Outcome =
  | { kind: 'verified' }
  | { kind: 'rejected'; reason: Rejection; detail?: string }
  | { kind: 'blocked'; reason: string }
  | { kind: 'failed'; reason: string };

export const outcomeLabel = (outcome: Outcome): string =>
  outcome.kind === 'verified' ? 'verified' : `${outcome.kind}:${outcome.reason}`;
