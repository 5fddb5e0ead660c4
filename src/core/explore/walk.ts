import type { CallEvidence } from '../graph/graph';
import { canonicalJson, isObject, leavesOf, toPointer, wildcard } from '../json';
import type { Rng } from '../random';
import { proposeArguments, type Proposal } from '../sample/arguments';
import { entityAt, schemaAt } from '../schema';
import { toolKey, type CallResult, type KnownFact, type ToolDoc, type WorldDoc } from '../tool';
import { wordOverlap, wordsAt } from './names';
import { answeredBy, type Lab, type Walk } from './observation';

/** What earlier walks taught about the tools: exploration goes where little is known. */
export interface Experience {
  tried: Map<string, { ok: number; fail: number }>;
  /** Wildcard places of outputs seen, per tool: who could make a missing value where no output schema says it. */
  outputs: Map<string, Set<string>>;
  /** Tools that changed the state at least once. */
  writers: Set<string>;
}

export const noExperience = (): Experience => ({ tried: new Map(), outputs: new Map(), writers: new Set() });

/** A walk under way. */
interface Course {
  lab: Lab;
  rng: Rng;
  facts: KnownFact[];
  experience: Experience;
  walk: Walk;
  /** Canonical arguments tried since the state last changed, per tool: again would give the same answer. */
  spent: Map<string, string[]>;
  /** Tools that faulted with `precondition` in the present state. */
  waiting: Set<string>;
  /** What the walk is after at the moment, and for how many calls yet. */
  goal: { tool: ToolDoc; patience: number } | undefined;
  evidence: CallEvidence[];
}

/**
 * One random walk (Step 1 of environments.md §5.2): at each step a tool that has arguments, on the way
 * to a goal that rarely succeeded so far or, one call in three, anywhere. Failing calls are evidence and not part of the walk.
 */
export async function walkWorld(input: { lab: Lab; rng: Rng; seed: number; calls: number; idPrefix: string; experience: Experience; onCall: () => void }): Promise<{ walk: Walk; evidence: CallEvidence[] }> {
  const { lab, rng, seed, experience } = input;
  const course: Course = { lab, rng, facts: lab.facts(seed), experience, walk: { seed, steps: [] }, spent: new Map(), waiting: new Set(), goal: undefined, evidence: [] };
  for (let step = 0; step < input.calls; step++) {
    const next = chooseCall(course);
    if (next === undefined) break;
    await makeCall(course, next.tool, next.proposal, `${input.idPrefix}/${step}`);
    input.onCall();
  }
  return { walk: course.walk, evidence: course.evidence };
}

/** Share of the calls that serve the walk's goal; the others wander, so that what nobody asked for is met too. */
const GOAL_SHARE = 0.65;
/** Calls after which a goal is given up. */
const PATIENCE = 9;
/** How much more a tool that never succeeded is worth as a goal. */
const NEVER_SUCCEEDED = 4;

interface NextCall {
  tool: ToolDoc;
  proposal: Proposal;
}

function chooseCall(course: Course): NextCall | undefined {
  const { rng } = course;
  if (course.goal === undefined || course.goal.patience-- <= 0) course.goal = newGoal(course);
  const towards = course.goal !== undefined && rng.float() < GOAL_SHARE ? nextTowards(course, course.goal.tool, new Set()) : undefined;
  return towards ?? wander(course);
}

function newGoal(course: Course): Course['goal'] {
  const weight = (tool: ToolDoc): number => novelty(course, tool.name) ** 2 * (course.experience.tried.get(tool.name)?.ok ? 1 : NEVER_SUCCEEDED);
  const tool = weightedOrder(course.lab.world.tools, weight, course.rng)[0];
  return tool && { tool, patience: PATIENCE };
}

/** The tool itself when it has arguments; else, depth first, a call that could make what it lacks or end what it waits for. */
function nextTowards(course: Course, tool: ToolDoc, seen: Set<string>): NextCall | undefined {
  if (seen.has(tool.name)) return undefined;
  seen.add(tool.name);
  const proposal = course.waiting.has(tool.name) ? undefined : proposeFor(course, tool);
  if (proposal !== undefined && !('missing' in proposal)) return { tool, proposal };
  const sought = proposal?.missing.length === 0 ? parametersOf(tool) : (proposal?.missing ?? []);
  const before = proposal === undefined ? activatorsOf(course, tool) : makersOf(course, tool, sought);
  for (const other of course.rng.shuffle(before)) {
    const next = nextTowards(course, other, seen);
    if (next !== undefined) return next;
  }
  return undefined;
}

function wander(course: Course): NextCall | undefined {
  const weight = (tool: ToolDoc): number => novelty(course, tool.name) / (1 + course.walk.steps.filter((step) => step.tool === tool.name).length);
  for (const tool of weightedOrder(course.lab.world.tools, weight, course.rng)) {
    const proposal = proposeFor(course, tool);
    if (!('missing' in proposal)) return { tool, proposal };
  }
  return undefined;
}

function proposeFor(course: Course, tool: ToolDoc): ReturnType<typeof proposeArguments> {
  const { world } = course.lab;
  return proposeArguments({
    tool, world: world.id, tools: world.tools, facts: course.facts, answered: answeredBy(course.walk.steps),
    rng: course.rng, exclude: course.spent.get(tool.name) ?? [], mode: 'explore',
  });
}

/** T_j that may activate the tool: calls known to change the state, or never seen to succeed, that this walk has not made. */
function activatorsOf({ experience, walk, lab }: Course, refused: ToolDoc): ToolDoc[] {
  const called = new Set(walk.steps.map((step) => step.tool));
  const mayChange = (tool: ToolDoc): boolean => experience.writers.has(tool.name) || (experience.tried.get(tool.name)?.ok ?? 0) === 0;
  return lab.world.tools.filter((tool) => tool !== refused && !called.has(tool.name) && mayChange(tool));
}

const parametersOf = (tool: ToolDoc): string[] => Object.keys(isObject(tool.input.properties) ? tool.input.properties : {}).map((name) => toPointer([name]));

function novelty(course: Course, tool: string): number {
  const { ok, fail } = course.experience.tried.get(tool) ?? { ok: 0, fail: 0 };
  return 1 / Math.sqrt(1 + ok + 0.2 * fail);
}

/** Sampling without replacement by weight (Efraimidis and Spirakis): keys u^(1/w), largest first. */
function weightedOrder<T>(items: readonly T[], weight: (item: T) => number, rng: Rng): T[] {
  const keyed = items.map((item) => ({ item, key: Math.pow(rng.float(), 1 / weight(item)) }));
  return keyed.sort((a, b) => b.key - a.key).map(({ item }) => item);
}

const makersOf = (course: Course, tool: ToolDoc, missing: readonly string[]): ToolDoc[] =>
  course.lab.world.tools.filter((maker) => maker !== tool && missing.some((pointer) => couldMake(course, maker, tool, pointer)));

function couldMake(course: Course, maker: ToolDoc, tool: ToolDoc, pointer: string): boolean {
  const entity = entityAt(tool.input, wildcard(pointer));
  const words = wordsAt(pointer, tool.name);
  return [...(course.experience.outputs.get(maker.name) ?? schemaPlaces(maker))].some((path) => {
    const other = entityAt(maker.output, path);
    return entity !== undefined && other !== undefined ? entity === other : wordOverlap(words, wordsAt(path, maker.name)) >= 0.5;
  });
}

/** Properties at the top of an output schema and of the elements of its lists. */
function schemaPlaces(tool: ToolDoc): string[] {
  const under = (pointer: string, depth: number): string[] => {
    const schema = schemaAt(tool.output, pointer);
    if (schema === undefined || depth > 4) return [];
    if (typeof schema.items === 'object') return under(`${pointer}/*`, depth + 1);
    if (typeof schema.properties !== 'object' || schema.properties === null) return [pointer];
    return Object.keys(schema.properties).flatMap((name) => under(`${pointer}${wildcard(`/${name}`)}`, depth + 1));
  };
  return under('', 0);
}

async function makeCall(course: Course, tool: ToolDoc, proposal: Proposal, callId: string): Promise<void> {
  const { lab, walk, experience } = course;
  const calls = [...walk.steps.map(({ tool: name, args }) => ({ tool: name, args })), { tool: tool.name, args: proposal.args }];
  const { results, digests } = await lab.execute(walk.seed, calls);
  const result = results.at(-1) as CallResult;
  const changedState = digests.at(-1) !== digests.at(-2);
  course.evidence.push(evidenceOf(lab.world, course, { callId, tool: tool.name, proposal, result, changedState }));
  noteState(course, tool.name, result, changedState);
  course.spent.set(tool.name, [...(course.spent.get(tool.name) ?? []), canonicalJson(proposal.args)]);
  const tally = experience.tried.get(tool.name) ?? { ok: 0, fail: 0 };
  experience.tried.set(tool.name, result.ok ? { ...tally, ok: tally.ok + 1 } : { ...tally, fail: tally.fail + 1 });
  if (!result.ok) return;
  const places = experience.outputs.get(tool.name) ?? new Set<string>();
  for (const leaf of leavesOf(result.value)) places.add(wildcard(leaf.pointer));
  experience.outputs.set(tool.name, places);
  walk.steps.push({ id: callId, tool: tool.name, args: proposal.args, sources: proposal.sources, value: result.value, changedState });
}

function noteState(course: Course, tool: string, result: CallResult, changedState: boolean): void {
  if (result.ok && course.goal?.tool.name === tool) course.goal = undefined;
  if (!result.ok && result.fault === 'precondition') course.waiting.add(tool);
  if (!changedState) return;
  course.experience.writers.add(tool);
  course.spent.clear();
  course.waiting.clear();
}

function evidenceOf(world: WorldDoc, course: Course, call: { callId: string; tool: string; proposal: Proposal; result: CallResult; changedState: boolean }): CallEvidence {
  return {
    kind: 'call', callId: call.callId, origin: 'explore', item: -1, tool: toolKey(world.id, call.tool), seed: course.walk.seed,
    args: call.proposal.args, result: call.result, changedState: call.changedState, prefix: course.walk.steps.map((step) => step.id),
  };
}
