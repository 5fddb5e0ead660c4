import { checkAdvancedTool, type AdvancedTool } from '../../../src/core/evolve/advanced-tool';
import { askLabels, needId, needsOf, type Need, type Scene } from '../../../src/core/evolve/needs';
import { checkQuery, queryBlocks } from '../../../src/core/evolve/query';
import type { GraphSnapshot, GraphTool } from '../../../src/core/graph/graph';
import { createRng } from '../../../src/core/random';
import { sampleTrace } from '../../../src/core/sample/sampler';
import type { Cell, TraceSpec } from '../../../src/core/trace';
import { createRailWorld } from '../../../src/worlds/builtin/rail';
import { RAIL_EDGES } from '../../../src/worlds/builtin/rail/edges';
import { createReplayer } from '../../../src/worlds/replay';

const world = createRailWorld();
const replayer = createReplayer([world]);
afterAll(() => replayer.close());

const keys = world.doc.tools.map((tool) => `rail::${tool.name}`).sort();
const graph: GraphSnapshot = {
  graph: 'rail', version: 0, failureTools: [],
  tools: keys.map((key): GraphTool => ({
    key, effect: 'unknown', calls: 3, ok: 3, params: [],
    groups: RAIL_EDGES.filter((edge) => edge.tool === key).map(({ kind, members, param, optional }, at) => ({ id: `${key}|${param ?? at}`, kind, members, ...(param === undefined ? {} : { param }), ...(optional ? { optional } : {}) })),
  })),
};

async function specOf(cell: string, seed: number): Promise<TraceSpec> {
  const [calls, turns] = cell.split('/') as [Cell['calls'], Cell['turns']];
  const result = await sampleTrace({
    item: 0, purpose: 'trajectory', world: world.doc, seed, cell: { world: 'rail', calls, turns }, targets: keys, graph, facts: world.known(seed), execute: replayer.execute('rail'),
    rng: createRng(`${cell}${seed}`), shape: { distractors: 4, earlierTurnShare: 0.5, redraws: 12 },
  });
  if (!result.ok) throw new Error(result.detail);
  return result.spec;
}

const sceneOf = (spec: TraceSpec, turn: number): Scene => ({ spec, turn, tools: world.doc.tools, facts: world.known(spec.seed) });

/** One parameter per distinct value, all bound. */
function plainTool(scene: Scene): AdvancedTool {
  const needs = needsOf(scene);
  const values = [...new Set(needs.map((need) => JSON.stringify(need.value)))];
  return {
    name: 'look_after_traveller', description: 'Looks after a traveller until the wish is fulfilled.', returns: 'What the traveller wants to know',
    parameters: values.map((_, index) => ({ name: `p${index}`, type: 'string', description: 'What the traveller said' })),
    bindings: needs.map((need) => ({ call: need.call, argument: need.argument, parameter: `p${values.indexOf(JSON.stringify(need.value))}` })),
  };
}

const sayNeed = (need: Need): string => `${need.name.replace(/_/g, ' ')} ${String(need.value)}`;

/** Says each value once, as a form would: the least that a passing query can be. */
function plainQuery(scene: Scene): string {
  const said = [...new Set(needsOf(scene).map(sayNeed))];
  return `Please help me with ${said.join(', ') || 'that'}. Tell me ${askLabels(scene).map(({ label }) => label.replace(/\([^)]*\)/g, '')).join(' and ') || 'when it is done'}.`;
}

describe.each(['1/single', '2/multi', '3-4/single', '3-4/multi', '5-8/single', '5-8/multi'])('rail traces of cell %s', (cell) => {
  it('have an advanced tool and a query that pass, and fail without any one stated value', async () => {
    for (let seed = 40; seed < 42; seed++) {
      const spec = await specOf(cell, seed);
      const queries: string[] = [];
      for (let turn = 0; turn < spec.turns.length; turn++) {
        const scene = sceneOf(spec, turn);
        expect(checkAdvancedTool({ ...scene, tool: plainTool(scene) })).toEqual([]);
        const check = { ...scene, query: plainQuery(scene), earlierQueries: [...queries], earlierAnswers: [], mode: 'hard' as const, today: '2031-01-01' };
        expect({ query: check.query, reasons: checkQuery(check).reasons }).toEqual({ query: check.query, reasons: [] });
        for (const need of needsOf(scene)) {
          const less = check.query.split(String(need.value)).join('…');
          const { reasons, claims } = checkQuery({ ...check, query: less, earlierQueries: [] });
          expect([need, reasons.some((reason) => reason.includes(JSON.stringify(need.value))) || claims.some((claim) => claim.id === needId(need) || claim.value === need.value)]).toEqual([need, true]);
        }
        queries.push(check.query);
      }
    }
  });

  it('show the Query Generator no value that has to be looked up', async () => {
    const spec = await specOf(cell, 44);
    for (let turn = 0; turn < spec.turns.length; turn++) {
      const scene = sceneOf(spec, turn);
      const blocks = queryBlocks({ ...scene, advanced: plainTool(scene), mode: 'easy', earlier: [] });
      const looked = spec.calls.flatMap((call) => call.sources.flatMap((source) => (source.kind === 'output' ? [String(call.args[source.pointer.slice(1)])] : [])));
      for (const value of looked) expect(Object.values(blocks).join('\n')).not.toContain(`"${value}"`);
    }
  });
});
