import { isObject, leavesOf, pointerTokens, type Json, type JsonObject, type JsonSchema, type Leaf } from '../json';
import { toolNamed, type KnownFact, type WorldDoc } from '../tool';
import type { Ask, Pick } from '../trace';
import { isVolatile } from './order';
import { pickFor } from './pick';
import type { WalkCall } from './walk';

/** Outputs a query may ask for in one turn. */
export const MAX_ASKS = 3;

/** What the queries ask for, and the calls that neither they nor anything else needs. */
export interface AskPlan {
  /** One list per turn. */
  asks: Ask[][];
  superfluous: string[];
}

/**
 * Chooses the outputs that the turns ask for: one of every call that is needed for nothing else, and at
 * least one per turn where there is one a user could want, of its last call if possible. Never a value that the user
 * stated or could state, that the call only echoes, or that was asked for before.
 */
export function chooseAsks(input: { world: WorldDoc; facts: readonly KnownFact[]; calls: readonly WalkCall[]; needed: ReadonlySet<string> }): AskPlan {
  const turns = Math.max(-1, ...input.calls.map((call) => call.turn)) + 1;
  const plan: AskPlan = { asks: [], superfluous: [] };
  for (let turn = 0; turn < turns; turn++) {
    const calls = input.calls.filter((call) => call.turn === turn);
    const asks: Ask[] = [];
    const before = (): Ask[] => [...plan.asks.flat(), ...asks];
    for (const call of calls.filter((other) => !input.needed.has(other.id))) {
      const best = askable({ ...input, call, asked: before() }).find((candidate) => !isGivenElsewhere(candidate, call, input.calls));
      if (best === undefined || asks.length === MAX_ASKS) plan.superfluous.push(call.id);
      else asks.push(best.ask);
    }
    const wanted = [...calls].reverse().flatMap((call) => askable({ ...input, call, asked: before() }).filter(({ score }) => score > 0).slice(0, 1));
    if (asks.length === 0 && wanted[0] !== undefined) asks.push(wanted[0].ask);
    plan.asks.push(asks);
  }
  return plan;
}

interface Candidate {
  ask: Ask;
  /** Above 0: something a user would want to hear. */
  score: number;
}

/** The scalar outputs of a call that may be asked for, best first; ties in document order. */
function askable(input: { world: WorldDoc; facts: readonly KnownFact[]; call: WalkCall; asked: readonly Ask[] }): Candidate[] {
  const { call, world } = input;
  const schema = toolNamed(world.tools, call.tool)?.output;
  const known = [...leavesOf(call.args), ...input.facts.flatMap((fact) => leavesOf(fact.value).map((leaf) => ({ ...leaf, pointer: `/${fact.name}${leaf.pointer}` }))), ...input.asked.map((ask) => ({ pointer: ask.path, value: ask.value }))];
  return leavesOf(call.result)
    .filter((leaf) => isSayable(leaf.value) && !isVolatile(leaf.pointer, world.volatile) && !known.some((other) => isSameThing(leaf, other)))
    .map((leaf) => candidateOf(call, leaf, schema))
    .filter((candidate) => candidate !== undefined)
    .sort((a, b) => b.score - a.score);
}

const LONGEST = 80;
const isSayable = (value: Json): boolean => typeof value === 'boolean' || typeof value === 'number' || (typeof value === 'string' && value.trim() !== '' && value.length <= LONGEST && !value.includes('\n'));

function candidateOf(call: WalkCall, leaf: Leaf, schema: JsonSchema | undefined): Candidate | undefined {
  const pick = pickFor(call.result, leaf.pointer);
  // A list element that only a code tells apart cannot be asked for: the query would have to state the code.
  if (pick === undefined || (pick !== 'none' && !isSpeaking(pick))) return undefined;
  const description = descriptionAt(schema, leaf.pointer);
  const label = `${nameOf(leaf.pointer, call.tool)}${description === undefined ? '' : ` (${description})`}${pick === 'none' ? '' : ` of the one whose ${words(lastName(pick.path))} is ${String(pick.value)}`}`;
  const score = worth(leaf, call) + (description === undefined ? 0 : 0.5) - 0.2 * pointerTokens(leaf.pointer).length - (pick === 'none' ? 0 : 1.5);
  return { ask: { call: call.id, path: leaf.pointer, value: leaf.value, label, ...(pick === 'none' ? {} : { pick }) }, score };
}

/** How much a user would want this value; starting points of ours. */
function worth(leaf: Leaf, call: WalkCall): number {
  const name = lastName(leaf.pointer);
  if (isOpaque(leaf.value)) return -3;
  if (CODE_NAME.test(name)) return 0.8;
  // What a change reports about itself is that it was made.
  if (typeof leaf.value === 'boolean') return call.changedState ? -2 : 1.2;
  return typeof leaf.value === 'number' ? 3 : 2.8;
}

const CODE_NAME = /(^|[_-])(id|ids|uuid|code|ref|key|token|hash|sha|cursor|offset|index)$|(Id|Code|Ref)$/;

const isSpeaking = (pick: Pick): boolean => typeof pick.value !== 'boolean' && isSayable(pick.value) && !isOpaque(pick.value) && !CODE_NAME.test(lastName(pick.path));

/** Hashes, UUIDs, encoded blobs: true, and nothing that anybody asks for. */
const isOpaque = (value: Json): boolean => typeof value === 'string' && (/^[0-9a-f]{12,}$/i.test(value) || /^[0-9a-f]{8}-[0-9a-f]{4}-/i.test(value) || /^[A-Za-z0-9+/_=-]{24,}$/.test(value));

/** A value that says something by itself; small numbers and Booleans are equal by chance. */
const isTelling = (value: Json): boolean => (typeof value === 'string' && value.length >= 3) || (typeof value === 'number' && Math.abs(value) >= 100);

function isSameThing(a: Leaf, b: { pointer: string; value: Json }): boolean {
  if (typeof a.value === 'string' && typeof b.value === 'string' ? a.value.toLowerCase() !== b.value.toLowerCase() : a.value !== b.value) return false;
  return isTelling(a.value) || lastName(a.pointer) === lastName(b.pointer);
}

/** An answer that another gold call gives too makes nobody need this one. */
function isGivenElsewhere(candidate: Candidate, call: WalkCall, calls: readonly WalkCall[]): boolean {
  const leaf = { pointer: candidate.ask.path, value: candidate.ask.value as Leaf['value'] };
  return calls.some((other) => other.id !== call.id && leavesOf(other.result).some((twin) => isSameThing(leaf, twin)));
}

const lastName = (pointer: string): string => pointerTokens(pointer).filter((token) => !/^\d+$/.test(token)).at(-1) ?? '';

/** Names that say nothing without what they belong to. */
const GENERIC = new Set(['id', 'name', 'value', 'status', 'result', 'number', 'type', 'code', 'title', 'text', 'content', 'total', 'count']);

function nameOf(pointer: string, tool: string): string {
  const names = pointerTokens(pointer).filter((token) => !/^\d+$/.test(token));
  const last = names.at(-1);
  if (last === undefined) return `result of ${words(tool).split(' ').slice(1).join(' ') || words(tool)}`;
  const owner = names.at(-2) ?? words(tool).split(' ').slice(1).join(' ');
  return GENERIC.has(last) && owner !== '' ? `${words(owner)} ${words(last)}` : words(last);
}

const words = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/[_\-./]+/g, ' ').trim().toLowerCase();

function descriptionAt(schema: JsonSchema | undefined, pointer: string): string | undefined {
  const found = pointerTokens(pointer).reduce<Json | undefined>((here, token) => {
    if (!isObject(here)) return undefined;
    return /^\d+$/.test(token) && isObject(here.items) ? here.items : isObject(here.properties) ? (here.properties as JsonObject)[token] : undefined;
  }, schema);
  const text = isObject(found) ? found.description : undefined;
  // The description stands in brackets itself, so its own go.
  return typeof text === 'string' && text.length <= LONGEST ? text.replace(/\s*\([^)]*\)/g, '').replace(/\.$/, '') : undefined;
}
