import { defineDomain, type DomainWorld } from '../domain';
import { knownIssues } from './known';
import { ISSUES_POLICY } from './policy';
import { initIssues, issuesInvariants, issuesStateSchema } from './state';
import { issuesTools } from './tools';

/** An issue tracker: projects, sprints with a capacity, issues that block each other, work, review and resolution. */
export const createIssuesWorld = (): DomainWorld =>
  defineDomain({
    name: 'issues', version: '1.0.0', policy: ISSUES_POLICY, state: issuesStateSchema,
    init: initIssues, known: knownIssues, tools: issuesTools, invariants: issuesInvariants,
  });
