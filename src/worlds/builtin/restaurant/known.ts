import { createRng } from '../../../core/random';
import type { KnownFact } from '../../../core/tool';
import { GUESTS_KNOWN, type RestaurantState } from './state';

const GUESTS_ABOUT = ['the guest at the door', 'the guest on the phone', 'the guest who asks by e-mail'];
const DISHES_ABOUT = [
  { course: 'starter', about: 'the starter the guests ask for' },
  { course: 'main', about: 'the main dish the guests ask for' },
  { course: 'dessert', about: 'the dessert a child wants' },
  { course: 'drink', about: 'the drink the guests ask for' },
] as const;

/** What the waiter could state; codes of dishes, tables, reservations, tabs, tickets and bills are never among it. */
export function knownRestaurant(state: RestaurantState): KnownFact[] {
  const rng = createRng(`${state.salt}/known`);
  const guests = Object.values(state.reservations).slice(0, GUESTS_KNOWN);
  return [
    { name: 'staff_code', value: state.waiter.code, about: "the user's staff code", entity: 'staff_code' },
    { name: 'staff_pin', value: state.waiter.pin, about: "the user's PIN", entity: 'staff_pin' },
    ...guests.map((one, at) => ({ name: `guest_${at + 1}`, value: one.guest, about: GUESTS_ABOUT[at] as string, entity: 'guest_name' })),
    ...DISHES_ABOUT.map(({ course, about }) => ({ name: `wanted_${course}`, value: Object.values(state.dishes).find((one) => one.course === course)?.name as string, about, entity: 'dish_name' })),
    { name: 'gift_card', value: Object.keys(state.giftCards)[0] as string, about: 'the code on the gift card of a guest', entity: 'gift_card_code' },
    { name: 'collection_time', value: `${rng.int(18, 21)}:${rng.pick(['10', '25', '40', '55'])}`, about: 'the time at which a takeaway is collected', params: ['open_takeaway.collected_at'] },
  ];
}
