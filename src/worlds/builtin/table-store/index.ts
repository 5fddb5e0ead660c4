import { defineDomain, type DomainWorld } from '../domain';
import { knownTableStore } from './known';
import { TABLE_STORE_POLICY } from './policy';
import { initTableStore, tableStoreInvariants, tableStoreSchema } from './state';
import { tableStoreTools } from './tools';

/** A hosted table store: design tables, load batches, build indexes, query by cursor, export, link, snapshot. */
export const createTableStoreWorld = (): DomainWorld =>
  defineDomain({
    name: 'table-store',
    version: '1.0.0',
    policy: TABLE_STORE_POLICY,
    state: tableStoreSchema,
    init: initTableStore,
    known: knownTableStore,
    tools: tableStoreTools,
    invariants: tableStoreInvariants,
  });
