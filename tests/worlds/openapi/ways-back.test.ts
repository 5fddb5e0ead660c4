import type { Json, JsonObject } from '../../../src/core/json';
import { buildSimulatedApi } from '../../../src/worlds/openapi/simulated/build';
import { interpreterOf } from '../../../src/worlds/openapi/simulated/interpreter';
import { populate } from '../../../src/worlds/openapi/simulated/population';
import { proven } from '../../../src/worlds/openapi/simulated/prove';
import { createSimulatedWorld } from '../../../src/worlds/openapi/simulated/world';
import { specFrom } from '../../../src/worlds/openapi/spec';

/** Complaints with a life of three stages, and operations that end it and take the end back. */
const complaint: JsonObject = { type: 'object', required: ['id', 'status'], properties: { id: { type: 'string', readOnly: true }, about: { type: 'string' }, status: { type: 'string', enum: ['open', 'assigned', 'closed'] } } };
const id: Json = [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }];
const answer = (schema: Json): Json => ({ 200: { description: 'ok', content: { 'application/json': { schema } } } });
const paths: JsonObject = {
  '/complaints': { get: { operationId: 'listComplaints', responses: answer({ type: 'array', items: complaint }) } },
  '/complaints/{id}': {
    get: { operationId: 'getComplaint', parameters: id, responses: answer(complaint) },
    patch: { operationId: 'updateComplaint', parameters: id, requestBody: { content: { 'application/json': { schema: { type: 'object', properties: { status: complaint.properties && (complaint.properties as JsonObject).status } } as JsonObject } } }, responses: answer(complaint) },
  },
  '/complaints/{id}/close': { post: { operationId: 'closeComplaint', parameters: id, responses: answer(complaint) } },
  '/complaints/{id}/reopen': { post: { operationId: 'reopenComplaint', parameters: id, responses: answer(complaint) } },
};
const { api } = buildSimulatedApi(specFrom({ openapi: '3.0.3', info: { title: 'Complaints', version: '1' }, paths }, 'complaints.json'), { name: 'complaints', most: Infinity });

test('a tool that is there to take a status back is proven, and the only one that may', () => {
  const proof = proven(api);
  expect(proof.failed).toEqual([]);
  expect(proof.api.tools.map(({ doc }) => doc.name)).toContain('reopen_complaint');
  const play = interpreterOf(proof.api);
  const start = populate(proof.api, 1);
  const [first = ''] = Object.keys(start.tables.complaint ?? {});
  const closed = ['open', 'assigned'].includes(String(start.tables.complaint?.[first]?.value.status)) ? play(start, { tool: 'close_complaint', args: { id: first } }).state : start;
  expect(play(closed, { tool: 'update_complaint', args: { id: first, status: 'open' } }).result).toMatchObject({ ok: false, fault: 'precondition' });
  const open = play(closed, { tool: 'reopen_complaint', args: { id: first } });
  expect(open.result).toMatchObject({ ok: true, value: { id: first, status: 'open' } });
  expect(play(open.state, { tool: 'reopen_complaint', args: { id: first } }).result).toEqual({ ok: false, fault: 'precondition', message: 'The complaint is `open` already.' });
  expect(createSimulatedWorld(proof.api).doc.policy).toContain('The status of a complaint moves on and only by `reopen_complaint` back: open, assigned, closed.');
});

test('a transition sets the status, whatever other property is called a state', () => {
  const shop: JsonObject = { type: 'object', required: ['id', 'state', 'status'], properties: { id: { type: 'string', readOnly: true }, state: { type: 'string', description: 'Of its address' }, status: { type: 'string', enum: ['open', 'closed'] } } };
  const shops = buildSimulatedApi(specFrom({ openapi: '3.0.3', info: { title: 'Shops', version: '1' }, paths: {
    '/shops': { get: { operationId: 'listShops', responses: answer({ type: 'array', items: shop }) } },
    '/shops/{id}': { get: { operationId: 'getShop', parameters: id, responses: answer(shop) } },
    '/shops/{id}/close': { post: { operationId: 'closeShop', parameters: id, responses: answer(shop) } },
  } }, 'shops.json'), { name: 'shops', most: Infinity }).api;
  const start = populate(shops, 1);
  const [first = '', before] = Object.entries(start.tables.shop ?? {}).find(([, { value }]) => value.status === 'open') ?? [];
  expect(interpreterOf(shops)(start, { tool: 'close_shop', args: { id: first } }).result).toMatchObject({ ok: true, value: { status: 'closed', state: before?.value.state } });
});
