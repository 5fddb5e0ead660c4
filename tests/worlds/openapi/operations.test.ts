import { join } from 'node:path';
import { operationsOf, tagEntities, type Operation } from '../../../src/worlds/openapi/operations';
import { requestOf } from '../../../src/worlds/openapi/request';
import { readSpec, specFrom } from '../../../src/worlds/openapi/spec';

const FIXTURES = join(__dirname, '../../fixtures/openapi');

async function read(file: string): Promise<{ tools: Map<string, Operation>; reasons: { [operation: string]: string } }> {
  const { operations, skipped } = operationsOf(await readSpec(file, FIXTURES));
  tagEntities(operations);
  return { tools: new Map(operations.map((operation) => [operation.doc.name, operation])), reasons: Object.fromEntries(skipped.map(({ operation, reason }) => [operation, reason])) };
}

describe('operations as tools', () => {
  let crate: Operation;
  let odd: Awaited<ReturnType<typeof read>>;
  beforeAll(async () => {
    odd = await read('odd-corners.json');
    crate = odd.tools.get('crates_replace') as Operation;
  });

  test('path, query and properties of the body are one flat input; a name that occurs twice gets its place as prefix', () => {
    expect(Object.keys(crate.doc.input.properties as object)).toEqual(expect.arrayContaining(['name', 'body_name', 'dry', 'sort', 'filter_colour']));
    expect(crate.doc.input).toMatchObject({ required: ['name', 'body_name'], additionalProperties: false });
    expect(crate.passing).toContainEqual({ argument: 'body_name', name: 'name', in: 'body' });
    expect(crate.passing).toContainEqual({ argument: 'sort', name: 'sort', in: 'query', style: 'comma' });
  });
  test('keys in headers, transport switches and read-only properties are kept from the model', () => {
    const inputs = Object.keys(crate.doc.input.properties as object);
    expect(inputs).not.toEqual(expect.arrayContaining(['alt']));
    expect(inputs.filter((name) => /api|^id$|body_id/i.test(name))).toEqual([]);
  });
  test('at most eight optional inputs', () => {
    expect(Object.keys(crate.doc.input.properties as object)).toHaveLength(2 + 8);
  });
  test('nullable and exclusive bounds are written the way of 2020-12, a schema inside itself is cut', () => {
    const properties = crate.doc.output?.properties as { [name: string]: object };
    expect(properties).toMatchObject({ name: { type: ['string', 'null'] }, weight: { exclusiveMinimum: 0 }, id: { type: 'integer' } });
    expect(properties['weight']).not.toHaveProperty('minimum');
    expect(properties['inside']).toMatchObject({ type: 'array', items: {} });
    expect(properties).not.toHaveProperty('secret');
  });
  test('descriptions are plain sentences', () => {
    expect(crate.doc.description).toBe('Replaces a crate, see the guide.');
  });
  test('names come from the operation id, else from method and path', () => {
    expect([...odd.tools.keys()]).toEqual(['crates_replace', 'create_line_item']);
  });
  test('a body that is no object is one input', () => {
    expect(odd.tools.get('create_line_item')).toMatchObject({ passing: [{ argument: 'body', in: 'whole-body' }] });
  });
  test('what cannot be a tool says why', async () => {
    expect(odd.reasons).toEqual({
      'POST /crates/{name}/weigh': 'needs the header `If-Match`, which a tool call cannot carry',
      'GET /api/v1/line-items': 'answers with application/pdf, not JSON',
    });
    expect((await read('pottery.yaml')).reasons).toEqual({
      'PUT /pieces/{id}/photo': 'takes a multipart body',
      'GET /log': 'answers with a stream or file (text/event-stream)',
      'GET /old': 'is deprecated',
    });
  });
  test('paths tell which ids name the same kind of thing', async () => {
    const { tools } = await read('pottery.yaml');
    expect(tools.get('get_kiln')?.doc.input).toMatchObject({ properties: { kilnId: { entity: 'kiln' } } });
    expect(tools.get('create_piece')?.doc.input).toMatchObject({ properties: { kiln_id: { entity: 'kiln' } } });
    expect(tools.get('list_kilns')?.doc.output).toMatchObject({ properties: { kilns: { items: { properties: { id: { entity: 'kiln' } } } } } });
    expect(tools.get('get_piece')?.doc.output).toMatchObject({ properties: { data: { properties: { id: { entity: 'piece' } } } } });
  });
});

describe('reading a description', () => {
  test('Swagger 2 and files that are no description are refused in one sentence', async () => {
    expect(() => specFrom({ swagger: '2.0' }, 'old.json')).toThrow('Expected OpenAPI 3.0 or 3.1, got Swagger 2.0 (old.json); convert it first, for example with swagger2openapi');
    expect(() => specFrom({ openapi: '3.0.0' }, 'bare.json')).toThrow('Expected `paths` with operations, got none (bare.json)');
    await expect(readSpec('./nowhere.yaml', FIXTURES)).rejects.toThrow(/Expected an OpenAPI description at .*nowhere\.yaml, could not read it/);
  });
});

describe('a GET', () => {
  const answer = { 200: { description: 'ok', content: { 'application/json': { schema: { type: 'object' } } } } };
  const body = (required: boolean): object => ({ required, content: { 'application/json': { schema: { type: 'object', properties: { words: { type: 'string' } } } } } });
  const object = { type: 'object', properties: { page: { type: 'integer' }, size: { type: 'integer' } } };
  const { operations, skipped } = operationsOf(specFrom({
    openapi: '3.0.3', info: { title: 'Shelves', version: '1' }, paths: {
      '/search': { get: { operationId: 'search', requestBody: body(true), responses: answer } },
      '/shelves': {
        get: {
          operationId: 'shelves', requestBody: body(false), responses: answer,
          parameters: [{ name: 'pageable', in: 'query', schema: object }, { name: 'closed', in: 'query', explode: false, schema: object }, { name: 'filter', in: 'query', style: 'deepObject', schema: object }, { name: 'where', in: 'query', content: { 'application/json': { schema: object } } }],
        },
      },
    },
  } as never, 'shelves.json'));

  test('has no body: where it needs one it is no tool, where not it is one without', () => {
    expect(skipped).toEqual([{ operation: 'GET /search', reason: 'takes a body in a GET' }]);
    expect(Object.keys(operations[0]?.doc.input.properties as object)).toEqual(['pageable', 'closed', 'filter', 'where']);
  });
  test('carries objects as the description says: a parameter per property, in a row, in brackets, or as JSON', () => {
    const service = { world: 'shelves', baseURL: 'http://shelves.example', credentials: { headers: {}, query: {}, secrets: [] }, timeoutMs: 1, maxOutputBytes: 1 };
    const paging = { page: 0, size: 5 };
    const request = requestOf(service, operations[0] as Operation, { pageable: paging, closed: paging, filter: paging, where: paging });
    if (typeof request === 'string') throw new Error(request);
    expect([...request.url.searchParams]).toEqual([['page', '0'], ['size', '5'], ['closed', 'page,0,size,5'], ['filter[page]', '0'], ['filter[size]', '5'], ['where', '{"page":0,"size":5}']]);
    expect(request.init.body).toBeUndefined();
  });
});
