import type { Command } from 'commander';
import type { Progress } from '../../core/campaign/progress';
import type { Config } from '../../config';
import { openCampaign } from '../campaign-folder';
import { statusLines } from '../campaign-report';
import type { Cli } from '../cli';
import { readDetails } from '../dashboard-details';
import { createDashboard } from '../dashboard-view';
import { EXIT } from '../exit-codes';
import { liveSpend } from '../live-spend';
import { progressView, type ProgressView } from '../progress-view';
import { waitForCampaign, withTemporal, type Temporal } from '../temporal';
import { endCode } from './run';

const DETAILS_EVERY_MS = 2_000;

/** `campaign watch`: looks on until the campaign ends; it steers nothing, and any number may look at once. */
export function addWatchCommand(campaign: Command, cli: Cli): void {
  campaign.command('watch').argument('<id>').description('look on: a dashboard on a terminal, plain lines in a pipe; Ctrl-C leaves the campaign running')
    .option('--json', 'one JSON object a line on stdout whenever something changed')
    .action(async (id: string, options: { json?: boolean }) => {
      const config = cli.config();
      const stored = await openCampaign(config, id).summary();
      if (stored) return tellEnd(cli, stored, options);
      const progress = await withTemporal(config, (temporal) => watch({ cli, config, temporal, id, json: options.json === true }));
      tellEnd(cli, progress, options);
    });
}

function tellEnd(cli: Cli, progress: Progress, options: { json?: boolean }): void {
  cli.terminal.out(options.json ? JSON.stringify(progress) : [`Campaign ${progress.id}: ${progress.phase}`, ...statusLines(progress), `Next: npx hardgen dataset export ${progress.id} --format trl --out DIR`].join('\n'));
  cli.exit(endCode(progress));
}

interface Watching {
  cli: Cli;
  config: Config;
  temporal: Temporal;
  id: string;
  json: boolean;
}

async function watch({ cli, config, temporal, id, json }: Watching): Promise<Progress> {
  const view = json ? jsonView(cli) : cli.terminal.live ? dashboard({ cli, config, temporal, id }) : progressView(cli.terminal, liveSpend(config, id));
  const leave = (): void => {
    view.end();
    cli.terminal.err(`\nCampaign ${id} goes on. Next: npx hardgen campaign watch ${id} · npx hardgen campaign pause ${id}`);
    process.exit(EXIT.interrupted);
  };
  process.once('SIGINT', leave).once('SIGTERM', leave);
  try {
    return await waitForCampaign(temporal, id, view.update);
  } finally {
    process.off('SIGINT', leave).off('SIGTERM', leave);
    view.end();
  }
}

/** A line whenever something changed, so that a script that reads it wakes for news only. */
function jsonView(cli: Cli): ProgressView {
  let last = '';
  return {
    update: (progress) => {
      const line = progress === undefined ? '' : JSON.stringify(progress);
      if (line !== '' && line !== last) cli.terminal.out(line);
      last = line || last;
    },
    end: () => undefined,
  };
}

function dashboard({ cli, config, temporal, id }: Omit<Watching, 'json'>): ProgressView {
  const board = createDashboard(cli.terminal, id, liveSpend(config, id));
  const folder = openCampaign(config, id);
  let reading = false;
  const look = async (): Promise<void> => {
    if (reading) return;
    reading = true;
    // Whatever goes wrong here, the campaign's own answer is still shown.
    await readDetails({ temporal, config, folder }).then(board.show, () => undefined);
    reading = false;
  };
  const timer = setInterval(() => void look(), DETAILS_EVERY_MS);
  void look();
  return { update: board.update, end: () => { clearInterval(timer); board.end(); } };
}
