import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { compileCampaign } from '../../../src/cli/campaign-file';
import { importCollection, importLines, importSpec } from '../../../src/cli/import-openapi';
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
  expect(parse(imported.block)).toMatchObject({ worlds: [{ openapi: { name: 'pottery', mode: 'live', auth: { apiKeyEnv: 'SERVICE_KEY' } } }, { openapi: { mode: 'simulated' } }] });
});
