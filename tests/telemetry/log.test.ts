import { createLogger, logLine } from '../../src/telemetry/log';

const at = { level: 'INFO', message: 'item ended', timestampNanos: 1_767_323_045_000_000_000n } as const;

describe('a log line', () => {
  it('is one JSON object with time, level and message', () => {
    expect(JSON.parse(logLine({ ...at, meta: { reason: 'two\nlines' } }))).toEqual({ time: '2026-01-02T03:04:05.000Z', level: 'info', message: 'item ended', reason: 'two\nlines' });
    expect(logLine({ ...at, meta: { reason: 'two\nlines' } })).not.toContain('\n');
  });

  it('names campaign and item in place of the workflow\'s id', () => {
    expect(JSON.parse(logLine({ ...at, meta: { workflowId: 'small-1/t-00012' } }))).toMatchObject({ campaign: 'small-1', item: 't-00012' });
    expect(JSON.parse(logLine({ ...at, meta: { workflowId: 'small-1' } }))).not.toHaveProperty('item');
  });

  it('keeps an error\'s type, message and cause, and a bigint', () => {
    const error = Object.assign(new Error('away', { cause: new Error('refused') }), { type: 'GraphUnavailable' });
    expect(JSON.parse(logLine({ ...at, meta: { error, size: 3n } }))).toMatchObject({ error: { type: 'GraphUnavailable', message: 'away', cause: { message: 'refused' } }, size: '3' });
  });
});

it('a logger shows nothing below its level', () => {
  const lines: string[] = [];
  const log = createLogger('warn', (line) => void lines.push(line));
  log.info('quiet');
  log.warn('heard');
  expect(lines.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual(['heard']);
});
