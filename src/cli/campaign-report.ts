import { join } from 'node:path';
import type { Progress } from '../core/campaign/progress';
import { recordName } from '../core/campaign/refs';
import { datasetRows, type CampaignFolder } from './campaign-folder';
import { conversationLines } from './conversation';
import type { Exported } from './export-dataset';
import { shownSpend, type ShownSpend } from './live-spend';
import { duration, reusedTexts, short } from './progress-view';
import { shortPath } from './short-path';

/** The end of a campaign for people: the funnel, what was turned down, one row to read, where things lie, what to type next. */
export async function campaignReport(input: { folder: CampaignFolder; progress: Progress; exported?: readonly Exported[]; page?: string | undefined; tookMs?: number }): Promise<string[]> {
  const { folder, progress } = input;
  return [
    `Campaign ${progress.id}: ${progress.phase}${input.tookMs === undefined ? '' : ` in ${duration(input.tookMs)}`}`,
    ...statusLines(progress),
    ...(await exampleLines(folder)),
    '',
    ...(input.exported ?? []).map((item) => `${item.format.padEnd(9)} ${item.rows} rows  ${item.files.map((file) => shortPath(file.path)).join(' ')}`),
    `records   ${shortPath(join(folder.path, 'records'))}`,
    ...(input.page === undefined ? [] : [`web UI    ${input.page}`]),
    `Next: npx hardgen trajectory list ${progress.id}`,
    `      npx hardgen dataset export ${progress.id} --format trl --out DIR`,
    `      npx hardgen graph show ${progress.id} --mermaid`,
  ];
}

/** Funnel, rejections, calls and money; also what `campaign status` prints. `spend` while it runs: its own answer is whole only in the end. */
export function statusLines(progress: Progress, spend?: ShownSpend): string[] {
  const { funnel } = progress;
  const rejected = Object.entries(progress.rejected).sort(([, a], [, b]) => b - a);
  return [
    `  ${funnel.tools} tools probed → ${funnel.failureTools} in the failure set → ${funnel.traces} traces → ${funnel.queries} queries → ${progress.verified} verified of ${progress.target}`,
    `  ${rejected.length === 0 ? 'nothing rejected' : `rejected: ${rejected.map(([reason, count]) => `${reason} ${count}`).join(' · ')}`}`,
    ...worldLines(progress),
    ...countLines(progress),
    `  ${[...spendTexts(progress, spend), ...reusedTexts(progress)].join(' · ')}`,
    ...costLines(progress, spend),
    ...malformedLines(progress),
    ...(spend?.silences ?? []).map((text) => `  ${text}`),
    ...(progress.note === undefined ? [] : [`  note: ${progress.note}`]),
  ];
}

function spendTexts({ calls, tokens, costUsd }: Progress, spend: ShownSpend | undefined): string[] {
  if (spend) return [`${spend.calls} requests`, `${short(spend.tokens)} tokens`, `$${spend.usd.toFixed(2)}${spend.label}`];
  return [`${calls.accepted} model calls (${calls.attempts} requests)`, `${short(tokens.input)} tokens in, ${short(tokens.output)} out`, `$${costUsd.toFixed(2)}`];
}

/** One line per world, those that turn most down first: a world that gives nothing is one to look at. */
function worldLines({ worlds = {} }: Progress): string[] {
  const rows = Object.entries(worlds).map(([world, { verified, rejected }]) => {
    const turnedDown = Object.entries(rejected).filter(([reason]) => reason !== 'surplus').sort(([, a], [, b]) => b - a);
    const count = turnedDown.reduce((sum, [, items]) => sum + items, 0);
    return { world, verified, count, share: verified + count === 0 ? 0 : count / (verified + count), reasons: turnedDown.map(([reason, items]) => `${reason} ${items}`).join(' · ') };
  });
  if (rows.length < 2) return [];
  const width = Math.max(...rows.map(({ world }) => world.length));
  return rows
    .sort((a, b) => b.share - a.share || (a.world < b.world ? -1 : 1))
    .map(({ world, verified, count, share, reasons }) => `    ${world.padEnd(width)}  ${String(verified).padStart(4)} verified  ${String(count).padStart(4)} rejected (${Math.round(share * 100)} %)${reasons === '' ? '' : `  ${reasons}`}`);
}

/** What a verified row costs, what turned-down items took of the money (of the tokens, where nothing has a price), and the limits. */
function costLines(progress: Progress, spend = shownSpend(progress, undefined)): string[] {
  const { cost, budget, costUsd } = progress;
  if (cost === undefined) return [];
  const spent = Object.entries(cost.byReason).filter(([, entry]) => entry.calls > 0);
  const priced = costUsd > 0;
  const shares = spent.sort(([, a], [, b]) => b.tokens - a.tokens).map(([reason, entry]) => `${reason} ${priced ? usd(entry.usd) : `${short(entry.tokens)} tokens`}`);
  const limits = [
    ...(budget?.usd === undefined ? [] : [`${usd(spend.usd)} of ${usd(budget.usd)}`]), ...(budget?.tokens === undefined ? [] : [`${short(spend.tokens)} of ${short(budget.tokens)} tokens`]),
    ...(budget?.calls === undefined ? [] : [`${spend.calls} of ${budget.calls} calls`]), ...(budget?.deadline === undefined ? [] : [`until ${budget.deadline}`]),
  ];
  return [
    ...(shares.length === 0 ? [] : [`  spent on: ${shares.join(' · ')}${priced && cost.perVerifiedUsd !== null ? ` · ${usd(cost.perVerifiedUsd)} per verified row` : ''}`]),
    ...(limits.length === 0 ? [] : [`  budget${spend.label}: ${limits.join(' · ')}`]),
  ];
}

/** Cents where they tell something, else two digits that do. */
const usd = (amount: number): string => (amount === 0 || amount >= 0.1 ? `$${amount.toFixed(2)}` : `$${Number(amount.toPrecision(2))}`);

/** Told only when there were some: a model that often answers unreadably is a model to replace. */
function malformedLines({ malformed = {} }: Progress): string[] {
  const models = Object.entries(malformed).sort(([, a], [, b]) => b - a);
  return models.length === 0 ? [] : [`  replies that could not be read: ${models.map(([model, count]) => `${model} ${count}`).join(' · ')}`];
}

function countLines(progress: Progress): string[] {
  const counts = [['broken probes', progress.funnel.brokenProbes], ['running', progress.running], ['blocked', progress.blocked], ['failed', progress.failed]] as const;
  const some = counts.filter(([, count]) => count > 0).map(([name, count]) => `${name} ${count}`);
  return some.length === 0 ? [] : [`  ${some.join(' · ')}`];
}

/** Of the first rows the one with most to look up: short enough to read, long enough to show what comes out. */
async function exampleLines(folder: CampaignFolder): Promise<string[]> {
  const { rows } = await datasetRows(folder);
  const [best] = rows.slice(0, 24).sort((a, b) => score(b.row.labels) - score(a.row.labels));
  if (!best) return [];
  const { labels } = best.row;
  const name = recordName({ campaign: folder.id, purpose: 'trajectory', item: best.index });
  return ['', `One of them: ${name}, ${best.row.world}, ${labels.calls} ${labels.calls === 1 ? 'call' : 'calls'} in ${labels.turns} ${labels.turns === 1 ? 'turn' : 'turns'}, aimed at ${labels.target_tool}${best.row.simulated ? ' (simulated)' : ''}`, ...conversationLines(best.row.messages)];
}

const score = ({ calls, bridging }: { calls: number; bridging: number[] }): number => (calls <= 5 ? calls + bridging.reduce((sum, depth) => sum + depth, 0) : 0);
