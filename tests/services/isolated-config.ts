import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig, type Config } from '../../src/config';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A config with an empty home and cache of its own, and by default no program on PATH. */
export function isolatedConfig(env: NodeJS.ProcessEnv = {}): Config {
  const folder = mkdtempSync(join(tmpdir(), 'hardgen-services-'));
  folders.push(folder);
  return loadConfig({ PATH: join(folder, 'no-programs'), HARDGEN_HOME: folder, HARDGEN_CACHE: join(folder, 'cache'), ...env });
}
