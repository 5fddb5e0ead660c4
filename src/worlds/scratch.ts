import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning, killIfThere, processesOf, type ProcessIdentity } from '../process-identity';

/** In a world's own folder: which process serves it (a ProcessIdentity as JSON). */
export const SERVER_FILE = 'server.json';

/**
 * This process's own folder for worlds that need one, after ending the servers and removing the folders of processes that
 * are gone: a killed worker cannot clean up behind itself, and a server may not heed that nobody listens any more.
 */
export function ownScratch(home: string): string {
  const all = join(home, 'scratch');
  mkdirSync(all, { recursive: true });
  for (const name of readdirSync(all)) if (!isAlive(Number(name))) clear(join(all, name));
  const own = join(all, String(process.pid));
  mkdirSync(own, { recursive: true });
  return own;
}

function clear(folder: string): void {
  for (const world of readdirSync(folder)) endServer(join(folder, world, SERVER_FILE));
  // What those servers started in groups of their own still has their folder in its environment.
  for (const line of processesOf(folder)) killIfThere(Number.parseInt(line, 10));
  rmSync(folder, { recursive: true, force: true });
}

/** A server leads a group of its own; the file may be half-written or name a process that is gone. */
function endServer(file: string): void {
  try {
    const server = JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
    if (isRunning(server)) process.kill(-server.pid, 'SIGKILL');
  } catch {
    // No server to end.
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: alive, and somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
