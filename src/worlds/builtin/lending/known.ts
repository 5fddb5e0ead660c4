import { createRng } from '../../../core/random';
import type { KnownFact } from '../../../core/tool';
import { addDays } from '../calendar';
import { fact } from '../combinators';
import type { LendingState } from './state';

/** What an officer could state: the way to the desk, customers and products by name, amounts, and days for a payout. */
export function knownLending(state: LendingState): KnownFact[] {
  const rng = createRng(`${state.salt}/known`);
  const names = Object.values(state.customers).map(({ name }) => name);
  const products = Object.values(state.products).map(({ name }) => name);
  const amount = (name: string, value: number, about: string): KnownFact => ({ name, value, about, params: ['open_application.amount'] });
  return [
    fact('officer_number', state.officer.number, "the user's officer number", 'officer_number'),
    fact('desk_pin', state.officer.pin, "the PIN of the user's desk", 'desk_pin'),
    fact('new_customer', names[0], 'the customer who asks for a first loan', 'customer_name'),
    fact('returning_customer', names[1], 'the customer who wants another loan', 'customer_name'),
    fact('paying_customer', names[2], 'the customer who would like to pay a loan back', 'customer_name'),
    fact('waiting_customer', names[3], 'the customer who waits for a payout', 'customer_name'),
    fact('relative', names[4], 'the relative who would stand as a guarantor', 'customer_name'),
    fact('first_product', products[0], 'the loan product that was asked for', 'product_name'),
    fact('second_product', products[1], 'the loan product the user would recommend', 'product_name'),
    fact('third_product', products[2], 'the loan product from the leaflet', 'product_name'),
    amount('amount_needed', rng.int(20, 34) * 50, 'the amount the customer needs'),
    amount('amount_hoped_for', rng.int(36, 62) * 50, 'the amount the customer hopes for'),
    fact('payout_day', addDays(state.today, rng.int(2, 9)), 'the day on which the money is wanted', 'date'),
    fact('later_payout_day', addDays(state.today, rng.int(11, 26)), 'a later day that would do for the payout', 'date'),
  ];
}
