import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { parse } from 'yaml';
import { isObject } from '../core/json';

/** A seed that is a folder; everything else is a command, or `empty`. */
export const isFolderPath = (seed: string): boolean => /^\.{0,2}\//.test(seed) && !/\s/.test(seed);

/**
 * The `mcp:` block of a file, its paths (known, files, writable, seeds, tape, mcpServer) turned from that file's folder to `baseDir`, so that a world is
 * written once and used from anywhere; or a sentence on why there is none.
 */
export function readWorldBlock(file: string, baseDir: string): { mcp: unknown } | { trouble: string } {
  const path = resolve(baseDir, file);
  const content = readYaml(path);
  const mcp = isObject(content) ? content.mcp : undefined;
  if (!isObject(mcp)) return { trouble: `Expected a file with an \`mcp:\` block, got \`${file}\`, ${content === undefined ? 'which cannot be read' : 'which has none'}; worlds/git/block.yaml is one` };
  const moved = (name: unknown): unknown => (typeof name === 'string' && !name.startsWith('/') ? asPath(relative(baseDir, resolve(dirname(path), name))) : name);
  return {
    mcp: {
      ...mcp,
      ...('known' in mcp ? { known: moved(mcp.known) } : {}),
      ...(Array.isArray(mcp.files) ? { files: mcp.files.map(moved) } : {}),
      ...(Array.isArray(mcp.writable) ? { writable: mcp.writable.map(moved) } : {}),
      ...(isObject(mcp.tape) ? { tape: Object.fromEntries(Object.entries(mcp.tape).map(([how, name]) => [how, moved(name)])) } : {}),
      ...(isObject(mcp.mcpServer) ? { mcpServer: { ...mcp.mcpServer, file: moved(mcp.mcpServer.file) } } : {}),
      ...(Array.isArray(mcp.seeds) ? { seeds: mcp.seeds.map((seed: unknown) => (typeof seed === 'string' && isFolderPath(seed) ? moved(seed) : seed)) } : {}),
    },
  };
}

const asPath = (path: string): string => (path.startsWith('.') ? path : `./${path}`);

function readYaml(path: string): unknown {
  try {
    return parse(readFileSync(path, 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}
