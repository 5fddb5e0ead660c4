import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import type { Deps } from './activities/deps';
import { createChatModel } from './clients/chat-model';
import { createGate } from './clients/gate';
import { connectGraphStore } from './clients/graph-store';
import { hideKeys } from './clients/hide-keys';
import { createLedger } from './clients/ledger';
import { createRecordStore } from './clients/record-store';
import { keyOf, temporalConnection, type Config } from './config';
import { findServices, ServiceError } from './services';

/** Clients of one process, connected; `close` ends them in the order that lets running work finish. */
export interface Wiring {
  deps: Deps;
  client: Client;
  /** Where `client` is connected, for the worker's own connection. */
  address: string;
  close(): Promise<void>;
}

/** Connects to the services that the environment or `.hardgen/services.json` names; starts none. */
export async function connect(config: Config): Promise<Wiring> {
  const { temporal, neo4j } = await findServices(config);
  if (!temporal || !neo4j) throw new ServiceError(`Expected Temporal and Neo4j to be running, got no answer from ${temporal ? '' : 'Temporal '}${neo4j ? '' : 'Neo4j'}; \`npx hardgen up\` starts them`);
  const connection = await Connection.connect(temporalConnection(config, temporal.address));
  const client = new Client({ connection, namespace: temporal.namespace });
  const graph = connectGraphStore(neo4j);
  const deps: Deps = {
    home: config.home,
    cache: config.cache,
    records: createRecordStore(config.home),
    graph,
    chat: hideKeys(createChatModel(keyOf), keyOf),
    gate: createGate(),
    ledger: createLedger(config.home),
    ...(config.simulatorUrl === undefined ? {} : { simulatorUrl: config.simulatorUrl }),
    fetchHistory: (workflowId) => fetchHistory(client, workflowId),
  };
  return {
    deps,
    client,
    address: temporal.address,
    close: async () => {
      await graph.close();
      await connection.close();
    },
  };
}

const NOT_FOUND = 5;

/** `JSON.stringify` of a history cannot be replayed; this text can. */
async function fetchHistory(client: Client, workflowId: string): Promise<string | undefined> {
  try {
    return historyToJSON(await client.workflow.getHandle(workflowId).fetchHistory());
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === NOT_FOUND) return undefined;
    throw error;
  }
}
