import type { MetricMeter } from '@temporalio/common';
import type { MetricsExporterConfig } from '@temporalio/worker';
import type { Gate } from '../activities/deps';
import type { Observed } from './observe';

/** Upper bounds in seconds: from a local server's first answers to a reasoning model's long ones. */
const LATENCY_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 240];
const LATENCY = 'hardgen_model_latency_seconds';

/**
 * Temporal's own exporter also serves our metrics, so one port has both and no second metrics library is needed.
 * Loopback only: the numbers name campaigns' models, and the page asks for no password.
 */
export const prometheusOn = (port: number): MetricsExporterConfig =>
  ({ prometheus: { bindAddress: `127.0.0.1:${port}`, countersTotalSuffix: true, useSecondsForDurations: true, histogramBucketOverrides: { [LATENCY]: LATENCY_BUCKETS } }, attachServiceName: false });

/**
 * Counts what a worker does since its start; labels are few and closed (no campaign, no item), so series do not grow with
 * the data. Money is counted in millionths of a dollar, since these counters hold whole numbers.
 */
export function createMetrics(meter: MetricMeter): (seen: Observed) => void {
  const calls = meter.createCounter('hardgen_model_calls', undefined, 'Requests that were answered, `outcome` ok or the failure\'s type');
  const tokens = meter.createCounter('hardgen_model_tokens', undefined, 'Tokens of answered requests, `direction` input or output');
  const cost = meter.createCounter('hardgen_model_cost_micro_usd', undefined, 'Price of answered requests, in millionths of a dollar');
  const latency = meter.createHistogram(LATENCY, 'float', undefined, 'Seconds from a request to its whole answer, without the wait at the gate');
  const items = meter.createCounter('hardgen_items', undefined, 'Items whose end a shard on this worker took in, by outcome and reason');

  return (seen) => {
    if (seen.kind === 'call') {
      const { stage, model } = seen;
      calls.add(1, { stage, model, outcome: 'ok' });
      tokens.add(seen.inputTokens, { stage, model, direction: 'input' });
      tokens.add(seen.outputTokens, { stage, model, direction: 'output' });
      cost.add(seen.costMicroUsd, { stage, model });
      latency.record(seen.latencyMs / 1000, { stage, model });
    } else if (seen.kind === 'call-failed') {
      calls.add(1, { stage: seen.stage, model: seen.model, outcome: seen.type });
    } else {
      items.add(1, { outcome: seen.outcome.kind, reason: seen.outcome.kind === 'rejected' ? seen.outcome.reason : '' });
    }
  };
}

const GATE_EVERY_MS = 1_000;

/** Shows every second how each endpoint's gate stands, and the worker's memory; ends with the process. */
export function showGate(meter: MetricMeter, gate: Gate): void {
  const inFlight = meter.createGauge('hardgen_gate_in_flight', 'int', undefined, 'Requests on their way at an endpoint');
  const allowed = meter.createGauge('hardgen_gate_allowed', 'float', undefined, 'Requests that the gate lets an endpoint have at once now');
  const waiting = meter.createGauge('hardgen_gate_waiting', 'int', undefined, 'Requests that wait for a place');
  const memory = meter.createGauge('hardgen_worker_resident_bytes', 'int', undefined, 'Memory of the worker process');
  setInterval(() => {
    for (const view of gate.view()) {
      const { endpoint } = view;
      inFlight.set(view.inFlight, { endpoint });
      allowed.set(view.allowed, { endpoint });
      waiting.set(view.waiting, { endpoint });
    }
    memory.set(process.memoryUsage.rss());
  }, GATE_EVERY_MS).unref();
}
