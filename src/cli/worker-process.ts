import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ourEnvironment, type Config } from '../config';
import { ServiceError } from '../services';
import { logFile } from '../services/services-file';

/** A worker that lives as long as a command. */
export interface WorkerProcess {
  log: string;
  /** Rejects with ServiceError when the worker ends by itself; never resolves before `stop`. */
  gone: Promise<never>;
  stop(): Promise<void>;
}

/** Longer than the worker's own grace time: it finishes the requests that are in flight, since they are paid for. */
const STOP_MS = 35_000;

/**
 * Starts `dist/worker.js` with our environment: it has the model keys' variables and finds the services by the same home.
 * Addresses are not handed over, since TEMPORAL_ADDRESS would bring the TLS settings of another server with it.
 */
export function startWorker(config: Config, simulatorUrl: string | undefined): WorkerProcess {
  const script = join(__dirname, '..', 'worker.js');
  if (!existsSync(script)) throw new ServiceError(`Expected the built worker at ${script}, got nothing; npm run build makes it`);
  const log = logFile(config, 'worker');
  const file = openSync(log, 'a');
  const child = spawn(process.execPath, [script], {
    // Its own group: Ctrl-C is ours to pass on, or the worker would go before we have said what happens.
    detached: true,
    stdio: ['ignore', file, file],
    env: { ...ourEnvironment(), HARDGEN_HOME: config.home, ...(simulatorUrl === undefined ? {} : { HARDGEN_SIMULATOR_URL: simulatorUrl }) },
  });
  const exited = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, signal) => resolve(signal ?? `exit ${code}`));
  });
  let stopping = false;
  const gone = exited.then((how) => {
    if (stopping) return new Promise<never>(() => undefined);
    throw new ServiceError(`Expected the worker to run until the campaign ends, got ${how}: ${lastLine(log)} (log: ${log}); hardgen run with the same --id goes on where it stopped`);
  });
  gone.catch(() => undefined);
  return { log, gone, stop: async () => { stopping = true; await endProcess(child, exited); } };
}

async function endProcess(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await exited;
  clearTimeout(timer);
}

const lastLine = (log: string): string => readFileSync(log, 'utf8').trim().split('\n').at(-1) ?? '';
