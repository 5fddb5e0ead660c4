import { ActivityCancellationType, proxyActivities, proxyLocalActivities, type ActivityOptions } from '@temporalio/workflow';
import type { Activities } from '../activities/contract';

/**
 * From the first scheduling to the end, with the time in which no worker is there: a machine that is away for a weekend says
 * nothing about its items. How long one tries what fails is decided where it is tried (activities/failures).
 */
const IN_ALL = '60 days';

const ONE_CALL = {
  startToCloseTimeout: '3h',
  scheduleToCloseTimeout: IN_ALL,
  heartbeatTimeout: '20s',
  retry: { initialInterval: '2s', backoffCoefficient: 2, maximumInterval: '2m' },
} satisfies ActivityOptions;

/**
 * One model call each. How long a reply may take is the endpoint's own limit, held inside the activity, because the time
 * spent waiting at the gate must not count against it; a dead worker shows by the missing heartbeat (20 s). Who cancels
 * one waits until it has ended, since its reply may be on its way and is paid for.
 */
export const model = proxyActivities<Activities>({ ...ONE_CALL, cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED });

/** As items ask that an earlier version began: a cancelled one is left at once. */
export const modelUnawaited = proxyActivities<Activities>(ONE_CALL);

/** Replays in worlds, reads and writes of records and graph: seconds; a whole world's exploration: minutes, with heartbeats. */
export const local = proxyActivities<Activities>({
  startToCloseTimeout: '5m',
  scheduleToCloseTimeout: IN_ALL,
  heartbeatTimeout: '20s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
});

/** Exploration of one world and the closing of a round: many replays in one activity. */
export const long = proxyActivities<Activities>({
  startToCloseTimeout: '1h',
  scheduleToCloseTimeout: IN_ALL,
  heartbeatTimeout: '30s',
  retry: { initialInterval: '2s', backoffCoefficient: 2, maximumInterval: '1m' },
});

/** A short write that must not queue behind model calls for an activity slot: a pause has to be known within seconds. */
export const quick = proxyLocalActivities<Pick<Activities, 'publishControl'>>({
  startToCloseTimeout: '5s',
  scheduleToCloseTimeout: '30s',
  retry: { initialInterval: '500ms', maximumInterval: '4s' },
});
