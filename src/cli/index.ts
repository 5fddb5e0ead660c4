#!/usr/bin/env node
import { CommanderError } from 'commander';
import { loadConfig } from '../config';
import { diskTrouble, EXIT, exitCodeOf } from './exit-codes';
import { createProgram } from './program';
import { processTerminal, type Terminal } from './terminal';

/** Runs one command line and gives its exit code. A stack is shown only for bugs. */
export async function main(argv: readonly string[], terminal: Terminal = processTerminal): Promise<number> {
  let code: number = EXIT.ok;
  const program = createProgram({ terminal, config: () => loadConfig(), exit: (ended) => (code = ended), now: () => new Date() });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    code = exitCodeOf(error);
    if (!(error instanceof CommanderError)) terminal.err(diskTrouble(error) ?? (code === EXIT.bug && error instanceof Error ? (error.stack ?? error.message) : error instanceof Error ? error.message : String(error)));
    return code;
  }
}

if (require.main === module) {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // `hardgen … | head` closes our stdout early; that is no error of anyone.
    if (error.code === 'EPIPE') process.exit(EXIT.ok);
    processTerminal.err(`Expected to write to standard output, got ${error.message}`);
    process.exit(EXIT.service);
  });
  // Progress is no result: where it cannot be written, the work goes on.
  process.stderr.on('error', () => undefined);
  void main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
}
