import type { CellQuota } from '../campaign/manifest';
import { createRng } from '../random';
import { CALL_BANDS, cellId, type CallBand, type Cell } from '../trace';

/**
 * Share of trajectories with C calls. The paper gives three figures (Figure 3: mean 3.21, 62.1 % with three or more,
 * 1 to 8 calls) and a histogram without numbers; these weights meet all three and fall off evenly.
 */
export const PAPER_CALLS: { readonly [calls: number]: number } = { 1: 0.149, 2: 0.23, 3: 0.22, 4: 0.21, 5: 0.1, 6: 0.05, 7: 0.027, 8: 0.014 };

/**
 * Share of multi-turn trajectories inside each band. A turn needs a call, so one call is always single; the other three
 * are chosen so that 63.7 % of all trajectories are multi-turn (Figure 3) and longer ones more often.
 */
const PAPER_MULTI: { readonly [band in CallBand]: number } = { '1': 0, '2': 0.12 / 0.23, '3-4': 0.338 / 0.43, '5-8': 0.179 / 0.191 };

/** Share of all items that are multi-turn in the paper's Figure 3. */
export const PAPER_MULTI_SHARE = 0.637;

/** Items a row costs, relative to a single call: starting points of ours, the report shows the measured ones. */
const EFFORT: { readonly [band in CallBand]: number } = { '1': 1, '2': 1.15, '3-4': 1.4, '5-8': 2 };
const MULTI_EFFORT = 1.25;

const TURNS = ['single', 'multi'] as const;
type Weights = 'paper' | { [name: string]: number };

/**
 * Quotas of accepted rows per cell, every world × band × turns that a trace can have, zero quotas too.
 * Worlds and shapes each get their own largest-remainder total, and the cells fill both; so a rare shape is not lost
 * because every single world would round it away. When the two weightings contradict (all multi-turn, yet one-call
 * traces), the calls hold and the turns come as near as a call per turn allows.
 */
export function planCells(input: { worlds: readonly { id: string; share: number }[]; verified: number; calls: Weights; turns: Weights }): CellQuota[] {
  const shapes = jointShares(bandShares(input.calls), multiShare(input.turns));
  const worldShares = normalised(input.worlds.map((world) => world.share), 'shares of the worlds');
  const exact = worldShares.map((world) => shapes.map((shape) => world * shape.share * input.verified));
  const quotas = exact.map((row) => row.map(floor));
  const rows = largestRemainder(worldShares, input.verified);
  const columns = largestRemainder(shapes.map((shape) => shape.share), input.verified);
  fillUp({ quotas, exact, rows, columns });
  return input.worlds.flatMap((world, row) =>
    shapes.map((shape, column) => ({ cell: { world: world.id, calls: shape.calls, turns: shape.turns }, quota: quotas[row]?.[column] ?? 0 })),
  );
}

/**
 * The cell of item `index` and a draw in [0, 2³¹) for its world seed, from the arguments alone: no item waits for
 * another. Cells come in the proportion quota × expected effort, spread evenly by golden-ratio steps. Throws on a plan
 * without quotas.
 */
export function assignItem(plan: readonly CellQuota[], seed: number, index: number): { cell: Cell; worldSeedDraw: number } {
  const rng = createRng(`items/${seed}`);
  const shuffled = rng.fork('cells').shuffle(plan);
  const weights = normalised(shuffled.map(({ cell, quota }) => quota * EFFORT[cell.calls] * (cell.turns === 'multi' ? MULTI_EFFORT : 1)), 'quotas of the plan');
  const place = (rng.fork('offset').float() + index * GOLDEN) % 1;
  const cell = shuffled[positionOf(place, weights)]?.cell as Cell;
  return { cell, worldSeedDraw: rng.fork(`world-seed/${index}`).int(0, 2 ** 31 - 1) };
}

/** Fractional part of the golden ratio: consecutive multiples fall most evenly in [0, 1). */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

function positionOf(place: number, weights: readonly number[]): number {
  let end = 0;
  for (const [position, weight] of weights.entries()) {
    end += weight;
    if (place < end) return position;
  }
  return weights.findLastIndex((weight) => weight > 0);
}

function bandShares(calls: Weights): number[] {
  if (calls !== 'paper') return namedShares(calls, CALL_BANDS, 'shape.calls');
  return CALL_BANDS.map((band) => countsOf(band).reduce((sum, count) => sum + (PAPER_CALLS[count] ?? 0), 0));
}

/** The numbers of calls a band spans, ascending. */
export function countsOf(band: CallBand): number[] {
  const [low, high] = band.split('-').map(Number) as [number, number?];
  return Array.from({ length: (high ?? low) - low + 1 }, (_, step) => low + step);
}

function multiShare(turns: Weights): number {
  return turns === 'paper' ? PAPER_MULTI_SHARE : (namedShares(turns, TURNS, 'shape.turns')[1] as number);
}

function namedShares(weights: { [name: string]: number }, names: readonly string[], where: string): number[] {
  const unknown = Object.keys(weights).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`Expected the keys of ${where} to be among ${names.join(', ')}, got \`${unknown}\``);
  return normalised(names.map((name) => weights[name] ?? 0), where);
}

function normalised(weights: readonly number[], what: string): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0)) throw new Error(`Expected the ${what} to hold a weight above 0, got [${weights.join(', ')}]`);
  return weights.map((weight) => weight / total);
}

/** Keeps the bands' shares exactly and bends the paper's odds of multi-turn in each by one factor to meet the total. */
function jointShares(bands: readonly number[], multi: number): Shape[] {
  const factor = oddsFactor(bands, multi);
  return CALL_BANDS.flatMap((calls, position): Shape[] => {
    const share = bands[position] as number;
    const many = bent(PAPER_MULTI[calls], factor);
    if (calls === '1') return [{ calls, turns: 'single', share }];
    return [{ calls, turns: 'single', share: share * (1 - many) }, { calls, turns: 'multi', share: share * many }];
  });
}

interface Shape {
  calls: CallBand;
  turns: Cell['turns'];
  share: number;
}

const bent = (share: number, factor: number): number => (factor === Infinity ? Math.ceil(share) : (share * factor) / (1 - share + share * factor));

function oddsFactor(bands: readonly number[], multi: number): number {
  const reached = (factor: number): number => CALL_BANDS.reduce((sum, band, position) => sum + (bands[position] as number) * bent(PAPER_MULTI[band], factor), 0);
  if (multi <= 0) return 0;
  if (Math.abs(reached(1) - multi) < 1e-9) return 1;
  if (multi >= reached(Infinity)) return Infinity;
  let [low, high] = [-30, 30];
  for (let round = 0; round < 80; round++) {
    const middle = (low + high) / 2;
    if (reached(Math.exp(middle)) < multi) low = middle;
    else high = middle;
  }
  return Math.exp(high);
}

/** Rounds down what floating point left a hair under an integer. */
const floor = (value: number): number => Math.floor(value + 1e-9);

function largestRemainder(shares: readonly number[], total: number): number[] {
  const counts = shares.map((share) => floor(share * total));
  const byRemainder = shares.map((share, position) => ({ position, rest: share * total - (counts[position] as number) })).sort((a, b) => b.rest - a.rest || a.position - b.position);
  const missing = total - counts.reduce((sum, count) => sum + count, 0);
  for (const { position } of byRemainder.slice(0, missing)) counts[position] = (counts[position] as number) + 1;
  return counts;
}

/** Gives one more row at a time to the cell with the largest remainder whose world and shape both still lack one. */
function fillUp(input: { quotas: number[][]; exact: readonly number[][]; rows: readonly number[]; columns: readonly number[] }): void {
  const { quotas, exact, rows, columns } = input;
  const inRow = (row: number): number => (quotas[row] as number[]).reduce((sum, count) => sum + count, 0);
  const inColumn = (column: number): number => quotas.reduce((sum, row) => sum + (row[column] as number), 0);
  for (;;) {
    const open = exact.flatMap((shares, row) => shares.map((share, column) => ({ row, column, rest: share - ((quotas[row] as number[])[column] as number) })))
      .filter(({ row, column }) => inRow(row) < (rows[row] as number) && inColumn(column) < (columns[column] as number));
    const best = open.sort((a, b) => b.rest - a.rest || a.row - b.row || a.column - b.column)[0];
    if (best === undefined) return;
    (quotas[best.row] as number[])[best.column] = ((quotas[best.row] as number[])[best.column] as number) + 1;
  }
}

/** Cells that can hold equal calls: those of the same world and band, itself included. */
export function kinOf(plan: readonly CellQuota[], cell: string): string[] {
  const own = plan.find((entry) => cellId(entry.cell) === cell)?.cell;
  return own === undefined ? [] : plan.filter((entry) => entry.cell.world === own.world && entry.cell.calls === own.calls).map((entry) => cellId(entry.cell));
}
