import type { Json, JsonObject, JsonSchema } from './json';

/** What agents, the graph and the exporters see of a tool. `name` is unique in its world. */
export interface ToolDoc {
  name: string;
  description: string;
  /** JSON Schema of the arguments object. A property may carry `entity` (e.g. `"station"`): the kind of thing it refers to. */
  input: JsonSchema;
  /** JSON Schema of the success value, where the tool publishes one. */
  output?: JsonSchema;
}

/** `world::tool`, unique in a campaign. */
export type ToolKey = string;
export const toolKey = (world: string, tool: string): ToolKey => `${world}::${tool}`;
export const toolOfKey = (key: ToolKey): string => key.slice(key.indexOf('::') + 2);
export const worldOfKey = (key: ToolKey): string => key.slice(0, key.indexOf('::'));

export const toolNamed = (tools: readonly ToolDoc[], name: string): ToolDoc | undefined => tools.find((tool) => tool.name === name);

/** A call of a primitive tool; `tool` is the plain name, the world is known from the context. */
export interface Call {
  tool: string;
  args: JsonObject;
}

/** Typed faults. A fault leaves the state unchanged. `unavailable` = the tool itself broke (time limit, crash): infrastructure. */
export type Fault = 'invalid_args' | 'unknown_tool' | 'precondition' | 'not_found' | 'conflict' | 'unavailable';
export type CallResult = { ok: true; value: Json } | { ok: false; fault: Fault; message: string };

/** A fact that a user of this seed could state; everything else has to be looked up. */
export interface KnownFact {
  /** Unique in the seed, e.g. `home_city`, `commit_message_2`. */
  name: string;
  value: Json;
  /** What it is, in words a user would understand: `the city the user starts from`. */
  about: string;
  /** Entity tag, matched with a parameter's `entity`. */
  entity?: string;
  /** Parameters it may fill when there is no entity tag: `message`, or `git_commit.message`. */
  params?: string[];
}

/** Where a world's tools come from; tables and rows keep them apart. */
export const WORLD_TIERS = ['builtin', 'module', 'mcp', 'openapi', 'simulated-from-spec'] as const;
export type WorldTier = (typeof WORLD_TIERS)[number];

/** Everything about a world that does not need an open instance. */
export interface WorldDoc {
  id: string;
  /** `builtin` when left out. */
  tier?: WorldTier;
  version: string;
  tools: ToolDoc[];
  /** Rules as a support agent would be given them; goes into the system prompt. */
  policy: string;
  /** How many seeds exist; `null` = any non-negative integer. */
  seeds: number | null;
  /** False when nothing changes between seeds: data edges then rest on mutate and swap alone. */
  reseedable: boolean;
  /** Wildcard pointers (`/commit/sha`) of outputs that are left out when results are compared. */
  volatile: string[];
}

/** What a replay from the seed gave: one result per call; `digests[0]` is the initial state, `digests[i]` the state after call i. */
export interface Execution {
  results: CallResult[];
  digests: string[];
}

/**
 * Runs calls in a fresh instance of one world. Pure by contract: the same seed and calls give the same results and
 * digests, so a retry or a crash is harmless and prefixes may be served from a live instance.
 * Infrastructure trouble (server gone, time limit on open) rejects; a tool's own fault is a result.
 */
export type Execute = (seed: number, calls: readonly Call[]) => Promise<Execution>;
