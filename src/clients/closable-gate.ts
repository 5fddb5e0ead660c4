import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { Gate } from '../activities/deps';

/** Another worker may take it at once; a moment's wait keeps it from coming back here before polling has ended. */
const NEXT_TRY_MS = 100;

/**
 * A gate for a worker that may have to leave. Once closed, nobody enters any more: who waits gets a failure that
 * Temporal retries on another worker, and who is inside finishes. Without it a leaving worker would go on sending
 * requests until its queue is empty, and its grace time would have to cover them all instead of one.
 */
export function closableGate(gate: Gate): { gate: Gate; close(): void } {
  const guests = new Set<AbortController>();
  let closed = false;
  return {
    close: () => {
      closed = true;
      for (const guest of guests) guest.abort(leaving());
    },
    gate: {
      view: () => gate.view(),
      run: async (ticket, ask) => {
        const guest = new AbortController();
        const cancel = (): void => guest.abort(ticket.signal?.reason);
        if (closed) guest.abort(leaving());
        else if (ticket.signal?.aborted) cancel();
        ticket.signal?.addEventListener('abort', cancel, { once: true });
        guests.add(guest);
        try {
          // The gate heeds the signal while one waits, not while `ask` is out: that one has the activity's own.
          return await gate.run({ ...ticket, signal: guest.signal }, ask);
        } finally {
          guests.delete(guest);
          ticket.signal?.removeEventListener('abort', cancel);
        }
      },
    },
  };
}

const leaving = (): ApplicationFailure => ApplicationFailure.create({
  type: 'WorkerLeaving', message: 'this worker ends; another one asks the model', nextRetryDelay: NEXT_TRY_MS, category: ApplicationFailureCategory.BENIGN,
});
