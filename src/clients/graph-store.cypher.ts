/**
 * Every statement of the graph store. Keys are one property (`graph|tool`), since a MERGE on a single unique property takes the
 * cheapest locks; rows come sorted, so that two writers lock in the same order. Integers arrive as `neo4j.int`: a plain number is stored as a float.
 */
export const SCHEMA = [
  'CREATE CONSTRAINT tool_key IF NOT EXISTS FOR (n:Tool) REQUIRE n.key IS UNIQUE',
  'CREATE CONSTRAINT parameter_key IF NOT EXISTS FOR (n:Parameter) REQUIRE n.key IS UNIQUE',
  'CREATE CONSTRAINT evidence_id IF NOT EXISTS FOR (n:Evidence) REQUIRE n.id IS UNIQUE',
  'CREATE CONSTRAINT evidence_item_id IF NOT EXISTS FOR (n:EvidenceItem) REQUIRE n.id IS UNIQUE',
  'CREATE CONSTRAINT graph_version_id IF NOT EXISTS FOR (n:GraphVersion) REQUIRE n.id IS UNIQUE',
  'CREATE CONSTRAINT graph_change_id IF NOT EXISTS FOR (n:GraphChange) REQUIRE n.id IS UNIQUE',
  'CREATE CONSTRAINT graph_meta_graph IF NOT EXISTS FOR (n:GraphMeta) REQUIRE n.graph IS UNIQUE',
  'CREATE CONSTRAINT target_id IF NOT EXISTS FOR (n:Target) REQUIRE n.id IS UNIQUE',
  'CREATE INDEX tool_graph IF NOT EXISTS FOR (n:Tool) ON (n.graph)',
  'CREATE INDEX failure_tool_graph IF NOT EXISTS FOR (n:FailureTool) ON (n.graph)',
  'CREATE INDEX parameter_graph IF NOT EXISTS FOR (n:Parameter) ON (n.graph)',
  // Two indexes: one over (graph, item) answers nothing that leaves the item open.
  'CREATE INDEX evidence_graph IF NOT EXISTS FOR (n:Evidence) ON (n.graph)',
  'CREATE INDEX evidence_graph_item IF NOT EXISTS FOR (n:Evidence) ON (n.graph, n.item)',
  'CREATE INDEX pending_graph IF NOT EXISTS FOR (n:Pending) ON (n.graph)',
  'CREATE INDEX evidence_item_graph IF NOT EXISTS FOR (n:EvidenceItem) ON (n.graph)',
  'CREATE INDEX graph_version_graph IF NOT EXISTS FOR (n:GraphVersion) ON (n.graph)',
  'CREATE INDEX graph_change_graph IF NOT EXISTS FOR (n:GraphChange) ON (n.graph)',
  'CREATE INDEX target_graph IF NOT EXISTS FOR (n:Target) ON (n.graph)',
] as const;

/** Labels whose nodes belong to one graph, dependants first. */
export const GRAPH_LABELS = [
  'Evidence', 'EvidenceItem', 'GraphChange', 'GraphVersion', 'Target', 'Parameter', 'Tool', 'GraphMeta',
] as const;

export const CYPHER = {
  // The dummy write takes the node's lock until commit: one writer per graph.
  lockGraph: `
    MERGE (m:GraphMeta {graph: $graph}) ON CREATE SET m.version = -1
    SET m.writerLock = coalesce(m.writerLock, 0) + 1
    RETURN m.version AS version`,

  // One counter per item orders its evidence; appends to different items share no node.
  lockItems: `
    UNWIND $items AS row
    MERGE (c:EvidenceItem {id: row.id}) ON CREATE SET c.graph = $graph, c.next = 0
    SET c.next = c.next + row.count
    RETURN row.item AS item, c.next - row.count AS next`,
  // No edge to the tool here: hub tools would be locked by every append.
  appendEvidence: `
    UNWIND $rows AS row
    MERGE (e:Evidence {id: row.id})
    ON CREATE SET e:Pending, e.graph = $graph, e.callId = row.callId, e.kind = row.kind, e.origin = row.origin,
      e.item = row.item, e.seq = row.seq, e.tool = row.tool, e.ok = row.ok, e.payloadJson = row.payloadJson`,
  linkEvidence: `
    MATCH (e:Pending {graph: $graph})
    MATCH (t:Tool {key: $graph + '|' + e.tool})
    WITH e, t LIMIT $limit
    MERGE (e)-[:OF]->(t)
    REMOVE e:Pending
    RETURN count(e) AS linked`,
  readEvidence: `
    MATCH (e:Evidence {graph: $graph})
    WHERE e.item >= $fromItem AND e.item <= $toItem AND ($origins IS NULL OR e.origin IN $origins)
    RETURN e.payloadJson AS payloadJson ORDER BY e.item, e.seq, e.callId`,

  readVersion: 'MATCH (v:GraphVersion {id: $id}) RETURN v.snapshotJson AS snapshotJson',
  latestVersion: 'MATCH (m:GraphMeta {graph: $graph}) WHERE m.version >= 0 RETURN m.version AS version',
  createVersion: `
    CREATE (:GraphVersion {id: $id, graph: $graph, version: $version, snapshotJson: $snapshotJson})`,
  setVersion: 'MATCH (m:GraphMeta {graph: $graph}) SET m.version = $version',
  createChanges: `
    UNWIND $rows AS row
    CREATE (:GraphChange {id: row.id, graph: $graph, version: $version, seq: row.seq, op: row.op, tool: row.tool, dataJson: row.dataJson})`,

  mergeTools: `
    UNWIND $rows AS row
    MERGE (t:Tool {key: row.key})
    SET t.graph = $graph, t.tool = row.tool, t.world = row.world, t.name = row.name, t.effect = row.effect,
      t.calls = row.calls, t.ok = row.ok, t.version = $version`,
  mergeParameters: `
    UNWIND $rows AS row
    MATCH (t:Tool {key: row.toolKey})
    MERGE (p:Parameter {key: row.key})
    SET p.graph = $graph, p.pointer = row.pointer, p.types = row.types, p.min = row.min, p.max = row.max,
      p.seen = row.seen, p.ok = row.ok, p.fail = row.fail, p.version = $version
    MERGE (t)-[:HAS_PARAM]->(p)`,
  mergeEdges: `
    UNWIND $rows AS row
    MATCH (pre:Tool {key: row.from})
    MATCH (t:Tool {key: row.to})
    MERGE (pre)-[r:PREREQ_OF {group: row.group, outPath: row.outPath}]->(t)
    ON CREATE SET r.since = $version
    SET r.kind = row.kind, r.param = row.param, r.optional = row.optional, r.version = $version`,
  dropOldEdges: 'MATCH (:Tool {graph: $graph})-[r:PREREQ_OF]->() WHERE r.version <> $version DELETE r',
  dropOldParameters: 'MATCH (p:Parameter {graph: $graph}) WHERE p.version <> $version DETACH DELETE p',
  dropOldTools: 'MATCH (t:Tool {graph: $graph}) WHERE t.version <> $version DETACH DELETE t',

  clearFailureLabels: 'MATCH (t:FailureTool {graph: $graph}) REMOVE t:FailureTool',
  setFailureLabels: 'UNWIND $keys AS key MATCH (t:Tool {key: key}) SET t:FailureTool',
  clearProbes: 'MATCH (t:Tool {graph: $graph}) WHERE t.probeJson IS NOT NULL REMOVE t.probeJson',
  clearTargets: 'MATCH (m:Target {graph: $graph}) DETACH DELETE m',
  setProbes: `
    UNWIND $rows AS row
    MATCH (t:Tool {key: row.key})
    SET t.probeJson = row.probeJson
    RETURN t.tool AS tool`,
  createFailures: `
    UNWIND $rows AS row
    MATCH (t:Tool {key: row.toolKey})
    MERGE (m:Target {id: row.targetId}) ON CREATE SET m.graph = $graph, m.model = row.model
    MERGE (m)-[f:FAILED]->(t)
    SET f.attempts = row.attempts, f.failedAttempts = row.failedAttempts, f.firstWrongTool = row.firstWrongTool`,
  readProbes: `
    MATCH (t:Tool {graph: $graph}) WHERE t.probeJson IS NOT NULL
    RETURN t.probeJson AS probeJson ORDER BY t.key`,

  listGraphs: `
    MATCH (m:GraphMeta) WHERE m.version >= 0
    RETURN m.graph AS graph, m.version AS version,
      COUNT { MATCH (t:Tool {graph: m.graph}) } AS tools,
      COUNT { MATCH (t:Tool {graph: m.graph})<-[:PREREQ_OF]-() } AS edges,
      COUNT { MATCH (t:FailureTool {graph: m.graph}) } AS failureTools
    ORDER BY graph`,
  legalTools: `
    MATCH (t:Tool {graph: $graph})
    WHERE NOT EXISTS {
      MATCH (t)<-[r:PREREQ_OF]-()
      WHERE NOT r.optional
        AND NOT EXISTS { MATCH (t)<-[s:PREREQ_OF]-(p:Tool) WHERE s.group = r.group AND p.tool IN $called }
    }
    RETURN t.tool AS tool ORDER BY tool`,
  distances: `
    MATCH (a:Tool {key: $key})
    MATCH p = SHORTEST 1 (k:Tool)-[:PREREQ_OF]->+(a)
    WHERE k <> a
    RETURN k.tool AS tool, length(p) AS distance
    UNION
    MATCH (a:Tool {key: $key})
    RETURN a.tool AS tool, 0 AS distance`,
} as const;

/** Deletes a batch of one label's nodes of a graph; labels come from `GRAPH_LABELS`, never from data. */
export const dropBatch = (label: (typeof GRAPH_LABELS)[number]): string =>
  `MATCH (n:${label} {graph: $graph}) WITH n LIMIT $limit DETACH DELETE n RETURN count(*) AS dropped`;
