import { jsonEqual, leavesOf, wildcard, type Json, type JsonSchema } from '../json';
import { pickFor } from '../sample/pick';
import { entityAt, entityOf, fitsSchema, schemaAt } from '../schema';
import { toolNamed } from '../tool';
import type { ArgSource } from '../trace';
import type { DataTest, FedArgument } from './data-tests';
import { wordOverlap, wordsAt } from './names';
import type { Reduced } from './necessity';
import { otherSeeds, stepOf, tryConsumer, withoutDependents, type Lab, type Step, type Success } from './observation';
import type { SymbolicCall } from './rebind';

/** A place of some tool's output that might feed a parameter as well as its proven producer does. */
export interface Rival {
  tool: string;
  /** Wildcard pointer. */
  outPath: string;
  /** Where such a value was seen, shortest trace first. */
  seen: { success: Success; path: string }[];
}

/** Outputs with the parameter's tag, or its very name where tags are silent; not those of the consumer, not echoes of an argument. */
export function rivalsOf(lab: Lab, fed: FedArgument, successes: readonly Success[]): Rival[] {
  const consumer = fed.reduced.consumer.tool;
  const parameter = schemaAt(toolNamed(lab.world.tools, consumer)?.input, fed.pointer);
  if (parameter === undefined) return [];
  const rivals = new Map<string, Rival>();
  for (const success of [...successes].sort((a, b) => a.at - b.at)) {
    const step = stepOf(success);
    if (step.tool === consumer) continue;
    const output = toolNamed(lab.world.tools, step.tool)?.output;
    const given = new Set<Json>(leavesOf(step.args).map((leaf) => leaf.value));
    for (const { pointer, value } of leavesOf(step.value)) {
      const outPath = wildcard(pointer);
      if (!isAlike({ tool: consumer, pointer: fed.pointer, schema: parameter }, { tool: step.tool, path: outPath, schema: output }) || !fitsSchema(parameter, value) || given.has(value)) continue;
      const key = `${step.tool} ${outPath}`;
      const rival = rivals.get(key) ?? { tool: step.tool, outPath, seen: [] };
      if (!rival.seen.some((other) => other.success === success)) rival.seen.push({ success, path: pointer });
      rivals.set(key, rival);
    }
  }
  return [...rivals.keys()].sort().map((key) => rivals.get(key) as Rival);
}

function isAlike(to: { tool: string; pointer: string; schema: JsonSchema }, from: { tool: string; path: string; schema: JsonSchema | undefined }): boolean {
  const [wanted, offered] = [entityOf(to.schema), entityAt(from.schema, from.path)];
  if (wanted !== undefined && offered !== undefined) return wanted === offered;
  return wordOverlap(wordsAt(to.pointer, to.tool), wordsAt(from.path, from.tool)) === 1;
}

const TRIALS = 6;
const PASSES = 2;

/**
 * T6: the consumer with the rival's value, the proven producer left out with all that hangs on it. Traces of the rival
 * in their own seeds first, then the same traces in other seeds, six trials at most; stops at two passes. Nothing is
 * said of a trace that does not come about.
 */
export async function testAlternative(lab: Lab, fed: FedArgument, rival: Rival, reduce: (success: Success) => Promise<Reduced | undefined>): Promise<DataTest[]> {
  const tests: DataTest[] = [];
  for (const { seen, seed } of trialsOf(lab, rival)) {
    if (tests.filter((test) => test.passed).length >= PASSES) break;
    const way = await reduce(seen.success);
    if (way === undefined) continue;
    const { calls, consumer } = joined(fed, way, seen.path);
    const trial = await tryConsumer(lab, { seed, calls, consumer, reseeded: true });
    if (trial.othersOk && trial.result !== undefined) tests.push({ test: 'alternative', passed: trial.result.ok, seed });
  }
  return tests;
}

function trialsOf(lab: Lab, rival: Rival): { seen: Rival['seen'][number]; seed: number }[] {
  const seen = bySeeds(rival).slice(0, TRIALS);
  const own = seen.map((one) => ({ seen: one, seed: one.success.walk.seed }));
  const elsewhere = seen.flatMap((one) => otherSeeds(lab.world, one.success.walk.seed, 2).map((seed) => ({ seen: one, seed })));
  return [...own, ...elsewhere].slice(0, TRIALS);
}

/** One of each seed first. */
function bySeeds(rival: Rival): Rival['seen'] {
  const firsts = rival.seen.filter((seen, index) => rival.seen.findIndex((other) => other.success.walk.seed === seen.success.walk.seed) === index);
  return [...firsts, ...rival.seen.filter((seen) => !firsts.includes(seen))];
}

/** What the consumer needs besides the producer, then the rival's own way, then the consumer bound to the rival. */
function joined(fed: FedArgument, way: Reduced, path: string): { calls: SymbolicCall[]; consumer: SymbolicCall } {
  const own = withoutDependents(fed.reduced.calls, fed.source.call);
  const instead = new Map<string, string>();
  const added: Step[] = [];
  for (const step of [...way.calls, way.consumer]) {
    // Signing in twice may be refused: a call that depends on nothing is made once.
    const twin = step.id === way.consumer.id ? own.find((other) => other.id === step.id) : own.find((other) => isSameCall(other, step));
    if (twin === undefined) added.push(step);
    else instead.set(step.id, twin.id);
  }
  const rebound = added.map((step) => ({ ...step, sources: step.sources.map((source) => redirected(source, instead)) }));
  const pick = pickFor(way.consumer.value, path, 'codes');
  const call = instead.get(way.consumer.id) ?? way.consumer.id;
  const source: ArgSource = { kind: 'output', pointer: fed.pointer, call, path, ...(pick === undefined || pick === 'none' ? {} : { pick }) };
  const sources = fed.reduced.consumer.sources.map((old) => (old.pointer === fed.pointer ? source : old));
  return { calls: [...own, ...rebound], consumer: { ...fed.reduced.consumer, sources } };
}

const isSameCall = (a: Step, b: Step): boolean =>
  a.id === b.id ||
  (a.tool === b.tool &&
    b.sources.every((source) => source.kind !== 'output') &&
    JSON.stringify(a.sources) === JSON.stringify(b.sources) &&
    (b.sources.every((source) => source.kind === 'fact') || jsonEqual(a.args, b.args)));

const redirected = (source: ArgSource, instead: ReadonlyMap<string, string>): ArgSource =>
  source.kind === 'output' ? { ...source, call: instead.get(source.call) ?? source.call } : source;
