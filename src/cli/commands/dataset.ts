import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { FORMATS, formatNamed } from '../../core/dataset/formats';
import { SPLITS, type Split } from '../../core/dataset/split';
import { openCampaign } from '../campaign-folder';
import type { Cli } from '../cli';
import { exportDataset } from '../export-dataset';
import { shortPath } from '../short-path';
import { show } from '../terminal';

export function addDatasetCommands(program: Command, cli: Cli): void {
  const dataset = program.command('dataset').description('what came out');
  dataset.command('export').argument('<campaign>').description('write the dataset in a trainer\'s form; while the campaign runs, the rows that are certain')
    .addOption(new Option('--format <format>', FORMATS.map((format) => `${format.name}: ${format.about}`).join('; ')).choices(FORMATS.map((format) => format.name)).default('jsonl'))
    .addOption(new Option('--split <split>', 'a line per conversation, or per assistant response with the true history before it').choices(SPLITS).default('conversation'))
    .requiredOption('--out <dir>', 'folder to write to').option('--json', 'one JSON document on stdout')
    .action(async (id: string, options: { format: string; split: Split; out: string; json?: boolean }) => {
      const format = formatNamed(options.format) ?? FORMATS[0];
      if (!format) return;
      const exported = await exportDataset(openCampaign(cli.config(), id), format, resolve(options.out), options.split);
      show(cli.terminal, options, exported, () => [
        `${exported.rows} rows as ${format.name}${exported.split === 'response' ? `, ${exported.files.reduce((sum, file) => sum + file.rows, 0)} responses` : ''}${exported.simulated ? ' (simulated)' : ''}: ${exported.files.map((file) => shortPath(file.path)).join(' ')}`,
        ...(exported.final ? [] : ['The campaign still runs: more rows may follow, none of these will go.']),
        exported.final ? `Next: read ${shortPath(resolve(options.out, 'README.md'))}` : `Next: npx hardgen campaign status ${id}`,
      ]);
    });
}
