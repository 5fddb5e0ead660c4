import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readControl } from '../../src/activities/allowance';
import { raiseAfterEnd, setAfterEnd } from '../../src/cli/budget-after-end';
import { openCampaign, type CampaignFolder } from '../../src/cli/campaign-folder';
import { createLedger } from '../../src/clients/ledger';
import { loadConfig, type Config } from '../../src/config';
import type { Budget } from '../../src/core/campaign/budget';

/** A campaign that has ended, as far as its budget goes. */
let config: Config;
let folder: CampaignFolder;
const NOW = new Date('2026-01-02T00:00:00Z');
const endedWith = (budget: Budget): Promise<void> => folder.records.writeArtifact('c', 'manifest.json', JSON.stringify({ campaign: { budget } }));

beforeEach(() => {
  config = { ...loadConfig({}), home: mkdtempSync(join(tmpdir(), 'hardgen-after-end-')) };
  folder = openCampaign(config, 'c');
});
afterEach(() => rmSync(config.home, { recursive: true }));

describe('the budget of an ended campaign', () => {
  it('is changed from that of its file, where no order ever changed it', async () => {
    await endedWith({ usd: 5, calls: 100 });
    await setAfterEnd(folder, { budget: { usd: 9 } });
    expect(await readControl(folder.records, 'c')).toEqual({ paused: false, budget: { usd: 9, calls: 100 } });
  });

  it('is changed from the last order, and a pause that was left behind stays for the retry to lift', async () => {
    await endedWith({ usd: 5 });
    await folder.records.writeArtifact('c', 'control.json', JSON.stringify({ paused: true, budget: { usd: 7, tokens: 10 } }));
    await setAfterEnd(folder, { budget: { tokens: null } });
    expect(await readControl(folder.records, 'c')).toEqual({ paused: true, budget: { usd: 7 } });
  });

  it('comes without a window, since nothing fills one', async () => {
    await endedWith({});
    await expect(setAfterEnd(folder, { window: 4, budget: { usd: 9 } })).rejects.toThrow('Expected limits alone for c, which has ended, got --window; leave it out');
    expect(await readControl(folder.records, 'c')).toBeUndefined();
  });
});

describe('what is to be typed for a retry that waits', () => {
  it.each<[string, Budget, string | undefined]>([
    ['twice the limit that was reached', { usd: 5 }, 'npx hardgen campaign set c --budget 10'],
    ['more than was spent, of a limit far below that', { calls: 1 }, 'npx hardgen campaign set c --calls 120'],
    ['a later deadline', { deadline: '2026-01-01T00:00:00Z' }, 'npx hardgen campaign set c --deadline LATER'],
    ['nothing, when no limit is in the way', { usd: 6, calls: 100 }, undefined],
  ])('is %s', async (_what, budget, command) => {
    await endedWith(budget);
    await createLedger(config.home).add('c', { calls: 60, microUsd: 5_000_000 });
    expect(await raiseAfterEnd(config, folder, NOW)).toBe(command);
  });
});
