import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { loadConfig } from '../../src/config';
import { doctor, ensureServices, stopServices } from '../../src/services';
import { choosePort, freePort } from '../../src/services/ports';
import { identityOf } from '../../src/process-identity';
import { noteRunning, noteStopped, readServicesFile } from '../../src/services/services-file';
import { withStartLock } from '../../src/services/start-lock';
import { neo4jPasswordFile, startNeo4j } from '../../src/services/neo4j';
import { startTemporal } from '../../src/services/temporal';
import { isolatedConfig } from './isolated-config';

const never = (): never => {
  throw new Error('Expected no waiting');
};

async function listen(): Promise<{ port: number; close: () => Promise<void> }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, close: async () => await new Promise((resolve) => server.close(() => resolve())) };
}

/** A program of that name which prints a text, so that version checks can be tried. */
function plant(folder: string, program: string, prints: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, program), `#!/bin/sh\necho '${prints}'\n`, { mode: 0o755 });
}

describe('what is missing is said in one sentence with the cure', () => {
  it('neither temporal nor Go', async () => {
    await expect(ensureServices(isolatedConfig())).rejects.toMatchObject({
      name: 'ServiceError',
      message: 'Expected `temporal` or Go 1.25 or later on PATH to build it, got neither; install the Temporal CLI (https://docs.temporal.io/cli), or set TEMPORAL_ADDRESS to a running server',
    });
  });

  it('a Go that is too old', async () => {
    const config = isolatedConfig();
    plant(config.searchPath, 'go', 'go1.19.8');
    await expect(ensureServices(config)).rejects.toThrow('got Go 1.19; install');
  });

  it('no Java', async () => {
    const config = isolatedConfig();
    plant(config.searchPath, 'temporal', '');
    await expect(ensureServices(config)).rejects.toMatchObject({
      name: 'ServiceError',
      message: 'Expected Java 17 or later on PATH to run Neo4j, got none; install it (Debian: apt-get install openjdk-17-jre-headless), or set HARDGEN_NEO4J_URI to a running Neo4j',
    });
  });

  it('a Java that is too old', async () => {
    const config = isolatedConfig();
    plant(config.searchPath, 'temporal', '');
    plant(config.searchPath, 'java', 'openjdk version "11.0.2"');
    await expect(ensureServices(config)).rejects.toThrow('got Java 11; install it');
  });

  it('no Maven', async () => {
    const config = isolatedConfig();
    plant(config.searchPath, 'temporal', '');
    plant(config.searchPath, 'java', 'openjdk version "17.0.2"');
    await expect(ensureServices(config)).rejects.toThrow('Expected Maven (`mvn`) on PATH to fetch Neo4j once, got none; install it (Debian: apt-get install maven)');
  });

  it('a configured port that another program uses', async () => {
    const other = await listen();
    await expect(choosePort({ variable: 'HARDGEN_NEO4J_PORT', configured: other.port })).rejects.toThrow(
      `Expected port ${other.port} to be free (HARDGEN_NEO4J_PORT), got one in use; stop what listens there, name another port or unset HARDGEN_NEO4J_PORT`,
    );
    await other.close();
  });

  it('an address in the environment where nothing answers; nothing is started instead', async () => {
    const port = await freePort();
    const config = isolatedConfig({ HARDGEN_NEO4J_URI: `bolt://127.0.0.1:${port}`, HARDGEN_NEO4J_PASSWORD: 'password' });
    await expect(ensureServices(config)).rejects.toThrow(/Expected Neo4j to let neo4j in at bolt:.* \(HARDGEN_NEO4J_URI\), got: .*; start it there, correct the password, or unset HARDGEN_NEO4J_URI/);
    expect(readServicesFile(config).running).toEqual({});
  }, 30_000);

  it('a fetch that breaks leaves nothing that looks complete', async () => {
    const config = isolatedConfig();
    plant(config.searchPath, 'temporal', '');
    plant(config.searchPath, 'java', 'openjdk version "17.0.2"');
    writeFileSync(join(config.searchPath, 'mvn'), '#!/bin/sh\n/bin/mkdir -p lib; echo jar > lib/neo4j-5.26.29.jar; echo "no network"; exit 1\n', { mode: 0o755 });
    // `temporal` above ends at once, so both fail; the one that is reported names its log.
    await expect(ensureServices(config)).rejects.toThrow(/see .*\.log/);
    expect(readFileSync(join(config.home, 'logs', 'fetch-neo4j.log'), 'utf8')).toBe('no network\n');
    expect(() => readFileSync(join(config.cache, 'neo4j-5.26.29', 'lib', 'neo4j-5.26.29.jar'))).toThrow('ENOENT');
  }, 30_000);
});

describe('a Temporal that is not there yet', () => {
  const fakeGo = (config: { searchPath: string }, install: string): void => {
    mkdirSync(config.searchPath, { recursive: true });
    writeFileSync(join(config.searchPath, 'go'), `#!/bin/sh\nif [ "$1" = env ]; then echo go1.26.8; exit; fi\necho "$@"\n${install}\n`, { mode: 0o755 });
  };

  it('is built once into the cache, in its exact version, with progress', async () => {
    const config = isolatedConfig();
    fakeGo(config, `printf '#!/bin/sh\necho "started $1 $2"; exit 3\n' > "$GOBIN/temporal"; /bin/chmod +x "$GOBIN/temporal"`);
    const events: string[] = [];
    const start = async (): Promise<unknown> => await startTemporal(config, (event) => events.push(event.phase));
    await expect(start()).rejects.toThrow(/Expected Temporal to answer at 127\.0\.0\.1:\d+, got exit 3 \(started server start-dev\); see .*temporal\.log/);
    await expect(start()).rejects.toThrow('got exit 3');
    expect(events).toEqual(['fetching', 'starting', 'starting']);
    expect(readFileSync(join(config.home, 'logs', 'fetch-temporal.log'), 'utf8')).toBe('install -v -ldflags=-s -w github.com/temporalio/cli/cmd/temporal@v1.5.1\n');
    expect(readdirSync(config.cache)).toEqual(['temporal-1.5.1']);
  }, 30_000);

  it('a build that breaks says its last line and leaves no program', async () => {
    const config = isolatedConfig();
    fakeGo(config, `echo half > "$GOBIN/temporal"; echo 'no space left'; exit 1`);
    await expect(startTemporal(config, () => undefined)).rejects.toThrow(/got 1 \(no space left\); see .*fetch-temporal\.log, then try again/);
    expect(readdirSync(join(config.cache, 'temporal-1.5.1'))).toEqual([]);
  });
});

describe('a Neo4j that is started for the first time', () => {
  it('takes a password that looks like an option', async () => {
    const config = { ...isolatedConfig({ PATH: process.env.PATH }), cache: loadConfig().cache };
    writeFileSync(neo4jPasswordFile(config), '--verbose-and-secret');
    try {
      expect(await startNeo4j(config, () => undefined)).toMatchObject({ password: '--verbose-and-secret' });
    } finally {
      await stopServices(config);
    }
  }, 120_000);
});

describe('ports', () => {
  it('the last one is asked for again, another one taken when it is in use', async () => {
    const other = await listen();
    expect(await freePort(other.port)).not.toBe(other.port);
    await other.close();
    expect(await freePort(other.port)).toBe(other.port);
  });
});

describe('services.json', () => {
  it('keeps the ports of a stopped service for its next start', () => {
    const config = isolatedConfig();
    noteRunning(config, 'neo4j', { kind: 'process', pid: 1, startedAt: 'x' }, { neo4j: 7 });
    noteRunning(config, 'temporal', { kind: 'process', pid: 2, startedAt: 'y' }, { temporal: 8 });
    noteStopped(config, 'neo4j');
    expect(readServicesFile(config)).toEqual({ running: { temporal: { kind: 'process', pid: 2, startedAt: 'y' } }, ports: { neo4j: 7, temporal: 8 } });
  });

  it('counts for nothing when it is torn', () => {
    const config = isolatedConfig();
    writeFileSync(join(config.home, 'services.json'), '{"running": {');
    expect(readServicesFile(config)).toEqual({ running: {}, ports: {} });
  });

  it('a recorded process whose id now belongs to another is forgotten, not stopped', async () => {
    const config = isolatedConfig();
    noteRunning(config, 'neo4j', { kind: 'process', pid: process.pid, startedAt: 'before the last boot' }, {});
    expect(await stopServices(config)).toEqual([]);
    expect(readServicesFile(config).running).toEqual({});
  });
});

describe('the start lock', () => {
  it('lets one starter work at a time', async () => {
    const config = isolatedConfig();
    let [inside, most] = [0, 0];
    const work = async (): Promise<void> => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 30));
      inside--;
    };
    await Promise.all([1, 2, 3].map(async () => await withStartLock(config, () => undefined, work)));
    expect(most).toBe(1);
  });

  it('is taken over from a starter that died', async () => {
    const config = isolatedConfig();
    writeFileSync(join(config.home, 'services.lock'), JSON.stringify({ pid: process.pid, startedAt: 'long ago' }));
    expect(await withStartLock(config, never, async () => 'mine')).toBe('mine');
  });

  it('tells once who holds it', async () => {
    const config = isolatedConfig();
    const lock = join(config.home, 'services.lock');
    writeFileSync(lock, JSON.stringify(identityOf(process.pid)));
    setTimeout(() => rmSync(lock), 900);
    const told: number[] = [];
    await withStartLock(config, (holder) => told.push(holder), async () => undefined);
    expect(told).toEqual([process.pid]);
  });

  it('is released when the work fails', async () => {
    const config = isolatedConfig();
    await expect(withStartLock(config, never, async () => await Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await withStartLock(config, never, async () => 1)).toBe(1);
  });
});

describe('doctor', () => {
  it('names every missing program with its cure and never throws', async () => {
    const checks = await doctor(isolatedConfig());
    const failing = Object.fromEntries(checks.filter((check) => !check.ok).map((check) => [check.name, check.cure]));
    expect(Object.keys(failing)).toEqual(['git', 'java', 'maven', 'temporal program']);
    expect(failing.java).toBe('install it (Debian: apt-get install openjdk-17-jre-headless), or set HARDGEN_NEO4J_URI to a running Neo4j');
  });

  it('a docker client without an engine is no engine', async () => {
    const config = isolatedConfig();
    mkdirSync(config.searchPath, { recursive: true });
    writeFileSync(join(config.searchPath, 'docker'), '#!/bin/sh\necho "Cannot connect to the Docker daemon" >&2; exit 1\n', { mode: 0o755 });
    expect((await doctor(config)).find((check) => check.name === 'docker')).toMatchObject({ ok: true, detail: expect.stringContaining('local processes') as unknown });
  });

  it('says which configured port is in use', async () => {
    const other = await listen();
    const checks = await doctor(isolatedConfig({ HARDGEN_NEO4J_PORT: String(other.port) }));
    expect(checks.find((check) => check.name === `port ${other.port}`)).toMatchObject({ ok: false, cure: 'stop what listens there, or unset HARDGEN_NEO4J_PORT' });
    await other.close();
  });
});
