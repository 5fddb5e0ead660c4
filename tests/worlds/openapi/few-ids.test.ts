import type { Json, JsonObject } from '../../../src/core/json';
import { buildSimulatedApi } from '../../../src/worlds/openapi/simulated/build';
import { interpreterOf } from '../../../src/worlds/openapi/simulated/interpreter';
import { populate } from '../../../src/worlds/openapi/simulated/population';
import { proven } from '../../../src/worlds/openapi/simulated/prove';
import type { SimulatedApi } from '../../../src/worlds/openapi/simulated/api';
import { sampleId } from '../../../src/worlds/openapi/simulated/sample-value';
import { specFrom } from '../../../src/worlds/openapi/spec';

/** Lockers whose id is as the schema says, and is set by the service unless `chosen`. */
function lockers(id: JsonObject, chosen = false): SimulatedApi {
  const entity: JsonObject = { type: 'object', required: ['id', 'colour'], properties: { id: { ...id, ...(chosen ? {} : { readOnly: true }) }, colour: { type: 'string' } } };
  const answer = (schema: Json): Json => ({ 200: { description: 'ok', content: { 'application/json': { schema } } } });
  const paths: JsonObject = {
    '/lockers': {
      get: { operationId: 'listLockers', responses: answer({ type: 'array', items: entity }) },
      post: { operationId: 'createLocker', requestBody: { required: true, content: { 'application/json': { schema: entity } } }, responses: answer(entity) },
    },
    '/lockers/{id}': { get: { operationId: 'getLocker', parameters: [{ name: 'id', in: 'path', required: true, schema: id }], responses: answer(entity) } },
  };
  return buildSimulatedApi(specFrom({ openapi: '3.0.3', info: { title: 'Lockers', version: '1' }, paths }, 'lockers.json'), { name: 'lockers', most: Infinity }).api;
}

const idsAt = (api: SimulatedApi, seed: number): string[] => Object.keys(populate(api, seed).tables['locker'] ?? {});

describe('a schema that allows few ids', () => {
  test.each([
    ['one integer', { type: 'integer', minimum: 4, maximum: 4 }, false, ['4']],
    ['members of an enum that the caller chooses', { type: 'string', enum: ['left', 'right'] }, true, ['left', 'right']],
    ['a pattern that falls back to a constant', { type: 'string', pattern: '^(?=main)[a-z]+$' }, false, ['main']],
  ])('%s: a seed has as many things as there are ids', (_title, id, chosen, ids) => {
    expect(idsAt(lockers(id, chosen), 1).sort()).toEqual(ids);
  });
  test.each([[{ maximum: 50 }, 1, 50], [{ minimum: 20, maximum: 30 }, 20, 30], [{ exclusiveMinimum: 10, exclusiveMaximum: 100_000 }, 11, 99_999], [{ maximum: -3 }, -3, -3]])('below a small maximum ids come from the whole range: %j', (bounds, least, most) => {
    const ids = Array.from({ length: 40 }, (_unused, at) => Number(sampleId({ type: 'integer', ...bounds }, `meaning ${at}`)));
    expect(ids.every((id) => Number.isInteger(id) && id >= least && id <= most)).toBe(true);
    if (most > least) expect(new Set(ids).size).toBeGreaterThan(5);
  });
  test('every other schema draws as it did', () => {
    const bounds: JsonObject[] = [{}, { minimum: 1 }, { maximum: 100_001 }, { minimum: 7, maximum: 2_147_483_647 }];
    const ids = bounds.map((some) => sampleId({ type: 'integer', ...some }, 'meaning'));
    expect(ids).toEqual([848_848, 848_848, 100_001, 848_848]);
  });
  test('small ids pass the proof: a wrong one is none of those that are there', () => {
    for (const maximum of [20, 40, 60]) expect(proven(lockers({ type: 'integer', minimum: 1, maximum })).failed).toEqual([]);
  });
  test('where none is left, a new thing is refused and nothing changes', () => {
    const api = lockers({ type: 'integer', minimum: 1, maximum: 6 });
    const play = interpreterOf(api);
    let state = populate(api, 1);
    const full = (): boolean => Object.keys(state.tables['locker'] ?? {}).length === 6;
    for (let at = 0; !full() && at < 6; at++) state = play(state, { tool: 'create_locker', args: { colour: `shade ${at}` } }).state;
    const played = play(state, { tool: 'create_locker', args: { colour: 'green' } });
    expect(played.result).toEqual({ ok: false, fault: 'conflict', message: 'No free id is left for a new locker.' });
    expect(played.state).toBe(state);
  });
});
