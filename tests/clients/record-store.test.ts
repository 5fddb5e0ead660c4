import { appendFile, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRecordStore, formatLine, parseRecord } from '../../src/clients/record-store';
import type { RecordLine } from '../../src/activities/deps';
import '../fixtures/full-disk.cjs';

const line = (key: string, value: number): RecordLine => ({ key, kind: 'decision', value });

describe('a record file', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'hardgen-records-'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  it('gives back what was appended, in order', async () => {
    const store = createRecordStore(home);
    await store.append({ campaign: 'c', record: 't-00000', line: line('a', 1) });
    await store.append({ campaign: 'c', record: 't-00000', line: line('b', 2), durable: true });
    expect(await store.read('c', 't-00000')).toEqual([line('a', 1), line('b', 2)]);
    expect(await store.listRecords('c')).toEqual(['t-00000']);
  });

  it('keeps the first complete line of a key, and tells a late writer so', async () => {
    const store = createRecordStore(home);
    await store.append({ campaign: 'c', record: 'r', line: line('a', 1) });
    expect(await store.append({ campaign: 'c', record: 'r', line: line('a', 99) })).toEqual(line('a', 1));
  });

  it('loses only the torn line when one is torn in the middle', async () => {
    const store = createRecordStore(home);
    for (const [key, value] of [['a', 1], ['b', 2], ['c', 3]] as const) await store.append({ campaign: 'c', record: 'r', line: line(key, value) });
    const file = join(home, 'campaigns/c/records/r.jsonl');
    const text = await readFile(file, 'utf8');
    const torn = text.replace(formatLine(line('b', 2)), formatLine(line('b', 2)).slice(0, -15));
    await writeFile(file, torn);
    expect(await store.read('c', 'r')).toEqual([line('a', 1), line('c', 3)]);
    await store.append({ campaign: 'c', record: 'r', line: line('b', 7) });
    expect(await store.read('c', 'r')).toEqual([line('a', 1), line('c', 3), line('b', 7)]);
  });

  it('appends whole after a write that ended in mid-line', async () => {
    const store = createRecordStore(home);
    await store.append({ campaign: 'c', record: 'r', line: line('a', 1) });
    await appendFile(join(home, 'campaigns/c/records/r.jsonl'), '\n{"sum":"12');
    expect(await store.append({ campaign: 'c', record: 'r', line: line('b', 2) })).toEqual(line('b', 2));
  });

  it('passes over a line whose content was edited', () => {
    expect(parseRecord(formatLine(line('a', 1)).replace('"value":1', '"value":2'))).toEqual([]);
  });

  it('reads nothing from a record that is not there', async () => {
    expect(await createRecordStore(home).read('none', 't-00000')).toEqual([]);
  });

  it('shows what another worker appended since it was last read, also a line that was only half there then', async () => {
    const [ours, theirs] = [createRecordStore(home), createRecordStore(home)];
    const file = join(home, 'campaigns/c/records/r.jsonl');
    await ours.append({ campaign: 'c', record: 'r', line: line('a', 1) });
    await theirs.append({ campaign: 'c', record: 'r', line: line('b', 2) });
    expect(await ours.read('c', 'r')).toEqual([line('a', 1), line('b', 2)]);
    const half = formatLine(line('é', 3));
    await appendFile(file, half.slice(0, -10));
    expect(await ours.read('c', 'r')).toHaveLength(2);
    await appendFile(file, half.slice(-10));
    expect(await ours.read('c', 'r')).toEqual([line('a', 1), line('b', 2), line('é', 3)]);
  });

  it('is read anew when it was replaced', async () => {
    const store = createRecordStore(home);
    const file = join(home, 'campaigns/c/records/r.jsonl');
    await store.append({ campaign: 'c', record: 'r', line: line('a', 1) });
    await store.append({ campaign: 'c', record: 'r', line: line('b', 2) });
    await writeFile(`${file}.new`, formatLine(line('z', 26)) + formatLine(line('y', 25)) + formatLine(line('x', 24)));
    await rename(`${file}.new`, file);
    expect((await store.read('c', 'r')).map(({ key }) => key)).toEqual(['z', 'y', 'x']);
  });

  it('stores equal values under one content address', async () => {
    const store = createRecordStore(home);
    const hash = await store.writeBlob({ b: 1, a: [2] });
    expect(await store.writeBlob({ a: [2], b: 1 })).toBe(hash);
    expect(await store.readBlob(hash)).toEqual({ a: [2], b: 1 });
  });
});

describe('a full disk', () => {
  let home: string;
  const flag = (): string => join(home, 'full');
  const text = (): Promise<string> => readFile(join(home, 'campaigns/c/records/r.jsonl'), 'utf8');
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'hardgen-records-'));
    process.env.FULL_DISK = flag();
  });
  afterEach(async () => {
    delete process.env.FULL_DISK;
    await rm(home, { recursive: true, force: true });
  });

  it('is told with the file it was about, and a half-written line harms nothing', async () => {
    const store = createRecordStore(home);
    await store.append({ campaign: 'c', record: 'r', line: line('a', 1) });
    await writeFile(flag(), '');
    await expect(store.append({ campaign: 'c', record: 'r', line: line('b', 2) })).rejects.toMatchObject({ code: 'ENOSPC', message: expect.stringMatching(/Expected to write .*r\.jsonl, got ENOSPC/) as string });
    expect(await text()).toContain(formatLine(line('b', 2)).slice(0, 20));
    expect(await store.read('c', 'r')).toEqual([line('a', 1)]);
    await rm(flag());
    await store.append({ campaign: 'c', record: 'r', line: line('b', 3) });
    expect(await store.read('c', 'r')).toEqual([line('a', 1), line('b', 3)]);
  });

  it('leaves a paid reply owed: nothing is read of its file before it is written, and then it is there', async () => {
    const store = createRecordStore(home);
    await store.append({ campaign: 'c', record: 'r', line: line('a', 1) });
    await writeFile(flag(), '');
    await expect(store.append({ campaign: 'c', record: 'r', line: line('paid', 2), durable: true })).rejects.toMatchObject({ code: 'ENOSPC' });
    await expect(store.read('c', 'r')).rejects.toMatchObject({ code: 'ENOSPC' });
    await rm(flag());
    expect(await store.read('c', 'r')).toEqual([line('a', 1), line('paid', 2)]);
    expect(await createRecordStore(home).read('c', 'r')).toEqual([line('a', 1), line('paid', 2)]);
  });

  it('keeps the old artifact whole, and no half of the new one', async () => {
    const store = createRecordStore(home);
    await store.writeArtifact('c', 'summary.json', 'old');
    await writeFile(flag(), '');
    await expect(store.writeArtifact('c', 'summary.json', 'new and longer')).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(await store.readArtifact('c', 'summary.json')).toBe('old');
    expect(await readdir(join(home, 'campaigns/c'))).toEqual(['summary.json']);
  });
});
