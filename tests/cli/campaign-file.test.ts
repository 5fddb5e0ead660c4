import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { parse } from 'yaml';
import { worldIdOf } from '../../src/core/campaign/world-shares';
import { CampaignFileError, cautions, checkKeys, compileCampaign, usesSimulator } from '../../src/cli/campaign-file';
import { BUILTIN_WORLDS } from '../../src/worlds/builtin';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'hardgen-file-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const GOOD = `name: small
seed: 7
target: { verified: 4, maxItems: 12 }
worlds:
  - builtin: rail
models:
  endpoints:
    local: { baseURL: "http://127.0.0.1:8000/v1", apiKeyEnv: HARDGEN_TEST_KEY }
  roles: { toolMaker: sim, queryGenerator: sim, reasoner: sim, verifier: sim }
  targets:
    - sim-a
    - { endpoint: local, model: m }
kMax: 3
`;

/** The sentences about a file, its folder left out. */
function complaints(text: string, name = 'campaign.yaml'): string[] {
  const file = join(folder, name);
  writeFileSync(file, text);
  try {
    compileCampaign(file);
    return [];
  } catch (error) {
    if (!(error instanceof CampaignFileError)) throw error;
    return error.sentences.map((sentence) => sentence.replaceAll(`${folder}/`, ''));
  }
}

/** GOOD with one text in place of another. */
const changed = (from: string, to: string): string[] => {
  expect(GOOD).toContain(from);
  return complaints(GOOD.replace(from, to));
};

describe('compileCampaign', () => {
  it('writes every default out and keeps the folder that paths start from', () => {
    writeFileSync(join(folder, 'c.yaml'), GOOD);
    const { campaign, baseDir } = compileCampaign(join(folder, 'c.yaml'));
    expect(baseDir).toBe(folder);
    expect(campaign).toMatchObject({ kMax: 3, shape: { calls: 'paper', distractors: 4 }, matching: 'partial-order', selfEvaluation: { failWhen: 'all' }, worlds: [{ builtin: 'rail', share: 1 }] });
    expect(JSON.parse(JSON.stringify(campaign))).toEqual(campaign);
  });

  it('takes `builtin: all` for every built-in world that no block of its own names', () => {
    writeFileSync(join(folder, 'c.yaml'), GOOD.replace('- builtin: rail', '- { builtin: all, share: 2 }\n  - { builtin: rail, share: 5 }'));
    const { worlds } = compileCampaign(join(folder, 'c.yaml')).campaign;
    expect(worlds).toEqual([...Object.keys(BUILTIN_WORLDS).filter((name) => name !== 'rail').map((builtin) => ({ builtin, share: 2 })), { builtin: 'rail', share: 5 }]);
  });

  it('reads JSON as well', () => {
    expect(complaints(JSON.stringify(parse(GOOD)), 'campaign.json')).toEqual([]);
  });

  it('is at home with its own output', () => {
    writeFileSync(join(folder, 'c.yaml'), GOOD);
    expect(complaints(JSON.stringify(compileCampaign(join(folder, 'c.yaml')).campaign))).toEqual([]);
  });

  it.each<[string, string, string, string]>([
    ['text for a number', 'kMax: 3', 'kMax: three', 'Expected `kMax` to be an integer, got `three` (campaign.yaml:13, kMax)'],
    ['a number below its range', 'kMax: 3', 'kMax: 0', 'Expected `kMax` to be an integer from 1, got `0` (campaign.yaml:13, kMax)'],
    ['a number above its range', 'kMax: 3', 'kMax: 11', 'Expected `kMax` to be a number up to 10, got `11` (campaign.yaml:13, kMax)'],
    ['a fraction for an integer', 'kMax: 3', 'kMax: 2.5', 'Expected `kMax` to be an integer, got `2.5` (campaign.yaml:13, kMax)'],
    ['a required key left out', 'seed: 7\ntarget: { verified: 4, maxItems: 12 }', 'seed: 7', 'Expected `target` to be a block of settings, got nothing (campaign.yaml:1, target)'],
    ['a required key left out inside a block', 'verified: 4, ', '', 'Expected `verified` to be an integer, got nothing (campaign.yaml:3, target.verified)'],
    ['an unknown key', 'kMax: 3', 'kmax: 3', 'Expected only known keys, got `kmax`; did you mean `kMax`? (campaign.yaml:13, kmax)'],
    ['an unknown key inside a block', 'maxItems: 12', 'maxItems: 12, maxItem: 9', 'Expected only known keys, got `maxItem`; did you mean `maxItems`? (campaign.yaml:3, target.maxItem)'],
    ['an unknown key in a list', 'builtin: rail', 'builtin: rail\n    shar: 2', 'Expected only known keys, got `shar`; did you mean `share`? (campaign.yaml:6, worlds.0.shar)'],
    ['an unknown key that is like no other', 'kMax: 3', 'shape: { zzzzzzzzzz: 1 }', 'Expected only known keys, got `zzzzzzzzzz`; there are calls, turns, distractors, earlierTurnShare, simulatedShare (campaign.yaml:13, shape.zzzzzzzzzz)'],
    ['an unknown choice', 'kMax: 3', 'matching: partial-ordr', 'Expected `matching` to be one of partial-order, sequence, got `partial-ordr`; did you mean `partial-order`? (campaign.yaml:13, matching)'],
    ['fewer items than rows', 'maxItems: 12', 'maxItems: 3', 'Expected `maxItems` to be at least `verified` (4), since not every item is verified, got `3`; four times as many is a good start (campaign.yaml:3, target.maxItems)'],
    ['an empty list of worlds', '\n  - builtin: rail', ' []', 'Expected `worlds` to be a list with at least 1 entry, got an empty list (campaign.yaml:4, worlds)'],
    ['an unknown world', 'builtin: rail', 'builtin: rial', `Expected a built-in world (${Object.keys(BUILTIN_WORLDS).join(', ')}), got \`rial\`; did you mean \`rail\`? (campaign.yaml:5, worlds.0.builtin)`],
    ['a world twice', '- builtin: rail', '- builtin: rail\n  - builtin: rail', 'Expected every world once, got `rail` twice; remove one or give it another name (campaign.yaml:6, worlds.1)'],
    ['a world block of no kind', 'builtin: rail', 'share: 1', 'Expected a block with `builtin` or a block with `mcp` or a block with `openapi` or a block with `module`, got a block (campaign.yaml:5, worlds.0)'],
    ['a module that is not there', 'builtin: rail', 'module: ./mine.mjs', 'Expected a module at `./mine.mjs`, got nothing there; paths start at the campaign file\'s folder (campaign.yaml:5, worlds.0.module)'],
    ['an unknown model', 'targets:\n    - sim-a', 'targets:\n    - gpt', 'Expected a model of the simulator (sim, sim-a, sim-b …) or {endpoint, model}, got `gpt` (campaign.yaml:11, models.targets.0)'],
    ['a model block without its model', '{ endpoint: local, model: m }', '{ endpoint: local }', 'Expected `model` to be text, got nothing (campaign.yaml:12, models.targets.1.model)'],
    ['an unknown endpoint', 'endpoint: local', 'endpoint: locale', 'Expected one of models.endpoints (local), got `locale`; did you mean `local`? (campaign.yaml:12, models.targets.1.endpoint)'],
    ['an address that is none', '"http://127.0.0.1:8000/v1"', 'nowhere', 'Expected `baseURL` to be an address like http://127.0.0.1:8000/v1, got `nowhere` (campaign.yaml:8, models.endpoints.local.baseURL)'],
    ['a name with capitals', 'name: small', 'name: Small', 'Expected `name` to be lowercase letters, digits and dashes, got `Small` (campaign.yaml:1, name)'],
    ['a band that does not exist', 'kMax: 3', 'shape: { calls: { "3-5": 1 } }', 'Expected one of 1, 2, 3-4, 5-8, got `3-5`; did you mean `3-4`? (campaign.yaml:13, shape.calls.3-5)'],
    ['weights without weight', 'kMax: 3', 'shape: { turns: { single: 0 } }', 'Expected a weight above 0 for one of single, multi, got none (campaign.yaml:13, shape.turns)'],
    ['a distribution of no known kind', 'kMax: 3', 'shape: { turns: papre }', 'Expected `turns` to be `paper` or a block of names and values, got `papre` (campaign.yaml:13, shape.turns)'],
    ['a probe of an unknown tool', 'kMax: 3', 'selfEvaluation: { tools: ["rail::sign_inn"] }', 'Expected a tool of rail, got `rail::sign_inn`; did you mean `rail::sign_in`? (campaign.yaml:13, selfEvaluation.tools.0)'],
    ['a probe of an unknown world', 'kMax: 3', 'selfEvaluation: { tools: ["bus::go"] }', 'Expected `world::tool` with a world of this file (rail), got `bus::go` (campaign.yaml:13, selfEvaluation.tools.0)'],
    ['a prompts folder that is not there', 'kMax: 3', 'prompts: ./mine', 'Expected a folder of prompt files, got `./mine`, which does not exist (campaign.yaml:13, prompts)'],
    ['a seed folder that is not there', 'builtin: rail', 'mcp: { name: x, command: y, seeds: [./gone] }', 'Expected `./gone` beside the campaign file, got nothing there; paths start at the file\'s folder (campaign.yaml:5, worlds.0.mcp.seeds.0)'],
    ['a list for a block', 'target: { verified: 4, maxItems: 12 }', 'target: [4]', 'Expected `target` to be a block of settings, got a list (campaign.yaml:3, target)'],
  ])('says where and what to do about %s', (_title, from, to, sentence) => {
    expect(changed(from, to)).toEqual([sentence]);
  });

  it('tells every mistake at once', () => {
    expect(complaints(GOOD.replace('kMax: 3', 'kMax: 0').replace('name: small', 'name: S'))).toHaveLength(2);
  });

  it('tells what is no YAML, with its line', () => {
    expect(complaints('name: a\ntarget: { verified: 1\nseed: 2\n')[0]).toMatch(/^Expected YAML or JSON, got .+ \(campaign\.yaml:\d+\)$/);
  });

  it('tells a file that is not there, and where an example lies', () => {
    expect(() => compileCampaign('nowhere.yaml')).toThrow('Expected a campaign file at nowhere.yaml, got nothing; examples/quickstart.yaml is one to start from');
  });

  it('tells an empty file by what it lacks', () => {
    expect(complaints('')[0]).toBe('Expected `name` to be text, got nothing (campaign.yaml:1, name)');
  });

  it('takes a seed that is a command, and folders that are there', () => {
    mkdirSync(join(folder, 'seed'));
    expect(changed('builtin: rail', 'mcp: { name: x, command: y, seeds: [./seed, empty, "git init -q ."] }')).toEqual([]);
  });
});

describe('a world block in a file of its own', () => {
  it('is read in, with paths from its own folder and the campaign\'s share', () => {
    mkdirSync(join(folder, 'w', 'seed'), { recursive: true });
    writeFileSync(join(folder, 'w', 'block.yaml'), 'mcp: { name: x, command: y, seeds: [./seed, empty, "git init"], files: [./data, notes.txt, /srv/shared] }');
    writeFileSync(join(folder, 'c.yaml'), GOOD.replace('builtin: rail', 'mcp: w/block.yaml\n    share: 2'));
    expect(compileCampaign(join(folder, 'c.yaml')).campaign.worlds[0]).toMatchObject({ share: 2, mcp: { name: 'x', seeds: ['./w/seed', 'empty', 'git init'], files: ['./w/data', './w/notes.txt', '/srv/shared'] } });
  });

  it.each([
    ['is not there', undefined, 'Expected a file with an `mcp:` block, got `block.yaml`, which cannot be read; worlds/git/block.yaml is one (campaign.yaml:5, worlds.0.mcp)'],
    ['holds something else', 'name: x', 'Expected a file with an `mcp:` block, got `block.yaml`, which has none; worlds/git/block.yaml is one (campaign.yaml:5, worlds.0.mcp)'],
    ['lacks a key', 'mcp: { name: x }', 'Expected `mcp` to be a server with `command` or `url`, one of them, got a block (campaign.yaml:5, worlds.0.mcp)'],
  ])('that %s is told at its place in the campaign file', (_title, text, sentence) => {
    if (text !== undefined) writeFileSync(join(folder, 'block.yaml'), text);
    expect(changed('builtin: rail', 'mcp: block.yaml')).toEqual([sentence]);
  });
});

describe('an mcpServers file', () => {
  const SERVERS = { mcpServers: {
    'My Notes': { command: 'npx', args: ['-y', 'notes@1.0.0'], env: { API_KEY: 'hush-hush-hush' } },
    board: { type: 'http', url: 'https://board.example/mcp', headers: { Authorization: 'Bearer hush-hush' } },
    off: { command: 'x', disabled: true },
    old: { type: 'sse', url: 'https://old.example/sse' },
  } };
  const worldsOf = (entry: string): unknown[] => {
    writeFileSync(join(folder, 'mcp.json'), JSON.stringify(SERVERS));
    writeFileSync(join(folder, 'c.yaml'), GOOD.replace('builtin: rail', `mcpServers: ./mcp.json\n    ${entry}`));
    return compileCampaign(join(folder, 'c.yaml')).campaign.worlds;
  };

  it('becomes one world per server, and what is secret in it stays there', () => {
    const worlds = worldsOf('only: [My Notes, board]\n    with: { board: { readOnly: [list] } }\n    share: 2');
    expect(worlds).toMatchObject([
      { share: 2, mcp: { name: 'my-notes', command: 'npx', args: ['-y', 'notes@1.0.0'], env: {}, mcpServer: { file: './mcp.json', server: 'My Notes' } } },
      { share: 2, mcp: { name: 'board', url: 'https://board.example/mcp', readOnly: ['list'], headersEnv: {}, mcpServer: { file: './mcp.json', server: 'board' } } },
    ]);
    expect(JSON.stringify(worlds)).not.toContain('hush');
  });

  it('leaves out what is disabled, and names what it cannot use', () => {
    expect(() => worldsOf('share: 1')).toThrow('Expected `old` of `./mcp.json` to speak stdio or streamable HTTP, got `sse`');
    expect(() => worldsOf('only: [bord]')).toThrow(/^Expected servers of `\.\/mcp\.json` \(My Notes, board, off, old\), got `bord` \(.*c\.yaml:5, worlds\.0\.mcpServers\)$/);
    expect(changed('builtin: rail', 'mcpServers: none.json')[0]).toContain('got `none.json`, which cannot be read (campaign.yaml:5, worlds.0.mcpServers)');
  });

  it('is complained of at its own line, also behind an entry that became many worlds', () => {
    writeFileSync(join(folder, 'mcp.json'), JSON.stringify(SERVERS));
    expect(changed('builtin: rail', 'mcpServers: ./mcp.json\n    only: [My Notes, board]\n  - builtin: raill')[0]).toMatch(/got `raill`.*\(campaign\.yaml:7, worlds\.1\.builtin\)$/);
  });
});

describe('checkKeys', () => {
  it('names the variable of a used endpoint that is not set, and its line', () => {
    const file = join(folder, 'c.yaml');
    writeFileSync(file, GOOD);
    expect(() => checkKeys(file, compileCampaign(file).campaign)).toThrow(`Expected an API key in the environment variable \`HARDGEN_TEST_KEY\`, got nothing; set it where the worker runs (${file}:8, models.endpoints.local.apiKeyEnv)`);
  });

  it('asks for no key of an endpoint that nothing uses', () => {
    const file = join(folder, 'c.yaml');
    writeFileSync(file, GOOD.replace('    - { endpoint: local, model: m }\n', ''));
    expect(() => checkKeys(file, compileCampaign(file).campaign)).not.toThrow();
  });
});

describe('examples', () => {
  // A block or the facts of one world are no campaign; every other file has to be one.
  const files = readdirSync('examples', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml') && !['block.yaml', 'known.yaml'].includes(basename(name))).sort();

  it('are found in every folder', () => {
    expect(files).toEqual(expect.arrayContaining(['all-worlds.yaml', 'quickstart.yaml', 'real-language/campaign.yaml', 'worlds/mcp-eight.yaml', 'worlds/own/campaign.yaml']));
  });

  it.each(files)('%s compiles', (name) => {
    const { campaign } = compileCampaign(join('examples', name));
    expect(campaign.worlds.length).toBeGreaterThan(0);
    if (dirname(name) === '.') expect(campaign.name).toBe(basename(name, '.yaml'));
  });

  it('quickstart asks for no key and no money, and holds both kinds of worlds', () => {
    const { campaign } = compileCampaign('examples/quickstart.yaml');
    expect(campaign.models.endpoints).toEqual({});
    expect(usesSimulator(campaign)).toBe(true);
    expect(campaign.worlds.map(worldIdOf)).toEqual(['rail', 'git']);
  });

  it('quickstart\'s git world is the ready block, its paths turned to the example\'s folder', () => {
    const ready = (parse(readFileSync('worlds/git/block.yaml', 'utf8')) as { mcp: { seeds: string[]; tools: string[] } }).mcp;
    const block = compileCampaign('examples/quickstart.yaml').campaign.worlds[1];
    expect(block).toMatchObject({ share: 1, mcp: { name: 'git', known: '../worlds/git/known.yaml', seeds: ready.seeds.map((seed) => seed.replace('./', '../worlds/git/')), tools: ready.tools } });
  });
});

describe('cautions', () => {
  it('says which models have no price for a budget in USD, which endpoint the window leaves empty, and nothing of other files', () => {
    const cautionsOf = (text: string): string[] => {
      const file = join(folder, 'campaign.yaml');
      writeFileSync(file, text);
      return cautions(compileCampaign(file).campaign);
    };
    expect(cautionsOf(`${GOOD}budget: { usd: 5 }\n`)).toEqual([expect.stringMatching(/budget\.usd counts nothing for local, which has no `price`/)]);
    expect(cautionsOf(`${GOOD.replace('HARDGEN_TEST_KEY', 'HARDGEN_TEST_KEY, price: { input: 1 }')}budget: { usd: 5 }\n`)).toEqual([]);
    expect(cautionsOf(`${GOOD}budget: { calls: 5, deadline: 2026-01-31T18:00:00Z }\n`)).toEqual([]);
    expect(cautionsOf(GOOD)).toEqual([]);
    expect(cautionsOf(`${GOOD}window: 4\n`)).toEqual(['Note: `window: 4` fills no more than 4 of the 8 places of local; `window: 12` would keep them busy']);
  });
});
