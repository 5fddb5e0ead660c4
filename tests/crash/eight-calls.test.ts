import type { ChildProcess } from 'node:child_process';
import type { RecordLine } from '../../src/activities/deps';
import { createRig, kill, railCampaign, until, type Rig } from '../fixtures/rig';

type Records = { [record: string]: RecordLine[] };
const keyOf = (line: RecordLine): string => (line.value as { key: string }).key;
/** Replies of the reasoner that are stored, one or more per step. */
const stepsIn = (lines: readonly RecordLine[]): string[] => lines.filter((line) => line.kind === 'call' && keyOf(line).startsWith('reasoner/')).map(keyOf);

/** Three steps are done, and it has not ended. */
const isHalfDone = (lines: readonly RecordLine[]): boolean => stepsIn(lines).length >= 3 && !lines.some(({ kind }) => kind === 'outcome');

describe('trajectories of up to eight calls whose worker is killed half-way', () => {
  const id = `eight-${process.pid}`;
  let rig: Rig;
  let first: ChildProcess;
  let atKill: Records;
  let atEnd: Records;
  /** Activities by trajectory that were scheduled, as its history has them. */
  const scheduled: { [item: string]: string[] } = {};

  const trajectories = (): Records => Object.fromEntries(Object.entries(rig.records(id)).filter(([name]) => name.startsWith('t-')));

  beforeAll(async () => {
    rig = await createRig('eight');
    first = await rig.startWorker();
    await rig.start(id, railCampaign({
      name: 'eight', target: { verified: 4, maxItems: 12 }, window: 8, simulator: { latencyMs: 400 }, shape: { calls: { '5-8': 1 }, turns: { single: 1 } },
      selfEvaluation: { failWhen: 'any', tools: ['rail::sign_in', 'rail::connection_details', 'rail::book_trip'] },
    }));
    await until(() => Object.values(trajectories()).filter(isHalfDone).length >= 2, 300_000);
    await kill(first);
    atKill = trajectories();
    await rig.startWorker();
    await rig.result(id);
    atEnd = trajectories();
    for (const item of Object.keys(atKill)) {
      const { events } = await rig.client.workflow.getHandle(`${id}/${item}`).fetchHistory();
      scheduled[item] = (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: activity }) => (activity ? [`${activity.activityType?.name} ${Buffer.from(activity.input?.payloads?.[0]?.data ?? []).toString()}`] : []));
    }
  }, 480_000);
  afterAll(() => rig.close(), 60_000);

  it('were in the middle of at least two of them', () => {
    expect(Object.values(atKill).filter(isHalfDone).length).toBeGreaterThanOrEqual(2);
  });

  it('ask no model again for a step that was stored', () => {
    for (const [item, before] of Object.entries(atKill)) {
      const stored = new Set(before.filter(({ kind }) => kind === 'call').map(keyOf));
      const later = (atEnd[item] ?? []).slice(before.length).filter((line) => line.kind === 'sent' && stored.has(keyOf(line)));
      expect(later).toEqual([]);
    }
  });

  it('keep every line that was stored, and go on behind it', () => {
    for (const [item, before] of Object.entries(atKill)) expect((atEnd[item] ?? []).slice(0, before.length)).toEqual(before);
  });

  it('schedule no activity a second time: a finished step is in the history, not done again', () => {
    for (const steps of Object.values(scheduled)) {
      expect(steps.length).toBeGreaterThan(0);
      expect(steps.filter((step, index) => steps.indexOf(step) !== index)).toEqual([]);
    }
  });
});
