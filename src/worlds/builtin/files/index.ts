import { defineDomain, type DomainWorld } from '../domain';
import { knownFiles } from './known';
import { FILES_POLICY } from './policy';
import { filesInvariants, filesStateSchema, initFiles } from './state';
import { filesTools } from './tools';

/** A workspace of folders and documents: a current folder, handles of open documents, checksums, revisions, an archive. */
export const createFilesWorld = (): DomainWorld =>
  defineDomain({
    name: 'files', version: '1.0.0', policy: FILES_POLICY, state: filesStateSchema,
    init: initFiles, known: knownFiles, tools: filesTools, invariants: filesInvariants,
  });
