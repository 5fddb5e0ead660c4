import { FORMATS } from '../../../src/core/dataset/formats';
import { datasetCard } from '../../../src/core/dataset/card';
import type { NamedRow, RowMessage } from '../../../src/core/dataset/row';
import { splitByResponse, type ResponseRow } from '../../../src/core/dataset/split';
import { parcelRow } from './parcel';

interface Line {
  history: RowMessage[];
  response: RowMessage[];
}

/** How a trainer tells what is history and what bears loss, per format. */
const READERS: { [format: string]: (line: string) => Line } = {
  jsonl: (line) => {
    const row = JSON.parse(line) as ResponseRow;
    return { history: row.history, response: [row.response] };
  },
  trl: (line) => {
    const row = JSON.parse(line) as { prompt: RowMessage[]; completion: RowMessage[] };
    return { history: row.prompt, response: row.completion };
  },
};

const other = (): NamedRow => ({ ...parcelRow(), id: 'f'.repeat(64) });

describe('a row split by response', () => {
  it('has one line per assistant response, the last of which holds the whole conversation', () => {
    const row = parcelRow();
    const lines = splitByResponse(row);
    expect(lines.map((line) => [line.number, line.of, line.turn])).toEqual([[0, 5, 0], [1, 5, 0], [2, 5, 0], [3, 5, 1], [4, 5, 1]]);
    expect([...(lines.at(-1)?.history ?? []), lines.at(-1)?.response]).toEqual(row.messages);
  });

  it('is conditioned on all messages before the response and on none after it', () => {
    const row = parcelRow();
    for (const { history, response } of splitByResponse(row)) {
      expect(history).toEqual(row.messages.slice(0, history.length));
      expect(row.messages[history.length]).toBe(response);
    }
  });

  it('never holds a thrown-away attempt', () => {
    expect(JSON.stringify(splitByResponse(parcelRow()))).not.toContain('No idea');
  });

  it('names each line after its row, so that ids change only with the row', () => {
    expect(splitByResponse(parcelRow()).map((line) => line.id)).toEqual([0, 1, 2, 3, 4].map((number) => `${parcelRow().id}/${number}`));
  });
});

describe.each(FORMATS.map((format) => [format.name, format] as const))('%s by response', (name, format) => {
  const lines = (rows: readonly NamedRow[]): Line[] =>
    format.byResponse.files(rows.flatMap(splitByResponse)).flatMap((file) => file.content.split('\n').filter(Boolean).map(READERS[name] as (line: string) => Line));

  it('gives the conversations back when its lines are joined', () => {
    const ends = lines([parcelRow(), other()]).filter((line, index, all) => (all[index + 1]?.history.length ?? 0) <= line.history.length);
    expect(ends.map((line) => [...line.history, ...line.response])).toEqual([parcelRow().messages, other().messages]);
  });

  it('marks exactly one message as the target, an assistant\'s, and lets no later message into an earlier line', () => {
    const { messages } = parcelRow();
    for (const { history, response } of lines([parcelRow()])) {
      expect(response).toEqual([messages[history.length]]);
      expect(response[0]?.role).toBe('assistant');
      expect(history).toEqual(messages.slice(0, history.length));
    }
  });

  it('ends every history with what is answered: the user or a tool', () => {
    expect(lines([parcelRow()]).map((line) => line.history.at(-1)?.role)).toEqual(['user', 'tool', 'tool', 'user', 'tool']);
  });

  it('counts its lines, gives equal bytes for equal rows, and nothing for none', () => {
    const rows = splitByResponse(parcelRow());
    expect(format.byResponse.files(rows)[0]?.rows).toBe(5);
    expect(format.byResponse.files(structuredClone(rows))).toEqual(format.byResponse.files(rows));
    expect(format.byResponse.files([])).toEqual([{ ...format.byResponse.files(rows)[0], content: '', rows: 0 }]);
  });

  it('is told by the card: how many lines, and how to load them', () => {
    const card = datasetCard({ name: 'parcels', rows: [parcelRow(), other()], format, split: 'response', files: ['x.jsonl'] });
    expect(card).toContain('| where the tools come from | rows |\n|---|---:|\n| builtin | 2 |');
    expect(card).toContain('One line per assistant response, 10 in all');
    expect(card).toContain(format.byResponse.loading);
  });
});

it('every format says here how its responses are read', () => {
  expect(Object.keys(READERS)).toEqual(FORMATS.map((format) => format.name));
});
