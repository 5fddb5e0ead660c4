import type { CampaignContext } from '../activities/context';
import { planOf } from '../activities/context';
import type { Deps, RecordLine } from '../activities/deps';
import { recordProbe } from '../activities/evaluate';
import { finishTrajectory } from '../activities/finish';
import { openItem, type Item } from '../activities/item';
import { decisionOf, keys, RETRY_KEY, type AttemptDecision, type RewriteDecision } from '../activities/item-state';
import type { SpecLine } from '../activities/sample';
import { addSpend, NO_SPEND, type Spend } from '../core/campaign/progress';
import { recordName, type ItemRef } from '../core/campaign/refs';
import type { Json } from '../core/json';
import type { Outcome } from '../core/outcome';
import { createItemStore, Unanswered, type ItemStore } from './offline';
import { decisionKeyOf, runTask, taskId, tasksOf, type Task } from './tasks';

/** Where a record and what follows from it part ways. */
export type Difference =
  | { kind: 'decision'; key: string; derived: Json; stored: Json | undefined }
  | { kind: 'unanswered'; key: string; lineKey: string }
  | { kind: 'underived'; key: string }
  | { kind: 'error'; key: string; message: string };

/** An item made again from its recorded replies, by the activities that made it the first time. */
export interface Derivation {
  differences: Difference[];
  /** What each activity gave back, by `taskId`. */
  results: Map<string, Json>;
  /** How the item ends by what its record holds; none while its record is not at an end. */
  outcome?: Outcome;
  spend: Spend;
  attempts: number[];
  /** `rows/t-….json` as it must be; only for a verified item. */
  row?: string;
}

/** Derives an item from its spec and its paid replies. Rejects only for what concerns the whole campaign: a world that is not to be had. */
export async function deriveItem(base: Deps, context: CampaignContext, ref: ItemRef, lines: readonly RecordLine[]): Promise<Derivation> {
  const store = createItemStore(base.records, lines);
  const deps: Deps = { ...base, records: store.records };
  const derivation: Derivation = { differences: [], results: new Map(), spend: NO_SPEND, attempts: [] };
  const spec = decisionOf<SpecLine>(lines, 'spec');
  if (!spec) return derivation;
  if (!spec.ok) {
    if (ref.purpose === 'probe') await noteProbe({ deps, context, ref, lines, store, derivation });
    return { ...derivation, outcome: { kind: 'rejected', reason: spec.reason, detail: spec.detail } };
  }
  for (const task of tasksOf(lines)) await deriveTask({ deps, context, ref, task, store, derivation });
  const end = ref.purpose === 'probe'
    ? await noteProbe({ deps, context, ref, lines, store, derivation })
    : await finish({ deps, context, ref, lines, store, derivation });
  const decided = store.differences.filter(({ stored }) => stored !== undefined || lines.some((line) => line.kind === 'outcome'));
  const underived = lines.filter((line) => line.kind === 'decision' && !store.derived.has(line.key) && line.key !== keys.alternative && !line.key.startsWith(RETRY_KEY));
  derivation.differences.push(...decided.map((difference) => ({ kind: 'decision' as const, ...difference })), ...underived.map((line) => ({ kind: 'underived' as const, key: line.key })));
  return { ...derivation, ...end };
}

interface Work {
  deps: Deps;
  context: CampaignContext;
  ref: ItemRef;
  lines: readonly RecordLine[];
  store: ItemStore;
  derivation: Derivation;
}

async function deriveTask({ deps, context, ref, task, store, derivation }: Omit<Work, 'lines'> & { task: Task }): Promise<void> {
  const key = decisionKeyOf(task);
  try {
    const result = await runTask(deps, context, ref, task);
    derivation.results.set(taskId(task.activity, task.at), result);
    derivation.spend = addSpend(derivation.spend, (result as unknown as { spend: Spend }).spend);
  } catch (error) {
    derivation.differences.push(differenceOf(key, error));
    store.takeAsRecorded(key);
  }
}

function differenceOf(key: string, error: unknown): Difference {
  if (error instanceof Unanswered) return { kind: 'unanswered', key, lineKey: error.lineKey };
  if (error instanceof Error && error.name === 'WorldUnavailable') throw error;
  return { kind: 'error', key, message: error instanceof Error ? error.message : String(error) };
}

/** How a trajectory ends: its row where every turn is answered, else the phase that its last decision belongs to. */
async function finish({ deps, context, ref, lines, store, derivation }: Work): Promise<Partial<Derivation>> {
  const item = await openItem(deps, context, ref);
  const attempts = attemptsOf(item);
  if (!isWhole(item)) return { attempts, outcome: { kind: 'rejected', reason: rejectedBy(item.state.lines) } };
  if (!decisionOf(lines, keys.alternative)) {
    // Without its end noted it was cancelled as surplus, or failed.
    if (decisionOf(lines, 'outcome')) derivation.differences.push({ kind: 'error', key: keys.alternative, message: 'no line of what the graph said of its calls: the record is of an earlier version, or was cut' });
    return { attempts };
  }
  try {
    const outcome = await finishTrajectory(deps, item, { attempts });
    const row = store.written.get(`rows/${recordName(ref)}.json`);
    return { attempts, outcome, ...(row === undefined ? {} : { row }) };
  } catch (error) {
    derivation.differences.push(differenceOf('outcome', error));
    return { attempts };
  }
}

/** Attempts that each accepted response took, in order. */
const attemptsOf = (item: Item): number[] =>
  item.state.turns.flatMap((turn) => turn.steps.flatMap((step) => (step.accepted ? [step.attempts.length + 1] : [])));

/** Every turn has its final answer, and reasoning that betrayed the scaffolding was rewritten. */
function isWhole({ state }: Item): boolean {
  return state.spec.turns.every((_turn, at) => {
    const steps = state.turns[at]?.steps ?? [];
    const last = steps.at(-1)?.accepted;
    return last !== undefined && 'answer' in last && steps.every((_step, step) => isClean(state.lines, at, step));
  });
}

function isClean(lines: readonly RecordLine[], turn: number, step: number): boolean {
  for (let attempt = 1; ; attempt++) {
    const decision = decisionOf<AttemptDecision>(lines, keys.attempt(turn, step, attempt));
    if (!decision) return true;
    if (!decision.right || decision.leaks.length === 0) continue;
    for (let tryNumber = 1; ; tryNumber++) {
      const rewrite = decisionOf<RewriteDecision>(lines, keys.rewrite(turn, step, tryNumber));
      if (!rewrite) return false;
      if (rewrite.ok) return true;
    }
  }
}

function rejectedBy(lines: readonly RecordLine[]): 'advanced-tool' | 'query' | 'attempts' | 'leaky-reasoning' {
  const last = lines.filter((line) => line.kind === 'decision').at(-1)?.key ?? '';
  if (last.includes('/rewrite/')) return 'leaky-reasoning';
  if (last.includes('/step/')) return 'attempts';
  return last.includes('/tool/') ? 'advanced-tool' : 'query';
}

/** A probe's line in the failure set, from what its targets did; why it is broken is the loop's own word. */
async function noteProbe({ deps, context, ref, lines, derivation }: Work): Promise<Partial<Derivation>> {
  const stored = decisionOf<{ broken?: string }>(lines, 'outcome');
  if (!stored) return {};
  const { targets, settings } = planOf(context.manifest);
  const queried = stored.broken === undefined || lines.some((line) => line.key.startsWith('target/'));
  const failures = Array.from({ length: targets }, (_unused, target) => target).filter((target) => queried && failsTool(derivation, { target, attempts: settings.probeAttempts, maxSteps: settings.maxSteps }));
  await recordProbe(deps, context, { ...ref, failures, ...(stored.broken === undefined ? {} : { broken: stored.broken }) });
  return { outcome: { kind: 'verified' } };
}

/** All its attempts failed at this very tool. */
function failsTool(derivation: Derivation, input: { target: number; attempts: number; maxSteps: number }): boolean {
  return Array.from({ length: input.attempts }, (_unused, at) => at + 1).every((attempt) =>
    Array.from({ length: input.maxSteps }, (_unused, step) => derivation.results.get(taskId('tryTarget', { target: input.target, attempt, step })))
      .some((result) => (result as { failedAtTool?: boolean } | undefined)?.failedAtTool === true));
}
