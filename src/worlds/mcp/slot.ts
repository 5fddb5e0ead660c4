import { createHash } from 'node:crypto';
import type { McpBlock } from '../../core/campaign/campaign.schema';
import { canonicalJson, type Json, type JsonObject } from '../../core/json';
import type { Call, CallResult } from '../../core/tool';
import { WorldUnavailable } from '../world';
import { folderDigest } from './folder-digest';
import { withExtracts } from './extract';
import { isProtocolError } from './remote';
import { faultOf, readReply, withoutVolatile } from './results';
import { intoSandbox, mapStrings, outOfSandbox, type Sandbox } from './sandbox';
import { reasonOf, type Server } from './server';
import type { OutputWatch } from './sound-tools';
import type { StableNames } from './stable-names';

/** A connection to a server, standing at a seed or wherever its calls have brought it. */
export interface Slot {
  server: Server;
  seed: number;
  used: boolean;
  names: StableNames;
  /** The folder and environment of a process of ours, and what lay beside the folder when it had started; a server at an address has none. */
  local?: { sandbox: Sandbox; env: Record<string, string>; beside: string };
  mask(text: string): string;
  /** Looks at the server's tools; throws when they are not those of the world. */
  greet(slot: Slot): Promise<void>;
  /** Sees every reply of the server's tools. */
  watch: Pick<OutputWatch, 'look'>;
}

/**
 * Folder and, by the block's probe calls, what the server remembers that the folder does not show. One is taken before
 * every call, so random ids that a probe shows have their names from it, whatever is read afterwards.
 */
export async function digestOf(block: McpBlock, slot: Slot): Promise<string> {
  const seen: Json[] = [];
  for (const probe of block.probe) {
    const result = await callServer(block, slot, { tool: probe.tool, args: probe.args as JsonObject });
    if (!result.ok && result.fault === 'unavailable') throw new WorldUnavailable(`Expected the probe ${probe.tool} of world \`${block.name}\` to answer, got: ${result.message}`);
    seen.push(result as unknown as Json);
  }
  const folder = slot.local === undefined || block.digest === 'probes' ? null : await folderDigest(slot.local.sandbox.folder, slot.local.env);
  return createHash('sha256').update(canonicalJson([folder, seen])).digest('hex');
}

/** One call, paths and ids mapped both ways; protocol errors are faults, silence and death are `unavailable`. */
export async function callServer(block: McpBlock, slot: Slot, call: Call): Promise<CallResult> {
  // Places are those of the answer as it is shown, so what is extracted from a text comes first.
  const shown = (result: CallResult): CallResult => {
    if (!result.ok) return { ...result, message: String(slot.names.name(outOf(slot, result.message))) };
    const whole = withExtracts({ ok: true, value: outOf(slot, result.value) }, block.extract[call.tool]);
    return whole.ok ? { ok: true, value: slot.names.name(block.volatile.reduce<Json>(withoutVolatile, whole.value)) } : whole;
  };
  try {
    if (slot.server.listChanged()) await slot.greet(slot);
    const reply = await slot.server.callTool(call.tool, into(slot, slot.names.resolve(call.args)), block.callTimeoutMs);
    slot.watch.look(call.tool, reply);
    return shown(readReply(reply, block));
  } catch (error) {
    const reason = reasonOf(error);
    if (isProtocolError(error)) return shown(faultOf(reason));
    if (error instanceof WorldUnavailable) return { ok: false, fault: 'unavailable', message: reason };
    const words = slot.server.lastWords();
    return { ok: false, fault: 'unavailable', message: slot.mask(`The server gave no answer to ${call.tool}: ${reason}${words === '' ? '' : `; its last words: ${words}`}`) };
  }
}

/** Calls of the block itself that bring a server back; throws when one fails, by protocol or by what it answers. */
export async function runReset(block: McpBlock, slot: Slot): Promise<void> {
  for (const call of block.reset ?? []) {
    const result = readReply(await slot.server.callTool(call.tool, into(slot, call.args as JsonObject), block.callTimeoutMs), block);
    if (!result.ok) throw new Error(`${call.tool} answered: ${result.message}`);
  }
}

/** What a server has left in its home and among its temporary files, which no seed puts back. */
export async function besideFolder({ home, temporary }: Sandbox): Promise<string> {
  return [await folderDigest(home, {}), await folderDigest(temporary, {})].join();
}

const into = <T extends Json>(slot: Slot, value: T): T => (slot.local === undefined ? value : intoSandbox(value, slot.local.sandbox));

/** A server's value as others may see it: no machine paths, no secrets. */
export function outOf<T extends Json>(slot: Slot, value: T): T {
  const mapped = slot.local === undefined ? value : outOfSandbox(value, slot.local.sandbox);
  return mapStrings(mapped, slot.mask) as T;
}
