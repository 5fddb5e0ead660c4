import type { Deps, RecordLine, RecordStore } from '../activities/deps';
import { keys } from '../activities/item-state';
import { canonicalJson, type Json } from '../core/json';
import { createRecordStore } from '../clients/record-store';
import type { Config } from '../config';

/** A request for which the record holds no reply: the prompt that code would send is not the one that was sent, or the line is gone. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
  constructor(readonly lineKey: string) {
    super(`no reply is recorded for ${lineKey}`);
  }
}

/** Clients for work without Temporal, Neo4j or a model: the folder is all there is. */
export function offlineDeps(config: Config, records: RecordStore = createRecordStore(config.home)): Deps {
  const absent = (what: string) => (): never => {
    throw new Error(`Expected everything of an item to be in its record, got a question to ${what}; it is of an earlier version`);
  };
  return {
    home: config.home, cache: config.cache, records,
    graph: new Proxy({} as Deps['graph'], { get: () => absent('the graph') }),
    chat: { complete: absent('a model') },
    gate: { run: absent('a model'), view: () => [] },
    ledger: { add: absent('the ledger'), spent: absent('the ledger'), silent: absent('the ledger') },
    // Never asked; a simulated model only has to have an address.
    simulatorUrl: 'http://127.0.0.1:9/v1',
    unanswered: ({ lineKey }) => {
      throw new Unanswered(lineKey);
    },
    fetchHistory: absent('Temporal'),
  };
}

/** What one item's activities would write, held against what its record has. */
export interface ItemStore {
  records: RecordStore;
  /** Decisions that came out otherwise than recorded, in the order they were met. */
  differences: { key: string; derived: Json; stored: Json | undefined }[];
  /** Keys that were derived again. */
  derived: Set<string>;
  /** Artifacts by path. */
  written: Map<string, string>;
  /** Goes on with the recorded decision where it could not be derived. */
  takeAsRecorded(key: string): void;
}

/**
 * A record store that knows the replies of one record but none of its decisions: activities make those again. What is
 * recorded goes on being the truth, so that one difference does not draw others after it.
 */
export function createItemStore(base: RecordStore, recorded: readonly RecordLine[]): ItemStore {
  const byKey = new Map(recorded.map((line) => [line.key, line]));
  const lines = recorded.filter((line) => isGiven(line));
  const present = new Set(lines.map((line) => line.key));
  const blobs = new Map<string, Promise<Json>>();
  const differences: ItemStore['differences'] = [];
  const derived = new Set<string>();
  const written = new Map<string, string>();
  const add = (line: RecordLine): void => {
    if (present.has(line.key)) return;
    present.add(line.key);
    lines.push(line);
  };

  const records: RecordStore = {
    ...base,
    read: async () => [...lines],
    append: async ({ line }) => {
      const stored = byKey.get(line.key);
      derived.add(line.key);
      if (!stored || canonicalJson(stored.value) !== canonicalJson(line.value)) differences.push({ key: line.key, derived: line.value, stored: stored?.value });
      const winner = stored ?? line;
      add(winner);
      return winner;
    },
    readBlob: (hash) => {
      const known = blobs.get(hash) ?? base.readBlob(hash);
      blobs.set(hash, known);
      return known;
    },
    writeArtifact: async (_campaign, path, content) => {
      written.set(path, content.toString());
    },
  };
  return {
    records, differences, derived, written,
    takeAsRecorded: (key) => {
      const stored = byKey.get(key);
      derived.add(key);
      if (stored) add(stored);
    },
  };
}

/** What did not come from a reply: the sampled trace, what was sent and paid, and what the graph said. */
const isGiven = (line: RecordLine): boolean => line.kind === 'spec' || line.kind === 'sent' || line.kind === 'failed' || line.kind === 'call' || line.key === keys.alternative;
