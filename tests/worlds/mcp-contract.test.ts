import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { mcpBlockSchema } from '../../src/core/campaign/campaign.schema';
import type { JsonObject } from '../../src/core/json';
import { createMcpWorld } from '../../src/worlds/mcp';
import type { World } from '../../src/worlds/world';
import { describeWorld } from '../contracts/world';
import { startHttpServer, type HttpServer } from '../fixtures/mcp-http';

// Every instance is a process or a session of its own, on a busy machine.
jest.setTimeout(60_000);

let root: string;
let server: HttpServer;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'mcp-contract-'));
  server = await startHttpServer();
});
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

/** A world of an MCP server in which a user of each seed could state these `texts` for `param`, and `others` in every seed. */
function open(name: string, { param, texts, others = [] }: { param: string; texts: string[][]; others?: JsonObject[] }, block: JsonObject): Promise<World> {
  const stated = (values: string[]): JsonObject[] => values.map((value, at) => ({ name: `text_${at}`, value, about: 'what the user wants to write down', params: [param] }));
  writeFileSync(join(root, `${name}.json`), JSON.stringify({ all: others, ...Object.fromEntries(texts.map((values, seed) => [seed, stated(values)])) }));
  return createMcpWorld(mcpBlockSchema.parse({ name, known: `./${name}.json`, ...block }), { baseDir: root, cacheDir: join(root, 'cache'), scratchDir: join(root, name), startTimeoutMs: 10_000 });
}

/** Files of a folder and a counter in the process, one tool that fails half-way; two seeds. */
const FILES: JsonObject = {
  command: process.execPath,
  args: [resolve(__dirname, '../fixtures/mcp/server.cjs')],
  seeds: ['printf willow > tree.txt', 'printf heron > bird.txt; printf "one two" > words.txt'],
  tools: ['read', 'write', 'write_then_fail', 'remember', 'recall', 'json_text'],
  probe: [{ tool: 'recall' }],
  volatile: ['/rows/*/took_ms'],
  descriptions: { read: 'Shows every file.' },
  parameters: { 'write.path': 'hidden', 'write.name': 'required', 'write.text': 'required' },
  entities: { 'json_text/rows/*/id': 'row' },
};
const WRITES = { param: 'write.text', texts: [['buy milk', 'call Ines'], ['mend the net', 'oil the hinge']], others: [{ name: 'file', value: 'list.txt', about: 'the file the user writes to', params: ['write.name'] }] };

describeWorld('of an MCP server over stdio, a process each', () => open('processes', WRITES, FILES), { seeds: [0, 1], callsPerWalk: 8 });
describeWorld('of an MCP server over stdio, one process put back by a reset', () => open('put-back', WRITES, { ...FILES, reset: [{ tool: 'forget' }] }), { seeds: [0, 1], callsPerWalk: 12 });

const oneSeed = { reseed: 'nothing can be seeded at an address' };

describeWorld('of an MCP server over HTTP, a session each', () => open('sessions', { param: 'add_note.text', texts: [['buy milk', 'call Ines']] }, {
  url: server.url,
  isolation: 'session',
  tools: ['list_notes', 'add_note', 'get_note'],
  probe: [{ tool: 'list_notes' }],
  rebind: ['/id', '/notes/*/id'],
  entities: { 'list_notes/notes/*/id': 'note', 'add_note/id': 'note', 'get_note.id': 'note' },
}), { seeds: [0], exempt: oneSeed });

describeWorld('of an MCP server over HTTP, shared and put back by a reset', () => open('board', { param: 'post.text', texts: [['buy milk', 'call Ines']] }, {
  url: server.url,
  isolation: 'shared',
  tools: ['post', 'board'],
  probe: [{ tool: 'board' }],
  reset: [{ tool: 'wipe' }],
  descriptions: { post: 'Posts a text.' },
}), { seeds: [0], exempt: oneSeed });
