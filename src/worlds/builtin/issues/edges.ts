import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('issues');

const PROJECT = [out('find_project', '/project_id')];
const MEMBER = [out('find_teammate', '/member_id')];
const SPRINT = [out('list_sprints', '/sprints/*/sprint_id'), out('plan_sprint', '/sprint_id')];
const ISSUE = [out('search_issues', '/issues/*/issue_id'), out('file_issue', '/issue_id')];
const NEEDS_ENTRY = ['find_teammate', 'plan_sprint', 'start_sprint', 'close_sprint', 'file_issue', 'assign_issue', 'add_to_sprint', 'link_issues', 'remove_link', 'begin_work', 'request_review', 'resolve_issue'];

/** The issue tracker's dependencies as its author knows them. Orders of statuses that a seed offers from the start are not listed. */
export const ISSUES_EDGES: readonly TrueGroup[] = [
  ...['list_sprints', 'plan_sprint', 'search_issues', 'file_issue'].map((tool) => data(tool, '/project_id', PROJECT)),
  ...['start_sprint', 'close_sprint', 'add_to_sprint'].map((tool) => data(tool, '/sprint_id', SPRINT)),
  ...['issue_details', 'assign_issue', 'add_to_sprint', 'begin_work', 'request_review'].map((tool) => data(tool, '/issue_id', ISSUE)),
  data('link_issues', '/blocking_issue', ISSUE),
  data('link_issues', '/waiting_issue', ISSUE),
  data('assign_issue', '/member_id', MEMBER),
  data('request_review', '/reviewer_id', MEMBER),
  data('remove_link', '/link_id', [out('link_issues', '/link_id'), out('issue_details', '/waits_for/*/link_id')]),
  data('resolve_issue', '/review_ticket', [out('request_review', '/review_ticket')]),
  ...NEEDS_ENTRY.map((tool) => state(tool, 'enter_workspace')),
  // What a user can state as well as look up: true, and not needed for legality.
  data('find_teammate', '/full_name', [out('find_project', '/lead_name')], 'optional'),
  ...['/starts_on', '/ends_on'].map((param) => data('plan_sprint', param, [out('list_sprints', '/sprints/*/ends_on')], 'optional')),
  data('file_issue', '/title', [out('search_issues', '/issues/*/title')], 'optional'),
];
