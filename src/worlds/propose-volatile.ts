import { setTimeout as sleep } from 'node:timers/promises';
import { rebindAndRun } from '../core/explore/rebind';
import type { Walk } from '../core/explore/observation';
import { noExperience, walkWorld } from '../core/explore/walk';
import { getAt, jsonEqual, leavesOf, wildcard, type Json } from '../core/json';
import { createRng } from '../core/random';
import type { Call, CallResult, Execute } from '../core/tool';
import { TIMES } from './times';
import type { World, WorldInstance } from './world';

/** What differs between two runs of the same calls, as the keys of the world's block that would make them agree. */
export interface VolatileProposal {
  /** Places of outputs that no later call needs, or `times`. */
  volatile: string[];
  /** Places whose values later calls were made with, or `uuid`: a lasting name for each. Empty for `openapi` worlds, whose block has no such key. */
  rebind: string[];
  /** A sentence each for what differs in a way that neither key covers, and for states that differ. */
  open: string[];
}

export interface VolatileSearch {
  /** Random walks per seed; default 3. */
  walks?: number;
  /** Calls per walk; default 12. */
  calls?: number;
  /** Seeds looked at; default 2. */
  seeds?: number;
  /** Milliseconds between the runs, so that times to the second differ; default 1,100. */
  pauseMs?: number;
}

/**
 * Runs the same random walks twice in fresh instances, the second time with ids taken from its own results, and
 * proposes what to do about outputs that differ. Nothing is proposed for what the walks did not reach; a walk ends where
 * its instance breaks. Throws `WorldUnavailable` when no instance is to be had.
 */
export async function proposeVolatile(world: World, search: VolatileSearch = {}): Promise<VolatileProposal> {
  const walks = await walkAll(world, search);
  await sleep(search.pauseMs ?? 1_100);
  const found: Found = { volatile: new Set(), rebind: new Set(), open: new Set() };
  for (const walk of walks) await compare(world, walk, found);
  if (world.doc.tier === 'openapi') withoutRebind(found);
  return { volatile: [...found.volatile].sort(), rebind: [...found.rebind].sort(), open: [...found.open].sort() };
}

interface Found {
  volatile: Set<string>;
  rebind: Set<string>;
  open: Set<string>;
}

/** Whether such a place may be left out is for its owner to say: without its id a thing cannot be reached any more. */
function withoutRebind({ rebind, open }: Found): void {
  for (const place of rebind) {
    const [what, orElse] = place === 'uuid' ? ['an id in a text', ''] : [`${place} is an id that`, ', or add the place to `volatile` if no call needs it'];
    open.add(`${what} is another one in each run, and an \`openapi\` block has no \`rebind\`: let its \`reset\` give the same ids again${orElse}`);
  }
  rebind.clear();
}

interface Seen {
  walk: Walk;
  digests: string[];
}

async function walkAll(world: World, { walks = 3, calls = 12, seeds = 2 }: VolatileSearch): Promise<Seen[]> {
  const experience = noExperience();
  const seen: Seen[] = [];
  for (let at = 0; at < walks * Math.min(seeds, world.doc.seeds ?? seeds); at++) {
    const seed = at % Math.min(seeds, world.doc.seeds ?? seeds);
    const lane = createLane(world);
    try {
      const lab = { world: world.doc, facts: (of: number) => world.known(of), execute: lane.execute };
      const { walk } = await walkWorld({ lab, rng: createRng(`volatile/${at}`), seed, calls, idPrefix: `walk-${at}`, experience, onCall: () => undefined });
      const { digests } = await lane.execute(seed, walk.steps.map(({ tool, args }) => ({ tool, args })));
      seen.push({ walk, digests });
    } finally {
      await lane.close();
    }
  }
  return seen;
}

async function compare(world: World, { walk, digests }: Seen, found: Found): Promise<void> {
  const lane = createLane(world);
  try {
    const again = await rebindAndRun({ execute: lane.execute, seed: walk.seed, calls: walk.steps });
    const used = new Set(walk.steps.flatMap((step) => step.sources.flatMap((source) => (source.kind === 'output' ? [`${source.call} ${wildcard(source.path)}`] : []))));
    let same = true;
    walk.steps.forEach((step, at) => {
      const now = again.execution.results[at];
      if (now === undefined) return;
      const before: CallResult = { ok: true, value: step.value };
      if (jsonEqual(before as unknown as Json, now as unknown as Json)) return;
      same = false;
      judge({ tool: step.tool, before: step.value, now, isUsed: (place) => used.has(`${step.id} ${place}`) }, found);
    });
    const changed = digests.findIndex((digest, at) => again.execution.digests[at] !== undefined && again.execution.digests[at] !== digest);
    if (same && changed >= 0) found.open.add(`${walk.steps[changed - 1]?.tool ?? 'open'}: the same results leave another state; let ${world.doc.tier === 'openapi' ? '`probe`' : '`digest: probes`'} with reading calls say what counts as state`);
  } finally {
    await lane.close();
  }
}

interface Difference {
  tool: string;
  before: Json;
  now: CallResult;
  /** A later call was made with a value of this place. */
  isUsed(place: string): boolean;
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const WHOLE_UUID = new RegExp(`^${UUID.source}$`, 'i');
const AN_ID = /(^|[a-z_/])(id|uuid|key|token|hash)$/i;

function judge({ tool, before, now, isUsed }: Difference, found: Found): void {
  if (!now.ok) return void found.open.add(`${tool}: succeeded in one run and failed in the other (${now.message.slice(0, 120)})`);
  const places = new Set([...leavesOf(before), ...leavesOf(now.value)].map(({ pointer }) => pointer));
  for (const pointer of places) {
    const [was, is] = [getAt(before, pointer), getAt(now.value, pointer)];
    if (was === undefined || is === undefined) found.open.add(`${tool}: the output has another shape in the second run (${pointer || 'as a whole'})`);
    else if (!jsonEqual(was, is)) judgePlace({ tool, place: wildcard(pointer), was, is, used: isUsed(wildcard(pointer)) }, found);
  }
}

function judgePlace({ tool, place, was, is, used }: { tool: string; place: string; was: Json; is: Json; used: boolean }, found: Found): void {
  const [a, b] = [String(was), String(is)];
  const isSentence = /\s/.test(a.trim());
  // A sentence keeps its words although a later call was made with it: only the ids and times in it differ.
  if (isSentence && differsByIdsAndTimes(a, b, found)) return;
  if (place !== '' && (used || WHOLE_UUID.test(a) || AN_ID.test(place))) found.rebind.add(place);
  else if (place !== '' && !isSentence && without(a, UUID) === without(b, UUID)) found.rebind.add('uuid');
  else if (place !== '') found.volatile.add(place);
  else if (!differsByIdsAndTimes(a, b, found)) found.open.add(`${tool}: the text differs by more than ids and times`);
}

const without = (text: string, pattern: RegExp): string => text.replace(pattern, '*');

/** Whether that is all the difference; what it takes is added to `found`. */
function differsByIdsAndTimes(a: string, b: string, found: Found): boolean {
  const byIds = without(a, UUID) === without(b, UUID);
  const byTimes = without(a, TIMES) === without(b, TIMES);
  if (!byIds && !byTimes && without(without(a, UUID), TIMES) !== without(without(b, UUID), TIMES)) return false;
  if (!byTimes) found.rebind.add('uuid');
  if (!byIds) found.volatile.add('times');
  return true;
}

interface Lane {
  execute: Execute;
  close(): Promise<void>;
}

/** One live instance that keeps going while calls continue what it has run, so that random ids stay those that were seen. */
function createLane(world: World): Lane {
  let live: { instance: WorldInstance; seed: number; calls: Call[]; results: CallResult[]; digests: string[]; broke?: CallResult } | undefined;
  const close = async (): Promise<void> => {
    const open = live;
    live = undefined;
    await open?.instance.close();
  };
  const open = async (seed: number): Promise<NonNullable<typeof live>> => {
    await close();
    const instance = await world.open(seed);
    // Kept before anything can fail, so that it is closed.
    live = { instance, seed, calls: [], results: [], digests: [] };
    live.digests.push(await instance.digest());
    return live;
  };
  const continues = (seed: number, calls: readonly Call[]): boolean =>
    live !== undefined && live.seed === seed && live.calls.length <= calls.length && live.calls.every((call, at) => jsonEqual(call as unknown as Json, calls[at] as unknown as Json));

  const execute: Execute = async (seed, calls) => {
    const lane = continues(seed, calls) ? (live as NonNullable<typeof live>) : await open(seed);
    const extra: CallResult[] = [];
    for (const call of calls.slice(lane.calls.length)) {
      const result = lane.broke ?? (await lane.instance.call(call));
      if (!result.ok) {
        // A broken instance answers nothing any more, and another one would have other ids.
        if (result.fault === 'unavailable') lane.broke = result;
        // Any other fault changes nothing, so the instance can go on from where it stands.
        extra.push(result);
        break;
      }
      lane.calls.push(call);
      lane.results.push(result);
      lane.digests.push(await lane.instance.digest());
    }
    return { results: [...lane.results, ...extra], digests: [...lane.digests, ...extra.map(() => lane.digests.at(-1) as string)] };
  };
  return { execute, close };
}
