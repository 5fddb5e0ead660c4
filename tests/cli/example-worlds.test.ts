import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { compileCampaign } from '../../src/cli/campaign-file';
import { mcpBlockSchema } from '../../src/core/campaign/campaign.schema';
import { readKnown } from '../../src/worlds/mcp/known';

const FOLDER = resolve(__dirname, '../../examples/worlds');
const BLOCKS = readdirSync(FOLDER).filter((name) => existsSync(join(FOLDER, name, 'block.yaml')));

test('the campaign over eight servers compiles', () => {
  expect(compileCampaign(join(FOLDER, 'mcp-eight.yaml')).campaign.worlds).toHaveLength(8);
});

test('one campaign file holds every server here and git, each once', () => {
  const servers = compileCampaign(join(FOLDER, 'mcp-all.yaml')).campaign.worlds.map((block) => ('mcp' in block ? block.mcp.name : 'no server'));
  expect(servers.sort()).toEqual([...BLOCKS, 'git'].sort());
});

describe('the README shows', () => {
  const readme = readFileSync(resolve(FOLDER, '../../README.md'), 'utf8');
  const shows = (language: string, text: string): void => expect(readme).toContain(`\`\`\`${language}\n${text}\`\`\`\n`);

  test.each(['plans', 'notes', 'everything', 'tasks'])('the block of %s as it is', (name) => {
    shows('yaml', readFileSync(join(FOLDER, name, 'block.yaml'), 'utf8'));
  });

  test('the worlds of your-mcp-server.yaml as they are', () => {
    shows('yaml', /^worlds:\n(?: .*\n)+/m.exec(readFileSync(resolve(FOLDER, '../your-mcp-server.yaml'), 'utf8'))?.[0] ?? 'no worlds');
  });

  // own-world.test.ts checks it as a module, module.test.ts holds it to the contract.
  test('the module boats.mjs as it is', () => {
    shows('js', readFileSync(join(FOLDER, 'own/boats.mjs'), 'utf8'));
  });
});

describe.each(BLOCKS)('the block of %s', (name) => {
  const block = mcpBlockSchema.parse((parse(readFileSync(join(FOLDER, name, 'block.yaml'), 'utf8')) as { mcp: unknown }).mcp);

  test('pins its server, and its patterns are regular expressions', () => {
    expect(block.url ?? block.args[1]).toMatch(/^http:\/\/127\.0\.0\.1:|^(@[\w-]+\/)?[\w-]+@\d+\.\d+\.\d+$/);
    for (const pattern of [...block.faultWhen, ...Object.values(block.extract).flatMap(Object.values)]) expect(() => new RegExp(pattern as string, 'gmu')).not.toThrow();
  });

  test('has its seeds beside it, and facts that belong to them', async () => {
    const seeds = block.seeds.filter((seed) => seed !== 'empty');
    for (const seed of seeds) expect(existsSync(resolve(FOLDER, name, seed))).toBe(true);
    if (block.known === undefined) return;
    const facts = await readKnown(resolve(FOLDER, name, block.known), block.seeds.map((seed) => seed.split('/').pop() as string));
    expect(facts.every((ofSeed) => ofSeed.length > 0)).toBe(true);
  });
});
