import { kinOf } from '../sample/cells';
import type { ItemStanding } from '../sample/selection';
import { cellId } from '../trace';
import type { CellQuota } from './manifest';
import type { ItemResult } from './progress';

/** Items in a row, ascending by index: all of a campaign, or those from where an `EarlierItems` ends. */
export type Standings = ItemStanding[];

/** Items not yet begun are open: they may still become verified. `cells` = cell ids of the items from `from` on. */
export function openStandings(cells: readonly string[], from = 0): Standings {
  return cells.map((cell, place) => ({ index: from + place, cell, verified: false, open: true, signature: '' }));
}

const standingOf = (standings: Standings, index: number): ItemStanding | undefined => standings[index - (standings[0]?.index ?? 0)];

/** `blocked` and `failed` items stay open: a later repair may still verify them, so nothing behind them is final. */
export function applyResult(standings: Standings, result: ItemResult): void {
  const standing = standingOf(standings, result.item);
  if (!standing) throw new Error(`Expected item ${result.item} among ${standings.length} items from ${standings[0]?.index ?? 0} on`);
  standing.verified = result.outcome.kind === 'verified';
  standing.open = result.outcome.kind === 'failed' || result.outcome.kind === 'blocked';
  standing.signature = result.signature;
}

/**
 * What the items below `upTo` come to, in as many numbers as there are cells however many items they are. `upTo` begins a
 * round: a trace that an earlier round made is drawn again (activities/sample.ts), so no call signature stands on both
 * sides, and of those below the counts are all that what follows can depend on.
 */
export interface EarlierItems {
  upTo: number;
  open: number;
  cells: { [cell: string]: { selected: number; safe: number; openUnknown: number; threats: number } };
}

/** Of a campaign's items, all ended and in order from the first. */
export function sumUp(quotas: readonly CellQuota[], standings: Standings): EarlierItems {
  const below = nothingBelow({ quotas, standings, running: new Set() });
  goTo(below, standings.length);
  const cells = [...below.cells].map(([name, cell]) => [name, { selected: cell.selected, safe: cell.safe.size, openUnknown: cell.openUnknown, threats: threatsTo(cell) }] as const);
  return { upTo: standings.length, open: below.open, cells: Object.fromEntries(cells) };
}

/** What a shard chooses by. */
export interface Choice {
  quotas: readonly CellQuota[];
  /** From where `earlier` ends. */
  standings: Standings;
  earlier?: EarlierItems | undefined;
  running: ReadonlySet<number>;
}

/**
 * The next item worth paying for: the lowest waiting one whose cell is not already covered by verified and running
 * items of lower index. `undefined` = nothing now; when something still runs, its end may change that. `waiting` is
 * ascending. One pass over the items below the answer.
 */
export function nextItem(choice: Choice & { waiting: readonly number[] }): number | undefined {
  const below = nothingBelow(choice);
  for (const index of choice.waiting) {
    goTo(below, index);
    const cell = cellBelow(below, standingOf(choice.standings, index)?.cell ?? '');
    if (!isCovered(cell) && !isFull(below, cell)) return index;
  }
  return undefined;
}

/**
 * The running items that can never be selected, however the open items below them end: their cell has its quota of lower
 * index even if every open item that could make the same calls displaced one. May leave out an item that
 * turns out surplus, never the other way round; exact where nothing below is open. Ascending, in one pass.
 */
export function surplusItems(choice: Choice): number[] {
  const below = nothingBelow(choice);
  return [...choice.running].sort((a, b) => a - b).filter((index) => {
    goTo(below, index);
    return isFull(below, cellBelow(below, standingOf(choice.standings, index)?.cell ?? ''));
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
  /** Safe ones among the earlier items, and how many of those an earlier open item with known calls could take. */
  safeEarlier: number;
  threatsEarlier: number;
  /** Open items here, by signature where it is known. */
  openUnknown: number;
  openKnown: Map<string, number>;
}

/**
 * `selectDataset` (core/sample/selection) and who is surplus for every place in turn: what holds of a prefix of the items
 * follows from what held of the shorter one, so that 27,000 items are passed once, not once each.
 */
interface ItemsBelow extends Choice {
  cells: Map<string, CellBelow>;
  /** Signatures of the rows selected so far, in whatever cell. */
  taken: Set<string>;
  reached: number;
  open: number;
}

const nothingBelow = (choice: Choice): ItemsBelow => ({ ...choice, cells: new Map(), taken: new Set(), reached: choice.earlier?.upTo ?? 0, open: choice.earlier?.open ?? 0 });

/** Goes on to the place `index`: every item below it counts from now on. */
function goTo(below: ItemsBelow, index: number): void {
  for (; below.reached < index; below.reached++) {
    const item = standingOf(below.standings, below.reached);
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

/** Whether an item of this cell at this place is surplus. */
function isFull(below: ItemsBelow, cell: CellBelow): boolean {
  if (below.open === 0) return cell.selected >= cell.quota;
  const safe = cell.safeEarlier + cell.safe.size;
  return safe >= cell.quota && safe - cell.kin.reduce((sum, other) => sum + other.openUnknown, 0) - threatsTo(cell) >= cell.quota;
}

/** Open items of kindred cells whose known calls could take one of this cell's safe ones; the few that failed or wait for an operator. */
function threatsTo(cell: CellBelow): number {
  let threats = cell.threatsEarlier;
  for (const { openKnown } of cell.kin) for (const [signature, count] of openKnown) if (cell.safe.has(signature)) threats += count;
  return threats;
}

function cellBelow(below: ItemsBelow, name: string): CellBelow {
  const known = below.cells.get(name);
  if (known) return known;
  const quota = below.quotas.find((entry) => cellId(entry.cell) === name)?.quota ?? 0;
  const { selected = 0, safe = 0, openUnknown = 0, threats = 0 } = below.earlier?.cells[name] ?? {};
  const cell: CellBelow = { quota, kin: [], running: 0, selected, verified: new Set(), safe: new Set(), safeEarlier: safe, threatsEarlier: threats, openUnknown, openKnown: new Map() };
  below.cells.set(name, cell);
  cell.kin = kinOf(below.quotas, name).filter((other) => other !== name).map((other) => cellBelow(below, other));
  return cell;
}
