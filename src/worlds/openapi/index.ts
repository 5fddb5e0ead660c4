import type { OpenapiBlock } from '../../core/campaign/openapi.schema';
import type { World } from '../world';
import { createLiveWorld, type OpenapiContext } from './live';

/** The world of an `openapi` block. */
export async function createOpenapiWorld(block: OpenapiBlock, context: OpenapiContext): Promise<World> {
  if ('catalogue' in block || block.mode === 'simulated') throw new Error('Expected `mode: live`: simulated worlds are on their way');
  return createLiveWorld(block, context);
}
