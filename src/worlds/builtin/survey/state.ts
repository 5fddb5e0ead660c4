import { z } from 'zod';
import { addDays } from '../calendar';
import { seeding, type Seeding } from '../seeding';

export const WAVE_STATUSES = ['open', 'closed', 'screened'] as const;
export const SCHEMES = ['age', 'region', 'household', 'schooling'] as const;

const study = z.strictObject({ title: z.string(), client: z.string(), status: z.enum(['draft', 'frozen']) });
const wave = z.strictObject({ study: z.string(), panel: z.string(), status: z.enum(WAVE_STATUSES), openedOn: z.iso.date(), answers: z.int().min(0), reminders: z.int().min(0) });

/** Everything the institute has; answers to questions are derived when they are tabulated. */
export const surveySchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  analyst: z.strictObject({ name: z.string(), phrase: z.string() }),
  session: z.strictObject({ signedIn: z.boolean() }),
  studies: z.record(z.string(), study),
  questions: z.record(z.string(), z.strictObject({ study: z.string(), wording: z.string(), kind: z.enum(['choice', 'scale']) })),
  panels: z.record(z.string(), z.strictObject({ region: z.string(), members: z.int().min(1) })),
  waves: z.record(z.string(), wave),
  weightings: z.record(z.string(), z.strictObject({ wave: z.string(), scheme: z.enum(SCHEMES) })),
  tables: z.record(z.string(), z.strictObject({ question: z.string(), weighting: z.string(), percent: z.number(), released: z.boolean() })),
});

export type SurveyState = z.output<typeof surveySchema>;

export const MAX_REMINDERS = 2;

const TITLES = ['Night Buses', 'Village Shops', 'Garden Water', 'School Lunches', 'Repair Cafes', 'Quiet Streets'];
const REGIONS = ['Ostermark', 'Fenwold', 'Upper Tarn', 'Greyshore', 'Lindenau', 'Salt Hills'];
const QUESTIONS = ['How often do you use it?', 'How far is it from your home?', 'What would you pay for it?', 'Who in your household uses it?', 'What should change first?', 'How content are you with it?'];

/** The initial state of a seed: a draft and three frozen studies, with one open, one closed and one screened wave; the last is tabulated. */
export function initSurvey(seed: number): SurveyState {
  const seeded = seeding('survey', seed);
  const { salt, today, rng, faker, some, table } = seeded;
  const studies = table('ST', some(TITLES, 4), (title, at) => ({ title, client: faker.company.name(), status: at === 0 ? 'draft' as const : 'frozen' as const }));
  const panels = table('PN', some(REGIONS, 4), (region) => ({ region, members: rng.int(80, 460) * 5 }));
  const state: SurveyState = {
    salt, today, studies, panels,
    analyst: { name: faker.person.fullName(), phrase: `${faker.word.adjective()} ${faker.word.noun()} ${rng.int(10, 99)}` },
    session: { signedIn: false },
    questions: Object.assign({}, ...Object.keys(studies).map((id) => initQuestions(seeded, id))) as SurveyState['questions'],
    waves: initWaves(seeded, Object.keys(studies), panels),
    weightings: {}, tables: {},
  };
  return { ...state, ...initTables(seeded, state) };
}

function initQuestions({ code, some, rng }: Seeding, study: string): SurveyState['questions'] {
  return Object.fromEntries(some(QUESTIONS, 3).map((wording) => [code('QU', `${study}/${wording}`), { study, wording, kind: rng.pick(['choice', 'scale'] as const) }]));
}

/** The screened wave is weighted by household and by age; all questions of its study but one are tabulated by household. */
function initTables({ code, rng }: Seeding, state: SurveyState): Pick<SurveyState, 'weightings' | 'tables'> {
  const [wave, { study }] = Object.entries(state.waves).find(([, one]) => one.status === 'screened') as [string, SurveyState['waves'][string]];
  const [weighting, other] = [code('WT', `${wave}/household`), code('WT', `${wave}/age`)];
  const questions = Object.keys(state.questions).filter((id) => state.questions[id]?.study === study).slice(1);
  const tables = questions.map((question): [string, SurveyState['tables'][string]] => [code('TB', question), { question, weighting, percent: rng.int(240, 710) / 10, released: false }]);
  const aged: [string, SurveyState['tables'][string]] = [code('TB', other), { question: questions[0] as string, weighting: other, percent: rng.int(240, 710) / 10, released: true }];
  return { weightings: { [weighting]: { wave, scheme: 'household' }, [other]: { wave, scheme: 'age' } }, tables: Object.fromEntries([...tables, aged]) };
}

function initWaves({ code, rng, today }: Seeding, studies: string[], panels: SurveyState['panels']): SurveyState['waves'] {
  const ids = Object.keys(panels);
  return Object.fromEntries(WAVE_STATUSES.map((status, at) => {
    const panel = ids[at] as string;
    const answers = status === 'open' ? 0 : Math.floor((panels[panel]?.members ?? 0) * 0.4) - rng.int(1, 40);
    return [code('WV', at), { study: studies[at + 1] as string, panel, status, openedOn: addDays(today, -rng.int(4, 11) - 14 * at), answers, reminders: 0 }];
  }));
}

export const surveyInvariants = {
  'a panel answers one open wave at a time': (state: SurveyState): boolean => {
    const busy = Object.values(state.waves).filter((one) => one.status === 'open').map((one) => one.panel);
    return new Set(busy).size === busy.length;
  },
  'a wave belongs to a frozen study and has no more answers than its panel has members': (state: SurveyState): boolean =>
    Object.values(state.waves).every((one) => state.studies[one.study]?.status === 'frozen' && one.answers <= (state.panels[one.panel]?.members ?? 0) && one.reminders <= MAX_REMINDERS),
  'a frozen study has a question': (state: SurveyState): boolean =>
    Object.entries(state.studies).every(([id, one]) => one.status === 'draft' || Object.values(state.questions).some((question) => question.study === id)),
  'a table is about a question of the study whose wave is weighted': (state: SurveyState): boolean =>
    Object.values(state.tables).every((one) => state.questions[one.question]?.study === state.waves[state.weightings[one.weighting]?.wave ?? '']?.study),
};
