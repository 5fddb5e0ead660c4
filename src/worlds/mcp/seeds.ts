import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, chmod, cp, mkdir, mkdtemp, readFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { constants } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { canonicalJson, isObject } from '../../core/json';
import { WorldUnavailable } from '../world';
import { folderDigest } from './folder-digest';
import { confinedEnv, makeSandbox, type Sandbox } from './sandbox';

const run = promisify(execFile);

/** One seed of an MCP world: its folder as every instance finds it at the start. */
export interface Seed {
  /** `empty`, the folder's basename, or the command. */
  name: string;
  /** Hash of everything the pristine folder is made from: equal keys, equal folders. */
  key: string;
  /** The pristine copy; only ever read. */
  pristine: string;
}

interface SeedContext {
  baseDir: string;
  cacheDir: string;
  env: Readonly<Record<string, string>>;
  ours: Readonly<NodeJS.ProcessEnv>;
}

const SET_UP = 'setup.sh';
const SET_UP_LIMIT_MS = 120_000;

/**
 * Makes a seed's pristine folder, or finds it in the cache. A seed is `empty`, a folder that is copied (an executable
 * `setup.sh` in it runs once in the copy and is removed: a `.git` cannot lie in git), or a command run by `sh` in an
 * empty folder with the campaign's folder in `CAMPAIGN_DIR`. Both run in the server's confined environment.
 */
export async function prepareSeed(seed: string, context: SeedContext): Promise<Seed> {
  const source = await sourceOf(seed, context.baseDir);
  const key = await keyOf(source, context);
  const shelf = join(context.cacheDir, 'seeds');
  const pristine = join(shelf, key);
  const made = { name: source.kind === 'folder' ? basename(source.path) : seed, key, pristine };
  if (await exists(pristine)) return made;
  await mkdir(shelf, { recursive: true });
  const draft = await mkdtemp(join(shelf, 'making-'));
  try {
    await fill(source, draft, context);
    await rename(join(draft, 'workspace'), pristine).catch(async (error: unknown) => {
      // Another worker was faster; its folder is as good.
      if (!(await exists(pristine))) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return made;
}

type Source = { kind: 'empty' } | { kind: 'folder'; path: string } | { kind: 'command'; line: string };

async function sourceOf(seed: string, baseDir: string): Promise<Source> {
  if (seed === 'empty') return { kind: 'empty' };
  const path = resolve(baseDir, seed);
  if (await stat(path).then((found) => found.isDirectory(), () => false)) return { kind: 'folder', path };
  if (/^\.{0,2}\/\S*$/.test(seed)) throw new Error(`Expected the seed \`${seed}\` to be a folder, found none at ${path} (mcp.seeds); make it, or write \`empty\` or a command`);
  return { kind: 'command', line: seed };
}

async function keyOf(source: Source, context: SeedContext): Promise<string> {
  const content = source.kind === 'folder' ? await folderDigest(source.path, {}) : canonicalJson([{ ...source }, ...(source.kind === 'command' ? await readByCommand(source.line, context.baseDir) : [])]);
  return createHash('sha256').update(canonicalJson([content, { ...context.env }])).digest('hex').slice(0, 24);
}

/** What a command takes from the campaign's folder by name: another folder, or an edited file, is another seed. */
async function readByCommand(line: string, baseDir: string): Promise<string[]> {
  if (!line.includes('CAMPAIGN_DIR')) return [];
  const named = [...line.matchAll(/\$\{?CAMPAIGN_DIR\}?["']?\/([^\s"';|&)]+)/g)].map(([, path]) => join(baseDir, path as string));
  const digests = named.map(async (path) => {
    const found = await stat(path).catch(() => undefined);
    return found?.isDirectory() === true ? folderDigest(path, {}) : createHash('sha256').update(found?.isFile() === true ? await readFile(path) : '').digest('hex');
  });
  return [baseDir, ...(await Promise.all(digests))];
}

async function fill(source: Source, root: string, context: SeedContext): Promise<void> {
  const sandbox = await makeSandbox(root);
  const env = confinedEnv(context.env, sandbox, context.ours);
  if (source.kind === 'command') await setUp(source.line, ['/bin/sh', '-ec', source.line], sandbox, { ...env, CAMPAIGN_DIR: context.baseDir });
  if (source.kind !== 'folder') return;
  await copyInto(source.path, sandbox.folder);
  const script = join(sandbox.folder, SET_UP);
  if (!(await access(script, constants.X_OK).then(() => true, () => false))) return;
  // Beside the folder, so that the script does not see itself in it.
  await rename(script, join(root, SET_UP));
  await chmod(join(root, SET_UP), 0o755);
  await setUp(`${source.path}/${SET_UP}`, [join(root, SET_UP)], sandbox, env);
}

async function setUp(name: string, [program, ...args]: string[], sandbox: Sandbox, env: Record<string, string>): Promise<void> {
  try {
    await run(program as string, args, { cwd: sandbox.folder, env, timeout: SET_UP_LIMIT_MS, killSignal: 'SIGKILL', maxBuffer: 16 * 1024 * 1024 });
  } catch (error) {
    const stderr = isObject(error) ? String(error['stderr'] ?? '').trim() : '';
    throw new WorldUnavailable(`Expected the seed's set-up \`${name}\` to succeed, got: ${stderr.split('\n').pop() || String(error)}; run it by hand in an empty folder`, { cause: error });
  }
}

/** Copies what is in a folder, links and times as they are. */
export async function copyInto(from: string, to: string): Promise<void> {
  for (const name of await readdir(from)) await cp(join(from, name), join(to, name), { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
}

/** Empties a folder without removing it: a server's working directory must stay the same one. */
export async function emptyFolder(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
}

const exists = (path: string): Promise<boolean> => access(path).then(() => true, () => false);
