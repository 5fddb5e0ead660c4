import type { GateOutcome, GateTicket } from '../../src/activities/deps';
import { createGate } from '../../src/clients/gate';

const deferred = (): { promise: Promise<void>; resolve: () => void } => {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => { resolve = done; });
  return { promise, resolve };
};

const settle = (): Promise<void> => new Promise((done) => setImmediate(done));

function answered<T>(value: T, tokens = 10): GateOutcome<T> {
  return { kind: 'answered', value, latencyMs: 5, inputTokens: tokens, outputTokens: tokens };
}
const refused = (retryAfterMs: number): GateOutcome<never> => ({ kind: 'overloaded', error: new Error('429'), retryAfterMs });

const ticket = (over: Partial<Omit<GateTicket, 'endpoint'>> & { endpoint?: Partial<GateTicket['endpoint']> } = {}): GateTicket => ({
  owner: 'c/t-00000', item: 0, inputTokens: 100, ...over, endpoint: { name: 'local', baseURL: 'http://127.0.0.1:1/v1', concurrency: 2, ...over.endpoint },
});

describe('the gate', () => {
  it('lets at most `concurrency` requests of an endpoint out, and the next one as soon as one is back', async () => {
    const gate = createGate();
    const started: number[] = [];
    const holds = [0, 1, 2, 3].map(() => deferred());
    const runs = holds.map((hold, index) => gate.run(ticket({ owner: `t${index}`, item: index }), async () => { started.push(index); await hold.promise; return answered(index); }));
    await settle();
    expect(started).toEqual([0, 1]);
    expect(gate.view()).toEqual([{ endpoint: 'local', inFlight: 2, allowed: 2, concurrency: 2, waiting: 2, heldMs: 0 }]);
    holds[1]?.resolve();
    await settle();
    expect(started).toEqual([0, 1, 2]);
    holds.forEach((hold) => hold.resolve());
    await expect(Promise.all(runs)).resolves.toEqual([0, 1, 2, 3]);
    expect(gate.view()).toMatchObject([{ inFlight: 0, waiting: 0 }]);
  });

  it('serves trajectories that have begun first, then lower numbers', async () => {
    const gate = createGate();
    const one = { concurrency: 1 };
    await gate.run(ticket({ owner: 'begun', item: 7, endpoint: one }), async () => answered(0));
    const hold = deferred();
    const order: string[] = [];
    const enter = (owner: string, item: number): Promise<number> => gate.run(ticket({ owner, item, endpoint: one }), async () => { order.push(owner); return answered(0); });
    const busy = gate.run(ticket({ owner: 'busy', item: 1, endpoint: one }), async () => { await hold.promise; return answered(0); });
    const all = [enter('late', 9), enter('early', 2), enter('begun', 7)];
    hold.resolve();
    await Promise.all([busy, ...all]);
    expect(order).toEqual(['begun', 'early', 'late']);
  });

  it('counts endpoints apart', async () => {
    const gate = createGate();
    const hold = deferred();
    const busy = gate.run(ticket({ endpoint: { baseURL: 'http://a/v1', concurrency: 1 } }), async () => { await hold.promise; return answered(0); });
    await expect(gate.run(ticket({ endpoint: { baseURL: 'http://b/v1', concurrency: 1 } }), async () => answered('through'))).resolves.toBe('through');
    hold.resolve();
    await busy;
  });

  it('counts one server under two names as one, and two keys to it apart', async () => {
    const gate = createGate();
    const hold = deferred();
    const order: string[] = [];
    const ask = (name: string, apiKeyEnv?: string): Promise<number> => gate.run(ticket({ owner: name, endpoint: { name, concurrency: 1, apiKeyEnv } }), async () => { order.push(name); await hold.promise; return answered(0); });
    const all = [ask('house'), ask('home'), ask('other account', 'OTHER_KEY')];
    await settle();
    expect(order).toEqual(['house', 'other account']);
    expect(gate.view()).toMatchObject([{ endpoint: 'house', inFlight: 1, waiting: 1 }, { endpoint: 'other account', inFlight: 1, waiting: 0 }]);
    hold.resolve();
    await Promise.all(all);
  });

  it('holds the smaller limit while tickets of two campaigns are open, and the larger one when it is alone', async () => {
    const gate = createGate();
    const hold = deferred();
    const narrow = gate.run(ticket({ owner: 'narrow', endpoint: { concurrency: 1 } }), async () => { await hold.promise; return answered(0); });
    const started: number[] = [];
    const rest = deferred();
    const wide = [1, 2].map((item) => gate.run(ticket({ owner: `wide${item}`, endpoint: { concurrency: 2 } }), async () => { started.push(item); await rest.promise; return answered(0); }));
    await settle();
    expect([started, gate.view()[0]?.concurrency]).toEqual([[], 1]);
    hold.resolve();
    await narrow;
    await settle();
    expect([started, gate.view()[0]?.concurrency]).toEqual([[1, 2], 2]);
    rest.resolve();
    await Promise.all(wide);
  });

  it.each([['another rate', 1_200], ['no rate', undefined]])('gives no request more when campaigns with a rate and with %s take turns', async (_what, other) => {
    const gate = createGate();
    const start = performance.now();
    const ask = (rpm: number | undefined): Promise<number> => gate.run(ticket({ endpoint: { rpm } }), async () => answered(0));
    // Five a second: these leave at once, and every further one 200 ms after the last.
    for (let first = 0; first < 5; first++) await ask(300);
    for (let turn = 0; turn < 3; turn++) {
      await ask(other);
      await ask(300);
    }
    expect(performance.now() - start).toBeGreaterThanOrEqual(595);
  });

  it('asks a refused request again by itself, not before Retry-After', async () => {
    const gate = createGate();
    const times: number[] = [];
    const reply = await gate.run(ticket(), async () => {
      times.push(performance.now());
      return times.length < 3 ? refused(150) : answered('at last');
    });
    expect(reply).toBe('at last');
    expect(times).toHaveLength(3);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(149);
    expect((times[2] ?? 0) - (times[1] ?? 0)).toBeGreaterThanOrEqual(149);
  });

  it('holds the others too until then', async () => {
    const gate = createGate();
    const start = performance.now();
    let first = true;
    const refusedOnce = gate.run(ticket({ owner: 'a' }), async () => {
      if (!first) return answered(0);
      first = false;
      return refused(200);
    });
    await settle();
    await gate.run(ticket({ owner: 'b' }), async () => answered(0));
    expect(performance.now() - start).toBeGreaterThanOrEqual(199);
    await refusedOnce;
  });

  it('throws what failed for another reason, and gives the place on', async () => {
    const gate = createGate();
    await expect(gate.run(ticket({ endpoint: { concurrency: 1 } }), async () => ({ kind: 'failed', error: new Error('500'), timedOut: false }))).rejects.toThrow('500');
    await expect(gate.run(ticket({ endpoint: { concurrency: 1 } }), async () => { throw new Error('disk full'); })).rejects.toThrow('disk full');
    await expect(gate.run(ticket({ endpoint: { concurrency: 1 } }), async () => answered(1))).resolves.toBe(1);
  });

  it('takes an aborted waiter out of the queue, also one that Retry-After holds', async () => {
    const gate = createGate();
    const stop = new AbortController();
    const waiting = gate.run(ticket({ signal: stop.signal }), async () => refused(60_000));
    await settle();
    expect(gate.view()).toMatchObject([{ inFlight: 0, waiting: 1 }]);
    stop.abort(new Error('cancelled'));
    await expect(waiting).rejects.toThrow('cancelled');
    expect(gate.view()).toMatchObject([{ inFlight: 0, waiting: 0 }]);
  });

  it('lets nobody in whose signal is aborted already', async () => {
    await expect(createGate().run(ticket({ signal: AbortSignal.abort(new Error('cancelled')) }), async () => answered(0))).rejects.toThrow('cancelled');
  });

  it('spreads requests by `rpm`', async () => {
    const gate = createGate();
    const start = performance.now();
    await Promise.all(Array.from({ length: 25 }, () => gate.run(ticket({ endpoint: { concurrency: 64, rpm: 1_200 } }), async () => answered(0))));
    // 20 leave at once, five more at 50 ms each.
    expect(performance.now() - start).toBeGreaterThanOrEqual(245);
  });

  it('spreads tokens by `tpm`, as the replies really cost', async () => {
    const gate = createGate();
    const costly = ticket({ inputTokens: 10, maxOutputTokens: 10, endpoint: { tpm: 60_000 } });
    await gate.run(costly, async () => answered(0, 600));
    const start = performance.now();
    await gate.run(costly, async () => answered(0, 10));
    // 1,000 tokens of the first second less 1,200: 220 ms until 20 more are there.
    expect(performance.now() - start).toBeGreaterThanOrEqual(200);
  });
});
