import type { CampaignFile, ModelUse } from '../core/campaign/campaign.schema';

/** `sim` and `sim-<word>` are the built-in simulator's; everything else needs an endpoint of the file. */
export const isSimulatorModel = (name: string): boolean => /^sim(-[a-z0-9]+)?$/.test(name);

export function knownModel(use: ModelUse, campaign: CampaignFile): boolean {
  return typeof use === 'string' ? isSimulatorModel(use) : use.endpoint in campaign.models.endpoints;
}

/** The candidate with the fewest edits, when it is near enough to be meant. */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates.map((candidate) => ({ candidate, edits: editDistance(word, candidate) })).sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  return best && best.edits <= Math.max(2, Math.floor(word.length / 2)) ? best.candidate : undefined;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_unused, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
