import { describeGraph, graphToMermaid } from '../../../src/core/graph/describe';
import type { GraphSnapshot } from '../../../src/core/graph/graph';
import { emptyTool } from '../../../src/core/graph/merge';

const graph: GraphSnapshot = {
  graph: 'rail', version: 2, failureTools: ['rail::search'],
  tools: [
    { ...emptyTool('rail::near'), calls: 4, ok: 3, effect: 'read' },
    {
      ...emptyTool('rail::search'), calls: 2, ok: 2, effect: 'read',
      groups: [
        { id: '1', kind: 'data', param: '/from', members: [{ tool: 'rail::near', outPath: '/code' }, { tool: 'rail::station', outPath: '/code' }] },
        { id: '2', kind: 'data', param: '/via', members: [{ tool: 'rail::near', outPath: '/code' }], optional: true },
        { id: '3', kind: 'state', members: [{ tool: 'login::sign_in' }] },
      ],
    },
    emptyTool('rail::station'),
  ],
};

test('the text names effect, counts, groups as (a or b) with their parameter, and failure tools', () => {
  expect(describeGraph(graph)).toEqual([
    'graph rail, version 2: 3 tools, 3 groups, 4 edges, 1 failure tools',
    'rail::near  read  3/4 calls succeeded',
    'rail::search  read  2/2 calls succeeded  FAILURE TOOL',
    '  needs (near or station) for /from',
    '  may use near for /via',
    '  needs login::sign_in before it',
    'rail::station  unknown  0/0 calls succeeded',
  ]);
});

test('the Mermaid chart draws arrows from prerequisite to consumer, alternatives with a question mark, optional ones dashed', () => {
  expect(graphToMermaid(graph).split('\n')).toEqual([
    'flowchart LR',
    '  t0["near"]', '  t1["search"]', '  t2["station"]', '  t3["sign_in"]',
    '  t0 -->|"/from?"| t1', '  t2 -->|"/from?"| t1', '  t0 -.->|"/via"| t1', '  t3 --> t1',
    '  classDef failure fill:#f8d7da,stroke:#b02a37', '  class t1 failure', '',
  ]);
});
