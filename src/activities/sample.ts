import { confirmNewEdges } from '../core/explore/confirm';
import { foldEvidence } from '../core/graph/fold';
import type { CallEvidence, Evidence, GraphSnapshot } from '../core/graph/graph';
import { canonicalJson, type Json } from '../core/json';
import { createRng } from '../core/random';
import { assignItem } from '../core/sample/cells';
import { sampleTrace as sample, type SampleInput } from '../core/sample/sampler';
import { worldOfKey, type KnownFact, type WorldDoc } from '../core/tool';
import { callSignature, type TraceSpec } from '../core/trace';
import { sha256 } from '../digest';
import type { CampaignContext } from './context';
import type { Deps } from './deps';
import { probeGraph } from './explore';
import { recordName, type ItemRef } from '../core/campaign/refs';

/** The spec line of a record: what was sampled, or why nothing was. First stored wins. */
export type SpecLine =
  | { ok: true; hash: string; signature: string; turns: number }
  | { ok: false; reason: 'shape' | 'unreachable'; detail: string };

/** Phase I for one item: all turns at once, before any model call. A pure function of file, seed, item and graph version. */
export async function sampleItem(deps: Deps, context: CampaignContext, ref: ItemRef): Promise<SpecLine> {
  const stored = await readSpecLine(deps, ref);
  if (stored) return stored;
  const input = await sampleInput(deps, context, ref);
  const result = await sample(input);
  // Evidence first: a spec line means that its round can be closed.
  await deps.graph.appendEvidence(ref.purpose === 'probe' ? probeGraph(ref.campaign) : ref.campaign, result.evidence);
  const line: SpecLine = result.ok
    ? { ok: true, hash: await deps.records.writeBlob(result.spec as unknown as Json), signature: sha256(canonicalJson(callSignature(result.spec))).slice(0, 16), turns: result.spec.turns.length }
    : { ok: false, reason: result.reason, detail: result.detail };
  const won = await deps.records.append({ campaign: ref.campaign, record: recordName(ref), line: { key: 'spec', kind: 'spec', value: line as unknown as Json }, durable: true });
  return won.value as unknown as SpecLine;
}

/** Hash of the gold calls; empty when nothing was sampled. */
export const signatureOf = (spec: SpecLine | undefined): string => (spec?.ok ? spec.signature : '');

export async function readSpecLine(deps: Deps, ref: ItemRef): Promise<SpecLine | undefined> {
  const lines = await deps.records.read(ref.campaign, recordName(ref));
  return lines.find((line) => line.key === 'spec')?.value as unknown as SpecLine | undefined;
}

async function sampleInput(deps: Deps, context: CampaignContext, ref: ItemRef): Promise<SampleInput> {
  const { campaign, plan, probes } = context.manifest;
  const rng = createRng(`${campaign.seed}/${ref.purpose}/${ref.item}`);
  const shape = { distractors: campaign.shape.distractors, earlierTurnShare: campaign.shape.earlierTurnShare, redraws: campaign.retries.redraws };
  if (ref.purpose === 'probe') {
    const target = probes[ref.item];
    if (target === undefined) throw new Error(`Expected probe ${ref.item} to be one of ${probes.length}`);
    const world = context.replayer.world(worldOfKey(target));
    const seed = seedOf(world.doc, rng.int(0, 1_000_000));
    return {
      item: ref.item, purpose: 'probe', world: world.doc, seed, cell: { world: world.doc.id, calls: '1', turns: 'single' }, targets: [target],
      graph: await readGraph(deps, probeGraph(ref.campaign), 0), facts: world.known(seed), execute: context.replayer.execute(world.doc.id), rng, shape,
    };
  }
  const { cell, worldSeedDraw } = assignItem(plan, campaign.seed, ref.item);
  const world = context.replayer.world(cell.world);
  const seed = seedOf(world.doc, worldSeedDraw);
  const round = Math.floor(ref.item / campaign.round);
  const graph = await readGraph(deps, ref.campaign, round);
  return {
    item: ref.item, purpose: 'trajectory', world: world.doc, seed, cell, targets: graph.failureTools.filter((key) => worldOfKey(key) === cell.world),
    graph, facts: world.known(seed), execute: context.replayer.execute(cell.world), rng, shape, taken: await takenBefore(deps, context, round),
  };
}

const seedOf = (world: WorldDoc, draw: number): number => (world.seeds === null ? draw : draw % world.seeds);

async function readGraph(deps: Deps, graph: string, version: number): Promise<GraphSnapshot> {
  const snapshot = await deps.graph.readVersion(graph, version);
  if (!snapshot) throw new Error(`Expected version ${version} of graph ${graph} to be stored`);
  return snapshot;
}

/** The first round that makes each signature, over the closed rounds read so far. */
interface ClosedRounds {
  read: number;
  roundOf: Map<string, number>;
}

/** A closed round never changes, so each is read once per worker: there are 540 of them in a campaign of 27,000. */
const closedRounds = new WeakMap<CampaignContext, ClosedRounds>();

/** Signatures of all items of earlier rounds; those rounds are closed, so the list is whole. */
async function takenBefore(deps: Deps, context: CampaignContext, round: number): Promise<NonNullable<SampleInput['taken']>> {
  const closed = closedRounds.get(context) ?? { read: 0, roundOf: new Map<string, number>() };
  closedRounds.set(context, closed);
  for (let earlier = closed.read; earlier < round; earlier++) {
    const text = await deps.records.readArtifact(context.manifest.id, roundFile(earlier));
    if (text === undefined) break;
    for (const signature of (JSON.parse(text) as { signatures: string[] }).signatures) if (!closed.roundOf.has(signature)) closed.roundOf.set(signature, earlier);
    closed.read = Math.max(closed.read, earlier + 1);
  }
  return { has: (signature) => (closed.roundOf.get(signature) ?? round) < round };
}

const roundFile = (round: number): string => `rounds/${String(round).padStart(4, '0')}.json`;

/**
 * Closes round r: samples every item of it that has no spec yet, confirms new edges in fixed order up to a cap, folds
 * this round's sampling evidence and stores version r + 1. Needs no verdict, so no slow trajectory holds it up.
 */
export async function closeRound(deps: Deps, context: CampaignContext, input: { round: number; onProgress: () => void }): Promise<void> {
  const { id, campaign } = context.manifest;
  const version = input.round + 1;
  if (await deps.graph.readVersion(id, version)) return;
  // An earlier shard closes no round that its own last items do not need.
  if (input.round > 0) await closeRound(deps, context, { ...input, round: input.round - 1 });
  const from = input.round * campaign.round;
  const to = Math.min(from + campaign.round, campaign.target.maxItems) - 1;
  const items = Array.from({ length: to - from + 1 }, (_unused, offset): ItemRef => ({ campaign: id, purpose: 'trajectory', item: from + offset }));
  const signatures = (await inParallel(items, SAMPLED_AT_ONCE, async (ref) => {
    const line = await sampleItem(deps, context, ref);
    input.onProgress();
    return line.ok ? [canonicalJson(callSignature((await deps.records.readBlob(line.hash)) as unknown as TraceSpec))] : [];
  })).flat();
  await deps.records.writeArtifact(id, roundFile(input.round), `${JSON.stringify({ signatures })}\n`);
  const graph = await readGraph(deps, id, input.round);
  const sampled = (await deps.graph.readEvidence(id, { origins: ['sampling'], fromItem: from, toItem: to })).filter((row): row is CallEvidence => row.kind === 'call');
  const confirmed = await confirmRound(context, { graph, sampled, cap: campaign.exploration.perRound, round: input.round });
  await deps.graph.appendEvidence(id, confirmed);
  const reseedable = (world: string): boolean => context.replayer.world(world).doc.reseedable;
  await deps.graph.saveVersion(foldEvidence(graph, [...sampled, ...confirmed], { reseedable }));
}

/** Sampling waits for worlds that are other processes, so several items go side by side; evidence is folded by item all the same. */
const SAMPLED_AT_ONCE = 4;

async function inParallel<T, R>(items: readonly T[], width: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const lanes = Array.from({ length: width }, async () => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index] as T);
  });
  await Promise.all(lanes);
  return results;
}

async function confirmRound(context: CampaignContext, input: { graph: GraphSnapshot; sampled: CallEvidence[]; cap: number; round: number }): Promise<Evidence[]> {
  const confirmed: Evidence[] = [];
  for (const { id } of context.manifest.worlds) {
    const world = context.replayer.world(id);
    confirmed.push(...(await confirmNewEdges({
      world: world.doc, facts: (seed: number): KnownFact[] => world.known(seed), execute: context.replayer.execute(id), graph: input.graph,
      evidence: input.sampled.filter((row) => worldOfKey(row.tool) === id), cap: input.cap, rng: createRng(`${context.manifest.campaign.seed}/round/${input.round}/${id}`),
    })));
  }
  return confirmed;
}
