import { z } from 'zod';
import { createRng } from '../../../core/random';
import { addDays, daysBetween } from '../calendar';
import { dayShown, findId, fromCents, inStatus, money, notPast, rowOf, rowsOf, sameName, sortedBy, sumOf, toCents } from '../combinators';
import { day, exists, must, ref, toolsOn, type DomainTool, type Need } from '../domain';
import { INVOICE_STATUSES, monthOf, REGIONS, type InvoicingState } from './state';

const tool = toolsOn<InvoicingState>();

// ---- shared fields ----

const customerId = (description: string): z.ZodString => ref('customer_id', description);
const itemCode = ref('item_code', 'Code of an item, as given by find_item');
const taxCode = ref('tax_code', 'Tax code for a line, as given by find_tax_code');
const draftId = ref('draft_id', 'Identifier of a draft, as given by draft_invoice');
const lineId = ref('line_id', 'Identifier of a line of a draft, as given by add_line');
const invoiceId = ref('invoice_id', 'Identifier of an issued invoice');
const paymentId = ref('payment_id', 'Identifier of a payment that came in');
const customerName = ref('customer_name', 'Name of the customer');

// ---- needs ----

const periodOpen = must<InvoicingState, unknown>('precondition', (state) => state.periods.open === monthOf(state.today), (_args, state) => `The posting period ${monthOf(state.today)} is not open. Open it first.`);
const customerIs = <A>(read: (args: A) => string): Need<InvoicingState, A> => exists('customer', (state) => state.customers, read);
const itemExists = exists<InvoicingState, { item_code: string }>('item', (state) => state.items, (args) => args.item_code);
const draftExists = exists<InvoicingState, { draft_id: string }>('draft', (state) => state.drafts, (args) => args.draft_id);
const draftOpen = must<InvoicingState, { draft_id: string }>('conflict', (state, args) => !rowOf(state.drafts, args.draft_id).issued, (args) => `Draft \`${args.draft_id}\` has been issued and cannot be changed.`);
const invoiceExists = exists<InvoicingState, { invoice_id: string }>('invoice', (state) => state.invoices, (args) => args.invoice_id);
const invoiceIsOpen: Need<InvoicingState, { invoice_id: string }> =
  inStatus({ kind: 'Invoice', id: (args) => args.invoice_id, status: (state, args) => rowOf(state.invoices, args.invoice_id).status, order: INVOICE_STATUSES, allowed: ['issued'] });

// ---- reading ----

interface Sums {
  netCents: number;
  taxCents: number;
}

function sumsOf(state: InvoicingState, draft: string): Sums {
  const lines = rowsOf(state.lines, (one) => one.draft === draft);
  return { netCents: sumOf(lines, ([, one]) => one.netCents), taxCents: sumOf(lines, ([, one]) => one.taxCents) };
}

const grossOf = ({ netCents, taxCents }: Sums): number => netCents + taxCents;
const openOf = (state: InvoicingState, customer: string): number => sumOf(rowsOf(state.invoices, (one) => one.customer === customer), ([, one]) => one.openCents);

/** What the customer may owe: its own limit, or its parent's when that is higher. */
function limitOf(state: InvoicingState, customer: string): number {
  const { limitCents, parent } = rowOf(state.customers, customer);
  return Math.max(limitCents, parent === null ? 0 : rowOf(state.customers, parent).limitCents);
}

/** The tax code that belongs to the customer's region and the item's rate. */
function taxFor(state: InvoicingState, customer: string, item: string): string {
  const { region } = rowOf(state.customers, customer);
  const { rate } = rowOf(state.items, item);
  return findId(state.taxCodes, (one) => one.region === region && one.rate === rate) as string;
}

// ---- customers, items, taxes ----

const findCustomer = tool({
  name: 'find_customer',
  about: 'Find a customer by name: the identifier, the region for taxes, the days it has to pay and its credit limit.',
  in: z.strictObject({ customer_name: customerName }),
  out: z.object({ customer_id: customerId('Identifier of the customer'), city: z.string().describe('City of the customer'), region: z.enum(REGIONS).describe('Region for taxes'), days_to_pay: z.int().describe('Days from invoice to due day'), credit_limit: money('The most the customer may owe') }),
  needs: [must('not_found', (state, args) => customerNamed(state, args.customer_name) !== undefined, (args) => `There is no customer \`${args.customer_name}\`.`)],
  run: ({ state }, args) => {
    const customer_id = customerNamed(state, args.customer_name) as string;
    const { city, region, termsDays } = rowOf(state.customers, customer_id);
    return { customer_id, city, region, days_to_pay: termsDays, credit_limit: fromCents(limitOf(state, customer_id)) };
  },
});

const customerNamed = (state: InvoicingState, name: string): string | undefined => findId(state.customers, (one) => sameName(one.name, name));
const itemNamed = (state: InvoicingState, name: string): string | undefined => findId(state.items, (one) => sameName(one.name, name));

const setBillingParent = tool({
  name: 'set_billing_parent',
  about: 'Make one customer a branch of another, whose credit limit it then shares. A parent company is not itself a branch.',
  in: z.strictObject({ branch_customer: customerId('Customer that becomes a branch'), parent_customer: customerId('Customer it belongs to') }),
  out: z.object({ shared_limit: money('The most the branch may owe now'), group_owes: money('What both owe together') }),
  writes: ['customers'],
  needs: [
    customerIs((args) => args.branch_customer), customerIs((args) => args.parent_customer),
    must('invalid_args', (_state, args) => args.branch_customer !== args.parent_customer, () => 'A customer cannot be its own parent.'),
    must('conflict', (state, args) => rowOf(state.customers, args.branch_customer).parent === null, (args) => `Customer \`${args.branch_customer}\` is a branch already.`),
    must('conflict', (state, args) => rowOf(state.customers, args.parent_customer).parent === null && findId(state.customers, (one) => one.parent === args.branch_customer) === undefined, () => 'A branch cannot be a parent company.'),
  ],
  run: ({ state }, args) => {
    rowOf(state.customers, args.branch_customer).parent = args.parent_customer;
    return { shared_limit: fromCents(limitOf(state, args.branch_customer)), group_owes: fromCents(openOf(state, args.branch_customer) + openOf(state, args.parent_customer)) };
  },
});

const findItem = tool({
  name: 'find_item',
  about: 'Find an item or service in the price list, with its code, price and what is in stock.',
  in: z.strictObject({ item_name: ref('item_name', 'Name of the item') }),
  out: z.object({ item_code: itemCode, unit_price: money('Net price of a unit'), sold_by: z.string().describe('Unit in which it is sold'), in_stock: z.int().describe('Units in stock or hours free') }),
  needs: [must('not_found', (state, args) => itemNamed(state, args.item_name) !== undefined, (args) => `The price list has no \`${args.item_name}\`.`)],
  run: ({ state }, args) => {
    const item_code = itemNamed(state, args.item_name) as string;
    const { priceCents, unit } = rowOf(state.items, item_code);
    return { item_code, unit_price: fromCents(priceCents), sold_by: unit, in_stock: createRng(`${state.salt}/stock/${item_code}`).int(21, 240) };
  },
});

const findTaxCode = tool({
  name: 'find_tax_code',
  about: 'Work out which tax code the line of an item needs in a draft: the region of the customer and the rate of the item decide.',
  in: z.strictObject({ draft_id: draftId, item_code: itemCode }),
  out: z.object({ tax_code: taxCode, tax_percent: z.int().describe('Tax, in percent'), rule: z.string().describe('Rule behind it, in words') }),
  needs: [draftExists, itemExists],
  run: ({ state }, args) => {
    const tax_code = taxFor(state, rowOf(state.drafts, args.draft_id).customer, args.item_code);
    const { region, rate, percent } = rowOf(state.taxCodes, tax_code);
    return { tax_code, tax_percent: percent, rule: region === 'domestic' ? `${rate} domestic rate` : `no tax, ${rate} goods to ${region === 'union' ? 'the union' : 'overseas'}` };
  },
});

// ---- drafts ----

const createDraft = tool({
  name: 'draft_invoice',
  about: 'Begin the draft of an invoice for a customer.',
  in: z.strictObject({ customer_id: customerId('Customer to invoice') }),
  out: z.object({ draft_id: draftId, would_be_due: dayShown('Due day if it were issued today'), credit_left: money('What the customer may still owe') }),
  writes: ['drafts'],
  needs: [customerIs((args) => args.customer_id)],
  run: ({ state, id }, args) => {
    const draft_id = id('DR', args.customer_id, state.drafts);
    state.drafts[draft_id] = { customer: args.customer_id, issued: false };
    return { draft_id, would_be_due: addDays(state.today, rowOf(state.customers, args.customer_id).termsDays), credit_left: fromCents(Math.max(0, limitOf(state, args.customer_id) - openOf(state, args.customer_id))) };
  },
});

const addLine = tool({
  name: 'add_line',
  about: 'Add a line to a draft: an item, how many units and the tax code that belongs to the customer and the item.',
  in: z.strictObject({ draft_id: draftId, item_code: itemCode, tax_code: taxCode, quantity: z.int().min(1).max(12).describe('Number of units') }),
  out: z.object({ line_id: lineId, line_net: money('Net amount of the line'), draft_total: money('Total of the draft with taxes') }),
  writes: ['lines'],
  needs: [
    draftExists, itemExists,
    exists('tax code', (state) => state.taxCodes, (args) => args.tax_code),
    draftOpen,
    must('precondition', (state, args) => taxFor(state, rowOf(state.drafts, args.draft_id).customer, args.item_code) === args.tax_code, (args) => `Tax code \`${args.tax_code}\` does not belong to this customer and item. Find the right one.`),
  ],
  run: ({ state, id }, args) => {
    const netCents = rowOf(state.items, args.item_code).priceCents * args.quantity;
    const line_id = id('LN', `${args.draft_id}/${args.item_code}/${args.quantity}`, state.lines);
    state.lines[line_id] = { draft: args.draft_id, item: args.item_code, quantity: args.quantity, netCents, taxCents: Math.round((netCents * rowOf(state.taxCodes, args.tax_code).percent) / 100) };
    return { line_id, line_net: fromCents(netCents), draft_total: fromCents(grossOf(sumsOf(state, args.draft_id))) };
  },
});

const removeLine = tool({
  name: 'remove_line',
  about: 'Remove a line from a draft that has not been issued.',
  in: z.strictObject({ line_id: lineId }),
  out: z.object({ removed_net: money('Net amount of the removed line'), draft_total: money('Total of the draft with taxes') }),
  writes: ['lines'],
  needs: [
    exists('line', (state) => state.lines, (args) => args.line_id),
    must('conflict', (state, args) => !rowOf(state.drafts, rowOf(state.lines, args.line_id).draft).issued, () => 'The draft has been issued and cannot be changed.'),
  ],
  run: ({ state }, args) => {
    const { draft, netCents } = rowOf(state.lines, args.line_id);
    delete state.lines[args.line_id];
    return { removed_net: fromCents(netCents), draft_total: fromCents(grossOf(sumsOf(state, draft))) };
  },
});

// ---- months ----

const openPostingPeriod = tool({
  name: 'open_posting_period',
  about: 'Open the posting period of the current month. Invoices and payments are posted only while it is open.',
  in: z.strictObject({ month: z.string().regex(/^\d{4}-\d{2}$/, 'expected a month as YYYY-MM').describe('The month, as YYYY-MM') }),
  out: z.object({ open_invoices: z.int().describe('Invoices that are open'), owed_in_all: money('What all customers owe'), closes_by: dayShown('Day by which the month has to be closed') }),
  writes: ['periods'],
  needs: [
    must('conflict', (state, args) => !state.periods.closed.includes(args.month), (args) => `The month ${args.month} has been closed.`),
    must('conflict', (state, args) => state.periods.open !== args.month, (args) => `The month ${args.month} is open already.`),
    must('precondition', (state, args) => args.month === monthOf(state.today), (args, state) => `Only the current month ${monthOf(state.today)} can be opened, not ${args.month}.`),
  ],
  run: ({ state }, args) => {
    state.periods.open = args.month;
    const open = rowsOf(state.invoices, (one) => one.status === 'issued');
    return { open_invoices: open.length, owed_in_all: fromCents(sumOf(open, ([, one]) => one.openCents)), closes_by: addDays(`${args.month}-28`, 12) };
  },
});

const closePostingPeriod = tool({
  name: 'close_posting_period',
  about: 'Close the open posting period for good and give its totals. Payments of earlier days have to be allocated, in part at least.',
  in: z.strictObject({}),
  out: z.object({ closed_month: z.string().describe('The month that was closed'), tax_owed: money('Taxes on the invoices kept here'), still_open: money('What customers still owe'), report_number: z.string().describe('Number of the report') }),
  writes: ['periods'],
  needs: [
    periodOpen,
    must('precondition', (state) => rowsOf(state.payments, (one) => isForgotten(one, state.today)).length === 0, (_args, state) => `${rowsOf(state.payments, (one) => isForgotten(one, state.today)).length} earlier payments are not allocated at all.`),
  ],
  run: ({ state, id }) => {
    const month = monthOf(state.today);
    state.periods = { open: null, closed: [...state.periods.closed, month] };
    const invoices = rowsOf(state.invoices, (one) => one.status !== 'credited').map(([, one]) => one);
    const sum = (cents: (one: InvoicingState['invoices'][string]) => number): number => fromCents(sumOf(invoices, cents));
    return { closed_month: month, tax_owed: sum((one) => one.taxCents), still_open: sum((one) => one.openCents), report_number: id('CR', month, {}) };
  },
});

const isForgotten = ({ on, cents, leftCents }: InvoicingState['payments'][string], today: string): boolean => on < today && leftCents === cents;

// ---- invoices ----

const issueInvoice = tool({
  name: 'issue_invoice',
  about: 'Issue a draft as an invoice. It cannot be changed afterwards.',
  in: z.strictObject({ draft_id: draftId }),
  out: z.object({ invoice_id: invoiceId, total: money('Amount to pay'), taxes: money('Taxes in it'), due_on: dayShown('Due day') }),
  writes: ['drafts', 'invoices'],
  needs: [
    periodOpen, draftExists, draftOpen,
    must('precondition', (state, args) => sumsOf(state, args.draft_id).netCents > 0, (args) => `Draft \`${args.draft_id}\` has no lines.`),
    must('precondition', (state, args) => withinLimit(state, args.draft_id), () => 'With this invoice the customer would owe more than its credit limit.'),
  ],
  run: ({ state, id }, args) => {
    const draft = rowOf(state.drafts, args.draft_id);
    const sums = sumsOf(state, args.draft_id);
    const dueOn = addDays(state.today, rowOf(state.customers, draft.customer).termsDays);
    const invoice_id = id('IV', args.draft_id, state.invoices);
    draft.issued = true;
    state.invoices[invoice_id] = { customer: draft.customer, draft: args.draft_id, ...sums, openCents: grossOf(sums), dueOn, reminders: 0, status: 'issued' };
    return { invoice_id, total: fromCents(grossOf(sums)), taxes: fromCents(sums.taxCents), due_on: dueOn };
  },
});

function withinLimit(state: InvoicingState, draft: string): boolean {
  const { customer } = rowOf(state.drafts, draft);
  return openOf(state, customer) + grossOf(sumsOf(state, draft)) <= limitOf(state, customer);
}

const listOpenInvoices = tool({
  name: 'list_open_invoices',
  about: 'List the open invoices with their customers, what is still to be paid and when it is due.',
  in: z.strictObject({}),
  out: z.object({
    invoices: z.array(z.object({ invoice_id: invoiceId, customer_name: customerName, open_amount: money('Still to be paid'), due_on: dayShown('Due day'), reminders_sent: z.int().describe('Reminders sent so far') })).describe('The open invoices, earliest due day first'),
  }),
  run: ({ state }) => ({
    invoices: sortedBy(rowsOf(state.invoices, (one) => one.status === 'issued'), ([id, one]) => `${one.dueOn} ${id}`).map(([invoice_id, one]) => ({
      invoice_id, customer_name: rowOf(state.customers, one.customer).name, open_amount: fromCents(one.openCents), due_on: one.dueOn, reminders_sent: one.reminders,
    })),
  }),
});

const LATEST_DAYS = 60;

const extendDueDate = tool({
  name: 'extend_due_date',
  about: `Move the due day of an open invoice to a later one, within ${LATEST_DAYS} days from today.`,
  in: z.strictObject({ invoice_id: invoiceId, due_date: day('The new due day') }),
  out: z.object({ old_due_day: dayShown('Due day before'), days_gained: z.int().describe('Days the customer gains'), amount_open: money('Still to be paid') }),
  writes: ['invoices'],
  needs: [
    invoiceExists, invoiceIsOpen, notPast((args) => args.due_date, LATEST_DAYS),
    must('conflict', (state, args) => args.due_date > rowOf(state.invoices, args.invoice_id).dueOn, (args, state) => `The invoice is due on ${rowOf(state.invoices, args.invoice_id).dueOn}, which is not before ${args.due_date}.`),
  ],
  run: ({ state }, args) => {
    const invoice = rowOf(state.invoices, args.invoice_id);
    const old_due_day = invoice.dueOn;
    invoice.dueOn = args.due_date;
    return { old_due_day, days_gained: daysBetween(old_due_day, args.due_date), amount_open: fromCents(invoice.openCents) };
  },
});

const REMINDER_CENTS = [0, 1250, 4000] as const;

const sendReminder = tool({
  name: 'send_reminder',
  about: 'Send a reminder for an overdue invoice. There are at most three, the later ones with a fee.',
  in: z.strictObject({ invoice_id: invoiceId, channel: z.enum(['letter', 'mail', 'telephone']).default('mail').describe('How the customer is reminded') }),
  out: z.object({ days_overdue: z.int().describe('Days since the due day'), reminder_fee: money('Fee announced in the reminder'), pay_until: dayShown('Day until which the customer has to pay') }),
  writes: ['invoices'],
  needs: [
    periodOpen, invoiceExists, invoiceIsOpen,
    must('precondition', (state, args) => rowOf(state.invoices, args.invoice_id).dueOn < state.today, (args, state) => `Invoice \`${args.invoice_id}\` is due on ${rowOf(state.invoices, args.invoice_id).dueOn} and not overdue.`),
    must('conflict', (state, args) => rowOf(state.invoices, args.invoice_id).reminders < REMINDER_CENTS.length, () => 'Three reminders have been sent already.'),
  ],
  run: ({ state }, args) => {
    const invoice = rowOf(state.invoices, args.invoice_id);
    const fee = REMINDER_CENTS[invoice.reminders] as number;
    invoice.reminders++;
    return { days_overdue: daysBetween(invoice.dueOn, state.today), reminder_fee: fromCents(fee), pay_until: addDays(state.today, args.channel === 'letter' ? 12 : 8) };
  },
});

const issueCreditNote = tool({
  name: 'issue_credit_note',
  about: 'Cancel an open invoice of which nothing has been paid by a credit note over its whole amount.',
  in: z.strictObject({ invoice_id: invoiceId, reason: z.enum(['goods_returned', 'wrong_customer', 'wrong_price', 'goodwill']).describe('Why the invoice is cancelled') }),
  out: z.object({ credit_note_number: z.string().describe('Number of the credit note'), credited_amount: money('Amount credited'), customer_owes: money('What the customer owes afterwards') }),
  writes: ['invoices'],
  needs: [
    periodOpen, invoiceExists, invoiceIsOpen,
    must('conflict', (state, args) => rowsOf(state.allocations, (one) => one.invoice === args.invoice_id).length === 0, (args) => `Part of invoice \`${args.invoice_id}\` has been paid.`),
  ],
  run: ({ state, id }, args) => {
    const invoice = rowOf(state.invoices, args.invoice_id);
    const credited = invoice.openCents;
    Object.assign(invoice, { status: 'credited', openCents: 0 });
    return { credit_note_number: id('CN', args.invoice_id, {}), credited_amount: fromCents(credited), customer_owes: fromCents(openOf(state, invoice.customer)) };
  },
});

// ---- payments ----

const recordPayment = tool({
  name: 'book_payment',
  about: 'Record a payment that came in from a customer. It pays nothing until it is allocated.',
  in: z.strictObject({ customer_id: customerId('Customer who paid'), amount: z.number().min(1).max(5000).describe('Amount, in euros') }),
  out: z.object({ payment_id: paymentId, customer_owes: money('What the customer owes before the payment is allocated'), receipt_number: z.string().describe('Number of the receipt') }),
  writes: ['payments'],
  needs: [periodOpen, customerIs((args) => args.customer_id)],
  run: ({ state, id }, args) => {
    const cents = toCents(args.amount);
    const payment_id = id('PM', `${args.customer_id}/${cents}`, state.payments);
    state.payments[payment_id] = { customer: args.customer_id, cents, leftCents: cents, on: state.today };
    return { payment_id, customer_owes: fromCents(openOf(state, args.customer_id)), receipt_number: id('RC', payment_id, {}) };
  },
});

const listUnallocatedPayments = tool({
  name: 'list_unallocated_payments',
  about: 'List the payments of which something is left to allocate.',
  in: z.strictObject({}),
  out: z.object({
    payments: z.array(z.object({ payment_id: paymentId, customer_name: customerName, amount_left: money('What is left to allocate'), received_on: dayShown('Day on which it came in') })).describe('The payments, oldest first'),
  }),
  run: ({ state }) => ({
    payments: sortedBy(rowsOf(state.payments, (one) => one.leftCents > 0), ([id, one]) => `${one.on} ${id}`).map(([payment_id, one]) => ({ payment_id, customer_name: rowOf(state.customers, one.customer).name, amount_left: fromCents(one.leftCents), received_on: one.on })),
  }),
});

const allocatePayment = tool({
  name: 'allocate_payment',
  about: 'Allocate what is left of a payment to an open invoice of the same customer, as far as it goes.',
  in: z.strictObject({ payment_id: paymentId, invoice_id: invoiceId }),
  out: z.object({ allocated: money('Amount that pays the invoice'), left_of_payment: money('What is left of the payment'), left_to_pay: money('What is left to pay of the invoice') }),
  writes: ['payments', 'invoices', 'allocations'],
  needs: [
    periodOpen,
    exists('payment', (state) => state.payments, (args) => args.payment_id),
    invoiceExists, invoiceIsOpen,
    must('conflict', (state, args) => rowOf(state.payments, args.payment_id).leftCents > 0, (args) => `Payment \`${args.payment_id}\` has been allocated in full.`),
    must('precondition', (state, args) => rowOf(state.payments, args.payment_id).customer === rowOf(state.invoices, args.invoice_id).customer, () => 'The payment and the invoice are of two customers.'),
  ],
  run: ({ state, id }, args) => {
    const payment = rowOf(state.payments, args.payment_id);
    const invoice = rowOf(state.invoices, args.invoice_id);
    const cents = Math.min(payment.leftCents, invoice.openCents);
    state.allocations[id('AL', `${args.payment_id}/${args.invoice_id}`, state.allocations)] = { payment: args.payment_id, invoice: args.invoice_id, cents };
    payment.leftCents -= cents;
    invoice.openCents -= cents;
    if (invoice.openCents === 0) invoice.status = 'paid';
    return { allocated: fromCents(cents), left_of_payment: fromCents(payment.leftCents), left_to_pay: fromCents(invoice.openCents) };
  },
});

/** The tools of the bookkeeping service, as the firm's assistant would be given them. */
export const invoicingTools: readonly DomainTool<InvoicingState>[] = [
  findCustomer, setBillingParent, findItem, findTaxCode, createDraft, addLine, removeLine,
  openPostingPeriod, issueInvoice, listOpenInvoices, extendDueDate, sendReminder, issueCreditNote,
  recordPayment, listUnallocatedPayments, allocatePayment, closePostingPeriod,
];
