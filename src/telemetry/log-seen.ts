import type { Logger } from '@temporalio/common';
import type { Observed } from './observe';

/** Log lines of the same events: answers at `debug`, ends of items at `info`, failed requests at `warn`. */
export function logSeen(log: Logger): (seen: Observed) => void {
  return (seen) => {
    const { kind, ...meta } = seen;
    if (kind === 'call') log.debug('model call', meta);
    else if (kind === 'call-failed') log.warn('model call failed', meta);
    else if (seen.kind === 'item') log.info('item ended', { campaign: seen.campaign, item: seen.item, outcome: seen.outcome.kind, ...('reason' in seen.outcome ? { reason: seen.outcome.reason } : {}) });
  };
}
