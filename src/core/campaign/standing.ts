import { kinOf } from '../sample/cells';
import type { ItemStanding } from '../sample/selection';
import { cellId } from '../trace';
import type { CampaignPlan, CellQuota } from './manifest';
import type { ItemResult } from './progress';

/** What a shard knows of every item of the campaign up to its own last one. */
export type Standings = ItemStanding[];

/** Items not yet begun are open: they may still become verified. */
export function openStandings(plan: CampaignPlan): Standings {
  return plan.cellOf.map((cell, index) => ({ index, cell, verified: false, open: true, signature: '' }));
}

/** `blocked` and `failed` items stay open: a later repair may still verify them, so nothing behind them is final. */
export function applyResult(standings: Standings, result: ItemResult): void {
  const standing = standings[result.item];
  if (!standing) throw new Error(`Expected item ${result.item} among ${standings.length} items`);
  standing.verified = result.outcome.kind === 'verified';
  standing.open = result.outcome.kind === 'failed' || result.outcome.kind === 'blocked';
  standing.signature = result.signature;
}

/**
 * The next item worth paying for: the lowest waiting one whose cell is not already covered by verified and running
 * items of lower index. `undefined` = nothing now; when something still runs, its end may change that. `waiting` is
 * ascending. One pass over the items below the answer.
 */
export function nextItem(input: { plan: CampaignPlan; standings: Standings; waiting: readonly number[]; running: ReadonlySet<number> }): number | undefined {
  const below = nothingBelow(input.plan.quotas, input.running);
  for (const index of input.waiting) {
    goTo(below, input.standings, index);
    const cell = cellBelow(below, input.standings[index]?.cell ?? '');
    if (!isCovered(cell) && !isFull(below, cell)) return index;
  }
  return undefined;
}

/** The running items that no open item below could make room for again (DESIGN §2.3), ascending, in one pass. */
export function surplusItems(input: { plan: CampaignPlan; standings: Standings; running: ReadonlySet<number> }): number[] {
  const below = nothingBelow(input.plan.quotas, input.running);
  return [...input.running].sort((a, b) => a - b).filter((index) => {
    goTo(below, input.standings, index);
    return isFull(below, cellBelow(below, input.standings[index]?.cell ?? ''));
  });
}

/** One cell, counted over the items below a place. */
interface CellBelow {
  quota: number;
  /** Cells that can hold equal calls, without this one. */
  kin: CellBelow[];
  running: number;
  /** Rows that the dataset takes of it as things stand. */
  selected: number;
  /** Signatures verified here. */
  verified: Set<string>;
  /** Those of them that no kindred cell verified earlier: only an open item can take one away. */
  safe: Set<string>;
  /** Open items here, by signature where it is known. */
  openUnknown: number;
  openKnown: Map<string, number>;
}

/**
 * `selectDataset` and `isSurplus` (core/sample/selection) for every place in turn: what they say of a prefix of the items
 * follows from what they said of the shorter one, so that 27,000 items are passed once, not once each.
 */
interface ItemsBelow {
  quotas: readonly CellQuota[];
  running: ReadonlySet<number>;
  cells: Map<string, CellBelow>;
  /** Signatures of the rows selected so far, in whatever cell. */
  taken: Set<string>;
  reached: number;
  open: number;
}

const nothingBelow = (quotas: readonly CellQuota[], running: ReadonlySet<number>): ItemsBelow => ({ quotas, running, cells: new Map(), taken: new Set(), reached: 0, open: 0 });

/** Goes on to the place `index`: every item below it counts from now on. */
function goTo(below: ItemsBelow, standings: Standings, index: number): void {
  for (; below.reached < index; below.reached++) {
    const item = standings[below.reached];
    if (item) pass(below, item);
  }
}

function pass(below: ItemsBelow, item: ItemStanding): void {
  const cell = cellBelow(below, item.cell);
  if (below.running.has(item.index)) cell.running += 1;
  if (item.open) {
    below.open += 1;
    if (item.signature === '') cell.openUnknown += 1;
    else cell.openKnown.set(item.signature, (cell.openKnown.get(item.signature) ?? 0) + 1);
  } else if (item.verified) {
    passVerified(below, cell, item.signature);
  }
}

function passVerified(below: ItemsBelow, cell: CellBelow, signature: string): void {
  if (cell.selected < cell.quota && !below.taken.has(signature)) {
    cell.selected += 1;
    below.taken.add(signature);
  }
  if (cell.verified.has(signature)) return;
  cell.verified.add(signature);
  if (!cell.kin.some((other) => other.verified.has(signature))) cell.safe.add(signature);
}

/** Rows that the dataset would take of the cell, and those on their way; equal calls in another cell fill no place here. */
const isCovered = (cell: CellBelow): boolean => cell.selected >= cell.quota - cell.running;

/** `isSurplus` of an item of this cell at this place. */
function isFull(below: ItemsBelow, cell: CellBelow): boolean {
  if (below.open === 0) return cell.selected >= cell.quota;
  if (cell.safe.size < cell.quota) return false;
  const threats = cell.kin.reduce((sum, other) => sum + other.openUnknown + knownThreats(other, cell.safe), 0);
  return cell.safe.size - threats >= cell.quota;
}

function cellBelow(below: ItemsBelow, name: string): CellBelow {
  const known = below.cells.get(name);
  if (known) return known;
  const quota = below.quotas.find((entry) => cellId(entry.cell) === name)?.quota ?? 0;
  const cell: CellBelow = { quota, kin: [], running: 0, selected: 0, verified: new Set(), safe: new Set(), openUnknown: 0, openKnown: new Map() };
  below.cells.set(name, cell);
  cell.kin = kinOf(below.quotas, name).filter((other) => other !== name).map((other) => cellBelow(below, other));
  return cell;
}

/** Open items with known calls are the few that failed or wait for an operator. */
function knownThreats(cell: CellBelow, safe: ReadonlySet<string>): number {
  let threats = 0;
  for (const [signature, count] of cell.openKnown) if (safe.has(signature)) threats += count;
  return threats;
}
