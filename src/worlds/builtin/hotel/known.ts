import { createRng } from '../../../core/random';
import type { KnownFact } from '../../../core/tool';
import { addDays } from '../calendar';
import type { HotelState } from './state';

/** What a guest could state: the club card, where and when to go, what the hotel should be near, who comes along. */
export function knownHotel(state: HotelState): KnownFact[] {
  const rng = createRng(`${state.salt}/known`);
  const cities = Object.values(state.cities).map(({ name }) => name);
  const landmarks = Object.values(state.hotels).map(({ landmark }) => landmark);
  const city = (name: string, at: number, about: string): KnownFact => ({ name, value: cities[at] as string, about, entity: 'city' });
  const landmark = (name: string, at: number, about: string): KnownFact => ({ name, value: landmarks[at] as string, about, entity: 'landmark' });
  const date = (name: string, daysAhead: number, about: string): KnownFact => ({ name, value: addDays(state.today, daysAhead), about, entity: 'date' });
  return [
    { name: 'club_number', value: state.guest.clubNumber, about: "the number on the user's club card", entity: 'club_number' },
    { name: 'last_name', value: state.guest.lastName, about: "the user's last name", entity: 'last_name' },
    city('trade_fair_city', 0, 'the city of a trade fair the user visits'),
    city('wedding_city', 1, 'the city where a friend of the user gets married'),
    city('holiday_city', 2, 'the city where the user wants to spend a holiday'),
    landmark('concert_landmark', 4, 'the landmark near which the user goes to a concert'),
    landmark('meeting_landmark', 5, 'the landmark near which the user meets somebody'),
    landmark('walk_landmark', 3, 'the landmark the user would like to walk to'),
    date('tonight', 0, 'the current day, on which the user needs a room'),
    date('weekend_arrival', rng.int(4, 9), 'the day on which the user wants to arrive for a weekend'),
    date('holiday_arrival', rng.int(12, 30), 'the day on which the holiday of the user begins'),
    { name: 'own_name', value: state.guest.name, about: "the user's full name", entity: 'guest_name' },
    { name: 'companion_name', value: state.guest.companion, about: 'the full name of the person the user books for', entity: 'guest_name' },
  ];
}
