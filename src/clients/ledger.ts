import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { mkdir, open, readdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { addCost, NO_COST, type Cost } from '../core/campaign/budget';
import type { Contact, Ledger, Silence } from '../activities/deps';

/** A line of a file. `at`: when the contact ended, in ms since 1970. */
type Entry = Partial<Cost> & { contact?: Contact; at?: number };

/** What a process has noted of an endpoint: its last answer, and the failures after it. */
interface Reached {
  answeredAt: number;
  failedAt: number;
  failures: number;
  message: string;
}

/** The sum of one process's lines. */
interface Book {
  cost: Cost;
  reached: Map<string, Reached>;
}

interface Account {
  /** Written by this process: known at once, never read back. */
  own: Book;
  others: Map<string, { offset: number; book: Book }>;
  refresh?: Promise<void>;
}

const emptyBook = (): Book => ({ cost: NO_COST, reached: new Map() });

/**
 * The live spend of each campaign, and how it gets on with its endpoints: one append-only file per worker process under `ledger/`, each worker adding up all of
 * them. Chosen over spend reported by workflows (late, and events for every report) and over adding up the records
 * (thousands of files). A file per process needs no atomic append between machines, only a shared folder.
 */
export function createLedger(home: string): Ledger {
  const ownName = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}.jsonl`;
  const accounts = new Map<string, Account>();
  const folderOf = (campaign: string): string => join(home, 'campaigns', campaign, 'ledger');
  const accountOf = (campaign: string): Account => {
    const account = accounts.get(campaign) ?? { own: emptyBook(), others: new Map<string, { offset: number; book: Book }>() };
    accounts.set(campaign, account);
    return account;
  };
  const booksOf = (campaign: string): Book[] => {
    const { own, others } = accountOf(campaign);
    return [own, ...[...others.values()].map(({ book }) => book)];
  };

  return {
    add: async (campaign, added) => {
      const entry: Entry = added.contact === undefined ? added : { ...added, at: Date.now() };
      enter(accountOf(campaign).own, entry);
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
      return booksOf(campaign).reduce((sum, { cost }) => addCost(sum, cost), NO_COST);
    },
    silent: (campaign) => silencesIn(booksOf(campaign)),
  };
}

function enter(book: Book, { contact, at = 0, ...spent }: Entry): void {
  book.cost = addCost(book.cost, { ...NO_COST, ...spent });
  if (contact === undefined) return;
  const { answeredAt, failures } = book.reached.get(contact.endpoint) ?? { answeredAt: 0, failures: 0 };
  book.reached.set(contact.endpoint, contact.failed === undefined ? { answeredAt: at, failedAt: 0, failures: 0, message: '' } : { answeredAt, failedAt: at, failures: failures + 1, message: contact.failed });
}

/** One request may fail by itself. */
const FAILURES_OF_A_SILENCE = 3;

/** Endpoints that have answered nobody since they failed; a process that has ended long ago still tells when that was. */
function silencesIn(books: readonly Book[]): Silence[] {
  return [...new Set(books.flatMap(({ reached }) => [...reached.keys()]))].sort().flatMap((endpoint) => {
    const all = books.flatMap(({ reached }) => reached.get(endpoint) ?? []);
    const answeredAt = Math.max(...all.map((seen) => seen.answeredAt));
    const since = all.filter(({ failedAt }) => failedAt > answeredAt).sort((a, b) => a.failedAt - b.failedAt);
    const failures = since.reduce((sum, seen) => sum + seen.failures, 0);
    return failures < FAILURES_OF_A_SILENCE ? [] : [{ endpoint, failures, message: since.at(-1)?.message ?? '' }];
  });
}

async function readOthers(folder: string, ownName: string, account: Account): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    if (name === ownName) continue;
    const known = account.others.get(name) ?? { offset: 0, book: emptyBook() };
    account.others.set(name, known);
    known.offset = await readOn(join(folder, name), known);
  }
}

/** Enters what was written since the last look, and says where that ended. The last line may be half-written and is left for the next look. */
async function readOn(file: string, { offset, book }: { offset: number; book: Book }): Promise<number> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    if (size <= offset) return offset;
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - offset), 0, size - offset, offset);
    const lines = buffer.subarray(0, bytesRead).toString('utf8').split('\n');
    const torn = parse(lines.at(-1) ?? '') === undefined ? (lines.pop() ?? '') : '';
    for (const line of lines) enter(book, parse(line) ?? {});
    return offset + bytesRead - Buffer.byteLength(torn);
  } finally {
    await handle.close();
  }
}

function parse(line: string): Entry | undefined {
  try {
    return JSON.parse(line) as Entry;
  } catch {
    return undefined;
  }
}
