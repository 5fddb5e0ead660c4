import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CampaignInput } from '../core/campaign/manifest';
import type { Config } from '../config';
import { openWorlds } from '../worlds';
import { noticesOf } from '../worlds/notices';
import { WorldUnavailable } from '../worlds/world';

/**
 * Opens every world of the file once and closes it again (a second per MCP server), so that one that is missing or dies
 * is told before services, worker and campaign are started. Gives what the worlds lack. Throws WorldUnavailable.
 */
export async function checkWorlds(config: Config, { campaign, baseDir }: CampaignInput): Promise<string[]> {
  const scratchDir = mkdtempSync(join(tmpdir(), 'hardgen-check-'));
  try {
    const worlds = await openWorlds(campaign.worlds, { baseDir, cacheDir: config.cache, scratchDir });
    const notices = noticesOf(worlds);
    await Promise.all(worlds.map((world) => world.close()));
    return notices;
  } catch (error) {
    throw error instanceof WorldUnavailable ? new WorldUnavailable(`${error.message}; nothing was started: correct the world's block in the campaign file, then start again`, { cause: error }) : error;
  } finally {
    rmSync(scratchDir, { recursive: true, force: true });
  }
}
