#!/usr/bin/env node
import { CommanderError } from 'commander';
import { loadConfig } from '../config';
import { EXIT, exitCodeOf } from './exit-codes';
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
    if (!(error instanceof CommanderError)) terminal.err(code === EXIT.bug && error instanceof Error ? (error.stack ?? error.message) : error instanceof Error ? error.message : String(error));
    return code;
  }
}

if (require.main === module) {
  // `hardgen … | head` closes our stdout early; that is no error of anyone.
  process.stdout.on('error', () => process.exit(EXIT.ok));
  void main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
}
