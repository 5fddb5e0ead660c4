import { defineDomain, type DomainWorld } from '../domain';
import { knownRepository } from './known';
import { REPOSITORY_POLICY } from './policy';
import { initRepository, repositoryInvariants, repositoryStateSchema } from './state';
import { repositoryTools } from './tools';

/** A source repository host: branches, signed commits, proposals that are checked, reviewed and merged, releases. */
export const createRepositoryWorld = (): DomainWorld =>
  defineDomain({
    name: 'repository', version: '1.0.0', policy: REPOSITORY_POLICY, state: repositoryStateSchema,
    init: initRepository, known: knownRepository, tools: repositoryTools, invariants: repositoryInvariants,
  });
