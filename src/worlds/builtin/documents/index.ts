import { defineDomain, type DomainWorld } from '../domain';
import { knownDocuments } from './known';
import { DOCUMENTS_POLICY } from './policy';
import { documentsInvariants, documentsSchema, initDocuments } from './state';
import { documentsTools } from './tools';

/** A document archive: collections, search indexes, passages and citations, redaction of sensitive places, release. */
export const createDocumentsWorld = (): DomainWorld =>
  defineDomain({
    name: 'documents',
    version: '1.0.0',
    policy: DOCUMENTS_POLICY,
    state: documentsSchema,
    init: initDocuments,
    known: knownDocuments,
    tools: documentsTools,
    invariants: documentsInvariants,
  });
