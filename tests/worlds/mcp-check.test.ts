import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../src/cli';
import { EXIT } from '../../src/cli/exit-codes';
import { checkLines, type CheckReport } from '../../src/cli/world-check';
import type { JsonObject } from '../../src/core/json';
import { startHttpServer, type HttpServer } from '../fixtures/mcp-http';

// Hundreds of sessions on a busy machine.
jest.setTimeout(120_000);

describe('a server with random ids and times', () => {
  let home: string;
  let server: HttpServer;
  const before = { ...process.env };
  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), 'hardgen-world-check-'));
    process.env.HARDGEN_HOME = home;
    server = await startHttpServer({ stamped: true, tools: ['add_note', 'list_notes', 'get_note'] });
  });
  afterEach(async () => {
    await server.close();
    process.env = { ...before };
    rmSync(home, { recursive: true });
  });

  async function check(change: JsonObject): Promise<{ code: number; report: CheckReport }> {
    writeFileSync(join(home, 'known.yaml'), 'all:\n  - { name: first, value: buy milk, about: what to note, params: [add_note.text] }\n  - { name: second, value: call Ann, about: what to note, params: [add_note.text] }\n');
    const mcp = { name: 'notes', url: server.url, isolation: 'session', tools: ['add_note', 'get_note'], probe: [{ tool: 'list_notes' }], known: './known.yaml', ...change };
    const sim = { toolMaker: 'sim', queryGenerator: 'sim', reasoner: 'sim', verifier: 'sim' };
    writeFileSync(join(home, 'campaign.json'), JSON.stringify({ name: 'notes', seed: 1, target: { verified: 1, maxItems: 1 }, worlds: [{ mcp }], models: { roles: sim, targets: ['sim-a'] } }));
    const out: string[] = [];
    const code = await main(['world', 'check', '--file', join(home, 'campaign.json'), '--json'], { out: (text) => void out.push(text), err: () => undefined, live: false });
    return { code, report: JSON.parse(out.join('\n')) as CheckReport };
  }

  test('gets lines to paste; with them in its block the check passes and proposes nothing', async () => {
    const bare = await check({});
    expect(bare.code).toBe(EXIT.incomplete);
    expect(bare.report.proposals).toEqual([{ world: 'notes', rebind: ['/id', 'uuid'], volatile: ['/at', 'times'], open: [], trouble: null }]);
    expect(checkLines(bare.report).at(-1)).toBe('notes: two runs differ; add to its block: rebind: [/id, uuid], volatile: [/at, times]');
    const pasted = await check({ rebind: ['/id', 'uuid'], volatile: ['/at', 'times'] });
    expect(pasted.report.worlds.flatMap(({ tools }) => tools.map(({ tool, troubles }) => [tool, troubles]))).toEqual([['add_note', []], ['get_note', []]]);
    expect(pasted.report.proposals).toEqual([]);
    expect(pasted.code).toBe(EXIT.ok);
  });
});
