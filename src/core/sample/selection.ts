import type { CellQuota } from '../campaign/manifest';
import { cellId } from '../trace';
import { kinOf } from './cells';

/** Where an item stands, as far as the dataset is concerned. */
export interface ItemStanding {
  index: number;
  /** `cellId` of its cell. */
  cell: string;
  verified: boolean;
  /** May still become verified: not begun, running, `blocked` or `failed`. */
  open?: boolean;
  /** Equal for items with equal gold calls; empty while unknown. */
  signature: string;
}

/**
 * The dataset: per cell the first verified items up to its quota, merged by index. An item whose calls
 * equal those of a selected item of lower index, in whatever cell, is passed over. Open items count as unverified.
 */
export function selectDataset(plan: readonly CellQuota[], items: readonly ItemStanding[]): number[] {
  const left = new Map(plan.map(({ cell, quota }) => [cellId(cell), quota]));
  const taken = new Set<string>();
  const selected: number[] = [];
  for (const item of byIndex(items)) {
    const room = left.get(item.cell) ?? 0;
    if (!isVerified(item) || room === 0 || taken.has(item.signature)) continue;
    left.set(item.cell, room - 1);
    taken.add(item.signature);
    selected.push(item.index);
  }
  return selected;
}

/**
 * True when no open item can change the dataset: none lies below its cell's cut. `items` holds every item of the
 * campaign up to `maxItems`.
 */
export function isFinal(plan: readonly CellQuota[], items: readonly ItemStanding[]): boolean {
  const cellOf = new Map(items.map((item) => [item.index, item.cell]));
  const selected = selectDataset(plan, items);
  const cutOf = new Map(plan.map(({ cell, quota }): [string, number] => {
    const inCell = selected.filter((index) => cellOf.get(index) === cellId(cell));
    return [cellId(cell), quota === 0 ? -1 : (inCell[quota - 1] ?? Infinity)];
  }));
  return items.every((item) => !item.open || item.index > (cutOf.get(item.cell) ?? -1));
}

/**
 * The selected items that nothing still open can displace: what an export of a running campaign may hold. Equals
 * `selectDataset` once the dataset is final. `items` holds every item up to the last one listed.
 */
export function certainRows(plan: readonly CellQuota[], items: readonly ItemStanding[]): number[] {
  const selected = new Set(selectDataset(plan, items));
  if (isFinal(plan, items)) return [...selected];
  return byIndex(items).filter((item) => selected.has(item.index) && isCertain(plan, items, item)).map((item) => item.index);
}

function isCertain(plan: readonly CellQuota[], items: readonly ItemStanding[], item: ItemStanding): boolean {
  const below = items.filter((other) => other.index < item.index);
  const ahead = below.filter((other) => other.cell === item.cell && (other.open || isVerified(other)));
  const kinCells = kinOf(plan, item.cell);
  const kin = below.filter((other) => kinCells.includes(other.cell));
  const rival = kin.some((other) => (other.open && (other.signature === '' || other.signature === item.signature)) || (isVerified(other) && other.signature === item.signature));
  return ahead.length < quotaOf(plan, item.cell) && !rival;
}

const isVerified = (item: ItemStanding): boolean => item.verified && item.open !== true;
const byIndex = (items: readonly ItemStanding[]): ItemStanding[] => [...items].sort((a, b) => a.index - b.index);
const quotaOf = (plan: readonly CellQuota[], cell: string): number => plan.find((entry) => cellId(entry.cell) === cell)?.quota ?? 0;
