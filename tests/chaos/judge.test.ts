import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chaosReport } from '../../src/chaos/report';
import { judge, type Kill, type RunResult } from '../../src/chaos/run';
import type { Progress } from '../../src/core/campaign/progress';

const home = mkdtempSync(join(tmpdir(), 'hardgen-judge-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** A campaign's folder with these rows, by id; `text` is what a row says. */
let folders = 0;
function folderOf(rows: readonly { id: string; text?: string }[]): string {
  const folder = join(home, String(folders++));
  for (const part of ['dataset', 'rows']) mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(join(folder, 'dataset/index.json'), JSON.stringify({ items: rows.map((_row, item) => item) }));
  rows.forEach(({ id, text = 'same' }, item) => writeFileSync(join(folder, `rows/t-0000${item}.json`), JSON.stringify({ row: { id, text } })));
  return folder;
}

const progress = { phase: 'done', failed: 0, verified: 2, target: 2 } as Progress;
const ledger = { sent: 10, answered: 10, stored: 8, paid: 10, paidTwice: 0 };
const killed: Kill = { victim: 'worker', atSecond: 3, afterReplies: 4, inFlight: 5, downSeconds: 2, backSeconds: 1 };
const run = (change: Partial<RunResult> = {}): RunResult => ({
  campaign: 'disturbed', folder: folderOf([{ id: 'a' }, { id: 'b' }]), progress, ledger, seconds: 20, replies: 8, kills: [], missed: [], neededPerson: [], workerEndings: 0, orphans: [], ...change,
});
const disturbed = (change: Partial<RunResult> = {}): RunResult => run({ kills: [killed], ledger: { ...ledger, paidTwice: 5 }, seconds: 30, ...change });

describe('the verdict on a chaos run', () => {
  it('is good when the rows are the same and no more was paid twice than was in flight', () => {
    const verdict = judge({ seed: 1, undisturbed: run(), disturbed: disturbed() });
    expect(verdict).toMatchObject({ ok: true, floor: 5, floorSeconds: 2, extraSeconds: 10, rows: { rows: 2, identical: true, lost: [], doubled: [] } });
    expect(chaosReport(verdict).at(-1)).toBe('Nothing lost, nothing doubled, nothing paid twice beyond the calls in flight.');
  });

  it.each<[string, Partial<RunResult>]>([
    ['a row is lost', { folder: folderOf([{ id: 'a' }]) }],
    ['a row is there twice', { folder: folderOf([{ id: 'a' }, { id: 'b' }, { id: 'b' }]) }],
    ['a row says something else', { folder: folderOf([{ id: 'a' }, { id: 'b', text: 'other' }]) }],
    ['more was paid twice than was in flight', { ledger: { ...ledger, paidTwice: 6 } }],
    ['a kill was not made', { missed: [{ victim: 'neo4j', afterReplies: 6, downMs: 2_000 }] }],
    ['a person was needed', { neededPerson: ['the key was refused'] }],
    ['a process was left', { orphans: ['123 node'] }],
    ['an item failed', { progress: { ...progress, failed: 1 } }],
  ])('is bad when %s', (_what, change) => {
    const verdict = judge({ seed: 1, undisturbed: run(), disturbed: disturbed(change) });
    expect(verdict.ok).toBe(false);
    expect(chaosReport(verdict).at(-1)).toMatch(/^FAILED/);
  });

  it('is bad when the undisturbed run paid for something twice', () => {
    expect(judge({ seed: 1, undisturbed: run({ ledger: { ...ledger, paidTwice: 1 } }), disturbed: disturbed() }).ok).toBe(false);
  });

  it('without an undisturbed run rests on what the index names', () => {
    expect(judge({ seed: 1, undisturbed: null, disturbed: disturbed() })).toMatchObject({ ok: true, extraSeconds: null, rows: { identical: null, lost: [] } });
    const folder = folderOf([{ id: 'a' }, { id: 'b' }]);
    rmSync(join(folder, 'rows/t-00001.json'));
    expect(judge({ seed: 1, undisturbed: null, disturbed: disturbed({ folder }) })).toMatchObject({ ok: false, rows: { lost: ['item 1'] } });
  });
});
