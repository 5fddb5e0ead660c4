import { createRig, datasetBytes, railCampaign, type Rig } from '../fixtures/rig';
import type { CampaignInput } from '../../src/core/campaign/manifest';

describe('the same seed', () => {
  const input = (window: number): CampaignInput => railCampaign({
    name: 'same-seed', target: { verified: 12, maxItems: 48 }, window, round: 8, simulator: { latencyMs: 50 },
    selfEvaluation: { failWhen: 'any', tools: ['rail::sign_in', 'rail::nearest_station', 'rail::disruption_notice', 'rail::connection_details'] },
  });
  const rigs: Rig[] = [];
  /** Dataset of a run with so many workers, all on one folder of records, and how many of them called a model. */
  const run = async ({ workers, window }: { workers: number; window: number }): Promise<{ rows: string; servedTwice: number }> => {
    const id = `seed-${workers}-${window}-${process.pid}`;
    const rig = await createRig(id);
    rigs.push(rig);
    await Promise.all(Array.from({ length: workers }, () => rig.startWorker()));
    await rig.start(id, input(window));
    await rig.result(id);
    const keys = rig.served().map(({ lookup }) => JSON.stringify(lookup));
    return { rows: datasetBytes(rig.home, id), servedTwice: keys.length - new Set(keys).size };
  };

  afterAll(async () => { await Promise.all(rigs.map((rig) => rig.close())); }, 60_000);

  it('gives the same dataset, byte for byte, with one worker or three and a window of 8 or of all 48 items, and pays for nothing twice', async () => {
    const one = await run({ workers: 1, window: 8 });
    const three = await run({ workers: 3, window: 48 });
    expect(one.rows.split('\n')).toHaveLength(12);
    expect(three.rows).toBe(one.rows);
    expect([one.servedTwice, three.servedTwice]).toEqual([0, 0]);
  }, 420_000);
});
