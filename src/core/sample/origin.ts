import { getAt, jsonEqual } from '../json';
import type { ArgSource } from '../trace';
import type { WalkCall } from './walk';

/**
 * Where a value really comes from: an output that only repeats an argument of its call is followed back to that
 * argument's own source, so that an echo never makes a call look like a look-up.
 */
export function atOrigin(source: ArgSource, consumer: Pick<WalkCall, 'args'>, calls: readonly WalkCall[]): ArgSource {
  if (source.kind !== 'output') return source;
  const producer = calls.find((call) => call.id === source.call);
  const value = getAt(consumer.args, source.pointer);
  // Booleans and small numbers are equal by chance.
  if (producer === undefined || value === undefined || typeof value === 'boolean' || (typeof value === 'number' && Math.abs(value) < 100)) return source;
  const echoed = producer.sources.find((other) => jsonEqual(getAt(producer.args, other.pointer) ?? null, value));
  if (echoed === undefined || echoed.kind === 'default') return source;
  return atOrigin({ ...echoed, pointer: source.pointer }, consumer, calls);
}
