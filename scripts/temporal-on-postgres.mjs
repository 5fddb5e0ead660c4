import { execFileSync, spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { chownSync, closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
/** The server inside the CLI that `hardgen up` builds, so that both forms differ in their database alone. */
const SERVER_VERSION = '1.29.1';
const NAMESPACE = 'default';
/** The databases that profile `postgres` of docker-compose.yml has, with the schema each gets. */
const DATABASES = { temporal: 'postgresql/v12/temporal', temporal_visibility: 'postgresql/v12/visibility' };
const LOOPBACK = '127.0.0.1';

/**
 * A Temporal server (not the dev server) on a PostgreSQL of its own, both in a folder that is deleted at the end.
 * Gives the address, `stop`, and the file that has the server's process id: a server that is killed is started again on
 * the same database. Throws one sentence when PostgreSQL or Go is missing.
 */
export async function startTemporalOnPostgres(config, say) {
  const bin = findOrInstallPostgres(config, say);
  const programs = await fetchServer(config, say);
  const folder = mkdtempSync(join(tmpdir(), 'hardgen-postgres-'));
  const started = [];
  const stop = async () => {
    for (const server of started.reverse()) await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const began = Date.now();
    const postgres = await startPostgres({ config, bin, folder });
    started.push(postgres);
    for (const [database, schema] of Object.entries(DATABASES)) await createDatabase({ config, programs, postgres, database, schema });
    const temporal = await startServer({ config, programs, postgres, folder });
    started.push(temporal);
    say(`temporal on PostgreSQL ready: ${temporal.address}, ${((Date.now() - began) / 1000).toFixed(1)} s from an empty folder`);
    return { address: temporal.address, pidFile: temporal.pidFile, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The folder of `initdb` and `postgres`: on PATH, where Debian puts them, or there after `apt-get install`. */
function findOrInstallPostgres(config, say) {
  const found = findPostgres(config);
  if (found !== null) return found;
  const { findProgram } = require('../dist/services/programs');
  const aptGet = findProgram(config.searchPath, 'apt-get');
  const asRoot = process.getuid() === 0 ? [] : findProgram(config.searchPath, 'sudo') === null ? null : ['sudo'];
  if (aptGet !== null && asRoot !== null) {
    say('postgresql: installing with apt-get');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    for (const args of [['update', '-q'], ['install', '-qy', '--no-install-recommends', 'postgresql']]) {
      const [program, ...rest] = [...asRoot, aptGet, ...args];
      execFileSync(program, rest, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    }
  }
  const installed = findPostgres(config);
  if (installed === null) throw new Error('Expected `initdb` and `postgres` (12 or later) on PATH or in /usr/lib/postgresql, got neither; install PostgreSQL and try again');
  return installed;
}

// Debian puts only clients on PATH, and one folder per version beside each other; the newest counts.
function findPostgres(config) {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...config.searchPath.split(':'), ...versions.map((version) => join(debian, version, 'bin'))];
  return folders.find((folder) => ['initdb', 'postgres'].every((program) => existsSync(join(folder, program)))) ?? null;
}

/** The server and its schema tool, built once with Go and kept beside the CLI. */
async function fetchServer(config, say) {
  const folder = join(config.cache, `temporal-server-${SERVER_VERSION}`);
  const programs = { server: join(folder, 'server'), sql: join(folder, 'sql') };
  if (existsSync(folder)) return programs;
  const { findProgram, runLogged } = require('../dist/services/programs');
  const { toolEnvironment } = require('../dist/config');
  const go = findProgram(config.searchPath, 'go');
  if (go === null) throw new Error('Expected Go 1.25 or later on PATH to build the Temporal server, got none; install it (https://go.dev/dl) and try again');
  const partial = `${folder}.partial-${process.pid}`;
  mkdirSync(partial, { recursive: true });
  const began = Date.now();
  const seconds = () => Math.round((Date.now() - began) / 1000);
  const ticking = setInterval(() => say(`temporal server ${SERVER_VERSION}: building (once, about 3 minutes): ${seconds()} s`), 15_000);
  try {
    const modules = ['server', 'tools/sql'].map((command) => `go.temporal.io/server/cmd/${command}@v${SERVER_VERSION}`);
    await runLogged({ program: go, args: ['install', '-ldflags=-s -w', ...modules], cwd: partial, log: logFile(config, 'fetch-temporal-server'), env: toolEnvironment(config, { GOBIN: partial }) });
    // A rename is atomic: an interrupted build never looks like a program.
    renameSync(partial, folder);
  } finally {
    clearInterval(ticking);
    rmSync(partial, { recursive: true, force: true });
  }
  say(`temporal server ${SERVER_VERSION}: built in ${seconds()} s`);
  return programs;
}

/** PostgreSQL on a free port of the loopback address, with a password that lives as long as it does. */
async function startPostgres({ config, bin, folder }) {
  const login = { port: await freePort(), user: 'temporal', password: randomBytes(16).toString('hex') };
  const data = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(passwordFile, login.password, { mode: 0o600 });
  const owner = postgresOwner();
  if (owner.uid !== undefined) for (const path of [folder, data, passwordFile]) chownSync(path, owner.uid, owner.gid);
  const initialise = ['--pgdata', data, '--username', login.user, '--auth=scram-sha-256', '--pwfile', passwordFile, '--encoding=UTF8', '--no-locale', '--no-sync'];
  await runToEnd({ program: join(bin, 'initdb'), args: initialise, cwd: folder, log: logFile(config, 'postgres'), env: serverEnv(config), ...owner });
  // A database of minutes needs no disk; everything else is PostgreSQL's default but the places for the server's four pools.
  const settings = [`port=${login.port}`, `listen_addresses=${LOOPBACK}`, 'unix_socket_directories=', 'fsync=off', 'max_connections=200'].flatMap((setting) => ['-c', setting]);
  const server = startServerProcess({ program: join(bin, 'postgres'), args: ['-D', data, ...settings], cwd: folder, log: logFile(config, 'postgres'), env: serverEnv(config), ...owner });
  // SIGINT: sessions are ended and everything is closed in order.
  return { ...login, stop: () => server.end('SIGINT') };
}

// PostgreSQL refuses to run as root; Debian's package makes a user for it.
function postgresOwner() {
  if (process.getuid() !== 0) return {};
  const id = (flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    throw new Error('Expected a user `postgres`, as PostgreSQL does not run as root, got none; make one (`useradd --system postgres`), or run this as another user');
  }
}

async function createDatabase({ config, programs, postgres, database, schema }) {
  const env = serverEnv(config, { SQL_PLUGIN: 'postgres12', SQL_HOST: LOOPBACK, SQL_PORT: String(postgres.port), SQL_USER: postgres.user, SQL_PASSWORD: postgres.password, SQL_DATABASE: database });
  const sql = async (...args) => await runToEnd({ program: programs.sql, args, cwd: tmpdir(), log: logFile(config, 'temporal-schema'), env });
  await retried(15_000, async () => await sql('create-database'));
  await sql('setup-schema', '--version', '0.0');
  await sql('update-schema', '--schema-name', schema);
}

async function startServer({ config, programs, postgres, folder }) {
  const { settleNamespace } = require('../dist/services/temporal');
  const ports = await freePortsBelow32768(8);
  const address = `${LOOPBACK}:${ports[0]}`;
  const files = join(folder, 'server');
  mkdirSync(join(files, 'config'), { recursive: true });
  const dynamicConfig = join(files, 'dynamic.json');
  writeFileSync(dynamicConfig, JSON.stringify(dynamicSettings()));
  // JSON is YAML.
  writeFileSync(join(files, 'config', 'postgres.yaml'), JSON.stringify(serverConfig({ postgres, ports, dynamicConfig })), { mode: 0o600 });
  const pidFile = join(files, 'pid');
  const server = keepAlive(() => {
    const started = startServerProcess({ program: programs.server, args: ['--root', files, '--config', 'config', '--env', 'postgres', 'start'], cwd: files, log: logFile(config, 'temporal-server'), env: serverEnv(config) });
    writeFileSync(pidFile, String(started.pid));
    return started;
  });
  try {
    await retried(60_000, async () => await registerNamespace(address, server));
    await retried(60_000, async () => await settleNamespace(config, address, 'ours'));
    await retried(60_000, async () => await namespaceIsKnown(address));
  } catch (error) {
    await server.end('SIGTERM');
    throw error;
  }
  return { address, pidFile, stop: () => server.end('SIGTERM') };
}

/** What both servers of docker-compose.yml are given too. */
function dynamicSettings() {
  const settings = { 'system.enableActivityEagerExecution': true, 'matching.numTaskqueueReadPartitions': 1, 'matching.numTaskqueueWritePartitions': 1 };
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, [{ value }]]));
}

function serverConfig({ postgres, ports, dynamicConfig }) {
  const store = (databaseName, maxConns) => ({
    sql: { pluginName: 'postgres12', databaseName, connectAddr: `${LOOPBACK}:${postgres.port}`, connectProtocol: 'tcp', user: postgres.user, password: postgres.password, maxConns, maxIdleConns: maxConns, maxConnLifetime: '1h' },
  });
  const service = (index) => ({ rpc: { grpcPort: ports[2 * index], membershipPort: ports[2 * index + 1], bindOnLocalHost: true } });
  return {
    log: { stdout: true, level: 'warn' },
    persistence: { defaultStore: 'default', visibilityStore: 'visibility', numHistoryShards: 4, datastores: { default: store('temporal', 20), visibility: store('temporal_visibility', 5) } },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: LOOPBACK } },
    services: { frontend: service(0), history: service(1), matching: service(2), worker: service(3) },
    clusterMetadata: {
      enableGlobalNamespace: false, failoverVersionIncrement: 10, masterClusterName: 'active', currentClusterName: 'active',
      clusterInformation: { active: { enabled: true, initialFailoverVersion: 1, rpcName: 'frontend', rpcAddress: `${LOOPBACK}:${ports[0]}` } },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    publicClient: { hostPort: `${LOOPBACK}:${ports[0]}` },
    dynamicConfigClient: { filepath: dynamicConfig, pollInterval: '60s' },
  };
}

async function registerNamespace(address, server) {
  if (server.exit() !== null) throw Object.assign(new Error(`Expected the Temporal server to run, got exit ${server.exit()}; see ${server.log}`), { final: true });
  await withConnection(address, async (connection) => {
    try {
      await connection.workflowService.registerNamespace({ namespace: NAMESPACE, workflowExecutionRetentionPeriod: { seconds: 86_400 } });
    } catch (error) {
      // A try before this one may have got through.
      if (!/already exists/i.test(error.message)) throw error;
    }
  });
}

// A new namespace and its search attributes reach every service's cache within seconds, not at once.
async function namespaceIsKnown(address) {
  await withConnection(address, async (connection) => await connection.workflowService.countWorkflowExecutions({ namespace: NAMESPACE, query: 'CampaignId = "none" AND TrajectoryOutcome = "none"' }));
}

async function withConnection(address, use) {
  const { Connection } = require('@temporalio/client');
  const connection = await Connection.connect({ address, connectTimeout: '3s' });
  try {
    return await connection.withDeadline(Date.now() + 10_000, async () => await use(connection));
  } finally {
    await connection.close();
  }
}

async function retried(forMs, attempt) {
  for (const end = Date.now() + forMs; ; ) {
    try {
      return await attempt();
    } catch (error) {
      if (error.final || Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }
}

function startServerProcess({ program, log, ...options }) {
  const output = openSync(log, 'a');
  const child = spawn(program, options.args, { ...options, stdio: ['ignore', output, output] });
  closeSync(output);
  let exit = null;
  const exited = new Promise((resolve) => {
    const note = (how) => resolve((exit = how));
    child.on('error', (error) => note(error.message)).on('exit', (code, signal) => note(String(code ?? signal)));
  });
  const end = async (signal) => {
    child.kill(signal);
    const hard = setTimeout(() => child.kill('SIGKILL'), 15_000);
    await exited;
    clearTimeout(hard);
  };
  return { pid: child.pid, log, end, exit: () => exit };
}

/** Starts it again 3 s after a kill, as whoever runs a server has it; one that ends by itself stays ended. */
function keepAlive(start) {
  let server = start();
  let ending = false;
  const watch = setInterval(() => {
    if (!ending && server.exit() === 'SIGKILL') server = start();
  }, 3_000);
  const end = async (signal) => {
    ending = true;
    clearInterval(watch);
    await server.end(signal);
  };
  return { log: server.log, end, exit: () => server.exit() };
}

async function runToEnd(step) {
  const server = startServerProcess(step);
  while (server.exit() === null) await new Promise((resolve) => setTimeout(resolve, 20));
  if (server.exit() !== '0') throw new Error(`Expected \`${step.program} ${step.args[0]}\` to succeed, got ${server.exit()}; see ${step.log}`);
}

function serverEnv(config, extra = {}) {
  return require('../dist/config').serverEnvironment(config, extra);
}

function logFile(config, name) {
  const file = require('../dist/services/services-file').logFile(config, name);
  mkdirSync(dirname(file), { recursive: true });
  return file;
}

async function freePort() {
  return await require('../dist/services/ports').freePort();
}

// The server notes its ports in a signed 16-bit column, so those the system hands out (from 32768) cannot be used.
async function freePortsBelow32768(count) {
  const { isFree } = require('../dist/services/ports');
  const ports = [];
  for (let port = 20_000 + randomInt(12_000); ports.length < count; port += 1) if (await isFree(port)) ports.push(port);
  return ports;
}
