import neo4j, { isRetryableError, Neo4jError, type Driver, type ManagedTransaction } from 'neo4j-driver';
import type { EvidenceFilter, FailureRow, GraphStore, GraphSummary } from '../activities/deps.graph';
import type { Evidence, GraphChange, GraphSnapshot } from '../core/graph/graph';
import { GraphInvalid, GraphUnavailable } from '../core/graph/store-errors';
import { toolOfKey, worldOfKey, type ToolKey } from '../core/tool';
import { CYPHER, dropBatch, GRAPH_LABELS, SCHEMA } from './graph-store.cypher';

export interface GraphStoreOptions {
  /** `bolt://host:port`; `neo4j://` goes by the advertised address, which a container gets wrong. */
  uri: string;
  user: string;
  password: string;
}

const DATABASE = 'neo4j';
/** Rows per statement (neo4j.md §2.3: 100–500). */
const BATCH = 500;
const DROP_BATCH = 2_000;

type Params = { [name: string]: unknown };
type Row = { [column: string]: unknown };

/**
 * The graph store on Neo4j. One driver per process; close it, or the process does not end.
 * Nothing is sent until the first call. No abort signal reaches the driver: aborted in its back-off it would never settle
 * (neo4j-driver 6.3.0), so the time limits below bound every call instead.
 */
export function connectGraphStore(options: GraphStoreOptions): GraphStore {
  const driver = neo4j.driver(options.uri, neo4j.auth.basic(options.user, options.password), {
    disableLosslessIntegers: true,
    maxConnectionPoolSize: 16,
    connectionTimeout: 5_000,
    connectionAcquisitionTimeout: 10_000,
    maxTransactionRetryTime: 10_000,
    telemetryDisabled: true,
  });
  const on = { driver, uri: options.uri };
  return {
    prepare: () => reported(on, () => prepare(driver)),
    appendEvidence: (graph, evidence) => reported(on, () => appendEvidence(driver, graph, evidence)),
    readEvidence: (graph, filter = {}) => reported(on, () => readEvidence(driver, graph, filter)),
    saveVersion: (input) => reported(on, () => saveVersion(driver, input)),
    readVersion: (graph, version) => reported(on, () => readVersion(driver, graph, version)),
    latestVersion: (graph) => reported(on, () => latestVersion(driver, graph)),
    recordFailureSet: (graph, rows) => reported(on, () => recordFailureSet(driver, graph, rows)),
    readFailureSet: (graph) => reported(on, () => readFailureSet(driver, graph)),
    listGraphs: () => reported(on, () => listGraphs(driver)),
    legalToolsByCypher: (graph, called) => reported(on, () => legalToolsByCypher(driver, graph, called)),
    distancesByCypher: (graph, target) => reported(on, () => distancesByCypher(driver, graph, target)),
    dropGraph: (graph) => reported(on, () => dropGraph(driver, graph)),
    close: () => driver.close(),
  };
}

async function prepare(driver: Driver): Promise<void> {
  for (const statement of SCHEMA) await createOnce(driver, statement);
  await driver.executeQuery('CALL db.awaitIndexes(60)', {}, { database: DATABASE });
}

// `IF NOT EXISTS` looks before it locks: of two workers that start together, one may still find the other's.
async function createOnce(driver: Driver, statement: string): Promise<void> {
  try {
    await driver.executeQuery(statement, {}, { database: DATABASE });
  } catch (error) {
    if (!(error instanceof Neo4jError) || !/AlreadyExists$/.test(error.code)) throw error;
  }
}

async function appendEvidence(driver: Driver, graph: string, evidence: readonly Evidence[]): Promise<void> {
  for (const rows of batches(evidence)) {
    await inTransaction(driver, async (tx) => {
      const next = await lockItems(tx, graph, rows);
      await tx.run(CYPHER.appendEvidence, { graph, rows: evidenceRows(graph, rows, next) });
    });
  }
}

/** Reserves one place per row in its item's order; a repeated row leaves its place unused. */
async function lockItems(tx: ManagedTransaction, graph: string, evidence: readonly Evidence[]): Promise<Map<number, number>> {
  const counts = new Map<number, number>();
  for (const { item } of evidence) counts.set(item, (counts.get(item) ?? 0) + 1);
  const items = [...counts]
    .map(([item, count]) => ({ id: keyOf(graph, String(item)), item: neo4j.int(item), count: neo4j.int(count) }))
    .sort(by('id'));
  const rows = await run(tx, CYPHER.lockItems, { graph, items });
  return new Map(rows.map((row) => [row['item'] as number, row['next'] as number]));
}

function evidenceRows(graph: string, evidence: readonly Evidence[], next: Map<number, number>): Row[] {
  const rows = evidence.map((row) => {
    const seq = next.get(row.item) ?? 0;
    next.set(row.item, seq + 1);
    return {
      id: keyOf(graph, row.callId),
      callId: row.callId,
      kind: row.kind,
      origin: row.origin,
      item: neo4j.int(row.item),
      seq: neo4j.int(seq),
      tool: row.tool,
      ok: row.kind === 'call' ? row.result.ok : row.passed,
      payloadJson: JSON.stringify(row),
    };
  });
  return rows.sort(by('id'));
}

async function readEvidence(driver: Driver, graph: string, filter: EvidenceFilter): Promise<Evidence[]> {
  const { origins = null, fromItem = Number.MIN_SAFE_INTEGER, toItem = Number.MAX_SAFE_INTEGER } = filter;
  const rows = await read(driver, CYPHER.readEvidence, { graph, origins, fromItem: neo4j.int(fromItem), toItem: neo4j.int(toItem) });
  return rows.map((row) => fromJson<Evidence>(row['payloadJson']));
}

async function saveVersion(
  driver: Driver,
  { snapshot, changes }: { snapshot: GraphSnapshot; changes: readonly GraphChange[] },
): Promise<GraphSnapshot> {
  const { graph, version } = snapshot;
  const kept = await inTransaction(driver, async (tx) => {
    const latest = await lockGraph(tx, graph);
    const [stored] = await run(tx, CYPHER.readVersion, { id: versionId(graph, version) });
    if (stored !== undefined) return fromJson<GraphSnapshot>(stored['snapshotJson']);
    if (latest >= 0 && version !== latest + 1) throw outOfOrder(graph, version, latest);
    await storeVersion(tx, snapshot, changes);
    await materialise(tx, snapshot);
    return snapshot;
  });
  await linkEvidence(driver, graph);
  return kept;
}

async function lockGraph(tx: ManagedTransaction, graph: string): Promise<number> {
  const [row] = await run(tx, CYPHER.lockGraph, { graph });
  return row?.['version'] as number;
}

function outOfOrder(graph: string, version: number, latest: number): GraphInvalid {
  return new GraphInvalid(`Expected version ${latest + 1} of graph \`${graph}\` next, got ${version}: save versions one after the other`);
}

async function storeVersion(tx: ManagedTransaction, snapshot: GraphSnapshot, changes: readonly GraphChange[]): Promise<void> {
  const { graph } = snapshot;
  const id = versionId(graph, snapshot.version);
  const version = neo4j.int(snapshot.version);
  await tx.run(CYPHER.createVersion, { id, graph, version, snapshotJson: JSON.stringify(snapshot) });
  const rows = changes.map(({ op, tool, data }, seq) => ({ id: `${id}|${seq}`, seq: neo4j.int(seq), op, tool, dataJson: JSON.stringify(data) }));
  for (const batch of batches(rows)) await tx.run(CYPHER.createChanges, { graph, version, rows: batch });
  await tx.run(CYPHER.setVersion, { graph, version });
}

/** Makes the tools, parameters and edges of the graph those of this version: what people look at and the oracles ask. */
async function materialise(tx: ManagedTransaction, snapshot: GraphSnapshot): Promise<void> {
  const scope = { graph: snapshot.graph, version: neo4j.int(snapshot.version) };
  for (const rows of batches(toolRows(snapshot))) await tx.run(CYPHER.mergeTools, { ...scope, rows });
  for (const rows of batches(parameterRows(snapshot))) await tx.run(CYPHER.mergeParameters, { ...scope, rows });
  for (const rows of batches(edgeRows(snapshot))) await tx.run(CYPHER.mergeEdges, { ...scope, rows });
  await tx.run(CYPHER.dropOldEdges, scope);
  await tx.run(CYPHER.dropOldParameters, scope);
  await tx.run(CYPHER.dropOldTools, scope);
  // An empty T is one that this version does not know; a recorded failure set stays.
  if (snapshot.failureTools.length > 0) await labelFailureTools(tx, snapshot.graph, snapshot.failureTools);
}

const toolRows = ({ graph, tools }: GraphSnapshot): Row[] =>
  tools
    .map((tool) => ({
      key: keyOf(graph, tool.key),
      tool: tool.key,
      world: worldOfKey(tool.key),
      name: toolOfKey(tool.key),
      effect: tool.effect,
      calls: neo4j.int(tool.calls),
      ok: neo4j.int(tool.ok),
    }))
    .sort(by('key'));

const parameterRows = ({ graph, tools }: GraphSnapshot): Row[] =>
  tools
    .flatMap((tool) =>
      tool.params.map(({ pointer, types, min, max, seen, ok, fail }) => ({
        key: `${keyOf(graph, tool.key)}|${pointer}`,
        toolKey: keyOf(graph, tool.key),
        pointer,
        types,
        min: min ?? null,
        max: max ?? null,
        seen,
        ok: neo4j.int(ok),
        fail: neo4j.int(fail),
      })),
    )
    .sort(by('key'));

const edgeRows = ({ graph, tools }: GraphSnapshot): Row[] =>
  tools
    .flatMap((tool) =>
      tool.groups.flatMap((group) =>
        group.members.map((member) => ({
          from: keyOf(graph, member.tool),
          to: keyOf(graph, tool.key),
          group: group.id,
          // MERGE takes no null, so "no output path" and "no parameter" are empty texts.
          outPath: member.outPath ?? '',
          kind: group.kind,
          param: group.param ?? '',
          optional: group.optional === true,
        })),
      ),
    )
    .sort(by('to', 'group', 'from', 'outPath'));

async function linkEvidence(driver: Driver, graph: string): Promise<void> {
  for (let linked = BATCH; linked === BATCH; ) {
    linked = await inTransaction(driver, async (tx) => {
      await lockGraph(tx, graph);
      const [row] = await run(tx, CYPHER.linkEvidence, { graph, limit: neo4j.int(BATCH) });
      return (row?.['linked'] as number | undefined) ?? 0;
    });
  }
}

async function readVersion(driver: Driver, graph: string, version: number): Promise<GraphSnapshot | undefined> {
  const [row] = await read(driver, CYPHER.readVersion, { id: versionId(graph, version) });
  return row === undefined ? undefined : fromJson<GraphSnapshot>(row['snapshotJson']);
}

async function latestVersion(driver: Driver, graph: string): Promise<number | undefined> {
  const [row] = await read(driver, CYPHER.latestVersion, { graph });
  return row?.['version'] as number | undefined;
}

async function recordFailureSet(driver: Driver, graph: string, rows: readonly FailureRow[]): Promise<void> {
  const sorted = [...rows].sort(by('tool'));
  await inTransaction(driver, async (tx) => {
    await lockGraph(tx, graph);
    await tx.run(CYPHER.clearProbes, { graph });
    await tx.run(CYPHER.clearTargets, { graph });
    const probes = sorted.map((row) => ({ key: keyOf(graph, row.tool), probeJson: JSON.stringify(row) }));
    const known = new Set((await run(tx, CYPHER.setProbes, { rows: probes })).map((row) => row['tool']));
    const stranger = sorted.find((row) => !known.has(row.tool));
    if (stranger !== undefined) {
      throw new GraphInvalid(`Expected failure rows of tools in graph \`${graph}\`, got \`${stranger.tool}\`: save a version that has it first`);
    }
    await tx.run(CYPHER.createFailures, { graph, rows: failureRows(graph, sorted) });
    await labelFailureTools(tx, graph, sorted.filter((row) => row.failed).map((row) => row.tool));
  });
}

/** One FAILED edge per target and tool it failed at least once. */
const failureRows = (graph: string, rows: readonly FailureRow[]): Row[] =>
  rows.flatMap((row) =>
    row.targets
      .filter((target) => target.failedAttempts > 0)
      .map((target) => ({
        toolKey: keyOf(graph, row.tool),
        targetId: keyOf(graph, target.model),
        model: target.model,
        attempts: neo4j.int(target.attempts),
        failedAttempts: neo4j.int(target.failedAttempts),
        firstWrongTool: target.firstWrongTool ?? null,
      })),
  );

async function labelFailureTools(tx: ManagedTransaction, graph: string, tools: readonly ToolKey[]): Promise<void> {
  await tx.run(CYPHER.clearFailureLabels, { graph });
  await tx.run(CYPHER.setFailureLabels, { keys: tools.map((tool) => keyOf(graph, tool)) });
}

async function readFailureSet(driver: Driver, graph: string): Promise<FailureRow[]> {
  const rows = await read(driver, CYPHER.readProbes, { graph });
  return rows.map((row) => fromJson<FailureRow>(row['probeJson']));
}

async function listGraphs(driver: Driver): Promise<GraphSummary[]> {
  return (await read(driver, CYPHER.listGraphs, {})) as unknown as GraphSummary[];
}

async function legalToolsByCypher(driver: Driver, graph: string, called: readonly ToolKey[]): Promise<ToolKey[]> {
  const rows = await read(driver, CYPHER.legalTools, { graph, called });
  return rows.map((row) => row['tool'] as ToolKey);
}

async function distancesByCypher(driver: Driver, graph: string, target: ToolKey): Promise<{ tool: ToolKey; distance: number }[]> {
  const rows = (await read(driver, CYPHER.distances, { key: keyOf(graph, target) })) as { tool: ToolKey; distance: number }[];
  return rows.sort((a, b) => a.distance - b.distance || by<{ tool: ToolKey }>('tool')(a, b));
}

async function dropGraph(driver: Driver, graph: string): Promise<void> {
  for (const label of GRAPH_LABELS) {
    for (let dropped = DROP_BATCH; dropped === DROP_BATCH; ) {
      dropped = await inTransaction(driver, async (tx) => {
        const [row] = await run(tx, dropBatch(label), { graph, limit: neo4j.int(DROP_BATCH) });
        return row?.['dropped'] as number;
      });
    }
  }
}

async function read(driver: Driver, cypher: string, params: Params): Promise<Row[]> {
  const { records } = await driver.executeQuery(cypher, params, {
    database: DATABASE,
    routing: neo4j.routing.READ,
    transactionConfig: { timeout: 20_000 },
  });
  return records.map((record) => record.toObject() as Row);
}

async function run(tx: ManagedTransaction, cypher: string, params: Params): Promise<Row[]> {
  return (await tx.run(cypher, params)).records.map((record) => record.toObject() as Row);
}

/** `work` may run several times: deadlocks and lost connections are retried by the driver. */
async function inTransaction<T>(driver: Driver, work: (tx: ManagedTransaction) => Promise<T>): Promise<T> {
  const session = driver.session({ database: DATABASE, defaultAccessMode: neo4j.session.WRITE });
  try {
    return await session.executeWrite(work, { timeout: 20_000, metadata: { app: 'hardgen' } });
  } finally {
    await session.close();
  }
}

async function reported<T>(on: { uri: string }, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof Neo4jError ? graphError(error, on.uri) : error;
  }
}

// Measured with 6.3.0: the driver's own flag misses pool starvation, our time limits, and the pause after three bad logins.
const TRANSIENT_CODE = /^Neo\.DatabaseError\.|\.Transaction\.(TransactionTimedOut|Terminated|LockClientStopped)|\.Security\.AuthenticationRateLimit$/;
const TRANSIENT_MESSAGE = /acquisition timed out|Pool is closed/;

/** The store's error for a driver's error, with the cause kept. */
export function graphError(error: Neo4jError, uri: string): GraphUnavailable | GraphInvalid {
  const transient = isRetryableError(error) || TRANSIENT_CODE.test(error.code) || TRANSIENT_MESSAGE.test(error.message);
  if (transient) return new GraphUnavailable(`Neo4j at ${uri} cannot answer now (${error.code}): ${error.message}`, { cause: error });
  const cure = error.code.startsWith('Neo.ClientError.Security') ? ' Check HARDGEN_NEO4J_USER and HARDGEN_NEO4J_PASSWORD.' : '';
  return new GraphInvalid(`Neo4j at ${uri} refused (${error.code}): ${error.message}${cure}`, { cause: error });
}

/** `graph|part`. A graph's name has no `|`, so keys of two graphs never meet. */
function keyOf(graph: string, part: string): string {
  if (graph === '' || graph.includes('|')) throw new GraphInvalid(`Expected a graph name without \`|\`, got \`${graph}\``);
  return `${graph}|${part}`;
}

const versionId = (graph: string, version: number): string => keyOf(graph, String(version));

const fromJson = <T>(text: unknown): T => JSON.parse(text as string) as T;

function batches<T>(rows: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(rows.length / BATCH) }, (_, i) => rows.slice(i * BATCH, (i + 1) * BATCH));
}

function by<T>(...columns: (keyof T)[]): (a: T, b: T) => number {
  return (a, b) => {
    for (const column of columns) {
      if (a[column] < b[column]) return -1;
      if (a[column] > b[column]) return 1;
    }
    return 0;
  };
}
