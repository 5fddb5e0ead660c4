import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('invoicing');

const CUSTOMER = [out('find_customer', '/customer_id')];
const ITEM = [out('find_item', '/item_code')];
const DRAFT = [out('draft_invoice', '/draft_id')];
const INVOICE = [out('issue_invoice', '/invoice_id'), out('list_open_invoices', '/invoices/*/invoice_id')];
const POSTINGS = ['issue_invoice', 'send_reminder', 'issue_credit_note', 'book_payment', 'allocate_payment', 'close_posting_period'];

/** What the bookkeeping tools need of each other. A seed brings a payment along that has to be allocated before the month is closed. */
export const INVOICING_EDGES: readonly TrueGroup[] = [
  ...['draft_invoice', 'book_payment'].map((tool) => data(tool, '/customer_id', CUSTOMER)),
  data('set_billing_parent', '/branch_customer', CUSTOMER),
  data('set_billing_parent', '/parent_customer', CUSTOMER),
  data('find_tax_code', '/draft_id', DRAFT),
  data('find_tax_code', '/item_code', ITEM),
  data('add_line', '/item_code', ITEM),
  data('add_line', '/draft_id', DRAFT),
  data('add_line', '/tax_code', [out('find_tax_code', '/tax_code')]),
  data('remove_line', '/line_id', [out('add_line', '/line_id')]),
  data('issue_invoice', '/draft_id', DRAFT),
  ...['extend_due_date', 'issue_credit_note', 'allocate_payment'].map((tool) => data(tool, '/invoice_id', INVOICE)),
  // An invoice issued today is never overdue.
  data('send_reminder', '/invoice_id', [out('list_open_invoices', '/invoices/*/invoice_id')]),
  data('allocate_payment', '/payment_id', [out('book_payment', '/payment_id'), out('list_unallocated_payments', '/payments/*/payment_id')]),
  ...POSTINGS.map((tool) => state(tool, 'open_posting_period')),
  state('issue_invoice', 'add_line'),
  state('close_posting_period', 'allocate_payment'),
  data('find_customer', '/customer_name', [out('list_open_invoices', '/invoices/*/customer_name'), out('list_unallocated_payments', '/payments/*/customer_name')], 'optional'),
];
