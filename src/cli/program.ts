import { Command } from 'commander';
import type { Cli } from './cli';
import { addAuditCommand } from './commands/audit';
import { addCampaignCommands } from './commands/campaign';
import { addChaosCommand } from './commands/chaos';
import { addDatasetCommands } from './commands/dataset';
import { addGraphCommands } from './commands/graph';
import { addPreviewCommand } from './commands/preview';
import { addRunCommand } from './commands/run';
import { addServiceCommands } from './commands/services';
import { addTrajectoryCommands } from './commands/trajectory';
import { addWorkerCommand } from './commands/worker';
import { addWorldCommands } from './commands/world';
import { EXIT_TABLE } from './exit-codes';
import { quickstart } from './quickstart';

/** The whole command line; parsing throws instead of ending the process. */
export function createProgram(cli: Cli): Command {
  const program = new Command('hardgen')
    .description('Hard, verified tool-use training data from your own tools and models, on Temporal and Neo4j.')
    .addHelpText('after', `\nExit codes:\n${EXIT_TABLE.map(({ code, about }) => `  ${String(code).padEnd(4)} ${about}`).join('\n')}\n\nStart here: npx hardgen run ${quickstart()}`);
  addRunCommand(program, cli);
  addServiceCommands(program, cli);
  addWorkerCommand(program, cli);
  addPreviewCommand(program, cli);
  addCampaignCommands(program, cli);
  addTrajectoryCommands(program, cli);
  addWorldCommands(program, cli);
  addGraphCommands(program, cli);
  addDatasetCommands(program, cli);
  addChaosCommand(program, cli);
  addAuditCommand(program, cli);
  prepare(program, cli);
  return program;
}

/** Help of a command that was asked for is a result; everything else commander says goes to the other stream. */
function prepare(command: Command, cli: Cli): void {
  command.exitOverride().showSuggestionAfterError().configureOutput({
    writeOut: (text) => cli.terminal.out(text.trimEnd()),
    writeErr: (text) => cli.terminal.err(text.trimEnd()),
  });
  for (const child of command.commands) prepare(child, cli);
}
