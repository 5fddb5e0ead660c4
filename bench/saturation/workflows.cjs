const { proxyActivities, startChild, condition } = require('@temporalio/workflow');

// As src/workflows/proxies.ts has it for model calls.
const { askModel, nothing } = proxyActivities({ startToCloseTimeout: '3h', scheduleToCloseTimeout: '12h', heartbeatTimeout: '20s', retry: { initialInterval: '2s', backoffCoefficient: 2, maximumInterval: '2m' } });

/** As a shard does: a window of open trajectories over a list of items. */
exports.benchShard = async function benchShard({ campaign, window, calls, empty }) {
  let running = 0;
  for (const [item, count] of calls.entries()) {
    await condition(() => running < window);
    running += 1;
    const child = await startChild('benchTrajectory', { workflowId: `${campaign}/${item}`, args: [{ campaign, item, calls: count, empty }] });
    void child.result().then(() => { running -= 1; });
  }
  await condition(() => running === 0);
};

/** One call after the other, as the steps of a trajectory are. */
exports.benchTrajectory = async function benchTrajectory({ campaign, item, calls, empty }) {
  for (let turn = 0; turn < calls; turn += 1) await (empty ? nothing({ campaign, item, turn }) : askModel({ campaign, item, turn }));
};
