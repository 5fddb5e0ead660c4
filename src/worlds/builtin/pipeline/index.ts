import { defineDomain, type DomainWorld } from '../domain';
import { knownPipeline } from './known';
import { PIPELINE_POLICY } from './policy';
import { initPipeline, pipelineInvariants, pipelineSchema } from './state';
import { pipelineTools } from './tools';

/** A data pipeline: sources and datasets, mappings and their approval, jobs, runs, quality reports, publishing. */
export const createPipelineWorld = (): DomainWorld =>
  defineDomain({
    name: 'pipeline',
    version: '1.0.0',
    policy: PIPELINE_POLICY,
    state: pipelineSchema,
    init: initPipeline,
    known: knownPipeline,
    tools: pipelineTools,
    invariants: pipelineInvariants,
  });
