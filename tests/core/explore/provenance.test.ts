import { traceSources } from '../../../src/core/explore/provenance';
import type { Step } from '../../../src/core/explore/observation';
import type { WorldDoc } from '../../../src/core/tool';

const FILE = { type: 'string', entity: 'file' } as const;
const doc = (search: object): WorldDoc => ({
  id: 'desk', version: '1', policy: '', seeds: 2, reseedable: true, volatile: [],
  tools: [
    { name: 'search', description: '', input: { type: 'object' }, output: { type: 'object', properties: search } as never },
    { name: 'read', description: '', input: { type: 'object', properties: { path: FILE } } as never, output: {} },
  ],
});
const found = { id: 'c1', tool: 'search', args: {}, value: { text: '/workspace/a.txt', file: ['/workspace/a.txt'] }, sources: [], result: {} } as unknown as Step;
const sourceOf = (world: WorldDoc): object | undefined => traceSources({ world, tool: 'read', args: { path: '/workspace/a.txt' }, earlier: [found], facts: [] })[0];

describe('where an argument came from', () => {
  it('is the place of the same kind, where a text and the part taken out of it are equal', () => {
    expect(sourceOf(doc({ text: { type: 'string' }, file: { type: 'array', items: FILE } }))).toMatchObject({ kind: 'output', path: '/file/0' });
  });

  it('is the first place where no kind is named', () => {
    expect(sourceOf(doc({ text: { type: 'string' }, file: { type: 'array', items: { type: 'string' } } }))).toMatchObject({ kind: 'output', path: '/text' });
  });
});
