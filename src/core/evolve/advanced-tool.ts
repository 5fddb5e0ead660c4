import { getAt, jsonEqual, type Json } from '../json';
import type { BlockValues } from '../prompt/template';
import { askLabels, earlierCalls, needId, needsOf, producedArguments, turnCalls, type Need, type Scene } from './needs';
import { hiddenValuesIn, listsSteps, namedTools } from './wording';

/** T_adv: one operation that does what a turn's gold calls do together (paper §3.3, Eq. 3). */
export interface AdvancedTool {
  name: string;
  /** Goal and result, one to three sentences: becomes the Reasoner's hint. */
  description: string;
  parameters: { name: string; type: string; description: string }[];
  returns: string;
  /** `argument`: as in Need. Exactly one of `parameter` and `constant`. */
  bindings: { call: string; argument: string; parameter?: string; constant?: Json }[];
}

/** A reply that failed, and why: goes back to the model that wrote it. */
export interface Rejected {
  reply: string;
  reasons: string[];
}

const RESULT_LIMIT = 600;

/** The Tool Maker's blocks: the turn's trace (earlier turns marked), what has to be bound, one JSON object per line, and what is asked for. */
export function toolMakerBlocks(input: Scene & { rejected?: Rejected | undefined }): BlockValues {
  const line = (call: (typeof input.spec.calls)[number]): string => `${call.id} ${call.tool}(${JSON.stringify(call.args)}) -> ${shorten(JSON.stringify(call.result))}`;
  const earlier = earlierCalls(input.spec, input.turn).map((call) => `earlier: ${line(call)}`);
  const needs = needsOf(input);
  const asks = askLabels(input);
  return {
    trace: [...earlier, ...turnCalls(input.spec, input.turn).map(line)].join('\n'),
    arguments: needs.length > 0 ? needs.map(argumentLine).join('\n') : 'none: nothing has to be bound',
    asked_outputs: asks.length > 0 ? asks.map(({ label, ask }) => `${label}: ${JSON.stringify(ask.value)}`).join('\n') : 'none: the user wants the effect only',
    rejected: rejectedBlock(input.rejected),
  };
}

const argumentLine = (need: Need): string => JSON.stringify({ call: need.call, argument: need.argument, value: need.value, meaning: need.meaning });

const shorten = (text: string): string => (text.length <= RESULT_LIMIT ? text : `${text.slice(0, RESULT_LIMIT)}… (${text.length - RESULT_LIMIT} more characters)`);

/** The text of a `rejected` block, `undefined` on a first try. */
export const rejectedBlock = (rejected: Rejected | undefined): string | undefined =>
  rejected && `${rejected.reply.trim()}\n\nRejected because:\n${rejected.reasons.map((reason) => `- ${reason}`).join('\n')}`;

/** Why an advanced tool may not be used; `[]` when it passes. Reasons are written for the model that made it. */
export function checkAdvancedTool(input: Scene & { tool: AdvancedTool }): string[] {
  return [...checkName(input), ...checkDescription(input), ...checkParameters(input.tool), ...checkBindings(input), ...checkReturns(input)];
}

const IDENTIFIER = /^[A-Za-z][A-Za-z0-9_]*$/;

function checkName({ tool, tools }: { tool: AdvancedTool } & Scene): string[] {
  if (!IDENTIFIER.test(tool.name)) return [`expected \`name\` to be an identifier like book_trip, got ${JSON.stringify(tool.name)}`];
  const taken = tools.some((primitive) => sameName(primitive.name, tool.name));
  return taken ? [`expected a new \`name\`, got ${tool.name}, which is the name of an existing tool`] : [];
}

const sameName = (a: string, b: string): boolean => a.toLowerCase().replace(/[^a-z0-9]/g, '') === b.toLowerCase().replace(/[^a-z0-9]/g, '');

function checkDescription(input: { tool: AdvancedTool } & Scene): string[] {
  const { description } = input.tool;
  const sentences = description.split(/(?<=[.!?])\s+(?=\S)/).filter((sentence) => sentence.trim() !== '').length;
  if (sentences < 1 || sentences > 3) return [`expected \`description\` to have one to three sentences, got ${sentences}`];
  const texts = [description, ...input.tool.parameters.map((parameter) => parameter.description), input.tool.returns];
  const named = namedTools(texts.join('\n'), input.tools);
  const hidden = hiddenValuesIn(texts.join('\n'), input, []);
  return [
    ...(listsSteps(description) ? ['the description lists steps; say the goal and the result only'] : []),
    ...named.map((name) => `the text names the tool ${name}; describe what is achieved instead`),
    ...hidden.map((value) => `the text gives away ${JSON.stringify(value)}, which only a call returns; leave it out`),
  ];
}

function checkParameters(tool: AdvancedTool): string[] {
  const names = tool.parameters.map((parameter) => parameter.name);
  return [
    ...names.filter((name) => !IDENTIFIER.test(name)).map((name) => `expected parameter names to be identifiers, got ${JSON.stringify(name)}`),
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `parameter ${name} is declared twice`),
    ...names.filter((name) => !tool.bindings.some((binding) => binding.parameter === name)).map((name) => `parameter ${name} is bound to no argument; remove it or bind it`),
  ];
}

/** Every need bound once, to a declared parameter or to its own value; nothing that a call produces bound at all. */
function checkBindings(input: { tool: AdvancedTool } & Scene): string[] {
  const needs = needsOf(input);
  const { bindings } = input.tool;
  const unbound = needs.filter((need) => !bindings.some((binding) => needId(binding) === needId(need)));
  const twice = bindings.filter((binding, index) => bindings.findIndex((other) => needId(other) === needId(binding)) !== index);
  return [
    ...unbound.map((need) => `${need.call} ${need.argument} (${JSON.stringify(need.value)}) is not bound`),
    ...twice.map((binding) => `${binding.call} ${binding.argument} is bound twice`),
    ...bindings.flatMap((binding) => checkBinding(input, binding, needs)),
    ...checkOneValuePerParameter(input.tool, needs),
  ];
}

function checkBinding(scene: { tool: AdvancedTool } & Scene, binding: AdvancedTool['bindings'][number], needs: readonly Need[]): string[] {
  const place = `${binding.call} ${binding.argument}`;
  const call = turnCalls(scene.spec, scene.turn).find((candidate) => candidate.id === binding.call);
  if (!call) return [`${place}: this turn has no call ${binding.call}`];
  if (producedArguments(call).includes(binding.argument)) return [`${place} comes from the result of another call; it may not be bound`];
  if (binding.parameter !== undefined && !scene.tool.parameters.some((parameter) => parameter.name === binding.parameter)) return [`${place} is bound to ${binding.parameter}, which is not among the parameters`];
  const need = needs.find((candidate) => needId(candidate) === needId(binding));
  const value = need ? need.value : getAt(call.args, binding.argument);
  const isDefault = call.sources.some((source) => source.kind === 'default' && source.pointer === binding.argument);
  if (!need && !isDefault) return [`${place} is not in the list of arguments; copy call and argument from there`];
  if (binding.constant !== undefined && value !== undefined && !jsonEqual(binding.constant, value)) return [`${place}: expected the constant ${JSON.stringify(value)}, got ${JSON.stringify(binding.constant)}`];
  return [];
}

function checkOneValuePerParameter(tool: AdvancedTool, needs: readonly Need[]): string[] {
  return tool.parameters.flatMap(({ name }) => {
    const bound = needs.filter((need) => tool.bindings.some((binding) => binding.parameter === name && needId(binding) === needId(need)));
    const other = bound.find((need) => !jsonEqual(need.value, (bound[0] as Need).value));
    return other ? [`parameter ${name} is bound to ${JSON.stringify((bound[0] as Need).value)} and to ${JSON.stringify(other.value)}; one parameter has one value`] : [];
  });
}

const checkReturns = (input: { tool: AdvancedTool } & Scene): string[] =>
  input.tool.returns.trim() === '' && askLabels(input).length > 0 ? ['expected `returns` to say what comes back, got an empty text'] : [];
