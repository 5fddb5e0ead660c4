import { judge, measure, startEpoch, type Pace, type Trial } from './pace';

/**
 * How many requests may be open at one endpoint: additive increase, multiplicative decrease, with what one can learn from
 * an API that says nothing but 429, 503 and how long it took.
 *
 * - Starts at the ceiling (`concurrency` of the endpoint block): its owner named it, and a ramp would cost what it saves.
 * - A burst of refusals is one overload: `allowed = max(half of what was open, what is still open)`. The requests that the
 *   server kept are the best measure of what it can hold, so a limit of 16 is found in two bursts and not undercut.
 * - Retry-After holds the whole endpoint: until then only the places that answers free are taken again, which keeps busy
 *   what a limit on open requests left us, and nothing is added; three such requests refused in a row show a limit on the
 *   rate, and nothing leaves until the time is over.
 * - The refused level is a wall. It is tried again by one request after 2, 4, 8 … 30 s; a reply from there takes it down,
 *   and growth goes on by 1, 2, 4 … per round trip.
 * - Where a server queues instead of refusing, pace.ts finds the level that no longer raises throughput.
 *
 * Each worker process has a gate of its own: several on one endpoint share it as flows share a line, each by its own
 * refusals; `concurrency`, `rpm` and `tpm` are per worker. Times are milliseconds of one clock, whatever its zero.
 */
export interface Controller {
  ceiling: number;
  /** From 1 to `ceiling`. */
  allowed: number;
  changedAt: number;
  /** What the next growth adds. */
  step: number;
  wall?: Wall;
  probeWaitMs: number;
  hold?: Hold;
  overload: { at: number; floor: number };
  /** Overloads since the last answer: how long to wait when the server does not say. */
  overloads: number;
  pace: Pace;
  trial?: Trial;
}

/** The lowest level not to be entered before `probeAt`; `slow`: it was reached, but raised latency and not throughput. */
interface Wall {
  level: number;
  probeAt: number;
  slow: boolean;
}

interface Hold {
  since: number;
  until: number;
  /** Requests that may be open meanwhile. */
  level: number;
  /** Requests sent since then and refused, with no answer to such a one between them. */
  refused: number;
}

/** What became of one request. `level` is how many were open when it left, itself included; `inFlight` how many are now, without it. */
export type GateEvent = { at: number; sentAt: number; level: number; inFlight: number } & (
  | { kind: 'answered'; latencyMs: number; outputTokens: number }
  | { kind: 'overloaded'; retryAfterMs?: number }
  | { kind: 'timedOut' }
  | { kind: 'failed' }
);

const FIRST_PROBE_MS = 2_000;
/** A server that recovers is found again within half a minute, for two refused requests a minute while it does not. */
const LAST_PROBE_MS = 30_000;
const LONGEST_HOLD_MS = 300_000;
const REFUSED_MEANS_RATE = 3;

export function createController(ceiling: number, now: number): Controller {
  return { ceiling, allowed: ceiling, changedAt: now, step: 1, probeWaitMs: FIRST_PROBE_MS, overload: { at: now - 1, floor: 1 }, overloads: 0, pace: startEpoch() };
}

/** The ceiling as the campaigns that ask now have it; one that rises is grown into. */
export function withCeiling(state: Controller, ceiling: number, now: number): Controller {
  if (ceiling === state.ceiling) return state;
  const fresh = state.allowed === state.ceiling && !state.wall;
  const allowed = fresh ? ceiling : Math.min(state.allowed, ceiling);
  return { ...state, ceiling, ...(allowed === state.allowed ? {} : change(state, allowed, now)) };
}

/** How many may be open now. */
export function roomAt(state: Controller, now: number): number {
  return isHeld(state, now) ? Math.min(state.allowed, state.hold?.level ?? 0) : state.allowed;
}

/** When `roomAt` may become larger by time alone; `undefined`: never. */
export const holdEndsAt = (state: Controller, now: number): number | undefined => (isHeld(state, now) ? state.hold?.until : undefined);

const isHeld = (state: Controller, now: number): boolean => state.hold !== undefined && now < state.hold.until;

export function observe(state: Controller, event: GateEvent): Controller {
  switch (event.kind) {
    case 'answered': return weigh(grow(believe(state, event), event), event);
    case 'overloaded': return shrink(state, event);
    // One slow reply that did no work: only many of them together say something about the load.
    case 'timedOut': return weigh(state, event);
    // Nothing about load: a cut connection, a 500, a refused key.
    case 'failed': return state;
  }
}

/** An answer from where refusals were expected takes the wall down. */
function believe(state: Controller, event: GateEvent): Controller {
  const next = { ...state, overloads: 0 };
  if (state.hold && event.sentAt >= state.hold.since) next.hold = { ...state.hold, refused: 0 };
  if (state.wall && !state.wall.slow && event.sentAt >= state.changedAt && event.level >= state.wall.level) {
    delete next.wall;
    next.probeWaitMs = FIRST_PROBE_MS;
  }
  return next;
}

/** One step up when the present level was used to the full and answered. */
function grow(state: Controller, event: GateEvent): Controller {
  const tested = event.sentAt >= state.changedAt && event.level >= state.allowed;
  if (!tested || state.trial || isHeld(state, event.at) || state.allowed >= state.ceiling) return state;
  const next = Math.min(state.ceiling, nextLevel(state, event.at));
  return next > state.allowed ? { ...state, ...change(state, next, event.at), step: Math.min(state.step * 2, next) } : state;
}

function nextLevel({ allowed, step, wall }: Controller, now: number): number {
  if (!wall) return allowed + step;
  if (allowed + 1 < wall.level) return Math.min(allowed + step, wall.level - 1);
  return !wall.slow && now >= wall.probeAt ? wall.level : allowed;
}

function shrink(state: Controller, event: GateEvent & { kind: 'overloaded' }): Controller {
  const isNew = event.sentAt > state.overload.at;
  const floor = isNew ? Math.max(1, Math.floor(Math.min(state.allowed, event.inFlight + 1) / 2)) : state.overload.floor;
  const allowed = Math.min(state.allowed, Math.max(floor, event.inFlight, 1));
  const hold = holdAfter(state, event);
  const { trial: _broken, ...rest } = state;
  return {
    ...rest, ...change(state, allowed, event.at), step: 1, hold,
    overload: isNew ? { at: event.at, floor } : state.overload,
    overloads: state.overloads + (isNew ? 1 : 0),
    wall: { level: allowed + 1, probeAt: Math.max(hold.until, event.at + state.probeWaitMs), slow: false },
    probeWaitMs: isNew ? Math.min(state.probeWaitMs * 2, LAST_PROBE_MS) : state.probeWaitMs,
  };
}

function holdAfter(state: Controller, event: GateEvent & { kind: 'overloaded' }): Hold {
  // Silent servers: 1 s, 2 s, 4 s … 32 s; and never a spin, should one say "at once".
  const waitMs = Math.min(Math.max(event.retryAfterMs ?? 1_000 * 2 ** Math.min(state.overloads, 5), 100), LONGEST_HOLD_MS);
  const running = isHeld(state, event.at) ? state.hold : undefined;
  const refused = (running?.refused ?? 0) + (running && event.sentAt > running.since ? 1 : 0);
  return {
    since: running?.since ?? event.at,
    until: Math.max(running?.until ?? 0, event.at + waitMs),
    level: refused >= REFUSED_MEANS_RATE ? 0 : Math.min(running?.level ?? Infinity, event.inFlight),
    refused,
  };
}

/** Lets pace.ts see the reply, and does what it decides at the end of an epoch. */
function weigh(state: Controller, event: GateEvent & { kind: 'answered' | 'timedOut' }): Controller {
  const reply = { ...event, latencyMs: event.kind === 'answered' ? event.latencyMs : event.at - event.sentAt, work: event.kind === 'answered' ? event.outputTokens : undefined };
  const pace = measure(state.pace, reply, state);
  if (!pace.ended) return { ...state, pace };
  const mayClimb = state.wall?.slow === true && event.at >= state.wall.probeAt;
  const verdict = judge(pace, { allowed: state.allowed, ceiling: state.ceiling, mayClimb, ...(state.trial ? { trial: state.trial } : {}) });
  const { trial: _over, ...rest } = state;
  const fresh = startEpoch(verdict.pace);
  switch (verdict.kind) {
    case 'stay': return { ...rest, pace: fresh };
    case 'try': return { ...rest, ...change(state, verdict.level, event.at), pace: fresh, trial: verdict.trial };
    // What was tried upward pays: the way is free again.
    case 'free': return { ...withoutWall(rest), ...change(state, verdict.level, event.at), pace: fresh, probeWaitMs: FIRST_PROBE_MS, step: 1 };
    case 'restore': return { ...rest, ...change(state, verdict.level, event.at), pace: fresh };
    case 'bar': return {
      ...rest, ...change(state, verdict.level, event.at), pace: fresh, step: 1,
      wall: { level: verdict.level + 1, probeAt: event.at + state.probeWaitMs, slow: true }, probeWaitMs: Math.min(state.probeWaitMs * 2, LAST_PROBE_MS),
    };
  }
}

function withoutWall(state: Controller): Controller {
  const { wall: _wall, ...rest } = state;
  return rest;
}

/** A new level is judged by requests sent since; the same one keeps what was measured. */
function change(state: Controller, allowed: number, at: number): Pick<Controller, 'allowed' | 'changedAt' | 'pace'> {
  return { allowed, changedAt: allowed === state.allowed ? state.changedAt : at, pace: allowed === state.allowed ? state.pace : startEpoch(state.pace) };
}
