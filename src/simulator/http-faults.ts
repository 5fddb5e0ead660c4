import { tryJson } from '../core/chat/parse';
import { isObject } from '../core/json';
import { SimulatorError } from './request';

/** Trouble of the line, by request count: every n-th request of a kind, 0 = never. What a reply says is never touched. */
export interface HttpFaults {
  /** 429 with Retry-After. */
  rateLimit: number;
  /** 500. */
  serverError: number;
  /** The headers come, the body only after `stallMs`. */
  stall: number;
  /** The connection is cut. */
  cut: number;
  retryAfterSeconds: number;
  stallMs: number;
}

export const NO_HTTP_FAULTS: HttpFaults = { rateLimit: 0, serverError: 0, stall: 0, cut: 0, retryAfterSeconds: 1, stallMs: 5_000 };

/** Reads `--http-faults '{"rateLimit":10}'`; throws SimulatorError for an unknown key or a value that is no whole number from 0. */
export function readHttpFaults(text: string): HttpFaults {
  const value = tryJson(text);
  if (!isObject(value)) throw new SimulatorError(400, `Expected --http-faults to be a JSON object like {"rateLimit":10}, got ${text}`);
  for (const [key, number] of Object.entries(value)) {
    if (!(key in NO_HTTP_FAULTS)) throw new SimulatorError(400, `Expected --http-faults to hold ${Object.keys(NO_HTTP_FAULTS).join(', ')}, got ${key}`);
    if (!Number.isInteger(number) || (number as number) < 0) throw new SimulatorError(400, `Expected --http-faults.${key} to be a whole number from 0, got ${JSON.stringify(number)}`);
  }
  return { ...NO_HTTP_FAULTS, ...(value as unknown as Partial<HttpFaults>) };
}

export type HttpFault = 'rateLimit' | 'serverError' | 'stall' | 'cut';

/** The fault due at request `count`, counted from 1; the first kind wins where two meet. */
export function httpFaultAt(faults: HttpFaults, count: number): HttpFault | undefined {
  return (['rateLimit', 'serverError', 'stall', 'cut'] as const).find((kind) => faults[kind] > 0 && count % faults[kind] === 0);
}
