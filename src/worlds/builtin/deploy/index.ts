import { defineDomain, type DomainWorld } from '../domain';
import { knownDeploy } from './known';
import { DEPLOY_POLICY } from './policy';
import { deployInvariants, deployStateSchema, initDeploy } from './state';
import { deployTools } from './tools';

/** Build and deployment: builds become artefacts, which are scanned, approved, deployed in change windows and rolled back. */
export const createDeployWorld = (): DomainWorld =>
  defineDomain({
    name: 'deploy', version: '1.0.0', policy: DEPLOY_POLICY, state: deployStateSchema,
    init: initDeploy, known: knownDeploy, tools: deployTools, invariants: deployInvariants,
  });
