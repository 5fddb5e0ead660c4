import type { Config } from '../config';
import type { Terminal } from './terminal';

/** What every command gets: where to print, and the environment, read only when a command needs it. */
export interface Cli {
  terminal: Terminal;
  config(): Config;
  /** The command's exit code when it ends without an exception. */
  exit(code: number): void;
  now(): Date;
}
