import type { CampaignFile, WorldBlock } from './campaign.schema';

/** The id a block gives its world. */
export function worldIdOf(block: WorldBlock): string {
  if ('builtin' in block) return block.builtin;
  if ('mcp' in block) return block.mcp.name;
  if ('module' in block) return block.name ?? block.module.replace(/^.*[\\/]/, '').replace(/\.[^.]*$/, '');
  return 'catalogue' in block.openapi ? block.openapi.api : block.openapi.name;
}

/** True for a world that our interpreter plays from an API description: `simulated-from-spec` in tables and rows. */
export const isSimulatedWorld = (block: WorldBlock): boolean => 'openapi' in block && ('catalogue' in block.openapi || block.openapi.mode === 'simulated');

/**
 * Every world's share of the rows, in the file's order, with `shape.simulatedShare` kept: where simulated worlds would
 * get more than that, they are scaled down together and the others fill the room. A file of nothing but simulated
 * worlds has no others; its shares stay as they are (the campaign file's check asks for `simulatedShare: 1` then).
 */
export function cappedShares(campaign: Pick<CampaignFile, 'worlds' | 'shape'>): number[] {
  const cap = campaign.shape.simulatedShare ?? 1;
  const sum = (blocks: readonly WorldBlock[]): number => blocks.reduce((total, block) => total + block.share, 0);
  const simulated = sum(campaign.worlds.filter(isSimulatedWorld));
  const others = sum(campaign.worlds) - simulated;
  if (others === 0 || simulated === 0 || simulated / (simulated + others) <= cap || cap === 1) return campaign.worlds.map((block) => block.share);
  const scale = (others * cap) / (1 - cap) / simulated;
  return campaign.worlds.map((block) => (isSimulatedWorld(block) ? block.share * scale : block.share));
}
