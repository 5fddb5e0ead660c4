import type { Deps } from '../../src/activities/deps';
import { exportHistories } from '../../src/activities/finish';
import type { ItemRef } from '../../src/core/campaign/refs';

const ref = (item: number): ItemRef => ({ campaign: 'c', purpose: 'trajectory', item });

it('puts away every history there is; one that the server has forgotten is told, noted in its place, and holds up no other', async () => {
  const written: { [path: string]: string } = {};
  const warnings: string[] = [];
  const deps = {
    fetchHistory: (workflowId: string) => Promise.resolve(workflowId.includes('00001') ? undefined : '{"events":[]}'),
    records: { writeArtifact: (_campaign: string, path: string, content: string | Uint8Array) => Promise.resolve(void (written[path] = content.toString())) },
  } as unknown as Deps;
  await exportHistories(deps, { campaign: 'c', items: [ref(0), ref(1), ref(2)], onProgress: () => undefined, warn: (message) => void warnings.push(message) });
  expect(Object.keys(written)).toEqual(['histories/t-00000.json.gz', 'histories/t-00001.missing', 'histories/t-00002.json.gz']);
  expect(warnings).toEqual([expect.stringContaining('Expected the history of c/t-00001 on the Temporal server, got none: its retention has passed')]);
  expect(written['histories/t-00001.missing']).toBe(`${warnings[0]}\n`);
});
