import { canonicalJson, leavesOf, wildcard, type Json, type JsonObject } from '../json';
import { pickFor } from '../sample/pick';
import { choicesOf, entityOf, schemaAt, typeOfSchema } from '../schema';
import { toolKey, toolNamed, type KnownFact, type WorldDoc } from '../tool';
import type { ArgSource } from '../trace';
import { wordOverlap, wordsAt } from './names';
import { stepOf, type Step, type Success, type Walk } from './observation';

/** A place of a consumer that took a value from an output: a data edge to be tested. */
export interface DataCandidate {
  consumer: string;
  /** Wildcard pointer of the parameter. */
  param: string;
  producer: string;
  /** Wildcard pointer into the producer's output. */
  outPath: string;
  score: number;
  /** Where it was seen: the success and the concrete argument. */
  seen: { success: Success; pointer: string; source: ArgSource & { kind: 'output' } }[];
}

export const candidateKey = (candidate: Pick<DataCandidate, 'consumer' | 'param' | 'producer' | 'outPath'>): string =>
  `${candidate.consumer} ${candidate.param} ${candidate.producer} ${candidate.outPath}`;

/** Weakest score that is tested. The note's 0.5 is for tagged worlds; 0.4 lets rare values through where names and tags say nothing. */
const CUT = 0.4;

/** Step 2 of environments.md §5.2: what fed what in these walks, best first; equal scores by name. */
export function dataCandidates(world: WorldDoc, walks: readonly Walk[]): DataCandidate[] {
  const rarity = rarityOf(walks);
  const found = new Map<string, DataCandidate>();
  for (const walk of walks) {
    walk.steps.forEach((step, at) => {
      for (const source of step.sources) {
        if (source.kind !== 'output') continue;
        const producer = walk.steps.find((other) => other.id === source.call);
        if (producer === undefined || producer.tool === step.tool) continue;
        const edge = { consumer: step.tool, param: wildcard(source.pointer), producer: producer.tool, outPath: wildcard(source.path) };
        const value = leavesOf(step.args).find((leaf) => leaf.pointer === source.pointer)?.value;
        if (value === undefined || isChoice(world, edge.consumer, edge.param)) continue;
        const score = scoreOf(world, edge, rarity(value));
        const candidate = found.get(candidateKey(edge)) ?? { ...edge, score, seen: [] };
        found.set(candidateKey(edge), { ...candidate, score: Math.max(score, candidate.score), seen: [...candidate.seen, { success: { walk, at }, pointer: source.pointer, source }] });
      }
    });
  }
  return [...found.values()]
    .filter((candidate) => candidate.score >= CUT)
    .sort((a, b) => b.score - a.score || (candidateKey(a) < candidateKey(b) ? -1 : 1));
}

function isChoice(world: WorldDoc, tool: string, pointer: string): boolean {
  const schema = schemaAt(toolNamed(world.tools, tool)?.input, pointer);
  return schema !== undefined && choicesOf(schema).length > 0;
}

function scoreOf(world: WorldDoc, edge: { consumer: string; param: string; producer: string; outPath: string }, rarity: number): number {
  const parameter = schemaAt(toolNamed(world.tools, edge.consumer)?.input, edge.param);
  const output = schemaAt(toolNamed(world.tools, edge.producer)?.output, edge.outPath);
  const tagged = entityOf(parameter) !== undefined && entityOf(parameter) === entityOf(output);
  // An equal tag is the author's word for it: names may differ then (`from`, `station_code`).
  const name = tagged ? 1 : wordOverlap(wordsAt(edge.param, edge.consumer), wordsAt(edge.outPath, edge.producer));
  const schema = tagged ? 1 : agreement(parameter, output);
  return 0.45 * name + 0.25 * schema + 0.3 * rarity;
}

function agreement(a: ReturnType<typeof schemaAt>, b: ReturnType<typeof schemaAt>): number {
  if (a === undefined || b === undefined) return 0.5;
  if (entityOf(a) !== undefined && entityOf(b) !== undefined) return 0;
  const sameType = typeOfSchema(a) === typeOfSchema(b) ? 0.5 : 0;
  return sameType + (a.format !== undefined && a.format === b.format ? 0.5 : 0);
}

/** How unlikely an equal value is by chance, 0 … 1: min(1, log2((N+1)/(n_v+1)) / 16) over all leaves of its type. */
function rarityOf(walks: readonly Walk[]): (value: Json) => number {
  const byType = new Map<string, number>();
  const byValue = new Map<string, number>();
  for (const step of walks.flatMap((walk) => walk.steps)) {
    for (const { value } of [...leavesOf(step.args), ...leavesOf(step.value)]) {
      byType.set(typeof value, (byType.get(typeof value) ?? 0) + 1);
      byValue.set(canonicalJson(value), (byValue.get(canonicalJson(value)) ?? 0) + 1);
    }
  }
  return (value) => Math.min(1, Math.log2(((byType.get(typeof value) ?? 0) + 1) / ((byValue.get(canonicalJson(value)) ?? 0) + 1)) / 16);
}

/**
 * The sources of a call's arguments where only values are known: a fact of the user; else the earliest output that
 * holds the value without having been told it; else a literal. Values that are equal by chance (Booleans, small
 * numbers, short texts, members of an enumeration) need an equal tag or name.
 */
export function traceSources(input: { world: WorldDoc; tool: string; args: JsonObject; earlier: readonly Step[]; facts: readonly KnownFact[] }): ArgSource[] {
  const { world, tool, args, earlier, facts } = input;
  return leavesOf(args).map(({ pointer, value }): ArgSource => {
    const tag = entityOf(schemaAt(toolNamed(world.tools, tool)?.input, pointer));
    const fact = facts.find((known) => leavesOf(known.value).some((leaf) => leaf.value === value));
    if (fact !== undefined) return { kind: 'fact', pointer, fact: fact.name };
    for (const step of earlier) {
      if (leavesOf(step.args).some((leaf) => leaf.value === value)) continue;
      const leaves = leavesOf(step.value).filter((other) => other.value === value && mayFeed(world, { tool, pointer, value }, { tool: step.tool, path: other.pointer }));
      // A text and a part taken out of it may be equal; the author said which of them is the thing.
      const leaf = leaves.find((other) => tag !== undefined && entityOf(schemaAt(toolNamed(world.tools, step.tool)?.output, other.pointer)) === tag) ?? leaves[0];
      if (leaf === undefined) continue;
      const pick = pickFor(step.value, leaf.pointer, 'codes');
      return { kind: 'output', pointer, call: step.id, path: leaf.pointer, ...(pick === undefined || pick === 'none' ? {} : { pick }) };
    }
    return { kind: 'sample', pointer };
  });
}

function mayFeed(world: WorldDoc, to: { tool: string; pointer: string; value: Json }, from: { tool: string; path: string }): boolean {
  if (to.value === null || typeof to.value === 'boolean') return false;
  const parameter = schemaAt(toolNamed(world.tools, to.tool)?.input, to.pointer);
  const output = schemaAt(toolNamed(world.tools, from.tool)?.output, from.path);
  const tag = entityOf(parameter);
  if (tag !== undefined && entityOf(output) !== undefined) return tag === entityOf(output);
  if (parameter !== undefined && choicesOf(parameter).length > 0) return false;
  const common = typeof to.value === 'number' ? Math.abs(to.value) < 1000 : String(to.value).length < 4;
  return !common || wordOverlap(wordsAt(to.pointer, to.tool), wordsAt(from.path, from.tool)) === 1;
}

/**
 * Parameters with which the tool also succeeded on its own: left out, stated by the user, or chosen from the schema.
 * Keys are `<tool> <wildcard pointer>`; `stated` are those that a fact filled.
 */
export function freeParameters(world: WorldDoc, successes: readonly Success[]): { free: ReadonlySet<string>; stated: ReadonlySet<string> } {
  const free = new Set<string>();
  const stated = new Set<string>();
  for (const step of successes.map(stepOf)) {
    const fed = new Set(step.sources.filter((source) => source.kind === 'output').map((source) => wildcard(source.pointer)));
    const given = new Set(leavesOf(step.args).map((leaf) => wildcard(leaf.pointer)));
    for (const param of given) if (!fed.has(param)) free.add(`${step.tool} ${param}`);
    for (const param of topLevelParameters(world, step.tool)) if (![...given].some((other) => other === param || other.startsWith(`${param}/`))) free.add(`${step.tool} ${param}`).add(`${step.tool} ${param}/*`);
    for (const source of step.sources) if (source.kind === 'fact') stated.add(`${step.tool} ${wildcard(source.pointer)}`);
  }
  return { free, stated };
}

function topLevelParameters(world: WorldDoc, tool: string): string[] {
  const properties = toolNamed(world.tools, tool)?.input.properties;
  return typeof properties === 'object' && properties !== null ? Object.keys(properties).map((name) => wildcard(`/${name}`)) : [];
}

export const keyIn = (world: WorldDoc, tool: string): string => toolKey(world.id, tool);
