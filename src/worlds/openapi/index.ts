import { resolve } from 'node:path';
import type { OpenapiBlock } from '../../core/campaign/openapi.schema';
import type { World } from '../world';
import { readCatalogueApi } from './catalogue';
import { createLiveWorld, type OpenapiContext } from './live';
import { buildSimulatedApi } from './simulated/build';
import { proven } from './simulated/prove';
import { createSimulatedWorld } from './simulated/world';
import { readSpec } from './spec';

/** The world of an `openapi` block: a service as it runs, a spec or an API of a catalogue played by our interpreter. */
export async function createOpenapiWorld(block: OpenapiBlock, context: OpenapiContext): Promise<World> {
  if ('catalogue' in block) return createSimulatedWorld(await readCatalogueApi(resolve(context.baseDir, block.catalogue), block.api));
  if (block.mode === 'live') return createLiveWorld(block, context);
  const { api } = proven(buildSimulatedApi(await readSpec(block.spec, context.baseDir), { name: block.name, only: block.only, most: Infinity }).api);
  if (api.tools.length > 0) return createSimulatedWorld(api);
  throw new Error(`Expected a collection with items that can be simulated in ${block.spec} (openapi block \`${block.name}\`), got none; \`npx hardgen world import openapi ${block.spec}\` says why`);
}
