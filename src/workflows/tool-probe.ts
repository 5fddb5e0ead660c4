import type { ItemResult } from '../core/campaign/progress';
import { handleControl } from './control';
import { costOfCut, makeAdvancedTool, reasonAndVerify, startWalk, writeHardQuery, type Walk } from './phases';
import { local } from './proxies';
import { endOf, type TrajectoryInput } from './trajectory';
import { addSpend } from '../core/campaign/progress';

export interface ProbeInput extends TrajectoryInput {
  targets: number;
}

/**
 * Self-evaluation of one tool (paper §3.2): one hard query that needs it, every target tries. A query that even the
 * hinted reason–verify loop cannot solve is broken, not hard.
 */
export async function toolProbe({ ref, settings, targets, epoch, countsCut }: ProbeInput): Promise<ItemResult> {
  const walk = startWalk({ ref, settings, control: handleControl(ref.item, epoch), countsCut });
  const end = (probe: { failed: boolean; broken?: string }): ItemResult => ({
    item: ref.item, outcome: { kind: 'verified' }, spend: walk.spend, signature: '', attempts: walk.attempts, probe,
  });
  try {
    const trace = await walk.control.attempt(() => local.sampleTrace(ref));
    const broken = trace.ok ? await askAndTry(walk, targets) : { broken: trace.reason as string, failures: [] };
    await walk.control.attempt(() => local.recordProbe({ ...ref, failures: broken.failures, ...(broken.broken ? { broken: broken.broken } : {}) }));
    return end({ failed: !broken.broken && broken.failures.length >= settings.failuresNeeded, ...(broken.broken ? { broken: broken.broken } : {}) });
  } catch (error) {
    const outcome = endOf(error);
    return { ...end({ failed: false }), outcome, spend: await costOfCut(walk) };
  }
}

async function askAndTry(walk: Walk, targets: number): Promise<{ broken?: string; failures: number[] }> {
  const rejected = (await makeAdvancedTool(walk, 0)) ?? (await writeHardQuery(walk, 0));
  if (rejected) return { broken: rejected.reason, failures: [] };
  const tries = Array.from({ length: targets }, (_unused, target) => targetFails(walk, target));
  // What one of them cost is counted when all have ended.
  if (walk.countsCut) await Promise.allSettled(tries);
  const failed = await Promise.all(tries);
  const failures = failed.flatMap((fails, target) => (fails ? [target] : []));
  if (failures.length < walk.settings.failuresNeeded) return { failures };
  const unsolved = await reasonAndVerify(walk, 0);
  return unsolved ? { broken: `${unsolved.reason}: ${unsolved.detail}`, failures } : { failures };
}

/** A target fails the tool when all its attempts do, each with its first wrong step at this very tool. */
async function targetFails(walk: Walk, target: number): Promise<boolean> {
  for (let attempt = 1; attempt <= walk.settings.probeAttempts; attempt++) {
    if (!(await attemptFails(walk, target, attempt))) return false;
  }
  return true;
}

async function attemptFails(walk: Walk, target: number, attempt: number): Promise<boolean> {
  for (let step = 0; ; step++) {
    const last = step === walk.settings.maxSteps - 1;
    const tried = await walk.control.attempt(() => walk.model.tryTarget({ ...walk.ref, target, attempt, step, last }));
    walk.spend = addSpend(walk.spend, tried.spend);
    if (tried.done) return tried.failedAtTool;
  }
}
