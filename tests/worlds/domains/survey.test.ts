import { createSurveyWorld } from '../../../src/worlds/builtin/survey';
import { rowWith, talkTo, type Talk } from '../../fixtures/talk';

const world = createSurveyWorld();

async function signedIn(): Promise<Talk> {
  const talk = await talkTo(world);
  await talk.ask('sign_in_analyst', { analyst_name: talk.say.analyst as string, pass_phrase: talk.say.pass_phrase as string });
  return talk;
}

test('a draft goes from its questions over a wave to two tables that are compared and one that is released', async () => {
  const { ask, get, say } = await signedIn();
  const { study_id, client } = (await ask('find_study', { study_title: say.study_1 as string })) as { study_id: string; client: string };
  const one = await get('add_question', 'question_id', { study_id, wording: say.wording as string, kind: 'scale' });
  const other = await get('add_question', 'question_id', { study_id, wording: say.other_wording as string, kind: 'choice' });
  await ask('freeze_study', { study_id });
  const { panel_id, members } = (await ask('find_panel', { region: say.region_4 as string })) as { panel_id: string; members: number };
  const wave = await ask('open_wave', { study_id, panel_id, reward: 'raffle' });
  expect(wave.invited).toBe(members);
  const wave_id = wave.wave_id as string;
  await ask('remind_panel', { wave_id });
  const { answers } = await ask('close_wave', { wave_id });
  const screened = await ask('screen_answers', { wave_id });
  expect((screened.answers_kept as number) + (screened.careless as number) + (screened.doubles as number)).toBe(answers);
  const weighting_id = await get('weight_answers', 'weighting_id', { wave_id, scheme: 'region' });
  const [first, second] = [await ask('tabulate_question', { question_id: one, weighting_id }), await ask('tabulate_question', { question_id: other, weighting_id })];
  const { points_apart } = await ask('compare_tables', { first_table: first.table_id as string, second_table: second.table_id as string });
  expect(points_apart).toBeCloseTo((first.top_percent as number) - (second.top_percent as number), 1);
  expect(await get('release_table', 'client', { table_id: first.table_id as string })).toBe(client);
});

test('a frozen study takes no question, a draft no wave', async () => {
  const { attempt, get, say } = await signedIn();
  const frozen = await get('find_study', 'study_id', { study_title: say.study_2 as string });
  expect(await attempt('add_question', { study_id: frozen, wording: say.wording as string, kind: 'scale' })).toMatchObject({ fault: 'conflict' });
  const draft = await get('find_study', 'study_id', { study_title: say.study_1 as string });
  const panel_id = await get('find_panel', 'panel_id', { region: say.region_4 as string });
  expect(await attempt('open_wave', { study_id: draft, panel_id, reward: 'none' })).toMatchObject({ fault: 'precondition' });
});

test('a panel answers one open wave at a time, with two reminders at most', async () => {
  const { ask, attempt, get, say } = await signedIn();
  const open = rowWith(await ask('list_waves'), 'waves', { status: 'open' });
  const panel_id = await get('find_panel', 'panel_id', { region: open.panel_region as string });
  const study_id = await get('find_study', 'study_id', { study_title: say.study_3 as string });
  expect(await attempt('open_wave', { study_id, panel_id, reward: 'none' })).toMatchObject({ fault: 'conflict' });
  const wave_id = open.wave_id as string;
  await ask('remind_panel', { wave_id });
  expect(await ask('remind_panel', { wave_id })).toMatchObject({ reminders_left: 0 });
  expect(await attempt('remind_panel', { wave_id })).toMatchObject({ fault: 'conflict' });
});

test('answers are weighted after screening, once for each scheme, and tabulated within their study', async () => {
  const { ask, attempt, get, say } = await signedIn();
  const waves = await ask('list_waves');
  const closed = rowWith(waves, 'waves', { status: 'closed' }).wave_id as string;
  expect(await attempt('weight_answers', { wave_id: closed, scheme: 'region' })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('closed') });
  const wave_id = rowWith(waves, 'waves', { status: 'screened' }).wave_id as string;
  const weighting_id = await get('weight_answers', 'weighting_id', { wave_id, scheme: 'region' });
  expect(await attempt('weight_answers', { wave_id, scheme: 'region' })).toMatchObject({ fault: 'conflict' });
  const study_id = await get('find_study', 'study_id', { study_title: say.study_1 as string });
  const { question_id } = rowWith(await ask('list_questions', { study_id }), 'questions', {});
  expect(await attempt('tabulate_question', { question_id: question_id as string, weighting_id })).toMatchObject({ fault: 'precondition' });
});
