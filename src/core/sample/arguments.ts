import type { GraphTool, PrereqGroup } from '../graph/graph';
import { canonicalJson, isObject, setAt, toPointer, wildcard, type Json, type JsonObject, type JsonSchema } from '../json';
import type { Rng } from '../random';
import { fitsSchema, resolveSchema, typeOfSchema } from '../schema';
import type { KnownFact, ToolDoc } from '../tool';
import type { ArgSource } from '../trace';
import {
  anyTextCandidates,
  entityCandidates,
  factCandidates,
  memberCandidates,
  namesakeCandidates,
  schemaCandidates,
  sourceOf,
  type Answered,
  type Candidate,
  type Offer,
  type ParameterPlace,
  type Scalar,
} from './candidates';

export type { Answered } from './candidates';

/** P_s: arguments with exactly one source per scalar leaf. */
export interface Proposal {
  args: JsonObject;
  sources: ArgSource[];
}

export interface ProposalInput {
  tool: ToolDoc;
  world: string;
  facts: readonly KnownFact[];
  /** Successful earlier calls, in order. */
  answered: readonly Answered[];
  graphTool?: GraphTool;
  rng: Rng;
  /** Canonical JSON of arguments that were tried already. */
  exclude?: readonly string[];
  /** `sample`: parameters that D feeds take values of D only. `explore`: guesses from tags and names are welcome. */
  mode: 'explore' | 'sample';
  /** The world's tools, for the entity tags of their outputs; without them names have to do. */
  tools?: readonly ToolDoc[];
}

const DRAWS = 8;
/** Draws that lacked a value before it is believed: what is missing seldom depends on the draw. */
const LACKING_DRAWS = 2;
/** How often an optional parameter with something to say is filled; ours, the paper is silent. */
const OPTIONAL_SHARE = 0.35;

/**
 * Arguments for one call (P_s of Eq. 2), or the pointers that have no value of their own yet: call their producers first.
 * Candidates in order: outputs that D names, facts of the user, the schema's own choices, outputs alike by tag or name;
 * never invented text. Two parameters of one kind take different values, so two zip codes need two look-ups
 * (App. G, Figure 7). `missing: []` means that every draw is in `exclude`. Deterministic in `rng`.
 */
export function proposeArguments(input: ProposalInput): Proposal | { missing: string[] } {
  const tried = new Set(input.exclude);
  const tiers: Task['tiers'] = new Map();
  let missing: string[] | undefined;
  for (let draw = 0, lacking = 0; draw < DRAWS && lacking < LACKING_DRAWS; draw++) {
    const built = drawArguments(input, tiers);
    if (built.missing.length > 0) lacking++;
    if (built.missing.length > 0) missing ??= built.missing;
    else if (!tried.has(canonicalJson(built.args))) return { args: built.args, sources: built.sources };
    else missing = [];
  }
  return { missing: missing ?? [] };
}

/** Arguments under construction. */
interface Draft {
  args: JsonObject;
  sources: ArgSource[];
  taken: Candidate[];
  missing: string[];
}

interface Task extends ProposalInput {
  offer: Offer;
  draft: Draft;
  /** Candidates by pointer: the same for every draw. */
  tiers: Map<string, Tiers>;
}

function drawArguments(input: ProposalInput, tiers: Task['tiers']): Draft {
  const { world, answered, facts, tool, mode } = input;
  const draft: Draft = { args: {}, sources: [], taken: [], missing: [] };
  const offer: Offer = { world, answered, facts, tools: input.tools ?? [tool], needsPick: mode === 'sample' };
  fillObject({ ...input, offer, draft, tiers }, [], resolveSchema(tool.input), true);
  return draft;
}

type Path = readonly (string | number)[];

function fillObject(task: Task, path: Path, schema: JsonSchema, required: boolean): void {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const names = Array.isArray(schema.required) ? schema.required : [];
  if (required && path.length > 0) task.draft.args = setAt(task.draft.args, toPointer(path), {}) as JsonObject;
  for (const [name, property] of Object.entries(properties)) {
    if (isObject(property)) fill(task, [...path, name], resolveSchema(property, task.tool.input), required && names.includes(name));
  }
}

function fill(task: Task, path: Path, schema: JsonSchema, required: boolean): void {
  const wanted = required || isFed(task, path);
  if (!wanted && task.rng.float() >= OPTIONAL_SHARE) return;
  const type = typeOfSchema(schema);
  if (type === 'array') fillArray(task, path, schema, wanted);
  else if (type !== 'object') fillScalar(task, path, schema, wanted);
  else if (wanted) fillObject(task, path, schema, true);
  else fillOptionalObject(task, path, schema);
}

/** An optional object comes whole or not at all. */
function fillOptionalObject(task: Task, path: Path, schema: JsonSchema): void {
  const trial: Task = { ...task, draft: { ...task.draft, sources: [...task.draft.sources], taken: [...task.draft.taken], missing: [] } };
  fillObject(trial, path, schema, true);
  const isWhole = trial.draft.missing.length === 0 && trial.draft.sources.length > task.draft.sources.length;
  if (isWhole) Object.assign(task.draft, trial.draft, { missing: task.draft.missing });
}

/** One or two items, more only where the schema asks for them. */
function fillArray(task: Task, path: Path, schema: JsonSchema, required: boolean): void {
  const least = typeof schema.minItems === 'number' ? schema.minItems : 1;
  const most = typeof schema.maxItems === 'number' ? schema.maxItems : Infinity;
  const count = Math.min(most, Math.max(least, task.rng.float() < 0.3 ? 2 : 1));
  const item = resolveSchema(isObject(schema.items) ? schema.items : {}, task.tool.input);
  for (let index = 0; index < count; index++) {
    const before = task.draft.sources.length;
    fillItem(task, [...path, index], item, required && index < least);
    if (task.draft.sources.length === before) return;
  }
}

function fillItem(task: Task, path: Path, item: JsonSchema, required: boolean): void {
  const type = typeOfSchema(item);
  if (type === 'object' && required) fillObject(task, path, item, true);
  else if (type === 'object') fillOptionalObject(task, path, item);
  else if (type !== 'array') fillScalar(task, path, item, required);
  else if (required) task.draft.missing.push(toPointer(path));
}

function fillScalar(task: Task, path: Path, schema: JsonSchema, required: boolean): void {
  const { draft, rng } = task;
  const pointer = toPointer(path);
  const place: ParameterPlace = { tool: task.tool, pointer, schema };
  const tiers = task.tiers.get(`${required} ${pointer}`) ?? tiersFor(task, place, required);
  task.tiers.set(`${required} ${pointer}`, tiers);
  const tier = pickTier(task, tiers);
  if (tier !== undefined) take(draft, pointer, pickCandidate(tier, rng));
  else if (required && isDefaulted(schema)) take(draft, pointer, { value: schema.default as Scalar, origin: { kind: 'default' }, sort: '', worn: [0, 0, 0] });
  else if (required) draft.missing.push(pointer);
}

function take(draft: Draft, pointer: string, candidate: Candidate): void {
  draft.args = setAt(draft.args, pointer, candidate.value) as JsonObject;
  draft.sources.push(sourceOf(pointer, candidate.origin));
  draft.taken.push(candidate);
}

/** Candidates in order of preference. `weak` ones count only where there is no other. */
interface Tiers {
  strong: Candidate[][];
  weak: Candidate[][];
}

function tiersFor(task: Task, place: ParameterPlace, required: boolean): Tiers {
  const { offer, mode, graphTool } = task;
  const groups = groupsAt(graphTool, place.pointer);
  const members = memberCandidates(place, groups, offer);
  if (mode === 'sample' && groups.some((group) => group.optional !== true)) return { strong: [members], weak: [] };
  const learnt = graphTool?.params.find((param) => param.pointer === wildcard(place.pointer) && param.ok > 0);
  const choices = schemaCandidates(place, learnt, offer);
  const stated = [members, factCandidates(place, offer)];
  // An optional parameter is worth a fact or a choice, not a guess.
  if (!required) return { strong: [...stated, choices.filter(isNoNumber), entityCandidates(place, offer)], weak: [] };
  const strong = [...stated, entityCandidates(place, offer), choices];
  if (isDefaulted(place.schema)) return { strong, weak: [] };
  const half = namesakeCandidates(place, 0.5, offer);
  if (mode === 'sample') return { strong: [...strong, namesakeCandidates(place, 1, offer)], weak: [half] };
  return { strong: [...strong, namesakeCandidates(place, 1, offer)], weak: [half, anyTextCandidates(place, offer)] };
}

const isNoNumber = (candidate: Candidate): boolean => typeof candidate.value !== 'number';

/** The best tier. Now and then the second: exploration must see whether an output does what a fact does, sampling whether a fact does what an optional edge does. */
function pickTier({ draft, mode, rng, graphTool }: Task, { strong, weak }: Tiers): Candidate[] | undefined {
  const free = (tiers: Candidate[][]): Candidate[][] =>
    tiers.map((tier) => withoutClashes(tier, draft.taken)).filter((tier) => tier.length > 0);
  const [first, second] = free(strong);
  if (first === undefined) return free(weak)[0];
  const curious = mode === 'explore' ? 0.3 : first[0]?.origin.kind === 'output' && graphTool !== undefined ? 0.2 : 0;
  return second !== undefined && rng.float() < curious ? second : first;
}

/** Mostly the least worn: fresh values before given ones, late ones before early ones. */
function pickCandidate(tier: readonly Candidate[], rng: Rng): Candidate {
  const shelves = [...new Set(tier.map((candidate) => canonicalJson(candidate.worn)))].map((worn) =>
    tier.filter((candidate) => canonicalJson(candidate.worn) === worn),
  );
  shelves.sort((a, b) => compareWear(a[0] as Candidate, b[0] as Candidate));
  let at = 0;
  while (at < shelves.length - 1 && rng.float() < 0.2) at++;
  return rng.pick(shelves[at] as Candidate[]);
}

const compareWear = (a: Candidate, b: Candidate): number =>
  a.worn[0] - b.worn[0] || a.worn[1] - b.worn[1] || a.worn[2] - b.worn[2];

function withoutClashes(candidates: readonly Candidate[], taken: readonly Candidate[]): Candidate[] {
  return candidates.filter((candidate) => !taken.some((other) => isClash(candidate, other)));
}

const isClash = (a: Candidate, b: Candidate): boolean => a.sort !== '' && a.sort === b.sort && a.value === b.value;

const isDefaulted = (schema: JsonSchema): boolean => schema.default !== undefined && fitsSchema(schema, schema.default as Json);

const groupsAt = (graphTool: GraphTool | undefined, pointer: string): PrereqGroup[] =>
  (graphTool?.groups ?? []).filter((group) => group.kind === 'data' && group.param === wildcard(pointer));

/** True when the tool cannot do without this parameter or one inside it, whatever its schema says. */
function isFed({ graphTool }: Task, path: Path): boolean {
  const here = wildcard(toPointer(path));
  return (graphTool?.groups ?? []).some(
    (group) => group.kind === 'data' && group.optional !== true && (group.param === here || group.param?.startsWith(`${here}/`) === true),
  );
}
