import { resolve } from 'node:path';
import type { Command } from 'commander';
import { rebuildCampaign } from '../../audit/rebuild';
import { openCampaign } from '../campaign-folder';
import type { Cli } from '../cli';
import { EXIT, InputError } from '../exit-codes';
import { shortPath } from '../short-path';
import { show } from '../terminal';
import { slowProgress } from './audit';

export function addRebuildCommand(campaign: Command, cli: Cli): void {
  campaign.command('rebuild').argument('<id>').description('make rows and dataset of an ended campaign again from the recorded replies: no model, no Temporal, the same bytes')
    .option('--out <dir>', "folder to write to; the campaign's own when left out").option('--json', 'one JSON document on stdout')
    .action((id: string, options: { out?: string; json?: boolean }) => rebuild(cli, id, options));
}

async function rebuild(cli: Cli, id: string, options: { out?: string; json?: boolean }): Promise<void> {
  const config = cli.config();
  const folder = openCampaign(config, id);
  await folder.manifest();
  // While items are open another may displace a row, and an index makes an export call what it names final.
  if (!(await folder.summary())) throw new InputError(`Expected campaign ${id} to have ended, got no summary.json in ${folder.path}; let it end (npx hardgen campaign status ${id}), or npx hardgen dataset export ${id} --out DIR for the rows that are certain by now`);
  const rebuilt = await rebuildCampaign({ config, campaign: id, ...(options.out === undefined ? {} : { out: resolve(options.out) }), onProgress: slowProgress(cli.terminal) });
  show(cli.terminal, options, rebuilt, () => [
    ...rebuilt.lost.map(({ item, reason }) => `${item}  no row can be made again from its record (${reason}); npx hardgen audit ${id}/${item} says more`),
    ...(rebuilt.files.length === 0
      ? [`${rebuilt.rows} rows can be made again, ${rebuilt.lost.length} not: nothing was written over what the campaign has`, `Next: restore those records from a copy, or npx hardgen campaign rebuild ${id} --out DIR for what there is`]
      : [`${rebuilt.rows} rows made again, ${rebuilt.dataset} of them in the dataset, ${rebuilt.files.length} files in ${shortPath(rebuilt.folder)}`, `Next: npx hardgen audit ${id}`]),
  ]);
  if (rebuilt.lost.length > 0) cli.exit(EXIT.incomplete);
}
