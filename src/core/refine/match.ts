import type { Json, JsonObject, JsonSchema } from '../json';
import { canonicalJson, getAt, isObject, jsonEqual, leavesOf } from '../json';
import { toolNamed, type Call, type ToolDoc } from '../tool';
import type { GoldCall, TraceSpec } from '../trace';

/** The six kinds of error a verdict may name (paper, Figure 14). */
export const ERROR_TYPES = ['wrong_tool', 'missing_call', 'incorrect_parameter', 'wrong_order', 'type_mismatch', 'missing_dependency'] as const;
export type ErrorType = (typeof ERROR_TYPES)[number];

/**
 * What is wrong with a response, as code sees it. `location` names only what the attempt itself wrote, so it may be
 * shown to the Reasoner; `detail` may hold gold and goes to the Verifier alone.
 */
export interface StepError {
  type: ErrorType;
  location: string;
  detail: string;
}

/** `ids`: the gold calls this response answers, in the order of its calls; empty for a final answer. */
export type StepMatch = { right: true; ids: string[] } | { right: false; errors: StepError[] };

/** `partial-order` takes any order that the calls' needs allow; `sequence` is the paper's FC_i = C_i literally. */
export type MatchMode = 'partial-order' | 'sequence';

export interface MatchInput {
  spec: Pick<TraceSpec, 'calls' | 'turns' | 'order' | 'tools'>;
  turn: number;
  /** Gold ids of this turn that earlier responses answered. */
  answered: readonly string[];
  calls: readonly Call[];
  tools: readonly ToolDoc[];
  mode: MatchMode;
}

/**
 * Whether a response of calls is right: a non-empty ordered list of remaining gold calls, each data
 * predecessor answered in an earlier response, each order predecessor there or earlier in the list. Identical gold calls
 * are interchangeable; calls of earlier turns count as answered. One wrong call makes the whole response wrong.
 */
export function matchResponse(input: MatchInput): StepMatch {
  const step = openStep(input);
  if (input.calls.length === 0) return wrong([{ type: 'missing_call', location: RESPONSE, detail: 'The response holds no call.' }]);
  if (step.remaining.length === 0) return wrong(input.calls.map((call, index) => needless(call, index)));
  const ids = input.mode === 'sequence' ? assignInSequence(step) : assign(step, 0, []);
  return ids ? { right: true, ids } : wrong(diagnose(step));
}

/** Whether a text reply may end the turn: exactly when no gold call of the turn remains. What it must say is `checkAnswer`'s matter. */
export function matchFinal(input: Pick<MatchInput, 'spec' | 'turn' | 'answered'>): StepMatch {
  const remaining = remainingCalls(input);
  if (remaining.length === 0) return { right: true, ids: [] };
  const detail = `The turn was ended with ${remaining.length} call(s) not made: ${remaining.map(callText).join(', ')}.`;
  return wrong([{ type: 'missing_call', location: RESPONSE, detail }]);
}

/** The turn's gold calls that no response has answered yet, in sampled order. */
export function remainingCalls(input: Pick<MatchInput, 'spec' | 'turn' | 'answered'>): GoldCall[] {
  const turn = input.spec.turns[input.turn];
  if (!turn) throw new Error(`Expected turn ${input.turn} to be one of the trace's ${input.spec.turns.length} turns`);
  const answered = new Set(input.answered);
  return turn.calls.filter((id) => !answered.has(id)).map((id) => goldCall(input.spec, id));
}

/** Equal as calls: same tool, same canonical arguments once schema defaults are filled in; 3 is 3.0, "3" is not 3. */
export function sameCall(a: Call, b: Call, tools: readonly ToolDoc[]): boolean {
  return a.tool === b.tool && jsonEqual(filledArgs(a, tools), filledArgs(b, tools));
}

/** The arguments with the schema's defaults for properties that were left out, also inside nested objects and lists. */
export function fillDefaults(schema: JsonSchema, args: JsonObject): JsonObject {
  return fillValue(schema, args) as JsonObject;
}

// --- the step being matched -----------------------------------------------------------------------------------------

const RESPONSE = 'the response';

interface Step {
  calls: readonly Call[];
  tools: readonly ToolDoc[];
  shown: ReadonlySet<string>;
  remaining: GoldCall[];
  /** Per gold id its predecessors that are still open, before this response. */
  dataBefore: ReadonlyMap<string, readonly string[]>;
  orderBefore: ReadonlyMap<string, readonly string[]>;
  answeredCalls: GoldCall[];
  mode: MatchMode;
}

function openStep(input: MatchInput): Step {
  const remaining = remainingCalls(input);
  const open = new Set(remaining.map((call) => call.id));
  return {
    calls: input.calls,
    tools: input.tools,
    shown: new Set(input.spec.tools),
    remaining,
    dataBefore: openPredecessors(input.spec.order.data, open),
    orderBefore: openPredecessors(input.spec.order.order, open),
    answeredCalls: input.answered.map((id) => goldCall(input.spec, id)),
    mode: input.mode,
  };
}

function openPredecessors(pairs: readonly [string, string][], open: ReadonlySet<string>): Map<string, string[]> {
  const before = new Map<string, string[]>();
  for (const [earlier, later] of pairs) {
    if (open.has(earlier) && open.has(later)) before.set(later, [...(before.get(later) ?? []), earlier]);
  }
  return before;
}

function goldCall(spec: Pick<TraceSpec, 'calls'>, id: string): GoldCall {
  const call = spec.calls.find((gold) => gold.id === id);
  if (!call) throw new Error(`Expected gold call ${id} to be one of the trace's calls ${spec.calls.map((gold) => gold.id).join(', ')}`);
  return call;
}

/** Finds the gold ids for calls `index…`; backtracks, because which of two identical gold calls is meant may show only later. */
function assign(step: Step, index: number, taken: readonly string[]): string[] | undefined {
  const call = step.calls[index];
  if (!call) return [...taken];
  for (const gold of step.remaining) {
    if (taken.includes(gold.id) || !sameCall(call, gold, step.tools) || !isDue(step, gold, taken)) continue;
    const ids = assign(step, index + 1, [...taken, gold.id]);
    if (ids) return ids;
  }
  return undefined;
}

function isDue(step: Step, gold: GoldCall, taken: readonly string[]): boolean {
  const order = step.orderBefore.get(gold.id) ?? [];
  return !step.dataBefore.has(gold.id) && order.every((id) => taken.includes(id));
}

function assignInSequence(step: Step): string[] | undefined {
  const next = step.remaining.slice(0, step.calls.length);
  const right = next.length === step.calls.length
    && next.every((gold, index) => !step.dataBefore.has(gold.id) && sameCall(step.calls[index] as Call, gold, step.tools));
  return right ? next.map((gold) => gold.id) : undefined;
}

// --- what is wrong --------------------------------------------------------------------------------------------------

const wrong = (errors: StepError[]): StepMatch => ({ right: false, errors });

/** One error per wrong call, in call order; never empty. Calls that are right on their own are passed over. */
function diagnose(step: Step): StepError[] {
  const errors: StepError[] = [];
  const taken: string[] = [];
  step.calls.forEach((call, index) => {
    const due = step.mode === 'sequence' ? sequenceGold(step, index, call) : step.remaining.find((gold) => !taken.includes(gold.id) && sameCall(call, gold, step.tools) && isDue(step, gold, taken));
    if (due) taken.push(due.id);
    else errors.push(...diagnoseCall(step, call, index, taken));
  });
  // Identical gold calls may each be due alone and still not fit together.
  return errors.length > 0 ? errors : [{ type: 'wrong_order', location: RESPONSE, detail: 'The calls are right one by one, but not in this order.' }];
}

function sequenceGold(step: Step, index: number, call: Call): GoldCall | undefined {
  const gold = step.remaining[index];
  return gold && !step.dataBefore.has(gold.id) && sameCall(call, gold, step.tools) ? gold : undefined;
}

function diagnoseCall(step: Step, call: Call, index: number, taken: readonly string[]): StepError[] {
  const location = placeOf(call, index);
  if (!step.shown.has(call.tool)) return [{ type: 'wrong_tool', location, detail: `There is no tool \`${call.tool}\`.` }];
  const open = step.remaining.filter((gold) => !taken.includes(gold.id));
  const equal = open.find((gold) => sameCall(call, gold, step.tools));
  if (equal) return [tooEarly(step, equal, location, taken)];
  if ([...step.answeredCalls, ...step.remaining].some((gold) => sameCall(call, gold, step.tools))) {
    return [{ type: 'wrong_tool', location, detail: 'This call was already made; it is not needed again.' }];
  }
  const sameTool = open.filter((gold) => gold.tool === call.tool);
  if (sameTool.length === 0) {
    return [{ type: 'wrong_tool', location, detail: `\`${call.tool}\` is not needed here. Remaining: ${open.map(callText).join(', ')}.` }];
  }
  return argumentErrors(step, call, index, nearest(step, call, sameTool));
}

/** The right call at the wrong time. */
function tooEarly(step: Step, gold: GoldCall, location: string, taken: readonly string[]): StepError {
  const data = step.dataBefore.get(gold.id) ?? [];
  if (data.length > 0) {
    return { type: 'missing_dependency', location, detail: `It needs the output of ${data.map((id) => nameOf(step, id)).join(', ')}, which no earlier response has answered.` };
  }
  const missing = (step.orderBefore.get(gold.id) ?? []).filter((id) => !taken.includes(id));
  const later = missing.filter((id) => step.calls.some((call) => sameCall(call, goldOf(step, id), step.tools)));
  const names = missing.map((id) => nameOf(step, id)).join(', ');
  if (step.mode === 'sequence' && missing.length === 0) return { type: 'wrong_order', location, detail: `The next call is ${callText(step.remaining[0] as GoldCall)}.` };
  if (later.length > 0) return { type: 'wrong_order', location, detail: `It must come after ${names}.` };
  return { type: 'missing_dependency', location, detail: `${names} must come first; the state does not allow it yet.` };
}

/** The gold call of the same tool that the attempt most likely meant: one that is due before one that is not, fewest differing leaves, sampled order. */
function nearest(step: Step, call: Call, candidates: readonly GoldCall[]): GoldCall {
  const cost = (gold: GoldCall): number => differences(step, call, gold).length * 2 + (step.dataBefore.has(gold.id) ? 1 : 0);
  return candidates.reduce((best, gold) => (cost(gold) < cost(best) ? gold : best));
}

interface Difference {
  pointer: string;
  got: Json | undefined;
  want: Json | undefined;
}

function differences(step: Step, call: Call, gold: GoldCall): Difference[] {
  const got = filledArgs(call, step.tools);
  const want = filledArgs(gold, step.tools);
  const pointers = [...new Set([...leafPointers(want), ...leafPointers(got)])];
  const found = pointers.map((pointer) => ({ pointer, got: getAt(got, pointer), want: getAt(want, pointer) })).filter((pair) => !sameLeaf(pair.got, pair.want));
  // Two values without leaves can still differ: {} and [].
  return found.length > 0 ? found : [{ pointer: '', got, want }];
}

// An empty list or object has no leaf of its own; its place still has to be compared.
function leafPointers(args: JsonObject): string[] {
  const empty = Object.keys(args).filter((key) => leavesOf(args[key] as Json).length === 0).map((key) => `/${key.replace(/~/g, '~0').replace(/\//g, '~1')}`);
  return [...leavesOf(args).map((leaf) => leaf.pointer), ...empty];
}

const sameLeaf = (a: Json | undefined, b: Json | undefined): boolean =>
  a === undefined || b === undefined ? a === b : jsonEqual(a, b);

function argumentErrors(step: Step, call: Call, index: number, gold: GoldCall): StepError[] {
  return differences(step, call, gold).map((difference) => argumentError(step, placeOf(call, index), gold, difference));
}

function argumentError(step: Step, place: string, gold: GoldCall, difference: Difference): StepError {
  const { pointer, got, want } = difference;
  const location = `${place}, argument ${pointer === '' ? '(all)' : pointer}`;
  const source = gold.sources.find((candidate) => candidate.pointer === pointer);
  if (source?.kind === 'output' && step.remaining.some((open) => open.id === source.call)) {
    return { type: 'missing_dependency', location, detail: `The value comes from the output of ${nameOf(step, source.call)}, which no earlier response has answered; ${got === undefined ? 'it was left out' : `\`${canonicalJson(got)}\` was made up`}.` };
  }
  if (got === undefined) return { type: 'incorrect_parameter', location, detail: `Expected ${quote(want)}, got nothing.` };
  if (want === undefined) return { type: 'incorrect_parameter', location, detail: `Expected it to be left out, got ${quote(got)}.` };
  return { type: jsonType(got) === jsonType(want) ? 'incorrect_parameter' : 'type_mismatch', location, detail: `Expected ${quote(want)}, got ${quote(got)}.` };
}

const needless = (call: Call, index: number): StepError => ({
  type: 'wrong_tool',
  location: placeOf(call, index),
  detail: 'No call of this turn remains; a final answer is due.',
});

// --- texts ----------------------------------------------------------------------------------------------------------

const placeOf = (call: Call, index: number): string => `call ${index + 1} (${call.tool})`;
const callText = (call: Call): string => `${call.tool}(${canonicalJson(call.args)})`;
const goldOf = (step: Step, id: string): GoldCall => step.remaining.find((gold) => gold.id === id) as GoldCall;
const nameOf = (step: Step, id: string): string => `${id} ${goldOf(step, id).tool}`;
const quote = (value: Json | undefined): string => `\`${value === undefined ? 'nothing' : canonicalJson(value)}\``;
const jsonType = (value: Json): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

// --- defaults -------------------------------------------------------------------------------------------------------

function filledArgs(call: Call, tools: readonly ToolDoc[]): JsonObject {
  const doc = toolNamed(tools, call.tool);
  return doc ? fillDefaults(doc.input, call.args) : call.args;
}

function fillValue(schema: Json | undefined, value: Json): Json {
  if (!isObject(schema)) return value;
  if (Array.isArray(value)) return value.map((item) => fillValue(schema.items, item));
  if (!isObject(value) || !isObject(schema.properties)) return value;
  const filled: JsonObject = { ...value };
  for (const [name, property] of Object.entries(schema.properties)) {
    const given = filled[name];
    if (given !== undefined) filled[name] = fillValue(property, given);
    else if (isObject(property) && property.default !== undefined) filled[name] = property.default;
  }
  return filled;
}
