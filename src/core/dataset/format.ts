import type { NamedRow } from './row';
import type { ResponseRow } from './split';

/** One file of an export. */
export interface ExportFile {
  /** Relative to the export's folder. */
  path: string;
  content: string;
  /** Rows in it. */
  rows: number;
}

/**
 * A form that a trainer reads. Adding one: a file in `formats/` and its line in `formats/index.ts`; the contract suite
 * checks that every source call comes back from it.
 */
export interface Format {
  name: string;
  about: string;
  /** Markdown for the dataset card: how to load it. */
  loading: string;
  /** A pure function of the rows in their order: equal rows give equal bytes. */
  files(rows: readonly NamedRow[]): ExportFile[];
  /** One line per assistant response; only the response may be trained on, marked as this trainer wants it. */
  byResponse: {
    loading: string;
    files(rows: readonly ResponseRow[]): ExportFile[];
  };
}

export const jsonLines = (values: readonly unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');
