/** Who stands at an endpoint. Times are milliseconds of one clock. */
export interface Place {
  /** The trajectory, unique across campaigns. */
  owner: string;
  /** Its number: lower ones were planned first. */
  item: number;
  arrivedAt: number;
}

/** After this long a request goes before all that came later, so that nobody starves. */
const LONGEST_WAIT_MS = 120_000;

/**
 * Index of who goes next, -1 when nobody waits: trajectories that have already used the endpoint in the order in which they
 * began (a finished one frees its place in the window and is a result; a tenth begun one is neither), then by item number.
 */
export function nextInLine(waiting: readonly Place[], startedAs: ReadonlyMap<string, number>, now: number): number {
  let best = -1;
  waiting.forEach((place, index) => {
    const other = waiting[best];
    if (other === undefined || goesBefore(place, other, startedAs, now)) best = index;
  });
  return best;
}

function goesBefore(a: Place, b: Place, startedAs: ReadonlyMap<string, number>, now: number): boolean {
  const aged = [a, b].map((place) => now - place.arrivedAt > LONGEST_WAIT_MS);
  if (aged[0] !== aged[1]) return aged[0] === true;
  if (aged[0]) return a.arrivedAt < b.arrivedAt;
  const began = (startedAs.get(a.owner) ?? Infinity) - (startedAs.get(b.owner) ?? Infinity);
  if (began !== 0 && !Number.isNaN(began)) return began < 0;
  if (a.item !== b.item) return a.item < b.item;
  return a.arrivedAt < b.arrivedAt;
}
