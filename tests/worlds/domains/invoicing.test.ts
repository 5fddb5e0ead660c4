import { createInvoicingWorld } from '../../../src/worlds/builtin/invoicing';
import { rowsIn, rowWith, talkTo } from '../../fixtures/talk';

const world = createInvoicingWorld();

/** A draft for the customer with one line of three units. */
async function drafted() {
  const chat = await talkTo(world);
  const { say, ask, get } = chat;
  const customer_id = await get('find_customer', 'customer_id', { customer_name: say.big_customer as string });
  const item_code = await get('find_item', 'item_code', { item_name: say.sold_item as string });
  const draft_id = await get('draft_invoice', 'draft_id', { customer_id });
  const tax_code = await get('find_tax_code', 'tax_code', { draft_id, item_code });
  const line = await ask('add_line', { draft_id, item_code, tax_code, quantity: 3 });
  const openMonth = () => ask('open_posting_period', { month: say.this_month as string });
  return { ...chat, customer_id, item_code, tax_code, draft_id, line, openMonth };
}

describe('invoicing', () => {
  test('a draft with its line and tax code is issued, paid and allocated; the month closes when the older payment is allocated too', async () => {
    const { ask, attempt, get, say, customer_id, draft_id, line, openMonth } = await drafted();
    await openMonth();
    const invoice = await ask('issue_invoice', { draft_id });
    expect(invoice.total).toBe(line.draft_total);
    const payment_id = await get('book_payment', 'payment_id', { customer_id, amount: invoice.total as number });
    expect(await ask('allocate_payment', { payment_id, invoice_id: invoice.invoice_id as string })).toMatchObject({ left_to_pay: 0, left_of_payment: 0 });
    expect(await attempt('close_posting_period')).toMatchObject({ fault: 'precondition' });
    const { payment_id: older } = rowsIn(await ask('list_unallocated_payments'), 'payments')[0] as { payment_id: string };
    const { invoice_id } = rowWith(await ask('list_open_invoices'), 'invoices', { customer_name: say.late_customer as string }) as { invoice_id: string };
    await ask('allocate_payment', { payment_id: older, invoice_id });
    expect((await ask('close_posting_period')).closed_month).toBe(say.this_month);
    expect(await attempt('open_posting_period', { month: say.this_month as string })).toMatchObject({ fault: 'conflict' });
  });

  test('nothing is posted while no period is open, and closed months stay closed', async () => {
    const { attempt, say, draft_id } = await drafted();
    expect(await attempt('issue_invoice', { draft_id })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('not open') });
    expect(await attempt('open_posting_period', { month: say.last_month as string })).toMatchObject({ fault: 'conflict' });
  });

  test('a line takes the tax code of its own customer and item, and an issued draft no line at all', async () => {
    const { ask, attempt, get, say, draft_id, item_code, tax_code, line, openMonth } = await drafted();
    const other = await get('find_customer', 'customer_id', { customer_name: say.new_customer as string });
    const theirs = await get('draft_invoice', 'draft_id', { customer_id: other });
    const wrong = await get('find_tax_code', 'tax_code', { draft_id: theirs, item_code });
    expect(await attempt('add_line', { draft_id, item_code, tax_code: wrong, quantity: 1 })).toMatchObject({ fault: 'precondition' });
    await openMonth();
    await ask('issue_invoice', { draft_id });
    expect(await attempt('add_line', { draft_id, item_code, tax_code, quantity: 1 })).toMatchObject({ fault: 'conflict' });
    expect(await attempt('remove_line', { line_id: line.line_id as string })).toMatchObject({ fault: 'conflict' });
  });

  test('only overdue invoices get reminders, three at most', async () => {
    const { ask, attempt, openMonth } = await drafted();
    await openMonth();
    const invoices = rowsIn(await ask('list_open_invoices'), 'invoices');
    const [overdue, coming] = [invoices[0]?.invoice_id as string, invoices.at(-1)?.invoice_id as string];
    expect(await attempt('send_reminder', { invoice_id: coming })).toMatchObject({ fault: 'precondition' });
    for (const fee of [0, 12.5, 40]) expect((await ask('send_reminder', { invoice_id: overdue })).reminder_fee).toBe(fee);
    expect(await attempt('send_reminder', { invoice_id: overdue })).toMatchObject({ fault: 'conflict' });
  });

  test('a payment pays invoices of its own customer only', async () => {
    const { ask, attempt, get, customer_id, openMonth, say } = await drafted();
    await openMonth();
    const payment_id = await get('book_payment', 'payment_id', { customer_id, amount: say.money_received as string });
    const { invoice_id } = rowWith(await ask('list_open_invoices'), 'invoices', { customer_name: say.late_customer as string }) as { invoice_id: string };
    expect(await attempt('allocate_payment', { payment_id, invoice_id })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('two customers') });
  });
});
