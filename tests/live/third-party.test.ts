import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditCampaign, type AuditReport } from '../../src/audit/campaign';
import { compileCampaign } from '../../src/cli/campaign-file';
import { openCampaign } from '../../src/cli/campaign-folder';
import { exportDataset } from '../../src/cli/export-dataset';
import { loadConfig } from '../../src/config';
import type { Progress } from '../../src/core/campaign/progress';
import { FORMATS } from '../../src/core/dataset/formats';
import type { NamedRow } from '../../src/core/dataset/row';
import { startEverything, type EverythingServer } from '../fixtures/everything-server';
import { startPottery, type PotteryService } from '../fixtures/openapi/pottery-service';
import { createRig, root, type Rig } from '../fixtures/rig';

/** One campaign over four servers that others wrote, by their shipped blocks, and a running HTTP service; every test reads what it left. */
const id = `third-party-${process.pid}`;
const KEY = 'k-5d20-very-secret';
let rig: Rig;
let everything: EverythingServer;
let pottery: PotteryService;
let ended: Progress;
let report: AuditReport;
let rows: NamedRow[];

/** What a user of the pottery could say; which kilns and pieces there are has to be looked up. */
const POTTERY_FACTS = {
  all: [
    { name: 'zone', value: 'yard', about: 'the zone of the studio', params: ['list_kilns.zone', 'create_kiln.zone'] },
    { name: 'new_kiln', value: 'Cinder', about: 'the name of a new kiln', params: ['create_kiln.name'] },
  ],
};

function campaignFile(): string {
  const known = join(rig.home, 'known.yaml');
  writeFileSync(known, JSON.stringify(POTTERY_FACTS));
  const file = join(rig.home, 'campaign.json');
  writeFileSync(file, JSON.stringify({
    name: 'third-party', seed: 1, target: { verified: 10, maxItems: 60 },
    worlds: [
      ...['plans', 'notes', 'tasks'].map((name) => ({ mcp: join(root, 'examples/worlds', name, 'block.yaml') })),
      { mcp: everything.block },
      { openapi: {
        name: 'pottery', spec: join(root, 'tests/fixtures/openapi/pottery.yaml'), baseURL: pottery.baseURL, auth: { apiKeyEnv: 'POTTERY_KEY' }, reset: { request: 'POST /test/reset?seed={seed}' }, seeds: 3, known,
        // What the service does not have yet.
        only: ['listKilns', 'createKiln', 'getKiln', 'listPieces', 'getPiece'],
      } },
    ],
    shape: { calls: { '1': 1, '2': 2, '3-4': 1 } }, exploration: { walks: 12, callsPerWalk: 12 },
    // The simulated target fails each of these, and one call or two reach them.
    selfEvaluation: { tools: [
      'plans::query_task', 'plans::update_task', 'notes::list_project_files', 'notes::memory_bank_write', 'tasks::list_requests', 'tasks::request_planning',
      'everything::echo', 'everything::get-structured-content', 'pottery::list_kilns', 'pottery::list_pieces',
    ] },
    models: { roles: { toolMaker: 'sim', queryGenerator: 'sim', reasoner: 'sim', verifier: 'sim' }, targets: ['sim-a'] },
  }));
  return file;
}

beforeAll(async () => {
  [rig, everything, pottery] = await Promise.all([createRig('third-party'), startEverything(), startPottery(KEY)]);
  await rig.startWorker({ POTTERY_KEY: KEY });
  await rig.start(id, compileCampaign(campaignFile()));
  ended = await rig.result(id);
  const config = { ...loadConfig(), home: rig.home };
  const folder = openCampaign(config, id);
  for (const format of FORMATS) await exportDataset(folder, format, join(folder.path, 'dataset', format.name));
  rows = readFileSync(join(folder.path, 'dataset/jsonl/rows.jsonl'), 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line) as NamedRow);
  // The audit executes every row again, in worlds that it opens itself.
  process.env.POTTERY_KEY = KEY;
  report = await auditCampaign({ config, campaign: id });
}, 300_000);

afterAll(async () => {
  delete process.env.POTTERY_KEY;
  await Promise.allSettled([everything?.close(), pottery?.close()]);
  await rig?.close();
}, 60_000);

describe('a campaign over servers that others wrote', () => {
  it('ends with nothing failed or blocked', () => {
    expect(ended).toMatchObject({ phase: 'done', verified: rows.length, failed: 0, blocked: 0, running: 0 });
  });

  it.each([
    ['plans', 'mcp', 'random ids and times'],
    ['notes', 'mcp', 'answers in text only'],
    ['everything', 'mcp', 'streamable HTTP, shared with others'],
    ['tasks', 'mcp', 'state on disk'],
    ['pottery', 'openapi', 'a running HTTP service'],
  ])('has verified rows of %s in tier %s: %s', (world, tier) => {
    const tiers = rows.filter((row) => row.world === world).map((row) => row.world_tier);
    expect(new Set(tiers)).toEqual(new Set([tier]));
  });

  it('keeps the key of the service out of records and rows', () => {
    expect(pottery.seen).toContain('GET /pieces');
    expect(JSON.stringify([rig.records(id), rows])).not.toContain(KEY);
  });

  it('is audited without a finding', () => {
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({ campaign: id, rows: rows.length, torn: 0 });
  });
});
