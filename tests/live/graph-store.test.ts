import * as fc from 'fast-check';
import neo4j, { Neo4jError, type Driver, type Plan } from 'neo4j-driver';
import type { FailureRow, GraphStore } from '../../src/activities/deps.graph';
import { connectGraphStore, graphError } from '../../src/clients/graph-store';
import { GraphInvalid, GraphUnavailable } from '../../src/core/graph/store-errors';
import { CYPHER, dropBatch, GRAPH_LABELS } from '../../src/clients/graph-store.cypher';
import { distancesTo } from '../../src/core/graph/distance';
import type { CallEvidence, Evidence, GraphSnapshot } from '../../src/core/graph/graph';
import { legalTools } from '../../src/core/graph/legality';
import { emptySnapshot, withFailureTools } from '../../src/core/graph/merge';
import { createRng } from '../../src/core/random';
import { anyGraph, graphOf } from '../core/graph/random-graph';

const given = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`Expected ${name} in the environment: run these tests by \`npm test\`, which starts Neo4j`);
  return value;
};
const login = { uri: given('HARDGEN_NEO4J_URI'), user: given('HARDGEN_NEO4J_USER'), password: given('HARDGEN_NEO4J_PASSWORD') };

// The names carry the process, so that a run that was killed cannot disturb the next.
const PREFIX = `test-${process.pid}`;
let serial = 0;
const freshGraph = (): string => `${PREFIX}-${serial++}`;

let store: GraphStore;
let driver: Driver;
beforeAll(async () => {
  store = connectGraphStore(login);
  driver = neo4j.driver(login.uri, neo4j.auth.basic(login.user, login.password), { disableLosslessIntegers: true });
  await Promise.all([store.prepare(), store.prepare(), store.prepare()]);
}, 90_000);
afterAll(async () => {
  for (let i = 0; i < serial; i++) await store.dropGraph(`${PREFIX}-${i}`);
  await Promise.all([store.close(), driver.close()]);
}, 90_000);

const ask = async (cypher: string, params = {}): Promise<{ [column: string]: unknown }[]> =>
  (await driver.executeQuery(cypher, params, { database: 'neo4j' })).records.map((record) => record.toObject());

const call = (callId: string, item: number, more: Partial<CallEvidence> = {}): CallEvidence => ({
  kind: 'call', callId, origin: 'sampling', item, tool: 'w::a', seed: 7, args: { n: 1.5, nested: { list: [null, true] } },
  result: { ok: true, value: { id: 'x' } }, changedState: false, prefix: [], ...more,
});
const ids = (evidence: readonly Evidence[]): string[] => evidence.map((row) => row.callId);

describe('evidence', () => {
  test('32 writers that deliver every row one to three times leave each row once, in the order of its item', async () => {
    const graph = freshGraph();
    const rng = createRng('deliveries');
    const rowsOf = (writer: number): CallEvidence[] =>
      Array.from({ length: 20 }, (_, n) => call(`${writer}/${n}`, n % 2 === 0 ? writer : -1, { tool: `w::${'abcde'[n % 5]}` }));
    await Promise.all(
      Array.from({ length: 32 }, async (_, writer) => {
        const deliveries = rng.int(1, 3);
        await Promise.all(Array.from({ length: deliveries }, () => store.appendEvidence(graph, rowsOf(writer))));
      }),
    );
    const stored = await store.readEvidence(graph);
    expect(ids(stored).sort()).toEqual(Array.from({ length: 32 }, (_, writer) => ids(rowsOf(writer))).flat().sort());
    for (let writer = 0; writer < 32; writer++) {
      const own = await store.readEvidence(graph, { fromItem: writer, toItem: writer });
      expect(own).toEqual(rowsOf(writer).filter((row) => row.item === writer));
    }
  }, 120_000);

  test('a later append comes after an earlier one of its item, a repeated row keeps its place and content', async () => {
    const graph = freshGraph();
    await store.appendEvidence(graph, [call('c', 2), call('b', 2)]);
    await store.appendEvidence(graph, [call('b', 2, { seed: 99 }), call('a', 2), call('z', 1)]);
    const stored = await store.readEvidence(graph);
    expect(ids(stored)).toEqual(['z', 'c', 'b', 'a']);
    expect(stored[2]).toEqual(call('b', 2));
  });

  test('is filtered by origin and item range', async () => {
    const graph = freshGraph();
    await store.appendEvidence(graph, [call('e', -1, { origin: 'explore' }), call('s', 3), call('r', 4, { origin: 'rollout' })]);
    expect(ids(await store.readEvidence(graph, { origins: ['explore', 'sampling'] }))).toEqual(['e', 's']);
    expect(ids(await store.readEvidence(graph, { fromItem: 3 }))).toEqual(['s', 'r']);
    expect(ids(await store.readEvidence(graph, { origins: ['rollout'], toItem: 3 }))).toEqual([]);
  });

  test('more rows than one statement takes keep their order', async () => {
    const graph = freshGraph();
    const rows = Array.from({ length: 1_234 }, (_, n) => call(`row-${n}`, 0));
    await store.appendEvidence(graph, rows);
    expect(ids(await store.readEvidence(graph))).toEqual(ids(rows));
  });

  test('is linked to its tool when a version that has the tool is saved', async () => {
    const graph = freshGraph();
    await store.appendEvidence(graph, [call('1', 0), call('2', 0), call('3', 0, { tool: 'w::unknown' })]);
    await store.saveVersion({ snapshot: emptySnapshot(graph, ['w::a']), changes: [] });
    const linked = await ask('MATCH (e:Evidence {graph: $graph})-[:OF]->(t:Tool) RETURN e.callId AS id, t.tool AS tool ORDER BY id', { graph });
    expect(linked).toEqual([{ id: '1', tool: 'w::a' }, { id: '2', tool: 'w::a' }]);
  });
});

describe('versions', () => {
  test('of many savers of one version exactly one wins, and all are given the winner', async () => {
    const graph = freshGraph();
    await store.saveVersion({ snapshot: emptySnapshot(graph, ['w::a']), changes: [] });
    const contenders = Array.from({ length: 16 }, (_, n) => ({ ...emptySnapshot(graph, ['w::a', `w::extra_${n}`]), version: 1 }));
    const kept = await Promise.all(contenders.map((snapshot) => store.saveVersion({ snapshot, changes: [{ op: 'add-tool', tool: snapshot.tools[1]?.key ?? '', data: {} }] })));
    expect(new Set(kept.map((snapshot) => JSON.stringify(snapshot))).size).toBe(1);
    expect(await store.readVersion(graph, 1)).toEqual(kept[0]);
    expect(await store.latestVersion(graph)).toBe(1);
    const winner = kept[0]?.tools[1]?.key;
    expect(await ask('MATCH (c:GraphChange {graph: $graph}) RETURN c.tool AS tool, c.version AS version', { graph })).toEqual([{ tool: winner, version: 1 }]);
    expect((await ask('MATCH (t:Tool {graph: $graph}) RETURN t.tool AS tool ORDER BY tool', { graph })).map((row) => row['tool'])).toEqual(['w::a', winner]);
  }, 60_000);

  test('leave no gap: one out of order is refused and changes nothing', async () => {
    const graph = freshGraph();
    await store.saveVersion({ snapshot: emptySnapshot(graph, ['w::a']), changes: [] });
    const saved = store.saveVersion({ snapshot: { ...emptySnapshot(graph, ['w::b']), version: 2 }, changes: [] });
    await expect(saved).rejects.toThrow(new GraphInvalid(`Expected version 1 of graph \`${graph}\` next, got 2: save versions one after the other`));
    expect(await store.latestVersion(graph)).toBe(0);
    expect(await store.readVersion(graph, 2)).toBeUndefined();
  });

  test('an unknown graph has no version', async () => {
    expect(await store.latestVersion('nowhere')).toBeUndefined();
    expect(await store.readVersion('nowhere', 0)).toBeUndefined();
  });

  test('the tools, parameters and edges to look at are those of the latest version; an edge keeps the version it came with', async () => {
    const graph = freshGraph();
    const first = { ...graphOf({ a: [], b: [['a']], c: [['a', 'b']] }), graph };
    const second = { ...graphOf({ a: [], b: [], c: [['a', 'b'], ['?', 'b']] }), graph, version: 1 };
    const param = { pointer: '/n', types: ['integer'], min: 1, max: 9, seen: ['1', '9'], ok: 2, fail: 1 };
    await store.saveVersion({ snapshot: { ...first, tools: first.tools.map((tool) => ({ ...tool, params: [param] })) }, changes: [] });
    await store.saveVersion({ snapshot: second, changes: [] });
    const edges = await ask('MATCH (p:Tool {graph: $graph})-[r:PREREQ_OF]->(t) RETURN p.name + r.group + t.name AS edge, r.since AS since, r.optional AS optional ORDER BY edge', { graph });
    expect(edges).toEqual([
      { edge: 'aw::c|0c', since: 0, optional: false },
      { edge: 'bw::c|0c', since: 0, optional: false },
      { edge: 'bw::c|1c', since: 1, optional: true },
    ]);
    expect(await ask('MATCH (p:Parameter {graph: $graph}) RETURN p', { graph })).toEqual([]);
  });

  test('whole numbers are stored as integers', async () => {
    const graph = freshGraph();
    const shape = { ...graphOf({ a: [], b: [['a']] }), graph };
    await store.saveVersion({ snapshot: shape, changes: [{ op: 'add-tool', tool: 'w::a', data: {} }] });
    await store.appendEvidence(graph, [call('1', 4)]);
    const floats = await ask(
      'MATCH (n {graph: $graph}) UNWIND keys(n) AS key WITH labels(n) AS labels, key, n[key] AS value WHERE value IS :: FLOAT NOT NULL RETURN labels, key',
      { graph },
    );
    expect(floats).toEqual([]);
  });
});

describe('failure set', () => {
  const rows: FailureRow[] = [
    { tool: 'w::b', failed: true, targets: [{ model: 'm1', attempts: 3, failedAttempts: 3, firstWrongTool: 'w::a' }, { model: 'm2', attempts: 3, failedAttempts: 3 }] },
    { tool: 'w::a', failed: false, targets: [{ model: 'm1', attempts: 3, failedAttempts: 1 }, { model: 'm2', attempts: 3, failedAttempts: 0 }] },
    { tool: 'w::c', failed: false, targets: [], broken: 'gold replay fails' },
  ];

  test('is read back sorted by tool, labels T, and links targets to what they failed', async () => {
    const graph = freshGraph();
    await store.saveVersion({ snapshot: emptySnapshot(graph, ['w::a', 'w::b', 'w::c']), changes: [] });
    await store.recordFailureSet(graph, rows);
    await store.recordFailureSet(graph, rows);
    expect(await store.readFailureSet(graph)).toEqual([rows[1], rows[0], rows[2]]);
    expect(await ask('MATCH (t:FailureTool {graph: $graph}) RETURN t.tool AS tool', { graph })).toEqual([{ tool: 'w::b' }]);
    const failures = await ask('MATCH (m:Target {graph: $graph})-[f:FAILED]->(t) RETURN m.model AS model, t.name AS tool, f.failedAttempts AS failed ORDER BY tool, model', { graph });
    expect(failures).toEqual([{ model: 'm1', tool: 'a', failed: 1 }, { model: 'm1', tool: 'b', failed: 3 }, { model: 'm2', tool: 'b', failed: 3 }]);
  });

  test('survives versions that do not know T, and follows those that do', async () => {
    const graph = freshGraph();
    const base = emptySnapshot(graph, ['w::a', 'w::b', 'w::c']);
    const summary = async (): Promise<unknown> => (await store.listGraphs()).find((row) => row.graph === graph);
    await store.saveVersion({ snapshot: base, changes: [] });
    await store.recordFailureSet(graph, rows);
    await store.saveVersion({ snapshot: { ...base, version: 1 }, changes: [] });
    expect(await summary()).toEqual({ graph, version: 1, tools: 3, edges: 0, failureTools: 1 });
    await store.saveVersion({ snapshot: { ...withFailureTools(base, ['w::a', 'w::c']).snapshot, version: 2 }, changes: [] });
    expect(await summary()).toEqual({ graph, version: 2, tools: 3, edges: 0, failureTools: 2 });
    expect(await store.readFailureSet(graph)).toHaveLength(3);
  });

  test('names only tools of the graph, else nothing is recorded', async () => {
    const graph = freshGraph();
    await store.saveVersion({ snapshot: emptySnapshot(graph, ['w::a']), changes: [] });
    await expect(store.recordFailureSet(graph, rows)).rejects.toThrow('got `w::b`: save a version that has it first');
    expect(await store.readFailureSet(graph)).toEqual([]);
  });
});

describe('Cypher as the oracle', () => {
  test('answers Eq. 1 and the distances as the in-memory functions do, on random graphs with cycles, OR groups and optional groups', async () => {
    const graphs = fc.sample(anyGraph, { numRuns: 40, seed: 20_26 });
    for (const [index, shape] of graphs.entries()) {
      const graph = freshGraph();
      const snapshot: GraphSnapshot = { ...shape, graph };
      await store.saveVersion({ snapshot, changes: [] });
      const called = createRng(`called/${index}`).shuffle(snapshot.tools.map((tool) => tool.key)).slice(0, Math.floor(snapshot.tools.length / 2));
      expect(await store.legalToolsByCypher(graph, called)).toEqual(legalTools(snapshot, new Set(called)));
      const target = snapshot.tools.at(-1)?.key ?? '';
      const rows = await store.distancesByCypher(graph, target);
      expect(Object.fromEntries(rows.map((row) => [row.tool, row.distance]))).toEqual(Object.fromEntries(distancesTo(snapshot, target)));
    }
  }, 120_000);
});

describe('graphs', () => {
  test('a dropped graph leaves nothing behind and its neighbours whole', async () => {
    const [gone, kept] = [freshGraph(), freshGraph()];
    for (const graph of [gone, kept]) {
      await store.appendEvidence(graph, [call('1', 0)]);
      await store.saveVersion({ snapshot: { ...graphOf({ a: [], b: [['a']] }), graph }, changes: [{ op: 'add-tool', tool: 'w::a', data: {} }] });
      await store.recordFailureSet(graph, [{ tool: 'w::a', failed: true, targets: [{ model: 'm', attempts: 1, failedAttempts: 1 }] }]);
    }
    const count = async (graph: string): Promise<unknown> => (await ask('MATCH (n {graph: $graph}) RETURN count(n) AS n', { graph }))[0]?.['n'];
    const before = await count(kept);
    await store.dropGraph(gone);
    expect(await count(gone)).toBe(0);
    expect(await count(kept)).toBe(before);
  });

  test('a name that could run into another graph\'s keys is refused', async () => {
    await expect(store.appendEvidence('a|b', [call('1', 0)])).rejects.toThrow(GraphInvalid);
  });
});

describe('errors', () => {
  test('a server that is away is GraphUnavailable, a wrong password GraphInvalid with the cure', async () => {
    const away = connectGraphStore({ ...login, uri: 'bolt://127.0.0.1:1' });
    const stranger = connectGraphStore({ ...login, password: 'not-the-password' });
    await expect(away.latestVersion('g')).rejects.toThrow(GraphUnavailable);
    await expect(stranger.latestVersion('g')).rejects.toThrow(/Check HARDGEN_NEO4J_USER and HARDGEN_NEO4J_PASSWORD/);
    await Promise.all([away.close(), stranger.close()]);
  }, 60_000);

  test.each([
    ['Neo.TransientError.Transaction.DeadlockDetected', '', GraphUnavailable],
    ['N/A', 'Connection acquisition timed out in 10000 ms.', GraphUnavailable],
    ['Neo.ClientError.Transaction.TransactionTimedOut', '', GraphUnavailable],
    ['Neo.DatabaseError.General.UnknownError', '', GraphUnavailable],
    ['Neo.ClientError.Statement.SyntaxError', '', GraphInvalid],
    ['Neo.ClientError.Schema.ConstraintValidationFailed', '', GraphInvalid],
  ])('%s %s', (code, message, kind) => {
    const error = new Neo4jError(message, code, '', '');
    expect(graphError(error, 'bolt://x')).toBeInstanceOf(kind);
    expect(graphError(error, 'bolt://x').cause).toBe(error);
  });
});

describe('plans', () => {
  // GraphMeta has one node per graph; listing graphs reads them all.
  const allowedScans = new Set(['listGraphs']);
  const params = { id: 'x', key: 'x', keys: ['x'], rows: [], items: [], called: ['x'], origins: null, graph: 'g', version: neo4j.int(1), snapshotJson: '', limit: neo4j.int(1), fromItem: neo4j.int(0), toItem: neo4j.int(1) };
  const operators = (plan: Plan): string[] => [plan.operatorType, ...plan.children.flatMap(operators)];

  test.each([...Object.entries<string>(CYPHER), ...GRAPH_LABELS.map((label): [string, string] => [`drop ${label}`, dropBatch(label)])])(
    '%s scans no label and not all nodes',
    async (name, statement) => {
      const { summary } = await driver.executeQuery(`EXPLAIN ${statement}`, params, { database: 'neo4j' });
      const used = summary.plan === false ? '' : operators(summary.plan).join(' ');
      expect(used).toContain('@neo4j');
      expect(used).not.toMatch(/AllNodesScan|AllRelationshipsScan|RelationshipTypeScan/);
      if (!allowedScans.has(name)) expect(used).not.toMatch(/NodeByLabelScan/);
    },
  );
});
