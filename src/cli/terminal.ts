/** Where a command prints: results to `out`, everything else to `err`. Tests take their own. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** True when `err` is a person's terminal, so that a line may be drawn over. */
  live: boolean;
  /** Of the window, in characters; asked at every drawing, since windows change. */
  size?(): { columns: number; rows: number };
}

export const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  live: process.stderr.isTTY === true,
  size: () => ({ columns: process.stderr.columns || 100, rows: process.stderr.rows || 40 }),
};

/** One JSON document, or lines for people; never both. */
export function show(terminal: Terminal, options: { json?: boolean }, document: unknown, lines: () => readonly string[]): void {
  terminal.out(options.json ? JSON.stringify(document, null, 2) : lines().join('\n'));
}
