import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRig, datasetBytes, kill, railCampaign, until, type Rig } from '../fixtures/rig';
import type { CampaignInput } from '../../src/core/campaign/manifest';

const keyOf = (lookup: Record<string, unknown>): string => JSON.stringify([lookup.purpose, lookup.item, lookup.stage, lookup.target, lookup.turn, lookup.step, lookup.attempt, lookup.try]);

function servedTwice(rig: Rig): number {
  const keys = rig.served().map((request) => keyOf(request.lookup));
  return keys.length - new Set(keys).size;
}

describe('a campaign whose worker is killed twice', () => {
  const input: CampaignInput = railCampaign({
    name: 'crash', target: { verified: 28, maxItems: 100 }, window: 48, simulator: { latencyMs: 2_500 },
    selfEvaluation: { failWhen: 'any', tools: ['rail::sign_in', 'rail::nearest_station', 'rail::disruption_notice', 'rail::connection_details'] },
  });
  const calmId = `crash-calm-${process.pid}`;
  const stormyId = `crash-stormy-${process.pid}`;
  let calm: Rig;
  let stormy: Rig;
  /** Replies asked for and not stored when the worker died, once per kill; its own count, so exact. */
  const lost: number[] = [];

  const inFlight = (): number => Number(readFileSync(join(stormy.home, 'in-flight'), 'utf8'));

  beforeAll(async () => {
    calm = await createRig('calm');
    stormy = await createRig('stormy');
    const counted = { IN_FLIGHT: join(stormy.home, 'in-flight') };
    const undisturbed = async (): Promise<void> => {
      await calm.startWorker();
      await calm.start(calmId, input);
      await calm.result(calmId);
    };
    const killedTwice = async (): Promise<void> => {
      const ended = async (): Promise<boolean> => ['done', 'stopped'].includes((await stormy.progress(stormyId))?.phase ?? '');
      const first = await stormy.startWorker(counted);
      await stormy.start(stormyId, input);
      await until(async () => (await ended()) || (inFlight() >= 21 && (await stormy.progress(stormyId))?.phase === 'generate'), 240_000);
      await kill(first);
      lost.push(inFlight());
      // The second one dies between a reply and its storing, with the others still out.
      const second = await stormy.startWorker({ ...counted, DIE_AFTER_REPLY: '6' });
      await until(async () => second.signalCode !== null || (await ended()), 240_000);
      lost.push(inFlight());
      await stormy.startWorker(counted);
      await stormy.result(stormyId);
    };
    await Promise.all([undisturbed(), killedTwice()]);
  }, 600_000);

  afterAll(async () => {
    await Promise.all([calm.close(), stormy.close()]);
  }, 60_000);

  it('dies with at least 20 calls in flight both times', () => {
    expect(lost).toHaveLength(2);
    for (const calls of lost) expect(calls).toBeGreaterThanOrEqual(20);
  });

  it('gives the same dataset, byte for byte, as an undisturbed run', () => {
    const rows = datasetBytes(calm.home, calmId);
    expect(rows.split('\n').length).toBeGreaterThanOrEqual(24);
    expect(datasetBytes(stormy.home, stormyId)).toBe(rows);
  });

  it('pays again for no more calls than were in flight at the kills, and undisturbed for none', () => {
    expect(servedTwice(calm)).toBe(0);
    expect(servedTwice(stormy)).toBeGreaterThan(0);
    expect(servedTwice(stormy)).toBeLessThanOrEqual((lost[0] ?? 0) + (lost[1] ?? 0));
  });

  it('never asks again for a reply that is stored', () => {
    for (const lines of Object.values(stormy.records(stormyId))) {
      const stored = new Map(lines.flatMap((line, index) => (line.kind === 'call' ? [[(line.value as { key: string }).key, index] as const] : [])));
      const askedAgain = lines.filter((line, index) => line.kind === 'sent' && index > (stored.get((line.value as { key: string }).key) ?? Infinity));
      expect(askedAgain).toEqual([]);
    }
  });

  it('knows of every request that left, also of those that the crash lost', () => {
    const sent = Object.values(stormy.records(stormyId)).flat().filter((line) => line.kind === 'sent').length;
    expect(sent).toBeGreaterThanOrEqual(stormy.served().length);
    // Noted first, so a kill may fall between the note and the request.
    expect(sent - stormy.served().length).toBeLessThanOrEqual((lost[0] ?? 0) + (lost[1] ?? 0));
  });

  it('leaves no process behind but the worker that finished it', () => {
    const processes = execFileSync('ps', ['-eo', 'pid,args']).toString().split('\n');
    expect(processes.filter((line) => line.includes(stormy.home) && !line.includes('dist/simulator'))).toEqual([]);
  });
});
