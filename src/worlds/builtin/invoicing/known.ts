import { createRng } from '../../../core/random';
import type { KnownFact } from '../../../core/tool';
import { addDays } from '../calendar';
import { monthOf, type InvoicingState } from './state';

/** What the owner of the firm could state: customers, what was sold, money that came in, months and days. */
export function knownInvoicing(state: InvoicingState): KnownFact[] {
  const rng = createRng(`${state.salt}/known`);
  const customers = Object.values(state.customers).map(({ name }) => name);
  const items = rng.shuffle(Object.values(state.items).map(({ name }) => name));
  const customer = (name: string, at: number, about: string): KnownFact => ({ name, value: customers[at] as string, about, entity: 'customer_name' });
  const item = (name: string, at: number, about: string): KnownFact => ({ name, value: items[at] as string, about, entity: 'item_name' });
  const received = (name: string, low: number, high: number, about: string): KnownFact => ({ name, value: rng.int(low, high), about, params: ['book_payment.amount'] });
  return [
    customer('oldest_customer', 0, "the user's oldest customer"),
    customer('new_customer', 1, 'a customer who ordered for the first time'),
    customer('late_customer', 2, 'the customer who often pays late'),
    customer('big_customer', 3, "the user's biggest customer"),
    customer('branch_customer', 4, 'the customer that has become a branch of another one'),
    item('sold_item', 0, 'the thing the user sold this week'),
    item('extra_item', 1, 'something else that was delivered'),
    item('other_item', 2, 'a thing the user sells now and then'),
    { name: 'this_month', value: monthOf(state.today), about: 'the current month', params: ['month'] },
    { name: 'last_month', value: state.periods.closed[0] as string, about: 'the month before', params: ['month'] },
    received('money_received', 60, 190, 'an amount of money that came in today'),
    received('other_money_received', 210, 450, 'another amount of money that came in'),
    { name: 'agreed_due_day', value: addDays(state.today, rng.int(22, 30)), about: 'the due day the user agreed on with a customer', entity: 'date' },
    { name: 'later_due_day', value: addDays(state.today, rng.int(36, 55)), about: 'the latest due day the user would accept', entity: 'date' },
  ];
}
