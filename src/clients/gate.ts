import type { Gate } from '../activities/deps';

interface Waiter {
  start(): void;
}

/** A plain limit of open requests per endpoint, first come first served. An aborted waiter leaves the queue. */
export function createGate(): Gate {
  const endpoints = new Map<string, { open: number; waiting: Waiter[] }>();

  return {
    run: async (endpoint, work, signal) => {
      const state = endpoints.get(endpoint.name) ?? { open: 0, waiting: [] };
      endpoints.set(endpoint.name, state);
      if (state.open >= endpoint.concurrency) await turn(state, signal);
      else state.open += 1;
      try {
        return await work();
      } finally {
        // A waiter takes over the place of the one that leaves, so `open` is unchanged then.
        const next = state.waiting.shift();
        if (next) next.start();
        else state.open -= 1;
      }
    },
  };
}

function turn(state: { waiting: Waiter[] }, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      state.waiting = state.waiting.filter((other) => other !== waiter);
      reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted while waiting for the endpoint'));
    };
    const waiter: Waiter = {
      start: () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      },
    };
    if (signal?.aborted) return leave();
    signal?.addEventListener('abort', leave, { once: true });
    state.waiting.push(waiter);
  });
}
