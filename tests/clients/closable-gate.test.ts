import { ApplicationFailure } from '@temporalio/common';
import type { GateOutcome, GateTicket } from '../../src/activities/deps';
import { closableGate } from '../../src/clients/closable-gate';
import { createGate } from '../../src/clients/gate';

const ticket = (item: number, signal?: AbortSignal): GateTicket => ({ endpoint: { name: 'e', baseURL: 'http://e', concurrency: 1 }, owner: `t-${item}`, item, inputTokens: 1, signal });
const answered = (value: string): GateOutcome<string> => ({ kind: 'answered', value, latencyMs: 1, inputTokens: 1, outputTokens: 1 });

/** One request inside a gate of one place, and one that waits for it. */
function occupied(signal?: AbortSignal): { close(): void; inside: Promise<string>; waiting: Promise<string>; finish(): void } {
  const { gate, close } = closableGate(createGate());
  let finish = (): void => undefined;
  const inside = gate.run(ticket(1), () => new Promise<GateOutcome<string>>((resolve) => { finish = () => resolve(answered('first')); }));
  const waiting = gate.run(ticket(2, signal), async () => answered('second'));
  return { close, inside, waiting, finish: () => finish() };
}

describe('the gate of a worker that leaves', () => {
  test('who is inside finishes, who waits is sent to another worker by a failure that is retried soon', async () => {
    const { close, inside, waiting, finish } = occupied();
    close();
    const refused = await waiting.catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ApplicationFailure);
    expect(refused).toMatchObject({ type: 'WorkerLeaving', nonRetryable: false, nextRetryDelay: 100 });
    finish();
    expect(await inside).toBe('first');
  });

  test('once closed, it lets nobody in, also when it is empty', async () => {
    const { gate, close } = closableGate(createGate());
    close();
    await expect(gate.run(ticket(1), async () => answered('never'))).rejects.toMatchObject({ type: 'WorkerLeaving' });
  });

  test('a request refused for load is not sent again after closing', async () => {
    const { gate, close } = closableGate(createGate());
    let asked = 0;
    const run = gate.run<string>(ticket(1), async () => {
      asked += 1;
      close();
      return { kind: 'overloaded', error: new Error('429'), retryAfterMs: 0 };
    });
    await expect(run).rejects.toMatchObject({ type: 'WorkerLeaving' });
    expect(asked).toBe(1);
  });

  test('open, it changes nothing: a cancelled activity leaves the queue with its own reason', async () => {
    const cancelled = new AbortController();
    const { waiting, inside, finish } = occupied(cancelled.signal);
    cancelled.abort(new Error('cancelled'));
    await expect(waiting).rejects.toThrow('cancelled');
    finish();
    expect(await inside).toBe('first');
  });
});
