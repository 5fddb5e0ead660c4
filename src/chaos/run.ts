import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import type { Config } from '../config';
import type { CampaignInput } from '../core/campaign/manifest';
import type { Progress } from '../core/campaign/progress';
import { processesOf } from '../process-identity';
import { ServiceError, type Report } from '../services';
import { compareRows, readLedger, readRows, type Ledger, type RowComparison } from './ledger';
import { planKills, type PlannedKill, type Victim } from './schedule';
import { openSite, ownConfig, type Site } from './site';

export interface ChaosInput {
  config: Config;
  input: CampaignInput;
  /** Some model of the campaign is the built-in simulator. */
  simulated: boolean;
  /** Folder of both runs, and id of the disturbed campaign. */
  home: string;
  seed: number;
  kills: Record<Victim, number>;
  /** Least number of calls in flight at a kill. */
  inFlight: number;
  /** Without an undisturbed run nothing says how many replies there will be: kills are spread over this many. */
  baseline: boolean;
  over: number;
  say(line: string): void;
  report: Report;
  signal: AbortSignal;
}

/** One kill as it went; seconds count from the campaign's first reply, durations from the kill or the restart. */
export interface Kill {
  victim: Victim;
  atSecond: number;
  afterReplies: number;
  inFlight: number;
  /** From the kill until the service answered again; of a worker, until its process was started. */
  downSeconds: number;
  /** From then until as many calls (nine tenths) were in flight as before; `null` when the campaign ended first. */
  backSeconds: number | null;
}

export interface RunResult {
  campaign: string;
  folder: string;
  progress: Progress;
  ledger: Ledger;
  /** From the first reply to the end. */
  seconds: number;
  replies: number;
  kills: Kill[];
  /** Planned and not made: the campaign ended before enough calls were in flight. */
  missed: PlannedKill[];
  /** What paused the campaign; chaos resumed it, but a person would have had to. */
  neededPerson: string[];
  /** Workers that ended without being killed. */
  workerEndings: number;
  /** Processes that outlived their run. */
  orphans: string[];
}

export interface ChaosResult {
  seed: number;
  disturbed: RunResult;
  undisturbed: RunResult | null;
  rows: RowComparison;
  /** Calls in flight at the kills: what had to be paid twice at most. */
  floor: number;
  /** The kills' down times: what had to be waited for. */
  floorSeconds: number;
  extraSeconds: number | null;
  ok: boolean;
}

/** Runs a campaign undisturbed and, with the same seed, while its parts are killed; compares what came out. */
export async function runChaos(chaos: ChaosInput): Promise<ChaosResult> {
  const undisturbed = chaos.baseline ? await runOnce(chaos, 'undisturbed', []) : null;
  const plan = planKills({ seed: chaos.seed, kills: chaos.kills, calls: undisturbed?.replies ?? chaos.over });
  const disturbed = await runOnce(chaos, 'disturbed', plan);
  return judge({ seed: chaos.seed, undisturbed, disturbed });
}

export function judge({ seed, undisturbed, disturbed }: Pick<ChaosResult, 'seed' | 'undisturbed' | 'disturbed'>): ChaosResult {
  const rows = compareRows(readRows(disturbed.folder), undisturbed === null ? undefined : readRows(undisturbed.folder));
  const floor = disturbed.kills.reduce((sum, { inFlight }) => sum + inFlight, 0);
  const clean = [disturbed, ...(undisturbed === null ? [] : [undisturbed])].every(({ orphans, neededPerson, progress }) => orphans.length === 0 && neededPerson.length === 0 && progress.failed === 0);
  return {
    seed, disturbed, undisturbed, rows, floor,
    floorSeconds: round(disturbed.kills.reduce((sum, { downSeconds }) => sum + downSeconds, 0)),
    extraSeconds: undisturbed === null ? null : round(disturbed.seconds - undisturbed.seconds),
    ok: clean && disturbed.missed.length === 0 && rows.lost.length === 0 && rows.doubled.length === 0 && rows.identical !== false
      && disturbed.ledger.paidTwice <= floor && (undisturbed?.ledger.paidTwice ?? 0) === 0,
  };
}

/** What one run goes through, as its kills and its watching share it. */
interface Course {
  chaos: ChaosInput;
  site: Site;
  campaign: string;
  folder: string;
  ended: boolean;
  firstReplyAt: number | undefined;
  neededPerson: string[];
  kills: Kill[];
}

async function runOnce(chaos: ChaosInput, name: 'undisturbed' | 'disturbed', plan: readonly PlannedKill[]): Promise<RunResult> {
  const config = ownConfig(chaos.config, join(chaos.home, name));
  chaos.say(`${name} run in ${config.home}`);
  const site = await openSite({ config, simulated: chaos.simulated, report: chaos.report });
  let result: Omit<RunResult, 'orphans'>;
  try {
    result = await runCampaign({ chaos, site, campaign: name, folder: join(config.home, 'campaigns', name), ended: false, firstReplyAt: undefined, neededPerson: [], kills: [] }, plan);
  } finally {
    await site.close();
  }
  return { ...result, orphans: processesOf(config.home) };
}

async function runCampaign(course: Course, plan: readonly PlannedKill[]): Promise<Omit<RunResult, 'orphans'>> {
  const { site, chaos, campaign } = course;
  site.worker.start();
  await site.client.workflow.start('campaign', { workflowId: campaign, taskQueue: site.config.taskQueue, args: [site.divert(chaos.input)] });
  const [missed] = await Promise.all([makeKills(course, plan), watch(course)]);
  const seconds = round((Date.now() - (course.firstReplyAt ?? Date.now())) / 1000);
  const progress = (await site.client.workflow.getHandle(campaign).result()) as Progress;
  chaos.say(`${campaign}: ${progress.verified} of ${progress.target} verified after ${seconds} s and ${site.door.replies()} replies`);
  return {
    campaign, folder: course.folder, progress, ledger: readLedger(course.folder), seconds, replies: site.door.replies(), kills: course.kills, missed,
    neededPerson: course.neededPerson, workerEndings: site.worker.endings(),
  };
}

/** Silence for so long means that the run hangs: what chaos is there to find. */
const HANGS_MS = 600_000;

/** Follows the campaign to its end, also while Temporal is away; resumes it when it waits for a person, and keeps that in mind. */
async function watch(course: Course): Promise<void> {
  const { chaos, site } = course;
  const handle = site.client.workflow.getHandle(course.campaign);
  let replies = -1;
  let heardAt = Date.now();
  for (let round = 0; ; round++) {
    const status = await answered(site, async () => (await handle.describe()).status.name);
    if (status !== undefined && status !== 'RUNNING') break;
    const progress = round % 4 === 0 ? await answered(site, () => handle.query<Progress>('progress')) : undefined;
    if (progress?.paused) {
      course.neededPerson.push(progress.note ?? 'paused without a note');
      // Only more money would help there, which is not ours to give.
      const order = progress.pausedBy === 'budget' ? 'stop' : 'resume';
      chaos.say(`campaign paused, as a person is needed: ${progress.note ?? ''}; ${order === 'stop' ? 'stopped' : 'resumed'}`);
      await answered(site, () => handle.signal(order));
    }
    if (site.door.replies() !== replies) [replies, heardAt] = [site.door.replies(), Date.now()];
    if (replies > 0) course.firstReplyAt ??= Date.now();
    if (Date.now() - heardAt > HANGS_MS) throw new ServiceError(`Expected the ${course.campaign} campaign to go on, got no reply for ${HANGS_MS / 60_000} minutes; see the logs in ${join(site.config.home, 'logs')}`);
    await sleep(500, undefined, { signal: chaos.signal });
  }
  course.ended = true;
}

/** `undefined` while Temporal or the worker gives no answer. */
async function answered<T>(site: Site, ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await site.client.withDeadline(Date.now() + 3_000, ask);
  } catch {
    return undefined;
  }
}

/** Makes the kills one after the other, each when it is due and enough is in flight; gives those that found no such moment. */
async function makeKills(course: Course, plan: readonly PlannedKill[]): Promise<PlannedKill[]> {
  const { site: { door }, chaos } = course;
  for (const [index, planned] of plan.entries()) {
    await until(course, () => door.replies() >= planned.afterReplies && door.open() >= chaos.inFlight);
    if (course.ended) return plan.slice(index);
    const kill = await strike(course, planned);
    course.kills.push(kill);
    chaos.say(killLine(kill));
  }
  return [];
}

/** Nine tenths: a window's calls rise and fall a little by themselves. */
const FULL = 0.9;

async function strike(course: Course, { victim, downMs }: PlannedKill): Promise<Kill> {
  const { site, chaos } = course;
  const [open, afterReplies, struckAt] = [site.door.open(), site.door.replies(), Date.now()];
  await site.kill(victim);
  const inFlight = victim === 'worker' ? lostBy(course) : open;
  await sleep(downMs, undefined, { signal: chaos.signal });
  await site.restart(victim);
  const restartedAt = Date.now();
  await until(course, () => site.door.open() >= open * FULL);
  return {
    victim, afterReplies, inFlight, atSecond: round((struckAt - (course.firstReplyAt ?? struckAt)) / 1000), downSeconds: round((restartedAt - struckAt) / 1000),
    backSeconds: course.ended ? null : round((Date.now() - restartedAt) / 1000),
  };
}

/**
 * Calls that a dead worker had asked for and not stored: noted and unanswered, less what it gave up itself and what earlier
 * workers lost. Its own count, so exact also for replies that had come and were not on disk.
 */
function lostBy({ folder, kills, site }: Course): number {
  const { sent, answered: done } = readLedger(folder);
  const before = kills.filter(({ victim }) => victim === 'worker').reduce((sum, { inFlight }) => sum + inFlight, 0);
  return sent - done - site.door.abandoned() - before;
}

async function until(course: Course, isSo: () => boolean): Promise<void> {
  while (!course.ended && !isSo()) await sleep(20, undefined, { signal: course.chaos.signal });
}

const round = (seconds: number): number => Math.round(seconds * 10) / 10;

export function killLine({ victim, atSecond, afterReplies, inFlight, downSeconds, backSeconds }: Kill): string {
  const back = backSeconds === null ? 'campaign ended meanwhile' : `full after ${backSeconds.toFixed(1)} s`;
  return `killed ${victim.padEnd(8)} at ${atSecond.toFixed(1).padStart(6)} s  after ${String(afterReplies).padStart(5)} replies  ${String(inFlight).padStart(3)} calls in flight  down ${downSeconds.toFixed(1).padStart(4)} s  ${back}`;
}
