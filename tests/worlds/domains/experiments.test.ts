import { createExperimentsWorld } from '../../../src/worlds/builtin/experiments';
import { rowsIn, rowWith, talkTo, type Talk } from '../../fixtures/talk';

const world = createExperimentsWorld();

async function inProject(): Promise<Talk & { project_id: string }> {
  const talk = await talkTo(world);
  await talk.ask('sign_in_researcher', { researcher_name: talk.say.researcher as string, lab_pin: talk.say.lab_pin as string });
  return { ...talk, project_id: await talk.get('find_project', 'project_id', { project_name: talk.say.project_1 as string }) };
}

test('a new run ends as the live version of a model, after a review', async () => {
  const { ask, get, say, project_id } = await inProject();
  const model_name = say.model_1 as string;
  const { hours_left } = await ask('find_project', { project_name: say.project_1 as string });
  const started = await ask('start_run', { project_id, label: say.run_label as string, machine: 'single' });
  expect(started.hours_left).toBe((hours_left as number) - 24);
  const run_id = started.run_id as string;
  await ask('finish_run', { run_id });
  const artefact_id = rowWith(await ask('list_artefacts', { run_id }), 'artefacts', { kind: 'checkpoint' }).artefact_id as string;
  await ask('verify_artefact', { artefact_id });
  const version = await ask('register_model', { artefact_id, model_name });
  expect(version.version_number).toBe(3);
  const review_id = await get('request_review', 'review_id', { version_id: version.version_id as string, reviewer_name: say.reviewer as string });
  const review = await ask('read_review', { review_id });
  expect(review.reviewer).toBe(say.reviewer);
  expect(await ask('promote_version', { approval_code: review.approval_code as string })).toMatchObject({ model: model_name, live_number: 3, retired_number: 1 });
  expect(rowsIn(await ask('model_versions', { model_name }), 'versions').filter((one) => one.status === 'live')).toHaveLength(1);
});

test('two runs are compared by what their metrics say', async () => {
  const { ask, attempt, project_id } = await inProject();
  const runs = rowsIn(await ask('list_runs', { project_id }), 'runs');
  const [first, second] = runs.filter((run) => run.status === 'finished').map((run) => run.run_id as string) as [string, string];
  const [one, other] = [await ask('read_metrics', { run_id: first }), await ask('read_metrics', { run_id: second })];
  expect((await ask('compare_runs', { first_run: first, second_run: second })).accuracy_gap).toBeCloseTo((one.accuracy as number) - (other.accuracy as number), 2);
  expect(await attempt('compare_runs', { first_run: first, second_run: first })).toMatchObject({ fault: 'precondition' });
  const running = runs.find((run) => run.status === 'running')?.run_id as string;
  expect(await attempt('list_artefacts', { run_id: running })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('running') });
});

test('a budget is not overdrawn, and a label is used once', async () => {
  const { ask, attempt, say, project_id } = await inProject();
  let left = (await ask('find_project', { project_name: say.project_1 as string })).hours_left as number;
  for (let nth = 0; left >= 48; nth++) left = (await ask('start_run', { project_id, label: `run ${nth}`, machine: 'cluster' })).hours_left as number;
  expect(await attempt('start_run', { project_id, label: 'one more', machine: 'cluster' })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('48 hours') });
  expect(await attempt('start_run', { project_id, label: 'RUN 0', machine: 'shared' })).toMatchObject({ fault: 'conflict' });
});

test('only a verified checkpoint is registered, and once', async () => {
  const { ask, attempt, say, project_id } = await inProject();
  const run_id = rowWith(await ask('list_runs', { project_id }), 'runs', { status: 'finished' }).run_id as string;
  const artefacts = await ask('list_artefacts', { run_id });
  const idOf = (kind: string): string => rowWith(artefacts, 'artefacts', { kind }).artefact_id as string;
  const args = { artefact_id: idOf('checkpoint'), model_name: say.model_2 as string };
  expect(await attempt('register_model', args)).toMatchObject({ fault: 'precondition', message: expect.stringContaining('verified') });
  expect(await attempt('verify_artefact', { artefact_id: idOf('event log') })).toMatchObject({ fault: 'precondition' });
  await ask('verify_artefact', { artefact_id: idOf('checkpoint') });
  await ask('register_model', args);
  expect(await attempt('register_model', args)).toMatchObject({ fault: 'conflict' });
});
