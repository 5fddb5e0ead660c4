import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('repository');

const REPO = [out('find_repository', '/repo_id')];
const BRANCH = [out('list_branches', '/branches/*/branch_id'), out('create_branch', '/branch_id')];
const COMMIT = [out('read_history', '/commits/*/commit_hash'), out('commit_changes', '/commit_hash'), out('merge_proposal', '/commit_hash'), out('update_branch', '/commit_hash')];
const PROPOSAL = [out('list_proposals', '/proposals/*/proposal_id'), out('open_proposal', '/proposal_id')];

/**
 * The host's dependencies as its author knows them. Checks and approvals of a merge are not listed, since a seed has a
 * proposal with both; nor is checking out, since an unprotected branch is checked out from the start.
 */
export const REPOSITORY_EDGES: readonly TrueGroup[] = [
  ...['list_branches', 'list_proposals', 'create_branch'].map((tool) => data(tool, '/repo_id', REPO)),
  ...['read_history', 'check_out', 'delete_branch'].map((tool) => data(tool, '/branch_id', BRANCH)),
  data('open_proposal', '/source_branch', BRANCH),
  data('open_proposal', '/target_branch', BRANCH),
  data('create_branch', '/from_commit', COMMIT),
  data('tag_release', '/commit_hash', COMMIT),
  ...['run_checks', 'request_review', 'update_branch', 'merge_proposal'].map((tool) => data(tool, '/proposal_id', PROPOSAL)),
  data('request_review', '/developer_id', [out('find_developer', '/developer_id')]),
  data('record_verdict', '/review_id', [out('request_review', '/review_id')]),
  ...['commit_changes', 'update_branch', 'merge_proposal', 'tag_release'].map((tool) => state(tool, 'unlock_signing_key')),
  state('commit_changes', 'stage_change'),
  // What a user can state as well as look up: true, and not needed for legality.
  data('find_developer', '/full_name', [out('find_repository', '/maintainer')], 'optional'),
];
