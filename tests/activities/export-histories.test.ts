import type { Deps } from '../../src/activities/deps';
import { exportHistories } from '../../src/activities/finish';
import type { ItemRef } from '../../src/core/campaign/refs';

const ref = (item: number): ItemRef => ({ campaign: 'c', purpose: 'trajectory', item });

it('puts away every history there is; one that the server no longer has is passed over', async () => {
  const written: string[] = [];
  const deps = {
    fetchHistory: (workflowId: string) => Promise.resolve(workflowId.includes('00001') ? undefined : '{"events":[]}'),
    records: { writeArtifact: (_campaign: string, path: string) => Promise.resolve(void written.push(path)) },
  } as unknown as Deps;
  await exportHistories(deps, { campaign: 'c', items: [ref(0), ref(1), ref(2)], onProgress: () => undefined });
  expect(written).toEqual(['histories/t-00000.json.gz', 'histories/t-00002.json.gz']);
});
