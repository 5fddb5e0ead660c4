import { mkdirSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import type { Config } from '../config';
import { composeAnswers } from './compose';
import { findJava, findMaven, probeNeo4j } from './neo4j';
import { isFree } from './ports';
import { ask, findProgram } from './programs';
import { ServiceError, reasonOf } from './service-error';
import { findServices } from './services';
import { checkTemporalCanStart, probeTemporal } from './temporal';

/** One finding of `doctor`. `ok: false` means that something users do will fail; `cure` says what to do, empty when nothing. */
export interface Check {
  name: string;
  ok: boolean;
  detail: string;
  cure: string;
}

/** Room for both databases, their binaries and a campaign's records. */
const DISK_GB = 4;

/** Looks at everything a run needs and starts nothing. Never throws for what it finds. */
export async function doctor(config: Config): Promise<Check[]> {
  const running = await findServices(config).catch(() => ({}));
  return await Promise.all([
    checkNode(),
    checkGit(config),
    checkDocker(config),
    checkJava(config),
    checkMaven(config),
    checkTemporalProgram(config),
    checkTemporalAddress(config, 'temporal' in running),
    checkNeo4jAddress(config, 'neo4j' in running),
    ...configuredPorts(config).map(async ([variable, port]) => await checkPort(variable, port, running)),
    checkDisk(config),
  ]);
}

const fine = (name: string, detail: string): Check => ({ name, ok: true, detail, cure: '' });
const bad = (name: string, detail: string, cure: string): Check => ({ name, ok: false, detail, cure });

/** Splits a ServiceError's sentence at its semicolon: what is wrong, what to do. */
function fromError(name: string, error: unknown): Check {
  if (!(error instanceof ServiceError)) throw error;
  const [wrong = '', ...cure] = error.message.split('; ');
  return bad(name, wrong, cure.join('; '));
}

async function tried(name: string, look: () => Promise<string>): Promise<Check> {
  try {
    return fine(name, await look());
  } catch (error) {
    return fromError(name, error);
  }
}

async function checkNode(): Promise<Check> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const recent = major > 20 || (major === 20 && minor >= 3);
  return recent ? fine('node', process.versions.node) : bad('node', `Node ${process.versions.node}`, 'install Node 20.3 or later');
}

async function checkGit(config: Config): Promise<Check> {
  const git = findProgram(config.searchPath, 'git');
  if (git === null) return bad('git', 'not on PATH', 'install git (Debian: apt-get install git); worlds that act on repositories need it');
  return fine('git', (await ask(config, git, ['--version'])).output);
}

async function checkDocker(config: Config): Promise<Check> {
  return fine('docker', (await composeAnswers(config)) ? 'an engine answers: services run in containers' : 'no engine with compose answers: services run as local processes');
}

// With an address in the environment or an engine, Java, Maven and Go are not needed.
async function checkJava(config: Config): Promise<Check> {
  if (await startsElsewhere(config, config.neo4jUri)) return fine('java', 'not needed');
  return await tried('java', async () => await findJava(config));
}

async function checkMaven(config: Config): Promise<Check> {
  if (await startsElsewhere(config, config.neo4jUri)) return fine('maven', 'not needed');
  return await tried('maven', async () => findMaven(config));
}

async function checkTemporalProgram(config: Config): Promise<Check> {
  if (await startsElsewhere(config, config.temporalAddress)) return fine('temporal program', 'not needed');
  return await tried('temporal program', async () => {
    await checkTemporalCanStart(config);
    return 'here, or can be built';
  });
}

async function startsElsewhere(config: Config, address: string | undefined): Promise<boolean> {
  return address !== undefined || (await composeAnswers(config));
}

async function checkTemporalAddress(config: Config, runs: boolean): Promise<Check> {
  const address = config.temporalAddress;
  if (address === undefined) return fine('temporal', runs ? 'running' : 'not running; started when needed');
  const trouble = await probeTemporal(config, address);
  return trouble === null ? fine('temporal', `answers at ${address}`) : bad('temporal', `${address}: ${trouble}`, 'start it there, or unset TEMPORAL_ADDRESS');
}

async function checkNeo4jAddress(config: Config, runs: boolean): Promise<Check> {
  if (config.neo4jUri === undefined || config.neo4jPassword === undefined) return fine('neo4j', runs ? 'running' : 'not running; started when needed');
  const trouble = await probeNeo4j({ uri: config.neo4jUri, user: config.neo4jUser, password: config.neo4jPassword });
  return trouble === null ? fine('neo4j', `answers at ${config.neo4jUri}`) : bad('neo4j', `${config.neo4jUri}: ${trouble}`, 'start it there, correct HARDGEN_NEO4J_PASSWORD, or unset HARDGEN_NEO4J_URI');
}

function configuredPorts(config: Config): [string, number][] {
  const ports: [string, number | undefined][] = [['HARDGEN_TEMPORAL_PORT', config.temporalPort], ['HARDGEN_TEMPORAL_UI_PORT', config.temporalUiPort], ['HARDGEN_NEO4J_PORT', config.neo4jPort]];
  return ports.flatMap(([variable, port]) => (port === undefined ? [] : [[variable, port] as [string, number]]));
}

async function checkPort(variable: string, port: number, running: object): Promise<Check> {
  const service = variable === 'HARDGEN_NEO4J_PORT' ? 'neo4j' : 'temporal';
  if (service in running || (await isFree(port))) return fine(`port ${port}`, variable);
  return bad(`port ${port}`, `${variable}: in use by another program`, `stop what listens there, or unset ${variable}`);
}

async function checkDisk(config: Config): Promise<Check> {
  try {
    mkdirSync(config.home, { recursive: true });
    const { bavail, bsize } = await statfs(config.home);
    const free = (bavail * bsize) / 1e9;
    return free >= DISK_GB ? fine('disk', `${free.toFixed(0)} GB free`) : bad('disk', `${free.toFixed(1)} GB free at ${config.home}`, `free ${DISK_GB} GB, or set HARDGEN_HOME to a larger disk`);
  } catch (error) {
    return bad('disk', `${config.home}: ${reasonOf(error)}`, 'set HARDGEN_HOME to a folder you can write to');
  }
}
