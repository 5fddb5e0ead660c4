import { jsonEqual, type Json, type JsonObject } from '../../core/json';
import type { Call, CallResult, Execution, ToolDoc } from '../../core/tool';
import type { World } from '../world';
import type { Chain, Explored } from './explored';
import { inputsOf, misfitOf } from './schemas';

/** What fresh replays of one tool showed; a sentence per trouble. */
export interface CallProof {
  troubles: string[];
  /** A call of it was refused with a typed fault. */
  refused: boolean;
}

/** Replays the tool's success twice and its refusal once, each in an instance of its own. */
export async function proveCalls(world: World, tool: ToolDoc, explored: Explored): Promise<CallProof> {
  const success = explored.successes.get(tool.name);
  if (success === undefined) return { troubles: [neverSucceeded(tool, explored)], refused: explored.refusals.has(tool.name) };
  const [one, other] = [await runFresh(world, success), await runFresh(world, success)];
  const refusal = await proveRefusal(world, tool, success, explored);
  return { troubles: [...differences(success, one, other), ...misfits(tool, success, one), ...refusal.troubles], refused: refusal.refused };
}

function neverSucceeded(tool: ToolDoc, { refusals, walks }: Explored): string {
  const refusal = refusals.get(tool.name);
  return `no call succeeded in ${walks} walks: ${refusal === undefined ? 'no arguments were to be had for it' : `${shown(refusal.call)} gave ${told(refusal.result)}`}`;
}

function differences(chain: Chain, one: Execution, other: Execution): string[] {
  const where = `${shown(chain.call)} after ${chain.before.length} calls from seed ${chain.seed}`;
  if (one.digests[0] !== other.digests[0]) return [`a reset does not restore the state: seed ${chain.seed} began at two digests`];
  if (!same(one.results.at(-1), chain.result)) return [`a fresh replay differs from exploration: ${where} gave ${told(one.results.at(-1))} and before ${told(chain.result)}`];
  if (!same(one.results, other.results)) return [`two replays give two results: ${where} gave ${told(one.results.at(-1))} and ${told(other.results.at(-1))}`];
  if (!same(one.digests, other.digests)) return [`two replays leave two states: ${where}`];
  return [];
}

function misfits(tool: ToolDoc, chain: Chain, run: Execution): string[] {
  const result = run.results.at(-1);
  const misfit = result?.ok === true ? misfitOf(tool, result.value) : undefined;
  return misfit === undefined ? [] : [`its result does not fit its output schema: ${shown(chain.call)} gave ${misfit}`];
}

async function proveRefusal(world: World, tool: ToolDoc, success: Chain, explored: Explored): Promise<CallProof> {
  const known = explored.refusals.get(tool.name);
  const refused = (...troubles: string[]): CallProof => ({ troubles, refused: true });
  for (const chain of known === undefined ? wrongCalls(tool, success) : [known]) {
    const run = await runFresh(world, chain);
    const result = run.results.at(-1);
    if (result === undefined || result.ok) {
      if (known !== undefined) return refused(`a fresh replay differs from exploration: ${shown(chain.call)} gave ${told(result)} and before ${told(chain.result)}`);
      continue;
    }
    if (result.fault === 'unavailable') return refused(`it breaks instead of refusing: ${shown(chain.call)} gave ${told(result)}`);
    return run.digests.at(-1) === run.digests.at(-2) ? refused() : refused(`a refusal changes the state: ${shown(chain.call)} gave ${told(result)}`);
  }
  // What takes nothing and asks for nothing before it cannot be called wrongly.
  const troubles = inputsOf(tool).length === 0 ? [] : [`it never refuses: ${shown(success.call)} succeeds, and so do the same arguments with wrong values`];
  return { troubles, refused: false };
}

/** The successful call with one argument at a time of another type, empty, or left out; one without arguments, without the calls that led to it. */
function wrongCalls(tool: ToolDoc, success: Chain): Chain[] {
  const { args } = success.call;
  if (inputsOf(tool).length === 0) return success.before.length > 0 ? [{ ...success, before: [] }] : [];
  const variants = inputsOf(tool).flatMap((name): JsonObject[] => {
    const { [name]: _left, ...rest } = args;
    return [{ ...args, [name]: typeof args[name] === 'object' ? 'no such value' : [{ no: 'such value' }] }, ...(typeof args[name] === 'string' ? [{ ...args, [name]: 'no-such-value-22' }] : []), rest];
  });
  return variants.map((wrong) => ({ ...success, call: { tool: tool.name, args: wrong } }));
}

async function runFresh(world: World, chain: Chain): Promise<Execution> {
  const instance = await world.open(chain.seed);
  try {
    const results: CallResult[] = [];
    const digests = [await instance.digest()];
    for (const call of [...chain.before, chain.call]) {
      results.push(await instance.call(call));
      digests.push(await instance.digest());
    }
    return { results, digests };
  } finally {
    await instance.close();
  }
}

const same = (one: unknown, other: unknown): boolean => jsonEqual(one as Json, other as Json);

const LONGEST = 160;
const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
const shown = ({ tool, args }: Call): string => cut(`${tool} ${JSON.stringify(args)}`);
const told = (result: CallResult | undefined): string => cut(result === undefined ? 'nothing' : result.ok ? JSON.stringify(result.value) : `${result.fault}: ${result.message}`);
