import type { JsonObject } from '../../../src/core/json';
import { createCoursesWorld } from '../../../src/worlds/builtin/courses';
import { rowsIn, rowWith, talkTo, type Talk } from '../../fixtures/talk';

const world = createCoursesWorld();

async function student() {
  const chat = await talkTo(world);
  await chat.ask('open_student_session', { student_number: chat.say.student_number as string, passphrase: chat.say.passphrase as string });
  const term_code = await chat.get('find_term', 'term_code', { term_name: chat.say.term_1 as string });
  return { ...chat, term_code };
}

/** An open registration of a student who owes nothing. */
async function registering() {
  const chat = await student();
  await chat.ask('pay_balance', { method: 'card' });
  return { ...chat, registration_id: await chat.get('start_registration', 'registration_id', { term_code: chat.term_code }) };
}

async function sectionsOf({ ask, get, say }: Talk, course: string, term_code: string): Promise<JsonObject[]> {
  const course_id = await get('find_course', 'course_id', { title: say[course] as string });
  return rowsIn(await ask('list_sections', { course_id, term_code }), 'sections');
}

const open = (sections: JsonObject[]): string[] => sections.filter((one) => (one.seats_left as number) > 0).map((one) => one.section_id as string);

describe('a registration', () => {
  test('is for students who owe nothing, while the period runs', async () => {
    const { ask, get, attempt, say, term_code } = await student();
    expect(await attempt('start_registration', { term_code })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('owes') });
    await ask('pay_balance', { method: 'college_credit' });
    expect(await attempt('pay_balance', { method: 'card' })).toMatchObject({ fault: 'conflict' });
    const later = await get('find_term', 'term_code', { term_name: say.term_2 as string });
    expect(await attempt('start_registration', { term_code: later })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('runs from') });
    await ask('start_registration', { term_code });
    expect(await attempt('start_registration', { term_code })).toMatchObject({ fault: 'conflict' });
  });

  test('turns reserved seats into places and charges their tuition, which a dropped place gives back', async () => {
    const chat = await registering();
    const { ask, attempt, registration_id, term_code } = chat;
    expect(await attempt('submit_registration', { registration_id })).toMatchObject({ fault: 'precondition' });
    const results = [];
    for (const section_id of open(await sectionsOf(chat, 'course_1', term_code))) results.push(await attempt('reserve_seat', { registration_id, section_id }));
    const seat = results.find((one) => one.ok) as { ok: true; value: JsonObject };
    expect(await ask('submit_registration', { registration_id })).toMatchObject({ tuition_charged: seat.value.tuition });
    const place_id = seat.value.place_id as string;
    expect(rowWith(await ask('my_schedule'), 'places', { place_id }).status).toBe('enrolled');
    expect((await ask('drop_place', { place_id, reason: 'health' })).credited).toBe(seat.value.tuition);
    expect(await attempt('drop_place', { place_id, reason: 'health' })).toMatchObject({ fault: 'conflict' });
  });

  test('an advanced course waits for a waiver, and a waiver for an advising hour of its own', async () => {
    const chat = await registering();
    const { ask, get, attempt, say, registration_id, term_code } = chat;
    const section_id = open(await sectionsOf(chat, 'course_3', term_code))[0] as string;
    expect(await attempt('reserve_seat', { registration_id, section_id })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('passed or waived') });
    const course_id = await get('find_course', 'course_id', { title: say.course_3 as string });
    const advising_id = await get('book_advising', 'advising_id', { advisor: say.advisor as string, date: say.advising_day as string });
    const { prerequisite, met } = await ask('check_prerequisite', { course_id });
    expect([await ask('request_waiver', { course_id, advising_id, ground: 'entrance_test' }), met]).toMatchObject([{ waived: prerequisite, granted_by: say.advisor }, false]);
    expect((await ask('check_prerequisite', { course_id })).met).toBe(true);
    expect(await attempt('request_waiver', { course_id, advising_id, ground: 'entrance_test' })).toMatchObject({ fault: 'conflict' });
  });

  test('a full section has a waiting list and no seats, an open one the other way round', async () => {
    const chat = await registering();
    const { ask, attempt, registration_id, term_code } = chat;
    const sections = await sectionsOf(chat, 'course_1', term_code);
    const full = sections.find((one) => one.seats_left === 0)?.section_id as string;
    expect(await attempt('reserve_seat', { registration_id, section_id: full })).toMatchObject({ fault: 'conflict', message: expect.stringContaining('waiting list') });
    await ask('join_waiting_list', { section_id: full });
    expect(await attempt('join_waiting_list', { section_id: full })).toMatchObject({ fault: 'conflict' });
    expect(await attempt('join_waiting_list', { section_id: open(sections)[0] as string })).toMatchObject({ fault: 'precondition' });
  });

  test('a place is swapped within its course and term, to another weekday', async () => {
    const { ask, attempt } = await student();
    const place = rowsIn(await ask('my_schedule'), 'places').find((one) => one.status === 'enrolled') as JsonObject;
    const swap = { place_id: place.place_id as string };
    expect(await attempt('swap_section', { ...swap, weekday: place.weekday as string })).toMatchObject({ fault: 'conflict' });
    const results = [];
    for (const weekday of ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday']) results.push(await attempt('swap_section', { ...swap, weekday }));
    expect(results.some((one) => one.ok)).toBe(true);
    expect(results.filter((one) => !one.ok && one.fault === 'not_found')).toHaveLength(2);
  });
});
