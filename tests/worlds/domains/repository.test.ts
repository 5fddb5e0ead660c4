import { createRepositoryWorld } from '../../../src/worlds/builtin/repository';
import { rowsIn, rowWith, talkTo } from '../../fixtures/talk';

/** The user's repository with its protected branch, the key unlocked. */
async function inRepository(name = 'main_repository') {
  const talk = await talkTo(createRepositoryWorld());
  const { say, ask, get } = talk;
  await ask('unlock_signing_key', { key_passphrase: say.key_passphrase as string });
  const repo_id = await get('find_repository', 'repo_id', { repo_name: say[name] as string });
  const trunk = rowWith(await ask('list_branches', { repo_id }), 'branches', { protected: true }).branch_id as string;
  const head = rowsIn(await ask('read_history', { branch_id: trunk }), 'commits')[0]?.commit_hash as string;
  return { ...talk, repo_id, trunk, head };
}

/** A proposal with one signed commit of the user. */
async function proposed() {
  const talk = await inRepository();
  const { say, ask, get, repo_id, trunk, head } = talk;
  const branch_id = await get('create_branch', 'branch_id', { repo_id, branch_name: say.new_branch as string, from_commit: head });
  await ask('check_out', { branch_id });
  await ask('stage_change', { file_path: say.changed_file as string });
  const commit_hash = await get('commit_changes', 'commit_hash', { message: say.commit_message as string });
  const proposal_id = await get('open_proposal', 'proposal_id', { source_branch: branch_id, target_branch: trunk, title: say.proposal_title as string });
  return { ...talk, branch_id, commit_hash, proposal_id };
}

test('a change goes from a branch over a commit, a proposal, checks and a review into the protected branch and a release', async () => {
  const { ask, get, attempt, say, trunk, branch_id, commit_hash, proposal_id } = await proposed();
  expect(await attempt('tag_release', { commit_hash, version: say.next_version as string })).toMatchObject({ fault: 'precondition' });
  expect(await attempt('merge_proposal', { proposal_id })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('checks') });
  expect(await ask('run_checks', { proposal_id })).toMatchObject({ result: 'passed' });
  expect(await attempt('merge_proposal', { proposal_id })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('approved') });
  const developer_id = await get('find_developer', 'developer_id', { full_name: say.second_reviewer as string });
  const review_id = await get('request_review', 'review_id', { proposal_id, developer_id });
  await ask('record_verdict', { review_id, verdict: 'ask_for_changes' });
  expect(await attempt('merge_proposal', { proposal_id })).toMatchObject({ fault: 'precondition' });
  expect(await ask('record_verdict', { review_id, verdict: 'approve' })).toMatchObject({ approvals: 1, reviewer: say.second_reviewer });
  expect(await attempt('delete_branch', { branch_id })).toMatchObject({ fault: 'conflict' });
  const merge = await ask('merge_proposal', { proposal_id });
  expect(rowsIn(await ask('read_history', { branch_id: trunk }), 'commits').map((row) => row.commit_hash).slice(0, 3)).toEqual([merge.commit_hash, expect.anything(), commit_hash]);
  await ask('tag_release', { commit_hash, version: say.next_version as string });
  expect(await attempt('tag_release', { commit_hash: merge.commit_hash as string, version: say.next_version as string })).toMatchObject({ fault: 'conflict' });
});

test('nothing is staged on a protected branch, nor is the branch changed while changes wait', async () => {
  const { ask, attempt, get, say, repo_id, trunk, head } = await inRepository();
  const file = { file_path: say.changed_file as string };
  await ask('check_out', { branch_id: trunk });
  expect(await attempt('stage_change', file)).toMatchObject({ fault: 'precondition', message: expect.stringContaining('protected') });
  await ask('check_out', { branch_id: await get('create_branch', 'branch_id', { repo_id, branch_name: say.new_branch as string, from_commit: head }) });
  await ask('stage_change', file);
  expect(await attempt('check_out', { branch_id: trunk })).toMatchObject({ fault: 'conflict' });
});

test('new commits make checks and approvals void', async () => {
  const { ask, attempt, say, proposal_id } = await proposed();
  await ask('run_checks', { proposal_id });
  expect(await attempt('run_checks', { proposal_id })).toMatchObject({ fault: 'conflict' });
  await ask('stage_change', { file_path: say.other_file as string });
  await ask('commit_changes', { message: say.other_message as string });
  expect(await attempt('merge_proposal', { proposal_id })).toMatchObject({ fault: 'precondition' });
  await ask('run_checks', { proposal_id });
});

test('a file that both sides changed has to be settled by an update first', async () => {
  const { ask, attempt, repo_id } = await inRepository('shared_repository');
  const stale = rowsIn(await ask('list_proposals', { repo_id }), 'proposals').find((row) => row.files_in_conflict === 1);
  const proposal_id = stale?.proposal_id as string;
  expect(await attempt('merge_proposal', { proposal_id })).toMatchObject({ fault: 'conflict' });
  expect(await ask('update_branch', { proposal_id })).toMatchObject({ commits_taken_over: 1 });
  expect(rowWith(await ask('list_proposals', { repo_id }), 'proposals', { proposal_id })).toMatchObject({ files_in_conflict: 0, checks: 'not_run' });
});

test('signing waits for the passphrase, and a branch with open work stays', async () => {
  const { ask, attempt, get, say } = await talkTo(createRepositoryWorld());
  expect(await attempt('unlock_signing_key', { key_passphrase: 'guess' })).toMatchObject({ fault: 'precondition' });
  const repo_id = await get('find_repository', 'repo_id', { repo_name: say.old_repository as string });
  const ready = rowWith(await ask('list_proposals', { repo_id }), 'proposals', { checks: 'passed' });
  expect(await attempt('merge_proposal', { proposal_id: ready.proposal_id as string })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('locked') });
  const source = rowWith(await ask('list_branches', { repo_id }), 'branches', { branch_name: ready.from_branch as string });
  expect(await attempt('delete_branch', { branch_id: source.branch_id as string })).toMatchObject({ fault: 'conflict' });
});
