import type { EdgeEvidence } from '../graph/graph';
import { canonicalJson, getAt, isObject, jsonEqual, leavesOf, setAt, wildcard, type Json, type JsonObject } from '../json';
import { hash32 } from '../random';
import type { CallResult } from '../tool';
import type { ArgSource } from '../trace';
import type { Reduced } from './necessity';
import { otherSeeds, tryConsumer, withoutDependents, type Lab, type Trial } from './observation';
import type { SymbolicCall } from './rebind';

/** One test's result on one seed. */
export interface DataTest {
  test: EdgeEvidence['test'];
  passed: boolean;
  seed: number;
  /** The tool took a value that nothing produced: it is looked up, but not needed to be legal. */
  accepted?: boolean;
}

/** A consumer's argument that came from an output, in a trace that holds nothing superfluous. */
export interface FedArgument {
  reduced: Reduced;
  pointer: string;
  source: ArgSource & { kind: 'output' };
  /** True when the user can also state this parameter. */
  stated: boolean;
}

/**
 * T2, T3 and T4 of environments.md §5.2 for one data candidate on one trace. Empty when nothing can be concluded:
 * the value is the same in every seed whoever produces it (a constant), or the trace does not carry over to other seeds.
 */
export async function testData(lab: Lab, fed: FedArgument): Promise<DataTest[]> {
  const reseed = await reseedTest(lab, fed);
  if (lab.world.reseedable && reseed === undefined) return [];
  const mutate = await mutateTest(lab, fed);
  const swap = await swapTest(lab, fed);
  return [mutate, swap, reseed].filter((test) => test !== undefined);
}

/** T2: an unused value of the same shape. Fails when the answer stays the same, or when a parameter that users fill freely takes anything. */
async function mutateTest(lab: Lab, fed: FedArgument): Promise<DataTest | undefined> {
  const old = valueOf(fed);
  const unused = mutated(old, fed.reduced);
  const trial = await tryWith(lab, fed, unused);
  if (trial.result === undefined) return undefined;
  const accepted = trial.result.ok;
  const passed = !accepted || (!fed.stated && differs(trial.result, fed.reduced.consumer.value, unused, old));
  return { test: 'mutate', passed, seed: fed.reduced.success.walk.seed, accepted };
}

/** T3: the value of another entity from the same place of the same tool, where the trace has one. */
async function swapTest(lab: Lab, fed: FedArgument): Promise<DataTest | undefined> {
  const old = valueOf(fed);
  const producer = fed.reduced.calls.find((call) => call.id === fed.source.call);
  const others = fed.reduced.calls
    .filter((call) => call.tool === producer?.tool)
    .flatMap((call) => leavesOf(call.value))
    .filter((leaf) => wildcard(leaf.pointer) === wildcard(fed.source.path) && leaf.value !== old);
  const other = others[0];
  if (other === undefined) return undefined;
  const trial = await tryWith(lab, fed, other.value);
  // A refused or equal answer says nothing: the other entity may be in a state that the tool does not take, or be alike.
  if (trial.result?.ok !== true || !differs(trial.result, fed.reduced.consumer.value, other.value, old)) return undefined;
  return { test: 'swap', passed: true, seed: fed.reduced.success.walk.seed };
}

/** Traces that rest on how things stand (a paid booking in the list) carry over to some seeds only. */
const SEEDS_TRIED = 7;

/** T4: in another seed the old literal fails or answers otherwise, the re-bound value succeeds. */
async function reseedTest(lab: Lab, fed: FedArgument): Promise<DataTest | undefined> {
  const { reduced } = fed;
  for (const seed of otherSeeds(lab.world, reduced.success.walk.seed, SEEDS_TRIED)) {
    const rebound = await tryConsumer(lab, { seed, calls: reduced.calls, consumer: reduced.consumer, reseeded: true });
    if (!rebound.othersOk || rebound.result?.ok !== true) continue;
    const stale = await tryStale(lab, fed, seed, rebound);
    if (stale === undefined) continue;
    // An old value that the other seed happens to have as well (seat 12) proves nothing either way.
    const alike = jsonEqual(newValueOf(fed, rebound), valueOf(fed));
    if (!stale.ok || (!alike && differs(stale, rebound.result.value, valueOf(fed), newValueOf(fed, rebound)))) return { test: 'reseed', passed: true, seed };
  }
  return undefined;
}

const newValueOf = (fed: FedArgument, rebound: Trial): Json => getAt(rebound.args.at(-1), fed.pointer) as Json;

/** The consumer with the old literal in the new seed. Where both seeds count alike (`q1`), without the call that makes the value. */
async function tryStale(lab: Lab, fed: FedArgument, seed: number, rebound: Trial): Promise<CallResult | undefined> {
  const { calls } = fed.reduced;
  const old = valueOf(fed);
  const literal = (args: JsonObject): SymbolicCall => ({ ...fed.reduced.consumer, args, sources: [] });
  const args = rebound.args.at(-1) as JsonObject;
  const alike = jsonEqual(newValueOf(fed, rebound), old);
  const left = alike ? withoutDependents(calls, fed.source.call) : calls;
  const trial = await tryConsumer(lab, { seed, calls: left, consumer: literal(setAt(args, fed.pointer, old) as JsonObject), reseeded: true });
  return trial.result;
}

/** The consumer in its own trace and seed with another literal in this place. */
async function tryWith(lab: Lab, fed: FedArgument, value: Json): Promise<Trial> {
  const { calls, consumer, success } = fed.reduced;
  const changed: SymbolicCall = {
    ...consumer,
    args: setAt(consumer.args, fed.pointer, value) as JsonObject,
    sources: consumer.sources.filter((source) => source.pointer !== fed.pointer),
  };
  return tryConsumer(lab, { seed: success.walk.seed, calls, consumer: changed });
}

const valueOf = (fed: FedArgument): Json => getAt(fed.reduced.consumer.args, fed.pointer) as Json;

/** True when the answer is another one, apart from repeating the value it was given. */
function differs(result: CallResult, before: Json, given: Json, old: Json): boolean {
  return !result.ok || canonicalJson(replaceValue(result.value, given, old)) !== canonicalJson(before);
}

function replaceValue(value: Json, from: Json, to: Json): Json {
  if (Array.isArray(value)) return value.map((item) => replaceValue(item, from, to));
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaceValue(item, from, to)]));
  if (jsonEqual(value, from)) return to;
  return typeof value === 'string' && typeof from === 'string' && from !== '' ? value.replaceAll(from, String(to)) : value;
}

/** A value of the same shape that no call of the trace has seen: letters for letters, digits for digits. */
function mutated(value: Json, reduced: Reduced): Json {
  const used = new Set([...reduced.calls, reduced.consumer].flatMap((call) => [...leavesOf(call.args), ...leavesOf(call.value)]).map((leaf) => canonicalJson(leaf.value)));
  for (let round = 0; ; round++) {
    const candidate = typeof value === 'number' ? value + 1013 + 7 * round : mutateText(String(value), round);
    if (!used.has(canonicalJson(candidate)) || round > 20) return candidate;
  }
}

function mutateText(text: string, round: number): string {
  return [...text]
    .map((letter, index) => {
      const turn = 1 + (hash32(`${round}/${index}/${text}`) % 9);
      if (/\d/.test(letter)) return String((Number(letter) + turn) % 10);
      const base = /[a-z]/.test(letter) ? 97 : /[A-Z]/.test(letter) ? 65 : 0;
      // Hexadecimal stays hexadecimal: a hash with a `z` is refused for its spelling, not because nobody made it.
      const span = /[a-f]/i.test(letter) ? 6 : 26;
      return base === 0 ? letter : String.fromCharCode(base + ((letter.charCodeAt(0) - base + (turn % (span - 1)) + 1) % span));
    })
    .join('');
}
