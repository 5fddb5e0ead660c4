import type { McpBlock } from '../../core/campaign/campaign.schema';
import type { JsonObject } from '../../core/json';
import type { Call, ToolDoc } from '../../core/tool';
import { complaintAbout } from '../arguments';
import { WorldUnavailable, type WorldInstance } from '../world';
import type { Pool } from './pool';
import { linkOutside, pathOutside, WORKSPACE } from './sandbox';
import { callServer, digestOf, type Slot } from './slot';
import { hasReset } from './traits';

/** An instance over a slot of the pool, which it gives back when it is closed. */
export function createInstance({ block, pool, slot, tools }: { block: McpBlock; pool: Pool; slot: Slot; tools: ReadonlyMap<string, ToolDoc> }): WorldInstance {
  const done: Call[] = [];
  let here = slot;
  let digest: Promise<string> | undefined;
  let state: 'open' | 'broken' | 'closed' = 'open';

  const currentDigest = (): Promise<string> => (digest ??= digestOf(block, here));

  const breakOff = async (): Promise<void> => {
    state = 'broken';
    await pool.discard(here);
  };

  /** A new slot at the same point, by replaying the calls that succeeded. */
  const replayed = async (): Promise<Slot> => {
    const { seed } = here;
    await pool.give(here);
    const next = await pool.take(seed);
    next.used = true;
    // As it was before the first of them: a look gives ids their names.
    await digestOf(block, next);
    for (const call of done) await callServer(block, next, call);
    return next;
  };

  const unchanged = async (before: string): Promise<boolean> => {
    digest = undefined;
    // What cannot be put back holds no state of this instance's own.
    if (!hasReset(block) || (await currentDigest()) === before) return true;
    try {
      here = await replayed();
    } catch (error) {
      // The old slot is with the pool again, and there is no new one.
      state = 'broken';
      throw error;
    }
    digest = undefined;
    return (await currentDigest()) === before;
  };

  return {
    digest: async () => {
      if (state !== 'open') throw new WorldUnavailable(`Expected an open instance of world \`${block.name}\`, it is ${state}`);
      return currentDigest();
    },
    call: async (call) => {
      if (state !== 'open') return { ok: false, fault: 'unavailable', message: `The instance of world \`${block.name}\` is ${state}` };
      const doc = tools.get(call.tool);
      if (doc === undefined) return { ok: false, fault: 'unknown_tool', message: `There is no tool \`${call.tool}\`` };
      const hidden = Object.keys(call.args).find((name) => block.parameters[`${call.tool}.${name}`] === 'hidden');
      if (hidden !== undefined) return { ok: false, fault: 'invalid_args', message: `${call.tool} has no parameter \`${hidden}\`` };
      const complaint = complaintIn(doc, call.args);
      if (complaint !== undefined) return { ok: false, fault: 'invalid_args', message: complaint };
      const outside = here.local === undefined ? undefined : (pathOutside(call.args) ?? (await linkOutside(call.args, here.local.sandbox)));
      if (outside !== undefined) return { ok: false, fault: 'not_found', message: `There is nothing at \`${outside}\`: every file lies under ${WORKSPACE}` };
      const before = await currentDigest();
      here.used = true;
      const result = await callServer(block, here, call);
      if (result.ok) {
        done.push(call);
        digest = undefined;
      } else if (result.fault === 'unavailable') {
        await breakOff();
      } else if (!(await unchanged(before))) {
        // Faults leave the state as it was (core/tool.ts); this server's did not, and it could not be put back.
        await breakOff();
        return { ok: false, fault: 'unavailable', message: `A failed ${call.tool} changed the state for good: ${result.message}` };
      }
      return result;
    },
    close: async () => {
      if (state !== 'open') return;
      state = 'closed';
      await pool.give(here);
    },
  };
}

/** Held to what the model was shown, as in every tier: servers say such things in words of their own, or take anything. */
function complaintIn(doc: ToolDoc, args: JsonObject): string | undefined {
  try {
    return complaintAbout(doc, args);
  } catch {
    // Not a schema our checker knows: the server decides.
    return undefined;
  }
}
