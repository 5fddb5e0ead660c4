import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Config } from '../config';
import { toolEnvironment } from '../config';
import { neo4jPassword, type Neo4jService } from './neo4j';
import { choosePort, LOOPBACK } from './ports';
import { ask, findProgram, runLogged } from './programs';
import { reportWhile, type Report, type ServiceName } from './report';
import { logFile, noteRunning, readServicesFile } from './services-file';
import type { TemporalService } from './temporal';

/** Beside package.json, two folders above this file in `src` and in `dist` alike. */
export const COMPOSE_FILE = resolve(__dirname, '..', '..', 'docker-compose.yml');

/** True when containers can be started: a client, an engine that answers within 3 s, the compose plugin, and our file. A client alone means nothing. */
export async function composeAnswers(config: Config): Promise<boolean> {
  if (config.docker === 'off' || !existsSync(COMPOSE_FILE)) return false;
  const docker = findProgram(config.searchPath, 'docker');
  if (docker === null) return false;
  const engine = await ask(config, docker, ['info', '--format', '{{.ServerVersion}}']);
  return engine.ok && engine.output !== '' && (await ask(config, docker, ['compose', 'version'])).ok;
}

/** One project, and so one set of volumes, per home. */
export function composeProject(config: Config): string {
  return `hardgen-${createHash('sha256').update(config.home).digest('hex').slice(0, 8)}`;
}

/** Starts the named services as containers and waits until they are healthy. Throws ServiceError when an image cannot be had or one stays unhealthy. */
export async function startByCompose(config: Config, services: readonly ServiceName[], report: Report): Promise<{ temporal?: TemporalService; neo4j?: Neo4jService }> {
  const ports = await composePorts(config, services);
  const project = composeProject(config);
  for (const service of services) noteRunning(config, service, { kind: 'compose', project }, ports);
  const up = compose(config, project, ['up', '--detach', '--wait', ...services]);
  await reportWhile(up, { report, event: { service: services[0] ?? 'temporal', phase: 'starting' }, everySeconds: 10, detail: (seconds) => `${services.join(' and ')} in containers (project ${project}): ${seconds} s` });
  return composeServices(config, services);
}

/** The addresses of services that run in this home's compose project. */
export function composeServices(config: Config, services: readonly ServiceName[]): { temporal?: TemporalService; neo4j?: Neo4jService } {
  const { ports } = readServicesFile(config);
  return {
    ...(services.includes('temporal') ? { temporal: { address: `${LOOPBACK}:${ports.temporal}`, namespace: config.temporalNamespace, uiUrl: `http://${LOOPBACK}:${ports.temporalUi}` } } : {}),
    ...(services.includes('neo4j') ? { neo4j: { uri: `bolt://${LOOPBACK}:${ports.neo4j}`, user: 'neo4j', password: neo4jPassword(config) } } : {}),
  };
}

/** Stops one container and leaves its volume. */
export async function stopByCompose(config: Config, project: string, service: ServiceName): Promise<void> {
  await compose(config, project, ['stop', service]);
}

async function composePorts(config: Config, services: readonly ServiceName[]): Promise<{ temporal?: number; temporalUi?: number; neo4j?: number }> {
  const last = readServicesFile(config).ports;
  const temporal = async (): Promise<{ temporal: number; temporalUi: number }> => ({
    temporal: await choosePort({ variable: 'HARDGEN_TEMPORAL_PORT', configured: config.temporalPort, last: last.temporal ?? 7233 }),
    temporalUi: await choosePort({ variable: 'HARDGEN_TEMPORAL_UI_PORT', configured: config.temporalUiPort, last: last.temporalUi ?? 8233 }),
  });
  const neo4j = async (): Promise<{ neo4j: number }> => ({ neo4j: await choosePort({ variable: 'HARDGEN_NEO4J_PORT', configured: config.neo4jPort, last: last.neo4j ?? 7687 }) });
  return { ...(services.includes('temporal') ? await temporal() : {}), ...(services.includes('neo4j') ? await neo4j() : {}) };
}

async function compose(config: Config, project: string, args: readonly string[]): Promise<void> {
  const { ports } = readServicesFile(config);
  const chosen = { HARDGEN_TEMPORAL_PORT: ports.temporal, HARDGEN_TEMPORAL_UI_PORT: ports.temporalUi, HARDGEN_NEO4J_PORT: ports.neo4j };
  const env = Object.fromEntries(Object.entries(chosen).flatMap(([variable, port]) => (port === undefined ? [] : [[variable, String(port)]])));
  await runLogged({
    program: 'docker', args: ['compose', '--project-name', project, '--file', COMPOSE_FILE, ...args], cwd: config.home, log: logFile(config, 'compose'),
    env: toolEnvironment(config, { ...env, HARDGEN_NEO4J_AUTH_FILE: authFile(config), HARDGEN_HOME: config.home, TEMPORAL_NAMESPACE: config.temporalNamespace }),
  });
}

// The container's user is not ours, so the file itself is readable by all and the folder around it by its owner alone.
function authFile(config: Config): string {
  const folder = join(config.home, 'secrets');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'neo4j_auth');
  writeFileSync(file, `neo4j/${neo4jPassword(config)}\n`, { mode: 0o644 });
  return file;
}
