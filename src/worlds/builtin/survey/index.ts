import { defineDomain, type DomainWorld } from '../domain';
import { knownSurvey } from './known';
import { SURVEY_POLICY } from './policy';
import { initSurvey, surveyInvariants, surveySchema } from './state';
import { surveyTools } from './tools';

/** Survey research: questionnaires, panels, waves, screened responses, weighting, tables and their release. */
export const createSurveyWorld = (): DomainWorld =>
  defineDomain({
    name: 'survey',
    version: '1.0.0',
    policy: SURVEY_POLICY,
    state: surveySchema,
    init: initSurvey,
    known: knownSurvey,
    tools: surveyTools,
    invariants: surveyInvariants,
  });
