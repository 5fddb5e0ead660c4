import { compareRows, ledgerOf } from '../../src/chaos/ledger';
import { formatLine } from '../../src/clients/record-store';
import type { RecordLine } from '../../src/activities/deps';

let n = 0;
const sent = (key: string): RecordLine => ({ key: `sent/${key}/${n++}`, kind: 'sent', value: { key } });
const failed = (key: string, type: string): RecordLine => ({ key: `failed/${key}/${n++}`, kind: 'failed', value: { key, type } });
const call = (key: string): RecordLine => ({ key: `call/${key}/abc`, kind: 'call', value: { key } });
const recordOf = (...lines: RecordLine[]): string => lines.map(formatLine).join('');

describe('the ledger of a record', () => {
  it('counts a call that was asked for once as paid once', () => {
    expect(ledgerOf(recordOf(sent('reason/0'), call('reason/0'), sent('reason/1'), call('reason/1')))).toEqual({ sent: 2, answered: 2, stored: 2, paid: 2, paidTwice: 0 });
  });

  it('counts a call that a dead worker had out as paid twice', () => {
    expect(ledgerOf(recordOf(sent('reason/0'), sent('reason/0'), call('reason/0')))).toEqual({ sent: 2, answered: 1, stored: 1, paid: 2, paidTwice: 1 });
  });

  it('counts what an endpoint refused as not paid, and what was cut as paid', () => {
    const refused = recordOf(sent('a'), failed('a', 'LlmServer'), sent('a'), failed('a', 'LlmRateLimit'), sent('a'), call('a'));
    expect(ledgerOf(refused)).toMatchObject({ paid: 1, paidTwice: 0 });
    expect(ledgerOf(recordOf(sent('a'), failed('a', 'LlmConnection'), sent('a'), call('a')))).toMatchObject({ paid: 2, paidTwice: 1 });
  });

  it('counts both replies of a call that two attempts wrote, of which one is stored', () => {
    expect(ledgerOf(recordOf(sent('a'), sent('a'), call('a'), call('a')))).toEqual({ sent: 2, answered: 2, stored: 1, paid: 2, paidTwice: 1 });
  });

  it('passes over a torn line', () => {
    expect(ledgerOf(`${recordOf(sent('a'))}\n{"sum":"00","line":{"key":"call/a`)).toMatchObject({ sent: 1, answered: 0, stored: 0 });
  });
});

describe('rows of a disturbed run', () => {
  const row = (id: string, bytes = `{"id":"${id}"}`): { id: string; bytes: string } => ({ id, bytes });

  it('are identical when every byte and the order are', () => {
    expect(compareRows([row('a'), row('b')], [row('a'), row('b')])).toEqual({ rows: 2, lost: [], doubled: [], identical: true });
    expect(compareRows([row('b'), row('a')], [row('a'), row('b')])).toMatchObject({ lost: [], identical: false });
    expect(compareRows([row('a', '{}')], [row('a')])).toMatchObject({ identical: false });
  });

  it('are named when lost and when doubled', () => {
    expect(compareRows([row('a'), row('a')], [row('a'), row('b')])).toEqual({ rows: 2, lost: ['b'], doubled: ['a'], identical: false });
  });

  it('without an undisturbed run are lost when the index names them and nobody wrote them', () => {
    expect(compareRows([row('a'), row('item 3', '')])).toEqual({ rows: 2, lost: ['item 3'], doubled: [], identical: null });
  });
});
