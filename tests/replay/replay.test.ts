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
  events: { workflowExecutionStartedEventAttributes?: { workflowId: string } }[];
}

const historyIn = (name: string): History => JSON.parse(gunzipSync(readFileSync(join(KEPT, `${name}.json.gz`))).toString()) as History;
const names = (): string[] => readdirSync(KEPT).map((file) => file.replace('.json.gz', '')).sort();

it('holds one history of each kind', () => {
  expect(names()).toEqual([...KINDS].sort());
  expect(names()).toEqual([
    'accepted-first-time', 'budget-campaign', 'budget-shard', 'budget-trajectory', 'campaign', 'parked-and-resumed', 'probe', 'probe-shard',
    'rejected-by-attempts', 'repaired', 'several-turns', 'stopped-campaign', 'stopped-shard', 'stopped-trajectory', 'trajectory-shard',
  ]);
});

it('replays every kept history on the workflows as they are', async () => {
  expect(await failsToReplay(names().map(historyIn).map((history) => ({ workflowId: history.events[0]?.workflowExecutionStartedEventAttributes?.workflowId ?? '', history })))).toEqual([]);
}, 120_000);

it('finds a history that another workflow made', async () => {
  const [start] = historyIn('probe').events;
  const mixed = { events: [start, ...historyIn('rejected-by-attempts').events.slice(1)] };
  expect(await failsToReplay([{ workflowId: 'mixed', history: mixed }])).toEqual([expect.stringMatching(/mixed: .*[Nn]ondeterminis/)]);
}, 120_000);
