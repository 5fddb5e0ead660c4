import type { Progress } from '../core/campaign/progress';
import type { ShownSpend } from './live-spend';
import { duration, reusedTexts, short } from './progress-view';

/** What a dashboard shows beside the campaign's own answer; parts that could not be had are empty. */
export interface DashboardDetails {
  /** Rows so far against the quota, per cell with a quota. */
  cells: readonly { cell: string; rows: number; quota: number }[];
  /** Some of the open items. */
  running: readonly { name: string; stage: string; blocked?: string }[];
  /** Items that ended last, newest first. */
  finished: readonly { name: string; outcome: string }[];
  gates: readonly { endpoint: string; inFlight: number; allowed: number; waiting: number }[];
}

export const NO_DETAILS: DashboardDetails = { cells: [], running: [], finished: [], gates: [] };

export interface Line {
  text: string;
  tone?: 'title' | 'warning' | 'faint';
}

/** Calls and tokens per second over the last half minute, and the time left at the rate of rows since the first look. */
export interface Pace {
  callsPerSecond: number;
  tokensPerSecond: number;
  leftMs?: number;
}

const PACE_OVER_MS = 30_000;

/** Remembers what it is shown; `undefined` until a second has passed. */
export function createPace(now: () => number): (progress: Progress, spend: ShownSpend) => Pace | undefined {
  let seen: { at: number; calls: number; tokens: number; label: string }[] = [];
  let first: { at: number; verified: number } | undefined;
  return (progress, { calls, tokens, label }) => {
    const at = now();
    const last = { at, calls, tokens, label };
    // From ended items to the ledger is a leap, no pace.
    seen = [...seen.filter((sample) => at - sample.at <= PACE_OVER_MS && sample.label === label), last];
    if (progress.phase === 'generate' && !progress.paused) first ??= { at, verified: progress.verified };
    else first = undefined;
    const from = seen[0] ?? last;
    const seconds = (at - from.at) / 1000;
    if (seconds < 1) return undefined;
    const gained = progress.verified - (first?.verified ?? progress.verified);
    return {
      callsPerSecond: (last.calls - from.calls) / seconds, tokensPerSecond: (last.tokens - from.tokens) / seconds,
      ...(first === undefined || gained < 2 ? {} : { leftMs: ((progress.target - progress.verified) * (at - first.at)) / gained }),
    };
  };
}

const LABEL_WIDTH = 10;
const BAR_WIDTH = 30;
/** Lines that many cells may take; what has no place is counted. */
const CELL_LINES = 4;

/** The dashboard as lines that fit; the most telling ones come first, so a low window loses only the last items. */
export function dashboardLines(input: { progress: Progress | undefined; spend: ShownSpend | undefined; details: DashboardDetails; pace: Pace | undefined; id: string; columns: number; rows: number }): Line[] {
  const { progress, spend, details } = input;
  const lines = progress === undefined || spend === undefined
    ? [title(input.id, 'no worker answers'), { text: 'npx hardgen worker starts one; the campaign waits and loses nothing', tone: 'warning' as const }]
    : [
      title(progress.id, progress.phase),
      ...pausedLines(progress),
      ...spend.silences.map((text): Line => ({ text, tone: 'warning' })),
      barLine(progress, input.pace),
      labelled('funnel', funnelText(progress)),
      labelled('rejected', rejectedText(progress)),
      labelled('calls', callsText(progress, spend, input.pace)),
      labelled('money', `$${spend.usd.toFixed(2)}${progress.budget?.usd === undefined ? '' : ` of $${progress.budget.usd.toFixed(2)}`}${spend.label}${perRow(progress)}`),
      ...block('endpoint', details.gates.map((gate) => `${gate.endpoint}: ${gate.inFlight} in flight of ${Math.floor(gate.allowed)} allowed, ${gate.waiting} waiting`)),
      ...block('cells', cellTexts(details.cells, input.columns - LABEL_WIDTH)),
      ...block('running', runningTexts(progress, details.running)),
      ...block('ended', details.finished.map(({ name, outcome }) => `${name}  ${outcome}`)),
    ];
  const foot: Line = { text: 'Ctrl-C ends the watching; the campaign goes on.', tone: 'faint' };
  return [...lines.slice(0, Math.max(3, input.rows - 2)), foot].map((line) => ({ ...line, text: clip(line.text, input.columns) }));
}

const title = (id: string, state: string): Line => ({ text: `${id}  ${state}`, tone: 'title' });

const labelled = (label: string, text: string): Line => ({ text: `${label.padEnd(LABEL_WIDTH)}${text}` });

const block = (label: string, texts: readonly string[]): Line[] => texts.map((text, index) => labelled(index === 0 ? label : '', text));

function pausedLines(progress: Progress): Line[] {
  if (progress.paused) {
    const paused: Line = { text: `PAUSED: ${progress.note ?? 'by an operator'}`, tone: 'warning' };
    // A note about the budget says itself how it is raised; a resume alone would pause again.
    return progress.pausedBy === 'budget' ? [paused] : [paused, { text: `npx hardgen campaign resume ${progress.id} goes on`, tone: 'warning' }];
  }
  return progress.note === undefined ? [] : [{ text: `note: ${progress.note}`, tone: 'warning' }];
}

function barLine(progress: Progress, pace: Pace | undefined): Line {
  const probing = progress.phase === 'self-evaluate';
  const [done, of] = probing ? [progress.funnel.probed, progress.funnel.tools] : [progress.verified, progress.target];
  const filled = of === 0 ? 0 : Math.min(BAR_WIDTH, Math.floor((done / of) * BAR_WIDTH));
  return { text: `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${done}/${of} ${probing ? 'tools probed' : 'verified'}${pace?.leftMs === undefined ? '' : ` · about ${duration(pace.leftMs)} left`}` };
}

const funnelText = ({ funnel, verified }: Progress): string =>
  `${funnel.tools} tools → ${funnel.failureTools} in the failure set → ${funnel.traces} traces → ${funnel.queries} queries → ${verified} verified`;

function rejectedText(progress: Progress): string {
  const costs = progress.cost?.byReason ?? {};
  const rejected = Object.entries(progress.rejected).sort(([, a], [, b]) => b - a);
  const money = (reason: string): string => (costs[reason] === undefined ? '' : ` ($${costs[reason].usd.toFixed(2)})`);
  return [...rejected.map(([reason, count]) => `${reason} ${count}${money(reason)}`), ...(progress.failed > 0 ? [`failed ${progress.failed}`] : [])].join(' · ') || 'nothing';
}

function perRow(progress: Progress): string {
  const each = progress.cost?.perVerifiedUsd;
  return typeof each === 'number' && each > 0 ? ` · $${each.toFixed(4)} a verified row` : '';
}

function callsText(progress: Progress, { calls, tokens, label }: ShownSpend, pace: Pace | undefined): string {
  const counts = pace === undefined
    ? [`${calls} requests`, `${short(tokens)} tokens${label}`]
    : [`${calls} requests, ${pace.callsPerSecond.toFixed(1)}/s`, `${short(tokens)} tokens, ${short(Math.round(pace.tokensPerSecond))}/s${label}`];
  return [...counts, ...reusedTexts(progress)].join(' · ');
}

function runningTexts(progress: Progress, running: DashboardDetails['running']): string[] {
  if (running.length === 0) return progress.running > 0 ? [`${progress.running} items`] : [];
  const more = progress.running - running.length;
  return [...running.map(({ name, stage, blocked }) => `${name}  ${stage}${blocked === undefined ? '' : `  BLOCKED: ${blocked}`}`), ...(more > 0 ? [`and ${more} more`] : [])];
}

/** Several to a line. Full cells go last: what is still missing is what one looks for. */
function cellTexts(cells: DashboardDetails['cells'], width: number): string[] {
  const sorted = [...cells].sort((a, b) => Number(a.rows >= a.quota) - Number(b.rows >= b.quota));
  const texts = sorted.map(({ cell, rows, quota }) => `${cell} ${Math.min(rows, quota)}/${quota}`);
  const lines: string[] = [];
  for (const [index, text] of texts.entries()) {
    const open = lines.at(-1);
    if (open !== undefined && open.length + text.length + 3 <= width) lines[lines.length - 1] = `${open} · ${text}`;
    else if (lines.length === CELL_LINES) return [...lines, `and ${texts.length - index} more`];
    else lines.push(text);
  }
  return lines;
}

function clip(text: string, columns: number): string {
  const line = text.replace(/\s*\n\s*/g, ' ');
  return line.length > columns ? `${line.slice(0, Math.max(1, columns - 1))}…` : line;
}
