import { tryJson } from '../core/chat/parse';
import type { Json } from '../core/json';
import { planWriter, writerFault } from './fault-plan';
import { goalOf, listed } from './phrases';
import { findBlock, jsonLines, missingBlock, needBlock, rngOf, textLines, type SimReply, type SimRequest } from './request';

interface Argument {
  call: string;
  argument: string;
  value: Json;
  meaning: string;
}

/** The Tool Maker: an advanced tool from <trace>, <arguments> and <asked_outputs> alone; after <rejected> in the plainest words. */
export function makeTool(request: SimRequest): SimReply {
  const calls = tracedTools(needBlock(request, 'trace'));
  const args = jsonLines(needBlock(request, 'arguments')) as unknown as Argument[];
  const asked = textLines(needBlock(request, 'asked_outputs')).map(labelOf);
  const rejected = findBlock(request, 'rejected');
  if (request.lookup.attempt > 1 && rejected === undefined) throw missingBlock(request, 'rejected');
  const fault = writerFault(planWriter(request.lookup), rejected);
  if (fault === 'malformed') return { content: 'Here is an advanced tool for this trace: it does everything in one call.' };
  const tool = toolFor({ calls, args, asked, plain: rejected !== undefined, draw: rngOf(request.lookup, 'tool').int(0, 2) });
  return { content: JSON.stringify(fault === 'flawed' ? flawed(tool, calls) : tool, null, 2) };
}

interface Tool {
  name: string;
  description: string;
  parameters: { name: string; type: string; description: string }[];
  returns: string;
  bindings: { call: string; argument: string; parameter: string }[];
}

/** Tool names of this turn's lines, in order. */
const tracedTools = (trace: string): string[] => [...trace.matchAll(/^c\d+ ([^\s(]+)\(/gm)].map((match) => match[1] as string);

/** `price (in euros) of the one whose departs is 09:40: 12.5` → `price`: what stands behind may be known to nobody yet. */
function labelOf(line: string): string {
  const cut = [...line.matchAll(/: /g)].map((match) => match.index).find((at) => tryJson(line.slice(at + 2)) !== undefined);
  return line.slice(0, cut).replace(/\([^)]*\)/g, ' ').replace(/ of the one whose .*$/s, '').replace(/, for .*$/s, '').replace(/\s+/g, ' ').trim();
}

function toolFor(input: { calls: string[]; args: Argument[]; asked: string[]; plain: boolean; draw: number }): Tool {
  const parameters = parametersFor(input.args, input.plain);
  const wanted = goalOf(input.calls);
  const asked = input.plain ? [] : input.asked;
  const learnt = asked.length > 0 ? listed(asked.map((label) => `the ${label}`)) : 'what was wanted';
  const told = input.asked.length > 0 ? `and tells ${learnt}` : 'and confirms it';
  const goal = [`Takes care of it when the user wants to ${wanted}`, `Serves a user who wants to ${wanted}`, `For a user who wants to ${wanted}`][input.draw] as string;
  const names = [...new Set(parameters.map(({ entry }) => `the ${entry.name.replace(/_\d+$/, '').replace(/_/g, ' ')}`))];
  const given = names.length > 0 ? `, given ${listed(names)}` : '';
  return {
    name: `fulfil_wish_to_${wanted.replace(/\W+/g, '_')}`,
    description: input.plain ? 'Does all that the user wishes in one operation and reports what was asked for.' : `${goal}${given}, ${told}.`,
    parameters: parameters.map(({ entry }) => entry),
    returns: input.asked.length > 0 ? `Tells ${learnt}` : 'A confirmation that it is done',
    bindings: parameters.flatMap(({ entry, bound }) => bound.map(({ call, argument }) => ({ call, argument, parameter: entry.name }))),
  };
}

/** One parameter per name and value; a second value of a name gets a numbered one. */
function parametersFor(args: readonly Argument[], plain: boolean): { entry: Tool['parameters'][number]; bound: Argument[] }[] {
  const groups: { key: string; base: string; bound: Argument[] }[] = [];
  for (const arg of args) {
    const base = parameterName(arg.argument);
    const key = `${base} ${JSON.stringify(arg.value)}`;
    const group = groups.find((other) => other.key === key);
    if (group) group.bound.push(arg);
    else groups.push({ key, base, bound: [arg] });
  }
  return groups.map(({ base, bound }, index) => {
    const before = groups.slice(0, index).filter((other) => other.base === base).length;
    const first = bound[0] as Argument;
    const description = plain ? 'As the user states it' : first.meaning.replace(/ \([^)]*\)/g, '');
    return { entry: { name: before === 0 ? base : `${base}_${before + 1}`, type: typeOf(first.value), description }, bound };
  });
}

/** `/connection_id#/departs` → departs; `/labels/0` → labels. */
function parameterName(pointer: string): string {
  const name = pointer.split(/[#/]/).filter((token) => token !== '' && !/^\d+$/.test(token)).at(-1) ?? 'value';
  const identifier = name.replace(/\W/g, '_');
  return /^[A-Za-z]/.test(identifier) ? identifier : `the_${identifier}`;
}

const typeOf = (value: Json): string => (typeof value === 'number' ? (Number.isInteger(value) ? 'integer' : 'number') : typeof value === 'boolean' ? 'boolean' : 'string');

/** Names a primitive tool, and leaves a value unbound where there is one. */
function flawed(tool: Tool, calls: readonly string[]): Tool {
  return { ...tool, name: calls.at(-1) ?? tool.name, description: `Calls ${calls[0] ?? 'everything'} and all that belongs to it.`, bindings: tool.bindings.slice(1) };
}
