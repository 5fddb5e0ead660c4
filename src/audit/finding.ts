/** One thing that is not as it should be: what was expected, what came, where, and what to do. */
export interface Finding {
  /** `t-00003`; none for what concerns the campaign as a whole. */
  item?: string;
  /** Relative to the campaign's folder. */
  file: string;
  /** Line number or key in the file. */
  at?: string;
  expected: string;
  got: string;
  cure: string;
}

export const CURE = {
  record: 'restore the record from a copy, or take the item out of the dataset: what it proves is gone',
  reused: 'restore this record or that of the other campaign from a copy, or take the item out of the dataset: nothing shows that the reply was paid for',
  retry: 'restore the file from a copy; without one, have the item made again',
  rebuild: 'campaign rebuild makes rows and dataset again from the recorded calls',
  export: 'campaign rebuild, or dataset export, writes it again',
  history: 'restore the history from a copy, or fetch it from the server while it is retained (temporal workflow show --output json)',
  manifest: 'restore the manifest from a copy: every item of the campaign rests on it',
} as const;

export function findingLine(finding: Finding): string {
  const { item, file, at, expected, got, cure } = finding;
  return `${item === undefined ? '' : `${item}  `}${file}${at === undefined ? '' : `:${at}`}  expected ${expected}, got ${got}; ${cure}`;
}

/** A value short enough for one line of a message. */
export function cut(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return text.length <= 100 ? text : `${text.slice(0, 100)}…`;
}
