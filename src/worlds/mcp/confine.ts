import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ServerCommand } from './install';

const run = promisify(execFile);

/**
 * The command in a network of its own that leads nowhere, or `null` where this platform has no such thing (Linux user
 * namespaces do). The user namespace also keeps the process from reading the memory and environment of ours.
 */
export async function withoutNetwork(command: ServerCommand): Promise<ServerCommand | null> {
  return (await canIsolate()) ? { command: 'unshare', args: [...UNSHARE, command.command, ...command.args] } : null;
}

// `unshare` becomes the command itself, so the process we started is still the server.
const UNSHARE = ['--map-root-user', '--net', '--'];
let asked: Promise<boolean> | undefined;

const canIsolate = (): Promise<boolean> => (asked ??= process.platform !== 'linux' ? Promise.resolve(false) : run('unshare', [...UNSHARE, 'true'], { timeout: 5_000 }).then(() => true, () => false));
