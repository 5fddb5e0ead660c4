import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ourEnvironment, type Config } from '../config';
import { ServiceError } from '../services';
import { logFile } from '../services/services-file';
import { GRACE_SECONDS } from '../worker';

/** A worker that lives as long as a command. */
export interface WorkerProcess {
  log: string;
  /** Rejects with ServiceError when workers end by themselves soon after their start; never resolves. */
  gone: Promise<never>;
  stop(): Promise<void>;
}

/** Longer than the worker's own grace time: it finishes the requests that are in flight, since they are paid for. */
const STOP_MS = (GRACE_SECONDS + 5) * 1_000;
/** A worker that ends sooner was not hit by accident, and another one would end too. */
const HEALTHY_MS = 10_000;

export interface WorkerStart {
  config: Config;
  simulatorUrl: string | undefined;
  /** Told when a worker died and the next one starts. */
  say(line: string): void;
}

/** Starts a worker, and another one when it dies in its work: what it had in hand is done again, what was paid for is not. */
export function startWorker(start: WorkerStart): WorkerProcess {
  const log = logFile(start.config, 'worker');
  let current = spawnWorker(start, log);
  let stopping = false;
  const keepOne = async (): Promise<never> => {
    for (;;) {
      const began = Date.now();
      const how = await current.exited;
      if (stopping) return new Promise<never>(() => undefined);
      if (Date.now() - began < HEALTHY_MS) throw new ServiceError(`Expected the worker to run until the campaign ends, got ${how}: ${lastLine(log)} (log: ${log}); npx hardgen run with the same --id goes on where it stopped`);
      start.say(`worker ended (${how}); another one goes on where it stopped`);
      current = spawnWorker(start, log);
    }
  };
  const gone = keepOne();
  // Whoever waits for it hears of it; nobody has to.
  gone.catch(() => undefined);
  return { log, gone, stop: async () => { stopping = true; await endProcess(current); } };
}

interface Spawned {
  child: ChildProcess;
  /** How it ended: `exit 1`, `SIGKILL`, or why it could not start. */
  exited: Promise<string>;
}

/**
 * `dist/worker.js` with our environment: it has the variables of the model keys and finds the services by the same home.
 * Addresses are not handed over, since TEMPORAL_ADDRESS would bring the TLS settings of another server with it.
 */
function spawnWorker({ config, simulatorUrl }: WorkerStart, log: string): Spawned {
  const script = join(__dirname, '..', 'worker.js');
  if (!existsSync(script)) throw new ServiceError(`Expected the built worker at ${script}, got nothing; npm run build makes it`);
  const file = openSync(log, 'a');
  const child = spawn(process.execPath, [script], {
    // Its own group: Ctrl-C is ours to pass on. The channel tells it when we are gone, however we went.
    detached: true,
    stdio: ['ignore', file, file, 'ipc'],
    env: { ...ourEnvironment(), HARDGEN_HOME: config.home, ...(simulatorUrl === undefined ? {} : { HARDGEN_SIMULATOR_URL: simulatorUrl }) },
  });
  closeSync(file);
  const exited = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, signal) => resolve(signal ?? `exit ${code}`));
  });
  return { child, exited };
}

async function endProcess({ child, exited }: Spawned): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await exited;
  clearTimeout(timer);
}

/** The message of the log's last line: an object of ours, or what Node wrote when it could not even begin. */
function lastLine(log: string): string {
  const line = readFileSync(log, 'utf8').trim().split('\n').at(-1) ?? '';
  try {
    return (JSON.parse(line) as { message: string }).message;
  } catch {
    return line;
  }
}
