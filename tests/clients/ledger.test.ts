import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ledger } from '../../src/activities/deps';
import { createLedger } from '../../src/clients/ledger';

let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'hardgen-ledger-'))));
afterEach(() => rmSync(home, { recursive: true }));

it('a campaign without a call has spent nothing', async () => {
  expect(await createLedger(home).spent('c')).toEqual({ microUsd: 0, tokens: 0, calls: 0 });
});

it('every worker knows what all of them have spent, each campaign by itself', async () => {
  const [one, two] = [createLedger(home), createLedger(home)];
  await one.add('c', { calls: 1 });
  expect(await two.spent('c')).toEqual({ microUsd: 0, tokens: 0, calls: 1 });
  await one.add('c', { microUsd: 50, tokens: 300 });
  await two.add('c', { calls: 1 });
  await two.add('other', { calls: 7 });
  for (const ledger of [one, two, createLedger(home)]) expect(await ledger.spent('c')).toEqual({ microUsd: 50, tokens: 300, calls: 2 });
});

it('a line that is being written is counted once it is whole, a broken one never', async () => {
  mkdirSync(join(home, 'campaigns/c/ledger'), { recursive: true });
  const file = join(home, 'campaigns/c/ledger/another.jsonl');
  const ledger = createLedger(home);
  appendFileSync(file, '\n{"calls":1}\n{"cal');
  expect((await ledger.spent('c')).calls).toBe(1);
  appendFileSync(file, 'ls":1}');
  expect((await ledger.spent('c')).calls).toBe(2);
  appendFileSync(file, '\n{"ca\n{"calls":1}');
  expect((await ledger.spent('c')).calls).toBe(3);
});

it('a line that cannot be written stays counted where it was spent', async () => {
  mkdirSync(join(home, 'campaigns/c'), { recursive: true });
  appendFileSync(join(home, 'campaigns/c/ledger'), 'in the way');
  const ledger = createLedger(home);
  await ledger.add('c', { calls: 1 });
  expect((await ledger.spent('c')).calls).toBe(1);
});

describe('an endpoint that does not answer', () => {
  const FAILED = { endpoint: 'house', failed: 'house/m: Connection error. (ECONNREFUSED)' };
  beforeEach(() => void jest.useFakeTimers({ now: 1_000, advanceTimers: false, doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] }));
  afterEach(() => void jest.useRealTimers());
  const fails = async (ledger: Ledger, times: number): Promise<void> => {
    for (let time = 0; time < times; time++) await ledger.add('c', { contact: FAILED });
  };
  const told = async (ledger: Ledger): Promise<ReturnType<Ledger['silent']>> => {
    await ledger.spent('c');
    return ledger.silent('c');
  };

  it('is told from the third failure on, by all workers together', async () => {
    const [one, two, reader] = [createLedger(home), createLedger(home), createLedger(home)];
    await fails(one, 1);
    await fails(two, 1);
    expect(await told(reader)).toEqual([]);
    await fails(two, 1);
    for (const ledger of [one, two, reader]) expect(await told(ledger)).toEqual([{ endpoint: 'house', failures: 3, message: FAILED.failed }]);
    expect(await reader.spent('c')).toEqual({ microUsd: 0, tokens: 0, calls: 0 });
  });

  it('is told no more once it has answered any of them, and another is told still', async () => {
    const [one, two] = [createLedger(home), createLedger(home)];
    await fails(one, 5);
    for (let time = 0; time < 3; time++) await one.add('c', { contact: { endpoint: 'other', failed: 'other/m: 503' } });
    jest.setSystemTime(2_000);
    await two.add('c', { tokens: 10, contact: { endpoint: 'house' } });
    expect(await told(createLedger(home))).toEqual([{ endpoint: 'other', failures: 3, message: 'other/m: 503' }]);
  });
});
