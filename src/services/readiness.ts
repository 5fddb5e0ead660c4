import { lastLine } from './programs';
import { ServiceError } from './service-error';

export interface Readiness {
  /** For the message, as in `Neo4j to answer at bolt://127.0.0.1:7687`. */
  what: string;
  /** `null` once it answers, else why not. */
  probe: () => Promise<string | null>;
  /** Resolves with the exit code when the started process ends. */
  exited: Promise<string>;
  log: string;
  timeoutMs: number;
}

/** Waits until a started server answers; throws ServiceError when it ends before, or is silent for too long. */
export async function untilReady(readiness: Readiness): Promise<void> {
  const deadline = Date.now() + readiness.timeoutMs;
  let exit: string | null = null;
  void readiness.exited.then((code) => (exit = code));
  for (;;) {
    const trouble = await readiness.probe();
    if (trouble === null) return;
    if (exit !== null) throw new ServiceError(`Expected ${readiness.what}, got exit ${String(exit)} (${lastLine(readiness.log)}); see ${readiness.log}`);
    if (Date.now() > deadline) throw new ServiceError(`Expected ${readiness.what} within ${readiness.timeoutMs / 1000} s, got: ${trouble}; see ${readiness.log}`);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}

/** Asks a server that should already run, for as long as `timeoutMs`; `null` once it answers, else the last reason. */
export async function answersWithin(probe: () => Promise<string | null>, timeoutMs: number): Promise<string | null> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const trouble = await probe();
    if (trouble === null || Date.now() > deadline) return trouble;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
