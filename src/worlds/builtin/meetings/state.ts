import { z } from 'zod';
import { createRng } from '../../../core/random';
import { addDays, timeOf, weekdayOf } from '../calendar';
import { rowOf, unique } from '../combinators';
import { seeding, type Seeding } from '../seeding';

export const MEETING_STATUSES = ['draft', 'sent', 'confirmed'] as const;
export const ATTENDANCE = ['required', 'optional'] as const;
export const ANSWERS = ['accepted', 'declined'] as const;

const meeting = z.strictObject({ title: z.string(), hold: z.string(), status: z.enum(MEETING_STATUSES), refreshments: z.string().nullable() });
const invitation = z.strictObject({ meeting: z.string(), person: z.string(), attendance: z.enum(ATTENDANCE), answer: z.enum(ANSWERS).nullable() });
const room = z.strictObject({ building: z.string(), name: z.string(), floor: z.int(), seats: z.int().min(2) });

/** The planner as one organiser sees it. All meetings are the user's; what else fills people's days is derived by `isFree`. */
export const meetingsStateSchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  user: z.strictObject({ staffNumber: z.string(), pin: z.string(), person: z.string() }),
  session: z.strictObject({ signedIn: z.boolean() }),
  people: z.record(z.string(), z.strictObject({ name: z.string(), team: z.string(), building: z.string() })),
  buildings: z.record(z.string(), z.strictObject({ name: z.string(), opensAt: z.string(), deskPhone: z.string() })),
  rooms: z.record(z.string(), room),
  /** The hours in which meetings can take place, by their id. */
  hours: z.record(z.string(), z.strictObject({ date: z.iso.date(), startsAt: z.string() })),
  holds: z.record(z.string(), z.strictObject({ room: z.string(), hour: z.string(), meeting: z.string().nullable() })),
  meetings: z.record(z.string(), meeting),
  invitations: z.record(z.string(), invitation),
});

export type MeetingsState = z.output<typeof meetingsStateSchema>;
export type Meeting = z.output<typeof meeting>;

/** Days from today for which meetings can be planned. */
export const PLANNED_DAYS = 28;

const STARTS = ['09:00', '10:00', '11:00', '13:00', '14:00', '15:00', '16:00'];
const BUILDINGS = ['Lathe House', 'Prism Court', 'Gauge Yard', 'Sextant Building', 'Foundry Annexe'];
const ROOMS = ['Kingfisher', 'Juniper', 'Basalt', 'Meridian', 'Sorrel', 'Harbour', 'Pumice', 'Wagtail', 'Larch', 'Solstice', 'Estuary', 'Flint'];
const TEAMS = ['Optics', 'Field Service', 'Purchasing', 'Firmware', 'Calibration', 'Publications'];
const TITLES = ['Quarterly stock review', 'Lens supplier call', 'Budget round', 'Trade fair debrief', 'Hiring panel', 'Safety walk planning'];
const PEOPLE = 6;

/** Working days only. */
export const isWorkday = (date: string): boolean => !['Saturday', 'Sunday'].includes(weekdayOf(date));

/** Six people, three buildings with three rooms each, and the user's meetings in every status. */
export function initMeetings(seed: number): MeetingsState {
  const s = seeding('meetings', seed);
  const buildings = s.table('BD', s.some(BUILDINGS, 3), (name) => ({ name, opensAt: timeOf(s.rng.int(12, 17) * 30), deskPhone: String(s.rng.int(4100, 7999)) }));
  const buildingIds = Object.keys(buildings);
  const teams = s.some(TEAMS, PEOPLE);
  const names = s.faker.helpers.uniqueArray(() => s.faker.person.firstName(), PEOPLE).map((first) => `${first} ${s.faker.person.lastName()}`);
  const people = s.table('PN', names, (name, at) => ({ name, team: teams[at] as string, building: buildingIds[at % 3] as string }));
  const dates = Array.from({ length: PLANNED_DAYS }, (_, ahead) => addDays(s.today, ahead + 1)).filter(isWorkday);
  const hours = Object.fromEntries(dates.flatMap((date) => STARTS.map((startsAt) => [s.code('HR', `${date}/${startsAt}`), { date, startsAt }])));
  const rooms = s.table('RM', s.some(ROOMS, 9), (name, at) => ({ building: buildingIds[at % 3] as string, name, floor: s.rng.int(1, 6), seats: 2 + (at % 3) * 3 + Math.floor(at / 3) * 2 }));
  return {
    salt: s.salt, today: s.today, people, buildings, rooms, hours,
    user: { staffNumber: `QI-${s.rng.int(10_000, 99_999)}`, pin: s.faker.string.numeric(5), person: Object.keys(people)[0] as string },
    session: { signedIn: false },
    ...initPlanned(s, { people: Object.keys(people), rooms: Object.keys(rooms).slice(3), hours: Object.keys(hours) }),
  };
}

/** Meetings made before the conversation: a draft, one that waits for an answer, one with an answer missing and refreshments, a confirmed one. */
function initPlanned(s: Seeding, ids: { people: string[]; rooms: string[]; hours: string[] }): Pick<MeetingsState, 'holds' | 'meetings' | 'invitations'> {
  const statuses = ['draft', 'sent', 'sent', 'confirmed'] as const;
  // Two days apart, so that their hours never meet.
  const holds = s.table('HD', statuses, (_, at) => ({ room: ids.rooms[at] as string, hour: ids.hours[at * 2 * STARTS.length + 14 + s.rng.int(0, STARTS.length - 1)] as string, meeting: null as string | null }));
  const titles = s.some(TITLES, statuses.length);
  const meetings = s.table('MT', statuses, (status, at) => ({ title: titles[at] as string, hold: Object.keys(holds)[at] as string, status, refreshments: at === 2 ? s.code('RF', at) : null }));
  for (const [id, { hold }] of Object.entries(meetings)) rowOf(holds, hold).meeting = id;
  const guests = Object.keys(meetings).flatMap((meeting, at) => s.some(ids.people.slice(1), 2).map((person, guest) => ({
    meeting, person,
    attendance: guest === 0 ? 'required' as const : 'optional' as const,
    answer: at === 3 || (at === 2 && guest === 1) ? 'accepted' as const : null,
  })));
  return { holds, meetings, invitations: s.table('IV', guests, (row) => row) };
}

// ---- what the planner reads off its state ----

/** The hour in which a meeting takes place. */
export const hourOf = (state: MeetingsState, meetingId: string): string => rowOf(state.holds, rowOf(state.meetings, meetingId).hold).hour;

/** Nothing of their own fills a person's hour, and no meeting but `except` does. */
export const isFree = (state: MeetingsState, person: string, hour: string, except?: string): boolean => hoursFreeTo(state, person, except)(hour);

/** As `isFree`, for whoever asks about many hours of one person. */
export function hoursFreeTo(state: MeetingsState, person: string, except?: string): (hour: string) => boolean {
  const own = ownHours(state, person);
  const met = new Set(Object.keys(state.meetings).filter((id) => id !== except && attends(state, person, id)).map((id) => hourOf(state, id)));
  return (hour) => !own.has(hour) && !met.has(hour);
}

// No tool writes hours, so what else fills them is drawn once for each person of a seed.
const drawn = new WeakMap<MeetingsState['hours'], Map<string, Set<string>>>();

function ownHours({ salt, hours }: MeetingsState, person: string): Set<string> {
  const known = drawn.get(hours) ?? new Map<string, Set<string>>();
  drawn.set(hours, known);
  const own = known.get(person) ?? new Set(Object.keys(hours).filter((hour) => createRng(`${salt}/busy/${person}/${hour}`).float() < 0.2));
  known.set(person, own);
  return own;
}

const attends = (state: MeetingsState, person: string, meetingId: string): boolean =>
  person === state.user.person || Object.values(state.invitations).some((row) => row.meeting === meetingId && row.person === person && row.answer !== 'declined');

/** No other department sits in the room in that hour, and nobody holds it. */
export const isVacant = (state: MeetingsState, roomId: string, hour: string): boolean =>
  createRng(`${state.salt}/taken/${roomId}/${hour}`).float() >= 0.3 && Object.values(state.holds).every((hold) => hold.room !== roomId || hold.hour !== hour);

const guestsOf = (state: MeetingsState, id: string): MeetingsState['invitations'][string][] => Object.values(state.invitations).filter((row) => row.meeting === id);

export const meetingsInvariants: { [rule: string]: (state: MeetingsState) => boolean } = {
  'a room is held once in an hour': (state) => unique(Object.values(state.holds).map(({ room: id, hour }) => `${id}/${hour}`)),
  'the organiser sits in one meeting at a time': (state) => unique(Object.keys(state.meetings).map((id) => hourOf(state, id))),
  'a hold and its meeting name each other': (state) =>
    Object.entries(state.meetings).every(([id, { hold }]) => rowOf(state.holds, hold).meeting === id)
    && Object.entries(state.holds).every(([id, { meeting: held }]) => held === null || rowOf(state.meetings, held).hold === id),
  'nobody stands for want of a seat': (state) =>
    Object.entries(state.meetings).every(([id, { hold }]) => guestsOf(state, id).length < rowOf(state.rooms, rowOf(state.holds, hold).room).seats),
  'whoever a confirmed meeting requires has accepted': (state) =>
    Object.entries(state.meetings).every(([id, { status }]) => status !== 'confirmed' || guestsOf(state, id).every((row) => row.attendance === 'optional' || row.answer === 'accepted')),
  'drafts have no answers': (state) => Object.entries(state.meetings).every(([id, { status }]) => status !== 'draft' || guestsOf(state, id).every((row) => row.answer === null)),
};
