import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config';
import { withProcessLock } from '../process-lock';
import { ServiceError } from './service-error';

/** Longer than the longest first fetch (a cold Go build takes about three minutes on two cores). */
const PATIENCE_MS = 20 * 60_000;

/**
 * Lets one process at a time start or stop services of this home. Waits for a living holder (`onWait` is told its process id once)
 * and takes over from a dead one; throws ServiceError when the holder lives on for twenty minutes.
 */
export async function withStartLock<T>(config: Config, onWait: (holder: number) => void, work: () => Promise<T>): Promise<T> {
  mkdirSync(config.home, { recursive: true });
  const file = join(config.home, 'services.lock');
  const expired = (holder: number | 'unknown'): Error => new ServiceError(`Expected the services' lock ${file} to be released, got process ${holder} holding it for twenty minutes; end that process and try again`);
  return withProcessLock({ file, patienceMs: PATIENCE_MS, onWait, expired }, work);
}
