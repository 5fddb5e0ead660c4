import { defineDomain, type DomainWorld } from '../domain';
import { knownLending } from './known';
import { LENDING_POLICY } from './policy';
import { initLending, lendingInvariants, lendingStateSchema } from './state';
import { lendingTools } from './tools';

/** The desk of a lender: applicants and credit files, applications and guarantors, offers, agreements, drawdown, instalments, settlement. */
export const createLendingWorld = (): DomainWorld =>
  defineDomain({ name: 'lending', version: '1.0.0', policy: LENDING_POLICY, state: lendingStateSchema, init: initLending, known: knownLending, tools: lendingTools, invariants: lendingInvariants });
