import { cellId } from '../trace';
import type { CampaignFile, WorldBlock } from './campaign.schema';
import type { CellQuota, Manifest } from './manifest';

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

/**
 * The selected rows with `shape.simulatedShare` kept also where other worlds' cells stayed short: of the simulated ones
 * the first by index, as many as the others leave room for. `cells` = cell id per item.
 */
export function withinSimulatedShare({ campaign, worlds, plan }: Pick<Manifest, 'campaign' | 'worlds' | 'plan'>, selected: readonly number[], cells: readonly string[]): number[] {
  const simulatedWorlds = new Set(worlds.filter((_world, at) => campaign.worlds[at] && isSimulatedWorld(campaign.worlds[at])).map(({ id }) => id));
  const simulated = plan.filter(({ cell }) => simulatedWorlds.has(cell.world));
  const sum = (quotas: readonly CellQuota[]): number => quotas.reduce((total, { quota }) => total + quota, 0);
  // Whole rows may make the planned share a little more than the file's.
  const cap = Math.max(campaign.shape.simulatedShare ?? 1, sum(plan) === 0 ? 0 : sum(simulated) / sum(plan));
  if (cap >= 1) return [...selected];
  const simulatedCells = new Set(simulated.map(({ cell }) => cellId(cell)));
  const isSimulated = (index: number): boolean => simulatedCells.has(cells[index] ?? '');
  const others = selected.filter((index) => !isSimulated(index)).length;
  // What would be 1 is 0.999… by division.
  const room = Math.floor((others * cap) / (1 - cap) + 1e-9);
  const kept = new Set(selected.filter(isSimulated).slice(0, room));
  return selected.filter((index) => !isSimulated(index) || kept.has(index));
}
