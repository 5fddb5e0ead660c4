import { defineDomain, type DomainWorld } from '../domain';
import { knownLibrary } from './known';
import { LIBRARY_POLICY } from './policy';
import { initLibrary, LIBRARY_INVARIANTS, libraryStateSchema } from './state';
import { libraryTools } from './tools';

/** A public library with branches: titles and copies, loans and renewals, holds, transfers between branches, late fees. */
export const createLibraryWorld = (): DomainWorld =>
  defineDomain({ name: 'library', version: '1.0.0', policy: LIBRARY_POLICY, state: libraryStateSchema, init: initLibrary, known: knownLibrary, tools: libraryTools, invariants: LIBRARY_INVARIANTS });
