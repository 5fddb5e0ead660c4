import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { RETENTION_HOURS, temporalArgs } from '../../src/services/temporal';
import { GRACE_SECONDS } from '../../src/worker';

const root = join(__dirname, '..', '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

interface Service {
  image?: string;
  build?: string;
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  secrets?: string[];
  healthcheck?: { test: string[] };
  stop_grace_period?: string;
}
const compose = parse(read('docker-compose.yml')) as { services: Record<'temporal' | 'neo4j' | 'worker', Service>; volumes: Record<string, unknown>; secrets: Record<string, unknown> };
const services = Object.entries(compose.services);

describe('docker-compose.yml', () => {
  it('has Temporal, Neo4j and our worker', () => {
    expect(services.map(([name, service]) => [name, service.image ?? service.build])).toEqual([['temporal', 'temporalio/temporal:1.5.1'], ['neo4j', 'neo4j:5.26-community'], ['worker', '.']]);
  });

  it('opens every port on the loopback address alone', () => {
    const ports = services.flatMap(([, service]) => service.ports ?? []);
    expect(ports).toHaveLength(3);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\$\{HARDGEN_\w+:-\d+\}:\d+$/);
  });

  it('keeps data in declared volumes, or in the folder of the user', () => {
    const named = services.flatMap(([, service]) => service.volumes ?? []).map((volume) => volume.split(':')[0] ?? '').filter((volume) => !volume.startsWith('$'));
    expect([...named].sort()).toEqual(Object.keys(compose.volumes).sort());
  });

  it('gives passwords by secret, never by variable', () => {
    expect(compose.services.neo4j.secrets).toEqual(Object.keys(compose.secrets));
    expect(compose.services.worker.secrets).toEqual(Object.keys(compose.secrets));
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

describe('docker-compose.postgres.yml', () => {
  /** `!override` says to compose that lists are replaced, not merged; the rest of the value is what it would be. */
  const overriding = ['seq', 'map'].map((collection) => ({ tag: '!override', collection: collection as 'seq' | 'map' }));
  interface Override extends Service {
    entrypoint?: string[];
    depends_on?: Record<string, { condition: string }>;
    configs?: { source: string; target: string }[];
  }
  const text = read('docker-compose.postgres.yml');
  const override = parse(text, { customTags: overriding }) as { services: Record<string, Override>; configs: Record<string, { content: string }>; secrets: Record<string, { file: string }>; volumes: Record<string, unknown> };
  const { postgres, temporal, 'temporal-ui': ui } = override.services;

  it('puts PostgreSQL and a full server in the dev server\'s place, and leaves Neo4j and the worker alone', () => {
    expect(Object.entries(override.services).map(([name, service]) => [name, service.image])).toEqual([
      ['postgres', 'postgres:15-bookworm'], ['temporal', 'temporalio/auto-setup:1.29.1'], ['temporal-ui', 'temporalio/ui:2.34.0'],
    ]);
  });

  it('replaces the dev server\'s command, ports and volume instead of adding to them', () => {
    for (const key of ['command', 'ports', 'volumes']) expect(text).toMatch(new RegExp(`${key}: !override`));
    expect(temporal?.volumes).toEqual([]);
  });

  it('gives the server the settings that the dev server has', () => {
    const dynamic = parse(override.configs['temporal-dynamic']?.content ?? '') as Record<string, { value: unknown }[]>;
    const args = temporalArgs({ port: 1, uiPort: 2, database: 'x', namespace: 'default' });
    const settings = args.filter((_, index) => args[index - 1] === '--dynamic-config-value');
    expect(Object.entries(dynamic).map(([key, [first]]) => `${key}=${String(first?.value)}`).sort()).toEqual([...settings].sort());
    expect(temporal?.configs?.[0]?.target).toBe(temporal?.environment?.DYNAMIC_CONFIG_FILE_PATH);
    expect(temporal?.environment?.DEFAULT_NAMESPACE_RETENTION).toBe(`${RETENTION_HOURS}h`);
  });

  it('opens ports on the loopback address alone, and PostgreSQL\'s to nobody outside', () => {
    expect(postgres?.ports).toBeUndefined();
    for (const port of [...(temporal?.ports ?? []), ...(ui?.ports ?? [])]) expect(port).toMatch(/^127\.0\.0\.1:\$\{HARDGEN_\w+:-\d+\}:\d+$/);
  });

  it('hands the password over by secret: no variable of a container holds it', () => {
    expect(postgres?.environment?.POSTGRES_PASSWORD_FILE).toBe('/run/secrets/postgres_password');
    expect(postgres?.secrets).toEqual(Object.keys(override.secrets));
    expect(temporal?.secrets).toEqual(Object.keys(override.secrets));
    expect(Object.keys({ ...temporal?.environment, ...postgres?.environment }).filter((name) => /PWD|PASSWORD$/.test(name))).toEqual([]);
  });

  it('starts the server when PostgreSQL is healthy, and calls it healthy when the namespace is there', () => {
    expect(temporal?.depends_on).toEqual({ postgres: { condition: 'service_healthy' } });
    expect(temporal?.healthcheck?.test).toContain('describe');
  });

  it('keeps data in a declared volume', () => {
    expect(postgres?.volumes?.map((volume) => volume.split(':')[0])).toEqual(Object.keys(override.volumes));
  });
});

describe('the worker\'s container', () => {
  it('may be started several times: no port and no name is its own', () => {
    expect(compose.services.worker.ports).toBeUndefined();
    expect(compose.services.worker).not.toHaveProperty('container_name');
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
