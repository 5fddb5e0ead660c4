import type { Json, JsonSchema } from '../../../core/json';
import type { ToolDoc } from '../../../core/tool';

/**
 * An API description boiled down to what our interpreter plays: things (resources) in collections and what may be done
 * with them. Plain JSON, one line of a catalogue file.
 */
export interface SimulatedApi {
  /** World id. */
  name: string;
  title: string;
  /** The description's own version. */
  version: string;
  /** Where the description came from; its licence is its owner's. */
  source: string;
  scopes: Scope[];
  /** Parents before their children. */
  resources: Resource[];
  tools: SimulatedTool[];
}

/** A path parameter that names no resource: whose account, which region. The user knows its one valid value. */
export interface Scope {
  name: string;
  about: string;
  schema: JsonSchema;
}

export interface Resource {
  /** One of them, in snake case: `line_item`; also the entity tag of its id. */
  name: string;
  parent?: string;
  /** The property that holds the id. */
  id: string;
  /** The user chooses the id when making one. */
  ownId: boolean;
  /** Everything stored of one. */
  entity: JsonSchema;
  /** Property → resource whose id it holds. */
  references: { [property: string]: string };
  /** No two siblings share its value. */
  unique?: string;
  /** A status that only moves on, but for tools that go back: its values in ranks; equal ranks may change into each other. */
  status?: { property: string; ranks: { [value: string]: number } };
}

export type Action = 'create' | 'get' | 'list' | 'update' | 'delete' | 'transition';

export interface SimulatedTool {
  doc: ToolDoc;
  action: Action;
  resource: string;
  /** Argument → scope or resource of a path parameter, from the left; the last one of an item path is the item itself. */
  path: { argument: string; scope?: string; resource?: string }[];
  /** Argument → property it writes. */
  writes: { [argument: string]: string };
  /** An object argument whose properties are those of the thing: `{data: {name}}`. */
  envelope?: string;
  /** Argument → property it filters by. */
  filters: { [argument: string]: string };
  /** Arguments that cut the list. */
  limit?: string;
  offset?: string;
  /** Value that a transition sets the status to. */
  sets?: string;
  /** It may set a status of a lower rank. */
  back?: boolean;
  answer: Answer;
}

/** How an answer is put together: `frame` with the thing or the list at `at`, and the number of hits at `counts`. */
export interface Answer {
  kind: 'entity' | 'list' | 'fixed';
  at: string;
  frame: Json;
  counts: string[];
  /** Properties that the schema lets through; all of them when left out. */
  properties?: string[];
}
