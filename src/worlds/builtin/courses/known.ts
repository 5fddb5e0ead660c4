import { createRng } from '../../../core/random';
import type { KnownFact } from '../../../core/tool';
import { addDays, weekdayOf } from '../calendar';
import { TITLES_KNOWN, type CoursesState } from './state';

const TITLES_ABOUT = ['the course the user wants most', 'the course a friend of the user takes', 'the course the user would like, though it is an advanced one'];
const TERMS_ABOUT = ['the term the user registers for', 'the term after it', 'the term for which the user has begun to register'];
const DEPARTMENTS_ABOUT = ['the department the user studies in', 'the department the user is curious about'];

/** What a user of this seed could state; codes of terms, courses, sections, registrations and places are never among it. */
export function knownCourses(state: CoursesState): KnownFact[] {
  const rng = createRng(`${state.salt}/known`);
  const courses = Object.values(state.courses).slice(0, TITLES_KNOWN);
  const departments = [...new Set(Object.values(state.courses).map((one) => one.department))];
  const weekday = (from: number): string => rng.pick(Array.from({ length: 5 }, (_, more) => addDays(state.today, from + more)).filter((date) => !weekdayOf(date).startsWith('S')));
  return [
    { name: 'student_number', value: state.student.number, about: "the user's student number", entity: 'student_number' },
    { name: 'passphrase', value: state.student.passphrase, about: "the user's passphrase", entity: 'passphrase' },
    ...TERMS_ABOUT.map((about, at) => ({ name: `term_${at + 1}`, value: Object.values(state.terms)[at]?.name as string, about, entity: 'term_name' })),
    ...TITLES_ABOUT.map((about, at) => ({ name: `course_${at + 1}`, value: courses[at]?.title as string, about, entity: 'course_title' })),
    ...DEPARTMENTS_ABOUT.map((about, at) => ({ name: `department_${at + 1}`, value: departments[at] as string, about, entity: 'department' })),
    { name: 'advisor', value: state.advisors[0] as string, about: "the user's advisor", entity: 'advisor' },
    { name: 'other_advisor', value: state.advisors[1] as string, about: 'the advisor who stands in', entity: 'advisor' },
    { name: 'advising_day', value: weekday(1), about: 'the day on which the user can come to an advising hour', entity: 'date' },
    { name: 'later_advising_day', value: weekday(9), about: 'a later day on which the user can come to an advising hour', entity: 'date' },
  ];
}
