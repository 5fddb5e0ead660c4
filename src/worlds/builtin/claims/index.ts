import { defineDomain, type DomainWorld } from '../domain';
import { knownClaims } from './known';
import { CLAIMS_POLICY } from './policy';
import { CLAIMS_INVARIANTS, claimsStateSchema, initClaims } from './state';
import { claimsTools } from './tools';

/** Insurance claims: policies and coverages, claims and their documents, assessors, offers, payouts. */
export const createClaimsWorld = (): DomainWorld =>
  defineDomain({ name: 'claims', version: '1.0.0', policy: CLAIMS_POLICY, state: claimsStateSchema, init: initClaims, known: knownClaims, tools: claimsTools, invariants: CLAIMS_INVARIANTS });
