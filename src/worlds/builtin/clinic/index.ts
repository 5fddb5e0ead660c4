import { defineDomain, type DomainWorld } from '../domain';
import { knownClinic } from './known';
import { CLINIC_POLICY } from './policy';
import { CLINIC_INVARIANTS, clinicStateSchema, initClinic } from './state';
import { clinicTools } from './tools';

/** The front desk of a clinic: patients and referrals, free slots, holds, appointments, check-in, vitals and visit notes. */
export const createClinicWorld = (): DomainWorld =>
  defineDomain({ name: 'clinic', version: '1.0.0', policy: CLINIC_POLICY, state: clinicStateSchema, init: initClinic, known: knownClinic, tools: clinicTools, invariants: CLINIC_INVARIANTS });
