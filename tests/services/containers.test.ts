import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { RETENTION_HOURS, temporalArgs } from '../../src/services/temporal';
import { GRACE_SECONDS } from '../../src/worker';

const root = join(__dirname, '..', '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

interface Service {
  profiles?: string[];
  image?: string;
  build?: string;
  command?: string[];
  entrypoint?: string[];
  depends_on?: Record<string, { condition: string }>;
  configs?: { source: string; target: string }[];
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  secrets?: string[];
  healthcheck?: { test: string[] };
  stop_grace_period?: string;
}
type Name = 'temporal' | 'neo4j' | 'worker' | 'postgres' | 'temporal-on-postgres' | 'temporal-ui' | 'worker-on-postgres';
const compose = parse(read('docker-compose.yml'), { merge: true }) as { services: Record<Name, Service>; configs: Record<string, { content: string }>; volumes: Record<string, unknown>; secrets: Record<string, unknown> };
const services = Object.entries(compose.services);
const withProfile = (profile: string | undefined): (string | undefined)[][] =>
  services.filter(([, service]) => service.profiles?.[0] === profile).map(([name, service]) => [name, service.image ?? service.build]);

describe('docker-compose.yml', () => {
  it('has Temporal, Neo4j and our worker', () => {
    expect(withProfile(undefined)).toEqual([['temporal', 'temporalio/temporal:1.5.1'], ['neo4j', 'neo4j:5.26-community'], ['worker', '.']]);
  });

  it('opens every port on the loopback address alone', () => {
    const ports = services.flatMap(([, service]) => service.ports ?? []);
    expect(ports).toHaveLength(5);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\$\{HARDGEN_\w+:-\d+\}:\d+$/);
  });

  it('keeps data in declared volumes, or in the folder of the user', () => {
    const named = services.flatMap(([, service]) => service.volumes ?? []).map((volume) => volume.split(':')[0] ?? '').filter((volume) => !volume.startsWith('$'));
    expect([...named].sort()).toEqual(Object.keys(compose.volumes).sort());
  });

  it('gives passwords by secret, never by variable', () => {
    for (const name of ['neo4j', 'worker', 'worker-on-postgres'] as const) expect(compose.services[name].secrets).toEqual(['neo4j_auth']);
    expect(read('docker-compose.yml')).not.toMatch(/PASSWORD: (?!"")/);
  });

  it('gives Neo4j no NEO4J_ variable that is not one of its settings', () => {
    for (const variable of Object.keys(compose.services.neo4j.environment ?? {})) expect(variable).toMatch(/^NEO4J_(AUTH_FILE|server_|db_|dbms_)/);
  });

  it('runs the dev server with the settings of the local process', () => {
    const settings = temporalArgs({ port: 7233, uiPort: 8233, database: 'x', namespace: 'default' }).filter((arg) => arg.includes('='));
    for (const setting of settings) expect(compose.services.temporal.command?.filter((arg) => arg.endsWith(`=${setting}`))).toHaveLength(1);
  });
});

describe('docker-compose.yml with the profile postgres', () => {
  const { postgres, 'temporal-on-postgres': temporal, worker, 'worker-on-postgres': workerThere } = compose.services;

  it('has PostgreSQL, a full server on it, its web UI, and our worker', () => {
    expect(withProfile('postgres')).toEqual([
      ['postgres', 'postgres:15-bookworm'], ['temporal-on-postgres', 'temporalio/auto-setup:1.29.1'], ['temporal-ui', 'temporalio/ui:2.34.0'], ['worker-on-postgres', '.'],
    ]);
  });

  it('has the same worker, but for the server it works for', () => {
    expect(worker.environment?.TEMPORAL_ADDRESS).toBe('temporal:7233');
    expect(workerThere.depends_on).toEqual({ 'temporal-on-postgres': { condition: 'service_healthy' }, neo4j: { condition: 'service_healthy' } });
    const { profiles: _profile, depends_on: _server, environment, ...same } = workerThere;
    expect(worker).toEqual({ ...same, depends_on: expect.anything(), environment: { ...environment, TEMPORAL_ADDRESS: 'temporal:7233' } });
    expect(environment?.TEMPORAL_ADDRESS).toBe('temporal-on-postgres:7233');
  });

  it('gives the server the settings that the dev server has, but for the bound of its memory', () => {
    const dynamic = parse(compose.configs['temporal-dynamic']?.content ?? '') as Record<string, { value: unknown }[]>;
    const args = temporalArgs({ port: 1, uiPort: 2, database: 'x', namespace: 'default' });
    const settings = args.filter((arg, index) => args[index - 1] === '--dynamic-config-value' && !arg.startsWith('history.hostLevelCache'));
    expect(Object.entries(dynamic).map(([key, [first]]) => `${key}=${String(first?.value)}`).sort()).toEqual([...settings].sort());
    expect(temporal.configs?.[0]?.target).toBe(temporal.environment?.DYNAMIC_CONFIG_FILE_PATH);
    expect(temporal.environment?.DEFAULT_NAMESPACE_RETENTION).toBe(`${RETENTION_HOURS}h`);
  });

  it('opens PostgreSQL to nobody outside', () => {
    expect(postgres.ports).toBeUndefined();
  });

  it('hands the password over by secret: no variable of a container holds it', () => {
    expect(postgres.environment?.POSTGRES_PASSWORD_FILE).toBe('/run/secrets/postgres_password');
    for (const service of [postgres, temporal]) expect(service.secrets).toEqual(['postgres_password']);
    expect(Object.keys({ ...temporal.environment, ...postgres.environment }).filter((name) => /PWD|PASSWORD$/.test(name))).toEqual([]);
  });

  it('starts the server when PostgreSQL is healthy, and calls it healthy when the namespace is there', () => {
    expect(temporal.depends_on).toEqual({ postgres: { condition: 'service_healthy' } });
    expect(temporal.healthcheck?.test).toContain('describe');
  });
});

describe('the worker\'s container', () => {
  it('may be started several times: no port and no name is its own', () => {
    for (const name of ['worker', 'worker-on-postgres'] as const) {
      expect(compose.services[name].ports).toBeUndefined();
      expect(compose.services[name]).not.toHaveProperty('container_name');
    }
  });

  it('is given longer to end than the worker needs for the calls it has begun', () => {
    expect(Number.parseInt(compose.services.worker.stop_grace_period ?? '0', 10)).toBeGreaterThan(GRACE_SECONDS);
  });
});

describe('Dockerfile', () => {
  const lines = read('Dockerfile').split('\n');
  const copied = lines.filter((line) => line.startsWith('COPY ') && !line.includes('--from=')).flatMap((line) => line.split(' ').slice(1, -1));

  it('copies files that exist and that .dockerignore lets through', () => {
    const allowed = read('.dockerignore').split('\n').filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    for (const source of copied) {
      expect(existsSync(join(root, source.replace('./', '')))).toBe(true);
      expect(allowed).toContain(source.replace('./', ''));
    }
  });

  it('runs as a user without rights, and can tell whether it is well', () => {
    const last = lines.slice(lines.lastIndexOf(lines.filter((line) => line.startsWith('FROM')).at(-1) ?? ''));
    expect(last).toContain('USER node');
    expect(last.some((line) => line.startsWith('HEALTHCHECK'))).toBe(true);
  });
});
