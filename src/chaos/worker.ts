import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { ourEnvironment, type Config } from '../config';
import { ServiceError } from '../services';
import { logFile } from '../services/services-file';

/** One worker at a time, which can be killed and started again; one that ends by itself is followed by another. */
export interface ChaosWorker {
  kill(): Promise<void>;
  start(): void;
  /** How often it ended without being told to. */
  endings(): number;
  stop(): Promise<void>;
}

/**
 * Shorter than the worker's own grace time, which is for replies still to come: it is told to end when its campaign has ended,
 * or when chaos was interrupted and nobody wants them.
 */
const STOP_MS = 35_000;
/** What would lead a worker to other services than chaos's own. */
const OTHERS = /^(TEMPORAL_|HARDGEN_)/;

export function createChaosWorker(config: Config, simulatorUrl: string): ChaosWorker {
  const log = logFile(config, 'worker');
  let current: ChildProcess | undefined;
  let endings = 0;
  const start = (): void => {
    const child = spawnWorker({ config, simulatorUrl, log });
    current = child;
    child.once('exit', () => {
      if (current !== child) return;
      endings += 1;
      setTimeout(() => { if (current === child) start(); }, 1_000);
    });
  };
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    const child = current;
    current = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    const hard = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await exited;
    clearTimeout(hard);
  };
  return { start, kill: () => end('SIGKILL'), stop: () => end('SIGTERM'), endings: () => endings };
}

function spawnWorker({ config, simulatorUrl, log }: { config: Config; simulatorUrl: string; log: string }): ChildProcess {
  const script = join(__dirname, '..', 'worker.js');
  if (!existsSync(script)) throw new ServiceError(`Expected the built worker at ${script}, got nothing; npm run build makes it`);
  const ours = Object.fromEntries(Object.entries(ourEnvironment()).filter(([name]) => !OTHERS.test(name)));
  const file = openSync(log, 'a');
  const child = spawn(process.execPath, [script], {
    // The channel tells it when we are gone, however we went.
    detached: true, stdio: ['ignore', file, file, 'ipc'],
    env: { ...ours, HARDGEN_HOME: config.home, HARDGEN_CACHE: config.cache, HARDGEN_DOCKER: 'off', TEMPORAL_NAMESPACE: config.temporalNamespace, HARDGEN_TASK_QUEUE: config.taskQueue, HARDGEN_SIMULATOR_URL: simulatorUrl },
  });
  closeSync(file);
  return child;
}
