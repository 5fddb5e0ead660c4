import { join } from 'node:path';
import { createContexts, itemCells } from '../activities/context';
import type { Deps } from '../activities/deps';
import { decisionOf } from '../activities/item-state';
import { signatureOf, type SpecLine } from '../activities/sample';
import { writeWhole } from '../whole-file';
import type { Config } from '../config';
import { NO_SPEND, type ItemResult } from '../core/campaign/progress';
import { applyResult, openStandings } from '../core/campaign/standing';
import { recordName, type ItemRef } from '../core/campaign/refs';
import { withinSimulatedShare } from '../core/campaign/world-shares';
import { FORMATS } from '../core/dataset/formats';
import { datasetFiles } from '../core/dataset/files';
import type { Receipt } from '../core/dataset/receipt';
import type { NamedRow } from '../core/dataset/row';
import { selectDataset } from '../core/sample/selection';
import { deriveItem } from './derive';
import { offlineDeps } from './offline';

export interface Rebuilt {
  campaign: string;
  folder: string;
  /** Verified items whose row was made again. */
  rows: number;
  /** Of those, the ones that the dataset takes. */
  dataset: number;
  files: string[];
  /** Verified items whose record does not lead to a row any more, with the first reason. With any, nothing is written in place of what the campaign has. */
  lost: { item: string; reason: string }[];
}

/**
 * Makes `rows/` and `dataset/` again from the recorded replies alone, byte for byte: decisions, gold calls, rows,
 * selection and exports. Nothing of `rows/` or `dataset/` is read, and nothing that is less is written over it.
 */
export async function rebuildCampaign(input: { config: Config; campaign: string; out?: string; onProgress?: (done: number, total: number, what: string) => void }): Promise<Rebuilt> {
  const { config, campaign } = input;
  const folder = input.out ?? join(config.home, 'campaigns', campaign);
  const deps = offlineDeps(config);
  const contexts = createContexts(deps);
  try {
    const context = await contexts.of(campaign);
    const { manifest } = context;
    const names = (await deps.records.listRecords(campaign)).filter((name) => /^t-\d+$/.test(name));
    const standings = openStandings(itemCells(manifest));
    for (const standing of standings) standing.open = false;
    const rows = new Map<number, string>();
    const lost: Rebuilt['lost'] = [];
    for (const [at, name] of names.entries()) {
      const ref: ItemRef = { campaign, purpose: 'trajectory', item: Number(name.slice(2)) };
      const lines = await deps.records.read(campaign, name);
      const ended = decisionOf<{ outcome: { kind: string } }>(lines, 'outcome')?.outcome.kind;
      if (ended === 'verified') {
        const { row, differences } = await deriveItem(deps, context, ref, lines);
        if (row === undefined || differences.length > 0) lost.push({ item: name, reason: differences[0] ? `${differences[0].kind} ${differences[0].key}` : 'its record does not come to a row' });
        else {
          rows.set(ref.item, row);
          applyResult(standings, { item: ref.item, outcome: { kind: 'verified' }, signature: signatureOf(decisionOf<SpecLine>(lines, 'spec')), spend: NO_SPEND, attempts: [] });
        }
      }
      input.onProgress?.(at + 1, names.length, 'items');
    }
    lost.push(...(await withoutAnEnd(deps, campaign, new Set([...rows.keys(), ...lost.map(({ item }) => Number(item.slice(2)))]))));
    const selected = withinSimulatedShare(manifest, selectDataset(manifest.plan, standings), itemCells(manifest));
    const stored = selected.map((item) => JSON.parse(rows.get(item) ?? '') as { row: NamedRow; receipt: Receipt });
    const files = [
      ...[...rows].map(([item, content]) => ({ path: `rows/${recordName({ campaign, purpose: 'trajectory', item })}.json`, content })),
      { path: 'dataset/index.json', content: `${JSON.stringify({ items: selected })}\n` },
      ...FORMATS.flatMap((format) => datasetFiles({ name: manifest.campaign.name, stored, format }).map(({ path, content }) => ({ path: `dataset/${format.name}/${path}`, content }))),
    ];
    const written = lost.length > 0 && input.out === undefined ? [] : files;
    for (const { path, content } of written) await writeWhole(join(folder, path), content);
    return { campaign, folder, rows: rows.size, dataset: selected.length, files: written.map(({ path }) => path), lost };
  } finally {
    await contexts.close();
  }
}

/** Items that the campaign's own results call verified and of whose end no record tells. */
async function withoutAnEnd(deps: Deps, campaign: string, known: ReadonlySet<number>): Promise<Rebuilt['lost']> {
  const results = JSON.parse((await deps.records.readArtifact(campaign, 'results.json')) ?? '[]') as ItemResult[];
  return results.filter(({ item, outcome }) => outcome.kind === 'verified' && !known.has(item)).map(({ item }) => ({ item: recordName({ campaign, purpose: 'trajectory', item }), reason: 'its record tells of no end, or is gone' }));
}
