import { defineDomain, type DomainWorld } from '../domain';
import { knownPharmacy } from './known';
import { PHARMACY_POLICY } from './policy';
import { initPharmacy, PHARMACY_INVARIANTS, pharmacyStateSchema } from './state';
import { pharmacyTools } from './tools';

/** The counter of a pharmacy: prescriptions, safety checks, batches that are set aside, dispensing and refills. */
export const createPharmacyWorld = (): DomainWorld =>
  defineDomain({ name: 'pharmacy', version: '1.0.0', policy: PHARMACY_POLICY, state: pharmacyStateSchema, init: initPharmacy, known: knownPharmacy, tools: pharmacyTools, invariants: PHARMACY_INVARIANTS });
