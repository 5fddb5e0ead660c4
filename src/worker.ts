import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import { createActivities } from './activities';
import { createContexts } from './activities/context';
import type { Deps } from './activities/deps';
import { loadConfig, temporalConnection, type Config } from './config';
import { connect, type Wiring } from './wiring';

/** Settings with their reasons; measured on two cores (bench/). */
const OPTIONS = {
  // The gate holds back requests, not slots: waiting activities are cheap, so many may stand at it.
  maxConcurrentActivityTaskExecutions: 200,
  maxConcurrentWorkflowTaskExecutions: 40,
  // A window of trajectories plus their shards stays sticky; an eviction costs a replay, never a model call.
  maxCachedWorkflows: 300,
  // Longer than most replies: a deploy then loses no request.
  shutdownGraceTime: '30s',
  // A paused or cancelled item hears of it within seconds.
  maxHeartbeatThrottleInterval: '5s',
  stickyQueueScheduleToStartTimeout: '5s',
} satisfies Partial<WorkerOptions>;

/** A worker over these clients; `overrides` lets a test put a fault between a reply and its storing. */
export async function createWorker(config: Config, wiring: Wiring, overrides: Partial<Deps> = {}): Promise<{ run(): Promise<void>; shutdown(): void }> {
  Runtime.install({ logger: new DefaultLogger('WARN'), telemetryOptions: { logging: { filter: { core: 'WARN', other: 'WARN' } } } });
  const connection = await NativeConnection.connect(temporalConnection(config, wiring.address));
  const deps = { ...wiring.deps, ...overrides };
  const contexts = createContexts(deps);
  const worker = await Worker.create({ connection, namespace: wiring.client.options.namespace, taskQueue: config.taskQueue, ...workflowSource(), activities: createActivities(deps, contexts), ...OPTIONS });
  return {
    run: async () => {
      try {
        await worker.run();
      } finally {
        await contexts.close();
        await connection.close();
      }
    },
    shutdown: () => worker.shutdown(),
  };
}

/** The bundle made at build time, where there is one: it saves a second at start. */
export function workflowSource(): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath'> {
  const bundle = join(__dirname, 'workflow-bundle.js');
  return existsSync(bundle) ? { workflowBundle: { codePath: bundle } } : { workflowsPath: require.resolve('./workflows') };
}

async function main(): Promise<void> {
  endWithParent();
  const config = loadConfig();
  const wiring = await connect(config);
  const worker = await createWorker(config, wiring);
  process.stderr.write(`worker ready on task queue ${config.taskQueue}\n`);
  await worker.run();
  await wiring.close();
}

/** A worker that a command started goes when the command is gone, also when that was killed; it ends as by SIGTERM. */
function endWithParent(): void {
  if (!process.channel) return;
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel.unref();
}

if (require.main === module) {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 3;
  });
}
