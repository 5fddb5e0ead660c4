import type { KnownFact } from '../../../core/tool';
import { createRng } from '../../../core/random';
import { addDays } from '../calendar';
import { CITIES_KNOWN, type RailState } from './state';

const CITIES_ABOUT = [
  { name: 'home_city', about: 'the city the user lives in' },
  { name: 'work_city', about: 'the city where the user works on some days' },
  { name: 'family_city', about: "the city where the user's parents live" },
  { name: 'holiday_city', about: 'the city the user wants to visit for a weekend' },
];
const LANDMARKS_ABOUT = [
  { name: 'event_landmark', about: 'the landmark where an event takes place that the user goes to' },
  { name: 'friend_landmark', about: "the landmark next to which the user's friend lives" },
];
const DATES_ABOUT = [
  { name: 'travel_date', about: 'the day on which the user wants to travel', daysAhead: [2, 8] },
  { name: 'return_date', about: 'the day on which the user wants to come back', daysAhead: [9, 16] },
  { name: 'alternative_date', about: 'another day on which the user could travel', daysAhead: [17, 26] },
] as const;
// Without an article: readers of the prompts drop it when they pass the item on.
const LOST_ITEMS = ['green umbrella', 'leather notebook', 'pair of reading glasses', 'violin case', 'striped scarf', 'silver thermos flask', 'child\'s rucksack', 'camera tripod'];

/**
 * What a user of this seed could state. Station codes, connection, quote, booking, seat, cancellation and report ids
 * are never among them. The landmarks lie in cities the user does not name, so the two ways to a station code never
 * lead to the same station.
 */
export function knownRail(state: RailState): KnownFact[] {
  const rng = createRng(`${state.salt}/known`);
  const [mine, theirs] = rng.shuffle(LOST_ITEMS) as [string, string];
  return [
    { name: 'member_number', value: state.member.number, about: "the user's member number", entity: 'member_number' },
    { name: 'pin', value: state.member.pin, about: "the user's PIN", entity: 'pin' },
    ...CITIES_ABOUT.map(({ name, about }, at) => ({ name, value: (state.places[at] as RailState['places'][number]).city, about, entity: 'city' })),
    ...LANDMARKS_ABOUT.map(({ name, about }, at) => ({ name, value: (state.places[CITIES_KNOWN + at] as RailState['places'][number]).landmark, about, entity: 'landmark' })),
    ...DATES_ABOUT.map(({ name, about, daysAhead }) => ({ name, value: addDays(state.today, rng.int(daysAhead[0], daysAhead[1])), about, entity: 'date' })),
    { name: 'own_name', value: state.member.name, about: "the user's full name", entity: 'passenger_name' },
    { name: 'companion_name', value: state.member.companion, about: 'the full name of the person the user books for', entity: 'passenger_name' },
    { name: 'voucher_code', value: Object.keys(state.vouchers)[0] as string, about: 'the discount voucher the user was sent by mail', entity: 'voucher_code' },
    { name: 'lost_item', value: mine, about: 'something the user lost at a station', entity: 'lost_item' },
    { name: 'companion_lost_item', value: theirs, about: "something the user's companion lost at a station", entity: 'lost_item' },
  ];
}
