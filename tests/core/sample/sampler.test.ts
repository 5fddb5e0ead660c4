import { bandOf, type Cell, type TraceSpec } from '../../../src/core/trace';
import { canonicalJson } from '../../../src/core/json';
import { createRng } from '../../../src/core/random';
import { sampleTrace, type SampleInput, type SampleResult } from '../../../src/core/sample/sampler';
import { callSignature } from '../../../src/core/trace';
import { execute, isPlainJson, ticketsFacts, ticketsGraph, ticketsWorld, worldOf } from './tickets';

const cell = (calls: Cell['calls'], turns: Cell['turns']): Cell => ({ world: 'tickets', calls, turns });
const ALL = ticketsWorld.tools.map((tool) => `tickets::${tool.name}`);

function sample(options: Partial<SampleInput> & { draw?: string } = {}): Promise<SampleResult> {
  const world = options.world ?? ticketsWorld;
  return sampleTrace({
    item: 5, purpose: 'trajectory', world, seed: 3, cell: cell('3-4', 'single'), targets: ['tickets::buy_tickets'], graph: ticketsGraph(world), facts: ticketsFacts, execute,
    rng: createRng(options.draw ?? 'a'), shape: { distractors: 3, earlierTurnShare: 0.5, redraws: 12 }, ...options,
  });
}

async function specOf(options: Parameters<typeof sample>[0]): Promise<TraceSpec> {
  const result = await sample(options);
  if (!result.ok) throw new Error(result.detail);
  return result.spec;
}

const toolsOf = (spec: TraceSpec): string[] => spec.calls.map((call) => call.tool);

describe('a sampled trace', () => {
  test('Figure 7: two look-ups feed one purchase, each parameter bound to its own', async () => {
    const spec = await specOf({ cell: cell('3-4', 'single'), world: worldOf('get_zipcode', 'buy_tickets'), shape: { distractors: 0, earlierTurnShare: 0, redraws: 12, callWeights: { 3: 1 } } });
    expect(toolsOf(spec)).toEqual(['get_zipcode', 'get_zipcode', 'buy_tickets']);
    const [first, second, purchase] = spec.calls;
    expect(first?.args).not.toEqual(second?.args);
    expect(purchase?.sources.map((source) => source.kind === 'output' && source.call).sort()).toEqual(['c1', 'c2']);
    expect(spec.order).toEqual({ data: expect.arrayContaining([['c1', 'c3'], ['c2', 'c3']]), order: [] });
    expect(spec.turns).toMatchObject([{ calls: ['c1', 'c2', 'c3'], bridging: 2, easy: false, needsEarlierTurn: false }]);
    expect(spec.turns[0]?.asks.map((ask) => ask.label)).toEqual(['price (in euros)']);
  });

  const cells: Cell[] = [cell('1', 'single'), cell('2', 'single'), cell('2', 'multi'), cell('3-4', 'single'), cell('3-4', 'multi'), cell('5-8', 'single'), cell('5-8', 'multi')];
  test.each(cells.map((one) => [`${one.calls}/${one.turns}`, one] as const))('of cell %s fits it, is executable, and every call in it is needed', async (_, wanted) => {
    for (const draw of ['a', 'b', 'c', 'd']) {
      const spec = await specOf({ cell: wanted, targets: ALL, draw });
      expect([bandOf(spec.calls.length), spec.turns.length > 1 ? 'multi' : 'single']).toEqual([wanted.calls, wanted.turns]);
      expect(spec.turns.flatMap((turn) => turn.calls)).toEqual(spec.calls.map((call) => call.id));
      expect(spec.calls.map((call) => call.id)).toEqual(spec.calls.map((_call, position) => `c${position + 1}`));
      expect(spec.calls.filter((call) => call.neededFor.length === 0)).toEqual([]);
      const replay = await execute(spec.seed, spec.calls);
      expect(replay.results).toEqual(spec.calls.map((call) => ({ ok: true, value: call.result })));
      expect(replay.digests.slice(1)).toEqual(spec.calls.map((call) => call.digest));
      expect(spec.endDigest).toBe(replay.digests.at(-1));
      expect(toolsOf(spec)).toContain(spec.target.replace('tickets::', ''));
      expect(spec.turns.every((turn) => turn.asks.length <= 3)).toBe(true);
      expect(isPlainJson(spec)).toBe(true);
    }
  });

  test('a gold call made a second time with the same arguments does not occur', async () => {
    for (const draw of ['a', 'b', 'c']) {
      const spec = await specOf({ cell: cell('5-8', 'single'), targets: ALL, draw, world: worldOf('get_zipcode', 'buy_tickets', 'get_weather', 'get_gate', 'cancel_ticket') });
      expect(new Set(spec.calls.map((call) => canonicalJson([call.tool, call.args]))).size).toBe(spec.calls.length);
    }
  });

  test('is the same for the same generator, and its evidence too', async () => {
    expect(await sample({ cell: cell('5-8', 'multi'), targets: ALL, draw: 'x' })).toEqual(await sample({ cell: cell('5-8', 'multi'), targets: ALL, draw: 'x' }));
  });

  test('leaves one piece of evidence per executed call, under ids of its own', async () => {
    const { evidence } = await sample({ targets: ALL });
    expect(evidence.every((entry) => entry.kind === 'call' && /^sample\/trajectory\/5\/\d+\/\d+$/.test(entry.callId) && entry.origin === 'sampling')).toBe(true);
    expect(new Set(evidence.map((entry) => entry.callId)).size).toBe(evidence.length);
  });

  test('does not repeat the calls of another spec', async () => {
    const first = await specOf({ targets: ALL });
    const second = await specOf({ targets: ALL, taken: new Set([canonicalJson(callSignature(first))]) });
    expect(callSignature(second)).not.toEqual(callSignature(first));
  });

  test('shows its tools among distractors that have worked and are no alternative to a gold call', async () => {
    const spec = await specOf({ cell: cell('3-4', 'single'), shape: { distractors: 30, earlierTurnShare: 0, redraws: 12, callWeights: { 3: 1 } } });
    expect(new Set(spec.tools).size).toBe(spec.tools.length);
    expect(spec.tools).toEqual(expect.arrayContaining([...new Set(toolsOf(spec))]));
    expect(spec.tools.length).toBeGreaterThan(5);
  });

  test('with the share at 1, later turns need an earlier one', async () => {
    for (const draw of ['a', 'b', 'c', 'd', 'e']) {
      const spec = await specOf({ cell: cell('5-8', 'multi'), targets: ALL, draw, shape: { distractors: 0, earlierTurnShare: 1, redraws: 40 } });
      expect(spec.turns.slice(1).map((turn) => turn.needsEarlierTurn)).toEqual(spec.turns.slice(1).map(() => true));
    }
  });

  test('a target that no draw can reach is `unreachable`, at once', async () => {
    const graph = ticketsGraph();
    const locked = { ...graph, tools: graph.tools.map((tool) => (tool.key === 'tickets::open_locker' ? { ...tool, groups: [{ id: 'g', kind: 'state' as const, members: [{ tool: 'tickets::store_bag' }] }] } : tool)) };
    const result = await sample({ graph: locked, targets: ['tickets::store_bag'] });
    expect(result).toMatchObject({ ok: false, reason: 'unreachable', evidence: [] });
  });

  test('a target that is longer than the cell is `shape`, with what was missed', async () => {
    const result = await sample({ cell: cell('1', 'single'), targets: ['tickets::buy_tickets'] });
    expect(result).toMatchObject({ ok: false, reason: 'shape', detail: 'Expected a trace for tickets/1/single, got none in 13 draws: 13 × no failure tool short enough' });
  });

  test('failed calls are evidence and no part of the trace', async () => {
    const graph = ticketsGraph(worldOf('store_bag', 'get_weather'));
    const blind = { ...graph, tools: graph.tools.map((tool) => ({ ...tool, groups: [] })) };
    const result = await sample({ graph: blind, world: worldOf('store_bag', 'get_weather'), targets: ['tickets::store_bag', 'tickets::get_weather'], cell: cell('1', 'single'), draw: 'f' });
    expect(result.ok && toolsOf(result.spec)).toEqual(['get_weather']);
  });
});

describe('a probe', () => {
  test.each(ALL.filter((key) => !key.endsWith('::ping')).map((key) => [key]))('of %s is one turn that ends with the tool after its prerequisites', async (target) => {
    const spec = await specOf({ purpose: 'probe', targets: [target], cell: cell('1', 'single') });
    expect(spec.calls.at(-1)?.tool).toBe(target.replace('tickets::', ''));
    expect(spec.turns).toHaveLength(1);
    expect(spec.cell).toEqual({ world: 'tickets', calls: bandOf(spec.calls.length), turns: 'single' });
  });

  test('of a tool that changes nothing and says nothing is `shape`: no check could tell whether it was called', async () => {
    expect(await sample({ purpose: 'probe', targets: ['tickets::ping'] })).toMatchObject({ ok: false, reason: 'shape' });
  });

  test('takes only the calls its tool needs', async () => {
    expect(toolsOf(await specOf({ purpose: 'probe', targets: ['tickets::get_gate'] }))).toEqual(['get_zipcode', 'get_zipcode', 'buy_tickets', 'get_gate']);
    expect(toolsOf(await specOf({ purpose: 'probe', targets: ['tickets::store_bag'] }))).toEqual(['open_locker', 'store_bag']);
  });
});

