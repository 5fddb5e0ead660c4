import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { javaVersion, neo4jArgs, neo4jConf, neo4jPassword, neo4jPom } from '../../src/services/neo4j';
import { goVersion, isGoRecent, SEARCH_ATTRIBUTES, temporalArgs } from '../../src/services/temporal';
import * as setByWorkflows from '../../src/workflows/search-attributes';
import { isolatedConfig } from './isolated-config';

describe('the Temporal dev server', () => {
  const args = temporalArgs({ port: 1, uiPort: 2, database: 'x.db', namespace: 'default' });
  const pairs = args.map((arg, index) => `${arg} ${args[index + 1] ?? ''}`);

  it('listens on the loopback address alone, web UI included', () => {
    expect(pairs).toEqual(expect.arrayContaining(['--ip 127.0.0.1', '--port 1', '--ui-port 2']));
    expect(args).not.toContain('--headless');
  });

  it('keeps its state in a file, with the pragmas that were measured', () => {
    expect(pairs).toEqual(expect.arrayContaining(['--db-filename x.db', '--sqlite-pragma journal_mode=WAL', '--sqlite-pragma synchronous=1']));
  });

  it('runs eager activities and one partition per task queue, and holds a thousand workflows in memory', () => {
    expect(args.filter((_, index) => args[index - 1] === '--dynamic-config-value')).toEqual([
      'system.enableActivityEagerExecution=true', 'matching.numTaskqueueReadPartitions=1', 'matching.numTaskqueueWritePartitions=1',
      'history.hostLevelCacheMaxSize=1000',
    ]);
  });

  it('registers every search attribute that workflows set, and no other', () => {
    expect(Object.keys(SEARCH_ATTRIBUTES)).toEqual(Object.values(setByWorkflows).map(({ name }) => name));
    expect(args.filter((_, index) => args[index - 1] === '--search-attribute')).toEqual(['CampaignId=Keyword', 'TrajectoryOutcome=Keyword']);
  });

  it('makes a namespace other than default', () => {
    expect(args).not.toContain('--namespace');
    expect(temporalArgs({ port: 1, uiPort: 2, database: 'x', namespace: 'team' }).join(' ')).toContain('--namespace team');
  });
});

describe('Neo4j', () => {
  it('listens with Bolt on the loopback address and with nothing else', () => {
    const conf = neo4jConf(7);
    expect(conf).toContain('server.bolt.listen_address=127.0.0.1:7\n');
    expect(conf).toMatch(/server\.http\.enabled=false\nserver\.https\.enabled=false/);
    expect(conf).toContain('dbms.security.auth_enabled=true');
  });

  it('has no setting twice, as Neo4j refuses to start then', () => {
    const keys = neo4jConf(7).split('\n').filter((line) => line.includes('=')).map((line) => line.split('=')[0]);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('gets its heap on the command line, because the conf is not read for it', () => {
    expect(neo4jArgs({ lib: '/lib', folder: '/home' })).toEqual(expect.arrayContaining(['-Xmx512m', '/home/plugins/*:/home/conf/*:/lib/*', '--home-dir=/home', '--console-mode']));
  });

  it('is fetched in an exact version into the folder given, whatever its name', () => {
    expect(neo4jPom('/a & b')).toContain('<outputDirectory>/a &amp; b</outputDirectory>');
    expect(neo4jPom('/x').match(/<version>5\.26\.29<\/version>/g)).toHaveLength(2);
  });
});

describe('the password of Neo4j', () => {
  it('is made once and readable by its owner alone', () => {
    const config = isolatedConfig();
    const password = neo4jPassword(config);
    expect(password.length).toBeGreaterThanOrEqual(16);
    expect(neo4jPassword(config)).toBe(password);
    expect(statSync(join(config.home, 'neo4j-password')).mode & 0o777).toBe(0o600);
    rmSync(config.home, { recursive: true });
  });

  it('is not made anew for a database that has another', () => {
    const config = isolatedConfig();
    mkdirSync(join(config.home, 'neo4j', 'data', 'databases', 'system'), { recursive: true });
    expect(() => neo4jPassword(config)).toThrow(/Expected the password of the Neo4j data .* put it back, or remove .* to start with an empty graph/);
    expect(existsSync(join(config.home, 'neo4j-password'))).toBe(false);
    rmSync(config.home, { recursive: true });
  });
});

describe('versions', () => {
  it.each([['openjdk version "17.0.15" 2025-04-15', 17], ['java version "1.8.0_292"', 8], ['openjdk version "21" 2023', 21], ['command not found', null]])('of Java: %s is %s', (text, version) => {
    expect(javaVersion(text)).toBe(version);
  });

  it.each([['go1.26.8', true], ['go1.25.0', true], ['go1.24.9', false], ['go2.0', true]])('of Go: %s can build Temporal: %s', (text, recent) => {
    expect(isGoRecent(goVersion(text) ?? [0, 0])).toBe(recent);
  });
});
