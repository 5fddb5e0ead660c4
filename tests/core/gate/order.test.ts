import { nextInLine, type Place } from '../../../src/core/gate/order';

const place = (owner: string, item: number, arrivedAt: number): Place => ({ owner, item, arrivedAt });

describe('who goes next', () => {
  it('is nobody in an empty line', () => {
    expect(nextInLine([], new Map(), 0)).toBe(-1);
  });

  it('is a trajectory that has begun, before any that has not', () => {
    expect(nextInLine([place('a', 1, 10), place('b', 9, 20)], new Map([['b', 0]]), 30)).toBe(1);
  });

  it('is of those begun the one begun first', () => {
    expect(nextInLine([place('a', 1, 10), place('b', 9, 20)], new Map([['a', 5], ['b', 3]]), 30)).toBe(1);
  });

  it('is of those not begun the one with the lower number, then who came first', () => {
    expect(nextInLine([place('a', 4, 10), place('b', 2, 20), place('c', 2, 15)], new Map(), 30)).toBe(2);
  });

  it('is after two minutes who has waited longest, whatever its number', () => {
    const line = [place('begun', 0, 119_000), place('late', 900, 1_000), place('later', 2, 2_000)];
    expect(nextInLine(line, new Map([['begun', 0]]), 100_000)).toBe(0);
    expect(nextInLine(line, new Map([['begun', 0]]), 125_000)).toBe(1);
  });
});
