import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { compileCampaign } from '../../../src/cli/campaign-file';
import { importCollection, importLines, importSpec } from '../../../src/cli/import-openapi';
import { openapiBlock } from '../../../src/core/campaign/openapi.schema';
import { createOpenapiWorld } from '../../../src/worlds/openapi';
import { catalogueText, readCollection } from '../../../src/worlds/openapi/catalogue';

const POTTERY = join(__dirname, '../../fixtures/openapi/pottery.yaml');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'catalogue-'));
  const pottery = parse(readFileSync(POTTERY, 'utf8')) as { info: object };
  const write = (place: string, value: unknown): void => {
    mkdirSync(join(folder, 'apis', place, '..'), { recursive: true });
    writeFileSync(join(folder, 'apis', place), JSON.stringify(value));
  };
  write('studio.example/pottery/2.json', pottery);
  write('studio.example/pottery/1.json', { ...pottery, info: { title: 'Pottery Studio', version: '1.0.0' } });
  write('amazonaws.com/kilns.json', pottery);
  write('tiny.example.json', { openapi: '3.0.0', info: { title: 'Tiny', version: '1' }, paths: { '/one': { get: { responses: {} } } } });
  write('broken.example.json', { openapi: 'none' });
  cpSync(join(__dirname, '../../../examples/quickstart.yaml'), join(folder, 'base.yaml'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a catalogue of a folder of descriptions', () => {
  test('takes the newest version of each API with eight proven tools or more, and no large clouds', async () => {
    const { apis, counts } = await readCollection(join(folder, 'apis'));
    expect(apis.map(({ name, version, tools }) => [name, version, tools.length])).toEqual([['studio-example-pottery', '2.1.0', 14]]);
    expect(counts).toMatchObject({ files: 5, otherVersions: 1, leftOut: 1, tooFew: 1, unreadable: 1, kept: 1, tools: 14, dropped: 0 });
  });
  test('is the same text every time', async () => {
    const [one, other] = [await readCollection(join(folder, 'apis')), await readCollection(join(folder, 'apis'))];
    expect(catalogueText('apis', one.apis)).toBe(catalogueText('apis', other.apis));
  });
  test('opens as worlds, compressed or not, as the description itself would', async () => {
    for (const name of ['apis.jsonl', 'apis.jsonl.gz']) {
      await importCollection(join(folder, 'apis'), join(folder, name), () => undefined);
      const world = await createOpenapiWorld({ catalogue: name, api: 'studio-example-pottery' }, { baseDir: folder });
      expect(world.doc).toMatchObject({ id: 'studio-example-pottery', tier: 'simulated-from-spec', tools: { length: 14 } });
    }
    await expect(createOpenapiWorld({ catalogue: 'apis.jsonl', api: 'none' }, { baseDir: folder })).rejects.toThrow(/Expected an API of .*apis\.jsonl, got `none`; it holds studio-example-pottery/);
  });
  test('a campaign file chooses several of its APIs in one block; none but simulated worlds needs a word', () => {
    const file = join(folder, 'campaign.yaml');
    const base = readFileSync(join(folder, 'base.yaml'), 'utf8').replace(/worlds:[\s\S]*?(?=\n[a-z]+:)/, 'worlds:\n  - openapi: { catalogue: ./apis.jsonl, only: ["studio-*"] }\n    share: 3\nWORLDS');
    writeFileSync(file, base.replace('WORLDS', '  - builtin: rail'));
    expect(compileCampaign(file).campaign.worlds).toEqual([{ openapi: { catalogue: './apis.jsonl', api: 'studio-example-pottery' }, share: 3 }, { builtin: 'rail', share: 1 }]);
    writeFileSync(file, base.replace('WORLDS', ''));
    expect(() => compileCampaign(file)).toThrow(/Expected a world beside those simulated from an API description, which may make up `0.2` of the rows, got none; add one, or write `simulatedShare: 1` under `shape`/);
  });
});

test('import tells what becomes a tool, what not and why, and the block to paste', async () => {
  const imported = await importSpec(POTTERY);
  expect(imported.skipped).toHaveLength(3);
  expect(importLines(imported)).toEqual(expect.arrayContaining(['Pottery Studio: 14 operations can be tools (6 only read), 14 of them can be simulated', '  GET /old: is deprecated']));
  expect(parse(imported.block)).toEqual({ worlds: [
    { openapi: { name: 'pottery', spec: POTTERY, mode: 'live', baseURL: 'http://127.0.0.1:1/api', auth: { apiKeyEnv: 'SERVICE_KEY' } } },
    { openapi: { name: 'pottery', spec: POTTERY, mode: 'simulated' } },
  ] });
});

test('what only a service\'s owner can say is a comment of the block, and becomes a part of it by taking the mark away', async () => {
  const { block } = await importSpec(POTTERY);
  const uncommented = parse(block.replace(/# (reset|seeds|known):/g, '$1:')) as { worlds: { openapi: unknown }[] };
  expect(openapiBlock.parse(uncommented.worlds[0]?.openapi)).toMatchObject({ reset: { request: 'POST /test/reset?seed={seed}' }, seeds: 3, known: './known.yaml' });
});

describe('the server that import prints', () => {
  const paths = { '/kilns': { get: { operationId: 'listKilns', responses: { 200: { description: 'ok' } } } } };
  const described = (servers?: unknown): string => JSON.stringify({ openapi: '3.0.3', info: { title: 'Kilns', version: '1' }, servers, paths });
  const baseURLOf = async (place: string): Promise<unknown> => (parse((await importSpec(place)).block) as { worlds: { openapi: { baseURL: string } }[] }).worlds[0]?.openapi.baseURL;

  test.each([
    ['as the spec has it', [{ url: 'https://kilns.example/v2/' }], 'https://kilns.example/v2'],
    ['a placeholder for one with variables', [{ url: 'https://{region}.kilns.example' }], 'http://127.0.0.1:8080'],
    ['a placeholder for a path alone', [{ url: '/v2' }], 'http://127.0.0.1:8080'],
    ['a placeholder where none is named', undefined, 'http://127.0.0.1:8080'],
  ])('%s', async (_title, servers, expected) => {
    const folder = mkdtempSync(join(tmpdir(), 'import-server-'));
    writeFileSync(join(folder, 'kilns.json'), described(servers));
    expect(await baseURLOf(join(folder, 'kilns.json'))).toBe(expected);
    rmSync(folder, { recursive: true });
  });
  test.each([[[{ url: '/v2' }], '/v2'], [[{ url: 'v3' }], '/docs/v3'], [undefined, '']])('of a spec at an address is relative to it: %j', async (servers, path) => {
    const host = createServer((_request, response) => void response.end(described(servers)));
    await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
    expect(await baseURLOf(`${origin}/docs/kilns.json`)).toBe(`${origin}${path}`);
    await new Promise((resolve) => host.close(resolve));
  });
});
