import { formatLine } from '../../src/clients/record-store';
import { firstDifference } from '../../src/audit/difference';
import { readRecordFile } from '../../src/audit/record-file';
import { decisionKeyOf, taskId, tasksOf } from '../../src/audit/tasks';
import type { RecordLine } from '../../src/activities/deps';

const line = (key: string, kind: RecordLine['kind'] = 'decision'): RecordLine => ({ key, kind, value: { text: key } });

describe('a record file, read line by line', () => {
  it('gives its lines with their places', () => {
    const read = readRecordFile(formatLine(line('a')) + formatLine(line('b')), 'r');
    expect(read.lines.map(({ key }) => key)).toEqual(['a', 'b']);
    expect([...read.places]).toEqual([['a', 2], ['b', 3]]);
    expect(read.findings).toEqual([]);
  });

  it('passes over a line that a crash cut off, wherever it was cut', () => {
    const whole = formatLine(line('a'));
    for (let length = 2; length < whole.length - 1; length++) {
      const read = readRecordFile(whole.slice(0, length) + formatLine(line('b')), 'r');
      expect({ length, torn: read.torn, findings: read.findings }).toEqual({ length, torn: 1, findings: [] });
    }
  });

  it('names a line of which one byte was changed, with its number and key', () => {
    const text = formatLine(line('a')) + formatLine(line('b')).replace('"text":"b"', '"text":"c"');
    expect(readRecordFile(text, 'r').findings).toEqual([expect.objectContaining({ file: 'r', at: '3', expected: expect.stringContaining('(b)') })]);
  });

  it('takes the first of two lines with one key', () => {
    const read = readRecordFile(formatLine({ ...line('a'), value: 1 }) + formatLine({ ...line('a'), value: 2 }), 'r');
    expect(read.lines).toEqual([{ ...line('a'), value: 1 }]);
  });
});

describe('the tasks of a record', () => {
  it('are those of its calls and decisions, each once, in order', () => {
    const tasks = tasksOf([
      line('call/tool-maker/0/0/1/1/abc', 'call'), line('turn/0/tool/1'), line('call/target/m1/0/2/1/1/abc', 'call'), line('target/1/1/step/2'),
      line('call/verifier/0/1/2/3/abc', 'call'), line('turn/0/step/1/rewrite/2'),
    ]);
    expect(tasks).toEqual([
      { activity: 'makeTool', at: { turn: 0, attempt: 1 } }, { activity: 'tryTarget', at: { target: 1, attempt: 1, step: 2 } },
      { activity: 'verify', at: { turn: 0, step: 1, attempt: 2, tryNumber: 3 } }, { activity: 'rewrite', at: { turn: 0, step: 1, tryNumber: 2 } },
    ]);
    expect(tasks.map(decisionKeyOf)).toEqual(['turn/0/tool/1', 'target/1/1/step/2', 'turn/0/step/1/attempt/2/feedback/3', 'turn/0/step/1/rewrite/2']);
  });

  it('have the same name in a history', () => {
    expect(taskId('verify', { campaign: 'c', purpose: 'trajectory', item: 3, turn: 0, step: 1, attempt: 2, tryNumber: 3, last: true })).toBe(taskId('verify', { tryNumber: 3, attempt: 2, step: 1, turn: 0 }));
  });
});

it('the first difference of two values is a pointer with both sides', () => {
  expect(firstDifference({ a: [1, { b: 2 }], c: 1 }, { c: 1, a: [1, { b: 3 }] })).toEqual({ pointer: '/a/1/b', expected: 2, got: 3 });
  expect(firstDifference({ a: 1 }, { a: 1 })).toBeUndefined();
  expect(firstDifference([1], [1, 2])).toEqual({ pointer: '/1', expected: undefined, got: 2 });
});
