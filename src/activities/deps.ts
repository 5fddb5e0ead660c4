import type { ChatReply, ChatRequest, Usage } from '../core/chat/chat';
import type { Cost } from '../core/campaign/budget';
import type { EndpointBlock } from '../core/campaign/campaign.schema';
import type { Json } from '../core/json';
import type { GraphStore } from './deps.graph';

export type { GraphStore } from './deps.graph';

/** One line of a trajectory's record. `key` is unique in the file; the first complete line of a key is the truth. */
export interface RecordLine {
  key: string;
  /** `spec`, `sent`, `failed`, `call` (a paid reply), or the decision that code took from it. */
  kind: 'spec' | 'sent' | 'failed' | 'call' | 'decision' | 'outcome';
  value: Json;
}

export interface RecordStore {
  read(campaign: string, record: string): Promise<RecordLine[]>;
  /** Appends and returns the line that won its key. `durable` waits for the disk; a `unique` key has no rival, so nothing is read back. */
  append(input: { campaign: string; record: string; line: RecordLine; durable?: boolean; unique?: boolean }): Promise<RecordLine>;
  /** Names of the items' records; those kept aside by a retry are no items. */
  listRecords(campaign: string): Promise<string[]>;
  /** Puts these lines in a record's place, whole or not at all. */
  replace(campaign: string, record: string, lines: readonly RecordLine[]): Promise<void>;
  writeBlob(value: Json): Promise<string>;
  readBlob(hash: string): Promise<Json>;
  readArtifact(campaign: string, path: string): Promise<string | undefined>;
  writeArtifact(campaign: string, path: string, content: string | Uint8Array): Promise<void>;
  /** A second file with the same content, whole or not at all; nothing when there is no `from`, or already a `to`. */
  copyArtifact(campaign: string, from: string, to: string): Promise<void>;
  /** Does nothing when there is no such file. */
  removeArtifact(campaign: string, path: string): Promise<void>;
}

/** Where a request goes, resolved from the campaign file. The key's value is read at the last moment, never stored. */
export interface ModelTarget {
  /** Name in the file, `simulator` for the built-in one. */
  endpointName: string;
  endpoint: EndpointBlock;
  model: string;
  sampling: { temperature?: number; top_p?: number; max_tokens?: number; seed?: number };
  simulated: boolean;
}

export interface ModelReply {
  reply: ChatReply;
  usage: Usage;
  model: string;
  requestId?: string;
  latencyMs: number;
}

export interface ChatModel {
  /** One request, no retries: Temporal owns those. `lookup` is sent only to the simulator. Throws what failures.ts classifies. */
  complete(input: { target: ModelTarget; request: ChatRequest; lookup: Json; signal: AbortSignal }): Promise<ModelReply>;
}

/** What became of a request, as far as the gate is concerned. */
export type GateOutcome<T> =
  | { kind: 'answered'; value: T; latencyMs: number; inputTokens: number; outputTokens: number }
  /** 429 or 503: the gate waits and asks again. `error` is thrown when its patience (30 minutes) ends. */
  | { kind: 'overloaded'; error: unknown; retryAfterMs?: number }
  | { kind: 'failed'; error: unknown; timedOut: boolean };

export interface GateTicket {
  /** Address and key variable tell one server's account from another; the name is for people. */
  endpoint: { name: string; baseURL: string; apiKeyEnv?: string | undefined; concurrency: number; rpm?: number | undefined; tpm?: number | undefined };
  /** The trajectory that asks, unique across campaigns, and its number: those begun first go first. */
  owner: string;
  item: number;
  /** Estimated; corrected by the outcome's. */
  inputTokens: number;
  maxOutputTokens?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** One endpoint as the gate sees it now, for dashboard and metrics. */
export interface GateView {
  endpoint: string;
  inFlight: number;
  allowed: number;
  concurrency: number;
  waiting: number;
  /** Milliseconds that a Retry-After still holds back more. */
  heldMs: number;
}

/** Around every HTTP request: shared by all trajectories of a worker, so what waits is a request, not a slot. */
export interface Gate {
  /** `ask` sends one request; it is called again after a refusal for load. What it throws counts as failed. */
  run<T>(ticket: GateTicket, ask: () => Promise<GateOutcome<T>>): Promise<T>;
  view(): GateView[];
}

/** How a request to an endpoint ended; `failed` says how it failed. */
export interface Contact {
  endpoint: string;
  failed?: string;
}

/** An endpoint whose last requests all failed. */
export interface Silence {
  endpoint: string;
  /** Since its last answer. */
  failures: number;
  /** The last one. */
  message: string;
}

/** What each campaign has spent so far, and who does not answer it, over all workers that share its folder. */
export interface Ledger {
  /** Counted at once in this process, soon in others: a request when it leaves, tokens and money when its reply is here. */
  add(campaign: string, entry: Partial<Cost> & { contact?: Contact }): Promise<void>;
  spent(campaign: string): Promise<Cost>;
  /** Endpoints that have answered none of their last requests; as of the last look of `spent`. */
  silent(campaign: string): Silence[];
}

export interface Deps {
  home: string;
  cache: string;
  records: RecordStore;
  graph: GraphStore;
  chat: ChatModel;
  gate: Gate;
  ledger: Ledger;
  /** Base URL of the built-in simulator, when it runs. */
  simulatorUrl?: string;
  /** Set where no model may be asked (audit, rebuild, a dry run): told of a request without a stored reply, before anything leaves; throws. */
  unanswered?(call: { key: string; lineKey: string; target: ModelTarget; request: ChatRequest }): void;
  /** Exports a finished workflow's history as replayable JSON text; `undefined` when the server has none any more. */
  fetchHistory(workflowId: string): Promise<string | undefined>;
}
