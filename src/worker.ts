import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { NativeConnection, Runtime, Worker, type RuntimeOptions, type WorkerOptions } from '@temporalio/worker';
import { createActivities } from './activities';
import { createContexts } from './activities/context';
import type { Deps, Gate } from './activities/deps';
import { closableGate } from './clients/closable-gate';
import { ConfigError, loadConfig, temporalConnection, type Config } from './config';
import { coreLevel, createLogger, logLine } from './telemetry/log';
import { logSeen } from './telemetry/log-seen';
import { createMetrics, prometheusOn, showGate } from './telemetry/metrics';
import { itemSinks, observeDeps, type Observed } from './telemetry/observe';
import { connect, type Wiring } from './wiring';

/**
 * How long a worker that is told to end waits for what it has begun: the time limit of an endpoint's reply (240 s unless
 * the campaign file says more) and the storing of that reply. Whoever stops workers waits longer (compose: 300 s).
 */
export const GRACE_SECONDS = 290;
/** From the signal to the closed gate. */
const STATE_CHECK_MS = 100;

/**
 * Settings with their reasons; measured on two cores (bench/). Pollers stay at the SDK's ten: with 5, 10 and 20 of either
 * kind bench:saturation gave 77, 76 and 76 calls/s at 200 ms, 94, 96 and 95 empty ones, as the processor is what it waits for.
 */
export const WORKER_OPTIONS = {
  // The gate holds back requests, not slots: who waits there is cheap, and must not keep other campaigns or local steps from a slot.
  maxConcurrentActivityTaskExecutions: 1_000,
  maxConcurrentWorkflowTaskExecutions: 40,
  // A window of trajectories plus their shards stays sticky; an eviction costs a replay, never a model call.
  maxCachedWorkflows: 300,
  shutdownGraceTime: `${GRACE_SECONDS}s`,
  // A paused or cancelled item hears of it within seconds.
  maxHeartbeatThrottleInterval: '5s',
  stickyQueueScheduleToStartTimeout: '5s',
} satisfies Partial<WorkerOptions>;

/** A worker over these clients; `overrides` lets a test put a fault between a reply and its storing. */
export async function createWorker(config: Config, wiring: Wiring, overrides: Partial<Deps> = {}): Promise<{ run(): Promise<void>; shutdown(): void }> {
  const tell = installTelemetry(config, wiring.deps.gate);
  const connection = await NativeConnection.connect({
    ...temporalConnection(config, wiring.address),
    // A server of ours is on this machine: compressing for it took 7 % of a campaign at zero latency (bench:scale).
    ...(config.temporalAddress === undefined ? { grpcCompression: { codec: 'none' } } : {}),
  });
  const { gate, close: closeGate } = closableGate(wiring.deps.gate);
  const deps = observeDeps({ ...wiring.deps, gate, ...overrides }, tell);
  const contexts = createContexts(deps);
  const worker = await Worker.create({ connection, namespace: wiring.client.options.namespace, taskQueue: config.taskQueue, ...workflowSource(), activities: createActivities(deps, contexts), sinks: itemSinks(tell), ...WORKER_OPTIONS });
  return {
    run: async () => {
      // A signal, `shutdown` and a fatal error all show in the state; it is the one place to see them.
      const watch = setInterval(() => { if (worker.getState() !== 'RUNNING') closeGate(); }, STATE_CHECK_MS);
      try {
        await worker.run();
      } finally {
        clearInterval(watch);
        await contexts.close();
        await connection.close();
      }
    },
    shutdown: () => worker.shutdown(),
  };
}

/** Logs and metrics of this process; gives what is to be told of every call and item. */
function installTelemetry({ logLevel, metricsPort }: Config, gate: Gate): (seen: Observed) => void {
  const logger = createLogger(logLevel);
  // A log on a full disk loses lines until there is room again; nothing else may end for it.
  process.stderr.on('error', () => undefined);
  const runtime = installRuntime({
    logger,
    // Temporal's native part is talkative below WARN; its lines take our logger's way, so that all of them are JSON.
    telemetryOptions: { logging: { filter: { core: coreLevel(logLevel === 'error' ? 'error' : 'warn'), other: 'ERROR' }, forward: {} }, ...(metricsPort === undefined ? {} : { metrics: prometheusOn(metricsPort) }) },
  }, metricsPort);
  const log = logSeen(runtime.logger);
  if (metricsPort === undefined) return log;
  const count = createMetrics(runtime.metricMeter);
  showGate(runtime.metricMeter, gate);
  return (seen) => {
    log(seen);
    count(seen);
  };
}

function installRuntime(options: RuntimeOptions, port: number | undefined): Runtime {
  try {
    return Runtime.install(options);
  } catch (cause) {
    if (port === undefined) throw cause;
    throw new ConfigError(`Expected port ${port} to be free for metrics, got: ${cause instanceof Error ? cause.message : String(cause)}; choose another with --metrics or HARDGEN_METRICS_PORT`, { cause });
  }
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
  Runtime.instance().logger.info(`worker ready on task queue ${config.taskQueue}`);
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
    process.stderr.write(`${logLine({ level: 'ERROR', message: error instanceof Error ? error.message : String(error), timestampNanos: BigInt(Date.now()) * 1_000_000n })}\n`);
    process.exitCode = 3;
  });
}
