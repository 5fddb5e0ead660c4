import { defineDomain, type DomainWorld } from '../domain';
import { knownCourses } from './known';
import { COURSES_POLICY } from './policy';
import { COURSES_INVARIANTS, coursesStateSchema, initCourses } from './state';
import { coursesTools } from './tools';

/** Course registration at a college: terms and sections, prerequisites and waivers, seats, waiting lists, tuition. */
export const createCoursesWorld = (): DomainWorld =>
  defineDomain({ name: 'courses', version: '1.0.0', policy: COURSES_POLICY, state: coursesStateSchema, init: initCourses, known: knownCourses, tools: coursesTools, invariants: COURSES_INVARIANTS });
