import { createHash } from 'node:crypto';
import { appendFileSync, closeSync, existsSync, fdatasync, fstatSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { readFile, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { canonicalJson, isObject, type Json } from '../core/json';
import type { RecordLine, RecordStore } from '../activities/deps';
import { writeWhole } from '../whole-file';

/**
 * One append-only JSONL file per trajectory. A line carries the checksum of its own content and starts with a
 * newline, so a torn line harms only itself; readers skip what does not check. The first complete line of a key wins, and
 * the writer reads back who won, so a zombie attempt is harmless.
 * A durable line for which there was no room is owed: it holds a reply that is paid for, so it is written before the file
 * is next read or added to, and the caller that comes back after the disk was put right finds it there.
 * A file only ever grows, so what was read of it is kept and a read costs its new lines: one model call reads its record
 * four times, and checking every line again was most of a worker's work.
 * A record is a few kilobytes that lie in the page cache: the system call takes microseconds, handing it to a thread and
 * hearing back a hundred of them. So only what waits for the disk itself, the flush, is handed over.
 */
export function createRecordStore(home: string): RecordStore {
  const owed = new Map<string, RecordLine[]>();
  const known = createReader();
  const fileOf = (campaign: string, record: string): string => join(home, 'campaigns', campaign, 'records', `${record}.jsonl`);

  async function read(campaign: string, record: string): Promise<RecordLine[]> {
    const file = fileOf(campaign, record);
    await payOwed(file);
    return known.read(file);
  }

  async function append(input: { campaign: string; record: string; line: RecordLine; durable?: boolean; unique?: boolean }): Promise<RecordLine> {
    const file = fileOf(input.campaign, input.record);
    await payOwed(file);
    let lines: RecordLine[];
    try {
      lines = await writeLine(file, input.line, { durable: input.durable === true, readBack: input.unique ? undefined : known });
    } catch (error) {
      if (input.durable) owed.set(file, [...(owed.get(file) ?? []), input.line]);
      throw error;
    }
    if (input.unique) return input.line;
    const winner = lines.find((line) => line.key === input.line.key);
    if (!winner) throw diskError('EIO', `Expected to read back record line ${input.line.key} of ${file} after appending it, got nothing`);
    return winner;
  }

  async function payOwed(file: string): Promise<void> {
    const lines = owed.get(file);
    if (!lines) return;
    for (const line of lines) await writeLine(file, line, { durable: true });
    // A line that came to be owed meanwhile stays owed.
    const left = (owed.get(file) ?? []).filter((line) => !lines.includes(line));
    if (left.length > 0) owed.set(file, left);
    else owed.delete(file);
  }

  return {
    read,
    append,
    listRecords: async (campaign) =>
      (await listFolder(join(home, 'campaigns', campaign, 'records'))).filter((name) => /^[^.]+\.jsonl$/.test(name)).map((name) => name.slice(0, -'.jsonl'.length)),
    replace: (campaign, record, lines) => writeTold(fileOf(campaign, record), `${lines.map(formatLine).join('')}\n`),
    readBlob: async (hash) => JSON.parse(await readFile(blobFile(home, hash), 'utf8')) as Json,
    writeBlob: async (value) => {
      const text = canonicalJson(value);
      const hash = createHash('sha256').update(text).digest('hex');
      await writeOnce(blobFile(home, hash), text);
      return hash;
    },
    readArtifact: async (campaign, path) => {
      const text = await readText(join(home, 'campaigns', campaign, path));
      return text === '' ? undefined : text;
    },
    writeArtifact: async (campaign, path, content) => writeTold(join(home, 'campaigns', campaign, path), content),
    copyArtifact: async (campaign, from, to) => {
      const [source, copy] = [from, to].map((path) => join(home, 'campaigns', campaign, path)) as [string, string];
      if (existsSync(source) && !existsSync(copy)) await writeTold(copy, await readFile(source));
    },
    removeArtifact: async (campaign, path) => rm(join(home, 'campaigns', campaign, path), { force: true }),
  };
}

/** Content-addressed specs lie apart from campaigns: the same trace is the same file, and the simulator may read it. */
export const blobFile = (home: string, hash: string): string => join(home, 'specs', hash.slice(0, 2), `${hash}.json`);

export function formatLine(line: RecordLine): string {
  const body = canonicalJson(line as unknown as Json);
  return `\n{"sum":"${checksum(body)}","line":${body}}`;
}

/** Complete lines in file order, only the first of each key. Anything torn or edited is passed over. */
export function parseRecord(text: string): RecordLine[] {
  const lines = new Map<string, RecordLine>();
  for (const raw of text.split('\n')) keepFirst(lines, parseLine(raw));
  return [...lines.values()];
}

function keepFirst(lines: Map<string, RecordLine>, line: RecordLine | undefined): void {
  if (line && !lines.has(line.key)) lines.set(line.key, line);
}

/** Files whose lines are kept: more than a worker has trajectories open. */
const FILES_KEPT = 512;
const END_KEY = 'outcome';

interface Read {
  inode: number;
  /** Bytes that need no reading again. */
  offset: number;
  lines: Map<string, RecordLine>;
}

interface Reader {
  /** Every line of the file so far; none when there is no file. */
  read(file: string): RecordLine[];
  /** The same of a file that is open. */
  readOpen(file: string, descriptor: number): RecordLine[];
}

/** Reads records, each line once. A file that shrank or was replaced is read anew. */
function createReader(): Reader {
  const files = new Map<string, Read>();

  function read(file: string): RecordLine[] {
    const standing = files.get(file);
    // One look at its size instead of opening it: most reads find nothing new.
    if (standing && isAsRead(file, standing)) return [...standing.lines.values()];
    const descriptor = openToRead(file);
    if (descriptor === undefined) {
      files.delete(file);
      return [];
    }
    try {
      return readOpen(file, descriptor);
    } finally {
      closeSync(descriptor);
    }
  }

  function readOpen(file: string, descriptor: number): RecordLine[] {
    const { size, ino } = fstatSync(descriptor);
    const before = files.get(file);
    const known = before && before.inode === ino && before.offset <= size ? before : { inode: ino, offset: 0, lines: new Map<string, RecordLine>() };
    const bytes = Buffer.alloc(size - known.offset);
    known.offset += take(known.lines, bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, known.offset)));
    files.delete(file);
    // Nobody works on a record that tells its end.
    if (!known.lines.has(END_KEY)) files.set(file, known);
    if (files.size > FILES_KEPT) files.delete(files.keys().next().value as string);
    return [...known.lines.values()];
  }
  return { read, readOpen };
}

function isAsRead(file: string, { inode, offset }: Read): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  return found !== undefined && found.ino === inode && found.size === offset;
}

/** Keeps the lines of these bytes; returns how many are done with. The last line has no end of its own: while it does not check, it may still be growing. */
function take(lines: Map<string, RecordLine>, bytes: Buffer): number {
  const lastStart = bytes.lastIndexOf('\n') + 1;
  for (const raw of bytes.subarray(0, lastStart).toString('utf8').split('\n')) keepFirst(lines, parseLine(raw));
  const last = parseLine(bytes.subarray(lastStart).toString('utf8'));
  keepFirst(lines, last);
  return last ? bytes.length : lastStart;
}

function openToRead(file: string): number | undefined {
  try {
    return openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function parseLine(raw: string): RecordLine | undefined {
  if (!raw) return undefined;
  try {
    const parsed = JSON.parse(raw) as Json;
    if (!isObject(parsed) || !isObject(parsed.line)) return undefined;
    return parsed.sum === checksum(canonicalJson(parsed.line)) ? (parsed.line as unknown as RecordLine) : undefined;
  } catch {
    return undefined;
  }
}

const checksum = (body: string): string => createHash('sha256').update(body).digest('hex').slice(0, 16);

const flush = promisify(fdatasync);

/** Appends a line and, where a reader is given, reads the file's lines back through the same open file. */
async function writeLine(file: string, line: RecordLine, { durable, readBack }: { durable: boolean; readBack?: Reader | undefined }): Promise<RecordLine[]> {
  return told(file, async () => {
    const descriptor = openToAppend(file);
    try {
      appendFileSync(descriptor, formatLine(line));
      if (durable) await flush(descriptor);
      return readBack?.readOpen(file, descriptor) ?? [];
    } finally {
      closeSync(descriptor);
    }
  });
}

function openToAppend(file: string): number {
  try {
    return openSync(file, 'a+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    mkdirSync(dirname(file), { recursive: true });
    return openSync(file, 'a+');
  }
}

/** The system's error with the file that it was about, which it leaves out once a file is open. */
async function told<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw code === undefined ? error : diskError(code, `Expected to write ${file}, got ${message}`, error);
  }
}

const diskError = (code: string, message: string, cause?: unknown): Error => Object.assign(new Error(message, { cause }), { code });

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

async function listFolder(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

const writeTold = (file: string, content: string | Uint8Array): Promise<void> => told(file, () => writeWhole(file, content));

async function writeOnce(file: string, content: string): Promise<void> {
  if ((await readText(file)) === content) return;
  await writeTold(file, content);
}
