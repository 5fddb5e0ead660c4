import type { Evidence, GraphChange, GraphSnapshot } from '../core/graph/graph';
import type { ToolKey } from '../core/tool';

/** How the target models did on one tool's probe: the evidence behind membership in T. */
export interface FailureRow {
  tool: ToolKey;
  /** True when the tool is in T. */
  failed: boolean;
  targets: { model: string; attempts: number; failedAttempts: number; firstWrongTool?: string }[];
  /** Why the probe says nothing about the models (broken, not hard). */
  broken?: string;
}

export interface GraphSummary {
  graph: string;
  /** Latest stored version. */
  version: number;
  tools: number;
  edges: number;
  failureTools: number;
}

/**
 * The API graph in its database. Every write may be delivered more than once and leaves the same state;
 * every rejection is `GraphUnavailable` (try again) or `GraphInvalid` (a bug).
 */
export interface GraphStore {
  /** Constraints and indexes; may be called by any number of workers at once. */
  prepare(): Promise<void>;
  /** Adds rows by callId; one that is already there stays as it is. */
  appendEvidence(graph: string, evidence: readonly Evidence[]): Promise<void>;
  /** By item, within an item as appended. `fromItem` and `toItem` are both included. */
  readEvidence(graph: string, filter?: EvidenceFilter): Promise<Evidence[]>;
  /** Stores a version, and returns the one that holds: the first stored of (graph, version) wins. A graph may begin at any number; each later version needs its predecessor. */
  saveVersion(input: { snapshot: GraphSnapshot; changes: readonly GraphChange[] }): Promise<GraphSnapshot>;
  readVersion(graph: string, version: number): Promise<GraphSnapshot | undefined>;
  latestVersion(graph: string): Promise<number | undefined>;
  /** Replaces the evidence and the `FailureTool` labels of the graph's failure set. */
  recordFailureSet(graph: string, rows: readonly FailureRow[]): Promise<void>;
  /** Sorted by tool. */
  readFailureSet(graph: string): Promise<FailureRow[]>;
  listGraphs(): Promise<GraphSummary[]>;
  /** Eq. 1 asked of the database, called tools included, sorted: the oracle of `legalTools`. */
  legalToolsByCypher(graph: string, called: readonly ToolKey[]): Promise<ToolKey[]>;
  /** Sorted by distance, then tool; the oracle of `distancesTo`. */
  distancesByCypher(graph: string, target: ToolKey): Promise<{ tool: ToolKey; distance: number }[]>;
  dropGraph(graph: string): Promise<void>;
  close(): Promise<void>;
}

export interface EvidenceFilter {
  origins?: Evidence['origin'][];
  fromItem?: number;
  toItem?: number;
}
