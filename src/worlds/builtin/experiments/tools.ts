import { z } from 'zod';
import { addDays } from '../calendar';
import { derived, enough, findId, inStatus, rowOf, rowsOf, sameName, signedIn, text } from '../combinators';
import { day, exists, must, ref, toolsOn, type DomainTool, type Need } from '../domain';
import { approvalOf, ARTEFACT_KINDS, artefactsFor, VERSION_STATUSES, type ExperimentsState } from './state';

type S = ExperimentsState;
const tool = toolsOn<S>();

// ---- fields ----

const projectId = ref('project_id', 'Id of a project, as given by find_project');
const runId = (description = 'Id of a run'): z.ZodString => ref('run_id', description);
const artefactId = ref('artefact_id', 'Id of an artefact, as given by list_artefacts');
const versionId = ref('version_id', 'Id of a model version');
const reviewId = ref('review_id', 'Id of a review, as given by request_review');
const approvalCode = ref('approval_code', 'Approval code of a review');
const modelName = ref('model_name', 'Name of the model');
const versionStatus = z.enum(VERSION_STATUSES);

// ---- needs and reading ----

const hasSession = signedIn<S>();
const projectExists = exists<S, { project_id: string }>('project', (state) => state.projects, (args) => args.project_id);
const runExists = <A>(read: (args: A) => string): Need<S, A> => exists('run', (state) => state.runs, read);
const runIs = <A>(allowed: 'running' | 'finished', read: (args: A) => string): Need<S, A> =>
  inStatus({ kind: 'Run', id: read, status: (state, args) => rowOf(state.runs, read(args)).status, order: ['running', 'finished'], allowed: [allowed] });
const artefactExists = exists<S, { artefact_id: string }>('artefact', (state) => state.artefacts, (args) => args.artefact_id);
const isCheckpoint = must<S, { artefact_id: string }>('precondition', (state, args) => rowOf(state.artefacts, args.artefact_id).kind === 'checkpoint', (args) => `Artefact \`${args.artefact_id}\` is no checkpoint.`);
const modelExists = must<S, { model_name: string }>('not_found', (state, args) => modelOf(state, args.model_name) !== undefined, (args) => `No model is called \`${args.model_name}\`.`);
const versionIs = <A>(allowed: (typeof VERSION_STATUSES)[number], id: (args: A, state: S) => string): Need<S, A> =>
  inStatus({ kind: 'Version', id, status: (state, args) => rowOf(state.versions, id(args, state)).status, order: VERSION_STATUSES, allowed: [allowed] });

const modelOf = (state: S, name: string): string | undefined => state.models.find((model) => sameName(model, name));
const reviewOf = (state: S, approval: string): [string, S['reviews'][string]] | undefined => rowsOf(state.reviews).find(([id]) => approvalOf(state, id) === approval);
const hoursLeft = (state: S, project: string): number => rowOf(state.projects, project).budgetHours - rowOf(state.projects, project).usedHours;

function metricsOf(state: S, run: string): { accuracy: number; loss: number; latency: number } {
  const rng = derived(state, `metrics/${run}`);
  return { accuracy: rng.int(6100, 9890) / 100, loss: rng.int(110, 2900) / 1000, latency: rng.int(12, 240) };
}

const percent = (value: number): number => Math.round(value * 100) / 100;

// ---- projects and runs ----

const signIn = tool({
  name: 'sign_in_researcher',
  about: 'Sign a researcher in with name and laboratory PIN. Whatever changes the notebook needs this.',
  in: z.strictObject({ researcher_name: ref('researcher_name', 'Full name of the researcher'), lab_pin: ref('lab_pin', 'Laboratory PIN of the researcher') }),
  out: z.object({ bench: z.string().describe('Bench the researcher works at'), unread_notes: z.int().describe('Notes that were not read yet') }),
  writes: ['session'],
  needs: [
    must('not_found', (state, args) => sameName(state.researcher.name, args.researcher_name), (args) => `No researcher is called \`${args.researcher_name}\`.`),
    must('precondition', (state, args) => state.researcher.pin === args.lab_pin, () => 'The PIN does not belong to this researcher.'),
  ],
  run: ({ state }) => {
    state.session.signedIn = true;
    const rng = derived(state, 'bench');
    return { bench: `${rng.pick(['North', 'South', 'Garden', 'Tower'])} ${rng.int(11, 48)}`, unread_notes: rng.int(11, 70) };
  },
});

const findProject = tool({
  name: 'find_project',
  about: 'Find a project by name and get its id, its lead and the hours left in its budget.',
  in: z.strictObject({ project_name: ref('project_name', 'Name of the project') }),
  out: z.object({ project_id: projectId, lead: z.string().describe('Person who leads the project'), hours_left: z.int().describe('Machine hours left in the budget') }),
  needs: [must('not_found', (state, args) => projectOf(state, args.project_name) !== undefined, (args) => `No project is called \`${args.project_name}\`.`)],
  run: ({ state }, args) => {
    const project_id = projectOf(state, args.project_name) as string;
    return { project_id, lead: rowOf(state.projects, project_id).lead, hours_left: hoursLeft(state, project_id) };
  },
});

const projectOf = (state: S, name: string): string | undefined => findId(state.projects, (project) => sameName(project.name, name));

const listRuns = tool({
  name: 'list_runs',
  about: 'List the runs of a project.',
  in: z.strictObject({ project_id: projectId }),
  out: z.object({
    runs: z.array(z.object({
      run_id: runId(),
      label: z.string().describe('Label of the run'),
      status: z.enum(['running', 'finished']).describe('Whether the run has finished'),
      started_on: day('Day on which it started'),
      hours: z.int().describe('Machine hours it takes'),
    })).describe('The runs'),
  }),
  needs: [projectExists],
  run: ({ state }, args) => ({
    runs: rowsOf(state.runs, (run) => run.project === args.project_id).map(([run_id, { label, status, startedOn, hours }]) => ({ run_id, label, status, started_on: startedOn, hours })),
  }),
});

const MACHINE_HOURS = { shared: 12, single: 24, cluster: 48 } as const;

const startRun = tool({
  name: 'start_run',
  about: 'Start a training run in a project. It takes its hours from the budget at once: 12 on a shared machine, 24 on a single one, 48 on a cluster.',
  in: z.strictObject({ project_id: projectId, label: text('Label of the run, unique within the project'), machine: z.enum(['shared', 'single', 'cluster']).describe('Machine to run on') }),
  out: z.object({ run_id: runId(), hours_left: z.int().describe('Machine hours left in the budget'), node_name: z.string().describe('Node that runs it') }),
  writes: ['runs', 'projects'],
  needs: [
    hasSession,
    projectExists,
    must('conflict', (state, args) => findId(state.runs, (run) => run.project === args.project_id && sameName(run.label, args.label)) === undefined, (args) => `The project already has a run \`${args.label}\`.`),
    enough('the project', 'hours', (state, args) => hoursLeft(state, args.project_id), (args) => MACHINE_HOURS[args.machine]),
  ],
  run: ({ state, id }, args) => {
    const run_id = id('RN', `${args.project_id}/${args.label}`, state.runs);
    const hours = MACHINE_HOURS[args.machine];
    state.runs[run_id] = { project: args.project_id, label: args.label, status: 'running', hours, startedOn: state.today };
    rowOf(state.projects, args.project_id).usedHours += hours;
    const rng = derived(state, `node/${run_id}/${args.machine}`);
    return { run_id, hours_left: hoursLeft(state, args.project_id), node_name: `${rng.pick(['elm', 'yew', 'ash', 'oak'])}-${rng.int(11, 90)}` };
  },
});

const finishRun = tool({
  name: 'finish_run',
  about: 'Bring a running run to its end, so that its metrics and artefacts are written.',
  in: z.strictObject({ run_id: runId() }),
  out: z.object({ steps: z.int().describe('Training steps done'), best_step: z.int().describe('Step with the lowest loss'), warnings: z.int().describe('Warnings in its log') }),
  writes: ['runs', 'artefacts'],
  needs: [hasSession, runExists((args) => args.run_id), runIs('running', (args) => args.run_id)],
  run: ({ state }, args) => {
    rowOf(state.runs, args.run_id).status = 'finished';
    Object.assign(state.artefacts, artefactsFor(state.salt, args.run_id));
    const rng = derived(state, `steps/${args.run_id}`);
    const steps = rng.int(40, 220) * 100;
    return { steps, best_step: steps - rng.int(1, 30) * 100, warnings: rng.int(0, 40) };
  },
});

const readMetrics = tool({
  name: 'read_metrics',
  about: 'Show the final metrics of a finished run.',
  in: z.strictObject({ run_id: runId() }),
  out: z.object({ accuracy: z.number().describe('Accuracy on held-out data, in percent'), loss: z.number().describe('Final loss'), latency_ms: z.int().describe('Time per answer, in milliseconds') }),
  needs: [runExists((args) => args.run_id), runIs('finished', (args) => args.run_id)],
  run: ({ state }, args) => {
    const { accuracy, loss, latency } = metricsOf(state, args.run_id);
    return { accuracy, loss, latency_ms: latency };
  },
});

const compareRuns = tool({
  name: 'compare_runs',
  about: 'Compare two finished runs by their metrics.',
  in: z.strictObject({ first_run: runId('Id of the run to compare'), second_run: runId('Id of the run to compare it with') }),
  out: z.object({
    better_label: z.string().describe('Label of the run with the higher accuracy'),
    accuracy_gap: z.number().describe('Accuracy of the first minus that of the second, in percentage points'),
    latency_gap_ms: z.int().describe('Time per answer of the first minus that of the second, in milliseconds'),
  }),
  needs: [
    runExists((args) => args.first_run),
    runExists((args) => args.second_run),
    must('precondition', (_state, args) => args.first_run !== args.second_run, () => 'A comparison needs two different runs.'),
    runIs('finished', (args) => args.first_run),
    runIs('finished', (args) => args.second_run),
  ],
  run: ({ state }, args) => {
    const [first, second] = [metricsOf(state, args.first_run), metricsOf(state, args.second_run)];
    const better = first.accuracy >= second.accuracy ? args.first_run : args.second_run;
    return { better_label: rowOf(state.runs, better).label, accuracy_gap: percent(first.accuracy - second.accuracy), latency_gap_ms: first.latency - second.latency };
  },
});

// ---- artefacts and versions ----

const listArtefacts = tool({
  name: 'list_artefacts',
  about: 'List the artefacts that a finished run left behind.',
  in: z.strictObject({ run_id: runId() }),
  out: z.object({
    artefacts: z.array(z.object({
      artefact_id: artefactId,
      kind: z.enum(ARTEFACT_KINDS).describe('What the artefact is'),
      size_mb: z.int().describe('Size, in megabytes'),
      verified: z.boolean().describe('Whether it was verified'),
    })).describe('The artefacts'),
  }),
  needs: [runExists((args) => args.run_id), runIs('finished', (args) => args.run_id)],
  run: ({ state }, args) => ({
    artefacts: rowsOf(state.artefacts, (artefact) => artefact.run === args.run_id).map(([artefact_id, { kind, sizeMb, verified }]) => ({ artefact_id, kind, size_mb: sizeMb, verified })),
  }),
});

const verifyArtefact = tool({
  name: 'verify_artefact',
  about: 'Verify a checkpoint by reading it back, which registration asks for. Other artefacts are not verified.',
  in: z.strictObject({ artefact_id: artefactId }),
  out: z.object({ parameters_million: z.int().describe('Parameters found, in millions'), fingerprint: z.string().describe('Fingerprint of the content') }),
  writes: ['artefacts'],
  needs: [hasSession, artefactExists, isCheckpoint, must('conflict', (state, args) => !rowOf(state.artefacts, args.artefact_id).verified, (args) => `Artefact \`${args.artefact_id}\` has been verified.`)],
  run: ({ state, id }, args) => {
    rowOf(state.artefacts, args.artefact_id).verified = true;
    return { parameters_million: derived(state, `parameters/${args.artefact_id}`).int(24, 900), fingerprint: id('FP', args.artefact_id, {}) };
  },
});

const registerModel = tool({
  name: 'register_model',
  about: 'Register a verified checkpoint as the next version of a model. A checkpoint is registered once.',
  in: z.strictObject({ artefact_id: artefactId, model_name: modelName }),
  out: z.object({ version_id: versionId, version_number: z.int().describe('Number of the new version'), review_by: day('Day by which it should be reviewed') }),
  writes: ['versions'],
  needs: [
    hasSession,
    artefactExists,
    modelExists,
    isCheckpoint,
    must('precondition', (state, args) => rowOf(state.artefacts, args.artefact_id).verified, (args) => `Artefact \`${args.artefact_id}\` is not verified yet.`),
    must('conflict', (state, args) => findId(state.versions, (version) => version.artefact === args.artefact_id) === undefined, (args) => `Artefact \`${args.artefact_id}\` is registered already.`),
  ],
  run: ({ state, id }, args) => {
    const model = modelOf(state, args.model_name) as string;
    const number = rowsOf(state.versions, (version) => version.model === model).length + 1;
    const version_id = id('MV', `${model}/${args.artefact_id}`, state.versions);
    state.versions[version_id] = { model, artefact: args.artefact_id, number, status: 'registered', since: state.today };
    return { version_id, version_number: number, review_by: addDays(state.today, derived(state, `review-by/${version_id}`).int(5, 30)) };
  },
});

const modelVersions = tool({
  name: 'model_versions',
  about: 'List the versions of a model with their status.',
  in: z.strictObject({ model_name: modelName }),
  out: z.object({
    users_per_day: z.int().describe('People who use the model per day'),
    versions: z.array(z.object({
      version_id: versionId,
      version_number: z.int().describe('Number of the version'),
      status: versionStatus.describe('Status of the version'),
      since: day('Day since which it has been there'),
    })).describe('The versions'),
  }),
  needs: [modelExists],
  run: ({ state }, args) => {
    const model = modelOf(state, args.model_name) as string;
    const versions = rowsOf(state.versions, (version) => version.model === model).map(([version_id, { number, status, since }]) => ({ version_id, version_number: number, status, since }));
    return { users_per_day: derived(state, `users/${model}`).int(40, 9000), versions };
  },
});

// ---- review and promotion ----

const requestReview = tool({
  name: 'request_review',
  about: 'Ask a colleague to review a registered version.',
  in: z.strictObject({ version_id: versionId, reviewer_name: ref('reviewer_name', 'Full name of the colleague') }),
  out: z.object({ review_id: reviewId, answer_due: day('Day by which the answer is due'), test_cases: z.int().describe('Test cases the reviewer looks at') }),
  writes: ['versions', 'reviews'],
  needs: [
    hasSession,
    exists('version', (state) => state.versions, (args) => args.version_id),
    must('not_found', (state, args) => state.reviewers.some((name) => sameName(name, args.reviewer_name)), (args) => `Nobody called \`${args.reviewer_name}\` may review.`),
    versionIs('registered', (args) => args.version_id),
  ],
  run: ({ state, id }, args) => {
    rowOf(state.versions, args.version_id).status = 'in_review';
    const review_id = id('RV', args.version_id, state.reviews);
    state.reviews[review_id] = { version: args.version_id, reviewer: args.reviewer_name };
    const rng = derived(state, `review/${review_id}`);
    return { review_id, answer_due: addDays(state.today, rng.int(2, 12)), test_cases: rng.int(40, 400) };
  },
});

const readReview = tool({
  name: 'read_review',
  about: 'Read what the reviewer wrote, with the approval code that lets the version go live.',
  in: z.strictObject({ review_id: reviewId }),
  out: z.object({ reviewer: z.string().describe('Person who reviewed'), cases_passed_percent: z.int().describe('Test cases passed, in percent'), remark: z.string().describe('Remark of the reviewer'), approval_code: approvalCode }),
  needs: [exists('review', (state) => state.reviews, (args) => args.review_id)],
  run: ({ state }, args) => {
    const rng = derived(state, `verdict/${args.review_id}`);
    const remark = rng.pick(['Good on short inputs', 'Watch the rare classes', 'Faster than the last one', 'Solid, with a few odd answers']);
    return { reviewer: rowOf(state.reviews, args.review_id).reviewer, cases_passed_percent: rng.int(81, 99), remark, approval_code: approvalOf(state, args.review_id) };
  },
});

const promoteVersion = tool({
  name: 'promote_version',
  about: 'Let a reviewed version go live by its approval code; the live version of the model is retired.',
  in: z.strictObject({ approval_code: approvalCode }),
  out: z.object({ model: z.string().describe('Name of the model'), live_number: z.int().describe('Number of the version that is live now'), retired_number: z.int().describe('Number of the version that was retired'), warm_up_minutes: z.int().describe('Minutes until it answers everybody') }),
  writes: ['versions'],
  needs: [
    hasSession,
    must('not_found', (state, args) => reviewOf(state, args.approval_code) !== undefined, (args) => `No review has the approval code \`${args.approval_code}\`.`),
    versionIs('in_review', (args, state) => reviewOf(state, args.approval_code)?.[1].version as string),
  ],
  run: ({ state }, args) => {
    const next = rowOf(state.versions, reviewOf(state, args.approval_code)?.[1].version as string);
    const before = findId(state.versions, (version) => version.model === next.model && version.status === 'live');
    const last = before === undefined ? undefined : rowOf(state.versions, before);
    if (last) last.status = 'retired';
    next.status = 'live';
    next.since = state.today;
    return { model: next.model, live_number: next.number, retired_number: last?.number ?? 0, warm_up_minutes: derived(state, `warm/${args.approval_code}`).int(11, 55) };
  },
});

/** The tools of the laboratory's notebook, as a researcher's assistant would be given them. */
export const experimentsTools: readonly DomainTool<S>[] = [
  signIn, findProject, listRuns, startRun, finishRun, readMetrics, compareRuns, listArtefacts, verifyArtefact, registerModel,
  modelVersions, requestReview, readReview, promoteVersion,
];
