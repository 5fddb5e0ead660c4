import { defineDomain, type DomainWorld } from '../domain';
import { knownInvoicing } from './known';
import { INVOICING_POLICY } from './policy';
import { initInvoicing, INVOICING_INVARIANTS, invoicingStateSchema } from './state';
import { invoicingTools } from './tools';

/** A firm's receivables: drafts, lines with their taxes, invoices, payments and what they pay, reminders, credit notes, closing a month. */
export const createInvoicingWorld = (): DomainWorld =>
  defineDomain({ name: 'invoicing', version: '1.0.0', policy: INVOICING_POLICY, state: invoicingStateSchema, init: initInvoicing, known: knownInvoicing, tools: invoicingTools, invariants: INVOICING_INVARIANTS });
