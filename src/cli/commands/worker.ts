import { InvalidArgumentError, Option, type Command } from 'commander';
import { LOG_LEVELS, type LogLevel } from '../../config';
import type { Cli } from '../cli';
import { createWorker } from '../../worker';
import { connect } from '../../wiring';
import { findSimulator } from '../simulator';

export function addWorkerCommand(program: Command, cli: Cli): void {
  program.command('worker').description('do the work of every campaign that runs, until Ctrl-C').option('--simulator', 'start the built-in simulator too, for campaigns that use it')
    .option('--metrics <port>', 'serve Prometheus metrics there, of ours and of Temporal (or HARDGEN_METRICS_PORT)', portOf)
    .addOption(new Option('--log-level <level>', 'the least its log shows: one JSON object a line on stderr (or HARDGEN_LOG_LEVEL)').choices(LOG_LEVELS))
    .action(async (options: { simulator?: boolean; metrics?: number; logLevel?: LogLevel }) => {
      const found = await findSimulator(cli.config(), options.simulator === true);
      const config = { ...found, metricsPort: options.metrics ?? found.metricsPort, logLevel: options.logLevel ?? found.logLevel };
      const wiring = await connect(config);
      const worker = await createWorker(config, wiring);
      if (config.metricsPort !== undefined) cli.terminal.err(`metrics at http://127.0.0.1:${config.metricsPort}/metrics`);
      cli.terminal.err(`worker ready on task queue ${config.taskQueue}; Ctrl-C finishes the calls in flight and ends it`);
      await worker.run();
      await wiring.close();
    });
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new InvalidArgumentError(`Expected a port from 1 to 65535, got \`${text}\``);
  return port;
}
