import { defineDomain, type DomainWorld } from '../domain';
import { knownBrokerage } from './known';
import { BROKERAGE_POLICY } from './policy';
import { BROKERAGE_INVARIANTS, brokerageStateSchema, initBrokerage } from './state';
import { brokerageTools } from './tools';

/** A broker: securities and quotes, orders that fill when a session closes, settlement, positions, cash and withdrawals. */
export const createBrokerageWorld = (): DomainWorld =>
  defineDomain({ name: 'brokerage', version: '1.0.0', policy: BROKERAGE_POLICY, state: brokerageStateSchema, init: initBrokerage, known: knownBrokerage, tools: brokerageTools, invariants: BROKERAGE_INVARIANTS });
