import { join } from 'node:path';
import type { Command } from 'commander';
import { FORMATS } from '../../core/dataset/formats';
import type { Progress } from '../../core/campaign/progress';
import type { CampaignInput } from '../../core/campaign/manifest';
import { ensureServices } from '../../services';
import { ensureSimulator } from '../../services/simulator';
import type { Config } from '../../config';
import { openCampaign } from '../campaign-folder';
import { cautions, checkKeys, compileCampaign, usesSimulator } from '../campaign-file';
import { campaignReport } from '../campaign-report';
import { checkReuse } from '../check-reuse';
import { checkWorlds } from '../check-worlds';
import type { Cli } from '../cli';
import { EXIT } from '../exit-codes';
import { exportDataset, type Exported } from '../export-dataset';
import { liveSpend } from '../live-spend';
import { progressView } from '../progress-view';
import { progressToStderr } from '../services';
import { defaultId, startCampaign, waitForCampaign, withTemporal } from '../temporal';
import { show } from '../terminal';
import { startWorker, type WorkerProcess } from '../worker-process';

export function addRunCommand(program: Command, cli: Cli): void {
  program.command('run').argument('<file>', 'campaign file').description('services, worker, campaign and export in one')
    .option('--id <id>', 'id of the campaign; one that runs is joined, and goes on where it stopped').option('--json', 'one JSON document on stdout')
    .action(async (file: string, options: { id?: string; json?: boolean }) => {
      const input = compileCampaign(file);
      checkKeys(file, input.campaign);
      cautions(input.campaign).forEach(cli.terminal.err);
      const config = cli.config();
      checkReuse(config, file, input.campaign);
      (await checkWorlds(config, input)).forEach(cli.terminal.err);
      const id = options.id ?? defaultId(input.campaign.name, cli.now());
      const run = await runCampaign(cli, config, { id, input });
      const folder = openCampaign(config, id);
      const exported = await exportAll(config, id);
      const lines = await campaignReport({ folder, progress: run.progress, exported, page: run.page, tookMs: run.tookMs });
      show(cli.terminal, options, { ...run.progress, seconds: Math.round(run.tookMs / 1000), dataset: exported }, () => lines);
      cli.exit(endCode(run.progress));
    });
}

/** Below its target, or stopped: a script should notice. */
export const endCode = (progress: Progress): number => (progress.phase === 'done' && progress.verified >= progress.target ? EXIT.ok : EXIT.incomplete);

export interface Run {
  progress: Progress;
  page: string | undefined;
  tookMs: number;
}

/** Everything a campaign needs, started in order, with a worker that ends with the command. */
export async function runCampaign(cli: Cli, config: Config, start: { id: string; input: CampaignInput }): Promise<Run> {
  await ensureServices(config, progressToStderr);
  const simulatorUrl = usesSimulator(start.input.campaign) ? await ensureSimulator(config, progressToStderr) : undefined;
  const worker = startWorker({ config, simulatorUrl, say: cli.terminal.err });
  const interrupt = onInterrupt(cli, worker, start.id);
  try {
    return await withTemporal(config, async (temporal) => {
      const began = Date.now();
      cli.terminal.err(`campaign ${start.id}: worker log ${worker.log}`);
      await startCampaign(temporal, config, start);
      const view = progressView(cli.terminal, liveSpend(config, start.id));
      try {
        const progress = await Promise.race([waitForCampaign(temporal, start.id, view.update), worker.gone]);
        return { progress, page: temporal.pageOf(start.id), tookMs: Date.now() - began };
      } finally {
        view.end();
      }
    });
  } finally {
    interrupt.off();
    await worker.stop();
  }
}

/** The campaign lives in Temporal, so Ctrl-C ends only the watching and the worker; a second one ends us at once. */
function onInterrupt(cli: Cli, worker: WorkerProcess, id: string): { off(): void } {
  const leave = (): void => {
    process.once('SIGINT', () => process.exit(EXIT.interrupted));
    cli.terminal.err(`\nStopping the worker; calls in flight are finished first (Ctrl-C again ends at once).\nCampaign ${id} waits and loses nothing. Next: npx hardgen run FILE --id ${id}, or npx hardgen worker, goes on with it.`);
    void worker.stop().finally(() => process.exit(EXIT.interrupted));
  };
  process.once('SIGINT', leave).once('SIGTERM', leave);
  return { off: () => void process.off('SIGINT', leave).off('SIGTERM', leave) };
}

/** Every format, into the campaign's own folder. */
export async function exportAll(config: Config, id: string): Promise<Exported[]> {
  const folder = openCampaign(config, id);
  const exported: Exported[] = [];
  for (const format of FORMATS) exported.push(await exportDataset(folder, format, join(folder.path, 'dataset', format.name)));
  return exported;
}
