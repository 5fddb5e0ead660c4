import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { transformSync } from '@swc/core';
import { openWorlds } from '../../src/worlds';
import { createModuleWorld } from '../../src/worlds/module';
import { moduleFile } from '../../src/worlds/module/place';
import type { World } from '../../src/worlds/world';
import { describeWorld } from '../contracts/world';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'hardgen-module-')));
  mkdirSync(join(folder, 'home'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const FIXTURE = JSON.stringify(resolve(__dirname, '../fixtures/locker-world'));
const MAKES = `module.exports = require(${FIXTURE}).createLockerWorld;`;

const inHome = (name: string, text: string): void => writeFileSync(join(folder, 'home', name), text);
const made = (module: string, name?: string): Promise<World> => createModuleWorld({ module, name, share: 1 }, { baseDir: join(folder, 'home') });

/** The sentence with which a module is turned away. */
async function refusal(text: string): Promise<string> {
  inHome('lockers.cjs', text);
  return made('./lockers.cjs').then(() => 'none', (error: Error) => `${error.name}: ${error.message.replaceAll(folder, '')}`);
}

describe('a module that holds a world', () => {
  test.each([
    ['a function that makes it', MAKES],
    ['the world itself', `module.exports = require(${FIXTURE}).createLockerWorld();`],
    ['an object of a class', `class Lockers {
      #world = require(${FIXTURE}).createLockerWorld();
      get doc() { return this.#world.doc; }
      get maxOpen() { return 2; }
      known(seed) { return this.#world.known(seed); }
      open(seed) { return this.#world.open(seed); }
      notices() { return this.#world.notices?.() ?? []; }
      close() { return this.#world.close(); }
    }
    module.exports = () => new Lockers();`],
    ['a promise of it, as default', `exports.default = async () => require(${FIXTURE}).createLockerWorld();`],
  ])('may export %s', async (_title, text) => {
    inHome('lockers.cjs', text);
    const world = await made('./lockers.cjs');
    expect(world.doc).toMatchObject({ id: 'lockers', tier: 'module' });
    const instance = await world.open(0);
    expect(await instance.call({ tool: 'todays_notice', args: {} })).toMatchObject({ ok: true });
    expect([world.known(0).length > 0, world.maxOpen > 0, world.notices?.()]).toEqual([true, true, []]);
    await world.close();
  });

  test('is another version when its text is another', async () => {
    inHome('lockers.cjs', MAKES);
    inHome('changed.cjs', `${MAKES}\n// changed`);
    const [one, other] = [await made('./lockers.cjs'), await made('./changed.cjs', 'lockers')];
    expect(one.doc.version).toMatch(/^1#[0-9a-f]{8}\+[0-9a-f]{8}$/);
    expect(other.doc.version).not.toBe(one.doc.version);
  });

  test('stands beside other worlds of a campaign, each name once', async () => {
    inHome('lockers.cjs', MAKES);
    const context = { baseDir: join(folder, 'home'), cacheDir: folder, scratchDir: folder };
    const block = { module: './lockers.cjs', share: 1 };
    expect((await openWorlds([{ builtin: 'rail', share: 1 }, block], context)).map((world) => world.doc.id)).toEqual(['rail', 'lockers']);
    await expect(openWorlds([block, { ...block, name: 'lockers' }], context)).rejects.toThrow('Expected every world once, got `lockers` twice (worlds.1)');
  });
});

describe('what is turned away, in one sentence', () => {
  test.each([
    ['an error while it loads', 'throw new Error("no bees");', 'Expected `./lockers.cjs` to load, got no bees'],
    ['an error while it makes the world', 'module.exports = () => { throw new Error("no bees"); };', 'Expected `./lockers.cjs` to make its world, got no bees'],
    ['our package missing', "throw Object.assign(new Error('Cannot find package hardgen-temporal'), { code: 'ERR_MODULE_NOT_FOUND' });", expect.stringContaining('run `npm install hardgen-temporal` in its folder')],
    ['no world', 'module.exports = 7;', expect.stringContaining('to be a World, or a function that makes one, got a value of type number; `defineDomain`')],
    ['a world without its doc', 'module.exports = {};', expect.stringContaining('got an object without `doc` (id, version, tools, policy …);')],
    ['a world without tools', "module.exports = { doc: { id: 'a', version: '1', tools: [] } };", expect.stringContaining('got a `doc` without tools;')],
    ['a world that cannot be opened', "module.exports = { doc: { id: 'a', version: '1', tools: [{}] }, known() {} };", expect.stringContaining('got an object without the function `open`;')],
  ])('%s', async (_title, text, says) => {
    const sentence = await refusal(text);
    expect(sentence.startsWith('WorldUnavailable: ')).toBe(true);
    expect(sentence.slice('WorldUnavailable: '.length)).toEqual(says);
  });

  test('another name than the file has', async () => {
    inHome('mine.cjs', MAKES);
    await expect(made('./mine.cjs')).rejects.toThrow('Expected `./mine.cjs` to hold the world `mine`, got `lockers`; write `name: lockers` beside `module`');
    expect((await made('./mine.cjs', 'lockers')).doc.id).toBe('lockers');
  });
});

describe('where a module may lie', () => {
  test('in the campaign file\'s folder or below, whatever links say; anywhere by its whole path', () => {
    const home = join(folder, 'home');
    mkdirSync(join(home, 'below'));
    writeFileSync(join(home, 'below', 'mine.mjs'), '');
    writeFileSync(join(folder, 'outside.mjs'), '');
    symlinkSync(join(folder, 'outside.mjs'), join(home, 'link.mjs'));
    expect(moduleFile('./below/mine.mjs', home)).toEqual({ file: join(home, 'below', 'mine.mjs') });
    expect(moduleFile(join(folder, 'outside.mjs'), home)).toEqual({ file: join(folder, 'outside.mjs') });
    for (const outside of ['../outside.mjs', './link.mjs', './below/../../outside.mjs']) {
      expect(moduleFile(outside, home)).toEqual({ trouble: `Expected a module in the campaign file's folder or below, got \`${outside}\`, which lies outside; write its whole path if you mean it` });
    }
    expect(moduleFile('./none.mjs', home)).toEqual({ trouble: 'Expected a module at `./none.mjs`, got nothing there; paths start at the campaign file\'s folder' });
  });
});

const OWN = resolve(__dirname, '../../examples/worlds/own');

/** An example's text as CommonJS over our sources: jest cannot load an ES module that imports our package by its name. */
async function example(file: string): Promise<World> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'hardgen-example-')));
  const { code } = transformSync(readFileSync(join(OWN, file), 'utf8'), { module: { type: 'commonjs' }, jsc: { target: 'es2022' } });
  const name = basename(file, '.mjs');
  writeFileSync(join(home, `${name}.cjs`), code.replaceAll('"hardgen-temporal/worlds"', JSON.stringify(resolve(__dirname, '../../src/worlds/authoring'))));
  return createModuleWorld({ module: `./${name}.cjs`, share: 1 }, { baseDir: home }).finally(() => rmSync(home, { recursive: true }));
}

for (const file of readdirSync(OWN).filter((name) => name.endsWith('.mjs'))) {
  describeWorld(`of the module ${file}`, () => example(file), { seeds: [0, 1, 7, 4021] });
}
