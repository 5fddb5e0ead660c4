import { defineDomain, type DomainWorld } from '../domain';
import { knownBank } from './known';
import { BANK_POLICY } from './policy';
import { BANK_INVARIANTS, bankStateSchema, initBank } from './state';
import { bankTools } from './tools';

/** A retail bank: accounts, payees and their checks, transfers, entries and disputes, cards. */
export const createBankWorld = (): DomainWorld =>
  defineDomain({ name: 'bank', version: '1.0.0', policy: BANK_POLICY, state: bankStateSchema, init: initBank, known: knownBank, tools: bankTools, invariants: BANK_INVARIANTS });
