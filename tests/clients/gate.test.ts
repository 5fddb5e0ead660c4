import { createGate } from '../../src/clients/gate';

const deferred = (): { promise: Promise<void>; resolve: () => void } => {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => { resolve = done; });
  return { promise, resolve };
};

const settle = (): Promise<void> => new Promise((done) => setImmediate(done));

describe('the gate', () => {
  const endpoint = { name: 'local', concurrency: 2 };

  it('lets at most `concurrency` requests of an endpoint out, first come first served', async () => {
    const gate = createGate();
    const started: number[] = [];
    const holds = [0, 1, 2, 3].map(() => deferred());
    const runs = holds.map((hold, index) => gate.run(endpoint, async () => { started.push(index); await hold.promise; }));
    await settle();
    expect(started).toEqual([0, 1]);
    holds[1]?.resolve();
    await settle();
    expect(started).toEqual([0, 1, 2]);
    holds.forEach((hold) => hold.resolve());
    await Promise.all(runs);
    expect(started).toEqual([0, 1, 2, 3]);
  });

  it('counts endpoints apart', async () => {
    const gate = createGate();
    const hold = deferred();
    const busy = gate.run({ name: 'a', concurrency: 1 }, () => hold.promise);
    await expect(gate.run({ name: 'b', concurrency: 1 }, async () => 'through')).resolves.toBe('through');
    hold.resolve();
    await busy;
  });

  it('gives the place on after a failed request', async () => {
    const gate = createGate();
    await expect(gate.run({ name: 'a', concurrency: 1 }, async () => { throw new Error('500'); })).rejects.toThrow('500');
    await expect(gate.run({ name: 'a', concurrency: 1 }, async () => 1)).resolves.toBe(1);
  });

  it('takes an aborted waiter out of the queue', async () => {
    const gate = createGate();
    const hold = deferred();
    const busy = gate.run({ name: 'a', concurrency: 1 }, () => hold.promise);
    const stop = new AbortController();
    const waiting = gate.run({ name: 'a', concurrency: 1 }, async () => 'never', stop.signal);
    stop.abort(new Error('cancelled'));
    await expect(waiting).rejects.toThrow('cancelled');
    hold.resolve();
    await busy;
    await expect(gate.run({ name: 'a', concurrency: 1 }, async () => 'next')).resolves.toBe('next');
  });
});
