import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('experiments');

const PROJECT = [out('find_project', '/project_id')];
const RUN = [out('list_runs', '/runs/*/run_id'), out('start_run', '/run_id')];
const ARTEFACT = [out('list_artefacts', '/artefacts/*/artefact_id')];
const VERSION = [out('register_model', '/version_id'), out('model_versions', '/versions/*/version_id')];
const NEEDS_SIGN_IN = ['start_run', 'finish_run', 'verify_artefact', 'register_model', 'request_review', 'promote_version'];

/** The laboratory's dependencies as their author knows them: the oracle that exploration is tested against. */
export const EXPERIMENTS_EDGES: readonly TrueGroup[] = [
  ...['list_runs', 'start_run'].map((tool) => data(tool, '/project_id', PROJECT)),
  ...['finish_run', 'read_metrics', 'list_artefacts'].map((tool) => data(tool, '/run_id', RUN)),
  data('compare_runs', '/first_run', RUN),
  data('compare_runs', '/second_run', RUN),
  ...['verify_artefact', 'register_model'].map((tool) => data(tool, '/artefact_id', ARTEFACT)),
  data('request_review', '/version_id', VERSION),
  data('read_review', '/review_id', [out('request_review', '/review_id')]),
  data('promote_version', '/approval_code', [out('read_review', '/approval_code')]),
  ...NEEDS_SIGN_IN.map((tool) => state(tool, 'sign_in_researcher')),
  state('register_model', 'verify_artefact'),
];
