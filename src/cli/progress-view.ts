import { SingleBar } from 'cli-progress';
import type { Progress } from '../core/campaign/progress';
import { shownSpend, type Spent } from './live-spend';
import type { Terminal } from './terminal';

/** Shows how a campaign goes: a bar on a terminal, a line every few seconds elsewhere. */
export interface ProgressView {
  update(progress: Progress | undefined): void;
  end(): void;
}

const LINE_EVERY_MS = 5000;

/** `spent` = what the ledger last said. */
export function progressView(terminal: Terminal, spent: () => Spent | undefined, now: () => number = Date.now): ProgressView {
  return terminal.live ? barView(spent, now) : lineView(terminal, spent, now);
}

function barView(spent: () => Spent | undefined, now: () => number): ProgressView {
  const bar = new SingleBar({ format: '{phase} {bar} {value}/{total} {tail}', hideCursor: true, clearOnComplete: true, stopOnComplete: false, fps: 4, barsize: 24 });
  const pace = paceFrom(now);
  bar.start(1, 0, { phase: 'waiting', tail: 'for a worker' });
  return {
    update: (progress) => {
      if (!progress) return void bar.update({ tail: 'waiting for a worker (npx hardgen worker starts one)' });
      const { done, of } = countOf(progress);
      bar.setTotal(Math.max(of, 1));
      bar.update(done, { phase: progress.phase, tail: tailOf(progress, spent(), pace(progress)) });
    },
    end: () => bar.stop(),
  };
}

function lineView(terminal: Terminal, spent: () => Spent | undefined, now: () => number): ProgressView {
  const pace = paceFrom(now);
  let last = '';
  let at = -Infinity;
  return {
    update: (progress) => {
      const line = progress ? progressLine(progress, spent(), pace(progress)) : 'waiting for a worker (npx hardgen worker starts one)';
      const phase = line.split(' ')[0];
      if (line === last || (now() - at < LINE_EVERY_MS && phase === last.split(' ')[0])) return;
      terminal.err(line);
      last = line;
      at = now();
    },
    end: () => undefined,
  };
}

/** `generate  12/24 verified · 5 rejected · 20 running · 812 calls · 1.2M tokens · $0.42 · about 3 min left`. */
export function progressLine(progress: Progress, spent?: Spent, etaMs?: number): string {
  const { done, of } = countOf(progress);
  return `${progress.phase.padEnd(13)} ${of === 0 ? '' : `${done}/${of} `}${tailOf(progress, spent, etaMs)}`.trimEnd();
}

function countOf(progress: Progress): { done: number; of: number } {
  if (progress.phase === 'self-evaluate') return { done: progress.funnel.probed, of: progress.funnel.tools };
  if (progress.phase === 'prepare' || progress.phase === 'explore') return { done: 0, of: 0 };
  return { done: progress.verified, of: progress.target };
}

function tailOf(progress: Progress, spent: Spent | undefined, etaMs: number | undefined): string {
  const { calls, tokens, usd, label, silences } = shownSpend(progress, spent);
  const rejected = Object.values(progress.rejected).reduce((sum, count) => sum + count, 0);
  const parts = [
    ...(progress.phase === 'self-evaluate' ? ['tools probed'] : progress.phase === 'generate' ? ['verified', `${rejected} rejected`] : []),
    ...(progress.running > 0 ? [`${progress.running} running`] : []),
    ...(progress.blocked > 0 ? [`${progress.blocked} blocked`] : []),
    ...(progress.failed > 0 ? [`${progress.failed} failed`] : []),
    ...(calls > 0 ? [`${calls} calls`, `${short(tokens)} tokens`, `$${usd.toFixed(2)}${label}`] : []),
    ...reusedTexts(progress),
    ...(etaMs === undefined ? [] : [`about ${duration(etaMs)} left`]),
    ...silences,
    ...(progress.paused ? [`PAUSED: ${progress.note ?? 'by an operator'}${progress.pausedBy === 'budget' ? '' : `; npx hardgen campaign resume ${progress.id}`}`] : []),
  ];
  return parts.join(' · ');
}

/** Told only when there were some: they are no calls of this campaign and cost it nothing. */
export const reusedTexts = ({ reused = 0 }: Progress): string[] => (reused === 0 ? [] : [`${reused} ${reused === 1 ? 'reply' : 'replies'} reused`]);

/** Time left at the pace since generation was first seen; `undefined` until two rows came in. */
function paceFrom(now: () => number): (progress: Progress) => number | undefined {
  let start: { at: number; verified: number } | undefined;
  return (progress) => {
    if (progress.phase !== 'generate' || progress.paused) return undefined;
    start ??= { at: now(), verified: progress.verified };
    const gained = progress.verified - start.verified;
    return gained < 2 ? undefined : ((progress.target - progress.verified) * (now() - start.at)) / gained;
  };
}

export const short = (count: number): string => (count < 1000 ? String(count) : count < 1e6 ? `${(count / 1e3).toFixed(1)}k` : `${(count / 1e6).toFixed(1)}M`);

export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
