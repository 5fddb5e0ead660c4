import { z } from 'zod';
import { addDays } from '../calendar';
import { sumOf } from '../combinators';
import { seeding } from '../seeding';

export const REGIONS = ['domestic', 'union', 'overseas'] as const;
export const RATES = ['standard', 'reduced'] as const;
export const INVOICE_STATUSES = ['issued', 'paid', 'credited'] as const;

const customer = z.strictObject({ name: z.string(), city: z.string(), region: z.enum(REGIONS), termsDays: z.int(), limitCents: z.int(), parent: z.string().nullable() });
const item = z.strictObject({ name: z.string(), unit: z.string(), priceCents: z.int().min(1), rate: z.enum(RATES) });
const line = z.strictObject({ draft: z.string(), item: z.string(), quantity: z.int().min(1), netCents: z.int(), taxCents: z.int() });

const invoice = z.strictObject({
  customer: z.string(),
  draft: z.string().nullable(),
  netCents: z.int().min(1),
  taxCents: z.int().min(0),
  /** Still to be paid. */
  openCents: z.int().min(0),
  dueOn: z.iso.date(),
  reminders: z.int().min(0),
  status: z.enum(INVOICE_STATUSES),
});

const payment = z.strictObject({ customer: z.string(), cents: z.int().min(1), leftCents: z.int().min(0), on: z.iso.date() });

/** The receivables of a small firm: who owes what, in months that are opened and closed for posting. */
export const invoicingStateSchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  periods: z.strictObject({ open: z.string().nullable(), closed: z.array(z.string()) }),
  customers: z.record(z.string(), customer),
  items: z.record(z.string(), item),
  taxCodes: z.record(z.string(), z.strictObject({ region: z.enum(REGIONS), rate: z.enum(RATES), percent: z.int() })),
  drafts: z.record(z.string(), z.strictObject({ customer: z.string(), issued: z.boolean() })),
  lines: z.record(z.string(), line),
  invoices: z.record(z.string(), invoice),
  payments: z.record(z.string(), payment),
  allocations: z.record(z.string(), z.strictObject({ payment: z.string(), invoice: z.string(), cents: z.int().min(1) })),
});

export type InvoicingState = z.output<typeof invoicingStateSchema>;

const ITEMS = [
  { name: 'oak display shelf', unit: 'piece', rate: 'standard' }, { name: 'catalogue printing', unit: 'hundred copies', rate: 'reduced' }, { name: 'stage lamp', unit: 'piece', rate: 'standard' },
  { name: 'route map booklet', unit: 'box', rate: 'reduced' }, { name: 'workshop hour', unit: 'hour', rate: 'standard' }, { name: 'seed packet assortment', unit: 'crate', rate: 'reduced' },
] as const;
const PERCENT = { domestic: { standard: 21, reduced: 9 }, union: { standard: 0, reduced: 0 }, overseas: { standard: 0, reduced: 0 } } as const;

/** The month of a day, `2031-04`. */
export const monthOf = (date: string): string => date.slice(0, 7);

/** Six customers, six items and tax codes; invoices that are overdue, not yet due and paid; a payment of yesterday that nobody has allocated. */
export function initInvoicing(seed: number): InvoicingState {
  const { salt, today, rng, faker, table } = seeding('invoicing', seed);
  const cities = faker.helpers.uniqueArray(() => faker.location.city(), 6);
  const customers = table('CU', faker.helpers.uniqueArray(() => faker.company.name(), 6), (name, at) => ({
    name, city: cities[at] as string, region: REGIONS[at % 3] as (typeof REGIONS)[number], termsDays: rng.pick([10, 14, 21, 30]), limitCents: rng.int(60, 140) * 10_000, parent: null,
  }));
  const ids = Object.keys(customers);
  const kinds = [{ at: 2, dueIn: -rng.int(2, 18) }, { at: 2, dueIn: -rng.int(20, 35) }, { at: 0, dueIn: -rng.int(5, 30) }, { at: 2, dueIn: rng.int(10, 20) }, { at: 0, dueIn: -rng.int(40, 60) }];
  const invoices = table('IV', kinds, ({ at, dueIn }, which) => {
    const netCents = rng.int(90, 480) * 100;
    const taxCents = ids[at] !== undefined && at % 3 === 0 ? Math.round(netCents * 0.21) : 0;
    const isPaid = which === 4;
    return { customer: ids[at] as string, draft: null, netCents, taxCents, openCents: isPaid ? 0 : netCents + taxCents, dueOn: addDays(today, dueIn), reminders: 0, status: isPaid ? 'paid' as const : 'issued' as const };
  });
  const paid = Object.entries(invoices).find(([, one]) => one.status === 'paid') as [string, InvoicingState['invoices'][string]];
  const paidCents = paid[1].netCents + paid[1].taxCents;
  const payments = table('PM', [{ at: 0, cents: paidCents, left: 0 }, { at: 2, cents: rng.int(40, 80) * 100, left: 1 }], ({ at, cents, left }, which) => ({
    customer: ids[at] as string, cents, leftCents: left === 0 ? 0 : cents, on: addDays(today, -1 - which),
  }));
  const lastMonth = monthOf(addDays(`${monthOf(today)}-01`, -1));
  return {
    salt, today, customers, invoices, payments,
    periods: { open: null, closed: [lastMonth] },
    items: table('IT', ITEMS, ({ name, unit, rate }) => ({ name, unit, rate, priceCents: rng.int(18, 140) * 100 + rng.pick([0, 50, 90]) })),
    taxCodes: table('TX', REGIONS.flatMap((region) => RATES.map((rate) => ({ region, rate }))), ({ region, rate }) => ({ region, rate, percent: PERCENT[region][rate] })),
    drafts: {},
    lines: {},
    allocations: table('AL', [paid[0]], (id) => ({ payment: Object.keys(payments)[0] as string, invoice: id, cents: paidCents })),
  };
}

export const INVOICING_INVARIANTS: { [rule: string]: (state: InvoicingState) => boolean } = {
  'what is left of a payment is what has not been allocated': ({ payments, allocations }) =>
    Object.entries(payments).every(([id, { cents, leftCents }]) => leftCents === cents - sumOf(Object.values(allocations).filter((one) => one.payment === id), (one) => one.cents)),
  'an uncredited invoice is open by what no payment covers': ({ invoices, allocations }) =>
    Object.entries(invoices).filter(([, { status }]) => status !== 'credited').every(([id, { netCents, taxCents, openCents }]) => openCents === netCents + taxCents - sumOf(Object.values(allocations).filter((one) => one.invoice === id), (one) => one.cents)),
  'only issued invoices are open': ({ invoices }) => Object.values(invoices).every(({ status, openCents }) => (status === 'issued') === openCents > 0),
  'a payment pays invoices of its customer alone': ({ payments, invoices, allocations }) => Object.values(allocations).every((one) => payments[one.payment]?.customer === invoices[one.invoice]?.customer),
  'no month is open and closed': ({ periods }) => periods.open === null || !periods.closed.includes(periods.open),
};
