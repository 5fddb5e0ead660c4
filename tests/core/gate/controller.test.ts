import { createController, holdEndsAt, observe, roomAt, withCeiling, type Controller, type GateEvent } from '../../../src/core/gate/controller';
import { between, drive, hardLimit, queueing, rateLimit, type Load } from './simulated-load';

const at = (time: number, kind: 'overloaded' | 'failed' | 'timedOut', rest: Partial<GateEvent> & { retryAfterMs?: number }): GateEvent => ({ at: time, sentAt: time - 1, level: 1, inFlight: 0, ...rest, kind } as GateEvent);
const levelAt = (load: Load, time: number): number => load.allowed.filter((seen) => seen.at <= time).at(-1)?.value ?? 0;

describe('a server that refuses above 16 open requests with Retry-After 1, while 64 are allowed', () => {
  it.each([[2_000, 'two seconds'], [200, 'a fifth of a second']])('is kept at least 98 %% busy from the first request on when a reply takes %d ms (%s)', (latencyMs) => {
    const load = drive(hardLimit(() => 16, latencyMs, 1_000), { ceiling: 64, untilMs: 60_000 });
    const ideal = (16 * 60_000) / latencyMs;
    // The last 16 are still on their way.
    expect(load.answered.length + 16).toBeGreaterThanOrEqual(0.98 * ideal);
  });

  it('is found in two bursts, and afterwards knocked at by one request at a time, ever more rarely, at least twice a minute', () => {
    const load = drive(hardLimit(() => 16, 2_000, 1_000), { ceiling: 64, untilMs: 180_000 });
    expect(levelAt(load, 3)).toBe(32);
    expect(levelAt(load, 1_100)).toBe(16);
    expect(between(load.refused, 0, 2_000)).toBe(48 + 16);
    const knocks = load.refused.filter((time) => time > 2_000);
    const gaps = knocks.slice(1).map((time, index) => time - (knocks[index] ?? 0));
    expect(knocks.length).toBeGreaterThanOrEqual(4);
    gaps.slice(1).forEach((gap, index) => expect(gap).toBeGreaterThanOrEqual(gaps[index] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(34_000);
  });

  it('is used to the full within a minute after its limit is lifted', () => {
    const load = drive(hardLimit((now) => (now < 40_000 ? 16 : 64), 2_000, 1_000), { ceiling: 64, untilMs: 120_000 });
    expect(levelAt(load, 39_000)).toBe(16);
    expect(levelAt(load, 100_000)).toBe(64);
  });

  it('is followed down when its limit falls, to a single place', () => {
    const load = drive(hardLimit((now) => (now < 20_000 ? 16 : 1), 1_000, 1_000), { ceiling: 64, untilMs: 60_000 });
    expect(levelAt(load, 60_000)).toBeLessThanOrEqual(2);
    expect(between(load.answered, 40_000, 60_000)).toBeGreaterThanOrEqual(19);
  });
});

describe('one overload', () => {
  const full = createController(64, 0);
  /** 64 requests of one moment, of which the server refuses the last `refused`. */
  const burst = (refused: number): Controller => Array.from({ length: refused }, (_unused, index) => 64 - index)
    .reduce((state, level) => observe(state, { kind: 'overloaded', at: 5 + 64 - level, sentAt: 0, level, inFlight: level - 1, retryAfterMs: 1_000 }), full);

  it('of 48 refusals counts as one decrease: to half, not to nothing', () => {
    expect(burst(48).allowed).toBe(32);
  });

  it('of 4 refusals leaves the 60 that the server took', () => {
    expect(burst(4).allowed).toBe(60);
  });

  it('of a server that refuses everything never ends below one request', () => {
    const load = drive(hardLimit(() => 0, 1_000, 1_000), { ceiling: 64, untilMs: 60_000 });
    expect(load.controller.allowed).toBe(1);
    expect(load.answered).toEqual([]);
    // One knock a second at the end.
    expect(between(load.sent, 30_000, 60_000)).toBeLessThanOrEqual(31);
  });
});

describe('Retry-After', () => {
  it('holds the whole endpoint: nothing is sent before its time when nothing else was answered', () => {
    const load = drive(hardLimit((now) => (now < 4_000 ? 0 : 64), 500, 5_000), { ceiling: 8, untilMs: 20_000 });
    expect(between(load.sent, 1, 5_000)).toBe(0);
    expect(between(load.sent, 5_000, 5_100)).toBeGreaterThan(0);
  });

  it('lets the places that answers free be taken again meanwhile, and not one more', () => {
    const load = drive(hardLimit(() => 4, 1_000, 10_000), { ceiling: 6, untilMs: 9_500 });
    expect(load.sent.filter((time) => time === 0)).toHaveLength(6);
    for (const second of [1, 2, 3, 4, 5, 6, 7, 8, 9]) expect(between(load.sent, second * 1_000, second * 1_000 + 999)).toBe(4);
  });

  it('stops them too once three of those are refused in a row: the limit is on the rate', () => {
    let state = observe(createController(8, 0), { kind: 'overloaded', at: 10, sentAt: 0, level: 8, inFlight: 7, retryAfterMs: 60_000 });
    expect(roomAt(state, 20)).toBe(7);
    for (const time of [100, 200, 300]) state = observe(state, { kind: 'overloaded', at: time, sentAt: time - 50, level: 7, inFlight: 6, retryAfterMs: 60_000 });
    expect(roomAt(state, 400)).toBe(0);
    expect(roomAt(state, 60_301)).toBeGreaterThanOrEqual(1);
  });

  it('is never shortened by a later and smaller one', () => {
    const first = observe(createController(8, 0), at(10, 'overloaded', { retryAfterMs: 30_000 }));
    expect(holdEndsAt(observe(first, at(20, 'overloaded', { retryAfterMs: 1_000 })), 30)).toBe(30_010);
  });

  it('that is missing becomes 1 s, 2 s, 4 s … 32 s', () => {
    const load = drive(hardLimit(() => 0, 1_000), { ceiling: 1, untilMs: 100_000 });
    const gaps = load.sent.slice(1).map((time, index) => Math.round((time - (load.sent[index] ?? 0)) / 1_000));
    expect(gaps).toEqual([1, 2, 4, 8, 16, 32, 32]);
  });

  it('of a minute-long quota loses none of the quota', () => {
    const load = drive(rateLimit(300, 1_000), { ceiling: 64, untilMs: 300_000 });
    expect(load.answered.length).toBeGreaterThanOrEqual(0.98 * 1_500);
    expect(load.refused.length).toBeLessThan(0.25 * load.answered.length);
  });
});

describe('a server that queues above 16 without a word, while 64 are allowed', () => {
  it.each([['equal', [100]], ['unequal', [20, 400, 80, 60, 200, 30]]])('is relieved of what raises only latency, replies of %s lengths', (_name, lengths) => {
    const load = drive(queueing(() => 16, 2_000, lengths), { ceiling: 64, untilMs: 240_000 });
    const late = load.allowed.filter(({ at: time }) => time > 120_000).map(({ value }) => value);
    expect(Math.max(...late)).toBeLessThanOrEqual(28);
    expect(Math.min(...late)).toBeGreaterThanOrEqual(16);
  });

  it('loses no throughput by it', () => {
    const load = drive(queueing(() => 16, 2_000), { ceiling: 64, untilMs: 240_000 });
    expect(load.answered.length + 16).toBeGreaterThanOrEqual(0.99 * 16 * 120);
  });

  it('is used to the full again within a minute after it grew', () => {
    const load = drive(queueing((now) => (now < 120_000 ? 16 : 64), 2_000), { ceiling: 64, untilMs: 240_000 });
    expect(levelAt(load, 119_000)).toBeLessThanOrEqual(28);
    expect(levelAt(load, 180_000)).toBe(64);
  });
});

describe('a server with room for all', () => {
  it.each([['equal', [100]], ['very unequal', [20, 400, 80, 60, 200, 30]]])('is never held back: replies of %s lengths', (_name, lengths) => {
    const load = drive(queueing(() => 64, 2_000, lengths), { ceiling: 64, untilMs: 120_000 });
    expect(load.allowed.every(({ value }) => value === 64)).toBe(true);
  });
});

describe('other failures', () => {
  it('change nothing: a cut connection or a 500 says nothing about load', () => {
    const state = createController(16, 0);
    expect(observe(state, at(10, 'failed', {}))).toEqual(state);
  });

  it('by time limit, one among many answers, change nothing', () => {
    expect(observe(createController(16, 0), at(240_000, 'timedOut', { sentAt: 0, level: 16 })).allowed).toBe(16);
  });

  it('by time limit, all of them, lower what is allowed', () => {
    let state = createController(16, 0);
    for (let time = 1; time <= 60; time += 1) state = observe(state, { kind: time < 3 ? 'answered' : 'timedOut', at: time * 1_000, sentAt: time < 5 ? 0 : time * 1_000 - 900, level: 16, inFlight: 15, latencyMs: 1_000, outputTokens: 100 } as GateEvent);
    expect(state.allowed).toBeLessThan(16);
    expect(state.allowed).toBeGreaterThanOrEqual(1);
  });
});

describe('the ceiling', () => {
  it('of an endpoint block that changed is obeyed at once downward, and upward while nothing was refused', () => {
    const state = createController(16, 0);
    expect(withCeiling(state, 4, 10).allowed).toBe(4);
    expect(withCeiling(state, 64, 10).allowed).toBe(64);
  });

  it('raised after a refusal is grown into', () => {
    const refused = observe(createController(16, 0), { kind: 'overloaded', at: 5, sentAt: 0, level: 16, inFlight: 15, retryAfterMs: 1_000 });
    expect(withCeiling(refused, 64, 10).allowed).toBe(15);
  });
});
