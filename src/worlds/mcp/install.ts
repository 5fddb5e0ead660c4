import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isObject, type Json } from '../../core/json';
import { installEnvironment } from '../../config';
import { withProcessLock } from '../../process-lock';
import { WorldUnavailable } from '../world';

const run = promisify(execFile);

/** A program and its arguments, ready to be started. */
export interface ServerCommand {
  command: string;
  args: string[];
}

const INSTALL_LIMIT_MS = 4 * 60_000;
/** Scripts compile native parts, for minutes where the machine is small or busy. */
const SCRIPTS_LIMIT_MS = 15 * 60_000;
/** For whoever else installs the same package. */
const PATIENCE_MS = SCRIPTS_LIMIT_MS + 60_000;

/**
 * What to start for a block's `command` and `args`. `npx -y pkg@1.2.3 …` is installed once under `cacheDir` and its
 * binary started by this Node, because `npx` asks the registry at every start and runs the package's install scripts.
 * Throws on a package without an exact version: a dataset must name the server it was made with.
 */
export async function resolveCommand({ command, args, installScripts }: { command: string; args: readonly string[]; installScripts?: boolean }, cacheDir: string): Promise<ServerCommand> {
  if (command !== 'npx') return { command, args: [...args] };
  const [spec, ...rest] = args.filter((arg, index) => !(index === 0 && (arg === '-y' || arg === '--yes')));
  const { name } = parsePinned(spec ?? '');
  const folder = await installOnce({ spec: spec as string, scripts: installScripts === true }, cacheDir);
  return { command: process.execPath, args: [await binaryOf(join(folder, 'node_modules', name), name), ...rest] };
}

function parsePinned(spec: string): { name: string; version: string } {
  const match = /^((?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*)@(\d+\.\d+\.\d+(?:-[\w.]+)?)$/i.exec(spec);
  if (!match) {
    throw new Error(
      `Expected \`npx -y package@1.2.3\` with an exact version, got \`${spec}\` (mcp.args): another version may answer otherwise, so pin the one you mean`,
    );
  }
  return { name: match[1] as string, version: match[2] as string };
}

/** The folder the package is installed in. Installs beside it and renames, so that a folder with this name is always whole. */
async function installOnce({ spec, scripts }: { spec: string; scripts: boolean }, cacheDir: string): Promise<string> {
  const shelf = join(cacheDir, 'mcp');
  const folder = join(shelf, `${spec.replace('/', '+')}${scripts ? '+scripts' : ''}`);
  if (await exists(folder)) return folder;
  await mkdir(shelf, { recursive: true });
  const file = `${folder}.lock`;
  const expired = (holder: number | 'unknown'): Error => new WorldUnavailable(`Expected process ${holder} to have installed ${spec}, got its lock ${file} still held; end that process and try again`);
  await withProcessLock({ file, patienceMs: PATIENCE_MS, expired }, async () => {
    if (!(await exists(folder))) await install({ spec, scripts, shelf, folder });
  });
  return folder;
}

async function install({ spec, scripts, shelf, folder }: { spec: string; scripts: boolean; shelf: string; folder: string }): Promise<void> {
  const draft = await mkdtemp(join(shelf, 'installing-'));
  const timeout = scripts ? SCRIPTS_LIMIT_MS : INSTALL_LIMIT_MS;
  try {
    await run('npm', ['install', '--prefix', draft, ...(scripts ? [] : ['--ignore-scripts']), '--no-audit', '--no-fund', '--omit=dev', spec], {
      // In its own folder, since npm takes a name for a folder of that name where it stands.
      cwd: draft,
      env: installEnvironment(),
      timeout,
      killSignal: 'SIGKILL',
      maxBuffer: 16 * 1024 * 1024,
    });
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    const stderr = isObject(error) && typeof error['stderr'] === 'string' ? error['stderr'] : String(error);
    if (isObject(error) && error['killed'] === true) throw new WorldUnavailable(`Expected \`npm install ${spec}\` to end within ${timeout / 60_000} minutes, it did not; check your network and try again`, { cause: error });
    const reason = stderr.split('\n').find((line) => /^npm (error|ERR!)/.test(line)) ?? stderr.trim().split('\n').pop();
    throw new WorldUnavailable(`Expected \`npm install ${spec}\` to succeed, got: ${reason}; check the name, the version and your npm registry`, {
      cause: error,
    });
  }
}

/** The script npm would link as the package's command: the only one, or the one called like the package. */
async function binaryOf(folder: string, name: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { bin?: Json };
  const own = name.slice(name.indexOf('/') + 1);
  const bins = typeof manifest.bin === 'string' ? { [own]: manifest.bin } : isObject(manifest.bin) ? manifest.bin : {};
  const script = Object.keys(bins).length === 1 ? Object.values(bins)[0] : bins[own];
  if (typeof script !== 'string') {
    throw new Error(
      `Expected package \`${name}\` to have one command, or one called \`${own}\`, got [${Object.keys(bins).join(', ')}]; start it by \`command: node\` and its script instead`,
    );
  }
  return join(folder, script);
}

const exists = (path: string): Promise<boolean> => access(path).then(() => true, () => false);
