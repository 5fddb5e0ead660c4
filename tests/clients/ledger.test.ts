import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
