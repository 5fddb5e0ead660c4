import { z } from 'zod';
import { addDays, WEEKDAYS } from '../calendar';
import { seeding, type Seeding } from '../seeding';

const course = z.strictObject({ title: z.string(), department: z.string(), credits: z.int(), prerequisite: z.string().nullable() });
const section = z.strictObject({ course: z.string(), term: z.string(), weekday: z.enum(WEEKDAYS), starts: z.string(), room: z.string(), teacher: z.string(), seats: z.int(), others: z.int().min(0) });
const term = z.strictObject({ name: z.string(), opensOn: z.iso.date(), closesOn: z.iso.date(), startsOn: z.iso.date() });

export const PLACE_STATUSES = ['reserved', 'enrolled', 'dropped'] as const;
const place = z.strictObject({ section: z.string(), registration: z.string().nullable(), status: z.enum(PLACE_STATUSES) });

/** Everything there is at the college, as far as one student is concerned. */
export const coursesStateSchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  student: z.strictObject({ number: z.string(), passphrase: z.string(), name: z.string(), programme: z.string() }),
  session: z.strictObject({ signedIn: z.boolean() }),
  account: z.strictObject({ owedCents: z.int().min(0), creditCents: z.int().min(0) }),
  advisors: z.array(z.string()),
  terms: z.record(z.string(), term),
  courses: z.record(z.string(), course),
  /** Grades by course; what is here was passed. */
  transcript: z.record(z.string(), z.int()),
  sections: z.record(z.string(), section),
  registrations: z.record(z.string(), z.strictObject({ term: z.string(), submitted: z.boolean() })),
  places: z.record(z.string(), place),
  waiting: z.record(z.string(), z.strictObject({ section: z.string() })),
  advising: z.record(z.string(), z.strictObject({ advisor: z.string(), date: z.iso.date(), usedFor: z.string().nullable() })),
  waivers: z.record(z.string(), z.strictObject({ course: z.string() })),
});

export type CoursesState = z.output<typeof coursesStateSchema>;

export const MOST_CREDITS = 34;
export const TITLES_KNOWN = 3;
const CENTS_A_CREDIT = 4800;

const TITLES: { [department: string]: string[] } = {
  'Applied Geology': ['Field Mapping', 'Soils and Slopes', 'Mineral Chemistry', 'Groundwater Models'],
  'Music Studies': ['Counterpoint', 'Acoustics of Rooms', 'Score Reading', 'Ensemble Practice'],
  'Bookbinding and Print': ['Letterpress', 'Paper Conservation', 'History of the Codex', 'Typeface Design'],
  'Marine Biology': ['Tidal Ecology', 'Plankton Methods', 'Fisheries Statistics', 'Seabird Surveys'],
  'Theatre Craft': ['Stage Lighting', 'Costume Cutting', 'Voice and Diction', 'Set Carpentry'],
};
const TERM_NAMES = ['Harvest Term', 'Frost Term', 'Bloom Term'];
const ADVISORS = ['Professor Amsel', 'Professor Brightling', 'Professor Duquesne', 'Professor Farrow', 'Professor Ostergaard', 'Professor Venn'];
const STARTS = ['08:15', '10:00', '11:45', '14:00', '16:15'];
const BUILDINGS = ['Tallow House', 'Quarry Wing', 'Lantern Hall', 'Orangery', 'Gatehouse'];

/** A seed's college: eight courses in two departments, two terms that register now and one that does not yet. */
export function initCourses(seed: number): CoursesState {
  const make = seeding('courses', seed);
  const { rng, faker, some, table, today } = make;
  const year = Number(today.slice(0, 4));
  const departments = some(Object.keys(TITLES), 2);
  const all = some(departments.flatMap((department) => (TITLES[department] as string[]).map((title) => ({ department, title }))), 8);
  const courses: CoursesState['courses'] = table('CR', all, ({ department, title }) => ({ title, department, credits: rng.pick([4, 5, 6, 8]), prerequisite: null }));
  const ids = Object.keys(courses);
  // The first asks for something passed, the others for something that was not.
  for (const [at, needs] of [[0, 5], [2, 7], [6, 7]] as const) (courses[ids[at] as string] as CoursesState['courses'][string]).prerequisite = ids[needs] as string;
  const terms = table('TM', some(TERM_NAMES, 3), (name, at) => ({ name: `${name} ${year}`, ...periodOf(today, at, rng.int(0, 6)) }));
  const state: CoursesState = {
    salt: make.salt,
    today,
    student: { number: `EC${rng.int(100_000, 999_999)}`, passphrase: `${faker.word.adjective()} ${faker.word.noun()}`, name: faker.person.fullName(), programme: departments[0] as string },
    session: { signedIn: false },
    account: { owedCents: rng.int(24, 96) * 100, creditCents: rng.int(120, 400) * 100 },
    advisors: some(ADVISORS, 3),
    terms,
    courses,
    transcript: { [ids[5] as string]: rng.int(61, 97), [ids[4] as string]: rng.int(61, 97) },
    sections: initSections(make, ids, Object.keys(terms)),
    registrations: {},
    places: {},
    waiting: {},
    advising: {},
    waivers: {},
  };
  return { ...state, ...initPlaces(make, state) };
}

/** The first and third term register now, the second in two months. */
function periodOf(today: string, at: number, jitter: number): Omit<z.output<typeof term>, 'name'> {
  const opensOn = addDays(today, at === 1 ? 55 + jitter : -5 - jitter);
  return { opensOn, closesOn: addDays(opensOn, 21), startsOn: addDays(opensOn, at === 2 ? 110 : 40) };
}

/** Three sections of each course in each term; the last of each is full. */
function initSections({ rng, faker, some, table }: Seeding, courses: string[], terms: string[]): CoursesState['sections'] {
  const all = courses.flatMap((id) => terms.flatMap((at) => some(WEEKDAYS.slice(0, 5), 3).map((weekday, nth) => ({ course: id, term: at, weekday, nth }))));
  return table('SC', all, ({ nth, ...where }) => {
    const seats = rng.int(14, 32);
    return { ...where, starts: rng.pick(STARTS), room: `${rng.pick(BUILDINGS)} ${rng.int(11, 49)}`, teacher: faker.person.lastName(), seats, others: nth === 2 ? seats : seats - rng.int(1, 9) };
  });
}

/** Two places of the first term, at different times, and a registration for the third with a seat that is reserved. */
function initPlaces({ code }: Seeding, state: CoursesState): Pick<CoursesState, 'places' | 'registrations'> {
  const [now, , later] = Object.keys(state.terms) as [string, string, string];
  const courses = Object.keys(state.courses);
  const sectionsOf = (at: number, term: string): string[] => Object.keys(state.sections).filter((id) => state.sections[id]?.course === courses[at] && state.sections[id]?.term === term);
  const first = sectionsOf(3, now)[0] as string;
  const second = sectionsOf(7, now).find((id) => !clash(state, first, id)) as string;
  const registration = code('RG', 0);
  const reserved = { section: sectionsOf(4, later)[0] as string, registration, status: 'reserved' } as const;
  return {
    places: { ...Object.fromEntries([first, second].map((id, at) => [code('PL', at), { section: id, registration: null, status: 'enrolled' as const }])), [code('PL', 2)]: reserved },
    registrations: { [registration]: { term: later, submitted: false } },
  };
}

/** Two sections of one term are held at the same time. */
export function clash(state: CoursesState, first: string, second: string): boolean {
  const [one, other] = [state.sections[first], state.sections[second]];
  return one !== undefined && other !== undefined && one.term === other.term && one.weekday === other.weekday && one.starts === other.starts;
}

/** Places of the student that count: reserved or enrolled. */
export const activePlaces = (state: CoursesState): [string, CoursesState['places'][string]][] => Object.entries(state.places).filter(([, one]) => one.status !== 'dropped');

export const seatsLeft = (state: CoursesState, id: string): number => (state.sections[id]?.seats ?? 0) - (state.sections[id]?.others ?? 0) - activePlaces(state).filter(([, one]) => one.section === id).length;

export const courseOf = (state: CoursesState, section: string): CoursesState['courses'][string] => state.courses[state.sections[section]?.course ?? ''] as CoursesState['courses'][string];

export const creditsIn = (state: CoursesState, termCode: string): number =>
  activePlaces(state).filter(([, one]) => state.sections[one.section]?.term === termCode).reduce((sum, [, one]) => sum + courseOf(state, one.section).credits, 0);

export const tuitionCents = (state: CoursesState, section: string): number => courseOf(state, section).credits * CENTS_A_CREDIT;

/** What no sequence of calls may break. */
export const COURSES_INVARIANTS: { [rule: string]: (state: CoursesState) => boolean } = {
  'no section has more students than seats': (state) => Object.keys(state.sections).every((id) => seatsLeft(state, id) >= 0),
  'no two places of a term clash': (state) => activePlaces(state).every(([id, one]) => activePlaces(state).every(([other, place]) => id === other || !clash(state, one.section, place.section))),
  'a student has one place in a course and term': (state) => {
    const taken = activePlaces(state).map(([, one]) => `${state.sections[one.section]?.course}/${state.sections[one.section]?.term}`);
    return new Set(taken).size === taken.length;
  },
  'no term has too many credits': (state) => Object.keys(state.terms).every((id) => creditsIn(state, id) <= MOST_CREDITS),
  'places of a submitted registration are no longer reserved': (state) => Object.values(state.places).every((one) => one.status !== 'reserved' || state.registrations[one.registration ?? '']?.submitted === false),
  'an advising hour is used once': (state) => {
    const used = Object.values(state.advising).flatMap((one) => (one.usedFor === null ? [] : [one.usedFor]));
    return new Set(used).size === used.length && used.length === Object.keys(state.waivers).length;
  },
};
