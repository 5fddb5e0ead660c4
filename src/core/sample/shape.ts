import type { Rng } from '../random';
import type { Cell } from '../trace';
import { PAPER_CALLS, countsOf } from './cells';

/** How long a trajectory is to be: calls in all, and how they are split over its turns (at least one each). */
export interface Shape {
  calls: number;
  perTurn: number[];
}

/** Turns of a multi-turn trajectory; the paper gives their share, not their number. Ours favour 2 and 3. */
const TURN_WEIGHTS: { readonly [turns: number]: number } = { 2: 0.5, 3: 0.35, 4: 0.15 };

/** Draws calls and turns jointly (N ≤ C) inside a cell, then splits the calls over the turns by chance. */
export function drawShape(cell: Cell, rng: Rng, callWeights: { readonly [calls: number]: number } = PAPER_CALLS): Shape {
  const calls = weighted(countsOf(cell.calls), callWeights, rng);
  const turns = cell.turns === 'single' ? 1 : weighted([2, 3, 4].filter((count) => count <= calls), TURN_WEIGHTS, rng);
  const perTurn = Array.from({ length: turns }, () => 1);
  for (let left = calls - turns; left > 0; left--) {
    const turn = rng.int(0, turns - 1);
    perTurn[turn] = (perTurn[turn] as number) + 1;
  }
  return { calls, perTurn };
}

function weighted(values: readonly number[], weights: { readonly [value: number]: number }, rng: Rng): number {
  const total = values.reduce((sum, value) => sum + (weights[value] ?? 0), 0);
  if (total <= 0) return rng.pick(values);
  let place = rng.float() * total;
  for (const value of values) {
    place -= weights[value] ?? 0;
    if (place < 0) return value;
  }
  return values.at(-1) as number;
}
