import { createBucket, take, waitFor, withRate } from '../../../src/core/gate/bucket';

/** Requests of `amount` sent as soon as they may, for a minute. */
function sentInAMinute(perMinute: number, amount: number): number {
  let bucket = createBucket(perMinute, 0);
  let now = 0;
  let sent = 0;
  for (;;) {
    now += waitFor(bucket, amount, now);
    if (now >= 60_000) return sent;
    bucket = take(bucket, amount, now);
    sent += 1;
  }
}

describe('a limit per minute', () => {
  it.each([[6, 1, 6], [60, 1, 60], [600, 1, 600], [60_000, 500, 120], [60_000, 20_000, 3]])('of %d in amounts of %d lets %d leave in the first minute, and at most a second\'s worth more', (perMinute, amount, expected) => {
    const sent = sentInAMinute(perMinute, amount);
    expect(sent).toBeGreaterThanOrEqual(expected);
    expect(sent).toBeLessThanOrEqual(expected + Math.max(1, perMinute / 60 / amount));
  });

  it('is spread evenly: half of it in half a minute', () => {
    const bucket = take(createBucket(60, 0), 1, 0);
    expect(waitFor(bucket, 1, 0)).toBe(1_000);
    expect(waitFor(bucket, 1, 400)).toBe(600);
    expect(waitFor(bucket, 1, 1_000)).toBe(0);
  });

  it('owes at another rate what it owed, and gains nothing by going there and back', () => {
    const empty = take(createBucket(60, 0), 1, 0);
    expect(waitFor(withRate(withRate(empty, 6_000, 0), 60, 0), 1, 0)).toBe(1_000);
    expect(waitFor(withRate(take(empty, 1, 0), 120, 0), 1, 0)).toBe(1_000);
    expect(waitFor(withRate(createBucket(6_000, 0), 60, 0), 1, 0)).toBe(0);
    expect(withRate(createBucket(6_000, 0), 60, 0).level).toBe(1);
  });

  it('counts what a reply really cost: an estimate too low is owed, one too high is given back', () => {
    const estimated = take(createBucket(60_000, 0), 1_000, 0);
    expect(waitFor(take(estimated, 500, 0), 1_000, 0)).toBe(1_500);
    expect(waitFor(take(estimated, -500, 0), 1_000, 0)).toBe(500);
  });

  it('lets through what is larger than a second\'s worth, and pays it off after', () => {
    const bucket = createBucket(60_000, 0);
    expect(waitFor(bucket, 30_000, 0)).toBe(0);
    expect(waitFor(take(bucket, 30_000, 0), 1, 0)).toBeGreaterThan(28_000);
  });
});
