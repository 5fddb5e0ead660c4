import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { McpBlock } from '../../core/campaign/campaign.schema';
import { isObject, type Json } from '../../core/json';

/** What a server is given in confidence, read when its world is opened and never stored. */
export interface Secrets {
  /** Variables besides the block's own `env`. */
  env: Record<string, string>;
  headers: Record<string, string>;
  /** The text with every secret value replaced by `[NAME]`. */
  mask(text: string): string;
}

// A shorter value is no secret, and replacing it would tear words apart.
const SHORTEST_SECRET = 8;

/**
 * The values that a block names: `envFrom`, `headersEnv`, `$NAME` in `env`, and the env and headers of its entry in an
 * mcpServers file (`${NAME}` there takes a variable of ours). Throws naming a variable that is not set.
 */
export async function readSecrets(block: McpBlock, baseDir: string, ours: Readonly<NodeJS.ProcessEnv>): Promise<Secrets> {
  const entry = block.mcpServer === undefined ? {} : await entryOf(resolve(baseDir, block.mcpServer.file), block.mcpServer.server);
  const filled = (place: string, texts: Json | undefined): Record<string, string> =>
    Object.fromEntries(Object.entries(isObject(texts) ? texts : {}).map(([key, text]) => [key, String(text).replace(/\$\{([A-Za-z_]\w*)\}/g, (_all, name: string) => ourValue(name, `${place}.${key}`, ours))]));
  const inFile = { env: filled('env', entry['env']), headers: filled('headers', entry['headers']) };
  const env = { ...inFile.env, ...Object.fromEntries(block.envFrom.map((name) => [name, ourValue(name, 'mcp.envFrom', ours)])) };
  const headers = { ...inFile.headers, ...Object.fromEntries(Object.entries(block.headersEnv).map(([header, name]) => [header, ourValue(name, `mcp.headersEnv.${header}`, ours)])) };
  const named = Object.values(block.env).flatMap((value) => (/^\$[A-Za-z_]\w*$/.test(value) ? [value.slice(1)] : []));
  const secret = [
    ...[...named, ...block.envFrom, ...Object.values(block.headersEnv)].map((name) => [name, ours[name] ?? ''] as const),
    // A file of other programs also holds plain settings, which results may repeat.
    ...Object.entries(inFile.env).filter(([key]) => /key|token|secret|pass|auth|credential/i.test(key)),
    ...Object.entries(inFile.headers),
  ];
  return { env, headers, mask: masking(secret) };
}

function ourValue(name: string, place: string, ours: Readonly<NodeJS.ProcessEnv>): string {
  const value = ours[name];
  if (value === undefined || value === '') throw new Error(`Expected the environment variable \`${name}\` to be set (${place}), got nothing; export it where the worker runs`);
  return value;
}

async function entryOf(file: string, server: string): Promise<{ [key: string]: Json }> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Error(`Expected an mcpServers file at ${file} (mcp.mcpServer.file), could not read it`, { cause });
  });
  const servers = (JSON.parse(text) as { mcpServers?: Json }).mcpServers;
  const entry = isObject(servers) ? servers[server] : undefined;
  if (!isObject(entry)) throw new Error(`Expected the server \`${server}\` in ${file} (mcp.mcpServer.server), got [${isObject(servers) ? Object.keys(servers).join(', ') : ''}]`);
  return entry;
}

function masking(secrets: readonly (readonly [name: string, value: string])[]): (text: string) => string {
  // `Bearer abc` is also masked where the server repeats `abc` alone.
  const parts = secrets.flatMap(([name, value]) => [[name, value], ...value.split(/\s+/).map((part) => [name, part])] as [string, string][]);
  const long = parts.filter(([, value]) => value.length >= SHORTEST_SECRET).sort(([, a], [, b]) => b.length - a.length);
  return (text) => long.reduce((rest, [name, value]) => rest.replaceAll(value, `[${name}]`), text);
}
