import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstat, readFile, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * SHA-256 of what a folder holds: sorted paths, contents, executable bits and links, no times. A git repository in it
 * counts by worktree, HEAD, refs, stashes, settings, staged content and a merge or rebase under way; not by `.git/index`,
 * logs and objects, which differ between runs that reach the same state. Empty folders count, outside repositories.
 */
export async function folderDigest(folder: string, env: Record<string, string>): Promise<string> {
  const hash = createHash('sha256');
  for (const line of await linesOf(folder, '', env)) hash.update(`${line}\n`);
  return hash.digest('hex');
}

async function linesOf(root: string, path: string, env: Record<string, string>): Promise<string[]> {
  const here = join(root, path);
  const names = (await readdir(here)).sort();
  if (isGitDir(names)) return gitLines(root, path, env);
  const lines = [`folder ${path}`];
  for (const name of names) lines.push(...(await linesOfEntry(root, path === '' ? name : `${path}/${name}`, env)));
  return lines;
}

async function linesOfEntry(root: string, path: string, env: Record<string, string>): Promise<string[]> {
  const full = join(root, path);
  const found = await lstat(full);
  if (found.isSymbolicLink()) return [`link ${path} ${await readlink(full)}`];
  if (found.isDirectory()) return linesOf(root, path, env);
  if (!found.isFile()) return [`other ${path}`];
  return [`${(found.mode & 0o100) === 0 ? 'file' : 'program'} ${path} ${sha(await readFile(full))}`];
}

const sha = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex');

const isGitDir = (names: readonly string[]): boolean => ['HEAD', 'objects', 'refs'].every((name) => names.includes(name));

const UNSTABLE = new Set(['index', 'logs', 'objects', 'refs', 'packed-refs', 'COMMIT_EDITMSG', 'ORIG_HEAD', 'FETCH_HEAD', 'AUTO_MERGE', 'hooks', 'branches', 'description', 'gc.log']);

async function gitLines(root: string, path: string, env: Record<string, string>): Promise<string[]> {
  const gitDir = join(root, path);
  const lines = [`git ${path}`];
  for (const [ref, hash] of Object.entries(await refsOf(gitDir)).sort(([a], [b]) => (a < b ? -1 : 1))) lines.push(`ref ${ref} ${hash}`);
  lines.push(`stashes ${sha(await readFile(join(gitDir, 'logs/refs/stash')).catch(() => ''))}`);
  if (await exists(join(gitDir, 'index'))) lines.push(`staged ${await staged(gitDir, env)}`);
  for (const name of (await readdir(gitDir)).filter((name) => !UNSTABLE.has(name)).sort()) lines.push(...(await linesOfEntry(root, `${path}/${name}`, env)));
  return lines;
}

/** Every ref with its hash; a loose one hides the packed one. */
async function refsOf(gitDir: string): Promise<Record<string, string>> {
  const packed = await readFile(join(gitDir, 'packed-refs'), 'utf8').catch(() => '');
  const refs = Object.fromEntries([...packed.matchAll(/^([0-9a-f]{40,64}) (\S+)$/gm)].map((match) => [match[2] as string, match[1] as string]));
  for (const ref of await filesUnder(gitDir, 'refs')) refs[ref] = (await readFile(join(gitDir, ref), 'utf8')).trim();
  return refs;
}

async function filesUnder(root: string, path: string): Promise<string[]> {
  const entries = await readdir(join(root, path), { withFileTypes: true });
  const nested = await Promise.all(entries.map((entry) => (entry.isDirectory() ? filesUnder(root, `${path}/${entry.name}`) : [`${path}/${entry.name}`])));
  return nested.flat();
}

// What is staged depends on the index file's bytes alone, and most calls leave them as they are.
const stagedByIndex = new Map<string, string>();

async function staged(gitDir: string, env: Record<string, string>): Promise<string> {
  const index = sha(await readFile(join(gitDir, 'index')));
  const seen = stagedByIndex.get(index);
  if (seen !== undefined) return seen;
  // A repository's own settings may name programs to run; none is started for a look.
  const { stdout } = await run('git', ['-c', 'core.fsmonitor=false', '--git-dir', gitDir, 'ls-files', '-s'], { env, maxBuffer: 64 * 1024 * 1024 });
  if (stagedByIndex.size > 1_000) stagedByIndex.clear();
  stagedByIndex.set(index, sha(stdout));
  return sha(stdout);
}

const exists = (path: string): Promise<boolean> => lstat(path).then(() => true, () => false);
