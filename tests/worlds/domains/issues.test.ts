import { createIssuesWorld } from '../../../src/worlds/builtin/issues';
import { rowWith, talkTo } from '../../fixtures/talk';

/** Inside the workspace, with the project that has an active sprint and two of its people. */
async function inProject() {
  const talk = await talkTo(createIssuesWorld());
  const { say, ask, get } = talk;
  await ask('enter_workspace', { work_email: say.work_email as string, access_phrase: say.access_phrase as string });
  const project_id = await get('find_project', 'project_id', { project_name: say.main_project as string });
  const worker = await get('find_teammate', 'member_id', { full_name: say.trusted_colleague as string });
  const reviewer = await get('find_teammate', 'member_id', { full_name: say.new_colleague as string });
  const stranger = await get('find_teammate', 'member_id', { full_name: say.own_name as string });
  const sprints = await ask('list_sprints', { project_id });
  const file = (title: string): Promise<string> => get('file_issue', 'issue_id', { project_id, title, kind: 'defect', size: 1 });
  return { ...talk, project_id, worker, reviewer, stranger, file, active: rowWith(sprints, 'sprints', { status: 'active' }).sprint_id as string };
}

test('an issue is filed, assigned, planned, worked on, reviewed and resolved', async () => {
  const { ask, get, attempt, say, file, worker, reviewer, active } = await inProject();
  const issue_id = await file(say.reported_problem as string);
  await ask('assign_issue', { issue_id, member_id: worker });
  expect(await attempt('begin_work', { issue_id })).toMatchObject({ fault: 'precondition' });
  await ask('add_to_sprint', { issue_id, sprint_id: active });
  await ask('begin_work', { issue_id });
  expect(await attempt('request_review', { issue_id, reviewer_id: worker })).toMatchObject({ fault: 'precondition' });
  const review_ticket = await get('request_review', 'review_ticket', { issue_id, reviewer_id: reviewer });
  await ask('resolve_issue', { review_ticket, resolution: 'fixed' });
  expect(await ask('issue_details', { issue_id })).toMatchObject({ held_by: say.trusted_colleague });
  expect(await attempt('resolve_issue', { review_ticket, resolution: 'fixed' })).toMatchObject({ fault: 'not_found' });
});

test('a blocked issue waits until its link is removed, and links form no circle', async () => {
  const { ask, attempt, say, file, worker, active } = await inProject();
  const first = await file(say.reported_problem as string);
  const second = await file(say.wished_feature as string);
  await ask('assign_issue', { issue_id: second, member_id: worker });
  await ask('add_to_sprint', { issue_id: second, sprint_id: active });
  const { link_id } = await ask('link_issues', { blocking_issue: first, waiting_issue: second });
  expect(await attempt('begin_work', { issue_id: second })).toMatchObject({ fault: 'conflict' });
  expect(await attempt('link_issues', { blocking_issue: second, waiting_issue: first })).toMatchObject({ fault: 'conflict' });
  await ask('remove_link', { link_id: link_id as string });
  await ask('begin_work', { issue_id: second });
});

test('a third sprint starts only when one of two is closed and it holds an issue', async () => {
  const { ask, get, attempt, say, project_id, file, active } = await inProject();
  const planned = rowWith(await ask('list_sprints', { project_id }), 'sprints', { status: 'planned' }).sprint_id as string;
  await ask('start_sprint', { sprint_id: planned });
  const sprint_id = await get('plan_sprint', 'sprint_id', { project_id, goal: say.sprint_goal as string, starts_on: say.sprint_start as string, ends_on: say.sprint_end as string });
  expect(await attempt('start_sprint', { sprint_id })).toMatchObject({ fault: 'conflict' });
  const closed = await ask('close_sprint', { sprint_id: active });
  expect(closed.returned_points).toBeGreaterThan(0);
  expect(await attempt('start_sprint', { sprint_id })).toMatchObject({ fault: 'precondition' });
  await ask('add_to_sprint', { issue_id: await file(say.reported_problem as string), sprint_id });
  expect(await ask('start_sprint', { sprint_id })).toMatchObject({ committed_points: 1 });
});

test('sprints of one project do not overlap, and only its team gets its issues', async () => {
  const { ask, attempt, say, project_id, file, stranger } = await inProject();
  const plan = { project_id, goal: say.sprint_goal as string, starts_on: say.sprint_start as string, ends_on: say.release_day as string };
  await ask('plan_sprint', plan);
  expect(await attempt('plan_sprint', { ...plan, starts_on: say.sprint_end as string })).toMatchObject({ fault: 'conflict' });
  const issue_id = await file(say.reported_problem as string);
  expect(await attempt('assign_issue', { issue_id, member_id: stranger })).toMatchObject({ fault: 'precondition' });
});
