import type { Tool } from '@modelcontextprotocol/client';
import type { McpBlock } from '../../core/campaign/campaign.schema';
import type { Confined } from './confine';

/** What an instance of a block's world has to itself; a process where we start one, nothing at an address. */
export const isolationOf = (block: McpBlock): 'process' | 'session' | 'shared' => block.isolation ?? (block.url === undefined ? 'process' : 'shared');

/** Whether every instance begins at its seed's initial state: a process or session of its own does, a shared one after reset calls. */
export const hasReset = (block: McpBlock): boolean => isolationOf(block) !== 'shared' || block.reset !== undefined;

/** What a process of ours is given, and what of it can be taken away here. */
export interface Given {
  confined: Confined;
  /** Whether it holds keys of its user's, and whether its arguments name folders of theirs. */
  keys: boolean;
  folders: boolean;
}

/** By what it does may outlast it: elsewhere by a network, or in files of its user; a new process puts neither back. */
function waysOut(block: McpBlock, { confined, keys, folders }: Given): string[] {
  if (block.command === undefined || block.reset !== undefined) return [];
  return [
    ...(block.network ? ['the network'] : []),
    ...(block.writable.length > 0 ? ['writable files'] : []),
    ...(!block.network && keys && confined === 'nothing' ? ['keys of yours and a network that this platform cannot take from it'] : []),
    ...(folders && confined !== 'files' ? ['folders of yours that this platform cannot make read-only for it'] : []),
  ];
}

/**
 * The allow-list of a block, less what must not be called: without a reset, every tool that its user did not mark
 * `readOnly`; the server's own annotations count for nothing. Throws when nothing is left.
 */
export function callableTools(block: McpBlock, tools: readonly Tool[], given: Given): string[] | undefined {
  if (hasReset(block) && waysOut(block, given).length === 0) return block.tools;
  const names = tools.map(({ name }) => name);
  const unknown = block.readOnly.filter((name) => name !== '*' && !names.includes(name));
  if (unknown.length > 0) throw new Error(`Expected mcp.readOnly of world \`${block.name}\` to name tools of the server, got [${unknown.join(', ')}]; it has [${names.join(', ')}]`);
  const isMarked = (name: string): boolean => block.readOnly.includes('*') || block.readOnly.includes(name);
  const unmarked = block.probe.map(({ tool }) => tool).filter((name) => !isMarked(name));
  if (unmarked.length > 0) throw new Error(`Expected mcp.probe of world \`${block.name}\` to call tools marked \`readOnly\`, since nothing puts back what they change, got [${[...new Set(unmarked)].join(', ')}]`);
  const marked = (block.tools ?? names).filter(isMarked);
  if (marked.length > 0) return marked;
  const claimed = tools.filter((tool) => tool.annotations?.readOnlyHint === true).map(({ name }) => name);
  throw new Error(
    `Expected world \`${block.name}\` to have a reset or tools marked \`readOnly\`, got neither, so nothing may be called; ${claimed.length === 0 ? 'the server calls no tool reading' : `the server calls these reading: [${claimed.join(', ')}]`}, list those you know to change nothing (mcp.readOnly)`,
  );
}

/** One sentence per trait that the block's world lacks, each with what is lost with it. */
export function missingTraits(block: McpBlock, seen: Given & { offered: number; left: number }): string[] {
  const out = waysOut(block, seen);
  const says = (sentence: string): string => `World \`${block.name}\` ${sentence}`;
  return [
    ...(hasReset(block) ? [] : [says(`has no reset: ${seen.left} ${plural(seen.left, 'tool')} marked read-only ${seen.left === 1 ? 'is' : 'are'} offered, the other ${seen.offered - seen.left} of the server never called, and no state edges are learnt.`)]),
    ...(out.length > 0 ? [says(`has ${out.join(' and ')}, and no reset: what it does there outlasts every trajectory, so ${seen.left} ${plural(seen.left, 'tool')} marked read-only ${seen.left === 1 ? 'is' : 'are'} offered, the other ${seen.offered - seen.left} never called; \`reset: []\` says that nothing there changes.`)] : []),
    ...(isolationOf(block) === 'session' && block.reset === undefined ? [says(`has \`isolation: session\`, which says that all a tool changes ends with its session, so ${seen.left} ${plural(seen.left, 'tool')} ${seen.left === 1 ? 'is' : 'are'} called, also those that write; \`shared\` calls those in \`readOnly\` alone.`)] : []),
    ...(block.url !== undefined && hasReset(block) && block.probe.length === 0 ? [says('has no `probe`: what a call changes at the server cannot be seen, so state edges rest on leaving calls out alone.')] : []),
    ...(seen.confined !== 'files' ? [says('sees the files of this machine that you see, and may change them: this platform cannot take them from a process (`unshare --mount` is refused).')] : []),
    ...(!block.network && seen.confined === 'nothing' ? [says('keeps its network: this platform cannot take it from a process (`unshare --net` is refused), so the server may reach others.')] : []),
    ...(seen.left > MANY_TOOLS ? [says(`offers ${seen.left} tools, each of which every target is probed on; choose some with \`tools\`.`)] : []),
  ];
}

const MANY_TOOLS = 100;
const plural = (count: number, word: string): string => (count === 1 ? word : `${word}s`);
