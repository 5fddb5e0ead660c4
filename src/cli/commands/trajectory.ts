import type { Command } from 'commander';
import type { TraceSpec } from '../../core/trace';
import { outcomeLabel, type Outcome } from '../../core/outcome';
import { recordName } from '../../core/campaign/refs';
import { decisionOf, itemState } from '../../activities/item-state';
import type { RecordLine } from '../../activities/deps';
import { explainItem } from '../../audit/explain';
import { openCampaign, type CampaignFolder } from '../campaign-folder';
import type { Cli } from '../cli';
import { conversationLines } from '../conversation';
import { InputError } from '../exit-codes';
import { storyLines } from '../explain';
import { generationLines } from '../generation';
import { show } from '../terminal';
import { parseItem } from './audit';
import { addRetryCommand } from './retry';

export function addTrajectoryCommands(program: Command, cli: Cli): void {
  const trajectory = program.command('trajectory').description('single trajectories, verified or not');
  trajectory.command('list').argument('<campaign>').description('every item that has ended, and how').option('--json', 'one JSON document on stdout')
    .action((id: string, options: { json?: boolean }) => list(cli, id, options));
  trajectory.command('show').argument('<campaign>').argument('<item>', 'number or name: 12, t-00012, p-00003 for a probe').description('the conversation, readable')
    .option('--all', 'with system prompt and whole results').option('--generation', 'how it was made: trace, hints, attempts, feedback').option('--json', 'one JSON document on stdout')
    .action((id: string, item: string, options: ShowOptions) => showItem(cli, id, item, options));
  trajectory.command('explain').argument('<item>', 'ID/t-00003, or ID/p-00003 for a probe').description('one item\'s story: trace, query, each attempt with verdict and feedback, cost, why kept or rejected')
    .option('--json', 'one JSON document on stdout').action((item: string, options: { json?: boolean }) => explain(cli, item, options));
  addRetryCommand(trajectory, cli);
}

async function list(cli: Cli, id: string, options: { json?: boolean }): Promise<void> {
  const folder = openCampaign(cli.config(), id);
  await folder.manifest();
  // What ended by no verdict has no end in its record; the results of an ended campaign have it.
  const outcomes = new Map([...(await folder.results()).map(({ item, outcome }) => [item, outcome] as const), ...(await folder.outcomes())]);
  const items = [...outcomes].sort(([a], [b]) => a - b).map(([item, outcome]) => ({ item, name: nameOf(id, item), ...told(outcome) }));
  const failed = items.find((item) => item.outcome === 'failed');
  const example = items.find((item) => item.outcome === 'verified') ?? items[0];
  show(cli.terminal, options, { campaign: id, items }, () => [
    ...items.map((item) => `${item.name}  ${item.outcome}${'detail' in item ? `: ${oneLine(item.detail ?? '')}` : ''}`),
    example ? `Next: npx hardgen trajectory show ${id} ${example.name} --generation${failed === undefined ? '' : ` · npx hardgen trajectory retry ${id}/${failed.name} --from finish goes on where it failed`}` : `Nothing has ended yet. Next: npx hardgen campaign status ${id}`,
  ]);
}

/** `failed` and `blocked` have a sentence for a reason. */
function told(outcome: Outcome): { outcome: string; detail?: string } {
  if (outcome.kind === 'failed' || outcome.kind === 'blocked') return { outcome: outcome.kind, detail: outcome.reason };
  return { outcome: outcomeLabel(outcome), ...('detail' in outcome && outcome.detail ? { detail: outcome.detail } : {}) };
}

const nameOf = (campaign: string, item: number): string => recordName({ campaign, purpose: 'trajectory', item });
const oneLine = (text: string): string => (text.length > 140 ? `${text.slice(0, 140)}…` : text).replace(/\s+/g, ' ');

async function explain(cli: Cli, what: string, options: { json?: boolean }): Promise<void> {
  const { campaign, item } = parseItem(what);
  if (item === undefined) throw new InputError(`Expected an item like ${campaign}/t-00003, got \`${what}\`; npx hardgen trajectory list ${campaign} shows them`);
  const folder = openCampaign(cli.config(), campaign);
  await folder.manifest();
  const story = await explainItem(folder.records, campaign, item);
  if (!story) throw new InputError(`Expected item ${item} to have begun, got no record of it; npx hardgen trajectory list ${campaign} shows what there is`);
  show(cli.terminal, options, { campaign, item, ...story }, () => [
    ...('why' in story ? [`${item}: nothing was sampled, ${story.why}`] : storyLines(story)), '', `Next: npx hardgen audit ${campaign}/${item}`,
  ]);
}

interface ShowOptions {
  all?: boolean;
  generation?: boolean;
  json?: boolean;
}

async function showItem(cli: Cli, id: string, item: string, options: ShowOptions): Promise<void> {
  const folder = openCampaign(cli.config(), id);
  await folder.manifest();
  const name = recordNameOf(item);
  const row = name.startsWith('t-') ? await folder.row(Number(name.slice(2))) : undefined;
  if (row && !options.generation) {
    show(cli.terminal, options, row, () => [...conversationLines(row.row.messages, { system: options.all === true, whole: options.all === true }), '', `Next: npx hardgen trajectory show ${id} ${name} --generation`]);
    return;
  }
  const made = await readGeneration(folder, name);
  show(cli.terminal, options, { name, spec: made.spec, turns: made.state.turns, lines: made.lines }, () => [...generationLines({ ...made, campaign: id, name }), '', `Next: npx hardgen trajectory list ${id}`]);
}

function recordNameOf(item: string): string {
  const found = /^(?:([tp])-)?0*(\d+)$/.exec(item);
  if (!found) throw new InputError(`Expected an item like 12, t-00012 or p-00003, got \`${item}\`; npx hardgen trajectory list shows them`);
  return recordName({ campaign: '', purpose: found[1] === 'p' ? 'probe' : 'trajectory', item: Number(found[2]) });
}

/** An item rebuilt from its own record, as the activities do. */
async function readGeneration(folder: CampaignFolder, name: string): Promise<{ lines: RecordLine[]; spec: TraceSpec; state: ReturnType<typeof itemState> }> {
  const lines = await folder.records.read(folder.id, name);
  if (lines.length === 0) throw new InputError(`Expected item ${name} to have begun, got no record of it; npx hardgen trajectory list ${folder.id} shows what there is`);
  const line = decisionOf<{ ok: boolean; hash: string; reason: string; detail: string }>(lines, 'spec');
  if (!line?.ok) throw new InputError(`Expected a sampled trace of ${name}, got ${line ? `rejected:${line.reason} (${line.detail})` : 'none yet'}`);
  const spec = (await folder.records.readBlob(line.hash)) as unknown as TraceSpec;
  return { lines, spec, state: itemState({ lines, spec, specHash: line.hash }) };
}
