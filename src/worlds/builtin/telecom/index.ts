import { defineDomain, type DomainWorld } from '../domain';
import { knownTelecom } from './known';
import { TELECOM_POLICY } from './policy';
import { initTelecom, TELECOM_INVARIANTS, telecomStateSchema } from './state';
import { telecomTools } from './tools';

/** A telephone company's line care: lines and their devices, diagnosis, fix orders, engineers, verification, credits, plans. */
export const createTelecomWorld = (): DomainWorld =>
  defineDomain({ name: 'telecom', version: '1.0.0', policy: TELECOM_POLICY, state: telecomStateSchema, init: initTelecom, known: knownTelecom, tools: telecomTools, invariants: TELECOM_INVARIANTS });
