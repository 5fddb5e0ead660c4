import type { Command } from 'commander';
import { auditCampaign, type AuditReport } from '../../audit/campaign';
import { findingLine } from '../../audit/finding';
import { openCampaign } from '../campaign-folder';
import type { Cli } from '../cli';
import { EXIT, InputError } from '../exit-codes';
import { show, type Terminal } from '../terminal';

export function addAuditCommand(program: Command, cli: Cli): void {
  program.command('audit').argument('<what>', 'a campaign, or one item of it: ID or ID/t-00003')
    .description('prove a campaign from its folder alone: records, replies, decisions, gold calls, rows, histories; needs no service')
    .option('--json', 'one JSON document on stdout')
    .action((what: string, options: { json?: boolean }) => audit(cli, what, options));
}

async function audit(cli: Cli, what: string, options: { json?: boolean }): Promise<void> {
  const config = cli.config();
  const { campaign, item } = parseItem(what);
  await openCampaign(config, campaign).manifest();
  const progress = slowProgress(cli.terminal);
  const report = await auditCampaign({ config, campaign, ...(item === undefined ? {} : { item }), onProgress: progress });
  if (item !== undefined && report.items === 0) throw new InputError(`Expected item ${item} of ${campaign} to have begun, got no record of it; npx hardgen trajectory list ${campaign} shows what there is`);
  show(cli.terminal, options, { ...report, ok: report.findings.length === 0 }, () => reportLines(what, report));
  if (report.findings.length > 0) cli.exit(EXIT.incomplete);
}

/** `c` or `c/t-00003`. */
export function parseItem(what: string): { campaign: string; item?: string } {
  const found = /^([^/]+)(?:\/([tp]-\d{5,}))?$/.exec(what);
  if (!found?.[1]) throw new InputError(`Expected a campaign or an item like ID or ID/t-00003, got \`${what}\`; npx hardgen campaign list shows the campaigns`);
  return { campaign: found[1], ...(found[2] === undefined ? {} : { item: found[2] }) };
}

function reportLines(what: string, report: AuditReport): string[] {
  const { findings } = report;
  return [
    ...findings.map(findingLine),
    `${what}: ${report.items} items · ${report.calls} replies · ${report.histories} histories · ${report.rows} rows · ${report.files} exported files checked${report.torn > 0 ? ` · ${report.torn} lines torn by a crash, whose content was written again` : ''}`,
    ...report.notFollowed.map(({ campaign, replies }) => `Not followed: ${replies} replies that ${campaign} paid for, as its folder is not in this home; put it back to have them compared`),
    findings.length === 0 ? 'Nothing is missing, doubled or changed.' : `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}.`,
    `Next: npx hardgen ${findings.length === 0 ? `trajectory explain ${report.campaign}/t-00000` : `campaign rebuild ${report.campaign} --out DIR`}`,
  ];
}

/** Says how far it is once a second has gone by, then every second. */
export function slowProgress(terminal: Terminal): (done: number, total: number, what: string) => void {
  let told = Date.now();
  return (done, total, what) => {
    if (Date.now() - told < 1_000) return;
    told = Date.now();
    terminal.err(`${done}/${total} ${what}`);
  };
}
