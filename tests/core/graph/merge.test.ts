import { emptySnapshot, mergeSnapshots, withFailureTools } from '../../../src/core/graph/merge';

describe('merged graphs', () => {
  const rail = { ...emptySnapshot('base/rail', ['rail::b', 'rail::a']), version: 3, failureTools: ['rail::a'] };
  const git = emptySnapshot('base/git', ['git::log']);

  test('a campaign starts at version 0 with the tools of all its worlds, sorted, and an empty T', () => {
    const merged = mergeSnapshots('campaign', [rail, git]);
    expect(merged).toMatchObject({ graph: 'campaign', version: 0, failureTools: [] });
    expect(merged.tools.map((tool) => tool.key)).toEqual(['git::log', 'rail::a', 'rail::b']);
  });

  test('a tool in two parts is an error that names it', () => {
    expect(() => mergeSnapshots('campaign', [rail, rail])).toThrow('got `rail::a` in two of base/rail, base/rail');
  });
});

describe('failure set T', () => {
  const graph = emptySnapshot('g', ['w::a', 'w::b', 'w::c']);

  test('is stored sorted and its changes are logged both ways', () => {
    const first = withFailureTools(graph, ['w::c', 'w::a', 'w::c']);
    expect(first.snapshot.failureTools).toEqual(['w::a', 'w::c']);
    expect(withFailureTools(first.snapshot, ['w::b', 'w::c']).changes).toEqual([
      { op: 'failure-set', tool: 'w::a', data: { failed: false } },
      { op: 'failure-set', tool: 'w::b', data: { failed: true } },
    ]);
  });

  test('holds tools of the graph only', () => {
    expect(() => withFailureTools(graph, ['w::z'])).toThrow('got `w::z`');
  });
});
