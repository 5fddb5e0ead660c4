import { tryJson } from '../core/chat/parse';
import { isObject, leavesOf, type Json, type JsonObject } from '../core/json';
import { planWriter, writerFault } from './fault-plan';
import { findBlock, missingBlock, needBlock, SimulatorError, type SimReply, type SimRequest } from './request';

interface Difference {
  type: string;
  location: string;
}

/** The Verifier: type and place of the first difference between <attempt> and <ground_truth>, a cause and advice without values. */
export function verify(request: SimRequest): SimReply {
  needBlock(request, 'query');
  needBlock(request, 'execution_result');
  const attempt = jsonBlock(request, 'attempt');
  const truth = jsonBlock(request, 'ground_truth');
  const rejected = findBlock(request, 'rejected');
  if (request.lookup.try > 1 && rejected === undefined) throw missingBlock(request, 'rejected');
  const fault = writerFault(planWriter(request.lookup), rejected);
  if (fault === 'malformed') return { content: 'The response is wrong because it does not do what was asked.' };
  const first = differencesOf(attempt, truth)[0] ?? { type: 'wrong_tool', location: 'the response' };
  const { cause, advice, assumptions } = DIAGNOSES[first.type] ?? (DIAGNOSES.wrong_tool as Diagnosis);
  return {
    content: JSON.stringify({
      error_type: first.type,
      error_location: first.location,
      root_cause: cause,
      corrective_hint: fault === 'flawed' ? `${advice} ${leakOf(truth)}`.trim() : advice,
      should_reconsider: assumptions,
    }),
  };
}

function jsonBlock(request: SimRequest, name: string): JsonObject {
  const value = tryJson(needBlock(request, name));
  if (!isObject(value)) throw new SimulatorError(400, `Expected the block <${name}> of the verifier to hold one JSON object, got something else`);
  return value;
}

/** What a program found, else what a comparison of the two blocks shows. */
function differencesOf(attempt: JsonObject, truth: JsonObject): Difference[] {
  const found = (Array.isArray(truth.differences) ? truth.differences : []).filter(isObject);
  if (found.length > 0) return found.map(({ type, location }) => ({ type: String(type), location: String(location) }));
  const remaining = callsIn(truth.remaining);
  const calls = callsIn(attempt.calls);
  if (calls.length === 0) return [{ type: 'missing_call', location: 'the response' }];
  return calls.flatMap((call, index): Difference[] => {
    const same = remaining.find((gold) => gold.name === call.name);
    const place = `call ${index + 1} (${call.name})`;
    if (!same) return [{ type: 'wrong_tool', location: place }];
    if (Array.isArray(same.needs_output_of) && same.needs_output_of.length > 0) return [{ type: 'missing_dependency', location: place }];
    return JSON.stringify(same.arguments) === JSON.stringify(call.arguments) ? [] : [{ type: 'incorrect_parameter', location: place }];
  });
}

const callsIn = (list: Json | undefined): (JsonObject & { name: string })[] =>
  (Array.isArray(list) ? list : []).filter(isObject).map((call) => ({ ...call, name: String(call.name) }));

interface Diagnosis {
  cause: string;
  advice: string;
  assumptions: string[];
}

const DIAGNOSES: { [type: string]: Diagnosis } = {
  wrong_tool: {
    cause: 'The call does not supply anything that the request still lacks. It was chosen because it sounded close to the topic.',
    advice: 'Ask which piece of information or change is still open, and which of the tools promises exactly that in its description.',
    assumptions: ['what the request still needs'],
  },
  missing_call: {
    cause: 'The turn was ended although part of the request had not been carried out.',
    advice: 'Go over the request part by part and check for each whether a result in the conversation covers it.',
    assumptions: ['that everything has been done'],
  },
  incorrect_parameter: {
    cause: 'A value does not agree with what the user said or with what an earlier result shows.',
    advice: 'Trace each argument back to the words of the user or to a result, and copy it from there.',
    assumptions: [],
  },
  wrong_order: {
    cause: 'A call stands before another one that has to make it possible.',
    advice: 'Think about what has to be in place before each of these calls can work, and arrange them accordingly.',
    assumptions: ['that the calls do not depend on each other'],
  },
  type_mismatch: {
    cause: 'The value was written in another form than the schema asks for.',
    advice: 'Compare the JSON type of each argument with the one in the schema of its tool.',
    assumptions: [],
  },
  missing_dependency: {
    cause: 'The call rests on something that nobody has told the assistant yet, so the value had to be made up.',
    advice: 'Find out which tool supplies the missing piece, call it on its own, and wait for its result.',
    assumptions: ['that everything needed was known already'],
  },
};

/** A value that the assistant is still to find: what a careless reviewer would write. */
function leakOf(truth: JsonObject): string {
  const values = callsIn(truth.remaining).flatMap((call) => leavesOf(call.arguments ?? {}).map((leaf) => leaf.value));
  const value = values.find((candidate) => typeof candidate === 'string' && candidate.length > 3) ?? values[0];
  return value === undefined ? '' : `The value should have been ${JSON.stringify(value)}.`;
}
