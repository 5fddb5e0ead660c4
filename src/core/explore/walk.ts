import type { CallEvidence } from '../graph/graph';
import { canonicalJson, leavesOf, wildcard } from '../json';
import type { Rng } from '../random';
import { proposeArguments, type Proposal } from '../sample/arguments';
import { entityOf, schemaAt } from '../schema';
import { toolKey, type CallResult, type KnownFact, type ToolDoc, type WorldDoc } from '../tool';
import { wordOverlap, wordsAt } from './names';
import { answeredBy, type Lab, type Walk } from './observation';

/** What earlier walks taught about the tools: exploration goes where little is known. */
export interface Experience {
  tried: Map<string, { ok: number; fail: number }>;
  /** Wildcard places of outputs seen, per tool: who could make a missing value where no output schema says it. */
  outputs: Map<string, Set<string>>;
}

export const noExperience = (): Experience => ({ tried: new Map(), outputs: new Map() });

/** A walk under way. */
interface Course {
  lab: Lab;
  rng: Rng;
  facts: KnownFact[];
  experience: Experience;
  walk: Walk;
  /** Canonical arguments tried since the state last changed, per tool: again would give the same answer. */
  spent: Map<string, string[]>;
  /** Tools that could make a value some other tool waited for, with how much that one was wanted. */
  wanted: Map<string, number>;
  evidence: CallEvidence[];
}

/**
 * One random walk (Step 1 of environments.md §5.2): at each step a tool that has arguments, preferring tools that
 * rarely succeeded and tools that can make what such a tool lacks. Failing calls are evidence and not part of the walk.
 */
export async function walkWorld(input: { lab: Lab; rng: Rng; seed: number; calls: number; idPrefix: string; experience: Experience; onCall: () => void }): Promise<{ walk: Walk; evidence: CallEvidence[] }> {
  const { lab, rng, seed, experience } = input;
  const course: Course = { lab, rng, facts: lab.facts(seed), experience, walk: { seed, steps: [] }, spent: new Map(), wanted: new Map(), evidence: [] };
  for (let step = 0; step < input.calls; step++) {
    const next = chooseCall(course);
    if (next === undefined) break;
    await makeCall(course, next.tool, next.proposal, `${input.idPrefix}/${step}`);
    input.onCall();
  }
  return { walk: course.walk, evidence: course.evidence };
}

/** The first tool of a weighted order that has arguments not spent; what the others lack is remembered for the next step. */
function chooseCall(course: Course): { tool: ToolDoc; proposal: Proposal } | undefined {
  const order = weightedOrder(course.lab.world.tools, (tool) => weightOf(course, tool), course.rng);
  const wanted = new Map<string, number>();
  for (const tool of order) {
    const proposal = proposeArguments({
      tool, world: course.lab.world.id, tools: course.lab.world.tools, facts: course.facts, answered: answeredBy(course.walk.steps),
      rng: course.rng, exclude: course.spent.get(tool.name) ?? [], mode: 'explore',
    });
    if (!('missing' in proposal)) {
      course.wanted = wanted;
      return { tool, proposal };
    }
    for (const maker of makersOf(course, tool, proposal.missing)) wanted.set(maker, Math.max(novelty(course, tool.name), wanted.get(maker) ?? 0));
  }
  return undefined;
}

function weightOf(course: Course, tool: ToolDoc): number {
  const repeats = course.walk.steps.filter((step) => step.tool === tool.name).length;
  return (novelty(course, tool.name) + 2 * (course.wanted.get(tool.name) ?? 0)) / (1 + repeats);
}

function novelty(course: Course, tool: string): number {
  const { ok, fail } = course.experience.tried.get(tool) ?? { ok: 0, fail: 0 };
  return 1 / Math.sqrt(1 + ok + 0.2 * fail);
}

/** Sampling without replacement by weight (Efraimidis and Spirakis): keys u^(1/w), largest first. */
function weightedOrder<T>(items: readonly T[], weight: (item: T) => number, rng: Rng): T[] {
  const keyed = items.map((item) => ({ item, key: Math.pow(rng.float(), 1 / weight(item)) }));
  return keyed.sort((a, b) => b.key - a.key).map(({ item }) => item);
}

function makersOf(course: Course, tool: ToolDoc, missing: readonly string[]): string[] {
  const { world } = course.lab;
  return world.tools.filter((maker) => maker !== tool && missing.some((pointer) => couldMake(course, maker, tool, pointer))).map((maker) => maker.name);
}

function couldMake(course: Course, maker: ToolDoc, tool: ToolDoc, pointer: string): boolean {
  const entity = entityOf(schemaAt(tool.input, pointer));
  const words = wordsAt(pointer, tool.name);
  return [...(course.experience.outputs.get(maker.name) ?? schemaPlaces(maker))].some((path) => {
    const other = entityOf(schemaAt(maker.output, path));
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
  if (changedState) course.spent.clear();
  course.spent.set(tool.name, [...(course.spent.get(tool.name) ?? []), canonicalJson(proposal.args)]);
  const tally = experience.tried.get(tool.name) ?? { ok: 0, fail: 0 };
  experience.tried.set(tool.name, result.ok ? { ...tally, ok: tally.ok + 1 } : { ...tally, fail: tally.fail + 1 });
  if (!result.ok) return;
  const places = experience.outputs.get(tool.name) ?? new Set<string>();
  for (const leaf of leavesOf(result.value)) places.add(wildcard(leaf.pointer));
  experience.outputs.set(tool.name, places);
  walk.steps.push({ id: callId, tool: tool.name, args: proposal.args, sources: proposal.sources, value: result.value, changedState });
}

function evidenceOf(world: WorldDoc, course: Course, call: { callId: string; tool: string; proposal: Proposal; result: CallResult; changedState: boolean }): CallEvidence {
  return {
    kind: 'call', callId: call.callId, origin: 'explore', item: -1, tool: toolKey(world.id, call.tool), seed: course.walk.seed,
    args: call.proposal.args, result: call.result, changedState: call.changedState, prefix: course.walk.steps.map((step) => step.id),
  };
}
