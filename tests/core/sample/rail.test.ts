import { rebindAndRun } from '../../../src/core/explore/rebind';
import type { GraphSnapshot, GraphTool } from '../../../src/core/graph/graph';
import { canonicalJson } from '../../../src/core/json';
import { createRng, type Rng } from '../../../src/core/random';
import { sampleTrace } from '../../../src/core/sample/sampler';
import type { CallResult } from '../../../src/core/tool';
import { bandOf, type Cell, type GoldCall, type TraceSpec } from '../../../src/core/trace';
import { createRailWorld } from '../../../src/worlds/builtin/rail';
import { RAIL_EDGES } from '../../../src/worlds/builtin/rail/edges';
import { createReplayer } from '../../../src/worlds/replay';
import { isPlainJson } from './tickets';

const world = createRailWorld();
const replayer = createReplayer([world]);
const execute = replayer.execute('rail');
afterAll(() => replayer.close());

const keys = world.doc.tools.map((tool) => `rail::${tool.name}`).sort();
const READS = ['find_station', 'nearest_station', 'search_connections', 'disruption_notice', 'connection_details', 'list_bookings', 'points_balance', 'seat_map', 'lost_item_status'];
const graph: GraphSnapshot = {
  graph: 'rail', version: 0, failureTools: [],
  tools: keys.map((key): GraphTool => ({
    key, effect: READS.includes(key.replace('rail::', '')) ? 'read' : 'write', calls: 3, ok: 3, params: [],
    groups: RAIL_EDGES.filter((edge) => edge.tool === key).map(({ kind, members, param, optional }, at) => ({ id: `${key}|${param ?? at}`, kind, members, ...(param === undefined ? {} : { param }), ...(optional ? { optional } : {}) })),
  })),
};

async function specOf(options: { cell: string; targets?: string[]; seed?: number; probe?: boolean; draw?: string; callWeights?: { [calls: number]: number } }): Promise<TraceSpec> {
  const [calls, turns] = options.cell.split('/') as [Cell['calls'], Cell['turns']];
  const seed = options.seed ?? 4;
  const result = await sampleTrace({
    item: 0, purpose: options.probe ? 'probe' : 'trajectory', world: world.doc, seed, cell: { world: 'rail', calls, turns }, targets: options.targets ?? keys, graph, facts: world.known(seed), execute,
    rng: createRng(options.draw ?? 'rail'), shape: { distractors: 6, earlierTurnShare: 0.5, redraws: 12, ...(options.callWeights ? { callWeights: options.callWeights } : {}) },
  });
  if (!result.ok) throw new Error(result.detail);
  return result.spec;
}

/** The calls in some order that the spec's partial order and its turns permit. */
function linearExtension(spec: TraceSpec, rng: Rng): GoldCall[] {
  const done: GoldCall[] = [];
  for (const turn of spec.turns) {
    let left = spec.calls.filter((call) => turn.calls.includes(call.id));
    while (left.length > 0) {
      const waiting = left;
      const next = rng.pick(waiting.filter((call) => ![...spec.order.data, ...spec.order.order].some(([from, to]) => to === call.id && waiting.some((other) => other.id === from))));
      done.push(next);
      left = left.filter((call) => call !== next);
    }
  }
  return done;
}

describe('traces of the rail world, on its true graph', () => {
  test('every tool can be probed, and the probe ends with it', async () => {
    for (const key of keys) {
      const spec = await specOf({ cell: '1/single', targets: [key], probe: true });
      expect(spec.calls.at(-1)?.tool).toBe(key.replace('rail::', ''));
    }
  });

  test('Figure 7: a search between two cities takes two look-ups, and their outputs fill both ends', async () => {
    const spec = await specOf({ cell: '3-4/single', targets: ['rail::search_connections'], callWeights: { 3: 1 } });
    const search = spec.calls.at(-1);
    expect(search?.tool).toBe('search_connections');
    expect(search?.sources.flatMap((source) => (source.kind === 'output' ? [source.call] : [])).sort()).toEqual(['c1', 'c2']);
    expect(spec.turns[0]?.bridging).toBe(2);
  });

  test.each(['1/single', '2/single', '2/multi', '3-4/single', '3-4/multi', '5-8/single', '5-8/multi'])('cell %s is met on every seed; every permitted order gives the same outputs and the same end', async (cell) => {
    for (let seed = 20; seed < 26; seed++) {
      const spec = await specOf({ cell, seed, draw: `${cell}${seed}` });
      expect(`${bandOf(spec.calls.length)}/${spec.turns.length > 1 ? 'multi' : 'single'}`).toBe(cell);
      expect(spec.calls.filter((call) => call.neededFor.length === 0)).toEqual([]);
      expect(isPlainJson(spec)).toBe(true);
      for (let round = 0; round < 4; round++) {
        const calls = linearExtension(spec, createRng(`${cell}${seed}${round}`));
        const { execution } = await rebindAndRun({ execute, seed, calls });
        expect(execution.results.map(canonicalOf)).toEqual(calls.map((call) => canonicalJson(call.result)));
        expect(execution.digests.at(-1)).toBe(spec.endDigest);
      }
    }
  });

  test('another way to a station code is never a distractor of the one taken', async () => {
    for (const draw of ['a', 'b', 'c', 'd', 'e', 'f']) {
      const spec = await specOf({ cell: '3-4/single', targets: ['rail::search_connections'], draw });
      const gold = new Set(spec.calls.map((call) => call.tool));
      const others = spec.tools.filter((tool) => !gold.has(tool));
      expect(others).not.toEqual(expect.arrayContaining(['find_station']));
      expect(others).not.toEqual(expect.arrayContaining(['nearest_station']));
      expect(others.length).toBeGreaterThan(0);
    }
  });

  test('no asked value is one the user could state, and none is asked for twice', async () => {
    for (let seed = 30; seed < 36; seed++) {
      const spec = await specOf({ cell: '5-8/multi', seed, draw: `asks${seed}` });
      const asks = spec.turns.flatMap((turn) => turn.asks);
      const stated = new Set(world.known(seed).map((fact) => canonicalJson(fact.value)));
      expect(asks.filter((ask) => stated.has(canonicalJson(ask.value)))).toEqual([]);
      expect(new Set(asks.map((ask) => `${ask.call}${ask.path}`)).size).toBe(asks.length);
    }
  });
});

const canonicalOf = (result: CallResult): string => (result.ok ? canonicalJson(result.value) : result.fault);
