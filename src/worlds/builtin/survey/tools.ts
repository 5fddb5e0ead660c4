import { z } from 'zod';
import { addDays, daysBetween } from '../calendar';
import { derived, findId, inStatus, rowOf, rowsOf, sameName, signedIn, text } from '../combinators';
import { day, exists, must, ref, toolsOn, type DomainTool, type Need } from '../domain';
import { MAX_REMINDERS, SCHEMES, WAVE_STATUSES, type SurveyState } from './state';

type S = SurveyState;
const tool = toolsOn<S>();

// ---- fields ----

const studyId = ref('study_id', 'Id of a study, as given by find_study');
const questionId = ref('question_id', 'Id of a question');
const panelId = ref('panel_id', 'Id of a panel, as given by find_panel');
const waveId = ref('wave_id', 'Id of a wave');
const weightingId = ref('weighting_id', 'Id of a weighting');
const tableId = (description: string): z.ZodString => ref('table_id', description);
const studyStatus = z.enum(['draft', 'frozen']);
const waveStatus = z.enum(WAVE_STATUSES);

// ---- needs and reading ----

const hasSession = signedIn<S>();
const studyExists = exists<S, { study_id: string }>('study', (state) => state.studies, (args) => args.study_id);
const panelExists = exists<S, { panel_id: string }>('panel', (state) => state.panels, (args) => args.panel_id);
const waveExists = exists<S, { wave_id: string }>('wave', (state) => state.waves, (args) => args.wave_id);
const tableExists = <A>(read: (args: A) => string): Need<S, A> => exists('table', (state) => state.tables, read);
const studyIs = (allowed: 'draft' | 'frozen'): Need<S, { study_id: string }> =>
  inStatus({ kind: 'Study', id: (args) => args.study_id, status: (state, args) => rowOf(state.studies, args.study_id).status, order: ['draft', 'frozen'], allowed: [allowed] });
const waveIs = (allowed: (typeof WAVE_STATUSES)[number]): Need<S, { wave_id: string }> =>
  inStatus({ kind: 'Wave', id: (args) => args.wave_id, status: (state, args) => rowOf(state.waves, args.wave_id).status, order: WAVE_STATUSES, allowed: [allowed] });

const studyOf = (state: S, title: string): string | undefined => findId(state.studies, (study) => sameName(study.title, title));
const panelOf = (state: S, region: string): string | undefined => findId(state.panels, (panel) => sameName(panel.region, region));
const questionsOf = (state: S, study: string): [string, S['questions'][string]][] => rowsOf(state.questions, (question) => question.study === study);
const studyOfWeighting = (state: S, weighting: string): string => rowOf(state.waves, rowOf(state.weightings, weighting).wave).study;

// ---- studies and questions ----

const signIn = tool({
  name: 'sign_in_analyst',
  about: 'Sign an analyst in with name and pass phrase. Whatever changes studies, waves and tables needs this.',
  in: z.strictObject({ analyst_name: ref('analyst_name', 'Full name of the analyst'), pass_phrase: ref('pass_phrase', 'Pass phrase of the analyst') }),
  out: z.object({ desk: z.string().describe('Desk the analyst is booked on'), open_tasks: z.int().describe('Open tasks of the analyst') }),
  writes: ['session'],
  needs: [
    must('not_found', (state, args) => sameName(state.analyst.name, args.analyst_name), (args) => `No analyst is called \`${args.analyst_name}\`.`),
    must('precondition', (state, args) => state.analyst.phrase === args.pass_phrase, () => 'The pass phrase does not belong to this analyst.'),
  ],
  run: ({ state }) => {
    state.session.signedIn = true;
    const rng = derived(state, 'desk');
    return { desk: `${rng.pick(['Window', 'Corner', 'Library', 'Annex'])} ${rng.int(11, 60)}`, open_tasks: rng.int(11, 40) };
  },
});

const findStudy = tool({
  name: 'find_study',
  about: 'Find a study by title and get its id, client and status.',
  in: z.strictObject({ study_title: ref('study_title', 'Title of the study') }),
  out: z.object({ study_id: studyId, client: z.string().describe('Client who ordered it'), status: studyStatus.describe('Draft while questions may change, frozen afterwards') }),
  needs: [must('not_found', (state, args) => studyOf(state, args.study_title) !== undefined, (args) => `No study is called \`${args.study_title}\`.`)],
  run: ({ state }, args) => {
    const study_id = studyOf(state, args.study_title) as string;
    const { client, status } = rowOf(state.studies, study_id);
    return { study_id, client, status };
  },
});

const listQuestions = tool({
  name: 'list_questions',
  about: 'List the questions of a study.',
  in: z.strictObject({ study_id: studyId }),
  out: z.object({
    minutes_to_answer: z.int().describe('Minutes it takes to answer'),
    questions: z.array(z.object({ question_id: questionId, wording: z.string().describe('Wording of the question'), kind: z.enum(['choice', 'scale']).describe('How it is answered') })).describe('The questions'),
  }),
  needs: [studyExists],
  run: ({ state }, args) => {
    const questions = questionsOf(state, args.study_id);
    return { minutes_to_answer: 3 * questions.length + derived(state, `minutes/${args.study_id}`).int(3, 12), questions: questions.map(([question_id, { wording, kind }]) => ({ question_id, wording, kind })) };
  },
});

const addQuestion = tool({
  name: 'add_question',
  about: 'Add a question to a draft study. A wording occurs once in a study.',
  in: z.strictObject({ study_id: studyId, wording: text('Wording of the question'), kind: z.enum(['choice', 'scale']).describe('How it is answered') }),
  out: z.object({ question_id: questionId, place: z.string().describe('Block of the questionnaire in which it stands'), reading_score: z.int().describe('How easy it reads, from 0 to 100') }),
  writes: ['questions'],
  needs: [
    hasSession,
    studyExists,
    studyIs('draft'),
    must('conflict', (state, args) => !questionsOf(state, args.study_id).some(([, question]) => sameName(question.wording, args.wording)), () => 'The study already asks this.'),
  ],
  run: ({ state, id }, args) => {
    const question_id = id('QU', `${args.study_id}/${args.wording}`, state.questions);
    state.questions[question_id] = { study: args.study_id, wording: args.wording, kind: args.kind };
    const rng = derived(state, `place/${question_id}`);
    return { question_id, place: rng.pick(['opening', 'daily life', 'opinions', 'closing']), reading_score: rng.int(41, 97) };
  },
});

const freezeStudy = tool({
  name: 'freeze_study',
  about: 'Freeze a draft study that has at least one question, so that it can go into the field.',
  in: z.strictObject({ study_id: studyId }),
  out: z.object({ form_number: z.string().describe('Number of the printed form'), question_count: z.int().describe('Questions in the form'), ethics_valid_until: day('Day until which the ethics approval is valid') }),
  writes: ['studies'],
  needs: [hasSession, studyExists, studyIs('draft'), must('precondition', (state, args) => questionsOf(state, args.study_id).length > 0, () => 'The study has no question yet.')],
  run: ({ state, id }, args) => {
    rowOf(state.studies, args.study_id).status = 'frozen';
    return { form_number: id('FORM', args.study_id, {}), question_count: questionsOf(state, args.study_id).length, ethics_valid_until: addDays(state.today, derived(state, `ethics/${args.study_id}`).int(90, 360)) };
  },
});

// ---- panels and waves ----

const findPanel = tool({
  name: 'find_panel',
  about: 'Find the panel of a region and get its id.',
  in: z.strictObject({ region: ref('region', 'Name of the region') }),
  out: z.object({ panel_id: panelId, members: z.int().describe('Members of the panel'), coordinator_room: z.string().describe('Room of its coordinator') }),
  needs: [must('not_found', (state, args) => panelOf(state, args.region) !== undefined, (args) => `There is no panel in \`${args.region}\`.`)],
  run: ({ state }, args) => {
    const panel_id = panelOf(state, args.region) as string;
    const rng = derived(state, `room/${panel_id}`);
    return { panel_id, members: rowOf(state.panels, panel_id).members, coordinator_room: `${rng.pick(['B', 'D', 'F'])}${rng.int(100, 420)}` };
  },
});

const panelProfile = tool({
  name: 'panel_profile',
  about: 'Show who the members of a panel are: median age, share of households with children, usual response.',
  in: z.strictObject({ panel_id: panelId }),
  out: z.object({ median_age: z.int().describe('Median age, in years'), with_children_percent: z.int().describe('Households with children, in percent'), usual_response_percent: z.int().describe('Usual share of members who answer, in percent') }),
  needs: [panelExists],
  run: ({ state }, args) => {
    const rng = derived(state, `profile/${args.panel_id}`);
    return { median_age: rng.int(34, 58), with_children_percent: rng.int(18, 47), usual_response_percent: rng.int(31, 66) };
  },
});

const openWave = tool({
  name: 'open_wave',
  about: 'Open a wave: a panel is invited to answer a frozen study. A panel answers one open wave at a time.',
  in: z.strictObject({ study_id: studyId, panel_id: panelId, reward: z.enum(['none', 'voucher', 'raffle']).describe('What members get for answering') }),
  out: z.object({ wave_id: waveId, invited: z.int().describe('Members who were invited'), expected_close: day('Day on which the wave should be closed') }),
  writes: ['waves'],
  needs: [
    hasSession,
    studyExists,
    panelExists,
    studyIs('frozen'),
    must('conflict', (state, args) => findId(state.waves, (wave) => wave.panel === args.panel_id && wave.status === 'open') === undefined, (args) => `Panel \`${args.panel_id}\` is answering another wave.`),
  ],
  run: ({ state, id }, args) => {
    const wave_id = id('WV', `${args.study_id}/${args.panel_id}`, state.waves);
    state.waves[wave_id] = { study: args.study_id, panel: args.panel_id, status: 'open', openedOn: state.today, answers: 0, reminders: 0 };
    return { wave_id, invited: rowOf(state.panels, args.panel_id).members, expected_close: addDays(state.today, derived(state, `close/${wave_id}/${args.reward}`).int(10, 30)) };
  },
});

const listWaves = tool({
  name: 'list_waves',
  about: 'List all waves with study, region and status.',
  in: z.strictObject({}),
  out: z.object({
    waves: z.array(z.object({
      wave_id: waveId,
      study: z.string().describe('Title of the study'),
      panel_region: z.string().describe('Region of the panel'),
      status: waveStatus.describe('Status of the wave'),
      opened_on: day('Day on which it was opened'),
    })).describe('The waves, oldest first'),
  }),
  run: ({ state }) => ({
    waves: rowsOf(state.waves)
      .map(([wave_id, wave]) => ({ wave_id, study: rowOf(state.studies, wave.study).title, panel_region: rowOf(state.panels, wave.panel).region, status: wave.status, opened_on: wave.openedOn }))
      .sort((a, b) => daysBetween(b.opened_on, a.opened_on)),
  }),
});

const remindPanel = tool({
  name: 'remind_panel',
  about: `Send a reminder to the members who have not answered an open wave; ${MAX_REMINDERS} at most.`,
  in: z.strictObject({ wave_id: waveId }),
  out: z.object({ reminded: z.int().describe('Members who were reminded'), reminders_left: z.int().describe('Reminders that may still be sent') }),
  writes: ['waves'],
  needs: [hasSession, waveExists, waveIs('open'), must('conflict', (state, args) => rowOf(state.waves, args.wave_id).reminders < MAX_REMINDERS, () => `${MAX_REMINDERS} reminders were sent already.`)],
  run: ({ state }, args) => {
    const wave = rowOf(state.waves, args.wave_id);
    wave.reminders += 1;
    const share = derived(state, `remind/${args.wave_id}/${wave.reminders}`).int(30, 70);
    return { reminded: Math.floor((rowOf(state.panels, wave.panel).members * share) / 100), reminders_left: MAX_REMINDERS - wave.reminders };
  },
});

const closeWave = tool({
  name: 'close_wave',
  about: 'Close an open wave and count its answers. Reminders sent before bring more of them.',
  in: z.strictObject({ wave_id: waveId }),
  out: z.object({ answers: z.int().describe('Answers that came in'), response_percent: z.int().describe('Share of members who answered, in percent') }),
  writes: ['waves'],
  needs: [hasSession, waveExists, waveIs('open')],
  run: ({ state }, args) => {
    const wave = rowOf(state.waves, args.wave_id);
    const response_percent = derived(state, `response/${args.wave_id}`).int(28, 58) + 9 * wave.reminders;
    wave.status = 'closed';
    wave.answers = Math.floor((rowOf(state.panels, wave.panel).members * response_percent) / 100);
    return { answers: wave.answers, response_percent };
  },
});

const screenAnswers = tool({
  name: 'screen_answers',
  about: 'Screen the answers of a closed wave: careless and double ones are taken out.',
  in: z.strictObject({ wave_id: waveId }),
  out: z.object({ answers_kept: z.int().describe('Answers that are left'), careless: z.int().describe('Careless answers taken out'), doubles: z.int().describe('Double answers taken out') }),
  writes: ['waves'],
  needs: [hasSession, waveExists, waveIs('closed')],
  run: ({ state }, args) => {
    const wave = rowOf(state.waves, args.wave_id);
    const rng = derived(state, `screen/${args.wave_id}`);
    const [careless, doubles] = [Math.floor((wave.answers * rng.int(4, 14)) / 100), Math.floor((wave.answers * rng.int(1, 5)) / 100)];
    wave.status = 'screened';
    wave.answers -= careless + doubles;
    return { answers_kept: wave.answers, careless, doubles };
  },
});

// ---- weighting and tables ----

const weightAnswers = tool({
  name: 'weight_answers',
  about: 'Weight the screened answers of a wave so that they fit the census by one scheme; once for each scheme.',
  in: z.strictObject({ wave_id: waveId, scheme: z.enum(SCHEMES).describe('What the weights even out') }),
  out: z.object({ weighting_id: weightingId, effective_answers: z.int().describe('Answers that the weighted ones are worth'), largest_weight: z.number().describe('Largest weight of a single answer') }),
  writes: ['weightings'],
  needs: [
    hasSession,
    waveExists,
    waveIs('screened'),
    must('conflict', (state, args) => findId(state.weightings, (one) => one.wave === args.wave_id && one.scheme === args.scheme) === undefined, (args) => `The wave is weighted by ${args.scheme} already.`),
  ],
  run: ({ state, id }, args) => {
    const weighting_id = id('WT', `${args.wave_id}/${args.scheme}`, state.weightings);
    state.weightings[weighting_id] = { wave: args.wave_id, scheme: args.scheme };
    const rng = derived(state, `weights/${weighting_id}`);
    return { weighting_id, effective_answers: Math.floor((rowOf(state.waves, args.wave_id).answers * rng.int(62, 96)) / 100), largest_weight: rng.int(180, 490) / 100 };
  },
});

const tabulate = tool({
  name: 'tabulate_question',
  about: 'Make the table of a question from weighted answers of the same study. There is one table for each question and weighting.',
  in: z.strictObject({ question_id: questionId, weighting_id: weightingId }),
  out: z.object({ table_id: tableId('Id of the new table'), top_answer: z.string().describe('Most frequent answer'), top_percent: z.number().describe('Share of the most frequent answer, in percent') }),
  writes: ['tables'],
  needs: [
    hasSession,
    exists('question', (state) => state.questions, (args) => args.question_id),
    exists('weighting', (state) => state.weightings, (args) => args.weighting_id),
    must('precondition', (state, args) => rowOf(state.questions, args.question_id).study === studyOfWeighting(state, args.weighting_id), () => 'The question belongs to another study than the weighting.'),
    must('conflict', (state, args) => findId(state.tables, (one) => one.question === args.question_id && one.weighting === args.weighting_id) === undefined, () => 'There is a table of this question and weighting.'),
  ],
  run: ({ state, id }, args) => {
    const table_id = id('TB', `${args.question_id}/${args.weighting_id}`, state.tables);
    const percent = derived(state, `share/${table_id}`).int(240, 710) / 10;
    state.tables[table_id] = { question: args.question_id, weighting: args.weighting_id, percent, released: false };
    const answers = rowOf(state.questions, args.question_id).kind === 'scale' ? ['very much', 'rather', 'hardly', 'not at all'] : ['the nearest one', 'the cheapest one', 'the newest one', 'none of them'];
    return { table_id, top_answer: derived(state, `answer/${args.question_id}`).pick(answers), top_percent: percent };
  },
});

const listTables = tool({
  name: 'list_tables',
  about: 'List all tables with question, weighting scheme and whether they were released.',
  in: z.strictObject({}),
  out: z.object({
    tables: z.array(z.object({
      table_id: tableId('Id of the table'),
      question_id: questionId,
      wording: z.string().describe('Wording of the question'),
      weighting_id: weightingId,
      scheme: z.enum(SCHEMES).describe('What the weights even out'),
      released: z.boolean().describe('Whether the client has it'),
    })).describe('The tables'),
  }),
  run: ({ state }) => ({
    tables: rowsOf(state.tables).map(([table_id, table]) => ({
      table_id,
      question_id: table.question,
      wording: rowOf(state.questions, table.question).wording,
      weighting_id: table.weighting,
      scheme: rowOf(state.weightings, table.weighting).scheme,
      released: table.released,
    })),
  }),
});

const compareTables = tool({
  name: 'compare_tables',
  about: 'Compare the most frequent answers of two tables.',
  in: z.strictObject({ first_table: tableId('Id of the table to compare'), second_table: tableId('Id of the table to compare it with') }),
  out: z.object({ points_apart: z.number().describe('Share in the first table minus share in the second, in percentage points'), margin_points: z.number().describe('Difference that chance alone could make, in percentage points') }),
  needs: [
    tableExists((args) => args.first_table),
    tableExists((args) => args.second_table),
    must('precondition', (_state, args) => args.first_table !== args.second_table, () => 'A comparison needs two different tables.'),
  ],
  run: ({ state }, args) => ({
    points_apart: Math.round(10 * (rowOf(state.tables, args.first_table).percent - rowOf(state.tables, args.second_table).percent)) / 10,
    margin_points: derived(state, `margin/${[args.first_table, args.second_table].sort().join('/')}`).int(11, 69) / 10,
  }),
});

const releaseTable = tool({
  name: 'release_table',
  about: 'Release a table to the client of its study, once.',
  in: z.strictObject({ table_id: tableId('Id of the table') }),
  out: z.object({ client: z.string().describe('Client who gets the table'), release_code: z.string().describe('Code with which the client opens it'), embargo_until: day('Day until which it must not be quoted') }),
  writes: ['tables'],
  needs: [hasSession, tableExists((args) => args.table_id), must('conflict', (state, args) => !rowOf(state.tables, args.table_id).released, (args) => `Table \`${args.table_id}\` has been released.`)],
  run: ({ state, id }, args) => {
    const table = rowOf(state.tables, args.table_id);
    table.released = true;
    const { client } = rowOf(state.studies, rowOf(state.questions, table.question).study);
    return { client, release_code: id('RC', args.table_id, {}), embargo_until: addDays(state.today, derived(state, `embargo/${args.table_id}`).int(3, 40)) };
  },
});

/** The tools of the survey institute, as an analyst's assistant would be given them. */
export const surveyTools: readonly DomainTool<S>[] = [
  signIn, findStudy, listQuestions, addQuestion, freezeStudy, findPanel, panelProfile, openWave, listWaves, remindPanel, closeWave,
  screenAnswers, weightAnswers, tabulate, listTables, compareTables, releaseTable,
];
