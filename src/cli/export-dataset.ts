import { join } from 'node:path';
import { writeWhole } from '../whole-file';
import { datasetFiles } from '../core/dataset/files';
import type { Format } from '../core/dataset/format';
import type { Split } from '../core/dataset/split';
import { datasetRows, type CampaignFolder } from './campaign-folder';

export interface Exported {
  format: string;
  split: Split;
  folder: string;
  /** Conversations; the lines of each file are counted in `files`. */
  rows: number;
  /** False while items still run: more rows will follow, none of these will go. */
  final: boolean;
  simulated: boolean;
  files: { path: string; rows: number }[];
}

/** Writes the dataset in one format with its card and receipts; the same campaign gives the same bytes, receipts aside. */
export async function exportDataset(folder: CampaignFolder, format: Format, out: string, split: Split = 'conversation'): Promise<Exported> {
  const manifest = await folder.manifest();
  const { rows: stored, final } = await datasetRows(folder);
  const files = datasetFiles({ name: manifest.campaign.name, stored, format, split });
  for (const file of files) await writeWhole(join(out, file.path), file.content);
  return {
    format: format.name, split, folder: out, rows: stored.length, final, simulated: stored.some(({ row }) => row.simulated),
    files: files.flatMap(({ path, rows }) => (rows === null ? [] : [{ path: join(out, path), rows }])),
  };
}
