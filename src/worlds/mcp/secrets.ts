import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { McpBlock } from '../../core/campaign/campaign.schema';
import { isObject, type Json } from '../../core/json';

/** What a server is given in confidence, read when its world is opened and never stored. */
export interface Secrets {
  /** Variables besides the block's own `env`. */
  env: Record<string, string>;
  headers: Record<string, string>;
  /** Arguments and address; of an mcpServers file with their variables filled in. */
  args: string[];
  url?: string;
  /** Whether there are any. */
  held: boolean;
  /** The text with every secret value replaced by `[NAME]`. */
  mask(text: string): string;
}

// A shorter value is no secret, and replacing it would tear words apart.
export const SHORTEST_SECRET = 8;

/** Variables whose values are secrets by their name, and values that hold one. */
const SECRET_NAME = /key|token|secret|pass|auth|credential|dsn|database_url|connection|(^|_)pat$/i;
const URL_PASSWORD = /:\/\/[^/\s:@]*:([^/\s@]+)@/;
const VARIABLE = /\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g;

/**
 * The values that a block names: `envFrom`, `headersEnv`, `$NAME` in `env`, and the env and headers of its entry in an
 * mcpServers file (`${NAME}` there, and in args and url, takes a variable of ours, `${NAME:-other}` something else where
 * there is none). Throws naming a variable that is not set.
 */
export async function readSecrets(block: McpBlock, baseDir: string, ours: Readonly<NodeJS.ProcessEnv>): Promise<Secrets> {
  const entry = block.mcpServer === undefined ? {} : await entryOf(resolve(baseDir, block.mcpServer.file), block.mcpServer.server);
  const taken = new Map<string, string>();
  const fill = (text: string, place: string): string => text.replace(VARIABLE, (_all, name: string, other: string | undefined) => {
    const value = other !== undefined && (ours[name] ?? '') === '' ? other : ourValue(name, place, ours);
    taken.set(name, value);
    return value;
  });
  const filled = (place: string, texts: Json | undefined): Record<string, string> =>
    Object.fromEntries(Object.entries(isObject(texts) ? texts : {}).map(([key, text]) => [key, fill(String(text), `${place}.${key}`)]));
  const inFile = { env: filled('env', entry['env']), headers: filled('headers', entry['headers']) };
  const args = block.mcpServer === undefined ? block.args : block.args.map((arg, index) => fill(arg, `args.${index}`));
  const url = block.mcpServer === undefined || block.url === undefined ? undefined : fill(block.url, 'url');
  const env = { ...inFile.env, ...Object.fromEntries(block.envFrom.map((name) => [name, ourValue(name, 'mcp.envFrom', ours)])) };
  const headers = { ...inFile.headers, ...Object.fromEntries(Object.entries(block.headersEnv).map(([header, name]) => [header, ourValue(name, `mcp.headersEnv.${header}`, ours)])) };
  const named = Object.values(block.env).flatMap((value) => (/^\$[A-Za-z_]\w*$/.test(value) ? [value.slice(1)] : []));
  const secret = [
    ...[...named, ...block.envFrom, ...Object.values(block.headersEnv)].map((name) => [name, ours[name] ?? ''] as const),
    // A file of other programs also holds plain settings, which results may repeat.
    ...Object.entries(inFile.env).filter(([key, value]) => SECRET_NAME.test(key) || URL_PASSWORD.test(value)),
    ...Object.entries(inFile.headers),
    ...[...taken].filter(([name]) => SECRET_NAME.test(name)),
    ...[...args, ...(url === undefined ? [] : [url])].map((text) => ['password', URL_PASSWORD.exec(text)?.[1] ?? ''] as const),
  ];
  const passwords = secret.map(([name, value]) => [name, URL_PASSWORD.exec(value)?.[1] ?? ''] as const);
  const all = [...secret, ...passwords].filter(([, value]) => value !== '');
  return { env, headers, args, ...(url === undefined ? {} : { url }), held: all.length > 0, mask: masking(all) };
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
