import { mkdir, mkdtemp, realpath } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { isObject, leavesOf, type Json } from '../../core/json';

/** The path that stands for the temporary folder in every call, result and known fact. */
export const WORKSPACE = '/workspace';
const HOME = '/home/user';

/** The folders of one server process: where it works, an empty home so that no personal settings reach it, and one for what it throws away. */
export interface Sandbox {
  root: string;
  folder: string;
  home: string;
  temporary: string;
}

/** What its process may write. */
export const ownFolders = ({ folder, home, temporary }: Sandbox): string[] => [folder, home, temporary];

/** Makes the folders in `root`, which has none of them. */
export async function makeSandbox(root: string): Promise<Sandbox> {
  const sandbox = { root, folder: join(root, 'workspace'), home: join(root, 'home'), temporary: join(root, 'tmp') };
  for (const folder of ownFolders(sandbox)) await mkdir(folder);
  return sandbox;
}

export async function createSandbox(scratchDir: string, world: string): Promise<Sandbox> {
  await mkdir(scratchDir, { recursive: true });
  // The real path, since servers answer with it where the temporary directory is a link.
  return makeSandbox(await realpath(await mkdtemp(join(scratchDir, `${world}-`))));
}

/**
 * The whole environment of a server: PATH, HOME, TMPDIR, TZ, LANG and what the block names. `$NAME` takes the value of that
 * variable of ours, `/workspace` becomes the temporary folder. Throws when a named variable is not set.
 */
export function confinedEnv(blockEnv: Readonly<Record<string, string>>, sandbox: Sandbox, ours: Readonly<NodeJS.ProcessEnv>): Record<string, string> {
  const named = Object.entries(blockEnv).map(([key, value]) => [key, intoSandbox(fromOurs(key, value, ours), sandbox)]);
  return { PATH: ours['PATH'] ?? '', HOME: sandbox.home, TMPDIR: sandbox.temporary, TZ: 'UTC', LANG: 'C', ...(Object.fromEntries(named) as Record<string, string>) };
}

function fromOurs(key: string, value: string, ours: Readonly<NodeJS.ProcessEnv>): string {
  const name = /^\$([A-Za-z_]\w*)$/.exec(value)?.[1];
  if (name === undefined) return value;
  const found = ours[name];
  if (found === undefined) throw new Error(`Expected the environment variable \`${name}\` to be set (mcp.env.${key} is \`${value}\`), got nothing; export it or write the value itself`);
  return found;
}

/**
 * The first string of a call's arguments that is a path out of `/workspace`, `undefined` when there is none. A guard, not
 * a jail: servers forget to check one parameter or another, and a model's guess must not reach this machine's files.
 * Relative paths are read as from a folder one below `/workspace`.
 */
export function pathOutside(args: Json): string | undefined {
  const strings = leavesOf(args).map((leaf) => leaf.value).filter((value) => typeof value === 'string');
  return strings.find((text) => {
    const path = text.replace(/^file:(\/\/)?(localhost)?(?=\/)/i, '');
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) return false;
    if (/^~[\w-]*(\/|$)/.test(path)) return true;
    const full = posix.resolve(`${WORKSPACE}/folder`, path);
    return full !== WORKSPACE && !full.startsWith(`${WORKSPACE}/`);
  });
}

/** The first string of the arguments that leads out of the folder by a link in it, `undefined` when there is none. */
export async function linkOutside(args: Json, { folder }: Sandbox): Promise<string | undefined> {
  for (const { value: text } of leavesOf(args)) {
    if (typeof text !== 'string' || text.length > LONGEST_PATH || text.includes('\n')) continue;
    const path = posix.resolve(folder, text.replace(/^file:(\/\/)?(localhost)?(?=\/)/i, '').replace(/^\/workspace(?=\/|$)/, folder));
    const real = await nearestReal(path);
    if (real !== folder && !real.startsWith(`${folder}/`) && path.startsWith(folder)) return text;
  }
  return undefined;
}

const LONGEST_PATH = 1_024;

/** The real path of a file, or of the nearest folder above it that is there. */
const nearestReal = (path: string): Promise<string> => realpath(path).catch(() => (path === '/' ? path : nearestReal(posix.dirname(path))));

/** `/workspace/repo` → the temporary folder's `…/repo`, in every string of the value; `/workspaces` is left alone. */
export function intoSandbox<T extends Json>(value: T, sandbox: Sandbox): T {
  return mapStrings(value, (text) => text.replace(/(?<![\w./-])\/workspace(?![\w-])/g, () => sandbox.folder)) as T;
}

/** The reverse of `intoSandbox`, also of the URL-encoded path and of the home folder; keys are mapped like values. */
export function outOfSandbox<T extends Json>(value: T, sandbox: Sandbox): T {
  const pairs = [
    [sandbox.folder, WORKSPACE],
    [encodeURIComponent(sandbox.folder), encodeURIComponent(WORKSPACE)],
    [encodeURI(sandbox.folder), WORKSPACE],
    [sandbox.home, HOME],
    [sandbox.temporary, '/tmp'],
  ] as const;
  return mapStrings(value, (text) => pairs.reduce((mapped, [real, fixed]) => mapped.replaceAll(real, fixed), text)) as T;
}

export function mapStrings(value: Json, map: (text: string) => string): Json {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, map));
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [map(key), mapStrings(item, map)]));
  return value;
}
