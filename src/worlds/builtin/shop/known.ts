import { createRng } from '../../../core/random';
import type { KnownFact } from '../../../core/tool';
import { addDays, weekdayOf } from '../calendar';
import type { ShopState } from './state';

const TYPES_ABOUT = ['the kind of thing the user needs most', 'the kind of thing the user wants to give as a present', "the kind of thing the user's club asked for"];
const DISTRICTS_ABOUT = ['the district where the user lives', 'the district where the user works', "the district where the user's sister lives"];
const FRIENDS = ['Ottilie Brandmoor', 'Kasimir Weyland', 'Perpetua Holm', 'Balint Osgood', 'Marit Sundqvale', 'Cosmo Ferrant'];
const STREETS = ['Ropemaker Lane', 'Coppice Row', 'Windlass Street', 'Old Mill Rise', 'Larkspur Close', 'Cinder Hill'];

/** What a user of this seed could state; ids of products, variants, baskets, orders, items and returns are never among it. */
export function knownShop(state: ShopState): KnownFact[] {
  const rng = createRng(`${state.salt}/known`);
  const types = [...new Set(Object.values(state.products).map((one) => one.type))];
  const districts = Object.values(state.pickupPoints).map((one) => one.district);
  const workday = (from: number, to: number): string => {
    const date = addDays(state.today, rng.int(from, to));
    return weekdayOf(date) === 'Sunday' ? addDays(date, 1) : date;
  };
  return [
    { name: 'email', value: state.customer.email, about: "the user's e-mail address", entity: 'email' },
    { name: 'passphrase', value: state.customer.passphrase, about: "the user's passphrase", entity: 'passphrase' },
    ...TYPES_ABOUT.map((about, at) => ({ name: `wanted_type_${at + 1}`, value: types[at] as string, about, entity: 'product_type' })),
    { name: 'own_name', value: state.customer.name, about: "the user's full name", entity: 'recipient' },
    { name: 'friend_name', value: rng.pick(FRIENDS), about: 'the friend to whom the user sends a present', entity: 'recipient' },
    ...DISTRICTS_ABOUT.map((about, at) => ({ name: `district_${at + 1}`, value: districts[at] as string, about, entity: 'district' })),
    { name: 'street', value: `${rng.pick(STREETS)} ${rng.int(2, 96)}`, about: 'the street and house number where a parcel can be handed over', params: ['save_address.street'] },
    { name: 'postcode', value: String(rng.int(21000, 88999)), about: 'the postcode that goes with the street', params: ['save_address.postcode'] },
    { name: 'voucher_code', value: Object.keys(state.vouchers)[0] as string, about: 'the voucher the user got with the newsletter', entity: 'voucher_code' },
    { name: 'collection_date', value: workday(2, 5), about: 'the day on which the user is at home for a courier', entity: 'date' },
    { name: 'other_collection_date', value: workday(8, 11), about: 'another day on which a courier may come', entity: 'date' },
  ];
}
