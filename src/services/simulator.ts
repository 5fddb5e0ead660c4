import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Config } from '../config';
import { choosePort, LOOPBACK } from './ports';
import { identityOf, isRunning } from '../process-identity';
import { startDetached } from './programs';
import { answersWithin, untilReady } from './readiness';
import type { Report } from './report';
import { reasonOf, ServiceError } from './service-error';
import { logFile, noteRunning, readServicesFile } from './services-file';
import { stopOne } from './services';
import { withStartLock } from './start-lock';

const silent: Report = () => undefined;

/**
 * Finds or starts the simulator and gives its base URL, ending in `/v1`: the address in the environment,
 * the one this home runs when it was started from the same build, else a new detached process. Throws ServiceError when it cannot be had.
 */
export async function ensureSimulator(config: Config, report: Report = silent): Promise<string> {
  if (config.simulatorUrl !== undefined) return await externalSimulator(config.simulatorUrl);
  return await withStartLock(config, (holder) => report({ service: 'simulator', phase: 'waiting', detail: `process ${holder} is starting or stopping the services` }), async () => {
    const url = (await ownSimulator(config)) ?? (await startAfresh(config, report));
    report({ service: 'simulator', phase: 'ready', detail: url });
    return url;
  });
}

async function externalSimulator(url: string): Promise<string> {
  const base = url.replace(/\/+$/, '');
  const trouble = await answersWithin(async () => await probe(`${base}/models`), 5_000);
  if (trouble !== null) throw new ServiceError(`Expected the simulator at ${url} (HARDGEN_SIMULATOR_URL), got: ${trouble}; start it there, or unset HARDGEN_SIMULATOR_URL to have one started`);
  return base;
}

const urlOf = (port: number): string => `http://${LOOPBACK}:${port}/v1`;

async function ownSimulator(config: Config): Promise<string | null> {
  const { running, ports } = readServicesFile(config);
  const runner = running.simulator;
  if (runner?.kind !== 'process' || !isRunning(runner) || ports.simulator === undefined) return null;
  const { simulator: port } = ports;
  return (await answersWithin(async () => await probeOwn(config, port), 2_000)) === null ? urlOf(port) : null;
}

async function startAfresh(config: Config, report: Report): Promise<string> {
  // One of an older build, or one that does not answer.
  await stopOne(config, 'simulator', report);
  const program = builtProgram();
  const port = await choosePort({ variable: 'HARDGEN_SIMULATOR_PORT', last: readServicesFile(config).ports.simulator });
  const log = logFile(config, 'simulator');
  report({ service: 'simulator', phase: 'starting', detail: `at ${urlOf(port)}, log ${log}` });
  const args = [program, '--home', config.home, '--port', String(port), '--build', buildOf(program)];
  const { pid, exited } = await startDetached(config, { program: process.execPath, args, cwd: config.home, log });
  const identity = identityOf(pid);
  if (identity !== null) noteRunning(config, 'simulator', { kind: 'process', ...identity }, { simulator: port });
  await untilReady({ what: `the simulator to answer at ${urlOf(port)}`, probe: async () => await probeOwn(config, port), exited, log, timeoutMs: 20_000 });
  return urlOf(port);
}

/** Beside this folder in `dist`; a test that runs from `src` takes the last build. */
function builtProgram(): string {
  const places = [resolve(__dirname, '..', 'simulator', 'main.js'), resolve(__dirname, '..', '..', 'dist', 'simulator', 'main.js')];
  const program = places.find((place) => existsSync(place));
  if (program === undefined) throw new ServiceError(`Expected the built simulator at ${places[0]}, got no such file; run \`npm run build\``);
  return program;
}

/** The stamp of the build; empty where there is none. */
function buildOf(program: string): string {
  try {
    return readFileSync(resolve(program, '..', '..', '.inputs'), 'utf8').trim();
  } catch {
    return '';
  }
}

/** `null` when the simulator of this home and this build answers. */
async function probeOwn(config: Config, port: number): Promise<string | null> {
  return await probe(`http://${LOOPBACK}:${port}/health`, (health) => {
    if (health.home !== config.home) return 'another home\'s simulator';
    return health.build === buildOf(builtProgram()) ? null : 'a simulator of another build';
  });
}

async function probe(url: string, check: (body: { [key: string]: unknown }) => string | null = () => null): Promise<string | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    return response.ok ? check((await response.json()) as { [key: string]: unknown }) : `status ${response.status}`;
  } catch (error) {
    return error instanceof Error && error.cause !== undefined ? reasonOf(error.cause) : reasonOf(error);
  }
}
