import { loadConfig, type Config } from '../config';
import { doctor, ensureServices, stopServices, type Check, type Report, type ServiceEvent, type Services } from '../services';
import { neo4jPasswordFile } from '../services/neo4j';
import { quickstart } from './quickstart';

export interface ServicesOptions {
  /** One JSON document on stdout; progress goes to stderr either way. */
  json: boolean;
}

/** `hardgen up`: finds or starts Temporal and Neo4j and says where they answer. Gives the exit code; throws ServiceError. */
export async function up(options: ServicesOptions, config: Config = loadConfig()): Promise<number> {
  const services = await ensureServices(config, progressToStderr);
  print(options, whereabouts(config, services), (where) => [
    `Temporal  ${where.temporal.address}  namespace ${where.temporal.namespace}${where.temporal.uiUrl ? `  web UI ${where.temporal.uiUrl}` : ''}`,
    `Neo4j     ${where.neo4j.uri}  user ${where.neo4j.user}  password ${where.neo4j.passwordAt}`,
    `Next: npx hardgen run ${quickstart()} · stop them with npx hardgen down`,
  ]);
  return 0;
}

/** `hardgen down`: stops what this home started; data stay. */
export async function down(options: ServicesOptions, config: Config = loadConfig()): Promise<number> {
  const stopped = await stopServices(config, progressToStderr);
  print(options, { stopped }, () => [stopped.length === 0 ? 'Nothing was running.' : `Stopped ${inWords(stopped)}. Next: npx hardgen up starts them again on the same data.`]);
  return 0;
}

/** `hardgen doctor`: every check with its cure; exit code 1 when one fails. */
export async function doctorCommand(options: ServicesOptions, config: Config = loadConfig()): Promise<number> {
  const checks = await doctor(config);
  const healthy = checks.every((check) => check.ok);
  print(options, { ok: healthy, checks }, () => [...checks.map(checkLine), healthy ? `All is well. Next: npx hardgen run ${quickstart()}` : 'Cure what is marked ✗, then run npx hardgen doctor again.']);
  return healthy ? 0 : 1;
}

/** `temporal: building …`, one line per event. */
export function eventLine(event: ServiceEvent): string {
  return `${event.service} ${event.phase}: ${event.detail}`;
}

export const progressToStderr: Report = (event) => void process.stderr.write(`${eventLine(event)}\n`);

// The password itself is not printed: terminals and CI logs are kept longer than one thinks.
function whereabouts(config: Config, services: Services): { temporal: Services['temporal']; neo4j: { uri: string; user: string; passwordAt: string } } {
  const { uri, user } = services.neo4j;
  return { temporal: services.temporal, neo4j: { uri, user, passwordAt: config.neo4jUri === undefined ? `in ${neo4jPasswordFile(config)}` : 'as set in the environment' } };
}

function checkLine(check: Check): string {
  return `${check.ok ? '✓' : '✗'} ${check.name.padEnd(17)} ${check.detail}${check.cure === '' ? '' : ` → ${check.cure}`}`;
}

const inWords = (names: readonly string[]): string => (names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`);

function print<T>(options: ServicesOptions, document: T, lines: (document: T) => string[]): void {
  process.stdout.write(options.json ? `${JSON.stringify(document, null, 2)}\n` : `${lines(document).join('\n')}\n`);
}
