import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compileCampaign } from '../../src/cli/campaign-file';
import { blobFile, formatLine } from '../../src/clients/record-store';
import { canonicalJson, type Json } from '../../src/core/json';
import type { Row } from '../../src/core/dataset/row';
import { createRig, root, type Rig } from '../fixtures/rig';
import { startReplayEndpoint, type ReplayEndpoint } from '../fixtures/replay-endpoint';

const example = join(root, 'examples/real-language');
const kept = join(example, 'kept');

const keptRows = (): Row[] => readdirSync(join(kept, 'rows')).sort().map((file) => JSON.parse(readFileSync(join(kept, 'rows', file), 'utf8')) as Row);

/** The traces as they were sampled then: what is replayed is the language, not the sampler. */
function seedSpecs(home: string, campaign: string): void {
  for (const file of readdirSync(join(kept, 'specs'))) {
    const { line, trace } = JSON.parse(readFileSync(join(kept, 'specs', file), 'utf8')) as { line: { ok: boolean; hash?: string }; trace?: Json };
    if (trace !== undefined && line.hash !== undefined) write(blobFile(home, line.hash), canonicalJson(trace));
    write(join(home, 'campaigns', campaign, 'records', `${file.replace('.json', '')}.jsonl`), formatLine({ key: 'spec', kind: 'spec', value: line as unknown as Json }));
  }
}

/** A row's text without what the API graph says of it (and so without its name): the graph is explored anew here, and briefly. */
function withoutGraph(row: Row & { id?: string }): string {
  const { id: _name, labels: { alternative: _fromGraph, ...labels }, ...rest } = row;
  return canonicalJson({ ...rest, labels } as unknown as Json);
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

describe('replies written by hand, each from its request', () => {
  const id = `real-language-${process.pid}`;
  let rig: Rig;
  let endpoint: ReplayEndpoint;

  beforeAll(async () => {
    rig = await createRig('real-language');
    endpoint = await startReplayEndpoint(join(kept, 'exchanges.jsonl'));
    seedSpecs(rig.home, id);
    const input = compileCampaign(join(example, 'campaign.yaml'));
    const hand = input.campaign.models.endpoints.hand;
    if (!hand) throw new Error('Expected the endpoint `hand` in the example');
    hand.baseURL = endpoint.baseURL;
    // The prompts of that day: ours may have become better since.
    input.campaign.prompts = join(kept, 'prompts');
    input.campaign.exploration = { ...input.campaign.exploration, walks: 4, callsPerWalk: 6, confirmations: 1 };
    await rig.startWorker();
    await rig.start(id, input);
    await rig.result(id);
  }, 300_000);

  afterAll(async () => {
    await rig.close();
    await endpoint.close();
  }, 60_000);

  it('verified at least six trajectories over both worlds', () => {
    const worlds = keptRows().map((row) => row.world);
    expect(worlds.length).toBeGreaterThanOrEqual(6);
    expect(new Set(worlds)).toEqual(new Set(['rail', 'git']));
    expect(keptRows().every((row) => row.messages.length > 0)).toBe(true);
  });

  it('replay to the same rows', () => {
    const rows = readdirSync(join(rig.home, 'campaigns', id, 'rows')).sort().map((file) => (JSON.parse(readFileSync(join(rig.home, 'campaigns', id, 'rows', file), 'utf8')) as { row: Row }).row);
    expect(rows.map(withoutGraph).sort()).toEqual(keptRows().map(withoutGraph).sort());
  });

  it('answer every request that the replay makes', () => {
    expect(endpoint.unknown).toEqual([]);
  });
});
