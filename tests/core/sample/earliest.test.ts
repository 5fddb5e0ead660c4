import { atEarliest } from '../../../src/core/sample/earliest';
import type { ArgSource } from '../../../src/core/trace';

const source = (call: string): ArgSource => ({ kind: 'output', pointer: '/path', call, path: '/modified/0' });

describe('a value that an earlier result already showed', () => {
  const opened = { id: 'c1', result: { snapshot: { unstaged: ['bass/evening.txt'] } } };
  const status = { id: 'c2', result: { modified: ['bass/evening.txt'] } };

  it('is taken from there, so that a second look-up is not called for', () => {
    expect(atEarliest(source('c2'), 'bass/evening.txt', [opened, status])).toEqual({ kind: 'output', pointer: '/path', call: 'c1', path: '/snapshot/unstaged/0' });
  });

  it('stays with its producer when nothing showed it before', () => {
    expect(atEarliest(source('c2'), 'bass/evening.txt', [{ id: 'c1', result: {} }, status])).toEqual(source('c2'));
  });

  it('stays with its producer when it is too short to be more than a coincidence', () => {
    expect(atEarliest(source('c2'), 'm', [{ id: 'c1', result: 'm' }, status])).toEqual(source('c2'));
  });

  it('brings the attribute that names its list element there', () => {
    const listed = { id: 'c1', result: { files: [{ file: 'bass/evening.txt', part: 'bass voice' }, { file: 'alto/evening.txt', part: 'alto voice' }] } };
    expect(atEarliest(source('c2'), 'bass/evening.txt', [listed, status])).toMatchObject({ call: 'c1', path: '/files/0/file', pick: { path: '/files/0/part', value: 'bass voice' } });
  });

  it('leaves facts and samples alone', () => {
    expect(atEarliest({ kind: 'fact', pointer: '/city', fact: 'home_city' }, 'Morvane', [{ id: 'c1', result: 'Morvane' }])).toEqual({ kind: 'fact', pointer: '/city', fact: 'home_city' });
  });
});
