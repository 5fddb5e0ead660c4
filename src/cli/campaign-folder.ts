import { readdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { MANIFEST_FILE, itemCells } from '../activities/context';
import type { RecordLine, RecordStore } from '../activities/deps';
import { recordName } from '../core/campaign/refs';
import { createRecordStore, parseRecord } from '../clients/record-store';
import type { Config } from '../config';
import type { Manifest } from '../core/campaign/manifest';
import type { ItemResult, Progress } from '../core/campaign/progress';
import { applyResult, openStandings, type Standings } from '../core/campaign/standing';
import type { Receipt } from '../core/dataset/receipt';
import type { NamedRow } from '../core/dataset/row';
import { parseRow } from '../core/dataset/row.schema';
import type { Outcome } from '../core/outcome';
import { withinSimulatedShare } from '../core/campaign/world-shares';
import { certainRows } from '../core/sample/selection';
import { InputError } from './exit-codes';

/** A verified item as `finishTrajectory` stored it. */
export interface StoredRow {
  index: number;
  cell: string;
  signature: string;
  row: NamedRow;
  receipt: Receipt;
}

/** What a campaign left on disk; readable while it runs, and when Temporal is gone. */
export interface CampaignFolder {
  id: string;
  path: string;
  records: RecordStore;
  manifest(): Promise<Manifest>;
  summary(): Promise<Progress | undefined>;
  row(item: number): Promise<StoredRow | undefined>;
  outcomes(): Promise<Map<number, Outcome>>;
  /** Of an ended campaign, also what ended by no verdict; empty before. */
  results(): Promise<ItemResult[]>;
}

export function openCampaign(config: Config, id: string): CampaignFolder {
  // Ids become folder names, so nothing else is looked up.
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(id)) throw new InputError(`Expected a campaign id of letters, digits, dots and dashes, got \`${id}\`; npx hardgen campaign list shows them`);
  const records = createRecordStore(config.home);
  const path = join(config.home, 'campaigns', id);
  const readJson = async <T>(file: string): Promise<T | undefined> => {
    const text = await records.readArtifact(id, file);
    return text === undefined ? undefined : (JSON.parse(text) as T);
  };
  return {
    id, path, records,
    manifest: async () => {
      const manifest = await readJson<Manifest>(MANIFEST_FILE);
      if (!manifest) throw new InputError(unknownCampaign(config, id));
      return manifest;
    },
    summary: () => readJson<Progress>('summary.json'),
    row: async (item) => {
      const file = `rows/${recordName({ campaign: id, purpose: 'trajectory', item })}.json`;
      const stored = await readJson<StoredRow>(file);
      return stored && { ...stored, row: parseRow(stored.row, join(path, file)) };
    },
    outcomes: () => readOutcomes(path, records, id),
    results: async () => (await readJson<ItemResult[]>('results.json')) ?? [],
  };
}

/** Ids of the campaigns that left something in this home, sorted. */
export function storedCampaigns(config: Config): string[] {
  try {
    return readdirSync(join(config.home, 'campaigns'), { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
  } catch {
    return [];
  }
}

function unknownCampaign(config: Config, id: string): string {
  const known = storedCampaigns(config);
  return `Expected the id of a campaign under ${join(config.home, 'campaigns')}, got \`${id}\`; ${known.length === 0 ? 'there is none yet: npx hardgen campaign start FILE makes one' : `there are ${known.slice(-8).join(', ')}`}`;
}

/** How every ended item ended, by the last line of its own record. */
async function readOutcomes(path: string, records: RecordStore, id: string): Promise<Map<number, Outcome>> {
  const names = (await records.listRecords(id)).filter((name) => name.startsWith('t-'));
  const outcomes = new Map<number, Outcome>();
  for (const name of names) {
    const line = outcomeIn(parseRecord(await readEnd(join(path, 'records', `${name}.jsonl`)))) ?? outcomeIn(await records.read(id, name));
    if (line) outcomes.set(Number(name.slice(2)), (line.value as unknown as { outcome: Outcome }).outcome);
  }
  return outcomes;
}

const outcomeIn = (lines: readonly RecordLine[]): RecordLine | undefined => lines.find((line) => line.kind === 'outcome');

/** An outcome line takes some 300 bytes, a detail of a rejection a thousand more; records take 60,000, and there may be 27,000 of them. */
const END_BYTES = 8_192;

async function readEnd(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const from = Math.max(0, size - END_BYTES);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

/**
 * The rows that belong to the dataset now, by index: all of it when the campaign has ended, before that only rows that
 * nothing still open can displace.
 */
export async function datasetRows(folder: CampaignFolder): Promise<{ rows: StoredRow[]; final: boolean }> {
  const index = await folder.records.readArtifact(folder.id, 'dataset/index.json');
  if (index !== undefined) return { rows: await readRows(folder, (JSON.parse(index) as { items: number[] }).items), final: true };
  const manifest = await folder.manifest();
  const certain = certainRows(manifest.plan, await standingsOf(folder, manifest));
  return { rows: await readRows(folder, withinSimulatedShare(manifest, certain, itemCells(manifest))), final: false };
}

async function standingsOf(folder: CampaignFolder, manifest: Manifest): Promise<Standings> {
  const standings = openStandings(itemCells(manifest));
  for (const [item, outcome] of await folder.outcomes()) {
    const row = outcome.kind === 'verified' ? await folder.row(item) : undefined;
    applyResult(standings, { item, outcome, signature: row?.signature ?? '', spend: { accepted: 0, attempts: 0, inputTokens: 0, outputTokens: 0, costMicroUsd: 0 }, attempts: [] });
  }
  return standings;
}

async function readRows(folder: CampaignFolder, items: readonly number[]): Promise<StoredRow[]> {
  const rows: StoredRow[] = [];
  for (const item of items) {
    const row = await folder.row(item);
    if (!row) throw new InputError(`Expected the row of item ${item} under ${join(folder.path, 'rows')}, got nothing; the folder is incomplete, and only the machine that ran the worker has it whole`);
    rows.push(row);
  }
  return rows;
}
