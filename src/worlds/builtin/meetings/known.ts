import { createRng } from '../../../core/random';
import type { KnownFact } from '../../../core/tool';
import { fact, sortedBy } from '../combinators';
import type { MeetingsState } from './state';

const TITLES = ['Prototype handover', 'Winter catalogue kick-off', 'Packaging complaints', 'Workbench relocation', 'Apprentice welcome', 'Tender for the observatory'];

/** What an organiser could state: the way into the diary, whom to meet, where, when, and what about. */
export function knownMeetings(state: MeetingsState): KnownFact[] {
  const rng = createRng(`${state.salt}/known`);
  const people = Object.values(state.people).map(({ name }) => name);
  const buildings = Object.values(state.buildings).map(({ name }) => name);
  const titles = rng.shuffle(TITLES);
  // Working days at least two days ahead, in three bands, so that they differ and refreshments can still be ordered.
  const days = sortedBy([...new Set(Object.values(state.hours).map(({ date }) => date))], (date) => date);
  const title = (name: string, value: string | undefined, about: string): KnownFact => ({ name, value: value as string, about, params: ['create_meeting.title'] });
  return [
    fact('staff_number', state.user.staffNumber, "the user's staff number", 'staff_number'),
    fact('diary_pin', state.user.pin, "the PIN of the user's diary", 'diary_pin'),
    fact('own_name', people[0], "the user's full name", 'full_name'),
    fact('teammate', people[1], 'the colleague the user works with every day', 'full_name'),
    fact('expert', people[2], 'the colleague whose advice the user wants', 'full_name'),
    fact('decision_maker', people[3], 'the colleague who has to decide', 'full_name'),
    fact('own_building', buildings[0], 'the building the user works in', 'building_name'),
    fact('other_building', buildings[1], 'the building where the colleagues sit', 'building_name'),
    fact('quiet_building', buildings[2], 'the building with the quieter rooms', 'building_name'),
    fact('meeting_day', days[rng.int(2, 6)], 'the day on which the user wants to meet', 'date'),
    fact('second_day', days[rng.int(7, 11)], 'another day that would suit the user', 'date'),
    fact('last_day', days[rng.int(12, 17)], 'the last day that is early enough', 'date'),
    title('topic', titles[0], 'the title of the meeting the user has in mind'),
    title('second_topic', titles[1], 'the title of another meeting that has to be planned'),
  ];
}
