import type { Command } from 'commander';
import type { Cli } from '../cli';
import { createWorker } from '../../worker';
import { connect } from '../../wiring';
import { findSimulator } from '../simulator';

export function addWorkerCommand(program: Command, cli: Cli): void {
  program.command('worker').description('do the work of every campaign that runs, until Ctrl-C').option('--simulator', 'start the built-in simulator too, for campaigns that use it')
    .action(async (options: { simulator?: boolean }) => {
      const config = await findSimulator(cli.config(), options.simulator === true);
      const wiring = await connect(config);
      const worker = await createWorker(config, wiring);
      cli.terminal.err(`worker ready on task queue ${config.taskQueue}; Ctrl-C finishes the calls in flight and ends it`);
      await worker.run();
      await wiring.close();
    });
}
