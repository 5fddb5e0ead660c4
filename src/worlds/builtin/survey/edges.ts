import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('survey');

const STUDY = [out('find_study', '/study_id')];
const PANEL = [out('find_panel', '/panel_id')];
const WAVE = [out('open_wave', '/wave_id'), out('list_waves', '/waves/*/wave_id')];
const TABLE = [out('tabulate_question', '/table_id'), out('list_tables', '/tables/*/table_id')];
const NEEDS_WAVE = ['remind_panel', 'close_wave', 'screen_answers', 'weight_answers'];
const NEEDS_SIGN_IN = ['add_question', 'freeze_study', 'open_wave', 'tabulate_question', 'release_table', ...NEEDS_WAVE];

/** The survey institute's dependencies as their author knows them: the oracle that exploration is tested against. */
export const SURVEY_EDGES: readonly TrueGroup[] = [
  ...['list_questions', 'add_question', 'freeze_study', 'open_wave'].map((tool) => data(tool, '/study_id', STUDY)),
  ...['panel_profile', 'open_wave'].map((tool) => data(tool, '/panel_id', PANEL)),
  ...NEEDS_WAVE.map((tool) => data(tool, '/wave_id', WAVE)),
  data('tabulate_question', '/question_id', [out('list_questions', '/questions/*/question_id'), out('add_question', '/question_id'), out('list_tables', '/tables/*/question_id')]),
  data('tabulate_question', '/weighting_id', [out('weight_answers', '/weighting_id'), out('list_tables', '/tables/*/weighting_id')]),
  data('compare_tables', '/first_table', TABLE),
  data('compare_tables', '/second_table', TABLE),
  data('release_table', '/table_id', TABLE),
  ...NEEDS_SIGN_IN.map((tool) => state(tool, 'sign_in_analyst')),
];
