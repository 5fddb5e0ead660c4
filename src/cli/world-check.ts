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
import { proposeVolatile, type VolatileProposal } from '../worlds/propose-volatile';
import { WorldBlockError, WorldUnavailable, type World } from '../worlds/world';

/** A world that could not be had, and why. */
export interface Absent {
  world: string;
  trouble: string;
}

/** What to add to a world's block so that its replays agree. */
export interface Proposal extends VolatileProposal {
  world: string;
  /** Why two runs could not be compared; `null` when they were. */
  trouble: string | null;
}

export interface CheckReport {
  tiers: TierRow[];
  worlds: WorldCheck[];
  absent: Absent[];
  /** For worlds over others' tools that failed their check and whose runs differ. */
  proposals: Proposal[];
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
  const report: CheckReport = { tiers: [], worlds: [], absent: [], proposals: [] };
  for (const [at, subject] of subjects.entries()) {
    try {
      await checkSubject(subject, report, (line) => onProgress(`${at + 1}/${subjects.length} ${line}`));
    } catch (error) {
      if (!(error instanceof WorldUnavailable || error instanceof WorldBlockError)) throw error;
      report.absent.push({ world: subject.name, trouble: error.message });
    }
  }
  return { ...report, tiers: tierRows(report.worlds, groupOf) };
}

async function checkSubject(subject: Subject, report: CheckReport, onProgress: (line: string) => void): Promise<void> {
  const opened = await subject.open();
  try {
    for (const notice of noticesOf(opened)) onProgress(notice);
    for (const world of opened) await checkOne(world, report, (doing) => onProgress(`${world.doc.id}: ${doing}`));
  } finally {
    await Promise.allSettled(opened.map((world) => world.close()));
  }
}

/** A world that broke may have done so because its replays differ, so it gets its proposal before it counts as absent. */
async function checkOne(world: World, report: CheckReport, onProgress: (doing: string) => void): Promise<void> {
  const check = await checkWorld(world, onProgress).catch((error: unknown) => {
    if (error instanceof WorldUnavailable) return error;
    throw error;
  });
  const broke = check instanceof WorldUnavailable;
  if (!broke) report.worlds.push(check);
  if (hasVolatile(world) && (broke || check.tools.some((tool) => !tool.passed))) {
    onProgress('what differs between two runs');
    const proposal = await proposalFor(world);
    const says = proposal.rebind.length + proposal.volatile.length + proposal.open.length > 0 || (proposal.trouble !== null && !broke);
    if (says) report.proposals.push(proposal);
  }
  if (broke) throw check;
}

/** Worlds whose block has the keys that a proposal is made of. */
const hasVolatile = ({ doc }: World): boolean => doc.tier === 'mcp' || doc.tier === 'openapi';

async function proposalFor(world: World): Promise<Proposal> {
  try {
    return { world: world.doc.id, ...(await proposeVolatile(world)), trouble: null };
  } catch (error) {
    if (!(error instanceof WorldUnavailable)) throw error;
    return { world: world.doc.id, volatile: [], rebind: [], open: [], trouble: error.message };
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
  ['refused a call', (row) => row.refused],
];

/** The table per tier, then a sentence for every tool that failed, then what to add to blocks. */
export function checkLines({ tiers, worlds, absent, proposals }: CheckReport): string[] {
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
    ...(proposals.length === 0 ? [] : ['', ...proposals.flatMap(proposalLines)]),
  ];
}

function proposalLines({ world, rebind, volatile, open, trouble }: Proposal): string[] {
  const keys = Object.entries({ rebind, volatile }).filter(([, places]) => places.length > 0).map(([key, places]) => `${key}: [${places.map(asYaml).join(', ')}]`);
  return [
    ...(trouble === null ? [] : [`${world}: two runs could not be compared: ${trouble}`]),
    ...(keys.length === 0 ? [] : [`${world}: two runs differ; add to its block: ${keys.join(', ')}`]),
    ...open.map((sentence) => `${world}: two runs differ: ${sentence}`),
  ];
}

/** A place within a YAML list in brackets, quoted where its signs would mean something else. */
const asYaml = (place: string): string => (/^[\w/*.~-]+$/.test(place) ? place : JSON.stringify(place));
