import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ConfigError, keyOf, loadConfig, serverEnvironment, temporalConnection } from '../src/config';

describe('loadConfig', () => {
  it('has a default for everything but addresses', () => {
    expect(loadConfig({ PATH: '/bin', XDG_CACHE_HOME: '/c' })).toMatchObject({
      home: resolve('.hardgen'), cache: '/c/hardgen', temporalNamespace: 'default', taskQueue: 'hardgen', neo4jUser: 'neo4j', docker: 'auto', searchPath: '/bin',
    });
    expect(loadConfig({}).temporalAddress).toBeUndefined();
  });

  it('takes an empty variable for an unset one', () => {
    expect(loadConfig({ TEMPORAL_ADDRESS: '', HARDGEN_NEO4J_URI: '', TEMPORAL_NAMESPACE: '' })).toMatchObject({ temporalAddress: undefined, neo4jUri: undefined, temporalNamespace: 'default' });
  });

  it('makes home and cache absolute', () => {
    expect(loadConfig({ HARDGEN_HOME: 'data', HARDGEN_CACHE: 'cache' })).toMatchObject({ home: resolve('data'), cache: resolve('cache') });
  });

  it.each([
    ['TEMPORAL_ADDRESS', 'localhost', 'Expected TEMPORAL_ADDRESS to be host:port, for example 127.0.0.1:7233, got `localhost` (environment); correct it or unset it'],
    ['HARDGEN_NEO4J_PORT', 'x', 'Expected HARDGEN_NEO4J_PORT to be a port from 1 to 65535, got `x` (environment); correct it or unset it'],
    ['HARDGEN_NEO4J_PORT', '70000', 'Expected HARDGEN_NEO4J_PORT to be a port from 1 to 65535, got `70000` (environment); correct it or unset it'],
    ['HARDGEN_DOCKER', 'yes', 'Expected HARDGEN_DOCKER to be auto or off, got `yes` (environment); correct it or unset it'],
  ])('refuses %s=%s with the variable, what it must be and what it is', (variable, value, message) => {
    expect(() => loadConfig({ [variable]: value })).toThrow(new ConfigError(message));
  });

  it('wants a password beside the address of a Neo4j', () => {
    expect(() => loadConfig({ HARDGEN_NEO4J_URI: 'bolt://db:7687' })).toThrow(/Expected HARDGEN_NEO4J_PASSWORD beside HARDGEN_NEO4J_URI/);
  });

  it('reads user and password from the secret file that the Neo4j container reads', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hardgen-config-'));
    const file = join(folder, 'auth');
    writeFileSync(file, 'neo4j/a/b\n');
    expect(loadConfig({ HARDGEN_NEO4J_URI: 'bolt://db:7687', HARDGEN_NEO4J_AUTH_FILE: file })).toMatchObject({ neo4jUser: 'neo4j', neo4jPassword: 'a/b' });
    rmSync(folder, { recursive: true });
    expect(() => loadConfig({ HARDGEN_NEO4J_AUTH_FILE: file })).toThrow(/got ENOENT; create it or unset the variable/);
  });
});

describe('keys', () => {
  it('come from the variable that the campaign file names', () => {
    expect(keyOf('SOME_KEY', { SOME_KEY: 'k' })).toBe('k');
  });

  it('are asked for by name when missing', () => {
    expect(() => keyOf('SOME_KEY', {})).toThrow('Expected an API key in the environment variable `SOME_KEY` (apiKeyEnv in the campaign file), got nothing; set it and resume');
  });

  it('never reach a server that we start, nor the config', () => {
    const env = { PATH: '/bin', HOME: '/h', OPENAI_API_KEY: 'secret', NEO4J_URI: 'x' };
    expect(serverEnvironment(loadConfig(env), { A: '1' }, env)).toEqual({ PATH: '/bin', HOME: '/h', A: '1' });
    expect(JSON.stringify(loadConfig(env))).not.toContain('secret');
  });
});

describe('temporalConnection', () => {
  const env = { TEMPORAL_ADDRESS: 'cloud:7233', TEMPORAL_API_KEY: 'k' };

  it('gives TLS and API key to the address they were set for', () => {
    expect(temporalConnection(loadConfig(env), 'cloud:7233', env)).toMatchObject({ address: 'cloud:7233', apiKey: 'k', tls: true });
  });

  it('gives them to no other address', () => {
    expect(temporalConnection(loadConfig(env), '127.0.0.1:1', env)).toEqual({ address: '127.0.0.1:1' });
  });
});
