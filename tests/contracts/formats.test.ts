import { FORMATS } from '../../src/core/dataset/formats';
import { datasetCard } from '../../src/core/dataset/card';
import type { Format } from '../../src/core/dataset/format';
import type { NamedRow, RowMessage, RowToolCall } from '../../src/core/dataset/row';
import { parseRow } from '../../src/core/dataset/row.schema';
import type { JsonObject } from '../../src/core/json';
import { digestOf } from '../../src/digest';
import { parcelRow } from '../core/dataset/parcel';

/** What a reader of a format gets back from one row. */
interface ReadBack {
  messages: RowMessage[];
  tools: NamedRow['tools'];
}

/** How each format is read again; a format without a reader is not finished. */
const READERS: { [format: string]: (line: string) => ReadBack } = {
  jsonl: (line) => parseRow(JSON.parse(line), 'line'),
  trl: (line) => JSON.parse(line) as ReadBack,
};

/** A second row whose argument has another type under the same key: Arrow would pad or refuse it. */
function mixedRow(): NamedRow {
  const row = parcelRow();
  const call = (row.messages[5] as { tool_calls: RowToolCall[] }).tool_calls[0] as RowToolCall;
  call.function.arguments = { ...call.function.arguments, size: 'L' };
  return row;
}

function sizedRow(): NamedRow {
  const row = mixedRow();
  ((row.messages[5] as { tool_calls: RowToolCall[] }).tool_calls[0] as RowToolCall).function.arguments.size = 4;
  return row;
}

const ROWS = [parcelRow(), mixedRow(), sizedRow()];
const callsOf = (messages: readonly RowMessage[]): RowToolCall[] => messages.flatMap((message) => (message.role === 'assistant' ? (message.tool_calls ?? []) : []));

function readBack(format: Format, rows: readonly NamedRow[]): ReadBack[] {
  const reader = READERS[format.name];
  if (!reader) throw new Error(`Expected a reader of ${format.name} in this suite`);
  return format.files(rows).flatMap((file) => file.content.split('\n').filter((line) => line !== '').map(reader));
}

it('every format has a name of its own and a reader here', () => {
  expect(new Set(FORMATS.map((format) => format.name)).size).toBe(FORMATS.length);
  expect(FORMATS.map((format) => format.name)).toEqual(Object.keys(READERS));
});

describe.each(FORMATS.map((format) => [format.name, format] as const))('%s', (_name, format) => {
  it('gives every source call back: id, tool and arguments with their types', () => {
    expect(readBack(format, ROWS).map((row) => callsOf(row.messages))).toEqual(ROWS.map((row) => callsOf(row.messages)));
  });

  it('keeps arguments as objects, never as text', () => {
    for (const call of readBack(format, ROWS).flatMap((row) => callsOf(row.messages))) expect(typeof call.function.arguments).toBe('object');
  });

  it('keeps one key with two types in two rows, and adds no key with null', () => {
    const sizes = readBack(format, ROWS).map((row) => (callsOf(row.messages)[2] as RowToolCall).function.arguments);
    expect(sizes.map((args: JsonObject) => args.size)).toEqual([undefined, 'L', 4]);
    expect(format.files(ROWS).map((file) => file.content).join('')).not.toContain(':null');
  });

  it('keeps the JSON Schema of every tool', () => {
    expect(readBack(format, ROWS).map((row) => row.tools)).toEqual(ROWS.map((row) => row.tools));
  });

  it('keeps text and thinking next to a call, and has text, not null, where there is none', () => {
    const [first] = readBack(format, ROWS);
    expect(first?.messages[2]).toMatchObject({ content: 'I look up both depots.', reasoning_content: 'Both depots first.' });
    expect(first?.messages.every((message) => typeof message.content === 'string')).toBe(true);
  });

  it('pairs every result with its call, in a place right after it, with the tool\'s name', () => {
    for (const { messages } of readBack(format, ROWS)) {
      messages.forEach((message, index) => {
        if (message.role !== 'tool') return;
        const response = messages.slice(0, index).findLast((other) => other.role !== 'tool') as { tool_calls?: RowToolCall[] };
        expect(response.tool_calls?.find((call) => call.id === message.tool_call_id)?.function.name).toBe(message.name);
      });
    }
  });

  it('has system, then user and assistant in turn, calls and results between them', () => {
    for (const { messages } of readBack(format, ROWS)) {
      const speakers = messages.filter((message) => message.role !== 'tool' && !(message.role === 'assistant' && message.tool_calls)).map((message) => message.role);
      expect(speakers).toEqual(['system', 'user', 'assistant', 'user', 'assistant']);
    }
  });

  it('holds the rows in their order, counts them, and gives equal bytes for equal rows', () => {
    const files = format.files(ROWS);
    expect(files.reduce((sum, file) => sum + file.rows, 0)).toBe(ROWS.length);
    expect(format.files(structuredClone(ROWS))).toEqual(files);
  });

  it('writes an empty dataset as empty files', () => {
    expect(format.files([]).every((file) => file.content === '' && file.rows === 0)).toBe(true);
  });
});

it('jsonl: an id is the hash of its own line without the id', () => {
  const [line = ''] = (FORMATS[0] as Format).files([parcelRow()])[0]?.content.split('\n') ?? [];
  const { id, ...row } = JSON.parse(line) as NamedRow;
  expect(digestOf(row as unknown as JsonObject)).toBe(id);
});

describe('the dataset card', () => {
  const card = (rows: NamedRow[]): string => datasetCard({ name: 'parcels', rows, format: FORMATS[0] as Format, files: ['rows.jsonl'] });

  it('says simulated in its first line when any row is', () => {
    expect(card([parcelRow(), { ...parcelRow(), simulated: true }]).split('\n')[0]).toContain('simulated');
  });

  it('opens with the front matter of the Hub when none is', () => {
    expect(card([parcelRow()])).toMatch(/^---\npretty_name: parcels\n[\s\S]*size_categories: \[n<1K\]\n[\s\S]*path: rows\.jsonl\}\n---\n/);
    expect(card([parcelRow()])).not.toContain('simulated');
  });

  it('counts rows per world and cell, calls per tool, and says how long rows are', () => {
    expect(card([parcelRow()])).toContain('| parcels/3-4/multi | 1 |');
    expect(card([parcelRow()])).toContain('| find_depot | 2 |');
    expect(card([parcelRow()])).toMatch(/median \d+, 95 % \d+, longest \d+/);
  });
});
