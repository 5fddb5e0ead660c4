import { defineDomain, type DomainWorld } from '../domain';
import { knownExperiments } from './known';
import { EXPERIMENTS_POLICY } from './policy';
import { experimentsInvariants, experimentsSchema, initExperiments } from './state';
import { experimentsTools } from './tools';

/** A laboratory's notebook of training runs: budgets, metrics, artefacts, model versions, reviews, promotion. */
export const createExperimentsWorld = (): DomainWorld =>
  defineDomain({
    name: 'experiments',
    version: '1.0.0',
    policy: EXPERIMENTS_POLICY,
    state: experimentsSchema,
    init: initExperiments,
    known: knownExperiments,
    tools: experimentsTools,
    invariants: experimentsInvariants,
  });
