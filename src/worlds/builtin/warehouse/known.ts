import { createRng } from '../../../core/random';
import type { KnownFact } from '../../../core/tool';
import { addDays, weekdayOf } from '../calendar';
import type { WarehouseState } from './state';

const ARTICLES_ABOUT = ['the article a customer asked about', 'the article that is counted today', 'the article the user wants elsewhere'];
const SUPPLIERS_ABOUT = ['the supplier whose truck stands at the gate', 'the supplier who called this morning', 'the supplier whose papers the user holds'];
const CUSTOMERS_ABOUT = ['the customer who orders most', 'the customer who waits for a late order', 'the customer whose order is urgent', 'the customer whose goods lie on a trolley'];

/** What the shift lead could state; codes of articles, lines, pallets, bins, orders, picks and cartons are never among it. */
export function knownWarehouse(state: WarehouseState): KnownFact[] {
  const rng = createRng(`${state.salt}/known`);
  const suppliers = [...new Set(Object.values(state.purchaseOrders).map((one) => one.supplier))];
  const weekday = (from: number): string => {
    const days = Array.from({ length: 4 }, (_, more) => addDays(state.today, from + more)).filter((date) => !weekdayOf(date).startsWith('S'));
    return rng.pick(days);
  };
  return [
    { name: 'badge', value: state.lead.badge, about: "the number on the user's badge", entity: 'badge_number' },
    { name: 'pin', value: state.lead.pin, about: "the user's PIN", entity: 'badge_pin' },
    ...ARTICLES_ABOUT.map((about, at) => ({ name: `article_${at + 1}`, value: Object.values(state.articles)[at + 1]?.name as string, about, entity: 'article_name' })),
    ...SUPPLIERS_ABOUT.map((about, at) => ({ name: `supplier_${at + 1}`, value: suppliers[at] as string, about, entity: 'supplier' })),
    ...CUSTOMERS_ABOUT.map((about, at) => ({ name: `customer_${at + 1}`, value: Object.values(state.orders)[at]?.customer as string, about, entity: 'customer' })),
    { name: 'collection_day', value: weekday(1), about: 'the day on which a carrier should come', entity: 'date' },
    { name: 'later_collection_day', value: weekday(6), about: 'a later day on which a carrier could come', entity: 'date' },
  ];
}
