import { execFile } from 'node:child_process';
import { existsSync, lstatSync, realpathSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, dirname, isAbsolute, join, sep } from 'node:path';
import { promisify } from 'node:util';
import type { ServerCommand } from './install';

const run = promisify(execFile);

export interface Confinement {
  /** Where what the confinement itself needs is kept. */
  root: string;
  /** Where the process stands; one of its own. */
  folder: string;
  /** The folders of the process, which it may write. */
  own: readonly string[];
  /** The whole environment of the process; what an absolute path in it names it may read. */
  env: Readonly<Record<string, string>>;
  /** What else its user lets it read. */
  files: readonly string[];
  /** What its user lets it change. */
  writable: readonly string[];
  network: boolean;
}

/** What can be taken from a process here: `files` stands for files and network. */
export type Confined = 'files' | 'network' | 'nothing';

/**
 * The command where it sees the system's programs, its own, its folders and what its user named, and no network unless
 * allowed; or as it is where the platform knows no such thing (Linux namespaces do). The user namespace also keeps it
 * from reading the memory and environment of ours.
 */
export async function confine(command: ServerCommand, confinement: Confinement): Promise<ServerCommand> {
  const { can, dies } = await means();
  if (can === 'files') return inJail(command, confinement, dies);
  const whole = [...dies, command.command, ...command.args];
  const [first = '', ...rest] = can === 'network' && !confinement.network ? ['unshare', ...namespaces(false), '--', ...whole] : whole;
  return { command: first, args: rest };
}

interface Means {
  can: Confined;
  /** Put before a command: the kernel kills it when the process that started it is gone, however that ended. */
  dies: readonly string[];
}

/** Asked of the system once: containers and hardened kernels refuse one or both. */
export const canConfine = async (): Promise<Confined> => (await means()).can;
const means = (): Promise<Means> => (asked ??= findOut());
let asked: Promise<Means> | undefined;

const DIES_WITH_US = ['setpriv', '--pdeathsig', 'KILL'];

async function findOut(): Promise<Means> {
  if (process.platform !== 'linux') return { can: 'nothing', dies: [] };
  const [setpriv = '', ...args] = [...DIES_WITH_US, 'true'];
  const dies = (await works({ command: setpriv, args })) ? DIES_WITH_US : [];
  return { can: await whatCanBeConfined(dies), dies };
}

const works = ({ command, args }: ServerCommand): Promise<boolean> => run(command, args, { timeout: 10_000 }).then(() => true, () => false);

async function whatCanBeConfined(dies: readonly string[]): Promise<Confined> {
  const root = await mkdtemp(join(tmpdir(), 'hardgen-confine-'));
  try {
    const jail = inJail({ command: process.execPath, args: ['--version'] }, { root, folder: root, own: [root], env: {}, files: [], writable: [], network: false }, dies);
    if (await works(jail)) return 'files';
    return (await works({ command: 'unshare', args: [...namespaces(false), '--', 'true'] })) ? 'network' : 'nothing';
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

const namespaces = (files: boolean, network = false): string[] => ['--map-root-user', ...(network ? [] : ['--net']), ...(files ? ['--mount'] : [])];

/** Programs and libraries, and of the system's settings those without which programs do not run. */
const SYSTEM = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/opt', '/nix', '/proc'];
const SETTINGS = ['passwd', 'group', 'hosts', 'nsswitch.conf', 'localtime', 'os-release', 'mime.types', 'alternatives', 'ld.so.cache', 'ssl/certs/ca-certificates.crt', 'ssl/openssl.cnf'];
const DEVICES = ['null', 'zero', 'full', 'random', 'urandom'];

/**
 * A root of its own, made of mounts that only this process and its children see. `unshare` and the shell become the
 * command in turn, so the process we started is still the server. Few programs are started on the way: each is 3 ms.
 */
const JAIL = `
set -ef
root=$1 folder=$2 dirs=$3 files=$4 links=$5 settings=$6 mounts=$7 dies=$8 jail=$1/jail
shift 8
IFS='
'
mkdir -p "$jail"
mount -t tmpfs -o mode=755,size=64m tmpfs "$jail"
mkdir -p $dirs
for file in $files; do : > "$file"; done
cp -P --parents $links "$jail"
cd /etc
cp -RP --parents $settings "$jail/etc" 2> /dev/null || :
printf '%s' "$mounts" > "$jail/.mounts"
mount -a -T "$jail/.mounts"
mount -o remount,ro "$jail"
cd "$jail"
PATH=$PATH:/usr/sbin:/sbin pivot_root . .old
umount -l /.old
cd "$folder"
unset PWD OLDPWD IFS
exec $dies "$@"
`;

function inJail({ command, args }: ServerCommand, { root, folder, own, env, files, writable, network }: Confinement, dies: readonly string[]): ServerCommand {
  const jail = join(root, 'jail');
  const programs = [...SYSTEM, ...programPlaces(env), ...[command, ...args].flatMap(programOf)].filter((path) => existsSync(path));
  const named = [...Object.entries(env).flatMap(([name, value]) => (name === 'PATH' ? [] : value.split(delimiter))), ...args.filter((arg) => !arg.includes(PACKAGES)), ...files];
  const elsewhere = (paths: readonly string[]): string[] => paths.filter((path) => isAbsolute(path) && !isIn(path, root));
  const readable = [...programs, ...elsewhere(named).filter((path) => existsSync(path)).flatMap(dataOf)];
  const links = ['/dev/fd', ...outermost(readable).filter((path) => lstatSync(path).isSymbolicLink())];
  // What may be written lies over what may be read.
  const places = [
    ...DEVICES.map((name): Place => ({ path: `/dev/${name}`, how: 'bind' })),
    ...outermost(readable).filter((path) => !links.includes(path)).map((path): Place => ({ path, how: READ_ONLY })),
    ...(network && existsSync('/etc/resolv.conf') ? [{ path: '/etc/resolv.conf', how: READ_ONLY }] : []),
    ...outermost(elsewhere(writable).flatMap(dataOf)).map((path): Place => ({ path, how: 'rbind' })),
    ...own.map((path): Place => ({ path, how: 'bind' })),
  ];
  const isFolder = ({ path }: Place): boolean => statSync(path).isDirectory();
  const folders = ['/etc', '/dev', '/tmp', '/.old', ...places.map((place) => (isFolder(place) ? place.path : dirname(place.path)))];
  const lists = [
    folders.map((path) => jail + path),
    places.filter((place) => !isFolder(place) && !readable.some((other) => other !== place.path && isIn(place.path, other))).map(({ path }) => jail + path),
    links,
    SETTINGS.filter((name) => existsSync(join('/etc', name))),
    places.map(({ path, how }) => `${inTable(path)} ${inTable(jail + path)} none ${how} 0 0`),
  ].map((list) => list.join('\n'));
  return { command: 'unshare', args: [...namespaces(true, network), '--', 'sh', '-c', JAIL, 'sh', root, folder, ...lists, dies.join(' '), command, ...args] };
}

// Also for `/proc`, where the kernel's settings are; `noexec` would keep programs from running.
const READ_ONLY = 'rbind,ro,nosuid,nodev';

interface Place {
  path: string;
  /** Options of the mount. */
  how: string;
}

/** As fstab(5) wants a path. */
const inTable = (path: string): string => path.replace(/[\\\s]/g, (letter) => `\\${letter.charCodeAt(0).toString(8).padStart(3, '0')}`);

/** Node's own folder, and those of PATH, each also where it really is. */
const programPlaces = (env: Readonly<Record<string, string>>): string[] =>
  [dirname(dirname(realpathSync(process.execPath))), ...(env['PATH'] ?? '').split(delimiter).filter((path) => isAbsolute(path) && existsSync(path)).flatMap((path) => [path, realpathSync(path)])];

const PACKAGES = `${sep}node_modules${sep}`;
const PROJECT_FILES = ['.git', 'package.json', 'pyproject.toml', 'setup.py', 'Cargo.toml', 'go.mod'];

/** What a program or script needs beside it, by the name it was given and where it really is. */
const programOf = (path: string): string[] => (isAbsolute(path) && existsSync(path) ? [path, realpathSync(path)].flatMap(withNeighbours) : []);

/** The folder its packages are installed in, its project, else its folder. */
function withNeighbours(path: string): string[] {
  if (statSync(path).isDirectory()) return notTooMuch(path);
  const packages = path.indexOf(PACKAGES);
  return notTooMuch(packages > 0 ? path.slice(0, packages) : (projectOf(dirname(path)) ?? dirname(path)));
}

/** The outermost one: the packages of a workspace lie above its parts. */
function projectOf(folder: string): string | undefined {
  if (isTooMuch(folder)) return undefined;
  return projectOf(dirname(folder)) ?? (PROJECT_FILES.some((name) => existsSync(join(folder, name))) ? folder : undefined);
}

/** A file that is not there yet is made by the server, so its folder has to be there. */
const dataOf = (path: string): string[] => [path, dirname(path)].filter((place) => existsSync(place)).slice(0, 1).flatMap((place) => notTooMuch(realpathSync(place)));

/** Whoever names a file of their home does not mean all of it. */
const isTooMuch = (folder: string): boolean => folder === dirname(folder) || [homedir(), tmpdir(), '/home', '/tmp', '/var', '/etc', '/dev'].includes(folder);
const notTooMuch = (folder: string): string[] => (isTooMuch(folder) ? [] : [folder]);

const isIn = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}${sep}`);

/** Each once, and none that lies in another. */
const outermost = (paths: readonly string[]): string[] => [...new Set(paths)].filter((path) => !paths.some((other) => other !== path && isIn(path, other)));
