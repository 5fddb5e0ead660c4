import { z } from 'zod';
import { createRng } from '../../../core/random';
import { addDays, daysBetween, minutesOf, timeOf } from '../calendar';
import { clock, dayShown, findId, fromCents, inStatus, money, notPast, rowOf, rowsOf, sameName, signedIn, sortedBy, text } from '../combinators';
import { day, exists, must, ref, toolsOn, type DomainTool, type Need } from '../domain';
import { ANSWERS, ATTENDANCE, hourOf, hoursFreeTo, isFree, isVacant, MEETING_STATUSES, PLANNED_DAYS, type Meeting, type MeetingsState } from './state';

const tool = toolsOn<MeetingsState>();

// ---- fields that several tools share ----

const personId = (description: string): z.ZodString => ref('person_id', description);
const buildingId = ref('building_id', 'Identifier of a building, as given by find_building');
const buildingName = (description: string): z.ZodString => ref('building_name', description);
const roomId = ref('room_id', 'Identifier of a room, as given by list_rooms');
const hourId = ref('hour_id', 'Identifier of one hour of one day');
const holdId = (description: string): z.ZodString => ref('hold_id', description);
const meetingId = ref('meeting_id', "Identifier of one of the user's meetings");
const invitationId = ref('invitation_id', 'Identifier of one invitation to a meeting');
const planningDay = day('Working day to look at, as YYYY-MM-DD');
const status = z.enum(MEETING_STATUSES).describe('How far the meeting has come');

const MOST_HOURS = 5;
const hoursShown = z.array(z.object({ hour_id: hourId, starts_at: clock('Start of the hour'), ends_at: clock('End of the hour') }));

// ---- needs ----

type OfMeeting = { meeting_id: string };

const opened = signedIn<MeetingsState>();
const personExists = <A>(read: (args: A) => string): Need<MeetingsState, A> => exists('colleague', (state) => state.people, read);
const roomExists = exists<MeetingsState, { room_id: string }>('room', (state) => state.rooms, (args) => args.room_id);
const meetingExists = exists<MeetingsState, OfMeeting>('meeting', (state) => state.meetings, (args) => args.meeting_id);
const meetingIs = (...allowed: Meeting['status'][]): Need<MeetingsState, OfMeeting> =>
  inStatus({ kind: 'Meeting', id: (args) => args.meeting_id, status: (state, args) => rowOf(state.meetings, args.meeting_id).status, order: MEETING_STATUSES, allowed });

const plannedDay = <A extends { date: string }>(): Need<MeetingsState, A>[] => [
  notPast((args) => args.date, PLANNED_DAYS),
  must('not_found', (state, args) => findId(state.hours, (hour) => hour.date === args.date) !== undefined, (args) => `No meetings take place on ${args.date}. Choose a working day after today.`),
];

/** The hold exists and carries no meeting yet. */
const holdIsOpen = <A>(read: (args: A) => string): Need<MeetingsState, A>[] => [
  exists('hold', (state) => state.holds, read),
  must('conflict', (state, args) => rowOf(state.holds, read(args)).meeting === null, (args) => `Hold \`${read(args)}\` carries a meeting already. Hold a room for another hour.`),
];

// ---- reading the state ----

const guestsOf = (state: MeetingsState, id: string): [string, MeetingsState['invitations'][string]][] => rowsOf(state.invitations, (row) => row.meeting === id);
const hourAt = (state: MeetingsState, id: string): MeetingsState['hours'][string] => rowOf(state.hours, id);
const roomOfHold = (state: MeetingsState, hold: string): MeetingsState['rooms'][string] => rowOf(state.rooms, rowOf(state.holds, hold).room);
const endOf = (startsAt: string): string => timeOf(minutesOf(startsAt) + 60);

/** The first hours of a day that are wanted, as tools show them. */
function hoursOn(state: MeetingsState, date: string, wanted: (hour: string) => boolean): z.output<typeof hoursShown> {
  const free = rowsOf(state.hours, (hour, id) => hour.date === date && wanted(id));
  return sortedBy(free, ([, hour]) => hour.startsAt).slice(0, MOST_HOURS).map(([hour_id, { startsAt }]) => ({ hour_id, starts_at: startsAt, ends_at: endOf(startsAt) }));
}

// ---- people and hours ----

const openDiary = tool({
  name: 'open_diary',
  about: "Open the user's diary with staff number and PIN. Colleagues, holds and meetings are closed before.",
  in: z.strictObject({ staff_number: ref('staff_number', 'Staff number, as QI-00000'), diary_pin: ref('diary_pin', 'Five-digit PIN of the diary') }),
  out: z.object({ owner_name: z.string().describe('Name of the owner of the diary'), hours_booked: z.int().describe('Hours of the next four weeks that are filled') }),
  writes: ['session'],
  needs: [
    must('not_found', (state, args) => state.user.staffNumber === args.staff_number, (args) => `There is no staff number \`${args.staff_number}\`.`),
    must('precondition', (state, args) => state.user.pin === args.diary_pin, () => 'The PIN does not belong to this staff number.'),
  ],
  run: ({ state }) => {
    state.session.signedIn = true;
    const { person } = state.user;
    const free = hoursFreeTo(state, person);
    return { owner_name: rowOf(state.people, person).name, hours_booked: Object.keys(state.hours).filter((hour) => !free(hour)).length };
  },
});

const personNamed = (state: MeetingsState, name: string): string | undefined => findId(state.people, (row) => sameName(row.name, name));

const findColleague = tool({
  name: 'find_colleague',
  about: 'Find a person of the company by full name, with the identifier that free hours and invitations go by.',
  in: z.strictObject({ full_name: ref('full_name', 'Full name of the person') }),
  out: z.object({
    person_id: personId('Identifier of the person'),
    team: z.string().describe('Team of the person'),
    usual_building: buildingName('Building where the person works'),
    desk_number: z.string().describe('Desk of the person'),
  }),
  needs: [opened, must('not_found', (state, args) => personNamed(state, args.full_name) !== undefined, (args) => `Nobody at the company is called \`${args.full_name}\`.`)],
  run: ({ state }, args) => {
    const person_id = personNamed(state, args.full_name) as string;
    const { team, building } = rowOf(state.people, person_id);
    const rng = createRng(`${state.salt}/desk/${person_id}`);
    return { person_id, team, usual_building: rowOf(state.buildings, building).name, desk_number: `${rng.int(1, 6)}.${rng.int(10, 89)}` };
  },
});

const commonHours = tool({
  name: 'common_hours',
  about: `List the first ${MOST_HOURS} hours of a day in which two people are both free. The user counts as a person too.`,
  in: z.strictObject({ first_person: personId('One of the two people'), second_person: personId('The other of the two people'), date: planningDay }),
  out: z.object({ hours: hoursShown.describe('Hours in which both are free, in order'), free_hours_in_all: z.int().describe('How many hours of the day suit both') }),
  needs: [
    opened,
    personExists((args) => args.first_person),
    personExists((args) => args.second_person),
    must('precondition', (_state, args) => args.first_person !== args.second_person, () => 'This takes two different people.'),
    ...plannedDay<{ date: string }>(),
  ],
  run: ({ state }, args) => {
    const [first, second] = [hoursFreeTo(state, args.first_person), hoursFreeTo(state, args.second_person)];
    const both = (hour: string): boolean => first(hour) && second(hour);
    return { hours: hoursOn(state, args.date, both), free_hours_in_all: rowsOf(state.hours, (hour, id) => hour.date === args.date && both(id)).length };
  },
});

// ---- buildings and rooms ----

const buildingNamed = (state: MeetingsState, name: string): string | undefined => findId(state.buildings, (row) => sameName(row.name, name));

const findBuilding = tool({
  name: 'find_building',
  about: 'Find a building of the company by its name. Rooms are listed by the identifier of their building.',
  in: z.strictObject({ building_name: buildingName('Name of the building') }),
  out: z.object({ building_id: buildingId, opens_at: clock('Opening of the building'), front_desk_phone: z.string().describe('Extension of the front desk') }),
  needs: [must('not_found', (state, args) => buildingNamed(state, args.building_name) !== undefined, (args) => `The company has no building called \`${args.building_name}\`.`)],
  run: ({ state }, args) => {
    const building_id = buildingNamed(state, args.building_name) as string;
    const { opensAt, deskPhone } = rowOf(state.buildings, building_id);
    return { building_id, opens_at: opensAt, front_desk_phone: deskPhone };
  },
});

const listRooms = tool({
  name: 'list_rooms',
  about: 'List the meeting rooms of a building with their floors and seats.',
  in: z.strictObject({ building_id: buildingId }),
  out: z.object({
    rooms: z.array(z.object({ room_id: roomId, room_name: z.string().describe('Name of the room'), floor: z.int().describe('Floor of the room'), seats: z.int().describe('Seats in the room') })).describe('The rooms, by name'),
  }),
  needs: [exists('building', (state) => state.buildings, (args) => args.building_id)],
  run: ({ state }, args) => ({
    rooms: sortedBy(rowsOf(state.rooms, (row) => row.building === args.building_id), ([, row]) => row.name).map(([room_id, { name, floor, seats }]) => ({ room_id, room_name: name, floor, seats })),
  }),
});

const roomHours = tool({
  name: 'room_hours',
  about: `List the first ${MOST_HOURS} hours of a day in which a room is neither taken nor held.`,
  in: z.strictObject({ room_id: roomId, date: planningDay }),
  out: z.object({ hours: hoursShown.describe('Hours in which the room is free, in order'), cleaned_at: clock('When the room is cleaned on that day') }),
  needs: [roomExists, ...plannedDay<{ room_id: string; date: string }>()],
  run: ({ state }, args) => ({
    hours: hoursOn(state, args.date, (hour) => isVacant(state, args.room_id, hour)),
    cleaned_at: timeOf(createRng(`${state.salt}/cleaned/${args.room_id}/${args.date}`).int(68, 80) * 15),
  }),
});

const holdRoom = tool({
  name: 'hold_room',
  about: 'Hold a room for one hour. A meeting is made from the hold.',
  in: z.strictObject({ room_id: roomId, hour_id: hourId }),
  out: z.object({ hold_id: holdId('Identifier of the hold'), held_until: dayShown('Last day on which a meeting can be made from the hold'), charge: money('What the room costs the department') }),
  writes: ['holds'],
  needs: [
    opened, roomExists,
    exists('hour', (state) => state.hours, (args) => args.hour_id),
    must('conflict', (state, args) => isVacant(state, args.room_id, args.hour_id), (args, state) => `Room \`${args.room_id}\` is taken on ${hourAt(state, args.hour_id).date} at ${hourAt(state, args.hour_id).startsAt}.`),
  ],
  run: ({ state, id }, args) => {
    const hold_id = id('HD', `${args.room_id}/${args.hour_id}`, state.holds);
    state.holds[hold_id] = { room: args.room_id, hour: args.hour_id, meeting: null };
    const { seats, floor } = rowOf(state.rooms, args.room_id);
    return { hold_id, held_until: addDays(hourAt(state, args.hour_id).date, -1), charge: fromCents(seats * 250 + floor * 40) };
  },
});

// ---- meetings ----

const createMeeting = tool({
  name: 'create_meeting',
  about: 'Make a draft of a meeting from a hold on a room. The user organises it and must be free in that hour.',
  in: z.strictObject({ hold_id: holdId('Hold on the room, as given by hold_room'), title: text('Title of the meeting') }),
  out: z.object({ meeting_id: meetingId, takes_place_on: dayShown('Day of the meeting'), starts_at: clock('Start of the meeting'), dial_in: z.string().describe('Number for those who call in') }),
  writes: ['meetings', 'holds'],
  needs: [
    opened,
    ...holdIsOpen<{ hold_id: string }>((args) => args.hold_id),
    must('conflict', (state, args) => isFree(state, state.user.person, rowOf(state.holds, args.hold_id).hour), (args, state) => `The user is busy on ${hourAt(state, rowOf(state.holds, args.hold_id).hour).date} at ${hourAt(state, rowOf(state.holds, args.hold_id).hour).startsAt}.`),
  ],
  run: ({ state, id }, args) => {
    const meeting_id = id('MT', args.hold_id, state.meetings);
    state.meetings[meeting_id] = { title: args.title, hold: args.hold_id, status: 'draft', refreshments: null };
    const hold = rowOf(state.holds, args.hold_id);
    hold.meeting = meeting_id;
    const { date, startsAt } = hourAt(state, hold.hour);
    return { meeting_id, takes_place_on: date, starts_at: startsAt, dial_in: String(createRng(`${state.salt}/dial/${meeting_id}`).int(300_000, 899_999)) };
  },
});

const listMeetings = tool({
  name: 'list_meetings',
  about: "List the next meetings that the user organises, with their days and how far they have come.",
  in: z.strictObject({ only: status.optional().describe('Show only meetings that have come this far') }),
  out: z.object({
    meetings: z.array(z.object({ meeting_id: meetingId, title: z.string().describe('Title of the meeting'), takes_place_on: day('Day of the meeting'), starts_at: clock('Start of the meeting'), status })).describe('The meetings, earliest first, six at most'),
  }),
  needs: [opened],
  run: ({ state }, args) => {
    const rows = rowsOf(state.meetings, (row) => args.only === undefined || row.status === args.only).map(([meeting_id, row]) => {
      const { date, startsAt } = hourAt(state, hourOf(state, meeting_id));
      return { meeting_id, title: row.title, takes_place_on: date, starts_at: startsAt, status: row.status };
    });
    return { meetings: sortedBy(rows, (row) => `${row.takes_place_on} ${row.starts_at}`).slice(0, 6) };
  },
});

const meetingDetails = tool({
  name: 'meeting_details',
  about: 'Show where a meeting takes place, who is invited and who has answered.',
  in: z.strictObject({ meeting_id: meetingId }),
  out: z.object({
    room_name: z.string().describe('Room of the meeting'),
    building: z.string().describe('Building of the room'),
    free_seats: z.int().describe('Seats for which nobody is invited yet'),
    invited: z.array(z.object({
      invitation_id: invitationId,
      person_name: ref('full_name', 'Name of the invited person'),
      attendance: z.enum(ATTENDANCE).describe('Whether the person is required'),
      answer: z.enum([...ANSWERS, 'open']).describe('What the person has answered'),
    })).describe('The invited people, by name'),
  }),
  needs: [opened, meetingExists],
  run: ({ state }, args) => {
    const { name, building, seats } = roomOfHold(state, rowOf(state.meetings, args.meeting_id).hold);
    const guests = guestsOf(state, args.meeting_id);
    const invited = guests.map(([invitation_id, row]) => ({ invitation_id, person_name: rowOf(state.people, row.person).name, attendance: row.attendance, answer: row.answer ?? 'open' as const }));
    return { room_name: name, building: rowOf(state.buildings, building).name, free_seats: seats - 1 - guests.length, invited: sortedBy(invited, (row) => row.person_name) };
  },
});

// ---- invitations ----

const invitePerson = tool({
  name: 'invite_person',
  about: 'Put a person on the list of a draft meeting. Somebody whose attendance is required must be free in that hour.',
  in: z.strictObject({ meeting_id: meetingId, person_id: personId('Person to invite'), attendance: z.enum(ATTENDANCE).default('required').describe('Whether the meeting needs the person') }),
  out: z.object({ invitation_id: invitationId, person_name: z.string().describe('Name of the invited person'), seats_left: z.int().describe('Seats left in the room') }),
  writes: ['invitations'],
  needs: [
    opened, meetingExists,
    personExists((args) => args.person_id),
    meetingIs('draft'),
    must('conflict', (state, args) => args.person_id !== state.user.person && guestsOf(state, args.meeting_id).every(([, row]) => row.person !== args.person_id), (args) => `\`${args.person_id}\` is in this meeting already.`),
    must('conflict', (state, args) => guestsOf(state, args.meeting_id).length + 1 < roomOfHold(state, rowOf(state.meetings, args.meeting_id).hold).seats, () => 'The room has no seat left.'),
    must('conflict', (state, args) => args.attendance === 'optional' || isFree(state, args.person_id, hourOf(state, args.meeting_id)), (args) => `\`${args.person_id}\` is busy in that hour. Find an hour that suits, or invite as optional.`),
  ],
  run: ({ state, id }, args) => {
    const invitation_id = id('IV', `${args.meeting_id}/${args.person_id}`, state.invitations);
    state.invitations[invitation_id] = { meeting: args.meeting_id, person: args.person_id, attendance: args.attendance, answer: null };
    const { seats } = roomOfHold(state, rowOf(state.meetings, args.meeting_id).hold);
    return { invitation_id, person_name: rowOf(state.people, args.person_id).name, seats_left: seats - 1 - guestsOf(state, args.meeting_id).length };
  },
});

const sendInvitations = tool({
  name: 'send_invitations',
  about: 'Send the invitations of a draft meeting to everybody on its list. The list is closed afterwards.',
  in: z.strictObject({ meeting_id: meetingId }),
  out: z.object({ people_asked: z.int().describe('People who got an invitation'), answer_by: dayShown('Day by which they are asked to answer'), sent_at: clock('When the invitations went out') }),
  writes: ['meetings'],
  needs: [
    opened, meetingExists, meetingIs('draft'),
    must('precondition', (state, args) => guestsOf(state, args.meeting_id).length > 0, (args) => `Nobody is invited to meeting \`${args.meeting_id}\` yet. Invite somebody first.`),
  ],
  run: ({ state }, args) => {
    rowOf(state.meetings, args.meeting_id).status = 'sent';
    const ahead = daysBetween(state.today, hourAt(state, hourOf(state, args.meeting_id)).date);
    return { people_asked: guestsOf(state, args.meeting_id).length, answer_by: addDays(state.today, Math.floor(ahead / 2)), sent_at: timeOf(createRng(`${state.salt}/sent/${args.meeting_id}`).int(480, 1050)) };
  },
});

const meetingOf = (state: MeetingsState, invitation: string): OfMeeting => ({ meeting_id: rowOf(state.invitations, invitation).meeting });

const recordAnswer = tool({
  name: 'record_answer',
  about: 'Take down the answer of an invited person to an invitation that was sent.',
  in: z.strictObject({ invitation_id: invitationId, answer: z.enum(ANSWERS).describe('What the person answers') }),
  out: z.object({ person_name: z.string().describe('Who has answered'), answers_missing: z.int().describe('Answers the meeting still waits for'), seat_number: z.int().describe('Seat set aside in the room') }),
  writes: ['invitations'],
  needs: [
    opened,
    exists('invitation', (state) => state.invitations, (args) => args.invitation_id),
    (state, args) => meetingIs('sent', 'confirmed')(state, meetingOf(state, args.invitation_id)),
    must('conflict', (state, args) => rowOf(state.invitations, args.invitation_id).answer === null, (args) => `Invitation \`${args.invitation_id}\` has been answered already.`),
  ],
  run: ({ state }, args) => {
    const row = rowOf(state.invitations, args.invitation_id);
    row.answer = args.answer;
    return {
      person_name: rowOf(state.people, row.person).name,
      answers_missing: guestsOf(state, row.meeting).filter(([, one]) => one.answer === null).length,
      seat_number: createRng(`${state.salt}/seat/${args.invitation_id}`).int(11, 78),
    };
  },
});

const requiredBut = (state: MeetingsState, id: string, answer: 'declined' | null): boolean => guestsOf(state, id).some(([, row]) => row.attendance === 'required' && row.answer === answer);

const confirmMeeting = tool({
  name: 'confirm_meeting',
  about: 'Confirm a meeting that everybody required has accepted. Gives the code that opens the room.',
  in: z.strictObject({ meeting_id: meetingId }),
  out: z.object({ door_code: z.string().describe('Code that opens the room'), doors_open_at: clock('When the room can be entered'), people_expected: z.int().describe('People who come, the organiser included') }),
  writes: ['meetings'],
  needs: [
    opened, meetingExists, meetingIs('sent'),
    must('conflict', (state, args) => !requiredBut(state, args.meeting_id, 'declined'), () => 'Somebody required has declined. Move the meeting first.'),
    must('precondition', (state, args) => !requiredBut(state, args.meeting_id, null), () => 'Somebody required has not answered yet.'),
  ],
  run: ({ state }, args) => {
    rowOf(state.meetings, args.meeting_id).status = 'confirmed';
    const rng = createRng(`${state.salt}/door/${args.meeting_id}`);
    const starts = minutesOf(hourAt(state, hourOf(state, args.meeting_id)).startsAt);
    return { door_code: String(rng.int(100_000, 999_999)), doors_open_at: timeOf(starts - rng.int(4, 16)), people_expected: 1 + guestsOf(state, args.meeting_id).filter(([, row]) => row.answer === 'accepted').length };
  },
});

const moveMeeting = tool({
  name: 'move_meeting',
  about: 'Move a meeting to another held room and hour. The old hold is given up, and everybody is asked again.',
  in: z.strictObject({ meeting_id: meetingId, new_hold: holdId('Hold on the room to move to, as given by hold_room') }),
  out: z.object({ takes_place_on: dayShown('New day of the meeting'), starts_at: clock('New start of the meeting'), room_name: z.string().describe('New room of the meeting') }),
  writes: ['meetings', 'holds', 'invitations'],
  needs: [
    opened, meetingExists, meetingIs('draft', 'sent'),
    ...holdIsOpen<{ meeting_id: string; new_hold: string }>((args) => args.new_hold),
    must('conflict', (state, args) => guestsOf(state, args.meeting_id).length < roomOfHold(state, args.new_hold).seats, () => 'The other room is too small for the list of the meeting.'),
    must('conflict', (state, args) => isFree(state, state.user.person, rowOf(state.holds, args.new_hold).hour, args.meeting_id), () => 'The user is busy in the new hour.'),
  ],
  run: ({ state }, args) => {
    const row = rowOf(state.meetings, args.meeting_id);
    delete state.holds[row.hold];
    row.hold = args.new_hold;
    rowOf(state.holds, args.new_hold).meeting = args.meeting_id;
    for (const [id] of guestsOf(state, args.meeting_id)) rowOf(state.invitations, id).answer = null;
    const { date, startsAt } = hourAt(state, hourOf(state, args.meeting_id));
    return { takes_place_on: date, starts_at: startsAt, room_name: roomOfHold(state, args.new_hold).name };
  },
});

const MENUS = { coffee: 320, pastries: 540, sandwiches: 890, fruit_platter: 610 } as const;
const MENU_NAMES = Object.keys(MENUS) as (keyof typeof MENUS)[];
const ORDER_DAYS = 2;

const orderRefreshments = tool({
  name: 'order_refreshments',
  about: `Order refreshments for everybody in a meeting whose invitations were sent, at least ${ORDER_DAYS} days ahead and once.`,
  in: z.strictObject({ meeting_id: meetingId, menu: z.enum(MENU_NAMES).describe('What to serve') }),
  out: z.object({ total_price: money('Price for everybody'), served_at: clock('When it is served'), kitchen_order: z.string().describe('Number of the order in the kitchen') }),
  writes: ['meetings'],
  needs: [
    opened, meetingExists, meetingIs('sent', 'confirmed'),
    must('conflict', (state, args) => rowOf(state.meetings, args.meeting_id).refreshments === null, (args) => `Meeting \`${args.meeting_id}\` has refreshments already.`),
    must('precondition', (state, args) => daysBetween(state.today, hourAt(state, hourOf(state, args.meeting_id)).date) >= ORDER_DAYS, () => `The kitchen needs ${ORDER_DAYS} days.`),
  ],
  run: ({ state, id }, args) => {
    const kitchen_order = id('RF', args.meeting_id, {});
    rowOf(state.meetings, args.meeting_id).refreshments = kitchen_order;
    const { startsAt } = hourAt(state, hourOf(state, args.meeting_id));
    const served = minutesOf(startsAt) + createRng(`${state.salt}/served/${args.meeting_id}`).int(1, 6) * 5;
    return { total_price: fromCents(MENUS[args.menu] * (1 + guestsOf(state, args.meeting_id).length)), served_at: timeOf(served), kitchen_order };
  },
});

/** The tools of the meeting planner. */
export const meetingsTools: readonly DomainTool<MeetingsState>[] = [
  openDiary, findColleague, commonHours,
  findBuilding, listRooms, roomHours, holdRoom,
  createMeeting, listMeetings, meetingDetails,
  invitePerson, sendInvitations, recordAnswer, confirmMeeting, moveMeeting, orderRefreshments,
];
