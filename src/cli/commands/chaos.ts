import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { chaosReport } from '../../chaos/report';
import { runChaos } from '../../chaos/run';
import { DEFAULT_KILLS, readKills } from '../../chaos/schedule';
import type { CampaignInput } from '../../core/campaign/manifest';
import type { CampaignFile } from '../../core/campaign/campaign.schema';
import { checkKeys, compileCampaign, drawsReplies, usesSimulator } from '../campaign-file';
import { checkWorlds } from '../check-worlds';
import type { Cli } from '../cli';
import { quoted } from '../curl';
import { EXIT, InputError } from '../exit-codes';
import { progressToStderr } from '../services';
import { defaultId } from '../temporal';
import { show } from '../terminal';

interface ChaosOptions {
  seed: string;
  kill?: string;
  inFlight: string;
  baseline: boolean;
  over: string;
  json?: boolean;
}

export function addChaosCommand(program: Command, cli: Cli): void {
  const defaults = Object.entries(DEFAULT_KILLS).map(([victim, count]) => `${victim}=${count}`).join(',');
  program.command('chaos').argument('<file>', 'campaign file').description('run a campaign undisturbed, then while its parts are killed, on services of its own; compare (rows only when every model is simulated)')
    .option('--seed <n>', 'of the schedule', '1').option('--kill <list>', `how often what is killed (default: ${defaults})`)
    .option('--in-flight <n>', 'least number of calls in flight at a kill', '20')
    .option('--no-baseline', 'skip the undisturbed run; so it is whenever a model is not the simulator').option('--over <replies>', 'without it: spread the kills over so many replies', '1000')
    .option('--json', 'one JSON document on stdout')
    .action((file: string, options: ChaosOptions) => chaos(cli, file, options));
}

async function chaos(cli: Cli, file: string, options: ChaosOptions): Promise<void> {
  const kills = options.kill === undefined ? DEFAULT_KILLS : readKills(options.kill);
  if (typeof kills === 'string') throw new InputError(kills);
  const numbers = { seed: whole('--seed', options.seed), inFlight: whole('--in-flight', options.inFlight), over: whole('--over', options.over) };
  const input = withoutReuse(compileCampaign(file), cli.terminal.err);
  checkKeys(file, input.campaign);
  const config = cli.config();
  (await checkWorlds(config, input)).forEach(cli.terminal.err);
  const { baseline, says } = baselineOf(input.campaign, options);
  says.forEach(cli.terminal.err);
  const home = join(config.home, 'chaos', defaultId(input.campaign.name, cli.now()));
  const interrupt = new AbortController();
  const leave = (): void => interrupt.abort();
  process.once('SIGINT', leave).once('SIGTERM', leave);
  try {
    const result = await runChaos({
      ...numbers, config, input, home, kills, baseline, simulated: usesSimulator(input.campaign), say: cli.terminal.err, report: progressToStderr, signal: interrupt.signal,
    });
    writeFileSync(join(home, 'chaos.json'), `${JSON.stringify(result, null, 2)}\n`);
    const runs = [result.disturbed, ...(result.undisturbed === null ? [] : [result.undisturbed])];
    show(cli.terminal, options, result, () => [...chaosReport(result), `Kept in ${home}`, ...runs.map(({ campaign }) => `Next: ${auditOf(home, campaign)}`)]);
    cli.exit(result.ok ? EXIT.ok : EXIT.incomplete);
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    cli.terminal.err('Ended by Ctrl-C; chaos stopped the services that it had started.');
    cli.exit(EXIT.interrupted);
  } finally {
    process.off('SIGINT', leave).off('SIGTERM', leave);
  }
}

/** Its runs have homes of their own, where no other campaign is. */
function withoutReuse(input: CampaignInput, say: (line: string) => void): CampaignInput {
  if (input.campaign.reuse.length === 0) return input;
  say(`The replies of ${input.campaign.reuse.join(', ')} are not reused: chaos looks at calls that are made`);
  return { ...input, campaign: { ...input.campaign, reuse: [] } };
}

/** An undisturbed run proves something only when equal questions get equal replies. */
export function baselineOf(campaign: CampaignFile, asked: Pick<ChaosOptions, 'baseline' | 'over'>): { baseline: boolean; says: string[] } {
  if (!asked.baseline || !drawsReplies(campaign)) return { baseline: asked.baseline, says: [] };
  return { baseline: false, says: [`Models that draw their replies give other rows each time, so nothing is run undisturbed and rows are not compared, only calls paid twice, doubled rows and orphans are looked for; kills are spread over ${asked.over} replies (--over)`] };
}

/** Each run has a home of its own, which is named after its campaign. */
const auditOf = (home: string, campaign: string): string => `HARDGEN_HOME=${quoted(join(home, campaign))} npx hardgen audit ${campaign}`;

function whole(option: string, text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InputError(`Expected ${option} to be a whole number from 0, got \`${text}\``);
  return Number(text);
}
