import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { identityOf, isRunning, type ProcessIdentity } from './process-identity';

export interface ProcessLock {
  /** The lock's path, in a folder that exists. */
  file: string;
  /** How long to wait for a living holder, in ms. */
  patienceMs: number;
  /** Told the holder's process id once, when there is one to wait for. */
  onWait?: (holder: number) => void;
  /** What to throw when the holder outlives our patience. */
  expired(holder: number | 'unknown'): Error;
}

/** Lets one task at a time work under this lock, of this process or another; waits for a living holder and takes over from a dead one. */
export async function withProcessLock<T>(lock: ProcessLock, work: () => Promise<T>): Promise<T> {
  await acquire(lock);
  try {
    return await work();
  } finally {
    rmSync(lock.file, { force: true });
  }
}

async function acquire({ file, patienceMs, onWait, expired }: ProcessLock): Promise<void> {
  const deadline = Date.now() + patienceMs;
  let told = false;
  while (!tryLock(file)) {
    const holder = holderOf(file);
    if (holder === 'dead') {
      takeAway(file);
      continue;
    }
    if (Date.now() > deadline) throw expired(holder);
    if (!told && holder !== 'unknown') onWait?.(holder);
    told = told || holder !== 'unknown';
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

// A link, not an exclusive create: the lock appears with its content, so nobody ever reads an empty one.
function tryLock(lock: string): boolean {
  const draft = `${lock}.${process.pid}.${process.hrtime.bigint()}`;
  try {
    writeFileSync(draft, JSON.stringify(identityOf(process.pid)));
    linkSync(draft, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function holderOf(lock: string): number | 'dead' | 'unknown' {
  try {
    const holder = JSON.parse(readFileSync(lock, 'utf8')) as ProcessIdentity;
    return isRunning(holder) ? holder.pid : 'dead';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'unknown' : 'dead';
  }
}

/** Removes a dead holder's lock; when another process was quicker and the lock taken away is a living one, it is put back. */
function takeAway(lock: string): void {
  const aside = `${lock}.${process.pid}.dead`;
  try {
    renameSync(lock, aside);
    if (typeof holderOf(aside) === 'number') linkSync(aside, lock);
  } catch {
    // Someone else took it away or has locked again: the next try decides.
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}
