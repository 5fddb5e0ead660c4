/**
 * Requests or tokens per minute, spread evenly: the bucket holds one second's worth, since a minute's worth at the start
 * and a minute's refill would be twice what the provider allows. What is larger than the bucket leaves when it is full and
 * puts it into debt.
 */
export interface Bucket {
  perMinute: number;
  level: number;
  /** Milliseconds of the clock that all calls share. */
  at: number;
}

const sizeOf = (perMinute: number): number => Math.max(1, perMinute / 60);

export const createBucket = (perMinute: number, now: number): Bucket => ({ perMinute, level: sizeOf(perMinute), at: now });

export function refill(bucket: Bucket, now: number): Bucket {
  return { ...bucket, level: Math.min(sizeOf(bucket.perMinute), bucket.level + (Math.max(0, now - bucket.at) * bucket.perMinute) / 60_000), at: Math.max(now, bucket.at) };
}

/** The same bucket at another rate: what was owed or left stays so, hence going back and forth between two rates gives nothing. */
export function withRate(bucket: Bucket, perMinute: number, now: number): Bucket {
  const filled = refill(bucket, now);
  return { ...filled, perMinute, level: Math.min(sizeOf(perMinute), filled.level) };
}

/** Milliseconds until `amount` may leave; 0 = now. */
export function waitFor(bucket: Bucket, amount: number, now: number): number {
  const { level, perMinute } = refill(bucket, now);
  const missing = Math.min(amount, sizeOf(perMinute)) - level;
  // The sum of many small refills may fall short by a rounding error.
  return missing <= 1e-6 ? 0 : Math.ceil((missing * 60_000) / perMinute);
}

/** Takes what was estimated, or corrects it afterwards by the difference (negative gives back). */
export function take(bucket: Bucket, amount: number, now: number): Bucket {
  const filled = refill(bucket, now);
  return { ...filled, level: Math.min(sizeOf(bucket.perMinute), filled.level - amount) };
}
