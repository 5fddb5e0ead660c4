import { createRng } from '../../../core/random';
import type { KnownFact } from '../../../core/tool';
import { addDays } from '../calendar';
import { PLACES, workingDay, type ParcelsState } from './state';

const RECIPIENTS = ['Ottoline Marsh', 'Benedek Farrow', 'Ysolde Pemberwick', 'Casimir Thorne', 'Philippa Ostrander', 'Anselm Veitch', 'Rosalba Finnegar', 'Torquil Haverstock'];

/** What a sender could state: the account, addresses and firms, who gets the parcel, when it can be fetched, what it is worth. */
export function knownParcels(state: ParcelsState): KnownFact[] {
  const rng = createRng(`${state.salt}/known`);
  const places = Object.values(state.places);
  const companies = places.slice(-PLACES.companies).map(({ company }) => company as string);
  const [friend, buyer] = rng.shuffle(RECIPIENTS) as [string, string];
  const address = (name: string, at: number, about: string): KnownFact => ({ name, value: places[at]?.address as string, about, entity: 'address' });
  const company = (name: string, at: number, about: string): KnownFact => ({ name, value: companies[at] as string, about, entity: 'company_name' });
  return [
    { name: 'sender_number', value: state.sender.number, about: "the user's sender number", entity: 'sender_number' },
    { name: 'pin', value: state.sender.pin, about: "the user's PIN", entity: 'pin' },
    address('home_address', 0, 'the address the user sends from'),
    address('friend_address', 1, 'the address of a friend who gets a present'),
    address('buyer_address', 2, 'the address of somebody who bought something from the user'),
    address('cottage_address', 3, 'the address of the cottage where the user spends the summer'),
    company('repair_company', 0, 'the company that repairs something for the user'),
    company('returns_company', 1, 'the company to which the user returns something'),
    { name: 'friend_name', value: friend, about: 'the full name of the friend who gets a present', entity: 'recipient_name' },
    { name: 'buyer_name', value: buyer, about: 'the full name of the buyer', entity: 'recipient_name' },
    { name: 'pickup_day', value: workingDay(addDays(state.today, rng.int(1, 4))), about: 'the day on which somebody is at home for a pickup', entity: 'date' },
    { name: 'other_pickup_day', value: workingDay(addDays(state.today, rng.int(6, 11))), about: 'another day on which a pickup would suit the user', entity: 'date' },
    { name: 'present_value', value: rng.int(12, 30) * 10, about: 'the value of the present', params: ['insure_parcel.declared_value'] },
    { name: 'sale_value', value: rng.int(32, 48) * 10, about: 'the value of the sold item', params: ['insure_parcel.declared_value'] },
  ];
}
