import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tool } from '@modelcontextprotocol/client';
import type { McpBlock } from '../../core/campaign/campaign.schema';
import { writeWhole } from '../../whole-file';
import { canonicalJson, isObject, jsonEqual, type Json } from '../../core/json';
import { WorldUnavailable } from '../world';

/** A tool list's hash, as `mcp.toolsHash` takes it: names, words, schemas and annotations, in any order. */
export function hashOfTools(tools: readonly Tool[]): string {
  const sorted = [...tools].sort((a, b) => (a.name < b.name ? -1 : 1));
  return createHash('sha256').update(canonicalJson(sorted as unknown as Json)).digest('hex').slice(0, 16);
}

/** What changed between two lists, in words: tools added, removed, and changed with the fields that differ. */
export function listDifference(before: readonly Tool[], after: readonly Tool[]): string {
  const was = new Map(before.map((tool) => [tool.name, tool]));
  const is = new Map(after.map((tool) => [tool.name, tool]));
  const changed = [...is].flatMap(([name, tool]) => {
    const old = was.get(name);
    const fields = old === undefined ? [] : changedFields(old as unknown as Json, tool as unknown as Json);
    return fields.length === 0 ? [] : [`${name} (${fields.join(', ')})`];
  });
  const parts = [
    ['added', [...is.keys()].filter((name) => !was.has(name))],
    ['removed', [...was.keys()].filter((name) => !is.has(name))],
    ['changed', changed],
  ] as const;
  return parts.flatMap(([what, names]) => (names.length === 0 ? [] : [`${what}: ${names.join(', ')}`])).join('; ') || 'the same tools';
}

/** The deepest objects' keys that differ, down to a parameter: `description`, `inputSchema.properties.path`. */
function changedFields(before: Json, after: Json, path: readonly string[] = []): string[] {
  if (jsonEqual(before, after)) return [];
  if (!isObject(before) || !isObject(after) || path.length === 3) return [path.join('.')];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => {
    const [old, now] = [before[key], after[key]];
    return old === undefined || now === undefined ? (old === now ? [] : [[...path, key].join('.')]) : changedFields(old, now, [...path, key]);
  });
}

/**
 * Refuses a server whose tools are not those that were seen at its first use, with what changed. The first list is
 * kept in the cache, where every campaign of this machine finds it and no folder of the user's is written to; the block
 * accepts a list, here and on other machines, by its hash (`toolsHash`), so that every acceptance stands in the file.
 */
export async function checkPin({ block, tools, cacheDir }: { block: McpBlock; tools: readonly Tool[]; cacheDir: string }): Promise<void> {
  const file = join(cacheDir, 'mcp-tools', `${keyOf(block)}.json`);
  const hash = hashOfTools(tools);
  const seen = await readSeen(file);
  const accepted = block.toolsHash ?? (seen === undefined ? hash : hashOfTools(seen));
  if (accepted === hash) return seen !== undefined && hashOfTools(seen) === hash ? undefined : writeWhole(file, JSON.stringify(tools));
  const difference = seen === undefined || hashOfTools(seen) === hash ? `tools of hash \`${hash}\`` : listDifference(seen, tools);
  throw new WorldUnavailable(
    `Expected the tool list of world \`${block.name}\` to be the one ${block.toolsHash === undefined ? 'of its first use' : `with mcp.toolsHash \`${block.toolsHash}\``}, got ${difference}; look at the change, then accept it by \`toolsHash: "${hash}"\` in the block`,
  );
}

/** What is started or asked, so that another version of a package has a list of its own. */
const keyOf = (block: McpBlock): string =>
  `${block.name}-${createHash('sha256').update(canonicalJson([block.url ?? null, block.command ?? null, block.args, block.env])).digest('hex').slice(0, 16)}`;

async function readSeen(file: string): Promise<Tool[] | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Tool[];
  } catch {
    // None yet.
    return undefined;
  }
}
