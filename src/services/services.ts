import type { Config } from '../config';
import { composeAnswers, startByCompose, stopByCompose } from './compose';
import { checkNeo4jCanStart, neo4jPassword, probeNeo4j, startNeo4j, type Neo4jService } from './neo4j';
import { LOOPBACK } from './ports';
import { isRunning, signal, waitForExit, type ProcessIdentity } from '../process-identity';
import { answersWithin } from './readiness';
import type { Report, ServiceName } from './report';
import { ServiceError } from './service-error';
import { noteStopped, readServicesFile, type Runner } from './services-file';
import { withStartLock } from './start-lock';
import { checkTemporalCanStart, probeTemporal, settleNamespace, startTemporal, type TemporalService } from './temporal';

/** Where Temporal and Neo4j answer. */
export interface Services {
  temporal: TemporalService;
  neo4j: Neo4jService;
}

const silent: Report = () => undefined;

/**
 * Finds or starts Temporal and Neo4j: addresses in the environment, what this home already runs, containers
 * when a Docker engine answers, else local processes. Every service given back has just answered.
 * Throws ServiceError, one sentence with the cure, when one cannot be had.
 */
export async function ensureServices(config: Config, report: Report = silent): Promise<Services> {
  const theirs = await externalServices(config);
  if (theirs.temporal && theirs.neo4j) return { temporal: theirs.temporal, neo4j: theirs.neo4j };
  return await withStartLock(config, (holder) => report({ service: 'temporal', phase: 'waiting', detail: `process ${holder} is starting or stopping the services` }), async () => {
    const services = await startMissing(config, { ...(await ownServices(config)), ...theirs }, report);
    report({ service: 'temporal', phase: 'ready', detail: `${services.temporal.address}${services.temporal.uiUrl ? `, web UI ${services.temporal.uiUrl}` : ''}` });
    report({ service: 'neo4j', phase: 'ready', detail: services.neo4j.uri });
    return services;
  });
}

/** The services that answer now, without starting any; a missing one is left out. */
export async function findServices(config: Config): Promise<Partial<Services>> {
  const own = await ownServices(config, 0);
  return { ...own, ...(await externalServices(config)) };
}

async function externalServices(config: Config): Promise<Partial<Services>> {
  const [temporal, neo4j] = await Promise.all([externalTemporal(config), externalNeo4j(config)]);
  return { ...(temporal ? { temporal } : {}), ...(neo4j ? { neo4j } : {}) };
}

async function externalTemporal(config: Config): Promise<TemporalService | null> {
  const address = config.temporalAddress;
  if (address === undefined) return null;
  const trouble = await answersWithin(async () => await probeTemporal(config, address), 5_000);
  if (trouble !== null) throw new ServiceError(`Expected Temporal with namespace ${config.temporalNamespace} at ${address} (TEMPORAL_ADDRESS), got: ${trouble}; start it there, or unset TEMPORAL_ADDRESS to have one started`);
  await settleNamespace(config, address, 'theirs');
  return { address, namespace: config.temporalNamespace };
}

async function externalNeo4j(config: Config): Promise<Neo4jService | null> {
  if (config.neo4jUri === undefined || config.neo4jPassword === undefined) return null;
  const service = { uri: config.neo4jUri, user: config.neo4jUser, password: config.neo4jPassword };
  const trouble = await answersWithin(async () => await probeNeo4j(service), 5_000);
  if (trouble !== null) throw new ServiceError(`Expected Neo4j to let ${service.user} in at ${service.uri} (HARDGEN_NEO4J_URI), got: ${trouble}; start it there, correct the password, or unset HARDGEN_NEO4J_URI to have one started`);
  return service;
}

/** Services of this home whose process lives (or whose container is up) and which answer; a living one gets `patienceMs` to answer. */
async function ownServices(config: Config, patienceMs = 20_000): Promise<Partial<Services>> {
  const { running, ports } = readServicesFile(config);
  const temporal = config.temporalAddress === undefined && isAlive(running.temporal) ? { address: `${LOOPBACK}:${ports.temporal}`, namespace: config.temporalNamespace, uiUrl: `http://${LOOPBACK}:${ports.temporalUi}` } : null;
  const neo4j = config.neo4jUri === undefined && isAlive(running.neo4j) ? { uri: `bolt://${LOOPBACK}:${ports.neo4j}`, user: 'neo4j', password: neo4jPassword(config) } : null;
  const [temporalTrouble, neo4jTrouble] = await Promise.all([
    temporal && answersWithin(async () => await probeTemporal(config, temporal.address), running.temporal?.kind === 'process' ? patienceMs : 0),
    neo4j && answersWithin(async () => await probeNeo4j(neo4j), running.neo4j?.kind === 'process' ? patienceMs : 0),
  ]);
  return { ...(temporal && temporalTrouble === null ? { temporal } : {}), ...(neo4j && neo4jTrouble === null ? { neo4j } : {}) };
}

function isAlive(runner: Runner | undefined): boolean {
  return runner !== undefined && (runner.kind === 'compose' || isRunning(runner));
}

async function startMissing(config: Config, found: Partial<Services>, report: Report): Promise<Services> {
  const missing = (['temporal', 'neo4j'] as const).filter((service) => found[service] === undefined);
  const contained = missing.length > 0 && (await composeAnswers(config)) ? await tryCompose(config, missing, report) : {};
  const here = { ...found, ...contained };
  if (!here.temporal) await checkTemporalCanStart(config);
  if (!here.neo4j) await checkNeo4jCanStart(config);
  const [temporal, neo4j] = await both(
    here.temporal ?? startAfresh(config, 'temporal', report, async () => await startTemporal(config, report)),
    here.neo4j ?? startAfresh(config, 'neo4j', report, async () => await startNeo4j(config, report)),
  );
  return { temporal, neo4j };
}

// An engine that answers may still lack the images and the network to get them; local processes are then the way.
async function tryCompose(config: Config, missing: readonly ServiceName[], report: Report): Promise<Partial<Services>> {
  try {
    const services = await startByCompose(config, missing, report);
    if (services.temporal) await settleNamespace(config, services.temporal.address, 'ours');
    return services;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    for (const service of missing) {
      report({ service, phase: 'starting', detail: `as a local process, because containers did not start: ${error.message}` });
      noteStopped(config, service);
    }
    return {};
  }
}

/** A process of ours that lives but does not answer holds the database: it goes before a new one comes. */
async function startAfresh<T>(config: Config, service: ServiceName, report: Report, start: () => Promise<T>): Promise<T> {
  await stopOne(config, service, report);
  return await start();
}

/** Waits for both even when one fails, so that nothing is left starting behind an error message. */
async function both<A, B>(a: A | Promise<A>, b: B | Promise<B>): Promise<[A, B]> {
  const [first, second] = await Promise.allSettled([a, b]);
  if (first.status === 'rejected') throw first.reason;
  if (second.status === 'rejected') throw second.reason;
  return [first.value, second.value];
}

/** Neo4j checkpoints on SIGTERM (12 s measured on a small machine); killing it earlier costs a recovery at the next start. */
const STOP_PATIENCE_MS: Record<ServiceName, number> = { temporal: 15_000, neo4j: 60_000, simulator: 5_000 };

/** Stops what this home started, by process id and start time, and leaves the data. Gives the names of what ran. */
export async function stopServices(config: Config, report: Report = silent): Promise<ServiceName[]> {
  return await withStartLock(config, (holder) => report({ service: 'temporal', phase: 'waiting', detail: `process ${holder} is starting or stopping the services` }), async () => {
    const stopped = await Promise.all((['simulator', 'temporal', 'neo4j'] as const).map(async (service) => ((await stopOne(config, service, report)) ? service : null)));
    return stopped.filter((service) => service !== null);
  });
}

/** Stops one service of this home, if it runs; the caller holds the start lock. True when it ran. */
export async function stopOne(config: Config, service: ServiceName, report: Report): Promise<boolean> {
  const runner = readServicesFile(config).running[service];
  if (runner === undefined) return false;
  const ran = isAlive(runner);
  if (ran) report({ service, phase: 'stopping', detail: runner.kind === 'process' ? `process ${runner.pid}` : `container in ${runner.project}` });
  if (runner.kind === 'compose') await stopByCompose(config, runner.project, service);
  else await endProcess(runner, STOP_PATIENCE_MS[service]);
  noteStopped(config, service);
  if (ran) report({ service, phase: 'stopped', detail: `data stay in ${config.home}` });
  return ran;
}

async function endProcess(target: ProcessIdentity, patienceMs: number): Promise<void> {
  if (!signal(target, 'SIGTERM')) return;
  if (await waitForExit(target, patienceMs)) return;
  signal(target, 'SIGKILL');
  await waitForExit(target, 10_000);
}
