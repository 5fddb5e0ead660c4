import { defineDomain, type DomainWorld } from '../domain';
import { knownTimeSeries } from './known';
import { TIME_SERIES_POLICY } from './policy';
import { initTimeSeries, timeSeriesInvariants, timeSeriesSchema } from './state';
import { timeSeriesTools } from './tools';

/** Measurements of sites: sensors and their calibration, series, windows, aggregates, anomalies, alert rules. */
export const createTimeSeriesWorld = (): DomainWorld =>
  defineDomain({
    name: 'time-series',
    version: '1.0.0',
    policy: TIME_SERIES_POLICY,
    state: timeSeriesSchema,
    init: initTimeSeries,
    known: knownTimeSeries,
    tools: timeSeriesTools,
    invariants: timeSeriesInvariants,
  });
