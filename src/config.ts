import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { z } from 'zod';

/** Everything this program takes from its environment. Holds no model keys: `keyOf` reads those at the moment of use. */
export interface Config {
  /** Absolute folder of this project's data: services' databases, records, logs. */
  home: string;
  /** Absolute folder of what was fetched once for all projects: server binaries and jars. */
  cache: string;
  /** Set when Temporal already runs somewhere; then none is started. */
  temporalAddress?: string;
  temporalNamespace: string;
  taskQueue: string;
  /** Set when Neo4j already runs somewhere; then none is started. */
  neo4jUri?: string;
  neo4jUser: string;
  neo4jPassword?: string;
  /** Ports for services that we start; a free one each when unset. */
  temporalPort?: number;
  temporalUiPort?: number;
  neo4jPort?: number;
  /** `auto`: containers when a Docker engine answers; `off`: never. */
  docker: 'auto' | 'off';
  /** Set when the simulator already runs somewhere; then none is started. */
  simulatorUrl?: string;
  /** Port of 127.0.0.1 where a worker serves Prometheus metrics; none when unset. */
  metricsPort?: number;
  /** The least a worker's log shows. */
  logLevel: LogLevel;
  /** PATH, searched for `java`, `mvn`, `go`, `docker`, `temporal`. */
  searchPath: string;
  javaHome?: string;
}

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A setting of the environment that cannot be used; the message is for the person who set it. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

type Environment = NodeJS.ProcessEnv;

const port = z.coerce.number('a port from 1 to 65535').int('a port from 1 to 65535').min(1, 'a port from 1 to 65535').max(65535, 'a port from 1 to 65535');
const hostAndPort = z.string().regex(/^[^\s/]+:\d+$/, 'host:port, for example 127.0.0.1:7233');
const name = z.string().regex(/^[A-Za-z0-9._-]+$/, 'letters, digits, dots, dashes');

const environmentSchema = z.object({
  HARDGEN_HOME: z.string().optional(),
  HARDGEN_CACHE: z.string().optional(),
  XDG_CACHE_HOME: z.string().optional(),
  TEMPORAL_ADDRESS: hostAndPort.optional(),
  TEMPORAL_NAMESPACE: name.default('default'),
  HARDGEN_TASK_QUEUE: name.default('hardgen'),
  HARDGEN_NEO4J_URI: z.string().regex(/^(neo4j|bolt)(\+s|\+ssc)?:\/\/[^\s/]+$/, 'an address like bolt://127.0.0.1:7687').optional(),
  HARDGEN_NEO4J_USER: z.string().default('neo4j'),
  HARDGEN_NEO4J_PASSWORD: z.string().optional(),
  HARDGEN_NEO4J_AUTH_FILE: z.string().optional(),
  HARDGEN_TEMPORAL_PORT: port.optional(),
  HARDGEN_TEMPORAL_UI_PORT: port.optional(),
  HARDGEN_NEO4J_PORT: port.optional(),
  HARDGEN_DOCKER: z.enum(['auto', 'off'], 'auto or off').default('auto'),
  HARDGEN_SIMULATOR_URL: z.url('an address like http://127.0.0.1:8080/v1').optional(),
  HARDGEN_METRICS_PORT: port.optional(),
  HARDGEN_LOG_LEVEL: z.enum(LOG_LEVELS, LOG_LEVELS.join(', ')).default('info'),
  PATH: z.string().default(''),
  JAVA_HOME: z.string().optional(),
});

/**
 * Reads and checks the environment; an empty variable counts as unset.
 * Throws ConfigError with the variable's name, what it must be and what it is.
 */
export function loadConfig(env: Environment = process.env): Config {
  const parsed = environmentSchema.safeParse(withoutEmpty(env));
  if (!parsed.success) throw new ConfigError(explain(parsed.error, env));
  const set = parsed.data;
  return {
    home: resolve(set.HARDGEN_HOME ?? '.hardgen'),
    cache: resolve(set.HARDGEN_CACHE ?? join(set.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'hardgen')),
    temporalAddress: set.TEMPORAL_ADDRESS,
    temporalNamespace: set.TEMPORAL_NAMESPACE,
    taskQueue: set.HARDGEN_TASK_QUEUE,
    ...neo4jLogin(set),
    temporalPort: set.HARDGEN_TEMPORAL_PORT,
    temporalUiPort: set.HARDGEN_TEMPORAL_UI_PORT,
    neo4jPort: set.HARDGEN_NEO4J_PORT,
    docker: set.HARDGEN_DOCKER,
    simulatorUrl: set.HARDGEN_SIMULATOR_URL,
    metricsPort: set.HARDGEN_METRICS_PORT,
    logLevel: set.HARDGEN_LOG_LEVEL,
    searchPath: set.PATH,
    javaHome: set.JAVA_HOME,
  };
}

/**
 * The API key in the variable that a campaign file names (`apiKeyEnv`), read when a request is made so that no config
 * object, log or payload ever holds it. Throws ConfigError when the variable is unset or empty.
 */
export function keyOf(variable: string, env: Environment = process.env): string {
  const key = env[variable];
  if (key === undefined || key === '') {
    throw new ConfigError(`Expected an API key in the environment variable \`${variable}\` (apiKeyEnv in the campaign file), got nothing; set it and resume`);
  }
  return key;
}

/** The whole environment, for worlds whose campaign file names variables as `$NAME`; what they pass on is theirs to confine. */
export function ourEnvironment(): Readonly<Environment> {
  return process.env;
}

/** What a client needs to connect to Temporal: TLS and API key from TEMPORAL_* count only for the address they were set for. */
export interface TemporalConnection {
  address: string;
  tls?: ReturnType<typeof loadClientConnectConfig>['connectionOptions']['tls'];
  apiKey?: string;
}

/** The same settings `temporal` itself reads, so that our commands and `temporal …` reach the same server. */
export function temporalConnection(config: Config, address: string, env: Environment = process.env): TemporalConnection {
  if (address !== config.temporalAddress) return { address };
  const { connectionOptions } = loadClientConnectConfig({ overrideEnvVars: withoutEmpty(env) });
  const { tls, apiKey } = connectionOptions;
  return { address, ...(tls === undefined ? {} : { tls }), ...(typeof apiKey === 'string' ? { apiKey } : {}) };
}

/** The environment for build tools (`go`, `mvn`, `docker`), which have settings of their own there. */
export function toolEnvironment(config: Config, extra: Record<string, string> = {}, env: Environment = process.env): Environment {
  return { ...env, PATH: config.searchPath, ...extra };
}

/** The environment for servers: nothing they could mistake for a setting, and no keys that would then lie in /proc for weeks. */
export function serverEnvironment(config: Config, extra: Record<string, string> = {}, env: Environment = process.env): Environment {
  const kept = Object.fromEntries(['HOME', 'LANG', 'TZ', 'TMPDIR'].flatMap((key) => (env[key] === undefined ? [] : [[key, env[key]]])));
  return { ...kept, PATH: config.searchPath, ...extra };
}

/** The environment for `npm install` of a package nobody here has read: npm's own settings, proxies, compilers, and none of our keys. */
export function installEnvironment(env: Environment = process.env): Environment {
  return Object.fromEntries(Object.entries(env).filter(([key]) => FOR_INSTALLS.test(key)));
}

const FOR_INSTALLS = /^(PATH|HOME|LANG|LC_ALL|TZ|TMPDIR|npm_.*|(https?|no|all)_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|CC|CXX|C(XX|PP)?FLAGS|LDFLAGS|PYTHON)$/i;

// docker compose hands over unset variables as empty texts.
function withoutEmpty(env: Environment): Record<string, string> {
  return Object.fromEntries(Object.entries(env).flatMap(([key, value]) => (value === undefined || value === '' ? [] : [[key, value]])));
}

function explain(error: z.ZodError, env: Environment): string {
  return error.issues
    .map((issue) => `Expected ${String(issue.path[0])} to be ${issue.message}, got \`${env[String(issue.path[0])] ?? ''}\` (environment); correct it or unset it`)
    .join('\n');
}

function neo4jLogin(set: z.infer<typeof environmentSchema>): Pick<Config, 'neo4jUri' | 'neo4jUser' | 'neo4jPassword'> {
  const fromFile = set.HARDGEN_NEO4J_PASSWORD === undefined && set.HARDGEN_NEO4J_AUTH_FILE !== undefined ? readAuthFile(set.HARDGEN_NEO4J_AUTH_FILE) : {};
  const login = { neo4jUri: set.HARDGEN_NEO4J_URI, neo4jUser: set.HARDGEN_NEO4J_USER, neo4jPassword: set.HARDGEN_NEO4J_PASSWORD, ...fromFile };
  if (login.neo4jUri !== undefined && login.neo4jPassword === undefined) {
    throw new ConfigError('Expected HARDGEN_NEO4J_PASSWORD beside HARDGEN_NEO4J_URI, got nothing (environment); set it, or unset the address to have a Neo4j started');
  }
  return login;
}

/** One line `user/password`, the form that the Neo4j image reads too, so that both containers share one secret. */
function readAuthFile(file: string): { neo4jUser: string; neo4jPassword: string } {
  const text = readTextOf(file).trim();
  const slash = text.indexOf('/');
  if (slash < 1 || slash === text.length - 1) {
    throw new ConfigError(`Expected one line \`user/password\` in ${file} (HARDGEN_NEO4J_AUTH_FILE), got ${text === '' ? 'nothing' : 'something else'}; write it there`);
  }
  return { neo4jUser: text.slice(0, slash), neo4jPassword: text.slice(slash + 1) };
}

function readTextOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ConfigError(`Expected a readable file at ${file} (HARDGEN_NEO4J_AUTH_FILE), got ${(cause as NodeJS.ErrnoException).code ?? 'an error'}; create it or unset the variable`, { cause });
  }
}
