import type { TraceSpec } from '../core/trace';
import { toolOfKey } from '../core/tool';
import { planStep, weaknessOf, type Slip, type StepPlan } from './fault-plan';
import { readPosition, type Position } from './position';
import { createRng, type Rng } from '../core/random';
import type { SimReply, SimRequest } from './request';
import { answerFor, askedIn, callFor, dueResponse, type Response } from './response';
import { isNamed, slip } from './slips';
import { betray, thinkAnswer, thinkCalls, thinkWrongly } from './thinking';

/** The Reasoner: what is due, unless a planned fault is; each fault comes back until feedback names its type and place. */
export function reason(request: SimRequest, spec: TraceSpec): SimReply {
  const position = readPosition(request, spec);
  const plan = planStep(request.lookup, { guided: position.hint, final: position.remaining.length === 0 });
  const rng = stepRng(request, 'reasoner');
  const due = dueResponse({ position, spec, style: plan.style, rng: rng.fork('due') });
  const open = openFault({ plan, position, spec, due, rng });
  if (open.fault) return say(open.fault, { rng, wrong: true });
  // Turned down without a plan of ours: the comparison may be stricter than thought, so one call at a time.
  const careful = position.feedback.length > open.cured ? dueResponse({ position, spec, style: 'one', rng: rng.fork('due') }) : due;
  return say(careful, { rng, wrong: false, ...(plan.betrays && { betrays: position.hint ? 'hint' : position.feedback.length > 0 ? 'attempt' : undefined }) });
}

/** A function of the step, not of the attempt: a fault that comes back comes back as it was. */
function stepRng(request: SimRequest, part: string): Rng {
  const { seed, purpose, item, turn, step, target } = request.lookup;
  return createRng([part, seed, purpose, item, target ?? '', turn, step].join('/'));
}

/** The fault that still stands after the feedback so far, and how many were cured. */
function openFault(input: { plan: StepPlan; position: Position; spec: TraceSpec; due: Response; rng: Rng }): { fault: Response | undefined; cured: number } {
  const { plan, position, spec } = input;
  const faults = plan.faults.map((kinds, index) => slip(kinds, { ...input, rng: input.rng.fork(`slip/${index}`) })?.response).filter((fault) => fault !== undefined);
  let cured = 0;
  for (const feedback of position.feedback) {
    const fault = faults[cured];
    if (fault && !plan.stubborn && isNamed(feedback, fault, { position, spec })) cured++;
  }
  return { fault: faults[cured], cured };
}

/**
 * A target: what is due, without a hint, except at the tool it is weak at. There it errs once, nobody corrects it, and it
 * closes with what it knows. A target that masters the tool now and then errs on the way.
 */
export function tryAsTarget(request: SimRequest, spec: TraceSpec): SimReply {
  const position = readPosition(request, spec);
  const rng = stepRng(request, `target/${request.model}`);
  const weakness = request.lookup.faults === 'none' && request.model === 'sim' ? 'none' : weaknessOf(request.model, spec.target);
  if (position.strayed.length > 0) return say(closing(position, spec, rng), { rng, wrong: true });
  const due = dueResponse({ position, spec, style: 'all', rng: rng.fork('due') });
  if (weakness === 'none') return say(strayOnTheWay(request, position, spec, due, rng) ?? due, { rng, wrong: false });
  const failing = failAtTool({ kind: weakness, position, spec, due, rng });
  return failing ? say(failing, { rng, wrong: true }) : say(withoutProbed(due, spec), { rng, wrong: false });
}

const closing = (position: Position, spec: TraceSpec, rng: Rng): Response => ({ kind: 'answer', text: answerFor(askedIn(spec, position.turn), position, rng) });

/** What else is due goes first, so that the error stands alone at the probed tool. */
function withoutProbed(due: Response, spec: TraceSpec): Response {
  if (due.kind !== 'calls') return due;
  const others = due.calls.filter((call) => call.tool !== toolOfKey(spec.target));
  return others.length > 0 ? { kind: 'calls', calls: others } : due;
}

/** Errs at the last gold call, the probed one, once nothing else is left; a skipped look-up errs at once. */
function failAtTool(input: { kind: Slip; position: Position; spec: TraceSpec; due: Response; rng: Rng }): Response | undefined {
  const { position, spec, rng } = input;
  const probed = position.remaining.at(-1);
  if (!probed || probed.tool !== toolOfKey(spec.target)) return undefined;
  const needsLookUp = spec.order.data.some(([earlier, later]) => later === probed.id && position.remaining.some((call) => call.id === earlier));
  if (input.kind === 'missing_dependency' && needsLookUp) return { kind: 'calls', calls: [callFor(probed, position)] };
  if (position.remaining.length > 1) return undefined;
  const kinds: Slip[] = [input.kind === 'missing_dependency' ? 'incorrect_parameter' : input.kind, 'incorrect_parameter', 'wrong_tool', 'missing_call'];
  return slip(kinds, { ...input, rng: rng.fork('weakness') })?.response;
}

const STRAYS = 0.15;

/** Only at a look-up on the way: the probed tool itself is mastered. */
function strayOnTheWay(request: SimRequest, position: Position, spec: TraceSpec, due: Response, rng: Rng): Response | undefined {
  if (request.lookup.faults === 'none' || position.remaining.length < 2 || rng.fork('strays').float() >= STRAYS) return undefined;
  return slip(['incorrect_parameter', 'wrong_tool'], { position, spec, due, rng: rng.fork('stray') })?.response;
}

function say(response: Response, how: { rng: Rng; wrong: boolean; betrays?: 'hint' | 'attempt' | undefined }): SimReply {
  const rng = how.rng.fork('thinking');
  if (response.kind === 'refusal') return { content: '', refusal: 'I cannot help with that.' };
  if (response.kind === 'empty') return { content: '', reasoning: thinkWrongly(rng) };
  if (response.kind === 'malformed') {
    return { content: '', reasoning: thinkWrongly(rng), toolCalls: response.calls.map((call) => ({ name: call.tool, arguments: JSON.stringify(call.args).slice(0, -1) })) };
  }
  const plain = how.wrong ? thinkWrongly(rng) : response.kind === 'calls' ? thinkCalls(response.calls, rng) : thinkAnswer(rng);
  const reasoning = how.betrays ? betray(plain, how.betrays) : plain;
  if (response.kind === 'answer') return { content: response.text, reasoning };
  return { content: '', reasoning, toolCalls: response.calls.map((call) => ({ name: call.tool, arguments: JSON.stringify(call.args) })) };
}
