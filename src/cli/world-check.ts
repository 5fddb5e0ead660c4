import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config';
import type { CampaignInput } from '../core/campaign/manifest';
import { openWorlds } from '../worlds';
import { BUILTIN_GROUPS, BUILTIN_WORLDS } from '../worlds/builtin';
import { checkWorld, type WorldCheck } from '../worlds/check';
import { tierRows, type TierRow } from '../worlds/check/tiers';
import { noticesOf } from '../worlds/notices';
import { WorldBlockError, WorldUnavailable, type World } from '../worlds/world';

/** A world that could not be had, and why. */
export interface Absent {
  world: string;
  trouble: string;
}

export interface CheckReport {
  tiers: TierRow[];
  worlds: WorldCheck[];
  absent: Absent[];
}

/** Something to check: opened when its turn comes, so that no two servers run at once. */
export interface Subject {
  name: string;
  open(): Promise<World[]>;
}

export const builtinSubjects = (names: readonly string[] = Object.keys(BUILTIN_WORLDS)): Subject[] =>
  names.map((name) => ({ name, open: () => Promise.resolve([(BUILTIN_WORLDS[name] as () => World)()]) }));

/** The worlds of a campaign file. `scratchDir` is where their processes work. */
export const fileSubjects = ({ campaign, baseDir }: CampaignInput, config: Config, scratchDir: string): Subject[] =>
  campaign.worlds.map((block, at) => ({ name: `worlds.${at}`, open: () => openWorlds([block], { baseDir, cacheDir: config.cache, scratchDir }) }));

/** Checks one world after the other; one that cannot be had is reported and keeps no other from its turn. */
export async function checkSubjects(subjects: readonly Subject[], onProgress: (line: string) => void): Promise<CheckReport> {
  const worlds: WorldCheck[] = [];
  const absent: Absent[] = [];
  for (const [at, subject] of subjects.entries()) {
    try {
      worlds.push(...(await checkOne(subject, (line) => onProgress(`${at + 1}/${subjects.length} ${line}`))));
    } catch (error) {
      if (!(error instanceof WorldUnavailable || error instanceof WorldBlockError)) throw error;
      absent.push({ world: subject.name, trouble: error.message });
    }
  }
  return { tiers: tierRows(worlds, groupOf), worlds, absent };
}

async function checkOne(subject: Subject, onProgress: (line: string) => void): Promise<WorldCheck[]> {
  const opened = await subject.open();
  try {
    for (const notice of noticesOf(opened)) onProgress(notice);
    const checks: WorldCheck[] = [];
    for (const world of opened) checks.push(await checkWorld(world, (doing) => onProgress(`${world.doc.id}: ${doing}`)));
    return checks;
  } finally {
    await Promise.allSettled(opened.map((world) => world.close()));
  }
}

const groupOf = (world: string): string | undefined => Object.entries(BUILTIN_GROUPS).find(([, worlds]) => Object.hasOwn(worlds, world))?.[0];

/** Runs `work` with a folder for the worlds' processes, which is removed afterwards. */
export async function withScratch<T>(work: (scratchDir: string) => Promise<T>): Promise<T> {
  const scratchDir = mkdtempSync(join(tmpdir(), 'hardgen-check-'));
  try {
    return await work(scratchDir);
  } finally {
    rmSync(scratchDir, { recursive: true, force: true });
  }
}

export const hasPassed = ({ worlds, absent }: CheckReport): boolean => absent.length === 0 && worlds.every((check) => check.tools.every((tool) => tool.passed));

const COLUMNS: readonly [title: string, of: (row: TierRow) => number | null][] = [
  ['worlds', (row) => row.worlds],
  ['tools', (row) => row.tools],
  ['passing', (row) => row.passing],
  ['stateful', (row) => row.stateful],
  ['with a proven edge', (row) => row.withEdge],
  ['in a trace of 3+', (row) => row.inTrace],
  ['without input', (row) => row.noInput],
];

/** The table per tier, then a sentence for every tool that failed. */
export function checkLines({ tiers, worlds, absent }: CheckReport): string[] {
  const names = tiers.map((row) => (row.group === null ? row.tier : `  ${row.group}`));
  const widest = Math.max(...names.map((name) => name.length), 4);
  const line = (name: string, cells: readonly string[]): string => [name.padEnd(widest), ...cells.map((cell, at) => cell.padStart(COLUMNS[at]?.[0].length ?? 0))].join('  ');
  const failed = worlds.flatMap((check) => check.tools.flatMap((tool) => tool.troubles.map((trouble) => `${check.world}.${tool.tool}: ${trouble}`)));
  const slow = worlds.filter((check) => check.walks > 24).map((check) => `${check.world} took ${check.walks} walks`);
  return [
    line('tier', COLUMNS.map(([title]) => title)),
    ...tiers.map((row, at) => line(names[at] as string, COLUMNS.map(([, of]) => String(of(row) ?? '–')))),
    ...(slow.length === 0 ? [] : ['', `More than a campaign's 24 walks until every tool had succeeded: ${slow.join(', ')}.`]),
    ...(absent.length + failed.length === 0 ? [] : ['', ...absent.map(({ world, trouble }) => `${world} could not be had: ${trouble}`), ...failed]),
  ];
}
