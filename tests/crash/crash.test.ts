import { execFileSync } from 'node:child_process';
import { createRig, datasetBytes, kill, railCampaign, until, type Rig } from '../fixtures/rig';
import type { CampaignInput } from '../../src/core/campaign/manifest';

/** Requests that the simulator holds: noted when they come, and ended when they are answered. */
const inFlight = async (rig: Rig): Promise<number> => ((await (await fetch(rig.simulatorUrl.replace('/v1', '/served'))).json()) as { open: number }).open;

const keyOf = (lookup: Record<string, unknown>): string => JSON.stringify([lookup.purpose, lookup.item, lookup.stage, lookup.target, lookup.turn, lookup.step, lookup.attempt, lookup.try]);

function servedTwice(rig: Rig): number {
  const keys = rig.served().map((request) => keyOf(request.lookup));
  return keys.length - new Set(keys).size;
}

describe('a worker that is killed', () => {
  const input: CampaignInput = railCampaign({ name: 'crash', target: { verified: 28, maxItems: 120 }, window: 40, simulator: { latencyMs: 2_000, faults: 'default' } });
  let calm: Rig;
  let stormy: Rig;
  let heldAtKills: number;

  beforeAll(async () => {
    calm = await createRig('calm');
    stormy = await createRig('stormy');
    const undisturbed = (async () => {
      await calm.startWorker();
      await calm.start(`calm-${process.pid}`, input);
      await calm.result(`calm-${process.pid}`);
    })();
    const killedTwice = (async () => {
      const first = await stormy.startWorker();
      await stormy.start(`stormy-${process.pid}`, input);
      await until(async () => (await stormy.progress(`stormy-${process.pid}`))?.phase === 'generate' && (await inFlight(stormy)) >= 20, 240_000);
      heldAtKills = await inFlight(stormy);
      await kill(first);
      // The second one dies between a reply and its storing, with the others still out.
      const second = await stormy.startWorker({ DIE_AFTER_REPLY: '45' });
      const died = new Promise<void>((done) => second.once('exit', () => done()));
      let held = 0;
      const watch = setInterval(() => void inFlight(stormy).then((open) => { held = Math.max(held, open); }), 200);
      await died;
      clearInterval(watch);
      heldAtKills += held + 1;
      await stormy.startWorker();
      await stormy.result(`stormy-${process.pid}`);
    })();
    await Promise.all([undisturbed, killedTwice]);
  }, 600_000);

  afterAll(async () => {
    await Promise.all([calm.close(), stormy.close()]);
  }, 60_000);

  it('gives the same dataset, byte for byte, as an undisturbed run', () => {
    const rows = datasetBytes(calm.home, `calm-${process.pid}`);
    expect(rows.split('\n').length).toBeGreaterThanOrEqual(24);
    expect(datasetBytes(stormy.home, `stormy-${process.pid}`)).toBe(rows);
  });

  it('pays no more calls again than were in flight when it was killed', () => {
    expect(heldAtKills).toBeGreaterThanOrEqual(40);
    expect(servedTwice(calm)).toBe(0);
    expect(servedTwice(stormy)).toBeGreaterThan(0);
    expect(servedTwice(stormy)).toBeLessThanOrEqual(heldAtKills);
  });

  it('never asks again for a reply that is stored', () => {
    for (const lines of Object.values(stormy.records(`stormy-${process.pid}`))) {
      const stored = new Map(lines.map((line, index) => [line.kind === 'call' ? String((line.value as { key: string }).key) : '', index]));
      for (const [index, line] of lines.entries()) {
        if (line.kind !== 'sent') continue;
        const paidAt = stored.get(String((line.value as { key: string }).key));
        if (paidAt !== undefined) expect(index).toBeLessThan(paidAt);
      }
    }
  });

  it('knows of every request that left, also of those that the crash lost', () => {
    const sent = Object.values(stormy.records(`stormy-${process.pid}`)).flat().filter((line) => line.kind === 'sent').length;
    expect(sent).toBe(stormy.served().length);
  });

  it('leaves no process behind', () => {
    expect(execFileSync('ps', ['-eo', 'args']).toString().split('\n').filter((line) => line.includes(stormy.home) && !line.includes('simulator'))).toEqual([]);
  });
});
