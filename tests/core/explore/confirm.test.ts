import { confirmNewEdges } from '../../../src/core/explore/confirm';
import { exploreWorld } from '../../../src/core/explore/explore';
import { foldEvidence } from '../../../src/core/graph/fold';
import type { CallEvidence, GraphSnapshot } from '../../../src/core/graph/graph';
import { emptySnapshot } from '../../../src/core/graph/merge';
import { createRng } from '../../../src/core/random';
import type { Call } from '../../../src/core/tool';
import { TOY_WORLD, toyExecute, toyFacts } from '../../fixtures/toy-world';

const start = emptySnapshot('toy', TOY_WORLD.tools.map((tool) => `toy::${tool.name}`));
const confirm = (graph: GraphSnapshot, evidence: CallEvidence[], cap = 8) =>
  confirmNewEdges({ world: TOY_WORLD, facts: toyFacts, execute: toyExecute, graph, evidence, rng: createRng('round'), cap });
const factOf = (seed: number, name: string) => toyFacts(seed).find((fact) => fact.name === name)?.value ?? null;

/** What the sampler writes down about one item: values only, no sources. */
async function sampled(item: number, seed: number, next: (results: { [key: string]: unknown }[]) => Call | undefined): Promise<CallEvidence[]> {
  const rows: CallEvidence[] = [];
  const calls: Call[] = [];
  const values: { [key: string]: unknown }[] = [];
  for (let call = next(values); call !== undefined; call = next(values)) {
    const run = await toyExecute(seed, [...calls, call]);
    const result = run.results.at(-1);
    if (result === undefined || !result.ok) throw new Error(`Expected ${call.tool} to succeed`);
    rows.push({
      kind: 'call', callId: `sample/trajectory/${item}/0/${rows.length}`, origin: 'sampling', item, tool: `toy::${call.tool}`, seed, args: call.args, result,
      changedState: run.digests.at(-1) !== run.digests.at(-2), prefix: rows.map((row) => row.callId),
    });
    calls.push(call);
    values.push(result.value as { [key: string]: unknown });
  }
  return rows;
}

const booking = (item: number, seed: number): Promise<CallEvidence[]> =>
  sampled(item, seed, (seen) => {
    const text = (index: number, key: string): string => String(seen[index]?.[key]);
    return [
      (): Call => ({ tool: 'port_code', args: { city: factOf(seed, 'city_0') } }),
      (): Call => ({ tool: 'port_code', args: { city: factOf(seed, 'city_1') } }),
      (): Call => ({ tool: 'sign_in', args: { member: factOf(seed, 'member') } }),
      (): Call => ({ tool: 'quote', args: { from: text(0, 'port'), to: text(1, 'port') } }),
      (): Call => ({ tool: 'book', args: { quote_id: text(3, 'quote_id') } }),
      (): Call => ({ tool: 'pay', args: { booking: text(4, 'booking'), method: 'card' } }),
      (): Call => ({ tool: 'cancel_trip', args: { booking: text(4, 'booking') } }),
    ][seen.length]?.();
  });

test('edges that a tiny exploration missed come to light in sampling', async () => {
  const explored = await exploreWorld({ world: TOY_WORLD, facts: toyFacts, execute: toyExecute, rng: createRng('tiny'), budget: { walks: 1, callsPerWalk: 3, confirmations: 6 } });
  const before = foldEvidence(start, explored).snapshot;
  const groups = (graph: GraphSnapshot, tool: string) => graph.tools.find((other) => other.key === `toy::${tool}`)?.groups.map((group) => `${group.kind} ${group.members.map((member) => member.tool).join('|')}`);
  expect(groups(before, 'cancel_trip')).toEqual([]);
  const evidence = [...(await booking(0, 2)), ...(await booking(1, 4))];
  const edges = await confirm(before, evidence, 20);
  expect(edges.every((row) => row.origin === 'sampling' && row.item === 1)).toBe(true);
  const after = foldEvidence(before, [...evidence, ...edges]).snapshot;
  expect(groups(after, 'cancel_trip')).toEqual(['data toy::book', 'state toy::pay']);
  expect(groups(after, 'book')).toEqual(['data toy::quote', 'state toy::sign_in']);
  expect(groups(after, 'quote')).toEqual(['data toy::port_code', 'data toy::port_code']);
});

test('what the graph has or has tested is not tested again', async () => {
  const evidence = [...(await booking(0, 2)), ...(await booking(1, 4))];
  const first = await confirm(start, evidence, 20);
  const known = foldEvidence(start, [...evidence, ...first]).snapshot;
  const again = await confirm(known, evidence, 20);
  expect(again.filter((row) => row.edge.kind === 'data' || row.edge.member.tool === 'toy::pay')).toEqual([]);
});

test('no more than `cap` candidates are tested, and the same evidence gives the same tests', async () => {
  const evidence = await booking(0, 2);
  const edges = await confirm(start, evidence, 1);
  expect(new Set(edges.map((row) => `${row.edge.groupId} ${row.edge.member.tool}`)).size).toBe(1);
  expect(await confirm(start, evidence, 1)).toEqual(edges);
  expect(await confirm(start, evidence, 0)).toEqual([]);
});

test('evidence whose earlier calls are not at hand teaches no edge', async () => {
  const evidence = (await booking(0, 2)).slice(-1);
  expect(await confirm(start, evidence)).toEqual([]);
});
