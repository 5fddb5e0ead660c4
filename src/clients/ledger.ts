import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { mkdir, open, readdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { addCost, NO_COST, type Cost } from '../core/campaign/budget';
import type { Ledger } from '../activities/deps';

interface Account {
  /** Written by this process: known at once, never read back. */
  own: Cost;
  others: Map<string, { offset: number; cost: Cost }>;
  refresh?: Promise<void>;
}

/**
 * The live spend of each campaign: one append-only file per worker process under `ledger/`, each worker adding up all of
 * them. Chosen over spend reported by workflows (late, and events for every report) and over adding up the records
 * (thousands of files). A file per process needs no atomic append between machines, only a shared folder.
 */
export function createLedger(home: string): Ledger {
  const ownName = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}.jsonl`;
  const accounts = new Map<string, Account>();
  const folderOf = (campaign: string): string => join(home, 'campaigns', campaign, 'ledger');
  const accountOf = (campaign: string): Account => {
    const account = accounts.get(campaign) ?? { own: NO_COST, others: new Map<string, { offset: number; cost: Cost }>() };
    accounts.set(campaign, account);
    return account;
  };

  return {
    add: async (campaign, entry) => {
      const account = accountOf(campaign);
      account.own = addCost(account.own, { ...NO_COST, ...entry });
      // A line that cannot be written stays counted here; the record's own append beside it tells of a full disk.
      const write = (): void => appendFileSync(join(folderOf(campaign), ownName), `\n${JSON.stringify(entry)}`);
      try {
        write();
      } catch {
        await mkdir(folderOf(campaign), { recursive: true }).then(write).catch(() => undefined);
      }
    },
    spent: async (campaign) => {
      const account = accountOf(campaign);
      // Those who ask at the same moment share one look at the files.
      account.refresh ??= readOthers(folderOf(campaign), ownName, account).finally(() => delete account.refresh);
      await account.refresh;
      return [...account.others.values()].reduce((sum, { cost }) => addCost(sum, cost), account.own);
    },
  };
}

async function readOthers(folder: string, ownName: string, account: Account): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    if (name === ownName) continue;
    const known = account.others.get(name) ?? { offset: 0, cost: NO_COST };
    account.others.set(name, await readOn(join(folder, name), known));
  }
}

/** Adds what was written since the last look. The last line may be half-written and is left for the next look. */
async function readOn(file: string, known: { offset: number; cost: Cost }): Promise<{ offset: number; cost: Cost }> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    if (size <= known.offset) return known;
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - known.offset), 0, size - known.offset, known.offset);
    const lines = buffer.subarray(0, bytesRead).toString('utf8').split('\n');
    const torn = parse(lines.at(-1) ?? '') === undefined ? (lines.pop() ?? '') : '';
    return { offset: known.offset + bytesRead - Buffer.byteLength(torn), cost: lines.reduce((sum, line) => addCost(sum, parse(line) ?? NO_COST), known.cost) };
  } finally {
    await handle.close();
  }
}

function parse(line: string): Cost | undefined {
  try {
    return { ...NO_COST, ...(JSON.parse(line) as Partial<Cost>) };
  } catch {
    return undefined;
  }
}
