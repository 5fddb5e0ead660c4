import type { KnownFact } from '../../../core/tool';
import { createRng } from '../../../core/random';
import { addDays } from '../calendar';
import type { CarState } from './state';

/** What a user of this seed could state. Codes of places, routes, stations, findings, appointments and bookings are never among them. */
export function knownCar(state: CarState): KnownFact[] {
  const rng = createRng(`${state.salt}/known`);
  const places = Object.values(state.places).map((row) => row.name);
  const place = (name: string, at: number, about: string): KnownFact => ({ name, value: places[at] as string, about, entity: 'place_name' });
  const day = (name: string, low: number, high: number, about: string): KnownFact => ({ name, value: addDays(state.today, rng.int(low, high)), about, entity: 'date' });
  return [
    { name: 'driver_code', value: state.driver.code, about: "the user's code", entity: 'driver_code' },
    place('home_place', 0, 'the part of town the user lives in'),
    place('work_place', 1, 'the part of town the user works in'),
    place('choir_place', 2, "the place where the user's choir meets"),
    place('friend_place', 3, "the place where the user's oldest friend lives"),
    { name: 'calm_speed', value: rng.int(9, 13) * 5, about: 'the speed in kilometres per hour at which the user likes to go', params: ['hold_speed.speed'] },
    { name: 'fast_speed', value: rng.int(17, 22) * 5, about: 'the speed in kilometres per hour for days on which the user is in a hurry', params: ['hold_speed.speed'] },
    { name: 'some_litres', value: rng.int(8, 14), about: 'the litres of fuel the user wants at least', params: ['buy_fuel.litres'] },
    { name: 'many_litres', value: rng.int(18, 26), about: 'the litres of fuel for a longer trip', params: ['buy_fuel.litres'] },
    { name: 'phone_number', value: `0${rng.int(31, 89)} ${rng.int(200000, 899999)}`, about: "the user's telephone number", entity: 'phone_number' },
    { name: 'work_phone', value: `0${rng.int(31, 89)} ${rng.int(200000, 899999)}`, about: "the telephone number at the user's work", entity: 'phone_number' },
    day('free_day', 1, 3, 'the first day on which the user can do without the car'),
    day('later_day', 8, 10, "the day after the user's trip to the coast"),
  ];
}
