import type { WorldBlock } from '../core/campaign/campaign.schema';
import { BUILTIN_WORLDS } from './builtin';
import { createMcpWorld } from './mcp';
import { createModuleWorld } from './module';
import { createOpenapiWorld } from './openapi';
import { WorldBlockError, type World } from './world';

/** Folders that worlds of other people's tools need; built-in worlds touch none. */
export interface WorldContext {
  /** The campaign file's folder: relative paths in it start here. */
  baseDir: string;
  /** Kept between runs: installed packages, pristine copies. */
  cacheDir: string;
  /** Emptied between runs: the folders instances work in. */
  scratchDir: string;
}

/** The worlds of a campaign file, in its order. When one of them cannot be had, those already open are closed again; throws WorldUnavailable or WorldBlockError. */
export async function openWorlds(blocks: readonly WorldBlock[], context: WorldContext): Promise<World[]> {
  const worlds: World[] = [];
  try {
    for (const [at, block] of blocks.entries()) {
      const world = await openWorld(block, at, context);
      worlds.push(world);
      if (worlds.some((other) => other !== world && other.doc.id === world.doc.id)) {
        throw new Error(`Expected every world once, got \`${world.doc.id}\` twice (worlds.${at}): remove one or give it another name`);
      }
    }
    return worlds;
  } catch (error) {
    await Promise.allSettled(worlds.map((world) => world.close()));
    throw isSaid(error) ? new WorldBlockError(error.message, { cause: error }) : error;
  }
}

/** Every sentence of ours on bad input begins alike; anything else is a bug, and its stack is wanted. */
const isSaid = (error: unknown): error is Error => error instanceof Error && error.name === 'Error' && error.message.startsWith('Expected ');

async function openWorld(block: WorldBlock, at: number, context: WorldContext): Promise<World> {
  if ('builtin' in block) return openBuiltin(block.builtin, at);
  if ('openapi' in block) return createOpenapiWorld(block.openapi, context);
  if ('module' in block) return createModuleWorld(block, context);
  return createMcpWorld(block.mcp, context);
}

function openBuiltin(name: string, at: number): World {
  const create = Object.hasOwn(BUILTIN_WORLDS, name) ? BUILTIN_WORLDS[name] : undefined;
  if (!create) throw new Error(`Expected a built-in world (${Object.keys(BUILTIN_WORLDS).join(', ')}), got \`${name}\` (worlds.${at}.builtin)`);
  return create();
}
