import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import neo4j from 'neo4j-driver';
import type { Config } from '../config';
import { serverEnvironment, toolEnvironment } from '../config';
import { choosePort, LOOPBACK } from './ports';
import { identityOf } from '../process-identity';
import { ask, findProgram, runLogged, startDetached } from './programs';
import { untilReady } from './readiness';
import { reportWhile, type Report } from './report';
import { ServiceError, reasonOf } from './service-error';
import { logFile, noteRunning, readServicesFile } from './services-file';

export interface Neo4jService {
  uri: string;
  user: string;
  password: string;
}

/** The last line of Neo4j that runs on Java 17 as well as 21. */
export const NEO4J_VERSION = '5.26.29';
const MAIN_CLASS = 'org.neo4j.server.CommunityEntryPoint';

/** A Maven project that does nothing but put the server's jars into one folder, as the official archive's `lib/` has them. */
export function neo4jPom(lib: string): string {
  const dependency = (group: string, artifact: string): string =>
    `    <dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${NEO4J_VERSION}</version></dependency>`;
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>hardgen</groupId><artifactId>neo4j-jars</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
${dependency('org.neo4j', 'neo4j')}
${dependency('org.neo4j.app', 'neo4j-server')}
  </dependencies>
  <build><plugins><plugin>
    <groupId>org.apache.maven.plugins</groupId><artifactId>maven-dependency-plugin</artifactId><version>3.8.1</version>
    <executions><execution><phase>package</phase><goals><goal>copy-dependencies</goal></goals>
      <configuration><outputDirectory>${xmlText(lib)}</outputDirectory><includeScope>runtime</includeScope></configuration>
    </execution></executions>
  </plugin></plugins></build>
</project>
`;
}

const xmlText = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** Settings for a small machine; every key is one that 5.26 knows, as an unknown one stops the start. */
export function neo4jConf(port: number): string {
  return `# Written at every start.
server.default_listen_address=${LOOPBACK}
server.bolt.listen_address=${LOOPBACK}:${port}
server.bolt.advertised_address=${LOOPBACK}:${port}
server.http.enabled=false
server.https.enabled=false
dbms.security.auth_enabled=true
dbms.security.allow_csv_import_from_file_urls=false
server.memory.pagecache.size=128m
dbms.memory.transaction.total.max=256m
db.transaction.timeout=60s
db.lock.acquisition.timeout=10s
db.tx_log.rotation.size=16m
db.tx_log.rotation.retention_policy=keep_none
server.logs.debug.enabled=false
dbms.usage_report.enabled=false
`;
}

/**
 * The command line of the server. Its work is short and small: with the first compiler alone and the plain collector it takes
 * 12 s less CPU in its first minute, when two cores have a campaign to start, and no more later (bench:scale).
 * Heap and flags stand here because only Neo4j's own launcher reads them from the conf.
 */
export function neo4jArgs(server: { lib: string; folder: string }): string[] {
  const classPath = [join(server.folder, 'plugins', '*'), join(server.folder, 'conf', '*'), join(server.lib, '*')].join(delimiter);
  return [
    '-Xms256m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:+ExitOnOutOfMemoryError',
    '--add-opens=java.base/java.nio=ALL-UNNAMED', '--add-opens=java.base/java.io=ALL-UNNAMED', '--add-opens=java.base/sun.nio.ch=ALL-UNNAMED',
    '--enable-native-access=ALL-UNNAMED', '-Dio.netty.tryReflectionSetAccessible=true', '-Djdk.nio.maxCachedBufferSize=1024',
    '-Djdk.tls.ephemeralDHKeySize=2048', '-Djdk.tls.rejectClientInitiatedRenegotiation=true', '-Dlog4j2.disable.jmx=true', '-Dfile.encoding=UTF-8',
    '-cp', classPath, MAIN_CLASS, `--home-dir=${server.folder}`, `--config-dir=${join(server.folder, 'conf')}`, '--console-mode',
  ];
}

/**
 * `null` when Neo4j takes the password and answers a query, else why not: a database that was hit by a full disk still lets
 * people in, begins no transaction and has to be started again.
 */
export async function probeNeo4j(service: Neo4jService): Promise<string | null> {
  const driver = neo4j.driver(service.uri, neo4j.auth.basic(service.user, service.password), {
    connectionTimeout: 3_000, connectionAcquisitionTimeout: 5_000, maxTransactionRetryTime: 0, telemetryDisabled: true,
  });
  try {
    await driver.executeQuery('RETURN 1');
    return null;
  } catch (error) {
    return reasonOf(error);
  } finally {
    await driver.close();
  }
}

/** The password of this home's Neo4j: made once, readable by its owner alone. Throws ServiceError when it was deleted beside kept data. */
export function neo4jPassword(config: Config): string {
  const file = neo4jPasswordFile(config);
  if (!existsSync(file)) {
    if (hasDatabase(neo4jFolder(config))) throw new ServiceError(`Expected the password of the Neo4j data in ${neo4jFolder(config)} at ${file}, got no file; put it back, or remove ${neo4jFolder(config)} to start with an empty graph`);
    mkdirSync(config.home, { recursive: true });
    // Never half a password on a full disk.
    writeFileSync(`${file}.new`, randomBytes(18).toString('hex'), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  chmodSync(file, 0o600);
  return readFileSync(file, 'utf8').trim();
}

export const neo4jPasswordFile = (config: Config): string => join(config.home, 'neo4j-password');
const neo4jFolder = (config: Config): string => join(config.home, 'neo4j');
const hasDatabase = (folder: string): boolean => existsSync(join(folder, 'data', 'databases', 'system'));

const libFolder = (config: Config): string => join(config.cache, `neo4j-${NEO4J_VERSION}`, 'lib');
const isFetched = (config: Config): boolean => existsSync(join(libFolder(config), `neo4j-${NEO4J_VERSION}.jar`));

/** Throws ServiceError at once when Neo4j cannot be started here, before anything is fetched. */
export async function checkNeo4jCanStart(config: Config): Promise<void> {
  await findJava(config);
  if (!isFetched(config)) findMaven(config);
}

/** The Java to use: JAVA_HOME's, else PATH's; 17 or later, else ServiceError. */
export async function findJava(config: Config): Promise<string> {
  const java = (config.javaHome === undefined ? null : findProgram(join(config.javaHome, 'bin'), 'java')) ?? findProgram(config.searchPath, 'java');
  const version = java === null ? null : javaVersion((await ask(config, java, ['-version'], 10_000)).output);
  if (java !== null && version !== null && version >= 17) return java;
  throw new ServiceError(`Expected Java 17 or later on PATH to run Neo4j, got ${version === null ? 'none' : `Java ${version}`}; install it (Debian: apt-get install openjdk-17-jre-headless), or set HARDGEN_NEO4J_URI to a running Neo4j`);
}

/** `openjdk version "17.0.15"` → 17, `"1.8.0_292"` → 8; `null` when the text is no version. */
export function javaVersion(text: string): number | null {
  const match = /version "(?:1\.)?(\d+)/.exec(text);
  return match ? Number(match[1]) : null;
}

export function findMaven(config: Config): string {
  const maven = findProgram(config.searchPath, 'mvn');
  if (maven !== null) return maven;
  throw new ServiceError('Expected Maven (`mvn`) on PATH to fetch Neo4j once, got none; install it (Debian: apt-get install maven), or set HARDGEN_NEO4J_URI to a running Neo4j');
}

async function fetchNeo4j(config: Config, report: Report): Promise<void> {
  const maven = findMaven(config);
  const base = join(config.cache, `neo4j-${NEO4J_VERSION}`);
  const partial = join(base, `partial-${process.pid}`);
  const [pom, jars] = [join(partial, 'pom.xml'), join(partial, 'lib')];
  mkdirSync(partial, { recursive: true });
  writeFileSync(pom, neo4jPom(jars));
  try {
    const download = runLogged({ program: maven, args: ['-q', '-B', '-f', pom, 'package'], cwd: partial, log: logFile(config, 'fetch-neo4j'), env: toolEnvironment(config) });
    await reportWhile(download, { report, event: { service: 'neo4j', phase: 'fetching' }, everySeconds: 10, detail: (seconds) => `downloading Neo4j ${NEO4J_VERSION} (once, 118 MB, about 40 seconds): ${seconds} s, ${jarsIn(jars)} of about 212 jars` });
    moveIntoPlace(jars, libFolder(config), () => isFetched(config));
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

const jarsIn = (folder: string): number => (existsSync(folder) ? readdirSync(folder).length : 0);

// The folder appears whole or not at all; when another project's fetch was quicker, its jars are as good as ours.
function moveIntoPlace(from: string, to: string, isThere: () => boolean): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!isThere()) throw error;
  }
}

/** Starts Neo4j on this home's data and waits until it takes the password. */
export async function startNeo4j(config: Config, report: Report): Promise<Neo4jService> {
  const java = await findJava(config);
  if (!isFetched(config)) await fetchNeo4j(config, report);
  const port = await choosePort({ variable: 'HARDGEN_NEO4J_PORT', configured: config.neo4jPort, last: readServicesFile(config).ports.neo4j });
  const service = { uri: `bolt://${LOOPBACK}:${port}`, user: 'neo4j', password: neo4jPassword(config) };
  const [folder, log] = [layOutFolder(config, port), logFile(config, 'neo4j')];
  await setFirstPassword(config, { java, folder, password: service.password });
  report({ service: 'neo4j', phase: 'starting', detail: `at ${service.uri} (5 to 12 seconds), log ${log}` });
  const { pid, exited } = await startDetached(config, { program: java, args: neo4jArgs({ lib: libFolder(config), folder }), cwd: folder, log, extraEnv: places(folder) });
  const identity = identityOf(pid);
  if (identity !== null) noteRunning(config, 'neo4j', { kind: 'process', ...identity }, { neo4j: port });
  await untilReady({ what: `Neo4j to answer at ${service.uri}`, probe: async () => await probeNeo4j(service), exited, log, timeoutMs: 120_000 });
  return service;
}

const places = (folder: string): Record<string, string> => ({ NEO4J_HOME: folder, NEO4J_CONF: join(folder, 'conf') });

function layOutFolder(config: Config, port: number): string {
  const folder = neo4jFolder(config);
  for (const part of ['conf', 'data', 'logs', 'run', 'plugins', 'import']) mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(join(folder, 'conf', 'neo4j.conf'), neo4jConf(port));
  return folder;
}

// Only an empty database takes an initial password, so it is set when no database has been made yet. `--`: a password may begin with `-`.
async function setFirstPassword(config: Config, first: { java: string; folder: string; password: string }): Promise<void> {
  if (hasDatabase(first.folder)) return;
  await runLogged({
    program: first.java,
    args: ['-cp', join(libFolder(config), '*'), 'org.neo4j.cli.AdminTool', 'dbms', 'set-initial-password', '--', first.password],
    cwd: first.folder, log: logFile(config, 'neo4j'), env: serverEnvironment(config, places(first.folder)),
  });
}
