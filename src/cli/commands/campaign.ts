import type { Command } from 'commander';
import { complainAbout, type SetOrder } from '../../core/campaign/budget';
import type { Progress } from '../../core/campaign/progress';
import type { Config } from '../../config';
import { ServiceError } from '../../services';
import { setAfterEnd } from '../budget-after-end';
import { cautions, checkKeys, compileCampaign } from '../campaign-file';
import { openCampaign, storedCampaigns } from '../campaign-folder';
import { campaignReport, statusLines } from '../campaign-report';
import { checkReuse } from '../check-reuse';
import { checkWorlds } from '../check-worlds';
import type { Cli } from '../cli';
import { InputError } from '../exit-codes';
import { liveSpend, shownSpend, spentSoFar } from '../live-spend';
import { progressView } from '../progress-view';
import { quickstart } from '../quickstart';
import { defaultId, queryProgress, startCampaign, waitForCampaign, withTemporal, type Temporal } from '../temporal';
import { show } from '../terminal';
import { addRebuildCommand } from './rebuild';
import { endCode, exportAll } from './run';
import { addWatchCommand } from './watch';

const JSON_OPTION = ['--json', 'one JSON document on stdout'] as const;

export function addCampaignCommands(program: Command, cli: Cli): void {
  const campaign = program.command('campaign').description('start and steer campaigns');
  addRebuildCommand(campaign, cli);
  campaign.command('start').argument('<file>', 'campaign file').description('start a campaign; a worker does the work (npx hardgen worker)')
    .option('--id <id>', 'id of the campaign; one that runs is joined').option('--wait', 'show progress until it ends').option(...JSON_OPTION)
    .action((file: string, options: StartOptions) => start(cli, file, options));
  campaign.command('compile').argument('<file>', 'campaign file').description('print the file as the `campaign` workflow takes it, every default written out')
    .action((file: string) => {
      cli.terminal.out(JSON.stringify(compileCampaign(file), null, 2));
      cli.terminal.err(`Next: npx hardgen campaign start ${file}`);
    });
  campaign.command('list').description('campaigns of this home, and how they stand').option(...JSON_OPTION).action((options: { json?: boolean }) => list(cli, options));
  campaign.command('status').argument('<id>').description('how a campaign stands').option(...JSON_OPTION).action((id: string, options: { json?: boolean }) => status(cli, id, options));
  addWatchCommand(campaign, cli);
  campaign.command('pause').argument('<id>').option('--reason <text>', 'shown by status').description('finish the calls in flight, start no new ones')
    .action((id: string, options: { reason?: string }) => signal(cli, id, 'pause', options.reason === undefined ? [] : [{ reason: options.reason }], `Paused ${id}. Next: npx hardgen campaign resume ${id}`));
  campaign.command('stop').argument('<id>').option('--finish', 'bring open items to their end, instead of cancelling them').description('start no new item and put the dataset together from what is verified')
    .action((id: string, options: { finish?: boolean }) => signal(cli, id, 'stop', [{ finish: options.finish === true }], `Stopping ${id}. Next: npx hardgen campaign status ${id}`));
  campaign.command('set').argument('<id>').description('change limits; one that a limit had paused goes on, of one that has ended `trajectory retry` may go on. `none` takes a limit away')
    .option('--window <n>', 'trajectories open at once').option('--budget <usd>', 'in USD').option('--calls <n>', 'requests').option('--tokens <n>', 'in and out together').option('--deadline <iso>', 'e.g. 2026-01-31T18:00:00Z')
    .action((id: string, options: SetOptions) => set(cli, id, setOrderOf(options)));
  campaign.command('resume').argument('<id>').description('go on, and try parked items again')
    .action((id: string) => signal(cli, id, 'resume', [], `Resumed ${id}. Next: npx hardgen campaign status ${id}`));
}

interface StartOptions {
  id?: string;
  wait?: boolean;
  json?: boolean;
}

async function start(cli: Cli, file: string, options: StartOptions): Promise<void> {
  const input = compileCampaign(file);
  checkKeys(file, input.campaign);
  cautions(input.campaign).forEach(cli.terminal.err);
  const config = cli.config();
  checkReuse(config, file, input.campaign);
  (await checkWorlds(config, input)).forEach(cli.terminal.err);
  const id = options.id ?? defaultId(input.campaign.name, cli.now());
  await withTemporal(config, async (temporal) => {
    const began = Date.now();
    await startCampaign(temporal, config, { id, input });
    const page = temporal.pageOf(id);
    if (!options.wait) {
      show(cli.terminal, options, { id, ...(page === undefined ? {} : { page }) }, () => [`Started ${id}${page === undefined ? '' : `  ${page}`}`, `Next: npx hardgen campaign status ${id} · npx hardgen worker, when none runs`]);
      return;
    }
    cli.terminal.err(`campaign ${id} started`);
    const progress = await watch(cli, temporal, id);
    const exported = await exportAll(config, id);
    const lines = await campaignReport({ folder: openCampaign(config, id), progress, exported, page, tookMs: Date.now() - began });
    show(cli.terminal, options, { ...progress, seconds: Math.round((Date.now() - began) / 1000), dataset: exported }, () => lines);
    cli.exit(endCode(progress));
  });
}

async function watch(cli: Cli, temporal: Temporal, id: string): Promise<Progress> {
  const view = progressView(cli.terminal, liveSpend(cli.config(), id));
  try {
    return await waitForCampaign(temporal, id, view.update);
  } finally {
    view.end();
  }
}

async function status(cli: Cli, id: string, options: { json?: boolean }): Promise<void> {
  const found = await readProgress(cli.config(), id);
  const spend = found.from === 'summary' ? undefined : shownSpend(found.progress, await spentSoFar(cli.config(), id));
  show(cli.terminal, options, { ...found.progress, ...(spend === undefined || spend.silences.length === 0 ? {} : { silences: spend.silences }) }, () => [
    `Campaign ${id}: ${found.progress.phase}${found.progress.paused ? ' (paused)' : ''}${found.from === 'summary' ? '  (as stored when it ended)' : ''}`,
    ...statusLines(found.progress, spend), nextAfterStatus(found.progress),
  ]);
}

interface SetOptions {
  window?: string;
  budget?: string;
  tokens?: string;
  calls?: string;
  deadline?: string;
}

/** The signal `set` as its options say it; checked here, since a signal has no answer. */
export function setOrderOf(options: SetOptions): SetOrder {
  const number = (text: string): number | null => (text === 'none' ? null : Number(text));
  const { window, budget, tokens, calls, deadline } = options;
  const limits = {
    ...(budget === undefined ? {} : { usd: number(budget) }), ...(tokens === undefined ? {} : { tokens: number(tokens) }),
    ...(calls === undefined ? {} : { calls: number(calls) }), ...(deadline === undefined ? {} : { deadline: deadline === 'none' ? null : deadline }),
  };
  const order = { ...(window === undefined ? {} : { window: Number(window) }), ...(Object.keys(limits).length === 0 ? {} : { budget: limits }) };
  if (Object.keys(order).length === 0) throw new InputError('Expected --window, --budget, --tokens, --calls or --deadline, got none');
  const complaint = complainAbout(order);
  if (complaint !== undefined) throw new InputError(complaint);
  return order;
}

/** The stored summary of one that has ended, else what the workflow says; either works without the other. */
async function readProgress(config: Config, id: string): Promise<{ progress: Progress; from: 'workflow' | 'summary' }> {
  const summary = await openCampaign(config, id).summary();
  if (summary) return { progress: summary, from: 'summary' };
  const known = storedCampaigns(config).includes(id);
  const progress = await withTemporal(config, (temporal) => queryProgress(temporal, id)).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'WorkflowNotFoundError' && !known) throw new InputError(`Expected the id of a campaign, got \`${id}\`; npx hardgen campaign list shows them`);
    throw error;
  });
  if (!progress) throw new ServiceError(`Expected a worker to answer for ${id}, got none; npx hardgen worker starts one, and the campaign goes on`);
  return { progress, from: 'workflow' };
}

function nextAfterStatus(progress: Progress): string {
  if (progress.paused && progress.pausedBy === 'budget') return `Next: npx hardgen campaign set ${progress.id} --help`;
  if (progress.paused) return `Next: npx hardgen campaign resume ${progress.id}`;
  return progress.phase === 'done' || (progress.phase === 'stopped' && progress.verified > 0) ? `Next: npx hardgen dataset export ${progress.id} --format trl --out DIR` : `Next: npx hardgen trajectory list ${progress.id}`;
}

async function list(cli: Cli, options: { json?: boolean }): Promise<void> {
  const config = cli.config();
  const rows = await Promise.all(storedCampaigns(config).map(async (id) => {
    const summary = await openCampaign(config, id).summary();
    return { id, phase: summary?.phase ?? 'not ended', verified: summary?.verified ?? null, target: summary?.target ?? null };
  }));
  show(cli.terminal, options, { campaigns: rows }, () => rows.length === 0
    ? ['No campaigns yet.', `Next: npx hardgen run ${quickstart()}`]
    : [...rows.map((row) => `${row.id.padEnd(40)} ${row.phase}${row.verified === null ? '' : `  ${row.verified}/${row.target} verified`}`), `Next: npx hardgen campaign status ${rows.at(-1)?.id ?? 'ID'}`]);
}

async function set(cli: Cli, id: string, order: SetOrder): Promise<void> {
  const folder = openCampaign(cli.config(), id);
  try {
    await signal(cli, id, 'set', [order], `Set for ${id}. Next: npx hardgen campaign status ${id}`);
  } catch (error) {
    if (!(error instanceof InputError) || (await folder.summary()) === undefined) throw error;
    await setAfterEnd(folder, order);
    cli.terminal.out(`Campaign ${id} has ended: its budget now holds for \`trajectory retry\`. Next: npx hardgen trajectory list ${id}`);
  }
}

async function signal(cli: Cli, id: string, name: string, args: unknown[], said: string): Promise<void> {
  await withTemporal(cli.config(), (temporal) => temporal.client.workflow.getHandle(id).signal(name, ...args)).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'WorkflowNotFoundError') throw new InputError(`Expected the id of a campaign that runs, got \`${id}\`; npx hardgen campaign list shows them`);
    throw error;
  });
  cli.terminal.out(said);
}
