import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkReuse } from '../../src/cli/check-reuse';
import { loadConfig } from '../../src/config';
import type { CampaignFile } from '../../src/core/campaign/campaign.schema';

const home = mkdtempSync(join(tmpdir(), 'hardgen-reuse-'));
const check = (...reuse: string[]): void => checkReuse({ ...loadConfig({}), home }, 'campaign.yaml', { reuse } as unknown as CampaignFile);

beforeAll(() => ['first-1', 'first-2'].forEach((id) => mkdirSync(join(home, 'campaigns', id), { recursive: true })));
afterAll(() => rmSync(home, { recursive: true }));

describe('campaigns that a file reuses', () => {
  it('pass when all of them lie in this home, also when there are none', () => {
    expect(() => check()).not.toThrow();
    expect(() => check('first-2', 'first-1')).not.toThrow();
  });

  it('are refused before anything is started, with the closest id', () => {
    expect(() => check('first-1', 'frist-2')).toThrow(`Expected ids of campaigns under ${home}, got \`frist-2\` (campaign.yaml, reuse); the closest is \`first-2\`; npx hardgen campaign list shows them`);
    expect(() => check('something-else-entirely')).toThrow('(campaign.yaml, reuse); npx hardgen campaign list');
  });
});
