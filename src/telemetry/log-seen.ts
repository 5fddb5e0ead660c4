import type { Logger } from '@temporalio/common';
import type { Observed } from './observe';

/** The same events as log lines: answers at `debug`, ends of items at `info`, failed requests at `warn`. */
export function logSeen(log: Logger): (seen: Observed) => void {
  return (seen) => {
    if (seen.kind === 'item') {
      const { campaign, item, outcome } = seen;
      return log.info('item ended', { campaign, item, outcome: outcome.kind, ...('reason' in outcome ? { reason: outcome.reason } : {}) });
    }
    if (seen.kind === 'call') {
      const { kind: _call, ...meta } = seen;
      return log.debug('model call', meta);
    }
    const { kind: _failed, message, ...meta } = seen;
    log.warn('model call failed', { ...meta, error: message });
  };
}
