import { createPipelineWorld } from '../../../src/worlds/builtin/pipeline';
import { rowsIn, rowWith, talkTo, type Talk } from '../../fixtures/talk';

const world = createPipelineWorld();

async function onDuty(): Promise<Talk> {
  const talk = await talkTo(world);
  await talk.ask('take_duty', { engineer_name: talk.say.engineer as string, duty_code: talk.say.duty_code as string });
  return talk;
}

async function drafted(): Promise<Talk & { mapping_id: string; pairs: { [field: string]: unknown }[] }> {
  const talk = await onDuty();
  const sources = [await talk.get('find_source', 'source_id', { system: talk.say.system_1 as string }), await talk.get('find_source', 'source_id', { system: talk.say.system_2 as string })];
  const [from_dataset, to_dataset] = await Promise.all(sources.map((source_id) => talk.get('register_dataset', 'dataset_id', { source_id, title: talk.say.dataset_title as string })));
  const mapping_id = await talk.get('draft_mapping', 'mapping_id', { from_dataset: from_dataset as string, to_dataset: to_dataset as string });
  return { ...talk, mapping_id, pairs: rowsIn(await talk.ask('suggest_pairs', { mapping_id }), 'pairs') };
}

test('two new datasets are mapped, run and collected', async () => {
  const { ask, get, say, mapping_id, pairs } = await drafted();
  const targets = [...new Map(pairs.map((pair) => [pair.to_field, pair.pair_id as string])).values()];
  for (const pair_id of targets) await ask('accept_pair', { pair_id });
  await ask('approve_mapping', { mapping_id });
  const job_id = await get('create_job', 'job_id', { mapping_id, schedule: 'nightly' });
  expect(rowWith(await ask('list_jobs'), 'jobs', { job_id })).toMatchObject({ fills: say.dataset_title, status: 'active' });
  const run_id = await get('start_run', 'run_id', { job_id, run_day: say.missing_day as string });
  const { status } = await ask('collect_run', { run_id });
  expect(rowsIn(await ask('run_history', { job_id }), 'runs')).toEqual([{ run_id, run_day: say.missing_day, status }]);
});

test('two pairs do not fill one field, and a mapping needs two of them', async () => {
  const { ask, attempt, mapping_id, pairs } = await drafted();
  const [first, rival] = pairs.filter((one) => pairs.some((other) => other !== one && other.to_field === one.to_field)).map((pair) => pair.pair_id as string);
  expect(await ask('accept_pair', { pair_id: first as string })).toMatchObject({ accepted_pairs: 1 });
  expect(await attempt('accept_pair', { pair_id: rival as string })).toMatchObject({ fault: 'conflict' });
  expect(await attempt('approve_mapping', { mapping_id })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('1 accepted') });
  expect(await attempt('create_job', { mapping_id, schedule: 'weekly' })).toMatchObject({ fault: 'precondition' });
});

test('only who is on duty starts runs, and a paused job or a day that ran stays as it is', async () => {
  const { ask, attempt, say } = await talkTo(world);
  const jobs = await ask('list_jobs');
  const job_id = rowWith(jobs, 'jobs', { status: 'active' }).job_id as string;
  expect(await attempt('start_run', { job_id, run_day: say.audit_day as string })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('duty') });
  await ask('take_duty', { engineer_name: say.engineer as string, duty_code: say.duty_code as string });
  await ask('start_run', { job_id, run_day: say.audit_day as string });
  expect(await attempt('start_run', { job_id, run_day: say.audit_day as string })).toMatchObject({ fault: 'conflict' });
  const paused = rowWith(jobs, 'jobs', { status: 'paused' }).job_id as string;
  expect(await attempt('start_run', { job_id: paused, run_day: say.audit_day as string })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('paused') });
});

test('a result is published once, from a report that passes', async () => {
  const { ask, attempt } = await onDuty();
  const seen: string[] = [];
  for (const job of rowsIn(await ask('list_jobs'), 'jobs')) {
    const history = await ask('run_history', { job_id: job.job_id as string });
    const { run_id } = rowWith(history, 'runs', { status: 'succeeded' });
    const { report_id, score } = await ask('quality_report', { run_id: run_id as string });
    const result = await attempt('publish_result', { report_id: report_id as string });
    expect(result.ok).toBe((score as number) >= 65);
    seen.push(result.ok ? 'published' : result.fault);
    if (result.ok) expect(await attempt('publish_result', { report_id: report_id as string })).toMatchObject({ fault: 'conflict' });
    const unfinished = rowsIn(history, 'runs').find((run) => run.status !== 'succeeded');
    expect(await attempt('quality_report', { run_id: unfinished?.run_id as string })).toMatchObject({ fault: 'precondition' });
  }
  expect(seen).toContain('published');
});
