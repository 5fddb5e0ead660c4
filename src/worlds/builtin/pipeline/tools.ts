import { z } from 'zod';
import { addDays, daysBetween } from '../calendar';
import { derived, findId, inStatus, rowOf, rowsOf, sameName, text } from '../combinators';
import { day, exists, must, ref, toolsOn, type DomainTool, type Need } from '../domain';
import { fieldsFor, pairsFor, PASSING_SCORE, RUN_STATUSES, SCHEDULES, type PipelineState } from './state';

type S = PipelineState;
const tool = toolsOn<S>();
const RUN_DAYS = 30;

// ---- fields ----

const sourceId = ref('source_id', 'Id of a source system, as given by find_source');
const datasetId = (description: string): z.ZodString => ref('dataset_id', description);
const mappingId = ref('mapping_id', 'Id of a mapping');
const pairId = ref('pair_id', 'Id of a proposed pair of fields, as given by suggest_pairs');
const jobId = ref('job_id', 'Id of a job');
const runId = ref('run_id', 'Id of a run');
const reportId = ref('report_id', 'Id of a quality report, as given by quality_report');
const runStatus = z.enum(RUN_STATUSES);
const schedule = z.enum(SCHEDULES);

// ---- needs ----

const onDuty: Need<S, unknown> = must('precondition', (state) => state.duty.taken, () => 'The user is not on duty. Take over the duty first.');
const sourceExists = exists<S, { source_id: string }>('source', (state) => state.sources, (args) => args.source_id);
const datasetExists = <A>(read: (args: A) => string): Need<S, A> => exists('dataset', (state) => state.datasets, read);
const mappingExists = exists<S, { mapping_id: string }>('mapping', (state) => state.mappings, (args) => args.mapping_id);
const jobExists = exists<S, { job_id: string }>('job', (state) => state.jobs, (args) => args.job_id);
const runExists = exists<S, { run_id: string }>('run', (state) => state.runs, (args) => args.run_id);
const mappingIs = <A>(allowed: 'draft' | 'approved', id: (args: A, state: S) => string): Need<S, A> =>
  inStatus({ kind: 'Mapping', id, status: (state, args) => rowOf(state.mappings, id(args, state)).status, order: ['draft', 'approved'], allowed: [allowed] });
const runIs = (allowed: (typeof RUN_STATUSES)[number]): Need<S, { run_id: string }> =>
  inStatus({ kind: 'Run', id: (args) => args.run_id, status: (state, args) => rowOf(state.runs, args.run_id).status, order: RUN_STATUSES, allowed: [allowed] });

// ---- reading the state ----

const pairsOf = (state: S, mapping: string): [string, S['pairs'][string]][] => rowsOf(state.pairs, (pair) => pair.mapping === mapping);
const acceptedIn = (state: S, mapping: string): number => pairsOf(state, mapping).filter(([, pair]) => pair.accepted).length;
const targetOf = (state: S, job: string): S['datasets'][string] => rowOf(state.datasets, rowOf(state.mappings, rowOf(state.jobs, job).mapping).to);
const rowsWritten = (state: S, run: string): number => derived(state, `written/${run}`).int(140, 9600);

// ---- sources and datasets ----

const takeDuty = tool({
  name: 'take_duty',
  about: 'Take over the duty for the pipeline with name and duty code. Only the engineer on duty may change anything.',
  in: z.strictObject({ engineer_name: ref('engineer_name', 'Full name of the engineer'), duty_code: ref('duty_code', 'Duty code of the engineer') }),
  out: z.object({ duty_until: day('Last day of the duty'), open_alerts: z.int().describe('Alerts that nobody has looked at') }),
  writes: ['duty'],
  needs: [
    must('not_found', (state, args) => sameName(state.engineer.name, args.engineer_name), (args) => `No engineer is called \`${args.engineer_name}\`.`),
    must('precondition', (state, args) => state.engineer.dutyCode === args.duty_code, () => 'The duty code does not belong to this engineer.'),
  ],
  run: ({ state }) => {
    state.duty.taken = true;
    const rng = derived(state, 'duty');
    return { duty_until: addDays(state.today, rng.int(1, 7)), open_alerts: rng.int(11, 60) };
  },
});

const findSource = tool({
  name: 'find_source',
  about: 'Find a source system by name and get its id. Datasets are kept per source.',
  in: z.strictObject({ system: ref('source_system', 'Name of the system') }),
  out: z.object({ source_id: sourceId, kind: z.string().describe('Kind of source'), lag_minutes: z.int().describe('How far the source is behind, in minutes') }),
  needs: [must('not_found', (state, args) => sourceOf(state, args.system) !== undefined, (args) => `No system is called \`${args.system}\`.`)],
  run: ({ state }, args) => {
    const source_id = sourceOf(state, args.system) as string;
    return { source_id, kind: rowOf(state.sources, source_id).kind, lag_minutes: derived(state, `lag/${source_id}`).int(11, 240) };
  },
});

const sourceOf = (state: S, system: string): string | undefined => findId(state.sources, (source) => sameName(source.system, system));

const listDatasets = tool({
  name: 'list_datasets',
  about: 'List the datasets of a source system.',
  in: z.strictObject({ source_id: sourceId }),
  out: z.object({
    datasets: z.array(z.object({
      dataset_id: datasetId('Id of the dataset'),
      title: z.string().describe('Title of the dataset'),
      rows: z.int().describe('Number of rows'),
      fresh_on: day('Day up to which it is complete'),
    })).describe('The datasets'),
  }),
  needs: [sourceExists],
  run: ({ state }, args) => ({
    datasets: rowsOf(state.datasets, (dataset) => dataset.source === args.source_id).map(([dataset_id, { title, rows, freshOn }]) => ({ dataset_id, title, rows, fresh_on: freshOn })),
  }),
});

const registerDataset = tool({
  name: 'register_dataset',
  about: 'Register a new, empty dataset in a source system. Its fields are read from the system. Titles are unique within a source.',
  in: z.strictObject({ source_id: sourceId, title: text('Title of the new dataset') }),
  out: z.object({ dataset_id: datasetId('Id of the new dataset'), field_count: z.int().describe('Fields that were found'), sample_rate_percent: z.int().describe('Share of rows that is sampled for checks, in percent') }),
  writes: ['datasets'],
  needs: [
    onDuty,
    sourceExists,
    must('conflict', (state, args) => findId(state.datasets, (dataset) => dataset.source === args.source_id && sameName(dataset.title, args.title)) === undefined, (args) => `The source already has a dataset \`${args.title}\`.`),
  ],
  run: ({ state, id }, args) => {
    const dataset_id = id('DS', `${args.source_id}/${args.title}`, state.datasets);
    const fields = fieldsFor(state.salt, args.title);
    state.datasets[dataset_id] = { source: args.source_id, title: args.title, fields, rows: 0, freshOn: state.today };
    return { dataset_id, field_count: fields.length, sample_rate_percent: derived(state, `sample/${dataset_id}`).int(11, 45) };
  },
});

const profileDataset = tool({
  name: 'profile_dataset',
  about: 'Show the fields of a dataset with the share of empty values and the number of distinct ones, and the mappings that fill it.',
  in: z.strictObject({ dataset_id: datasetId('Id of the dataset') }),
  out: z.object({
    owner: z.string().describe('System that owns the dataset'),
    fields: z.array(z.object({
      field: z.string().describe('Name of the field'),
      empty_percent: z.int().describe('Share of empty values, in percent'),
      distinct_values: z.int().describe('Number of distinct values'),
    })).describe('The fields'),
    mappings: z.array(z.object({ mapping_id: mappingId, reads: z.string().describe('Title of the dataset that is read'), status: z.enum(['draft', 'approved']).describe('Status of the mapping') })).describe('The mappings that fill the dataset'),
  }),
  needs: [datasetExists((args) => args.dataset_id)],
  run: ({ state }, args) => {
    const { source, fields } = rowOf(state.datasets, args.dataset_id);
    const rng = derived(state, `profile/${args.dataset_id}`);
    return {
      owner: rowOf(state.sources, source).system,
      fields: fields.map((field) => ({ field, empty_percent: rng.int(0, 38), distinct_values: rng.int(12, 7000) })),
      mappings: rowsOf(state.mappings, (mapping) => mapping.to === args.dataset_id).map(([mapping_id, { from, status }]) => ({ mapping_id, reads: rowOf(state.datasets, from).title, status })),
    };
  },
});

// ---- mappings ----

const draftMapping = tool({
  name: 'draft_mapping',
  about: 'Draft a mapping that leads from one dataset to another. There is one mapping for each direction of two datasets.',
  in: z.strictObject({ from_dataset: datasetId('Id of the dataset to read'), to_dataset: datasetId('Id of the dataset to fill') }),
  out: z.object({ mapping_id: mappingId, proposals: z.int().describe('Pairs of fields that are proposed'), similarity_percent: z.int().describe('How alike the datasets are, in percent') }),
  writes: ['mappings', 'pairs'],
  needs: [
    onDuty,
    datasetExists((args) => args.from_dataset),
    datasetExists((args) => args.to_dataset),
    must('precondition', (_state, args) => args.from_dataset !== args.to_dataset, () => 'A mapping needs two different datasets.'),
    must('conflict', (state, args) => findId(state.mappings, (mapping) => mapping.from === args.from_dataset && mapping.to === args.to_dataset) === undefined, () => 'These datasets already have a mapping.'),
  ],
  run: ({ state, id }, args) => {
    const mapping_id = id('MP', `${args.from_dataset}/${args.to_dataset}`, state.mappings);
    state.mappings[mapping_id] = { from: args.from_dataset, to: args.to_dataset, status: 'draft' };
    const pairs = pairsFor(state.salt, mapping_id, rowOf(state.datasets, args.from_dataset).fields, rowOf(state.datasets, args.to_dataset).fields);
    Object.assign(state.pairs, pairs);
    return { mapping_id, proposals: Object.keys(pairs).length, similarity_percent: derived(state, `alike/${mapping_id}`).int(21, 94) };
  },
});

const suggestPairs = tool({
  name: 'suggest_pairs',
  about: 'List the pairs of fields that are proposed for a mapping. Proposals may compete for one target field.',
  in: z.strictObject({ mapping_id: mappingId }),
  out: z.object({
    pairs: z.array(z.object({
      pair_id: pairId,
      from_field: z.string().describe('Field that is read'),
      to_field: z.string().describe('Field that is filled'),
      confidence_percent: z.int().describe('How sure the proposal is, in percent'),
      accepted: z.boolean().describe('Whether the pair was accepted'),
    })).describe('The proposed pairs'),
  }),
  needs: [mappingExists],
  run: ({ state }, args) => ({
    pairs: pairsOf(state, args.mapping_id).map(([pair_id, pair]) => ({ pair_id, from_field: pair.from, to_field: pair.to, confidence_percent: pair.confidence, accepted: pair.accepted })),
  }),
});

const acceptPair = tool({
  name: 'accept_pair',
  about: 'Accept a proposed pair of fields of a draft mapping. A target field takes one pair.',
  in: z.strictObject({ pair_id: pairId }),
  out: z.object({ target_field: z.string().describe('Field that is filled'), converted_by: z.string().describe('Conversion that will be used'), accepted_pairs: z.int().describe('Pairs of the mapping accepted so far') }),
  writes: ['pairs'],
  needs: [
    onDuty,
    exists('pair', (state) => state.pairs, (args) => args.pair_id),
    mappingIs('draft', (args, state) => rowOf(state.pairs, args.pair_id).mapping),
    must(
      'conflict',
      (state, args) => {
        const { mapping, to } = rowOf(state.pairs, args.pair_id);
        return !pairsOf(state, mapping).some(([, other]) => other.accepted && other.to === to);
      },
      (args, state) => `The field \`${rowOf(state.pairs, args.pair_id).to}\` already has an accepted pair.`,
    ),
  ],
  run: ({ state }, args) => {
    const pair = rowOf(state.pairs, args.pair_id);
    pair.accepted = true;
    return { target_field: pair.to, converted_by: derived(state, `convert/${args.pair_id}`).pick(['plain copy', 'date parsing', 'unit change', 'trimmed text']), accepted_pairs: acceptedIn(state, pair.mapping) };
  },
});

const approveMapping = tool({
  name: 'approve_mapping',
  about: 'Approve a draft mapping that has at least two accepted pairs. Afterwards it is fixed and a job can be made from it.',
  in: z.strictObject({ mapping_id: mappingId }),
  out: z.object({ approval_number: z.string().describe('Number of the approval'), review_due: day('Day on which the mapping has to be reviewed') }),
  writes: ['mappings'],
  needs: [
    onDuty,
    mappingExists,
    mappingIs('draft', (args) => args.mapping_id),
    must('precondition', (state, args) => acceptedIn(state, args.mapping_id) >= 2, (args, state) => `Mapping \`${args.mapping_id}\` has ${acceptedIn(state, args.mapping_id)} accepted pairs; it needs two.`),
  ],
  run: ({ state, id }, args) => {
    rowOf(state.mappings, args.mapping_id).status = 'approved';
    return { approval_number: id('AP', args.mapping_id, {}), review_due: addDays(state.today, derived(state, `review/${args.mapping_id}`).int(60, 200)) };
  },
});

// ---- jobs and runs ----

const createJob = tool({
  name: 'create_job',
  about: 'Make a job from an approved mapping. A mapping has one job.',
  in: z.strictObject({ mapping_id: mappingId, schedule: schedule.describe('When the job runs by itself') }),
  out: z.object({ job_id: jobId, worker_pool: z.string().describe('Pool of workers that runs the job'), monthly_cost: z.int().describe('Expected cost per month, in credits') }),
  writes: ['jobs'],
  needs: [
    onDuty,
    mappingExists,
    mappingIs('approved', (args) => args.mapping_id),
    must('conflict', (state, args) => findId(state.jobs, (job) => job.mapping === args.mapping_id) === undefined, (args) => `Mapping \`${args.mapping_id}\` already has a job.`),
  ],
  run: ({ state, id }, args) => {
    const job_id = id('J', args.mapping_id, state.jobs);
    state.jobs[job_id] = { mapping: args.mapping_id, schedule: args.schedule, status: 'active' };
    const rng = derived(state, `pool/${args.mapping_id}/${args.schedule}`);
    return { job_id, worker_pool: rng.pick(['basalt', 'limestone', 'granite', 'slate']), monthly_cost: rng.int(40, 720) };
  },
});

const listJobs = tool({
  name: 'list_jobs',
  about: 'List all jobs with the datasets they read and fill, schedule and status.',
  in: z.strictObject({}),
  out: z.object({
    jobs: z.array(z.object({
      job_id: jobId,
      reads: z.string().describe('Title of the dataset that is read'),
      fills: z.string().describe('Title of the dataset that is filled'),
      schedule: schedule.describe('When the job runs by itself'),
      status: z.enum(['active', 'paused']).describe('Whether the job may run'),
    })).describe('The jobs'),
  }),
  run: ({ state }) => ({
    jobs: rowsOf(state.jobs).map(([job_id, job]) => {
      const { from, to } = rowOf(state.mappings, job.mapping);
      return { job_id, reads: rowOf(state.datasets, from).title, fills: rowOf(state.datasets, to).title, schedule: job.schedule, status: job.status };
    }),
  }),
});

const runHistory = tool({
  name: 'run_history',
  about: 'List the runs of a job by the day they are for.',
  in: z.strictObject({ job_id: jobId }),
  out: z.object({ runs: z.array(z.object({ run_id: runId, run_day: day('Day the run is for'), status: runStatus.describe('Status of the run') })).describe('The runs, oldest day first') }),
  needs: [jobExists],
  run: ({ state }, args) => ({
    runs: rowsOf(state.runs, (run) => run.job === args.job_id)
      .map(([run_id, run]) => ({ run_id, run_day: run.day, status: run.status }))
      .sort((a, b) => daysBetween(b.run_day, a.run_day)),
  }),
});

const switchJob = tool({
  name: 'switch_job',
  about: 'Pause a job or set it going again. A paused job does not run.',
  in: z.strictObject({ job_id: jobId, status: z.enum(['active', 'paused']).describe('Status the job is to have') }),
  out: z.object({ fills: z.string().describe('Title of the dataset that the job fills'), waiting_rows: z.int().describe('Rows that wait to be carried over') }),
  writes: ['jobs'],
  needs: [onDuty, jobExists, must('conflict', (state, args) => rowOf(state.jobs, args.job_id).status !== args.status, (args) => `Job \`${args.job_id}\` is already ${args.status}.`)],
  run: ({ state }, args) => {
    rowOf(state.jobs, args.job_id).status = args.status;
    return { fills: targetOf(state, args.job_id).title, waiting_rows: derived(state, `waiting/${args.job_id}`).int(30, 5200) };
  },
});

const startRun = tool({
  name: 'start_run',
  about: `Start a run of an active job for one of the last ${RUN_DAYS} days. A day is run again only if its run failed.`,
  in: z.strictObject({ job_id: jobId, run_day: day('Day the run is for, as YYYY-MM-DD') }),
  out: z.object({ run_id: runId, queue_place: z.int().describe('Place in the queue'), expected_minutes: z.int().describe('Minutes the run will take') }),
  writes: ['runs'],
  needs: [
    onDuty,
    jobExists,
    must('precondition', (state, args) => rowOf(state.jobs, args.job_id).status === 'active', (args) => `Job \`${args.job_id}\` is paused.`),
    must(
      'precondition',
      (state, args) => daysBetween(args.run_day, state.today) >= 0 && daysBetween(args.run_day, state.today) < RUN_DAYS,
      (args, state) => `${args.run_day} is not one of the ${RUN_DAYS} days up to ${state.today}.`,
    ),
    must('conflict', (state, args) => findId(state.runs, (run) => run.job === args.job_id && run.day === args.run_day && run.status !== 'failed') === undefined, (args) => `Job \`${args.job_id}\` has a run for ${args.run_day}.`),
  ],
  run: ({ state, id }, args) => {
    const run_id = id('RUN', `${args.job_id}/${args.run_day}`, state.runs);
    state.runs[run_id] = { job: args.job_id, day: args.run_day, status: 'running' };
    const rng = derived(state, `queue/${run_id}`);
    return { run_id, queue_place: rng.int(11, 30), expected_minutes: rng.int(12, 180) };
  },
});

const collectRun = tool({
  name: 'collect_run',
  about: 'Wait for a run to end and collect its outcome.',
  in: z.strictObject({ run_id: runId }),
  out: z.object({ status: runStatus.describe('How the run ended'), rows_written: z.int().describe('Rows written, 0 if it failed'), took_minutes: z.int().describe('Minutes the run took') }),
  writes: ['runs'],
  needs: [runExists, runIs('running')],
  run: ({ state }, args) => {
    const run = rowOf(state.runs, args.run_id);
    const rng = derived(state, `outcome/${args.run_id}`);
    run.status = rng.float() < 0.8 ? 'succeeded' : 'failed';
    return { status: run.status, rows_written: run.status === 'failed' ? 0 : rowsWritten(state, args.run_id), took_minutes: rng.int(11, 190) };
  },
});

const qualityReport = tool({
  name: 'quality_report',
  about: 'Make the quality report of a run that succeeded; asked again, it is the same report.',
  in: z.strictObject({ run_id: runId }),
  out: z.object({ report_id: reportId, score: z.int().describe('Quality from 0 to 100'), rejected_rows: z.int().describe('Rows that broke a rule'), weakest_field: z.string().describe('Field with the most broken rules') }),
  writes: ['reports'],
  needs: [runExists, runIs('succeeded')],
  run: ({ state, id }, args) => {
    const rng = derived(state, `quality/${args.run_id}`);
    const score = rng.int(48, 99);
    const report_id = findId(state.reports, (report) => report.run === args.run_id) ?? id('QR', args.run_id, state.reports);
    state.reports[report_id] ??= { run: args.run_id, score, published: false };
    return { report_id, score, rejected_rows: rng.int(3, 400), weakest_field: rng.pick(targetOf(state, rowOf(state.runs, args.run_id).job).fields) };
  },
});

const publishResult = tool({
  name: 'publish_result',
  about: `Publish the result of a run by its quality report. The score has to be ${PASSING_SCORE} or more.`,
  in: z.strictObject({ report_id: reportId }),
  out: z.object({ release_label: z.string().describe('Label of the release'), rows_added: z.int().describe('Rows added to the dataset'), readers_told: z.int().describe('Readers who were told') }),
  writes: ['reports', 'datasets'],
  needs: [
    onDuty,
    exists('report', (state) => state.reports, (args) => args.report_id),
    must('precondition', (state, args) => rowOf(state.reports, args.report_id).score >= PASSING_SCORE, (args, state) => `Report \`${args.report_id}\` has a score of ${rowOf(state.reports, args.report_id).score}; publishing needs ${PASSING_SCORE}.`),
    must('conflict', (state, args) => !rowOf(state.reports, args.report_id).published, (args) => `Report \`${args.report_id}\` has been published.`),
  ],
  run: ({ state, id }, args) => {
    const report = rowOf(state.reports, args.report_id);
    report.published = true;
    const rows_added = rowsWritten(state, report.run);
    targetOf(state, rowOf(state.runs, report.run).job).rows += rows_added;
    return { release_label: id('REL', args.report_id, {}), rows_added, readers_told: derived(state, `readers/${args.report_id}`).int(11, 80) };
  },
});

/** The tools of the data platform, as an engineer's assistant would be given them. */
export const pipelineTools: readonly DomainTool<S>[] = [
  takeDuty, findSource, listDatasets, registerDataset, profileDataset, draftMapping, suggestPairs, acceptPair, approveMapping,
  createJob, listJobs, runHistory, switchJob, startRun, collectRun, qualityReport, publishResult,
];
