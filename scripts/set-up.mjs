import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Ends with one sentence when this Node is too old for the packages. */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 3)) return;
  console.error(`Expected Node 20.3 or later, got ${process.versions.node}; install a newer one (https://nodejs.org) and try again`);
  process.exit(1);
}

/** Runs `npm ci` unless every package of the lock file is installed in its version. */
export async function installPackages() {
  if (packagesAreInstalled()) return;
  console.error('packages: installing with npm ci (about half a minute, 325 MB)');
  const code = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (code !== 0) throw new Error(`Expected \`npm ci\` to succeed, got exit ${code}; see its messages above`);
}

// npm notes what it installed in a lock file of its own; packages for other platforms are optional and may be absent.
function packagesAreInstalled() {
  const noted = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(noted)) return false;
  const installed = packagesOf(noted);
  return Object.entries(packagesOf(join(root, 'package-lock.json'))).every(([path, wanted]) => path === '' || wanted.optional === true || installed[path]?.version === wanted.version);
}

function packagesOf(lockFile) {
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages ?? {};
}

/** Runs a program in the project's folder on our terminal; gives its exit code. Ctrl-C reaches it, and we wait for it to end. */
export async function run(program, args, env = process.env) {
  const child = spawn(program, args, { cwd: root, stdio: 'inherit', env });
  const pass = (signal) => child.kill(signal);
  const stay = () => undefined;
  process.on('SIGTERM', pass).on('SIGINT', stay);
  try {
    return await new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
    });
  } finally {
    process.off('SIGTERM', pass).off('SIGINT', stay);
  }
}

/** Runs a script's story; what a person can change is shown as one line, everything else with its stack. */
export async function tell(story) {
  try {
    process.exitCode = await story();
  } catch (error) {
    const ours = error?.name === 'ServiceError' || error?.name === 'ConfigError' || error?.constructor === Error;
    console.error(ours ? error.message : error);
    process.exitCode = 1;
  }
}
