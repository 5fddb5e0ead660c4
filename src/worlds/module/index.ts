import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { ModuleBlock } from '../../core/campaign/campaign.schema';
import { worldIdOf } from '../../core/campaign/world-shares';
import { isObject } from '../../core/json';
import type { WorldDoc } from '../../core/tool';
import { sha256 } from '../../digest';
import { WorldUnavailable, type World } from '../world';
import { moduleFile } from './place';

/**
 * A world that the user wrote (`src/worlds/authoring.ts`): the default export of a module, or a function there that makes
 * it. Its version ends in a hash of the file, so that a changed rule is a new version; files that it imports do not count.
 * Throws `WorldUnavailable` when the module cannot be loaded or holds no such world.
 */
export async function createModuleWorld(block: ModuleBlock, context: { baseDir: string }): Promise<World> {
  const place = moduleFile(block.module, context.baseDir);
  if ('trouble' in place) throw new WorldUnavailable(place.trouble);
  const hash = sha256(readFileSync(place.file, 'utf8')).slice(0, 8);
  const made = await makeWorld(block.module, await load(block.module, place.file, hash));
  const lack = lackOf(made);
  if (lack !== undefined) throw new WorldUnavailable(`Expected the default export of \`${block.module}\` to be a World, or a function that makes one, got ${lack}; \`defineDomain\` of hardgen-temporal/worlds makes one`);
  const world = made as World;
  const wanted = worldIdOf(block);
  if (world.doc.id !== wanted) throw new WorldUnavailable(`Expected \`${block.module}\` to hold the world \`${wanted}\`, got \`${world.doc.id}\`; write \`name: ${world.doc.id}\` beside \`module\``);
  return throughItself(world, { ...world.doc, tier: 'module', version: `${world.doc.version}+${hash}` });
}

/** The world under another document; a spread would lose what a class keeps in its prototype. */
function throughItself(world: World, doc: WorldDoc): World {
  return {
    doc,
    known: (seed) => world.known(seed),
    open: (seed) => world.open(seed),
    maxOpen: world.maxOpen,
    ...(world.selfContained === undefined ? {} : { selfContained: world.selfContained }),
    notices: () => world.notices?.() ?? [],
    close: () => world.close(),
  };
}

/** As the file is now: Node would give a process that has loaded it the code of then. */
async function load(module: string, file: string, hash: string): Promise<unknown> {
  try {
    if (!file.endsWith('.cjs')) return await import(`${pathToFileURL(file).href}?${hash}`);
    const require = createRequire(file);
    delete require.cache[file];
    return require(file);
  } catch (cause) {
    throw new WorldUnavailable(`Expected \`${module}\` to load, got ${firstLine(cause)}${adviceFor(cause)}`, { cause });
  }
}

function adviceFor(error: unknown): string {
  const missing = isObject(error) && /MODULE_NOT_FOUND/.test(String(error.code)) && firstLine(error).includes('hardgen-temporal');
  return missing ? '; run `npm install hardgen-temporal` in its folder' : '';
}

async function makeWorld(module: string, loaded: unknown): Promise<unknown> {
  const found = isObject(loaded) && 'default' in loaded ? loaded.default : loaded;
  const make = typeof found === 'function' ? (found as () => unknown) : () => found;
  try {
    return await make();
  } catch (cause) {
    throw new WorldUnavailable(`Expected \`${module}\` to make its world, got ${firstLine(cause)}`, { cause });
  }
}

/** What keeps this from being a World, `undefined` when nothing does. */
function lackOf(made: unknown): string | undefined {
  if (!isObject(made)) return `${made === null ? 'null' : `a value of type ${typeof made}`}`;
  const { doc } = made;
  if (!isObject(doc) || typeof doc.id !== 'string' || typeof doc.version !== 'string') return 'an object without `doc` (id, version, tools, policy …)';
  if (!Array.isArray(doc.tools) || doc.tools.length === 0) return 'a `doc` without tools';
  const parts: { readonly [name: string]: unknown } = made;
  const lacking = ['known', 'open', 'close'].find((name) => typeof parts[name] !== 'function');
  if (lacking !== undefined) return `an object without the function \`${lacking}\``;
  return typeof parts.maxOpen === 'number' ? undefined : 'an object without the number `maxOpen`';
}

const firstLine = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
