import type { JsonObject, Json } from '../core/json';
import { toolsOf, trainingSystem, visibleTexts, type TurnRecord } from '../core/refine/conversation';
import { matchFinal, matchResponse, remainingCalls, type StepMatch } from '../core/refine/match';
import type { Call, Execution, KnownFact, ToolDoc, WorldDoc } from '../core/tool';
import type { ChatTool } from '../core/chat/chat';
import type { TraceSpec } from '../core/trace';
import type { CampaignContext } from './context';
import type { Deps, RecordLine } from './deps';
import { itemState, type ItemState } from './item-state';
import { recordName, type ItemRef } from '../core/campaign/refs';
import { readSpecLine } from './sample';

/** An item with everything its stages read: its state from the record, and its world's documents. */
export interface Item {
  ref: ItemRef;
  context: CampaignContext;
  state: ItemState;
  world: WorldDoc;
  facts: readonly KnownFact[];
  docs: readonly ToolDoc[];
  /** The one tool list of the trajectory, as models see it. */
  tools: ChatTool[];
  /** System prompt of the training view and of targets. */
  system: string;
  today: string | undefined;
}

/**
 * `before`: the item as it stood when that decision was taken. An activity that stored its decision and died before Temporal
 * heard of it is run again, and has to ask what it asked then: with its own decision in sight, its prompt would be another.
 */
export async function openItem(deps: Deps, context: CampaignContext, ref: ItemRef, before?: string): Promise<Item> {
  const line = await readSpecLine(deps, ref);
  if (!line?.ok) throw new Error(`Expected a sampled trace in the record of ${recordName(ref)}`);
  const [spec, lines] = await Promise.all([deps.records.readBlob(line.hash), deps.records.read(ref.campaign, recordName(ref))]);
  const decided = lines.findIndex((other) => other.key === before);
  const state = itemState({ lines: decided < 0 ? lines : lines.slice(0, decided), spec: spec as unknown as TraceSpec, specHash: line.hash });
  const world = context.replayer.world(state.spec.world);
  const facts = world.known(state.spec.seed);
  const today = facts.find((fact) => fact.name === 'today')?.value;
  return {
    ref, context, state, world: world.doc, facts, docs: world.doc.tools, tools: toolsOf(state.spec.tools, world.doc.tools),
    system: trainingSystem(context.templates.target, world.doc.policy), today: typeof today === 'string' ? today : undefined,
  };
}

/** Appends a decision; the first stored of its key is the truth, and is returned. */
export async function decide<T>(deps: Deps, ref: ItemRef, key: string, decision: T): Promise<T> {
  const line: RecordLine = { key, kind: 'decision', value: decision as unknown as Json };
  return (await deps.records.append({ campaign: ref.campaign, record: recordName(ref), line })).value as unknown as T;
}

/** Runs calls after everything this item has executed; the state before is left as it was. */
export async function runAfter(item: Item, executed: readonly Call[], calls: readonly Call[]): Promise<Execution> {
  const all = [...executed, ...calls].map(({ tool, args }): Call => ({ tool, args: args as JsonObject }));
  const run = await item.context.replayer.execute(item.state.spec.world)(item.state.spec.seed, all);
  return { results: run.results.slice(executed.length), digests: run.digests.slice(executed.length) };
}

/** Everything a reader of the training view has seen before the next response. */
export const visibleTo = (item: Item, turns: readonly TurnRecord[]): string[] => visibleTexts({ system: item.system, tools: item.tools, turns });

export const remainingOf = (item: Item, turn: number, answered: readonly string[]): TraceSpec['calls'] => remainingCalls({ spec: item.state.spec, turn, answered });

export function judgeCalls(item: Item, turn: number, answered: readonly string[], calls: readonly Call[]): StepMatch {
  return matchResponse({ spec: item.state.spec, turn, answered, calls, tools: item.docs, mode: item.context.manifest.campaign.matching });
}

export const judgeFinal = (item: Item, turn: number, answered: readonly string[]): StepMatch => matchFinal({ spec: item.state.spec, turn, answered });
