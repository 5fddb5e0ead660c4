import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { failsToReplay } from '../fixtures/replay';
import { KEPT, KINDS, keepHistories } from './keep';

/** Histories of earlier workflows must replay on today's: whoever changes a workflow guards the change with `patched()`. */
beforeAll(async () => {
  if (process.env.KEEP_HISTORIES) await keepHistories(process.env.KEEP_HISTORIES);
}, 400_000);

interface History {
  events: {
    workflowExecutionStartedEventAttributes?: { workflowId: string };
    markerRecordedEventAttributes?: { markerName: string; details: { 'patch-data'?: { payloads: { data: string }[] } } };
  }[];
}

const WORKFLOWS = join(__dirname, '../../src/workflows');

function patchesOf({ events }: History): string[] {
  const markers = events.flatMap(({ markerRecordedEventAttributes: marker }) => (marker?.markerName === 'core_patch' ? marker.details['patch-data']?.payloads ?? [] : []));
  return markers.map(({ data }) => (JSON.parse(Buffer.from(data, 'base64').toString()) as { id: string }).id);
}

const historyIn = (name: string): History => JSON.parse(gunzipSync(readFileSync(join(KEPT, `${name}.json.gz`))).toString()) as History;
const names = (): string[] => readdirSync(KEPT).map((file) => file.replace('.json.gz', '')).sort();

it('holds one history of each kind', () => {
  expect(names()).toEqual([...KINDS].sort());
  expect(names()).toEqual([
    'accepted-first-time', 'budget-campaign', 'budget-shard', 'budget-trajectory', 'campaign', 'cut-off-trajectory', 'failing-campaign', 'failing-probe-shard', 'failing-shard', 'parked-and-resumed', 'probe', 'probe-shard',
    'rejected-by-attempts', 'repaired', 'retried-trajectory', 'retry', 'several-turns', 'stopped-campaign', 'stopped-shard', 'stopped-trajectory',
    'trajectory-shard', 'troubled-campaign', 'troubled-shard',
  ]);
});

it('has a history of each change that was guarded, save those that only a race or thousands of items bring about', () => {
  const guards = readdirSync(WORKFLOWS).flatMap((file) => [...readFileSync(join(WORKFLOWS, file), 'utf8').matchAll(/patched\('([a-z-]+)'\)/g)].map(([, id]) => id));
  const taken = new Set(names().flatMap((name) => patchesOf(historyIn(name))));
  expect(guards.filter((id) => !taken.has(id ?? '')).sort()).toEqual(['cancel-reaches-a-new-item', 'orders-hold-after-a-round', 'orders-reach-a-new-shard', 'results-in-parts', 'resume-overtaken']);
});

it('replays every kept history on the workflows as they are', async () => {
  expect(await failsToReplay(names().map(historyIn).map((history) => ({ workflowId: history.events[0]?.workflowExecutionStartedEventAttributes?.workflowId ?? '', history })))).toEqual([]);
}, 120_000);

it('finds a history that another workflow made', async () => {
  const [start] = historyIn('probe').events;
  const mixed = { events: [start, ...historyIn('rejected-by-attempts').events.slice(1)] };
  expect(await failsToReplay([{ workflowId: 'mixed', history: mixed }])).toEqual([expect.stringMatching(/mixed: .*[Nn]ondeterminis/)]);
}, 120_000);
