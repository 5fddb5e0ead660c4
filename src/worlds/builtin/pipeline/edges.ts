import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('pipeline');

const SOURCE = [out('find_source', '/source_id')];
const DATASET = [out('list_datasets', '/datasets/*/dataset_id'), out('register_dataset', '/dataset_id')];
const MAPPING = [out('draft_mapping', '/mapping_id'), out('profile_dataset', '/mappings/*/mapping_id')];
const JOB = [out('list_jobs', '/jobs/*/job_id'), out('create_job', '/job_id')];
const RUN = [out('start_run', '/run_id'), out('run_history', '/runs/*/run_id')];
const NEEDS_DUTY = ['register_dataset', 'draft_mapping', 'accept_pair', 'approve_mapping', 'create_job', 'switch_job', 'start_run', 'publish_result'];

/** The pipeline's dependencies as its author knows them: the oracle that exploration is tested against. */
export const PIPELINE_EDGES: readonly TrueGroup[] = [
  ...['list_datasets', 'register_dataset'].map((tool) => data(tool, '/source_id', SOURCE)),
  data('profile_dataset', '/dataset_id', DATASET),
  data('draft_mapping', '/from_dataset', DATASET),
  data('draft_mapping', '/to_dataset', DATASET),
  ...['suggest_pairs', 'approve_mapping', 'create_job'].map((tool) => data(tool, '/mapping_id', MAPPING)),
  data('accept_pair', '/pair_id', [out('suggest_pairs', '/pairs/*/pair_id')]),
  ...['run_history', 'switch_job', 'start_run'].map((tool) => data(tool, '/job_id', JOB)),
  ...['collect_run', 'quality_report'].map((tool) => data(tool, '/run_id', RUN)),
  data('publish_result', '/report_id', [out('quality_report', '/report_id')]),
  ...NEEDS_DUTY.map((tool) => state(tool, 'take_duty')),
  data('start_run', '/run_day', [out('list_datasets', '/datasets/*/fresh_on'), out('run_history', '/runs/*/run_day')], 'optional'),
];
