import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { parse } from 'yaml';
import { CampaignFileError } from './campaign-file-error';

/**
 * `mcp: ./worlds/git/block.yaml` stands for the block in that file. Paths inside it start at the block's own folder, so
 * that a block can be shared; here they are rewritten to start at the campaign file's. Other values pass through.
 */
export function includeWorlds(value: unknown, file: string): unknown {
  if (!isRecord(value) || !Array.isArray(value.worlds)) return value;
  const baseDir = dirname(resolve(file));
  return { ...value, worlds: value.worlds.map((world: unknown) => (isRecord(world) && typeof world.mcp === 'string' ? { ...world, mcp: readBlock(world.mcp, { baseDir, file }) } : world)) };
}

function readBlock(path: string, from: { baseDir: string; file: string }): unknown {
  const file = resolve(from.baseDir, path);
  const content = parseBlock(file, path, from.file);
  if (!isRecord(content) || !isRecord(content.mcp)) throw new CampaignFileError([`Expected a block with the key \`mcp\` in ${path}, got something else (${from.file}, worlds)`]);
  const rebase = (inner: unknown): unknown => (typeof inner === 'string' && inner.startsWith('.') ? `./${relative(from.baseDir, resolve(dirname(file), inner))}` : inner);
  const { seeds, known, ...rest } = content.mcp;
  return { ...rest, ...(Array.isArray(seeds) ? { seeds: seeds.map(rebase) } : {}), ...(known === undefined ? {} : { known: rebase(known) }) };
}

function parseBlock(file: string, path: string, campaignFile: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const what = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'nothing' : cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new CampaignFileError([`Expected a world block at ${path}, got ${what} (${campaignFile}, worlds)`]);
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
