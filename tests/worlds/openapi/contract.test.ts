import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openapiBlock, type OpenapiBlock } from '../../../src/core/campaign/openapi.schema';
import type { JsonObject } from '../../../src/core/json';
import { createOpenapiWorld } from '../../../src/worlds/openapi';
import type { World } from '../../../src/worlds/world';
import { describeWorld } from '../../contracts/world';
import { startPottery, type PotteryService } from '../../fixtures/openapi/pottery-service';

// Every call is a request, and every change two more.
jest.setTimeout(60_000);

const FIXTURES = join(__dirname, '../../fixtures/openapi');

let folder: string;
let service: PotteryService;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'openapi-contract-'));
  service = await startPottery('k-contract');
  process.env['POTTERY_CONTRACT_KEY'] = 'k-contract';
});
afterAll(async () => {
  delete process.env['POTTERY_CONTRACT_KEY'];
  await service.close();
  rmSync(folder, { recursive: true });
});

const open = (block: JsonObject): Promise<World> => createOpenapiWorld(openapiBlock.parse({ name: 'pottery', spec: './pottery.yaml', ...block }) as OpenapiBlock, { baseDir: FIXTURES });

/** The service as it runs, with the operations of its description that it really has, and a kiln that the user of each seed wants. */
function live(kilns: string[], block: JsonObject): Promise<World> {
  const known = join(folder, `${kilns.join('-')}.json`);
  const fact = (param: string, value: string): JsonObject => ({ name: param, value, about: `the ${param} of the kiln that the user speaks of`, params: [param] });
  writeFileSync(known, JSON.stringify(Object.fromEntries(kilns.map((name, seed) => [seed, [fact('name', name), fact('zone', 'yard')]]))));
  return open({ baseURL: service.baseURL, auth: { apiKeyEnv: 'POTTERY_CONTRACT_KEY' }, known, ...block });
}

const READS = ['list_kilns', 'get_kiln', 'list_pieces', 'get_piece'];

describeWorld('of a running service with a reset', () => live(['Cinder', 'Drover'], { reset: { request: 'POST /test/reset?seed={seed}' }, seeds: 2, only: [...READS, 'create_kiln'] }), { seeds: [0, 1], callsPerWalk: 20 });
describeWorld('of a running service that is only read', () => live(['Cinder'], { only: READS }), { seeds: [0], callsPerWalk: 20, exempt: { reseed: 'without a reset the service is as it is' } });
describeWorld('of a description that is simulated', () => open({ mode: 'simulated' }), { seeds: [0, 1, 7, 4021] });
