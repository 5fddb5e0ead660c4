import { z } from 'zod';
import { createRng } from '../../../core/random';
import { addDays, minutesOf, timeOf, weekdayOf, WEEKDAYS } from '../calendar';
import { clock, enough, findId, fromCents, inStatus, money, notPast, rowOf, rowsOf, sameName, signedIn, sortedBy, sumOf } from '../combinators';
import { day, exists, must, ref, toolsOn, type DomainTool, type Need } from '../domain';
import { activePlaces, clash, courseOf, creditsIn, MOST_CREDITS, PLACE_STATUSES, seatsLeft, tuitionCents, type CoursesState } from './state';

const tool = toolsOn<CoursesState>();
type Place = CoursesState['places'][string];
type Section = CoursesState['sections'][string];

// ---- fields ----

const termCode = ref('term_code', 'Code of a term');
const courseId = ref('course_id', 'Code of a course');
const sectionId = (description: string): z.ZodString => ref('section_id', description);
const registrationId = ref('registration_id', "Code of the student's registration for a term");
const placeId = ref('place_id', "Code of one of the student's places");
const advisingId = ref('advising_id', 'Code of a booked advising hour');
const weekday = z.enum(WEEKDAYS);

// ---- needs ----

const session: Need<CoursesState, unknown> = signedIn();
const termExists = exists<CoursesState, { term_code: string }>('term', (state) => state.terms, (args) => args.term_code);
const courseExists = exists<CoursesState, { course_id: string }>('course', (state) => state.courses, (args) => args.course_id);
const sectionExists = <A>(id: (args: A) => string): Need<CoursesState, A> => exists('section', (state) => state.sections, id);
const registrationOpen: Need<CoursesState, { registration_id: string }>[] = [
  exists('registration', (state) => state.registrations, (args) => args.registration_id),
  must('conflict', (state, args) => !rowOf(state.registrations, args.registration_id).submitted, (args) => `Registration \`${args.registration_id}\` has been submitted.`),
];
const placeIs = (...allowed: Place['status'][]): Need<CoursesState, { place_id: string }>[] => [
  exists('place', (state) => state.places, (args) => args.place_id),
  inStatus({ kind: 'Place', id: (args) => args.place_id, status: (state, args) => rowOf(state.places, args.place_id).status, order: PLACE_STATUSES, allowed }),
];
// ---- reading the state ----

const sectionOf = (state: CoursesState, id: string): Section => rowOf(state.sections, id);
const missingOf = (state: CoursesState, course: string): string | undefined => {
  const needed = rowOf(state.courses, course).prerequisite;
  const waived = Object.values(state.waivers).some((one) => one.course === course);
  return needed === null || waived || Object.hasOwn(state.transcript, needed) ? undefined : rowOf(state.courses, needed).title;
};
const endOf = (state: CoursesState, id: string): string => timeOf(minutesOf(sectionOf(state, id).starts) + createRng(`${state.salt}/length/${id}`).pick([60, 75, 90]));

// ---- terms, courses and sections ----

const findTerm = tool({
  name: 'find_term',
  about: 'Find a term by its name, with its registration period. Sections and registrations go by term code.',
  in: z.strictObject({ term_name: ref('term_name', 'Name of the term with its year') }),
  out: z.object({ term_code: termCode, registration_opens: z.iso.date().describe('First day of the registration period'), registration_closes: z.iso.date().describe('Last day of the registration period'), classes_start: z.iso.date().describe('First day of classes') }),
  needs: [must('not_found', (state, args) => findId(state.terms, (one) => sameName(one.name, args.term_name)) !== undefined, (args) => `There is no term called \`${args.term_name}\`.`)],
  run: ({ state }, args) => {
    const term_code = findId(state.terms, (one) => sameName(one.name, args.term_name)) as string;
    const { opensOn, closesOn, startsOn } = rowOf(state.terms, term_code);
    return { term_code, registration_opens: opensOn, registration_closes: closesOn, classes_start: startsOn };
  },
});

const findCourse = tool({
  name: 'find_course',
  about: 'Find a course by its title. Sections, prerequisites and waivers go by course code.',
  in: z.strictObject({ title: ref('course_title', 'Title of the course') }),
  out: z.object({ course_id: courseId, department: z.string().describe('Department that offers it'), credits: z.int().describe('Credits it gives'), hours_a_week: z.number().describe('Hours of work a week') }),
  needs: [must('not_found', (state, args) => findId(state.courses, (one) => sameName(one.title, args.title)) !== undefined, (args) => `There is no course titled \`${args.title}\`.`)],
  run: ({ state }, args) => {
    const course_id = findId(state.courses, (one) => sameName(one.title, args.title)) as string;
    const { department, credits } = rowOf(state.courses, course_id);
    return { course_id, department, credits, hours_a_week: createRng(`${state.salt}/hours/${course_id}`).int(9, 24) / 2 };
  },
});

const browseDepartment = tool({
  name: 'browse_department',
  about: 'List the courses of a department with credits and the teacher in charge.',
  in: z.strictObject({ department: ref('department', 'Name of the department') }),
  out: z.object({
    courses: z.array(z.object({ course_id: courseId, title: z.string().describe('Title of the course'), credits: z.int().describe('Credits it gives'), in_charge: z.string().describe('Teacher in charge') })).describe('The courses, by title'),
  }),
  needs: [must('not_found', (state, args) => Object.values(state.courses).some((one) => sameName(one.department, args.department)), (args) => `There is no department called \`${args.department}\`.`)],
  run: ({ state }, args) => ({
    courses: sortedBy(rowsOf(state.courses, (one) => sameName(one.department, args.department)), ([, one]) => one.title).map(([course_id, one]) => ({
      course_id,
      title: one.title,
      credits: one.credits,
      in_charge: Object.values(state.sections).find((section) => section.course === course_id)?.teacher ?? 'nobody yet',
    })),
  }),
});

const listSections = tool({
  name: 'list_sections',
  about: 'List the sections of a course in a term: when, where, by whom, and how many seats are left.',
  in: z.strictObject({ course_id: courseId, term_code: termCode }),
  out: z.object({
    sections: z.array(z.object({
      section_id: sectionId('Code of the section'),
      weekday: weekday.describe('Day of the week'),
      starts: clock('Start'),
      teacher: z.string().describe('Teacher'),
      seats_left: z.int().describe('Seats left'),
    })).describe('The sections'),
  }),
  needs: [courseExists, termExists],
  run: ({ state }, args) => ({
    sections: rowsOf(state.sections, (one) => one.course === args.course_id && one.term === args.term_code).map(([section_id, one]) => ({ section_id, weekday: one.weekday, starts: one.starts, teacher: one.teacher, seats_left: seatsLeft(state, section_id) })),
  }),
});

const compareSections = tool({
  name: 'compare_sections',
  about: 'Compare two sections: whether they clash, how far their rooms are apart, and which is better liked.',
  in: z.strictObject({ first_section: sectionId('Code of one section'), second_section: sectionId('Code of the other section') }),
  out: z.object({ clash: z.boolean().describe('Whether they are held at the same time'), walk_minutes: z.int().describe('Walk from room to room, in minutes'), better_liked: z.string().describe('Teacher of the section that students like better') }),
  needs: [
    sectionExists((args) => args.first_section),
    sectionExists((args) => args.second_section),
    must('precondition', (_state, args) => args.first_section !== args.second_section, () => 'A section cannot be compared with itself.'),
  ],
  run: ({ state }, args) => {
    const pair = [args.first_section, args.second_section].sort();
    const rng = createRng(`${state.salt}/walk/${pair.join('/')}`);
    const walk_minutes = rng.int(3, 27);
    return { clash: clash(state, args.first_section, args.second_section), walk_minutes, better_liked: sectionOf(state, rng.pick(pair)).teacher };
  },
});

// ---- the student ----

const openStudentSession = tool({
  name: 'open_student_session',
  about: 'Open a student session by student number and passphrase. Registration, places, advising and payment need one.',
  in: z.strictObject({ student_number: ref('student_number', 'Number of the student'), passphrase: ref('passphrase', 'Passphrase of the student') }),
  out: z.object({ student_name: z.string().describe('Name of the student'), programme: z.string().describe('Programme of study'), balance_owed: money('Amount the student owes') }),
  writes: ['session'],
  needs: [
    must('not_found', (state, args) => state.student.number === args.student_number, (args) => `There is no student \`${args.student_number}\`.`),
    must('precondition', (state, args) => state.student.passphrase === args.passphrase, () => 'The passphrase does not belong to this student number.'),
  ],
  run: ({ state }) => {
    state.session.signedIn = true;
    return { student_name: state.student.name, programme: state.student.programme, balance_owed: fromCents(state.account.owedCents) };
  },
});

const payBalance = tool({
  name: 'pay_balance',
  about: 'Pay what the student owes, all of it, by card or from college credit.',
  in: z.strictObject({ method: z.enum(['card', 'college_credit']).describe('How to pay') }),
  out: z.object({ amount_paid: money('Amount paid'), college_credit: money('College credit left'), receipt: z.string().describe('Number of the receipt') }),
  writes: ['account'],
  needs: [
    session,
    must('conflict', (state) => state.account.owedCents > 0, () => 'The student owes nothing.'),
    (state, args) => (args.method === 'card' ? undefined : enough<CoursesState, typeof args>('the college credit', 'cents', (now) => now.account.creditCents, (_args, now) => now.account.owedCents)(state, args)),
  ],
  run: ({ state }, args) => {
    const paid = state.account.owedCents;
    if (args.method === 'college_credit') state.account.creditCents -= paid;
    state.account.owedCents = 0;
    return { amount_paid: fromCents(paid), college_credit: fromCents(state.account.creditCents), receipt: String(createRng(`${state.salt}/receipt/${args.method}/${paid}`).int(400_000, 999_999)) };
  },
});

const checkPrerequisite = tool({
  name: 'check_prerequisite',
  about: 'Check whether the student meets the prerequisite of a course.',
  in: z.strictObject({ course_id: courseId }),
  out: z.object({ prerequisite: z.string().describe('Title of the course that must be passed before, or `none`'), met: z.boolean().describe('Whether the student may take the course'), places_taken_last_year: z.int().describe('Students who took the course last year') }),
  needs: [session, courseExists],
  run: ({ state }, args) => {
    const { prerequisite } = rowOf(state.courses, args.course_id);
    return { prerequisite: prerequisite === null ? 'none' : rowOf(state.courses, prerequisite).title, met: missingOf(state, args.course_id) === undefined, places_taken_last_year: createRng(`${state.salt}/taken/${args.course_id}`).int(28, 190) };
  },
});

const bookAdvising = tool({
  name: 'book_advising',
  about: 'Book an advising hour with an advisor, on Mondays to Fridays within 21 days, one a day.',
  in: z.strictObject({ advisor: ref('advisor', 'Name of the advisor'), date: day('Day of the hour, as YYYY-MM-DD') }),
  out: z.object({ advising_id: advisingId, starts: clock('Start of the hour'), office: z.string().describe('Office of the advisor') }),
  writes: ['advising'],
  needs: [
    session,
    must('not_found', (state, args) => state.advisors.some((one) => sameName(one, args.advisor)), (args) => `There is no advisor called \`${args.advisor}\`.`),
    notPast((args) => args.date, 21),
    must('precondition', (_state, args) => !weekdayOf(args.date).startsWith('S'), (args) => `${args.date} is a ${weekdayOf(args.date)}: there is no advising.`),
    must('conflict', (state, args) => !Object.values(state.advising).some((one) => one.date === args.date), (args) => `The student has an advising hour on ${args.date} already.`),
  ],
  run: ({ state, id }, args) => {
    const advising_id = id('AD', `${args.advisor.toLowerCase()}/${args.date}`, state.advising);
    state.advising[advising_id] = { advisor: args.advisor, date: args.date, usedFor: null };
    const rng = createRng(`${state.salt}/advising/${args.advisor.toLowerCase()}/${args.date}`);
    return { advising_id, starts: `${rng.int(10, 16)}:${rng.pick(['00', '20', '40'])}`, office: `${rng.pick(['Cloister', 'Mill Loft', 'Observatory'])} ${rng.int(11, 39)}` };
  },
});

const requestWaiver = tool({
  name: 'request_waiver',
  about: 'Ask for a waiver of the prerequisite that the student lacks for a course, on a booked advising hour. An hour serves one waiver.',
  in: z.strictObject({ course_id: courseId, advising_id: advisingId, ground: z.enum(['work_experience', 'courses_elsewhere', 'entrance_test']).describe('Ground of the request') }),
  out: z.object({ waived: z.string().describe('Title of the course that need not be passed'), granted_by: z.string().describe('Who granted it'), valid_until: z.iso.date().describe('Last day on which the waiver counts') }),
  writes: ['waivers', 'advising'],
  needs: [
    session,
    courseExists,
    exists('advising hour', (state) => state.advising, (args) => args.advising_id),
    must('conflict', (state, args) => missingOf(state, args.course_id) !== undefined, (args) => `The student lacks nothing for course \`${args.course_id}\`, so there is nothing to waive.`),
    must('conflict', (state, args) => rowOf(state.advising, args.advising_id).usedFor === null, (args) => `Advising hour \`${args.advising_id}\` has served another waiver.`),
  ],
  run: ({ state, id }, args) => {
    const waived = missingOf(state, args.course_id) as string;
    const waiver = id('WV', args.course_id, state.waivers);
    state.waivers[waiver] = { course: args.course_id };
    rowOf(state.advising, args.advising_id).usedFor = waiver;
    return { waived, granted_by: rowOf(state.advising, args.advising_id).advisor, valid_until: addDays(state.today, createRng(`${state.salt}/waiver/${args.course_id}`).int(180, 400)) };
  },
});

// ---- registration ----

const startRegistration = tool({
  name: 'start_registration',
  about: 'Start a registration for a term whose registration period runs. Only for students who owe nothing; one open registration for each term.',
  in: z.strictObject({ term_code: termCode }),
  out: z.object({ registration_id: registrationId, submit_by: z.iso.date().describe('Last day on which it can be submitted'), credits_free: z.int().describe('Credits the student can still take in the term') }),
  writes: ['registrations'],
  needs: [
    session,
    termExists,
    must('precondition', (state) => state.account.owedCents === 0, (_args, state) => `The student owes ${fromCents(state.account.owedCents)} euros; nothing is registered before they are paid.`),
    must('precondition', (state, args) => rowOf(state.terms, args.term_code).opensOn <= state.today && state.today <= rowOf(state.terms, args.term_code).closesOn, (args, state) => `Registration for ${rowOf(state.terms, args.term_code).name} runs from ${rowOf(state.terms, args.term_code).opensOn} to ${rowOf(state.terms, args.term_code).closesOn}.`),
    must('conflict', (state, args) => !Object.values(state.registrations).some((one) => one.term === args.term_code && !one.submitted), () => 'The student has an open registration for this term.'),
  ],
  run: ({ state, id }, args) => {
    const registration_id = id('RG', args.term_code, state.registrations);
    state.registrations[registration_id] = { term: args.term_code, submitted: false };
    return { registration_id, submit_by: rowOf(state.terms, args.term_code).closesOn, credits_free: MOST_CREDITS - creditsIn(state, args.term_code) };
  },
});

const myRegistrations = tool({
  name: 'my_registrations',
  about: "List the student's registrations: their terms, how many credits are reserved and by when they are submitted.",
  in: z.strictObject({}),
  out: z.object({
    registrations: z.array(z.object({
      registration_id: registrationId,
      term_name: ref('term_name', 'Name of the term with its year'),
      credits_in_term: z.int().describe('Credits of all places of the term'),
      submit_by: z.iso.date().describe('Last day on which it can be submitted'),
      submitted: z.boolean().describe('Whether it has been submitted'),
    })).describe('The registrations, by term'),
  }),
  needs: [session],
  run: ({ state }) => ({
    registrations: sortedBy(rowsOf(state.registrations), ([id, one]) => `${rowOf(state.terms, one.term).name} ${id}`).map(([registration_id, one]) => ({
      registration_id,
      term_name: rowOf(state.terms, one.term).name,
      credits_in_term: creditsIn(state, one.term),
      submit_by: rowOf(state.terms, one.term).closesOn,
      submitted: one.submitted,
    })),
  }),
});

const reserveSeat = tool({
  name: 'reserve_seat',
  about: 'Reserve a seat of a section in an open registration of its term. The prerequisite must be met or waived, and nothing may clash.',
  in: z.strictObject({ registration_id: registrationId, section_id: sectionId('Code of the section') }),
  out: z.object({ place_id: placeId, room: z.string().describe('Room of the section'), ends: clock('End of each class'), tuition: money('Tuition for the section') }),
  writes: ['places'],
  needs: [
    session,
    ...registrationOpen,
    sectionExists((args) => args.section_id),
    must('precondition', (state, args) => sectionOf(state, args.section_id).term === rowOf(state.registrations, args.registration_id).term, (args) => `Section \`${args.section_id}\` is in another term than the registration.`),
    must('precondition', (state, args) => missingOf(state, sectionOf(state, args.section_id).course) === undefined, (args, state) => `The course asks for ${missingOf(state, sectionOf(state, args.section_id).course)}, passed or waived.`),
    must('conflict', (state, args) => !activePlaces(state).some(([, one]) => sectionOf(state, one.section).course === sectionOf(state, args.section_id).course && sectionOf(state, one.section).term === sectionOf(state, args.section_id).term), () => 'The student has a place in this course already.'),
    must('conflict', (state, args) => seatsLeft(state, args.section_id) > 0, (args) => `Section \`${args.section_id}\` is full. There is a waiting list.`),
    must('conflict', (state, args) => !activePlaces(state).some(([, one]) => clash(state, one.section, args.section_id)), (args) => `Section \`${args.section_id}\` clashes with another place of the student.`),
    enough('the term', 'credits', (state, args) => MOST_CREDITS - creditsIn(state, sectionOf(state, args.section_id).term), (args, state) => courseOf(state, args.section_id).credits),
  ],
  run: ({ state, id }, args) => {
    const place_id = id('PL', args.section_id, state.places);
    state.places[place_id] = { section: args.section_id, registration: args.registration_id, status: 'reserved' };
    return { place_id, room: sectionOf(state, args.section_id).room, ends: endOf(state, args.section_id), tuition: fromCents(tuitionCents(state, args.section_id)) };
  },
});

const submitRegistration = tool({
  name: 'submit_registration',
  about: 'Submit a registration: its reserved seats become places, and their tuition is charged to the student.',
  in: z.strictObject({ registration_id: registrationId }),
  out: z.object({ tuition_charged: money('Tuition charged'), credits_in_term: z.int().describe('Credits the student now takes in the term'), pay_by: z.iso.date().describe('Day by which the tuition is to be paid') }),
  writes: ['registrations', 'places', 'account'],
  needs: [
    session,
    ...registrationOpen,
    must('precondition', (state, args) => Object.values(state.places).some((one) => one.registration === args.registration_id && one.status === 'reserved'), (args) => `No seat is reserved in registration \`${args.registration_id}\`.`),
  ],
  run: ({ state }, args) => {
    const registration = rowOf(state.registrations, args.registration_id);
    registration.submitted = true;
    const taken = rowsOf(state.places, (one) => one.registration === args.registration_id && one.status === 'reserved');
    const charged = sumOf(taken, ([, one]) => tuitionCents(state, one.section));
    for (const [id] of taken) rowOf(state.places, id).status = 'enrolled';
    state.account.owedCents += charged;
    return { tuition_charged: fromCents(charged), credits_in_term: creditsIn(state, registration.term), pay_by: addDays(rowOf(state.terms, registration.term).startsOn, -10) };
  },
});

const joinWaitingList = tool({
  name: 'join_waiting_list',
  about: 'Put the student on the waiting list of a full section.',
  in: z.strictObject({ section_id: sectionId('Code of the section') }),
  out: z.object({ place_in_line: z.int().describe('Place on the waiting list'), moved_up_last_year: z.int().describe('Students who got a seat from the list last year'), answer_by: z.iso.date().describe('Day by which the student is told') }),
  writes: ['waiting'],
  needs: [
    session,
    sectionExists((args) => args.section_id),
    must('precondition', (state, args) => seatsLeft(state, args.section_id) === 0, (args, state) => `Section \`${args.section_id}\` has ${seatsLeft(state, args.section_id)} seats left: reserve one.`),
    must('conflict', (state, args) => !Object.values(state.waiting).some((one) => one.section === args.section_id), () => 'The student is on this waiting list already.'),
  ],
  run: ({ state, id }, args) => {
    state.waiting[id('WL', args.section_id, state.waiting)] = { section: args.section_id };
    const rng = createRng(`${state.salt}/waiting/${args.section_id}`);
    return { place_in_line: rng.int(2, 17), moved_up_last_year: rng.int(1, 13), answer_by: addDays(rowOf(state.terms, sectionOf(state, args.section_id).term).startsOn, -rng.int(2, 9)) };
  },
});

const mySchedule = tool({
  name: 'my_schedule',
  about: "List the student's places in all terms with day, time, room and status.",
  in: z.strictObject({}),
  out: z.object({
    places: z.array(z.object({
      place_id: placeId,
      title: z.string().describe('Title of the course'),
      weekday: weekday.describe('Day of the week'),
      starts: clock('Start'),
      ends: clock('End'),
      room: z.string().describe('Room'),
      status: z.enum(PLACE_STATUSES).describe('Status of the place'),
    })).describe('The places'),
  }),
  needs: [session],
  run: ({ state }) => ({ places: rowsOf(state.places).map(([place_id, one]) => ({ place_id, title: courseOf(state, one.section).title, weekday: sectionOf(state, one.section).weekday, starts: sectionOf(state, one.section).starts, ends: endOf(state, one.section), room: sectionOf(state, one.section).room, status: one.status })) }),
});

/** The section of the same course and term on a weekday; a course has at most one a day. */
const otherSection = (state: CoursesState, args: { place_id: string; weekday: Section['weekday'] }): string | undefined => {
  const { course, term } = sectionOf(state, rowOf(state.places, args.place_id).section);
  return findId(state.sections, (one) => one.course === course && one.term === term && one.weekday === args.weekday);
};

const swapSection = tool({
  name: 'swap_section',
  about: 'Swap a place for a seat in the section of the same course and term that is held on another weekday.',
  in: z.strictObject({ place_id: placeId, weekday: weekday.describe('Weekday of the section to go to') }),
  out: z.object({ starts: clock('New start'), ends: clock('New end'), room: z.string().describe('New room'), teacher: z.string().describe('New teacher') }),
  writes: ['places'],
  needs: [
    session,
    ...placeIs('reserved', 'enrolled'),
    must('not_found', (state, args) => otherSection(state, args) !== undefined, (args) => `The course has no section on ${args.weekday}s in that term.`),
    must('conflict', (state, args) => rowOf(state.places, args.place_id).section !== otherSection(state, args), (args) => `The place is in the section on ${args.weekday}s already.`),
    must('conflict', (state, args) => seatsLeft(state, otherSection(state, args) as string) > 0, (args) => `The section on ${args.weekday}s is full.`),
    must(
      'conflict',
      (state, args) => !activePlaces(state).some(([id, one]) => id !== args.place_id && clash(state, one.section, otherSection(state, args) as string)),
      (args) => `The section on ${args.weekday}s clashes with another place of the student.`,
    ),
  ],
  run: ({ state }, args) => {
    const section = otherSection(state, args) as string;
    rowOf(state.places, args.place_id).section = section;
    return { starts: sectionOf(state, section).starts, ends: endOf(state, section), room: sectionOf(state, section).room, teacher: sectionOf(state, section).teacher };
  },
});

const dropPlace = tool({
  name: 'drop_place',
  about: 'Give a place up. What was charged for it becomes college credit: in full while the registration period runs, else by half.',
  in: z.strictObject({ place_id: placeId, reason: z.enum(['clash_at_work', 'too_hard', 'changed_programme', 'health']).describe('Why it is given up') }),
  out: z.object({ credited: money('Amount credited'), college_credit: money('College credit afterwards'), credits_in_term: z.int().describe('Credits the student still takes in the term') }),
  writes: ['places', 'account'],
  needs: [session, ...placeIs('reserved', 'enrolled')],
  run: ({ state }, args) => {
    const place = rowOf(state.places, args.place_id);
    const { term } = sectionOf(state, place.section);
    const charged = place.status === 'enrolled' ? tuitionCents(state, place.section) : 0;
    const credited = state.today <= rowOf(state.terms, term).closesOn ? charged : Math.round(charged / 2);
    place.status = 'dropped';
    state.account.creditCents += credited;
    return { credited: fromCents(credited), college_credit: fromCents(state.account.creditCents), credits_in_term: creditsIn(state, term) };
  },
});

/** The tools of the college, as its registration assistant would be given them. */
export const coursesTools: readonly DomainTool<CoursesState>[] = [
  openStudentSession,
  findTerm,
  findCourse,
  browseDepartment,
  listSections,
  compareSections,
  payBalance,
  checkPrerequisite,
  bookAdvising,
  requestWaiver,
  startRegistration,
  myRegistrations,
  reserveSeat,
  submitRegistration,
  joinWaitingList,
  mySchedule,
  swapSection,
  dropPlace,
];
