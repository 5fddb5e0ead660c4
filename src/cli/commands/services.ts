import type { Command } from 'commander';
import type { Cli } from '../cli';
import { doctorCommand, down, up } from '../services';

export function addServiceCommands(program: Command, cli: Cli): void {
  const add = (name: string, about: string, run: typeof up): void => {
    program.command(name).description(about).option('--json', 'one JSON document on stdout').action(async (options: { json?: boolean }) => cli.exit(await run({ json: options.json === true }, cli.config())));
  };
  add('up', 'find or start Temporal and Neo4j', up);
  add('down', 'stop what `up` started; data stay', down);
  add('doctor', 'check this machine, every failure with its cure', doctorCommand);
}
