import { defineDomain, type DomainWorld } from '../domain';
import { knownWarehouse } from './known';
import { WAREHOUSE_POLICY } from './policy';
import { initWarehouse, WAREHOUSE_INVARIANTS, warehouseStateSchema } from './state';
import { warehouseTools } from './tools';

/** A warehouse: purchase orders, pallets from the dock into bins, customer orders that are picked, packed and collected. */
export const createWarehouseWorld = (): DomainWorld =>
  defineDomain({ name: 'warehouse', version: '1.0.0', policy: WAREHOUSE_POLICY, state: warehouseStateSchema, init: initWarehouse, known: knownWarehouse, tools: warehouseTools, invariants: WAREHOUSE_INVARIANTS });
