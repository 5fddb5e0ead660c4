import type { Gate, GateOutcome, GateTicket } from '../activities/deps';
import { createBucket, take, waitFor, withRate, type Bucket } from '../core/gate/bucket';
import { createController, holdEndsAt, observe, roomAt, withCeiling, type Controller } from '../core/gate/controller';
import { nextInLine, type Place } from '../core/gate/order';

/** An endpoint that refuses for so long should show as a failing activity too. */
const PATIENCE_MS = 30 * 60_000;
/** Trajectories remembered as begun, per endpoint; far more than are ever open. */
const MOST_BEGUN = 5_000;
/** Until an endpoint has answered: tokens of a reply whose request names no `max_tokens`. */
const FIRST_GUESS_TOKENS = 256;

interface Waiter extends Place {
  tokens: number;
  enter(): void;
}

type Endpoint = GateTicket['endpoint'];

interface Line {
  /** As the first campaign calls it: a label that changed would leave its last value standing in the metrics. */
  name: string;
  /** Of every ticket that is open or waits: the smallest of their limits holds. */
  asking: Set<Endpoint>;
  controller: Controller;
  requests?: Bucket;
  tokens?: Bucket;
  /** Buckets that nobody limits now, kept for whoever does again. */
  parked: { requests?: Bucket; tokens?: Bucket };
  inFlight: number;
  waiting: Waiter[];
  /** Owner → when it began, as a number that grows. */
  begun: Map<string, number>;
  begunCount: number;
  averageOutput: number;
  timer?: NodeJS.Timeout;
}

interface Pass {
  sentAt: number;
  level: number;
  /** Taken from the bucket; 0 when there was none. */
  tokens: number;
}

/**
 * The controller of `core/gate` with a clock, a queue and timers: one line per address and key. A request refused for load is
 * asked again from here, within the same activity attempt: a place that falls free is taken within the millisecond,
 * where an activity that fails and comes back costs two writes of Temporal's and its retry interval, and the queue's
 * order. The activity heartbeats meanwhile; a waiting request holds no place, and an aborted one leaves the queue.
 */
export function createGate(): Gate {
  const lines = new Map<string, Line>();

  function lineOf({ name, baseURL, apiKeyEnv, concurrency }: Endpoint): Line {
    const key = `${baseURL.replace(/\/+$/, '')} ${apiKeyEnv ?? ''}`;
    const line = lines.get(key) ?? createLine(name, concurrency, performance.now());
    lines.set(key, line);
    return line;
  }

  return {
    run: async (ticket, ask) => {
      const endpoint = { ...ticket.endpoint };
      const line = lineOf(endpoint);
      const arrivedAt = performance.now();
      line.asking.add(endpoint);
      setLimits(line);
      try {
        for (;;) {
          const pass = await enter(line, ticket, arrivedAt);
          const outcome = await outcomeOf(ask);
          leave(line, pass, outcome);
          if (outcome.kind === 'answered') return outcome.value;
          if (outcome.kind === 'failed' || performance.now() - arrivedAt > PATIENCE_MS) throw outcome.error;
        }
      } finally {
        line.asking.delete(endpoint);
        setLimits(line);
        admit(line);
      }
    },
    view: () => [...lines.values()].map((line) => {
      const now = performance.now();
      return {
        endpoint: line.name, inFlight: line.inFlight, allowed: line.controller.allowed, concurrency: line.controller.ceiling, waiting: line.waiting.length,
        heldMs: Math.max(0, Math.ceil((holdEndsAt(line.controller, now) ?? now) - now)),
      };
    }),
  };
}

function createLine(name: string, concurrency: number, now: number): Line {
  return { name, asking: new Set(), controller: createController(concurrency, now), parked: {}, inFlight: 0, waiting: [], begun: new Map(), begunCount: 0, averageOutput: FIRST_GUESS_TOKENS };
}

/** While nobody asks, the limits of whoever asked last stay. */
function setLimits(line: Line): void {
  if (line.asking.size === 0) return;
  const now = performance.now();
  const least = (of: (endpoint: Endpoint) => number | undefined): number => Math.min(...[...line.asking].map((endpoint) => of(endpoint) ?? Infinity));
  line.controller = withCeiling(line.controller, least(({ concurrency }) => concurrency), now);
  setBucket(line, 'requests', least(({ rpm }) => rpm), now);
  setBucket(line, 'tokens', least(({ tpm }) => tpm), now);
}

function setBucket(line: Line, kind: 'requests' | 'tokens', perMinute: number, now: number): void {
  if (line[kind]?.perMinute === perMinute) return;
  const known = line[kind] ?? line.parked[kind];
  if (perMinute !== Infinity) line[kind] = known ? withRate(known, perMinute, now) : createBucket(perMinute, now);
  else if (known) {
    line.parked[kind] = known;
    delete line[kind];
  }
}

/** Resolves when the request may leave; rejects with the signal's reason when that comes first. */
function enter(line: Line, ticket: GateTicket, arrivedAt: number): Promise<Pass> {
  const { signal } = ticket;
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      line.waiting = line.waiting.filter((other) => other !== waiter);
      // Someone else is first now, or nobody, and the timer goes.
      admit(line);
      reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted while waiting for the endpoint'));
    };
    const waiter: Waiter = {
      owner: ticket.owner, item: ticket.item, arrivedAt,
      tokens: ticket.inputTokens + (ticket.maxOutputTokens ?? line.averageOutput),
      enter: () => {
        signal?.removeEventListener('abort', giveUp);
        resolve({ sentAt: performance.now(), level: line.inFlight, tokens: line.tokens ? waiter.tokens : 0 });
      },
    };
    if (signal?.aborted) return giveUp();
    signal?.addEventListener('abort', giveUp, { once: true });
    line.waiting.push(waiter);
    admit(line);
  });
}

/** Lets in whoever may leave now, and comes back when the next one may. */
function admit(line: Line): void {
  clearTimeout(line.timer);
  while (line.waiting.length > 0) {
    const now = performance.now();
    if (line.inFlight >= roomAt(line.controller, now)) {
      const opensAt = holdEndsAt(line.controller, now);
      if (opensAt !== undefined) comeBack(line, opensAt - now);
      return;
    }
    const index = nextInLine(line.waiting, line.begun, now);
    const waiter = line.waiting[index];
    if (!waiter) return;
    const waitMs = Math.max(line.requests ? waitFor(line.requests, 1, now) : 0, line.tokens ? waitFor(line.tokens, waiter.tokens, now) : 0);
    if (waitMs > 0) return comeBack(line, waitMs);
    line.waiting.splice(index, 1);
    if (line.requests) line.requests = take(line.requests, 1, now);
    if (line.tokens) line.tokens = take(line.tokens, waiter.tokens, now);
    begin(line, waiter.owner);
    line.inFlight += 1;
    waiter.enter();
  }
}

function comeBack(line: Line, afterMs: number): void {
  line.timer = setTimeout(() => admit(line), Math.max(1, Math.ceil(afterMs)));
}

function begin(line: Line, owner: string): void {
  if (line.begun.has(owner)) return;
  line.begun.set(owner, line.begunCount++);
  const [oldest] = line.begun.keys();
  if (line.begun.size > MOST_BEGUN && oldest !== undefined) line.begun.delete(oldest);
}

async function outcomeOf<T>(ask: () => Promise<GateOutcome<T>>): Promise<GateOutcome<T>> {
  try {
    return await ask();
  } catch (error) {
    return { kind: 'failed', error, timedOut: false };
  }
}

function leave(line: Line, pass: Pass, outcome: GateOutcome<unknown>): void {
  const at = performance.now();
  line.inFlight -= 1;
  const seen = { at, sentAt: pass.sentAt, level: pass.level, inFlight: line.inFlight };
  switch (outcome.kind) {
    case 'answered':
      line.averageOutput = 0.9 * line.averageOutput + 0.1 * outcome.outputTokens;
      // A provider that reports no usage leaves the estimate as it was.
      if (line.tokens && outcome.inputTokens + outcome.outputTokens > 0) line.tokens = take(line.tokens, outcome.inputTokens + outcome.outputTokens - pass.tokens, at);
      line.controller = observe(line.controller, { ...seen, kind: 'answered', latencyMs: outcome.latencyMs, outputTokens: outcome.outputTokens });
      break;
    case 'overloaded':
      if (line.tokens) line.tokens = take(line.tokens, -pass.tokens, at);
      // Up to a fifth more, so that several workers do not come back at the same moment.
      line.controller = observe(line.controller, { ...seen, kind: 'overloaded', ...(outcome.retryAfterMs === undefined ? {} : { retryAfterMs: outcome.retryAfterMs * (1 + Math.random() * 0.2) }) });
      break;
    case 'failed':
      line.controller = observe(line.controller, { ...seen, kind: outcome.timedOut ? 'timedOut' : 'failed' });
      break;
  }
  admit(line);
}
