import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isObject } from '../core/json';

/** What a campaign file says of an mcpServers file: which servers, and what each world has besides. */
export interface McpServersEntry {
  mcpServers: string;
  only?: unknown;
  with?: unknown;
}

/**
 * One `mcp:` block per server of an mcpServers file (`{"mcpServers": {name: {command, args, env} | {url, headers}}}`),
 * or a sentence on what is wrong. Values of env and headers stay in that file: a block only says where they are.
 */
export function readMcpServers(entry: McpServersEntry, baseDir: string): { blocks: { [key: string]: unknown }[] } | { trouble: string } {
  const file = entry.mcpServers;
  const content = readJson(resolve(baseDir, file));
  const servers = isObject(content) && isObject(content.mcpServers) ? content.mcpServers : undefined;
  if (servers === undefined) return { trouble: `Expected a JSON file of the form {"mcpServers": {name: {command, args, env} or {url, headers}}}, got \`${file}\`, ${content === undefined ? 'which cannot be read' : 'which has another'}` };
  const known = Object.keys(servers);
  const only = Array.isArray(entry.only) ? entry.only.map(String) : known.filter((name) => !isObject(servers[name]) || servers[name].disabled !== true);
  const extra = isObject(entry.with) ? entry.with : {};
  const missing = [...only, ...Object.keys(extra)].filter((name) => !known.includes(name));
  if (missing.length > 0) return { trouble: `Expected servers of \`${file}\` (${known.join(', ')}), got \`${missing.join('`, `')}\`` };
  const blocks = only.map((name) => blockOf({ name, file, server: servers[name], extra: extra[name] }));
  const trouble = blocks.find((block) => typeof block === 'string');
  return trouble === undefined ? { blocks: blocks as { [key: string]: unknown }[] } : { trouble: String(trouble) };
}

function blockOf({ name, file, server, extra }: { name: string; file: string; server: unknown; extra: unknown }): { [key: string]: unknown } | string {
  if (!isObject(server) || (typeof server.command !== 'string' && typeof server.url !== 'string')) return `Expected \`${name}\` of \`${file}\` to have a \`command\` or a \`url\`, got neither`;
  if (server.type === 'sse') return `Expected \`${name}\` of \`${file}\` to speak stdio or streamable HTTP, got \`sse\`, which streamable HTTP has replaced; ask for the server's other address`;
  const started = typeof server.command === 'string' ? { command: server.command, ...(Array.isArray(server.args) ? { args: server.args } : {}) } : { url: server.url };
  const confidential = isObject(server.env) || isObject(server.headers) || JSON.stringify(started).includes('${') ? { mcpServer: { file, server: name } } : {};
  return { name: worldName(name), ...started, ...confidential, ...(isObject(extra) ? extra : {}) };
}

/** A world's id has fewer characters than a server's name may have. */
const worldName = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^[^a-z]+|-+$/g, '') || 'server';

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}
