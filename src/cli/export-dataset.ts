import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { datasetCard } from '../core/dataset/card';
import { jsonLines, type Format } from '../core/dataset/format';
import { splitByResponse, type Split } from '../core/dataset/split';
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
  const rows = stored.map((item) => item.row);
  const files = split === 'response' ? format.byResponse.files(rows.flatMap(splitByResponse)) : format.files(rows);
  for (const file of files) await writeText(join(out, file.path), file.content);
  await writeText(join(out, 'README.md'), datasetCard({ name: manifest.campaign.name, rows, format, split, files: files.map((file) => file.path) }));
  await writeText(join(out, 'receipts.jsonl'), jsonLines(stored.map((item) => item.receipt)));
  return { format: format.name, split, folder: out, rows: rows.length, final, simulated: rows.some((row) => row.simulated), files: files.map(({ path, rows: count }) => ({ path: join(out, path), rows: count })) };
}

async function writeText(file: string, content: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}
