import { createRng } from '../../../core/random';
import type { KnownFact } from '../../../core/tool';
import { addDays } from '../calendar';
import type { TelecomState } from './state';

// A line to be fixed from afar, one that needs an engineer, and one that works.
const PHONES_ABOUT = ["the user's number at home", "the number of the user's parents", "the user's number at work"];
const PLANS_ABOUT = ['the plan a neighbour recommended to the user', 'the plan the user saw in an advertisement', 'the plan the user had before'];

/** What a user of this seed could state; codes of lines, devices, tests, diagnoses, orders, slots and quotes are never among it. */
export function knownTelecom(state: TelecomState): KnownFact[] {
  const rng = createRng(`${state.salt}/known`);
  const [lines, plans] = [Object.values(state.lines), Object.keys(state.plans)];
  return [
    { name: 'customer_number', value: state.customer.number, about: "the user's customer number", entity: 'customer_number' },
    { name: 'password', value: state.customer.password, about: "the user's customer password", entity: 'customer_password' },
    ...PHONES_ABOUT.map((about, at) => ({ name: `phone_${at + 1}`, value: lines[at]?.phone as string, about, entity: 'phone_number' })),
    ...PLANS_ABOUT.map((about, at) => ({ name: `plan_${at + 1}`, value: plans[at] as string, about, entity: 'plan_name' })),
    { name: 'first_day', value: addDays(state.today, rng.int(4, 12)), about: 'the day from which the user wants another plan', entity: 'date' },
    { name: 'later_first_day', value: addDays(state.today, rng.int(20, 45)), about: 'a later day from which another plan could start', entity: 'date' },
  ];
}
