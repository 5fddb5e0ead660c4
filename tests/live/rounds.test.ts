import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContexts, type CampaignContext, type Contexts } from '../../src/activities/context';
import type { Deps } from '../../src/activities/deps';
import { buildBaseGraph, openGraph, probeGraph } from '../../src/activities/explore';
import { prepareCampaign } from '../../src/activities/prepare';
import { closeRound, sampleItem } from '../../src/activities/sample';
import { createGate } from '../../src/clients/gate';
import { connectGraphStore } from '../../src/clients/graph-store';
import { createLedger } from '../../src/clients/ledger';
import { createRecordStore } from '../../src/clients/record-store';
import type { GraphSnapshot } from '../../src/core/graph/graph';
import { withFailureTools } from '../../src/core/graph/merge';
import { toolKey } from '../../src/core/tool';
import type { TraceSpec } from '../../src/core/trace';
import { railCampaign } from '../fixtures/rig';

/** Rounds over a real graph store, with so little exploration that the base graph lacks most edges. */
const ROUND = 8;
const id = `rounds-${process.pid}`;
const home = mkdtempSync(join(tmpdir(), 'hardgen-rounds-'));
let deps: Deps;
let contexts: Contexts;
let context: CampaignContext;
let specs: TraceSpec[];

const unasked = (): never => {
  throw new Error('Expected sampling to ask no model');
};

beforeAll(async () => {
  const { HARDGEN_NEO4J_URI: uri = '', HARDGEN_NEO4J_USER: user = 'neo4j', HARDGEN_NEO4J_PASSWORD: password = '' } = process.env;
  deps = { home, cache: home, records: createRecordStore(home), graph: connectGraphStore({ uri, user, password }), gate: createGate(), ledger: createLedger(home), chat: { complete: unasked }, fetchHistory: unasked };
  contexts = createContexts(deps);

  const input = railCampaign({ seed: 5, target: { verified: 8, maxItems: 4 * ROUND }, round: ROUND, exploration: { walks: 1, callsPerWalk: 3, confirmations: 6, perRound: 24 } });
  await prepareCampaign(deps, contexts, { id, input });
  context = await contexts.of(id);
  for (const world of context.manifest.worlds) await buildBaseGraph(deps, context.replayer, { graph: world.baseGraph, world: world.id, exploration: context.manifest.campaign.exploration });
  await openGraph(deps, context);
  const base = await versionOf(probeGraph(id), 0);
  await deps.graph.saveVersion(withFailureTools({ ...base, graph: id }, base.tools.map((tool) => tool.key)));
  // Round 1 is left open, as by a shard whose last items were not needed: closing the next one closes it too.
  for (const round of [0, 2]) await closeRound(deps, context, { round, onProgress: () => undefined });
  specs = [];
  for (let item = 0; item < 4 * ROUND; item++) {
    const line = await sampleItem(deps, context, { campaign: id, purpose: 'trajectory', item });
    if (line.ok) specs.push((await deps.records.readBlob(line.hash)) as unknown as TraceSpec);
  }
}, 180_000);

afterAll(async () => {
  await contexts.close();
  await Promise.all([deps.graph.dropGraph(id), deps.graph.dropGraph(probeGraph(id)), ...context.manifest.worlds.map((world) => deps.graph.dropGraph(world.baseGraph))]);
  await deps.graph.close();
  rmSync(home, { recursive: true, force: true });
}, 60_000);

async function versionOf(graph: string, version: number): Promise<GraphSnapshot> {
  const snapshot = await deps.graph.readVersion(graph, version);
  if (!snapshot) throw new Error(`Expected version ${version} of ${graph}`);
  return snapshot;
}

const edgesOf = (graph: GraphSnapshot): string[] => graph.tools.flatMap((tool) => tool.groups.flatMap((group) => group.members.map((member) => `${member.tool} -${group.kind}${group.param ?? ''}-> ${tool.key}`)));

/** Data edges that a trace takes: an argument that comes from an earlier call's output. */
const edgesTaken = (spec: TraceSpec): string[] => spec.calls.flatMap((call) => call.sources.flatMap((source) => {
  const producer = source.kind === 'output' ? spec.calls.find((other) => other.id === source.call) : undefined;
  return producer ? [`${toolKey(spec.world, producer.tool)} -data${source.pointer}-> ${toolKey(spec.world, call.tool)}`] : [];
}));

describe('rounds', () => {
  it('sample on the version that the rounds before them made', () => {
    expect(specs.length).toBeGreaterThan(0);
    for (const spec of specs) expect(spec.graphVersion).toBe(Math.floor(spec.item / ROUND));
  });

  it('teach the graph edges that its base lacks', async () => {
    const before = edgesOf(await versionOf(id, 0));
    const after = edgesOf(await versionOf(id, 3));
    expect(after.filter((edge) => !before.includes(edge)).length).toBeGreaterThan(0);
  });

  it('let a late item use an edge that an early one revealed', async () => {
    const before = edgesOf(await versionOf(id, 0));
    const late: string[] = [];
    for (const spec of specs.filter((one) => one.graphVersion > 0)) {
      const known = edgesOf(await versionOf(id, spec.graphVersion));
      late.push(...edgesTaken(spec).filter((edge) => known.includes(edge) && !before.includes(edge)));
    }
    expect(late).not.toEqual([]);
  });

  it('give the same version again when they are closed again', async () => {
    const before = await versionOf(id, 1);
    await closeRound(deps, context, { round: 0, onProgress: () => undefined });
    expect(await versionOf(id, 1)).toEqual(before);
  });
});
