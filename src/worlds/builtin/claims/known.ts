import { createRng } from '../../../core/random';
import type { KnownFact } from '../../../core/tool';
import { addDays } from '../calendar';
import type { ClaimsState } from './state';

const FILES = ['harbour-gale.pdf', 'hallway-photos.zip', 'officer-note.pdf', 'receipt-from-1998.jpg', 'neighbour-letter.pdf', 'roof-pictures.zip', 'inventory-list.xlsx'];

/** What a policy holder could state: who they are, what is insured, what happened when, the papers at hand, where the money goes. */
export function knownClaims(state: ClaimsState): KnownFact[] {
  const rng = createRng(`${state.salt}/known`);
  const things = Object.values(state.policies).map(({ thing }) => thing);
  const files = rng.shuffle(FILES);
  const cities = [...new Set(Object.values(state.assessors).map(({ city }) => city))];
  const thing = (name: string, at: number, about: string): KnownFact => ({ name, value: things[at] as string, about, entity: 'insured_thing' });
  const file = (name: string, at: number, about: string): KnownFact => ({ name, value: files[at] as string, about, entity: 'file_name' });
  const account = (name: string, about: string): KnownFact => ({ name, value: `${rng.int(2000, 9899)} ${rng.int(1000, 9999)} ${rng.int(10, 99)}`, about, entity: 'bank_account' });
  return [
    { name: 'holder_number', value: state.holder.number, about: "the user's holder number", entity: 'holder_number' },
    { name: 'birth_date', value: state.holder.born, about: 'the day on which the user was born', entity: 'birth_date' },
    thing('dearest_thing', 0, 'the insured thing the user cares about most'),
    thing('damaged_thing', 1, 'the insured thing that was damaged'),
    thing('other_thing', 2, 'another thing the user has insured'),
    { name: 'incident_day', value: addDays(state.today, -rng.int(1, 4)), about: 'the day on which the damage happened', entity: 'date' },
    { name: 'earlier_incident_day', value: addDays(state.today, -rng.int(20, 27)), about: 'the day of an earlier incident', entity: 'date' },
    { name: 'damage_estimate', value: rng.int(90, 160) * 10, about: 'what the user thinks the damage amounts to', params: ['open_claim.estimated_damage'] },
    { name: 'larger_estimate', value: rng.int(190, 330) * 10, about: 'what a second, larger damage may amount to', params: ['open_claim.estimated_damage'] },
    file('first_file', 0, 'the file with the first paper the user has at hand'),
    file('second_file', 1, 'the file with the second paper the user has at hand'),
    file('third_file', 2, 'a file the user found later'),
    { name: 'home_city', value: cities[0] as string, about: 'the city the user lives in', entity: 'city' },
    { name: 'damage_city', value: cities[1] as string, about: 'the city in which the damage can be seen', entity: 'city' },
    account('main_account', "the number of the user's bank account"),
    account('family_account', "the number of the family's bank account"),
  ];
}
