import { DefaultLogger, type LogEntry } from '@temporalio/worker';
import type { LogLevel as TemporalLevel, Logger } from '@temporalio/common';
import type { LogLevel } from '../config';

/**
 * The worker's logger: one JSON object a line, for `jq` and log collectors. Temporal's own lines, also those of its native
 * part, take the same way, so that every line of a worker's log parses. DefaultLogger does the filtering; a logging
 * package would add its own levels and transports to these thirty lines.
 */
export function createLogger(level: LogLevel, write: (line: string) => void = (line) => void process.stderr.write(line)): Logger {
  return new DefaultLogger(coreLevel(level), (entry) => write(`${logLine(entry)}\n`));
}

export const coreLevel = (level: LogLevel): TemporalLevel => level.toUpperCase() as TemporalLevel;

/** `{"time":…,"level":…,"message":…,…}`; what the entry belongs to stands beside it as `campaign` and `item`. */
export function logLine({ level, message, timestampNanos, meta }: LogEntry): string {
  const { workflowId, ...rest } = meta ?? {};
  return JSON.stringify(
    { time: new Date(Number(timestampNanos / 1_000_000n)).toISOString(), level: level.toLowerCase(), message, ...(typeof workflowId === 'string' ? ownerOf(workflowId) : {}), ...rest },
    plainValue,
  );
}

/** `small-1/t-00012` is item t-00012 of campaign small-1; a campaign's own workflow has no item. */
export function ownerOf(workflowId: string): { campaign: string; item?: string } {
  const [campaign = '', item] = workflowId.split('/');
  return { campaign, ...(item === undefined ? {} : { item }) };
}

// Left as they are, errors would be written as `{}` and a bigint would throw in the middle of the work.
function plainValue(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (!(value instanceof Error)) return value;
  const { name, message, cause } = value;
  return { name, message, ...('type' in value ? { type: value.type } : {}), ...(cause === undefined ? {} : { cause }) };
}
