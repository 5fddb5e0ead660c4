import { canonicalJson, type Json, type JsonObject } from '../core/json';
import { planOf, type CampaignContext } from '../activities/context';
import type { Deps, RecordLine } from '../activities/deps';
import { tryTarget } from '../activities/evaluate';
import { generateQuery, judgeParaphrase, makeTool } from '../activities/evolve';
import { openItem } from '../activities/item';
import { keys } from '../activities/item-state';
import { reason, rewrite, verify } from '../activities/refine';
import type { ItemRef } from '../core/campaign/refs';

type Place = 'turn' | 'step' | 'attempt' | 'tryNumber' | 'target';

/** One activity of an item that asks a model and decides something from the reply, with where in the item it stands. */
export interface Task {
  activity: 'makeTool' | 'generateQuery' | 'judgeParaphrase' | 'reason' | 'verify' | 'rewrite' | 'tryTarget';
  at: Partial<Record<Place, number>>;
}

interface Kind {
  activity: Task['activity'];
  /** The stage in the keys of its model calls. */
  stage: string;
  places: readonly Place[];
  decision: RegExp;
}

const KINDS: readonly Kind[] = [
  { activity: 'makeTool', stage: 'tool-maker', places: ['turn', 'attempt'], decision: /^turn\/(\d+)\/tool\/(\d+)$/ },
  { activity: 'generateQuery', stage: 'query-generator', places: ['turn', 'attempt'], decision: /^turn\/(\d+)\/query\/(\d+)$/ },
  { activity: 'judgeParaphrase', stage: 'paraphrase-judge', places: ['turn', 'attempt'], decision: /^turn\/(\d+)\/judge\/(\d+)$/ },
  { activity: 'reason', stage: 'reasoner', places: ['turn', 'step', 'attempt'], decision: /^turn\/(\d+)\/step\/(\d+)\/attempt\/(\d+)$/ },
  { activity: 'verify', stage: 'verifier', places: ['turn', 'step', 'attempt', 'tryNumber'], decision: /^turn\/(\d+)\/step\/(\d+)\/attempt\/(\d+)\/feedback\/(\d+)$/ },
  { activity: 'rewrite', stage: 'rewriter', places: ['turn', 'step', 'tryNumber'], decision: /^turn\/(\d+)\/step\/(\d+)\/rewrite\/(\d+)$/ },
  { activity: 'tryTarget', stage: 'target', places: ['target', 'attempt', 'step'], decision: /^target\/(\d+)\/(\d+)\/step\/(\d+)$/ },
];

/** A name that is equal for the same task, whether read from a record or from a history. */
export const taskId = (activity: string, at: JsonObject): string =>
  `${activity} ${canonicalJson(Object.fromEntries(Object.entries(at).filter(([name]) => !['campaign', 'purpose', 'item', 'last'].includes(name))))}`;

/** The tasks of a record in the order they were done, each once: every paid call and every decision belongs to one. */
export function tasksOf(lines: readonly RecordLine[]): Task[] {
  const tasks = new Map<string, Task>();
  for (const line of lines) {
    const task = line.kind === 'call' ? taskOfCall(line.key) : line.kind === 'decision' ? taskOfDecision(line.key) : undefined;
    if (!task) continue;
    const id = taskId(task.activity, task.at);
    if (!tasks.has(id)) tasks.set(id, task);
  }
  return [...tasks.values()];
}

function taskOfCall(key: string): Task | undefined {
  const [, stage, target, turn, step, attempt, tryNumber] = /^call\/([a-z-]+)\/(?:m(\d+)\/)?(\d+)\/(\d+)\/(\d+)\/(\d+)\//.exec(key) ?? [];
  const kind = KINDS.find((candidate) => candidate.stage === stage);
  const all: Record<Place, number> = { turn: Number(turn), step: Number(step), attempt: Number(attempt), tryNumber: Number(tryNumber), target: Number(target) };
  return kind && { activity: kind.activity, at: Object.fromEntries(kind.places.map((place) => [place, all[place]])) };
}

function taskOfDecision(key: string): Task | undefined {
  for (const { activity, places, decision } of KINDS) {
    const found = decision.exec(key);
    if (found) return { activity, at: Object.fromEntries(places.map((place, index) => [place, Number(found[index + 1])])) };
  }
  return undefined;
}

/** The key of the decision that a task leaves. */
export function decisionKeyOf({ activity, at }: Task): string {
  const { turn = 0, step = 0, attempt = 1, tryNumber = 1, target = 0 } = at;
  switch (activity) {
    case 'makeTool': return keys.tool(turn, attempt);
    case 'generateQuery': return keys.query(turn, attempt);
    case 'judgeParaphrase': return keys.judge(turn, attempt);
    case 'reason': return keys.attempt(turn, step, attempt);
    case 'verify': return keys.feedback(turn, step, attempt, tryNumber);
    case 'rewrite': return keys.rewrite(turn, step, tryNumber);
    case 'tryTarget': return keys.target(target, attempt, step);
  }
}

/** Runs a task as the worker did, over what these stores hold. */
export async function runTask(deps: Deps, context: CampaignContext, ref: ItemRef, task: Task): Promise<Json> {
  const { turn = 0, step = 0, attempt = 1, tryNumber = 1, target = 0 } = task.at;
  const { settings } = planOf(context.manifest);
  const item = await openItem(deps, context, ref, decisionKeyOf(task));
  const run = (): Promise<unknown> => {
    switch (task.activity) {
      case 'makeTool': return makeTool(deps, item, { ...ref, turn, attempt });
      case 'generateQuery': return generateQuery(deps, item, { ...ref, turn, attempt });
      case 'judgeParaphrase': return judgeParaphrase(deps, item, { ...ref, turn, attempt });
      case 'reason': return reason(deps, item, { ...ref, turn, step, attempt });
      case 'verify': return verify(deps, item, { ...ref, turn, step, attempt, tryNumber, last: tryNumber === settings.feedbackRetries + 1 });
      case 'rewrite': return rewrite(deps, item, { ...ref, turn, step, tryNumber });
      case 'tryTarget': return tryTarget(deps, item, { target, attempt, step, last: step === settings.maxSteps - 1 });
    }
  };
  return (await run()) as Json;
}
