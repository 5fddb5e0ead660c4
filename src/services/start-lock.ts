import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config';
import { identityOf, isRunning, type ProcessIdentity } from '../process-identity';
import { ServiceError } from './service-error';

/** Longer than the longest first fetch (a cold Go build takes about three minutes on two cores). */
const PATIENCE_MS = 20 * 60_000;

/**
 * Lets one process at a time start or stop services of this home. Waits for a living holder (`onWait` is told its process id once)
 * and takes over from a dead one; throws ServiceError when the holder lives on for twenty minutes.
 */
export async function withStartLock<T>(config: Config, onWait: (holder: number) => void, work: () => Promise<T>): Promise<T> {
  mkdirSync(config.home, { recursive: true });
  const lock = join(config.home, 'services.lock');
  await acquire(lock, onWait);
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

async function acquire(lock: string, onWait: (holder: number) => void): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  let told = false;
  while (!tryLock(lock)) {
    const holder = holderOf(lock);
    if (holder === 'dead') {
      takeAway(lock);
      continue;
    }
    if (Date.now() > deadline) {
      throw new ServiceError(`Expected the services' lock ${lock} to be released, got process ${holder} holding it for twenty minutes; end that process and try again`);
    }
    if (!told && holder !== 'unknown') onWait(holder);
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
    rmSync(aside, { force: true });
  }
}
