import type { Tool } from '@modelcontextprotocol/client';
import { mcpBlockSchema, type McpBlock } from '../../src/core/campaign/campaign.schema';
import { readSecrets } from '../../src/worlds/mcp/secrets';
import { callableTools, missingTraits, type Given } from '../../src/worlds/mcp/traits';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const block = (change: object = {}): McpBlock => mcpBlockSchema.parse({ name: 'desk', command: 'node', args: ['desk.mjs'], ...change });
const tools = ['read_file', 'write_file'].map((name) => ({ name, inputSchema: { type: 'object' } }) as Tool);
const given = (change: Partial<Given> = {}): Given => ({ confined: 'files', keys: false, folders: false, ...change });

describe('what a platform cannot take from a process', () => {
  const open: [string, Partial<Given>, string][] = [
    ['keys with a network', { confined: 'nothing', keys: true }, 'has keys of yours and a network that this platform cannot take from it, and no reset'],
    ['folders of the user', { confined: 'network', folders: true }, 'has folders of yours that this platform cannot make read-only for it, and no reset'],
  ];
  it.each(open)('%s: only tools that its user marked are called, and a sentence says so', (_what, change, sentence) => {
    expect(() => callableTools(block(), tools, given(change))).toThrow('to have a reset or tools marked `readOnly`');
    const marked = block({ readOnly: ['read_file'] });
    expect(callableTools(marked, tools, given(change))).toEqual(['read_file']);
    expect(missingTraits(marked, { ...given(change), offered: 2, left: 1 }).join('\n')).toContain(sentence);
  });

  it.each<[string, Partial<Given>]>([
    ['it has nothing of its user', { confined: 'nothing' }], ['the network is taken away', { confined: 'network', keys: true }], ['files are read-only', { keys: true, folders: true }],
  ])('is no matter where %s, or a reset is declared', (_what, change) => {
    expect(callableTools(block(), tools, given(change))).toBeUndefined();
    expect(callableTools(block({ reset: [] }), tools, given({ confined: 'nothing', keys: true, folders: true }))).toBeUndefined();
  });
});

it('an empty `reset` puts nothing back at an address', () => {
  const at = (change: object): boolean => mcpBlockSchema.safeParse({ name: 'desk', url: 'https://desk.example/mcp', ...change }).success;
  expect([at({ reset: [] }), at({ reset: [{ tool: 'wipe' }] }), at({ isolation: 'session', reset: [] }), at({})]).toEqual([false, true, true, true]);
});

describe('an mcpServers file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hardgen-secrets-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const ours = { DESK_TOKEN: 'abcdefgh-secret', DESK_ROOM: 'room-number-12' };
  const server = { command: 'node', args: ['--token', '${DESK_TOKEN}', '--room=${DESK_ROOM}', '${DESK_LEVEL:-info}'], env: { DATABASE_URL: 'postgresql://desk:pw-of-desk@db/desk', COLOUR: 'green-and-blue' } };
  writeFileSync(join(folder, 'mcp.json'), JSON.stringify({ mcpServers: { desk: server } }));
  const inFile = { args: server.args, mcpServer: { file: './mcp.json', server: 'desk' } };

  it('has its variables filled in arguments when the world is opened, with another value where there is none', async () => {
    expect((await readSecrets(block(inFile), folder, ours)).args).toEqual(['--token', 'abcdefgh-secret', '--room=room-number-12', 'info']);
    await expect(readSecrets(block(inFile), folder, {})).rejects.toThrow('Expected the environment variable `DESK_TOKEN` to be set (args.1), got nothing');
  });

  it('has secrets told by name or by a password in an address; plain settings may be repeated', async () => {
    const { mask, held } = await readSecrets(block(inFile), folder, ours);
    expect(held).toBe(true);
    expect(mask('abcdefgh-secret in room-number-12, pw-of-desk, postgresql://desk:pw-of-desk@db/desk, green-and-blue')).toBe('[DESK_TOKEN] in room-number-12, [DATABASE_URL], [DATABASE_URL], green-and-blue');
  });

  it('is the only place where arguments have variables', async () => {
    expect((await readSecrets(block({ args: ['${DESK_TOKEN}'] }), folder, ours)).args).toEqual(['${DESK_TOKEN}']);
  });
});
