import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import type { Config } from '../config';
import { temporalConnection, toolEnvironment } from '../config';
import { choosePort, LOOPBACK } from './ports';
import { identityOf } from '../process-identity';
import { ask, findProgram, lastLines, runLogged, startDetached } from './programs';
import { untilReady } from './readiness';
import { reportWhile, type Report } from './report';
import { ServiceError, reasonOf } from './service-error';
import { logFile, noteRunning, readServicesFile } from './services-file';

export interface TemporalService {
  address: string;
  namespace: string;
  /** Web UI of a server that we started. */
  uiUrl?: string;
}

/** The last CLI that `go install` can build (later ones have a `replace` in go.mod): server 1.29.1. */
export const TEMPORAL_VERSION = '1.5.1';
/** Closed histories are kept 90 days; the dev server's own 24 hours would eat a campaign's audit trail. */
export const RETENTION_HOURS = 2160;
/** Numbers of temporal.api.enums.v1.IndexedValueType. */
const INDEXED_VALUE_TYPE = { Keyword: 2 } as const;
/** What workflows set (workflows/search-attributes.ts), and list and count commands can filter by; a workflow that sets one the server does not know fails. */
export const SEARCH_ATTRIBUTES = { CampaignId: 'Keyword', TrajectoryOutcome: 'Keyword' } as const;

/**
 * How our dev server runs. The first three give three times the defaults' throughput (one machine needs no partitions). The
 * last bounds the workflows it holds in memory, closed ones too: 128,000 by default, which made it grow by half over 2,700
 * trajectories (bench:scale); more than any window has open.
 */
const SETTINGS = ['system.enableActivityEagerExecution=true', 'matching.numTaskqueueReadPartitions=1', 'matching.numTaskqueueWritePartitions=1', 'history.hostLevelCacheMaxSize=1000'];

/** Arguments of the dev server. */
export function temporalArgs(server: { port: number; uiPort: number; database: string; namespace: string }): string[] {
  return [
    'server', 'start-dev', '--ip', LOOPBACK, '--port', String(server.port), '--ui-port', String(server.uiPort), '--log-level', 'warn',
    '--db-filename', server.database, '--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=1',
    ...(server.namespace === 'default' ? [] : ['--namespace', server.namespace]),
    ...Object.entries(SEARCH_ATTRIBUTES).flatMap(([attribute, type]) => ['--search-attribute', `${attribute}=${type}`]),
    ...SETTINGS.flatMap((setting) => ['--dynamic-config-value', setting]),
  ];
}

/** `null` when Temporal answers and has the namespace, else why not. */
export async function probeTemporal(config: Config, address: string): Promise<string | null> {
  try {
    await withConnection(config, address, async (connection) => await connection.workflowService.describeNamespace({ namespace: config.temporalNamespace }));
    return null;
  } catch (error) {
    return reasonOf(error);
  }
}

/**
 * Makes a namespace fit for campaigns: the search attributes exist, and (on a server of ours) histories are kept for 90 days.
 * Throws ServiceError with the `temporal` command to give by hand when the server does not allow it.
 */
export async function settleNamespace(config: Config, address: string, owner: 'ours' | 'theirs'): Promise<void> {
  await withConnection(config, address, async (connection) => {
    if (owner === 'ours') await raiseRetention(connection, config.temporalNamespace);
    await addSearchAttributes(connection, config.temporalNamespace);
  });
}

async function raiseRetention(connection: Connection, namespace: string): Promise<void> {
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  const hours = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) / 3600;
  if (hours >= RETENTION_HOURS) return;
  await connection.workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl: msToTs(RETENTION_HOURS * 3_600_000) } });
}

// Flags given at start count only for a new database; an older one lacks what a later version of ours added.
async function addSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.entries(SEARCH_ATTRIBUTES).filter(([attribute]) => !(attribute in (customAttributes ?? {})));
  if (missing.length === 0) return;
  try {
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(missing.map(([attribute, type]) => [attribute, INDEXED_VALUE_TYPE[type]])) });
  } catch (cause) {
    const flags = missing.map(([attribute, type]) => `--name ${attribute} --type ${type}`).join(' ');
    throw new ServiceError(`Expected to add search attributes to namespace ${namespace}, got ${reasonOf(cause)}; run \`temporal operator search-attribute create --namespace ${namespace} ${flags}\``, { cause });
  }
}

async function withConnection<T>(config: Config, address: string, use: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ ...temporalConnection(config, address), connectTimeout: '3s' });
  try {
    return await connection.withDeadline(Date.now() + 10_000, async () => await use(connection));
  } finally {
    await connection.close();
  }
}

/** A program that can start the dev server: as before, from PATH, or fetched; `null` when it has to be fetched. */
function temporalProgram(config: Config): string | null {
  const usedBefore = readIfThere(programNote(config));
  return [usedBefore, findProgram(config.searchPath, 'temporal'), cachedProgram(config)].find((program) => program !== null && existsSync(program)) ?? null;
}

const cachedProgram = (config: Config): string => join(config.cache, `temporal-${TEMPORAL_VERSION}`, 'temporal');
// A database belongs to the version that made it (the dev server does not migrate), so the program is remembered beside it.
const programNote = (config: Config): string => join(config.home, 'temporal', 'program');

function readIfThere(file: string): string | null {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
}

/** Throws ServiceError at once when Temporal is neither here nor can be built, before anything is fetched. */
export async function checkTemporalCanStart(config: Config): Promise<void> {
  if (temporalProgram(config) === null) await findGo(config);
}

async function findGo(config: Config): Promise<string> {
  const go = findProgram(config.searchPath, 'go');
  const version = go === null ? null : goVersion((await ask(config, go, ['env', 'GOVERSION'], 10_000)).output);
  if (go !== null && version !== null && isGoRecent(version)) return go;
  throw new ServiceError(`Expected \`temporal\` or Go 1.25 or later on PATH to build it, got ${version === null ? 'neither' : `Go ${version.join('.')}`}; install the Temporal CLI (https://docs.temporal.io/cli), or set TEMPORAL_ADDRESS to a running server`);
}

/** `go1.26.8` → [1, 26]; `null` when the text is no version. */
export function goVersion(text: string): [number, number] | null {
  const match = /go(\d+)\.(\d+)/.exec(text);
  return match ? [Number(match[1]), Number(match[2])] : null;
}

export function isGoRecent([major, minor]: [number, number]): boolean {
  return major > 1 || (major === 1 && minor >= 25);
}

async function fetchTemporal(config: Config, report: Report): Promise<string> {
  const go = await findGo(config);
  const target = cachedProgram(config);
  const partial = `${dirname(target)}.partial-${process.pid}`;
  const log = logFile(config, 'fetch-temporal');
  mkdirSync(partial, { recursive: true });
  mkdirSync(dirname(target), { recursive: true });
  try {
    const build = runLogged({
      program: go, args: ['install', '-v', '-ldflags=-s -w', `github.com/temporalio/cli/cmd/temporal@v${TEMPORAL_VERSION}`],
      cwd: partial, log, env: toolEnvironment(config, { GOBIN: partial }),
    });
    await reportWhile(build, { report, event: { service: 'temporal', phase: 'fetching' }, everySeconds: 10, detail: (seconds) => `building Temporal CLI ${TEMPORAL_VERSION} (once, about 3 minutes): ${seconds} s, ${packagesBuilt(log)} packages` });
    // A rename within one folder tree is atomic: an interrupted build never looks like a program.
    renameSync(join(partial, 'temporal'), target);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return target;
}

const packagesBuilt = (log: string): number => (existsSync(log) ? lastLines(log, Infinity).length : 0);

/** Starts the dev server on this home's database and waits until it answers. */
export async function startTemporal(config: Config, report: Report): Promise<TemporalService> {
  const program = temporalProgram(config) ?? (await fetchTemporal(config, report));
  const last = readServicesFile(config).ports;
  const port = await choosePort({ variable: 'HARDGEN_TEMPORAL_PORT', configured: config.temporalPort, last: last.temporal });
  const uiPort = await choosePort({ variable: 'HARDGEN_TEMPORAL_UI_PORT', configured: config.temporalUiPort, last: last.temporalUi });
  const [address, folder, log] = [`${LOOPBACK}:${port}`, join(config.home, 'temporal'), logFile(config, 'temporal')];
  mkdirSync(folder, { recursive: true });
  report({ service: 'temporal', phase: 'starting', detail: `at ${address}, log ${log}` });
  const args = temporalArgs({ port, uiPort, database: join(folder, 'temporal.db'), namespace: config.temporalNamespace });
  const { pid, exited } = await startDetached(config, { program, args, cwd: folder, log });
  const identity = identityOf(pid);
  if (identity !== null) noteRunning(config, 'temporal', { kind: 'process', ...identity }, { temporal: port, temporalUi: uiPort });
  await untilReady({ what: `Temporal to answer at ${address}`, probe: async () => await probeTemporal(config, address), exited, log, timeoutMs: 60_000 });
  writeFileSync(programNote(config), `${program}\n`);
  await settleNamespace(config, address, 'ours');
  return { address, namespace: config.temporalNamespace, uiUrl: `http://${LOOPBACK}:${uiPort}` };
}
