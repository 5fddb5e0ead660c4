import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { temporalArgs } from '../../src/services/temporal';

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
