import { exploreWorld } from '../../../src/core/explore/explore';
import { foldEvidence } from '../../../src/core/graph/fold';
import type { GraphSnapshot } from '../../../src/core/graph/graph';
import { emptySnapshot } from '../../../src/core/graph/merge';
import { createRng } from '../../../src/core/random';
import { toolKey, type Execute, type KnownFact, type WorldDoc } from '../../../src/core/tool';
import { RAIL_EDGES } from '../../../src/worlds/builtin/rail/edges';
import { createRailWorld } from '../../../src/worlds/builtin/rail';
import { createReplayer } from '../../../src/worlds/replay';
import { arrowsFrom, arrowsOf, scoreEdges } from '../../fixtures/edge-score';
import { TOY_EDGES, TOY_WORLD, toyExecute, toyFacts } from '../../fixtures/toy-world';

async function explored(input: { world: WorldDoc; facts: (seed: number) => KnownFact[]; execute: Execute; walks: number; callsPerWalk: number; seed?: string }): Promise<GraphSnapshot> {
  const { world, facts, execute, walks, callsPerWalk } = input;
  const evidence = await exploreWorld({ world, facts, execute, rng: createRng(input.seed ?? 'explore'), budget: { walks, callsPerWalk, confirmations: 6 } });
  const empty = emptySnapshot(world.id, world.tools.map((tool) => toolKey(world.id, tool.name)));
  return foldEvidence(empty, evidence, { reseedable: () => world.reseedable }).snapshot;
}

describe('exploration of the toy world', () => {
  let graph: GraphSnapshot;
  beforeAll(async () => {
    graph = await explored({ world: TOY_WORLD, facts: toyFacts, execute: toyExecute, walks: 60, callsPerWalk: 14 });
  });
  const groupsOf = (tool: string) => graph.tools.find((other) => other.key === `toy::${tool}`)?.groups ?? [];

  test('finds exactly the true prerequisites', () => {
    expect(scoreEdges(arrowsOf(graph), [...TOY_EDGES])).toMatchObject({ spurious: [], missed: [] });
  });
  test('producers of one value are alternatives of one group, one group per parameter', () => {
    expect(groupsOf('quote')).toEqual([
      { id: 'toy::quote|/from', kind: 'data', param: '/from', members: [{ tool: 'toy::port_code', outPath: '/port' }, { tool: 'toy::port_near', outPath: '/port' }] },
      { id: 'toy::quote|/to', kind: 'data', param: '/to', members: [{ tool: 'toy::port_code', outPath: '/port' }, { tool: 'toy::port_near', outPath: '/port' }] },
    ]);
  });
  test('two ways to open a gate are alternatives of one state group', () => {
    const states = groupsOf('book').filter((group) => group.kind === 'state');
    expect(states).toHaveLength(1);
    expect(states[0]?.members.map((member) => member.tool)).toEqual(['toy::guest_entry', 'toy::sign_in']);
  });
  test('an id that every seed counts alike is a data edge all the same', () => {
    expect(groupsOf('book').filter((group) => group.kind === 'data')).toEqual([
      { id: 'toy::book|/quote_id', kind: 'data', param: '/quote_id', members: [{ tool: 'toy::quote', outPath: '/quote_id' }] },
    ]);
  });
  test('a text that users write and that takes anything has no prerequisite', () => {
    expect(groupsOf('add_note')).toEqual([]);
  });
  test('an unrelated call that renumbers ids is no prerequisite', () => {
    expect(arrowsOf(graph).filter(([, producer]) => producer === 'add_note')).toEqual([]);
  });
  test('a gate whose absence already breaks another prerequisite is not repeated', () => {
    expect(groupsOf('cancel_trip').filter((group) => group.kind === 'state').map((group) => group.members)).toEqual([[{ tool: 'toy::pay' }]]);
  });
  test('the same generator gives the same evidence, and every call id once', async () => {
    const once = () => exploreWorld({ world: TOY_WORLD, facts: toyFacts, execute: toyExecute, rng: createRng('again'), budget: { walks: 6, callsPerWalk: 10, confirmations: 20 } });
    const [a, b] = [await once(), await once()];
    expect(a).toEqual(b);
    expect(new Set(a.map((row) => row.callId)).size).toBe(a.length);
    expect(JSON.parse(JSON.stringify(a))).toEqual(a);
  });
  test('a world that does not change with its seed is judged by mutate alone', async () => {
    const execute: Execute = (_seed, calls) => toyExecute(3, calls);
    const still = await explored({ world: { ...TOY_WORLD, seeds: 1, reseedable: false }, facts: () => toyFacts(3), execute, walks: 40, callsPerWalk: 14 });
    expect(scoreEdges(arrowsOf(still), [...TOY_EDGES])).toMatchObject({ spurious: [], missed: [] });
  });
  test('infrastructure trouble rejects: it is never taken for a fault', async () => {
    const execute: Execute = async () => Promise.reject(new Error('server gone'));
    await expect(explored({ world: TOY_WORLD, facts: toyFacts, execute, walks: 1, callsPerWalk: 1 })).rejects.toThrow('server gone');
  });
});

describe('exploration of rail, against its author\'s edges', () => {
  test.each(['one', 'two', 'three'])('with the default budget, precision and recall over the transitive closure are at least 0.95 (generator %s)', async (seed) => {
    const rail = createRailWorld();
    const replayer = createReplayer([rail]);
    const graph = await explored({ world: rail.doc, facts: (worldSeed) => rail.known(worldSeed), execute: replayer.execute('rail'), walks: 24, callsPerWalk: 16, seed });
    await replayer.close();
    const truth = arrowsFrom(RAIL_EDGES);
    const score = scoreEdges(arrowsOf(graph), truth);
    expect(score.precision).toBeGreaterThanOrEqual(0.95);
    expect(score.recall).toBeGreaterThanOrEqual(0.95);
  }, 60_000);
});
